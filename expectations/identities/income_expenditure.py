"""T1 收入支出决算总表: its totals, its balance, and what may not be negative."""

from __future__ import annotations

from expectations.model import Check, Identity, Level, Needs, Relation, Severity, Term
from expectations.vocabulary import (
    BUDGETS,
    CLASS,
    GENERAL,
    ONE_APPROPRIATION,
    OTHER_REVENUE,
    T1,
    THREE_BUDGETS,
    each,
    less,
)

FAMILY = "收入支出决算总表"
_OPENING, _CLOSING = Term(T1, "opening_carryover"), Term(T1, "closing_carryover")
_INCOME, _EXPENDITURE = Term(T1, "current_year_income_total"), Term(T1, "current_year_expenditure_total")
_USED, _DISTRIBUTED = Term(T1, "use_of_nonfiscal_surplus", needs=Needs.COLUMN), Term(T1, "surplus_distribution", needs=Needs.COLUMN)  # fmt: skip # noqa: E501
_REVENUE = [line for line in (*BUDGETS.values(), *(line for line, _ in OTHER_REVENUE.values())) if line != GENERAL]

IDENTITIES = (
    Identity(
        "T1-01",
        FAMILY,
        Severity.ERROR,
        "本年收入合计 = 各项收入之和",
        "{T1}本年收入合计为{stated}，各项收入之和为{expected}，相差{difference}。",
        (
            Check((_INCOME,), (Term(T1, GENERAL), *each(T1, _REVENUE)), when=(THREE_BUDGETS,)),
            Check(
                (_INCOME,),
                (Term(T1, "fiscal_appropriation_income"), *each(T1, _REVENUE)),
                key="one_appropriation",
                when=(ONE_APPROPRIATION,),
            ),
        ),
    ),
    Identity(
        "T1-02",
        FAMILY,
        Severity.ERROR,
        "本年支出合计 = 各功能分类科目支出之和",
        "{T1}本年支出合计为{stated}，各功能分类科目支出之和为{expected}，相差{difference}。",
        (Check((_EXPENDITURE,), (Term(T1, Level(CLASS)),)),),
    ),
    Identity(
        "T1-03",
        FAMILY,
        Severity.ERROR,
        "收入总计 = 本年收入合计 + 使用非财政拨款结余（含专用结余） + 年初结转和结余",
        "{T1}收入总计为{stated}，本年收入合计、使用非财政拨款结余与年初结转和结余之和为{expected}，相差{difference}。",
        (Check((Term(T1, "income_total"),), (_INCOME, _USED, _OPENING)),),
    ),
    Identity(
        "T1-04",
        FAMILY,
        Severity.ERROR,
        "支出总计 = 本年支出合计 + 结余分配 + 年末结转和结余",
        "{T1}支出总计为{stated}，本年支出合计、结余分配与年末结转和结余之和为{expected}，相差{difference}。",
        (Check((Term(T1, "expenditure_total"),), (_EXPENDITURE, _DISTRIBUTED, _CLOSING)),),
    ),
    Identity(
        "T1-05",
        FAMILY,
        Severity.ERROR,
        "收入总计 = 支出总计",
        "{T1}收入总计为{stated}，支出总计为{expected}，相差{difference}。",
        (Check((Term(T1, "income_total"),), (Term(T1, "expenditure_total"),)),),
    ),
    Identity(
        "T1-06",
        FAMILY,
        Severity.ERROR,
        "年末结转和结余 = 年初结转和结余 + 使用非财政拨款结余 + 本年收入 − 本年支出 − 结余分配",
        "{T1}年末结转和结余为{stated}，按年初数加本年收入和使用非财政拨款结余、减本年支出和结余分配计算应为{expected}，"
        "相差{difference}。",
        (
            Check(
                (_CLOSING,),
                (
                    _OPENING,
                    _USED,
                    _INCOME,
                    less(T1, "current_year_expenditure_total"),
                    less(T1, "surplus_distribution", needs=Needs.COLUMN),
                ),
            ),
        ),
    ),
    Identity(
        "T1-07",
        FAMILY,
        Severity.WARNING,
        "结余分配、使用非财政拨款结余不为负数",
        "{T1}{what}为{stated}，是负数。",
        tuple(
            Check((Term(T1, line),), (), key=line, title=title, relation=Relation.AT_LEAST)
            for line, title in (
                ("surplus_distribution", "结余分配"),
                ("use_of_nonfiscal_surplus", "使用非财政拨款结余"),
            )
        ),
    ),
)
