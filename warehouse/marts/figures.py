"""The key figures of a report: which cell of which statutory table each of them is, and what it is called.

A figure is taken from the table that it belongs to, or else from the next of `sources` that prints the same.
"""

from __future__ import annotations

from dataclasses import dataclass

Source = tuple[str, str, str]
"""Form or topic, line, measure."""

_T1, _T2, _T3, _T4 = "income_expenditure", "income", "expenditure", "fiscal_appropriation"
_T5, _T6, _TF, _TS, _TG = "general_budget", "basic_expenditure", "government_fund", "state_capital", "three_public"


@dataclass(frozen=True, slots=True)
class Figure:
    """One column of mart.figure: `name`, what it is called and where it stands. Counts are whole numbers, no money."""

    name: str
    title: str
    sources: tuple[Source, ...]
    is_count: bool = False


def _three_public(name: str, title: str, line: str = "") -> tuple[Figure, Figure]:
    return (
        Figure(f"{name}_budget", f"{title}预算数", ((_TG, line or name, "budget"),)),
        Figure(name, f"{title}决算数", ((_TG, line or name, "final"),)),
    )


def _counted(name: str, title: str, *instead: str) -> Figure:
    return Figure(name, title, tuple(("told_three_public", line, "count") for line in (name, *instead)), is_count=True)


FIGURES = (
    Figure("income", "本年收入合计", ((_T1, "current_year_income_total", "amount"), (_T2, "total", "total"))),
    Figure("income_total", "收入总计", ((_T1, "income_total", "amount"),)),
    Figure(
        "appropriation",
        "财政拨款收入",
        (
            (_T4, "current_year_income_total", "amount"),
            (_T2, "total", "fiscal_appropriation"),
            (_T1, "fiscal_appropriation_income", "amount"),
        ),
    ),
    Figure(
        "superior_subsidy",
        "上级补助收入",
        ((_T1, "superior_subsidy_income", "amount"), (_T2, "total", "superior_subsidy")),
    ),
    Figure(
        "institution_income", "事业收入", ((_T1, "institution_income", "amount"), (_T2, "total", "institution_income"))
    ),
    Figure("operating_income", "经营收入", ((_T1, "operating_income", "amount"), (_T2, "total", "operating_income"))),
    Figure(
        "affiliate_remittance",
        "附属单位上缴收入",
        ((_T1, "affiliate_remittance_income", "amount"), (_T2, "total", "affiliate_remittance")),
    ),
    Figure("other_income", "其他收入", ((_T1, "other_income", "amount"), (_T2, "total", "other_income"))),
    Figure("expenditure", "本年支出合计", ((_T1, "current_year_expenditure_total", "amount"), (_T3, "total", "total"))),
    Figure("expenditure_total", "支出总计", ((_T1, "expenditure_total", "amount"),)),
    Figure("basic", "基本支出", ((_T3, "total", "basic"), (_T1, "nature_basic", "amount"))),
    Figure("project", "项目支出", ((_T3, "total", "project"), (_T1, "nature_project", "amount"))),
    Figure("fiscal_expenditure", "财政拨款支出", ((_T4, "current_year_expenditure_total", "total"),)),
    Figure(
        "general",
        "一般公共预算财政拨款支出",
        ((_T4, "current_year_expenditure_total", "general"), (_T5, "total", "total")),
    ),
    Figure(
        "fund", "政府性基金预算财政拨款支出", ((_T4, "current_year_expenditure_total", "fund"), (_TF, "total", "total"))
    ),
    Figure(
        "capital",
        "国有资本经营预算财政拨款支出",
        ((_T4, "current_year_expenditure_total", "capital"), (_TS, "total", "total")),
    ),
    Figure("opening", "年初结转和结余", ((_T1, "opening_carryover", "amount"),)),
    Figure("closing", "年末结转和结余", ((_T1, "closing_carryover", "amount"),)),
    Figure("surplus_used", "使用非财政拨款结余", ((_T1, "use_of_nonfiscal_surplus", "amount"),)),
    Figure("surplus_distributed", "结余分配", ((_T1, "surplus_distribution", "amount"),)),
    Figure("fiscal_opening", "年初财政拨款结转和结余", ((_T4, "opening_fiscal_carryover", "amount"),)),
    Figure("fiscal_closing", "年末财政拨款结转和结余", ((_T4, "closing_fiscal_carryover", "total"),)),
    *(
        Figure(
            f"{budget}_closing",
            f"年末{title}结转和结余",
            ((_T4, "closing_fiscal_carryover", budget), (_T4, f"closing_carryover_{budget}", "total")),
        )
        for budget, title in (("general", "一般公共预算"), ("fund", "政府性基金预算"), ("capital", "国有资本经营预算"))
    ),
    Figure("basic_general", "一般公共预算财政拨款基本支出", ((_T6, "total", "amount"),)),
    Figure("personnel", "人员经费", ((_T6, "personnel_total", "amount"), (_T6, "total", "personnel"))),
    Figure("public", "公用经费", ((_T6, "public_total", "amount"), (_T6, "total", "public"))),
    *_three_public("three_public", "“三公”经费", "total"),
    *_three_public("abroad", "因公出国（境）费"),
    *_three_public("vehicle", "公务用车购置及运行维护费"),
    *_three_public("vehicle_purchase", "公务用车购置费"),
    *_three_public("vehicle_operation", "公务用车运行维护费"),
    *_three_public("reception", "公务接待费"),
    Figure(
        "agency_operation", "机关运行经费", (("told_operation", "total", "final"), (_TG, "agency_operation", "final"))
    ),
    Figure("procurement", "政府采购支出", (("told_procurement", "total", "final"),)),
    _counted("abroad_groups", "因公出国（境）团组数"),
    _counted("abroad_people", "因公出国（境）人次"),
    _counted("vehicles_bought", "购置公务用车辆数"),
    _counted("vehicles_held", "公务用车保有量"),
    _counted("reception_batches", "公务接待批次", "reception_domestic_batches"),
    _counted("reception_people", "公务接待人次", "reception_domestic_people"),
    _counted("reception_foreign_batches", "外事接待批次"),
    _counted("reception_foreign_people", "外事接待人次"),
)
"""All key figures. Money is 元; what is not printed is NULL, and never 0."""


def ratio(part: str, whole: str, factor: int = 100) -> str:
    """One figure by another as SQL, to two decimals: in percent, or a mean with `factor` 1."""
    return f"round({factor} * ({part})::DOUBLE / nullif({whole}, 0)::DOUBLE, 2)::DECIMAL(18, 2)"


def growth(now: str, before: str) -> str:
    """By how many percent a figure is greater than another, as SQL."""
    return ratio(f"{now} - {before}", f"abs({before})")


HEADS = "coalesce(f.staff, f.posts)"
"""How many people a report's money is for: those who serve, or else the posts."""

MEASURED = {
    "expenditure": "f.expenditure",
    "basic": "f.basic",
    "project": "f.project",
    "personnel": "f.personnel",
    "public": "f.public",
    "three_public": "f.three_public",
    "closing": "f.closing",
    "expenditure_growth": growth("f.expenditure", "p.expenditure"),
    "three_public_growth": growth("f.three_public", "p.three_public"),
    "project_share": ratio("f.project", "f.expenditure"),
    "personnel_share": ratio("f.personnel", "f.basic_general"),
    "three_public_execution": ratio("f.three_public", "f.three_public_budget"),
    "closing_share": ratio("f.closing", "f.income_total"),
    "functional_other_share": ratio("f.functional_other", "f.expenditure"),
    "economic_other_share": ratio("f.economic_other", "f.basic_general"),
    "expenditure_per_head": ratio("f.expenditure", HEADS, 1),
    "basic_per_head": ratio("f.basic", HEADS, 1),
    "personnel_per_head": ratio("f.personnel", HEADS, 1),
    "public_per_head": ratio("f.public", HEADS, 1),
    "three_public_per_head": ratio("f.three_public", HEADS, 1),
}
"""What is compared between reports (mart.spread), as SQL of the figures `f` and of those of the year before, `p`."""

SUMMED = (
    "income", "appropriation", "expenditure", "basic", "project", "fiscal_expenditure", "general", "fund", "capital",
    "personnel", "public", "opening", "closing", "three_public_budget", "three_public", "abroad", "vehicle",
    "reception", "procurement",
)  # fmt: skip
"""The figures that are added up by department and region."""

PAGES = {
    "totals_page": (_T1, "收入支出决算总表"),
    "expenditure_page": (_T3, "支出决算表"),
    "fiscal_page": (_T4, "财政拨款收入支出决算总表"),
    "basic_page": (_T6, "一般公共预算财政拨款基本支出决算表"),
    "three_public_page": (_TG, "“三公”经费支出决算表"),
}
"""Columns that say on which page a table begins."""


def columns() -> str:
    """The figures as SQL aggregates of found(figure, place, amount)."""
    return ",\n    ".join(
        f"arg_min(f.amount, f.place) FILTER (f.figure = '{figure.name}'){'::INTEGER' if figure.is_count else ''} "
        f"AS {figure.name}"
        for figure in FIGURES
    )


def sources() -> str:
    """The cells of all figures as SQL rows (figure, place, form, line, measure)."""
    return ",\n    ".join(
        f"('{figure.name}', {place}, '{form}', '{line}', '{measure}')"
        for figure in FIGURES
        for place, (form, line, measure) in enumerate(figure.sources)
    )


def pages() -> str:
    """The pages as SQL aggregates of core.form_reading."""
    return ",\n    ".join(f"min(first_page) FILTER (form = '{form}') AS {name}" for name, (form, _) in PAGES.items())


def measured() -> str:
    """What is compared, as SQL columns."""
    return ",\n        ".join(f"({sql})::DOUBLE AS {name}" for name, sql in MEASURED.items())


def sums() -> str:
    """The sums of the figures over the reports that count, as SQL columns."""
    return ",\n    ".join(f"(sum(f.{name}) FILTER (r.counts))::DECIMAL(18, 4) AS {name}" for name in SUMMED)


def sums_of_sums() -> str:
    """The sums of department_total, as SQL columns."""
    counts = ("reports", "left_out", "extent_unknown", "compared_reports")
    money = (*SUMMED, "expenditure_compared", "expenditure_prior", "three_public_compared", "three_public_prior")
    columns = [f"sum({name})::INTEGER AS {name}" for name in counts[:3]]
    columns += [f"sum({name})::DECIMAL(18, 4) AS {name}" for name in SUMMED]
    columns.append("sum(compared_reports)::INTEGER AS compared_reports")
    columns += [f"sum({name})::DECIMAL(18, 4) AS {name}" for name in money[len(SUMMED) :]]
    return ",\n    ".join(columns)
