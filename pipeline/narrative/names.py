"""What prose calls the lines of each topic, subject codes aside. Values only.

Names are folded (half-width brackets, no quotes) and written without what sentences add before them (the unit, the
year) and behind them (支出, 决算数, 金额). Names that say nothing by themselves (合计, 其他) are not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GENERAL = ("一般公共预算财政拨款", "一般公共预算", "一般公共预算拨款", "公共财政预算财政拨款",
            "一般公共财政预算财政拨款",
            "一般公共财政预算拨款", "公共预算财政拨款")  # fmt: skip
_FUND = ("政府性基金预算财政拨款", "政府性基金预算", "政府性基金", "政府性基金财政拨款", "政府性基金预算拨款",
         "基金预算财政拨款")  # fmt: skip
_CAPITAL = ("国有资本经营预算财政拨款", "国有资本经营预算", "国有资本经营财政拨款", "国有资本经营预算拨款",
            "国有资本经营", "国有资本预算财政拨款")  # fmt: skip


def _with(stems: Iterable[str], *endings: str) -> tuple[str, ...]:
    return tuple(f"{stem}{ending}" for stem in stems for ending in endings)


def _pairs(one: str, other: str, endings: Iterable[str], before: Iterable[str] = ("",)) -> tuple[str, ...]:
    """What is said of two sides as one: 收、支总计, 收入支出总计, 收入总计和支出总计."""
    joints = ("", "、", "和", "及", "与")
    return tuple(
        name
        for front in before
        for ending in endings
        for joint in joints
        for name in (
            f"{front}{one[0]}{joint}{other[0]}{ending}",
            f"{front}{one}{joint}{other}{ending}",
            f"{front}{one}{ending}{joint}{front}{other}{ending}",
            f"{front}{one}{ending}{joint}{other}{ending}",
        )
    )


_TOTALS = ("总计", "总额", "总决算", "总", "总数", "总规模", "总量", "决算总计", "决算总额", "规模", "合计", "总收支")

_SOURCES: Mapping[str, tuple[str, ...]] = {
    "superior_subsidy": ("上级补助收入", "上级补助"),
    "institution_income": ("事业收入", "事业收入(含教育收费)"),
    "education_fees": ("教育收费", "教育收费收入"),
    "operating_income": ("经营收入", "事业单位经营收入", "经营性收入"),
    "affiliate_remittance": ("附属单位上缴收入", "附属单位上交收入", "附属单位缴款", "下级单位上缴收入"),
    "other_income": ("其他收入", "其它收入"),
}
_NATURES: Mapping[str, tuple[str, ...]] = {
    "basic": ("基本支出", "基本"),
    "project": ("项目支出", "项目"),
    "payment_to_superior": ("上缴上级支出", "上交上级支出"),
    "operating": ("经营支出", "经营性支出", "事业单位经营支出"),
    "affiliate_subsidy": ("对附属单位补助支出", "对附属单位补助", "对附属单位的补助支出", "附属单位补助支出"),
}
_PARTS_OF_BASIC: Mapping[str, tuple[str, ...]] = {
    "basic_personnel": ("人员经费", "人员支出"),
    "basic_public": ("公用经费", "日常公用经费", "公用支出", "日常公用支出"),
}
_YEARS_INCOME = ("本年收入", "本年收入合计", "收入合计", "当年收入", "当年收入合计", "收入决算合计", "本年收入决算合计")
_YEARS_EXPENDITURE = ("本年支出", "本年支出合计", "支出合计", "当年支出", "当年支出合计",
                      "支出决算合计", "本年支出决算合计")  # fmt: skip
_FISCAL_TOTALS = _pairs("收入", "支出", _TOTALS, ("财政拨款", "财政拨款本年", ""))
_GENERAL_TOTALS = (
    "财政拨款支出", "一般公共预算财政拨款本年支出", "财政拨款支出合计", "一般公共预算财政拨款支出合计",
    "一般公共预算本年支出", "本年一般公共预算财政拨款支出", "财政拨款本年支出", "一般公共预算支出合计",
    "一般公共预算财政拨款总支出", "各项支出", *_with(_GENERAL, "支出"),
)  # fmt: skip


def _flow(stems: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The fund budget and that of state capital: what came in, went out and was carried over."""
    carried = ("结转和结余", "结转结余", "结转")
    return {
        "income": (*_with(stems, "收入", "本年收入", "收入合计"), "本年收入", "本年收入合计"),
        "total": (*_with(stems, "支出", "本年支出", "支出合计", "安排的支出"), "本年支出", "本年支出合计"),
        "opening": (*_with(("年初", "上年", *_with(stems, "年初", "上年")), *carried),),
        "closing": (*_with(("年末", "年终", *_with(stems, "年末")), *carried),),
        "basic": (*_NATURES["basic"], *_with(stems, "基本支出")),
        "project": (*_NATURES["project"], *_with(stems, "项目支出")),
    }


_ABROAD = ("因公出国(境)", "因公出国", "出国(境)", "因公出国境", "出国(境)经费")
_CARS = ("公务用车购置及运行维护", "公务用车购置及运行", "公务用车购置和运行维护", "公务用车购置和运行",
         "公车购置及运行维护", "公车购置及运行", "公务用车购置及维护", "公务用车购置费及运行维护",
         "公务用车购置、运行维护",
         "公务车购置及运行", "公务车购置及运行维护", "公务用车购置与运行维护", "公务用车购置费和运行维护")  # fmt: skip
_CARS_RUN = ("公务用车运行维护", "公务用车运行", "公车运行维护", "公车运行", "公务用车运行及维护", "公务用车维护",
             "公务车运行维护", "公务用车日常运行维护", "车辆运行维护")  # fmt: skip

NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "told_totals": {
        "grand_total": (*_pairs("收入", "支出", (*_TOTALS, "")), "收入、支出决算总计", "收支"),
        "income_total": ("收入总计", "总收入", "收入总额", "收入决算总计", "收入决算总额"),
        "expenditure_total": ("支出总计", "总支出", "支出总额", "支出决算总计", "支出决算总额"),
        "current_year_income_total": _YEARS_INCOME,
        "current_year_expenditure_total": _YEARS_EXPENDITURE,
        "fiscal_appropriation_income": ("财政拨款收入",),
        "general_public_budget": _with(_GENERAL, "收入", ""),
        "government_fund_budget": _with(_FUND, "收入", ""),
        "state_capital_budget": _with(_CAPITAL, "收入", ""),
        "basic": ("基本支出",),
        "project": ("项目支出",),
        "nature_payment_to_superior": _NATURES["payment_to_superior"],
        "nature_operating": _NATURES["operating"],
        "nature_affiliate_subsidy": _NATURES["affiliate_subsidy"],
        "opening_carryover": ("年初结转和结余资金", "上年结转和结余资金", "年初结转结余资金"),
        "use_of_nonfiscal_surplus": ("使用非财政拨款结余(含专用结余)", "用事业基金弥补收支差额"),
    },
    "told_income": {
        "total": (*_YEARS_INCOME, "总收入", "收入总计"),
        "fiscal_appropriation": ("财政拨款收入", "财政拨款"),
        "appropriation_general": _with(_GENERAL, "收入", ""),
        "appropriation_fund": _with(_FUND, "收入", ""),
        "appropriation_capital": _with(_CAPITAL, "收入", ""),
        **_SOURCES,
    },
    "told_expenditure": {
        "total": (*_YEARS_EXPENDITURE, "总支出", "支出总计", "各项支出"), **_NATURES, **_PARTS_OF_BASIC,
    },
    "told_fiscal": {
        "grand_total": (*_FISCAL_TOTALS, "财政拨款收入、支出决算总计", "财政拨款收支"),
        "income_total": ("财政拨款收入总计", "财政拨款总收入", "收入总计", "总收入"),
        "expenditure_total": ("财政拨款支出总计", "财政拨款总支出", "支出总计", "总支出"),
        "current_year_income_total": (
            *_YEARS_INCOME, "财政拨款收入", "财政拨款收入合计", "财政拨款本年收入", "本年财政拨款收入",
            "本年财政拨款收入合计", "财政拨款本年收入合计",
        ),
        "current_year_expenditure_total": (
            *_YEARS_EXPENDITURE, "财政拨款支出", "财政拨款支出合计", "财政拨款本年支出", "本年财政拨款支出",
            "本年财政拨款支出合计", "财政拨款本年支出合计",
        ),
        "general_public_budget": (*_with(_GENERAL, "收入"), "一般公共预算财政拨款本年收入"),
        "government_fund_budget": _with(_FUND, "收入", "本年收入"),
        "state_capital_budget": _with(_CAPITAL, "收入", "本年收入"),
        "expenditure_general": (*_with(_GENERAL, "支出"), "一般公共预算财政拨款本年支出"),
        "expenditure_fund": _with(_FUND, "支出", "本年支出"),
        "expenditure_capital": _with(_CAPITAL, "支出", "本年支出"),
        "opening_fiscal_carryover": _with(
            ("年初财政拨款", "上年财政拨款", "财政拨款年初", "财政拨款上年", "年初", "上年"), "结转和结余",
             "结转结余", "结转",
        ),
        "closing_fiscal_carryover": _with(
            ("年末财政拨款", "财政拨款年末", "年末", "年终"), "结转和结余", "结转结余", "结转",
        ),
    },
    "told_general": {"total": _GENERAL_TOTALS, **{key: (*_NATURES[key], *_with(_GENERAL, f"{_NATURES[key][0]}"))
                     for key in ("basic", "project")}, **_PARTS_OF_BASIC},
    "told_basic": {
        "total": ("基本支出", "财政拨款基本支出", "基本支出合计", "日常支出", *_with(_GENERAL, "基本支出")),
        "personnel_total": ("人员经费", "人员支出", "人员经费合计"),
        "public_total": ("公用经费", "日常公用经费", "公用支出", "日常公用支出", "公用经费合计"),
    },
    "told_three_public": {
        "total": (
            "三公经费", "三公经费财政拨款", "财政拨款三公经费", "三公", "一般公共预算财政拨款三公经费", "三公经费总",
            "一般公共预算三公经费", "三公经费合计", "三公经费财政拨款支出", "三公经费一般公共预算财政拨款",
            "财政拨款安排的三公经费", "一般公共预算财政拨款安排的三公经费",
        ),
        "abroad": _with(_ABROAD, "费", "费用", "经费", ""),
        "vehicle": _with(_CARS, "费", "费用", "经费", ""),
        "vehicle_purchase": (
            "公务用车购置费", "公务用车更新购置费", "公务用车购置", "公车购置费", "车辆购置费", "公务用车购置费用",
            "购置公务用车", "公务用车购置经费", "购置费",
        ),
        "vehicle_operation": (*_with(_CARS_RUN, "费", "费用", "经费", ""), "运行维护费", "运行费", "维护费"),
        "reception": ("公务接待费", "公务接待", "接待费", "公务接待费用", "公务接待经费"),
        "reception_domestic": ("国内接待费", "国内公务接待费", "国内公务接待", "国内接待"),
        "reception_foreign_affairs": ("外事接待费", "外事接待", "外宾接待", "外宾接待费"),
        "reception_abroad": ("国(境)外接待费", "国(境)外公务接待费", "国(境)外公务接待", "国(境)外接待"),
        "meeting": ("会议费",),
        "training": ("培训费",),
    },
    "told_fund": _flow(_FUND),
    "told_capital": _flow(_CAPITAL),
    "told_operation": {"total": ("机关运行经费", "机关运行费", "部门机关运行经费", "机关运行经费财政拨款")},
    "told_procurement": {
        "total": ("政府采购支出总额", "政府采购总额", "政府采购支出", "政府采购金额", "政府采购", "采购支出总额",
                  "采购总额",
                  "政府采购支出合计", "政府采购支出金额", "政府采购总金额"),
        **{
            key: tuple(
                f"{front}{name}{end}"
                for front in ("政府采购", "采购", "政府", "")
                for name in (f"{word}采购", f"{word}类采购", f"{word}", f"{word}类")
                for end in ("支出", "金额", "支出金额", "", "总额", "预算")
                if len(f"{front}{name}{end}") > 1
            )
            for key, word in (("goods", "货物"), ("works", "工程"), ("services", "服务"))
        },
        "small_medium": _with(("授予中小企业", "授予中小微企业", "其中授予中小企业", "面向中小企业"), "合同金额",
                               "的合同金额",
                              "合同", "采购金额", "合同总额"),
        "small": _with(("授予小微企业", "授予小型微型企业", "授予小型、微型企业", "面向小微企业"), "合同金额",
                        "的合同金额",
                       "合同", "采购金额", "合同总额"),
        **{
            f"{key}_small_medium": _with(
                (f"{word}采购授予中小企业", f"{word}类采购授予中小企业", f"授予中小企业{word}采购",
                f"{word}授予中小企业",
                 f"政府采购{word}授予中小企业"), "合同金额", "合同", "的合同金额", "金额",
            )
            for key, word in (("goods", "货物"), ("works", "工程"), ("services", "服务"))
        },
        "reserved_small_medium": _with(("面向中小企业预留", "面向中小企业预留的"), "政府采购项目", "采购项目",
                                        "政府采购"),
        "reserved_small": _with(("面向小微企业预留", "面向小微企业预留的"), "政府采购项目", "采购项目", "政府采购"),
    },
}  # fmt: skip
"""Names of lines, by topic."""
