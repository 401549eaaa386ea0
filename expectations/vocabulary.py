"""Short names for the forms and for sums that several identities speak of.

The notes of the profession call the nine tables T1 to T6, TF, TS and TG, the sections of prose about them N1 to NE;
the declarations do too. A name belongs
here when two modules of `expectations.identities` need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.model import Condition, Needs, Term
from pipeline.narrative.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from expectations.model import LineRule

T1 = "income_expenditure"
T2 = "income"
T3 = "expenditure"
T4 = "fiscal_appropriation"
T5 = "general_budget"
T6 = "basic_expenditure"
TF = "government_fund"
TS = "state_capital"
TG = "three_public"

N1, N2, N3, N4, N5, N6, N7, NF, NS, NO, NP, NA, NE = TOPICS
PF = "performance"
"""The sections of the narrative, in their order, and the self-evaluation forms."""

TABLES = {"T1": T1, "T2": T2, "T3": T3, "T4": T4, "T5": T5, "T6": T6, "TF": TF, "TS": TS, "TG": TG}
SHORT = TABLES | {topic.short: topic.key for topic in TOPICS.values()} | {"PF": PF}

GENERAL, FUND, CAPITAL = "general_public_budget", "government_fund_budget", "state_capital_budget"
BUDGETS = {"general": GENERAL, "fund": FUND, "capital": CAPITAL}
"""The three budgets: the measure of T4's right side and the revenue line of T1 and T4."""

BUDGET_TITLES = {
    "general": "一般公共预算财政拨款",
    "fund": "政府性基金预算财政拨款",
    "capital": "国有资本经营预算财政拨款",
}

OTHER_REVENUE = {
    "superior_subsidy": ("superior_subsidy_income", "上级补助收入"),
    "institution_income": ("institution_income", "事业收入"),
    "operating_income": ("operating_income", "经营收入"),
    "affiliate_remittance": ("affiliate_remittance_income", "附属单位上缴收入"),
    "other_income": ("other_income", "其他收入"),
}
"""Revenue that is not fiscal appropriation: the measure of T2, the line of T1 and the Chinese name."""

CLASS, GROUP, ITEM = 1, 2, 3
"""The levels 类, 款, 项 of a subject code."""


def each(
    form: str, lines: Iterable[LineRule], measure: str = "amount", needs: Needs = Needs.COLUMN
) -> tuple[Term, ...]:
    """One term for each of several lines of one column."""
    return tuple(Term(form, line, measure, needs) for line in lines)


def less(form: str, line: LineRule, measure: str = "amount", needs: Needs = Needs.CELL) -> Term:
    """A term that is subtracted."""
    return Term(form, line, measure, needs, coefficient=-1)


NO_OTHER_MONEY = Condition(
    "no_other_money",
    (
        *((Term(T1, line, needs=Needs.COLUMN),) for line, _ in OTHER_REVENUE.values()),
        (Term(T1, "use_of_nonfiscal_surplus", needs=Needs.COLUMN),),
        (Term(T1, "opening_carryover"), less(T4, "opening_fiscal_carryover")),
    ),
)
"""The unit had nothing but fiscal appropriation in the year: no other revenue, surplus or opening carry-over."""

THREE_BUDGETS = Condition("three_budgets", ((Term(T1, "fiscal_appropriation_income", needs=Needs.COLUMN),),))
"""T1 lists the three budgets, not 财政拨款收入 as one line: until 2018 it did, with the fund budget as a part of it."""

ONE_APPROPRIATION = Condition("one_appropriation", tuple(each(T1, (line,)) for line in BUDGETS.values()))
"""T1 lists 财政拨款收入 as one line and none of the three budgets beside it."""

FUND_TABLES_COMPLETE = Condition(
    "fund_tables_complete",
    tuple(
        (
            Term(T4, "current_year_expenditure_total", pool, Needs.FORM),
            less(form, "total", "total", Needs.NOTHING),
        )
        for pool, form in (("fund", TF), ("capital", TS))
    ),
)
"""TF and TS hold all that T4 says was spent from these budgets; so a table that is missing would have been empty."""
