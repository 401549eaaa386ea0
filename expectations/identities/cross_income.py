"""T1, T2 and T4 on the income side: the same revenue in three tables."""

from __future__ import annotations

from expectations.model import Check, Identity, Needs, Relation, Severity, Term
from expectations.vocabulary import (
    BUDGET_TITLES,
    BUDGETS,
    CAPITAL,
    FUND,
    GENERAL,
    ONE_APPROPRIATION,
    OTHER_REVENUE,
    T1,
    T2,
    T4,
    THREE_BUDGETS,
    each,
)

FAMILY = "表间关系：收入"

IDENTITIES = (
    Identity(
        "X12-01",
        FAMILY,
        Severity.ERROR,
        "总表本年收入合计 = 收入决算表合计",
        "{T1}本年收入合计为{stated}，{T2}合计为{expected}，相差{difference}。",
        (Check((Term(T1, "current_year_income_total"),), (Term(T2, "total", "total"),)),),
    ),
    Identity(
        "X12-02",
        FAMILY,
        Severity.ERROR,
        "总表三本预算财政拨款收入之和 = 收入决算表财政拨款收入",
        "{T1}三本预算财政拨款收入之和为{stated}，{T2}财政拨款收入合计为{expected}，相差{difference}。",
        (
            Check(
                (Term(T1, GENERAL), *each(T1, (FUND, CAPITAL))),
                (Term(T2, "total", "fiscal_appropriation"),),
                when=(THREE_BUDGETS,),
            ),
            Check(
                (Term(T1, "fiscal_appropriation_income"),),
                (Term(T2, "total", "fiscal_appropriation"),),
                key="one_appropriation",
                when=(ONE_APPROPRIATION,),
            ),
        ),
    ),
    Identity(
        "X12-03",
        FAMILY,
        Severity.ERROR,
        "总表上级补助、事业、经营、附属单位上缴、其他收入 = 收入决算表相应栏",
        "{T1}{what}为{stated}，{T2}{what}合计为{expected}，相差{difference}。",
        tuple(
            Check(
                (Term(T1, line, needs=Needs.COLUMN),),
                (Term(T2, "total", measure, Needs.FORM),),
                key=measure,
                title=title,
            )
            for measure, (line, title) in OTHER_REVENUE.items()
        ),
    ),
    Identity(
        "X14-01",
        "表间关系：收入",
        Severity.ERROR,
        "总表三本预算财政拨款收入 = 财政拨款总表相应收入",
        "{T1}{what}收入为{stated}，{T4}{what}为{expected}，相差{difference}。",
        tuple(
            Check(
                (Term(T1, line, needs=Needs.COLUMN),),
                (Term(T4, line, needs=Needs.COLUMN),),
                key=pool,
                title=BUDGET_TITLES[pool],
                when=(THREE_BUDGETS,),
            )
            for pool, line in BUDGETS.items()
        ),
    ),
    Identity(
        "X24-01",
        FAMILY,
        Severity.ERROR,
        "收入决算表财政拨款收入合计 = 财政拨款总表本年收入合计",
        "{T2}财政拨款收入合计为{stated}，{T4}本年收入合计为{expected}，相差{difference}。",
        (Check((Term(T2, "total", "fiscal_appropriation"),), (Term(T4, "current_year_income_total"),)),),
    ),
    Identity(
        "X14-03",
        "表间关系：结转和结余",
        Severity.WARNING,
        "总表年初、年末结转和结余 ≥ 财政拨款总表年初、年末结转和结余",
        "{T1}{what}结转和结余为{stated}，小于{T4}{what}财政拨款结转和结余{expected}，少{difference}。",
        (
            Check(
                (Term(T1, "opening_carryover"),),
                (Term(T4, "opening_fiscal_carryover"),),
                key="opening",
                title="年初",
                relation=Relation.AT_LEAST,
            ),
            Check(
                (Term(T1, "closing_carryover"),),
                (Term(T4, "closing_fiscal_carryover", "total"),),
                key="closing",
                title="年末",
                relation=Relation.AT_LEAST,
            ),
        ),
    ),
)
