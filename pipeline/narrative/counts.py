"""Which line a number is about where the subject's name does not stand before it: counts, scores, sums by activity.

A count is a claim only where a rule says of what: by its counter and the words around it. `NOT_OURS` is for things that
no topic speaks of (subordinate units), which are no amounts of the report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NOT_OURS = "-"
IN_FORCE = "@"
"""As a rule's line: the subject in force."""


@dataclass(frozen=True, slots=True)
class CountRule:
    """`line` is what is counted with one of `counters` where `before` is found since the last full stop or semicolon.

    `near` must be found since the last punctuation or number, `after` begins behind the number; all are regular
    expressions, empty for no condition. `subjects` are lines of which one must be the subject in force. A line that
    ends with ":" is followed by the first group of `near`, as printed.
    """

    line: str
    counters: tuple[str, ...]
    near: str = ""
    before: str = ""
    after: str = ""
    subjects: tuple[str, ...] = ()
    measure: str = "count"


_PEOPLE = ("人次", "人", "名", "次")
_BATCHES = ("批次", "批", "个", "次")
_GROUPS = ("个", "个团组", "批", "批次", "次", "组")
_HOSTS = (
    ("abroad", r"国\(境\)外(?:公务)?接待|外宾|国外来访|(?<!其中)(?<!其中[:,，])外事"),
    ("affairs", r"其中[:,，]?外事"),
    ("domestic", r"国内"),
)
_NOBODY = r"单位|部门|机构"


def _reception() -> tuple[CountRule, ...]:
    rules: list[CountRule] = []
    lines = {"abroad": "reception_foreign", "affairs": "reception_affairs", "domestic": "reception_domestic"}
    others = "国\\(境\\)外|外事|外宾|国外|国内"
    for key, word in _HOSTS:
        here = rf"(?:{word})(?!.*(?:{others}))"
        rules += [
            CountRule(f"{lines[key]}_people", _PEOPLE, near=r"人次|人数|外宾", before=here),
            CountRule(f"{lines[key]}_people", ("人次", "人", "名"), before=here),
            CountRule(f"{lines[key]}_batches", (*_BATCHES, "组"), before=here),
        ]
    return (
        *rules,
        CountRule("reception_people", ("人次", "人", "名"), before="接待", subjects=()),
        CountRule("reception_people", _PEOPLE, near="人次|人数", before="接待"),
        CountRule("reception_people", ("人次", "人"), subjects=("reception",)),
        CountRule("reception_batches", _BATCHES, before="接待"),
        CountRule("reception_batches", _BATCHES, near="批次", subjects=("reception",)),
        CountRule("reception_batches", ("批次", "批"), subjects=("reception",)),
    )


_MONEY = ("万元", "元", "亿元")
_GRADE = r"(优秀|优|良好|良|不合格|基本合格|合格|中|较差|差)"
_ACTIVITIES = (
    ("_target", r"编报绩效目标|编制绩效目标|申报绩效目标|填报绩效目标"),
    ("_tracked", r"跟踪评价|绩效跟踪|绩效监控|运行监控"),
    ("_reviewed", r"部门评价|重点(?:绩效)?评价|重点项目评价|第三方|财政评价"),
    ("department", r"整体支出(?:绩效)?(?:自评|评价)?"),
    ("", r"自评"),
)
_ANY_ACTIVITY = "|".join(word for _, word in _ACTIVITIES)
_PROJECTS = ("个", "项")


def _performance() -> Iterator[CountRule]:
    """Projects and sums, by what is done with them: the activity named last, or else the one named behind."""
    for line, word in _ACTIVITIES:
        here = rf"(?:{word})(?!.*(?:{_ANY_ACTIVITY}))"
        amount = line if line == "department" else f"amount{line}"
        if line != "department":
            yield CountRule(f"projects{line}", _PROJECTS, near=rf"(?:{word})[^，。;]*项目", before=here)
            yield CountRule(f"projects{line}", _PROJECTS, after=rf"[^，。;]{{0,30}}?项目[^，。;]{{0,30}}?(?:{word})")
        for budget, name in (("_fund", "政府性基金"), ("_capital", "国有资本经营"), ("", "")):
            yield CountRule(
                f"{amount}{budget}", _MONEY, near=rf"{name}.*(?:支出|资金|金额)" if name else "涉及|资金|支出",
                before=here, measure="final",
            )  # fmt: skip


_RESERVED = (
    ("reserved_small_medium", r"面向中小企业预留.*(?:中标|成交)"),
    ("reserved_small", r"面向小微企业预留.*(?:中标|成交)"),
    ("unreserved_small_medium", r"其他政府采购项目.*中小企业.*(?:中标|成交)"),
    ("unreserved_small", r"其他政府采购项目.*小微企业.*(?:中标|成交)"),
)
_KIND = r"^(?:其中)?[:,，]?"

RULES: Mapping[str, tuple[CountRule, ...]] = {
    "told_three_public": (
        CountRule(NOT_OURS, ("个", "家"), after=_NOBODY),
        CountRule("abroad_groups_joined", _GROUPS, near=r"参加.*团组"),
        CountRule("abroad_groups", _GROUPS, near=r"团组(?:数|个数)?(?:共计|合计|总计|累计)"),
        CountRule("abroad_groups_own", _GROUPS, near=r"(?:安排|组织).*团组", after=r".*团组(?:共计|合计|总计|累计)"),
        CountRule("abroad_groups", _GROUPS, near=r"(?<!来访)团组", before=r"出国|出境|团组"),
        CountRule("abroad_groups", ("个", "批"), before=r"出国|出境", after=r"(?:因公)?(?:出国|出境)?(?:\(境\))?团"),
        CountRule("abroad_people", _PEOPLE, before=r"出国|出境|(?<!来访)团组(?!.*接待)"),
        CountRule("abroad_groups", ("个团组", "团组"), before=r"^(?!.*来访)"),
        CountRule("abroad_people", _PEOPLE, before=r"^(?!.*接待)", subjects=("abroad",)),
        CountRule("vehicles_bought", ("辆", "台"), near=r"购置|购入|新购|更新|购买"),
        CountRule("vehicles_held", ("辆", "台"), near=r"保有|拥有|共有|实有"),
        CountRule("vehicles_bought", ("辆", "台"), near=r"^[^车]*$", subjects=("vehicle_purchase",)),
        CountRule("vehicles_held", ("辆", "台"), before="保有"),
        *_reception(),
    ),
    "told_assets": (
        CountRule(
            "vehicles", ("辆", "台"),
            near=r"(?:共有|拥有|保有|实有|共|有)(?:公务|机动)?(?:用车|车辆)(?:保有量|数量?)?(?:合计|共计|共|总计|为|:)?$",
        ),
        CountRule(
            "vehicles", ("辆", "台"),  # 其他按照规定配备的公务用车 is a kind
            near=r"(?:^|[共有位门级])(?:公务用车|车辆)(?:保有量|总数|数量?)?(?:合计|共计|总计|共有|共|有)?(?:为|是|:)?$",
        ),
        CountRule(NOT_OURS, ("辆", "台", "台(套)", "套"), near="购置|新增|更新|报废|处置|减少|增加"),
        CountRule("vehicles", ("辆",), near=r"(?:共有|拥有|保有|共计)$", after="(?:公务|机动)?(?:用车|车辆)"),
        CountRule("vehicle:", ("辆", "台"), near=rf"{_KIND}([^:]*车)(?:为)?$"),
        CountRule("equipment:", ("台(套)", "台", "套", "台套",
                  "台/套"), near=rf"{_KIND}([^:]*以上[^:]*?)(?:为|共|有)?$"),
    ),
    "told_procurement": tuple(
        CountRule(line, _MONEY, before=word, measure="final") for line, word in _RESERVED
    ),
    "told_performance": (
        CountRule(NOT_OURS, ("个", "家"), after=rf"{_NOBODY}|省|市|县|区"),
        CountRule(NOT_OURS, ("个", "家"), near="下属单位|所属单位"),
        CountRule("agencies", ("个", "家"), after="第三方"),
        CountRule("projects_first", _PROJECTS, near="一级项目(?:共|为|有|:)*$"),
        CountRule("projects_second", _PROJECTS, near="二级项目(?:共|为|有|:)*$"),
        CountRule("projects_first", _PROJECTS, after="一级项目"),
        CountRule("projects_second", _PROJECTS, after="二级项目"),
        CountRule("problems_open", _PROJECTS, near="正在整改|尚未整改|未完成整改"),
        CountRule("problems_fixed", _PROJECTS, near="完成整改|已整改"),
        CountRule("problems", _PROJECTS, near="发现问题|发现的问题"),
        CountRule(
            "grade:", _PROJECTS,
            near=rf"(?:评[级价为定]|等[级次]|结[论果])[^，。;]{{0,4}}?{_GRADE}(?:的|等次|等级|级)*(?:项目)?(?:有|共|为)?$",
        ),
        CountRule("grade:", _PROJECTS, near=rf"{_GRADE}(?:的|等次的?|等级的?|级)(?:项目)?(?:有|共|为)?$", before="评"),
        CountRule("projects_fund", _PROJECTS, after=r"政府性基金(?:预算)?(?:财政拨款)?项目"),
        CountRule("projects_capital", _PROJECTS, after=r"国有资本经营预算(?:财政拨款)?项目"),
        CountRule("amount_fund", _MONEY, near="资金", before=r"个政府性基金(?:预算)?(?:拨款)?项目", measure="final"),
        CountRule("amount_capital", _MONEY, near="资金", before=r"个国有资本经营预算(?:拨款)?项目", measure="final"),
        CountRule("projects_shown", _PROJECTS, before="反映|公开", after=r"项目[^，。;]{0,12}结果"),
        *_performance(),
        CountRule("projects", _PROJECTS, near="涉及(?:预算|支出)?项目", before="自评"),
        CountRule("amount", _MONEY, near="涉及|资金", measure="final"),
        CountRule("projects", ("分",), near="平均", measure="score"),
        CountRule(IN_FORCE, ("分",), near="得分|评分|分数|自评|综合|总分", measure="score"),
    ),
}  # fmt: skip


ITEMS_OF_COUNTS = {
    "abroad_groups": "abroad",
    "abroad_people": "abroad",
    "vehicles_bought": "vehicle_purchase",
    "vehicles_held": "vehicle_operation",
    "reception_batches": "reception",
    "reception_people": "reception",
}
"""What money is spoken of after a count."""


class Around(NamedTuple):
    """The text around a number: since the last punctuation or number, since the last stop, and behind it."""

    near: str
    before: str
    after: str


def rule_of(topic: str, counter: str, around: Around, subject: str) -> tuple[CountRule, tuple[int, int]] | None:
    """The rule of a topic that fits a number, and where in `near` its group stands; None if none fits.

    `subject` is the line in force.
    """
    for rule in RULES.get(topic, ()):
        if counter not in rule.counters or (rule.subjects and subject not in rule.subjects):
            continue
        found = re.search(rule.near, around.near)
        if found and re.search(rule.before, around.before) and re.match(rule.after, around.after):
            return rule, found.span(1) if rule.line.endswith(":") else (0, 0)
    return None
