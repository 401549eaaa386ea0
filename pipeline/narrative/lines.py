"""What prose calls the lines of each topic, and what else it presupposes of them.

The names themselves stand in `pipeline.narrative.names`; those of the table and of the classes are added here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from pipeline.forms.shared import CLASSES
from pipeline.lift.vocabulary import names_of
from pipeline.narrative.names import NAMES
from pipeline.wording import bare

if TYPE_CHECKING:
    from collections.abc import Mapping

Names = dict[str, str]
"""Lines by name."""

_CLASS_NAMES = {code: (line.title, *line.names) for line in CLASSES for code in [line.key]}


def classes() -> Names:
    """The functional classes as sentences print them: with 支出, with (类), or both, in either order."""
    found: Names = {}
    for code, names in _CLASS_NAMES.items():
        for name in map(bare, names):
            stem = name.removesuffix("支出")
            full = (f"{stem}支出",) if len(stem) > 2 or stem in {"教育", "外交", "国防", "金融", "其他"} else ()
            marked = (f"{stem}(类)", f"{stem}(类)支出", f"{stem}支出(类)", f"{stem}支出(类)支出", f"{stem}类",
            f"{stem}类支出",
                      f"{stem}支出类")  # fmt: skip
            for spelled in (*full, *marked, *((stem,) if len(stem) > 3 else ())):
                found.setdefault(spelled, code)
    return found


def _of_form(form: str, *skip: str) -> Names:
    """The lines of a statutory table by the names that the table itself may print."""
    vague = {"合计", "小计", "总计", "其他", "其它", "支出合计", "收入合计", "本年收入", "本年支出", *skip}
    found: Names = {}
    for name, lines in names_of(FORMS[form]).items():
        if len(lines) == 2 and {line.key.partition("_")[0] for line in lines} == {"opening", "closing"}:
            found[name] = f"_{lines[0].key.partition('_')[2]}"  # of which of the two, what stands before it says
        if len(lines) == 1 and not lines[0].key.isdecimal() and name not in vague and len(name) > 2:
            found[name] = lines[0].key
    return found


_FUNCTIONAL = frozenset({"told_totals", "told_income", "told_expenditure", "told_fiscal", "told_general", "told_fund",
                         "told_capital"})  # fmt: skip
_LIKE_THE_TABLE = {"told_totals": "income_expenditure"}


@cache
def names_of_topic(topic: str) -> Names:
    """The lines of a topic by every name that prose has for them, subject codes aside."""
    found: Names = dict(_of_form(_LIKE_THE_TABLE[topic])) if topic in _LIKE_THE_TABLE else {}
    if topic in _FUNCTIONAL:
        found |= classes()
    for line, names in NAMES.get(topic, {}).items():
        found |= dict.fromkeys(names, line)
    return found


TITLES = {
    "told_income": ("total", "收入"),
    "told_expenditure": ("total", "支出"),
}
"""What a topic's own heading is about where its name says no more: 收入决算情况说明."""

WHOLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "told_procurement": {
        "small_medium": ("政府采购支出总额", "政府采购总额", "政府采购支出", "政府采购金额", "支出总额", "采购总额"),
        "small": ("授予中小企业合同金额", "中小企业合同金额", "授予中小企业", "授予中小企业的合同金额"),
        "goods_small_medium": ("货物支出金额", "货物支出", "政府采购货物支出", "货物采购支出", "货物采购金额",
                               "货物采购支出金额"),
        "works_small_medium": ("工程支出金额", "工程支出", "政府采购工程支出", "工程采购支出", "工程采购金额",
                               "工程采购支出金额"),
        "services_small_medium": ("服务支出金额", "服务支出", "政府采购服务支出", "服务采购支出", "服务采购金额",
                                  "服务采购支出金额"),
    },
}  # fmt: skip
"""What a share is a share of where the measure `share` means just this whole; "" (not said) fits as well."""

TOTAL_WHOLES = frozenset(WHOLES["told_procurement"]["small_medium"])
"""The whole of the measure `share_of_total`."""

YEARLY = frozenset({"told_totals", "told_income", "told_expenditure", "told_fiscal"})
"""Topics that compare with last year only, whether they say so or not."""

FLOWS = frozenset({"opening", "income", "closing"})
"""Lines beside the expenditure of a budget that is told as a flow."""

_SIDES = {"收入": "income", "支出": "total"}
SIDES: Mapping[str, Mapping[str, str]] = {"told_fund": _SIDES, "told_capital": _SIDES}
"""What bare 收入 and 支出 are where one follows the other."""

LISTED: Mapping[str, frozenset[str]] = {
    "told_basic": frozenset(
        {"personnel_total", "public_total", "total", "basic", "301", "302", "303", "307", "310", "312", "399"}
    )
}
"""Lines behind which the items that they consist of are listed."""

COUNTED_BY = {
    "vehicle": "vehicle_operation",
    "vehicles_held": "vehicle_operation",
    "vehicles_bought": "vehicle_operation",
}
"""Of what an average is where it is told by the vehicle."""

OF_ALL_MONEY = frozenset({"told_totals", "told_income", "told_expenditure"})
"""Topics of all the unit's money: 财政拨款 before a name makes it another number, in all others it says nothing new."""

FILLERS = {"told_performance": "|该?项目|绩效|自评|综合|资金"}
"""What says nothing in a topic beside what says nothing anywhere."""
