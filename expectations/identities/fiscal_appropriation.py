"""T4 财政拨款收入支出决算总表: its totals, its columns and the balance of each of the three budgets."""

from __future__ import annotations

from expectations.model import Check, Domain, Identity, Level, Needs, Own, Severity, Term
from expectations.vocabulary import BUDGET_TITLES, BUDGETS, CAPITAL, CLASS, FUND, GENERAL, T4, each, less

FAMILY = "财政拨款收入支出决算总表"
_EXPENDITURE, _CLOSING, _OUTLAY = "current_year_expenditure_total", "closing_fiscal_carryover", "expenditure_total"
_COLUMNS = {"total": "合计", **BUDGET_TITLES}

IDENTITIES = (
    Identity(
        "T4-01",
        FAMILY,
        Severity.ERROR,
        "本年收入合计 = 三本预算财政拨款收入之和",
        "{T4}本年收入合计为{stated}，各项财政拨款之和为{expected}，相差{difference}。",
        (Check((Term(T4, "current_year_income_total"),), (Term(T4, GENERAL), *each(T4, (FUND, CAPITAL)))),),
    ),
    Identity(
        "T4-02",
        FAMILY,
        Severity.ERROR,
        "本年支出合计 = 各功能分类科目支出之和（每一栏）",
        "{T4}本年支出合计的“{what}”栏为{stated}，各功能分类科目之和为{expected}，相差{difference}。",
        tuple(
            Check((Term(T4, _EXPENDITURE, column),), (Term(T4, Level(CLASS), column),), key=column, title=title)
            for column, title in _COLUMNS.items()
        ),
    ),
    Identity(
        "T4-03",
        FAMILY,
        Severity.ERROR,
        "合计 = 一般公共预算 + 政府性基金预算 + 国有资本经营预算（每一行）",
        "{T4}{subject}合计为{stated}，三本预算之和为{expected}，相差{difference}。",
        (
            Check(
                (Term(T4, Own(), "total"),),
                (
                    Term(T4, Own(), "general"),
                    Term(T4, Own(), "fund", Needs.FORM),
                    Term(T4, Own(), "capital", Needs.FORM),
                ),
                over=Domain((T4,), levels=(CLASS,), lines=(_EXPENDITURE, _CLOSING, _OUTLAY)),
            ),
        ),
    ),
    Identity(
        "T4-04",
        FAMILY,
        Severity.ERROR,
        "收入总计 = 本年收入 + 年初结转和结余；支出总计 = 本年支出 + 年末结转和结余；收入总计 = 支出总计",
        "{T4}支出总计的“{what}”栏为{stated}，本年支出合计与年末财政拨款结转和结余之和为{expected}，相差{difference}。",
        (
            Check(
                (Term(T4, "income_total"),),
                (Term(T4, "current_year_income_total"), Term(T4, "opening_fiscal_carryover")),
                key="income",
                sentence="{T4}收入总计为{stated}，本年收入合计与年初财政拨款结转和结余之和为{expected}，相差{difference}。",
            ),
            *(
                Check(
                    (Term(T4, _OUTLAY, column),),
                    (Term(T4, _EXPENDITURE, column), Term(T4, _CLOSING, column)),
                    key=column,
                    title=title,
                )
                for column, title in _COLUMNS.items()
            ),
            Check(
                (Term(T4, "income_total"),),
                (Term(T4, _OUTLAY, "total"),),
                key="balance",
                sentence="{T4}收入总计为{stated}，支出总计为{expected}，相差{difference}。",
            ),
        ),
    ),
    Identity(
        "T4-05",
        FAMILY,
        Severity.ERROR,
        "年初财政拨款结转和结余 = 三本预算年初结转和结余之和",
        "{T4}年初财政拨款结转和结余为{stated}，所列各项之和为{expected}，相差{difference}。",
        (
            Check(
                (Term(T4, "opening_fiscal_carryover"),),
                (
                    Term(T4, "opening_carryover_general"),
                    *each(T4, ("opening_carryover_fund", "opening_carryover_capital")),
                ),
            ),
        ),
    ),
    Identity(
        "T4-06",
        FAMILY,
        Severity.ERROR,
        "每本预算：收入 + 年初结转和结余 = 支出 + 年末结转和结余",
        "{T4}{what}年末结转和结余为{stated}，按收入加年初结转和结余减本年支出计算应为{expected}，相差{difference}。",
        tuple(
            Check(
                (Term(T4, _CLOSING, pool),),
                (Term(T4, line), Term(T4, f"opening_carryover_{pool}"), less(T4, _EXPENDITURE, pool)),
                key=pool,
                title=BUDGET_TITLES[pool],
            )
            for pool, line in BUDGETS.items()
        ),
    ),
)
