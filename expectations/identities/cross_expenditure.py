"""T1, T3, T4, T5, TF and TS on the expenditure side: the same spending by class, by item and by budget."""

from __future__ import annotations

from expectations.model import Check, Domain, Identity, Needs, Own, Relation, Severity, Term
from expectations.vocabulary import (
    CAPITAL,
    CLASS,
    FUND,
    FUND_TABLES_COMPLETE,
    GROUP,
    ITEM,
    NO_OTHER_MONEY,
    T1,
    T3,
    T4,
    T5,
    TF,
    TS,
    less,
)

FAMILY = "表间关系：支出"
_EXPENDITURE = "current_year_expenditure_total"


def _own(form: str, measure: str = "amount", needs: Needs = Needs.COLUMN) -> Term:
    return Term(form, Own(), measure, needs)


def _classes(*forms: str) -> Domain:
    return Domain(forms, levels=(CLASS,))


def _budget_table(identity: str, form: str, pool: str, line: str, name: str) -> Identity:
    """T4's column of one budget against the table of that budget."""
    return Identity(
        identity,
        FAMILY,
        Severity.ERROR,
        f"财政拨款总表{name}各栏 = {name}财政拨款收入支出决算表合计与各类级科目",
        "{T4}" + name + "{what}为{stated}，{other}合计行为{expected}，相差{difference}。",
        (
            Check(
                (Term(T4, _EXPENDITURE, pool),), (Term(form, "total", "total"),), key="expenditure", title="本年支出"
            ),
            Check((Term(T4, line),), (Term(form, "total", "income"),), key="income", title="财政拨款收入"),
            Check(
                (Term(T4, f"opening_carryover_{pool}"),),
                (Term(form, "total", "opening"),),
                key="opening",
                title="年初结转和结余",
            ),
            Check(
                (Term(T4, "closing_fiscal_carryover", pool),),
                (Term(form, "total", "closing"),),
                key="closing",
                title="年末结转和结余",
            ),
            Check(
                (_own(T4, pool),),
                (_own(form, "total"),),
                key="class",
                over=_classes(T4, form),
                sentence="{T4}{subject}" + name + "支出为{stated}，{other}同一科目为{expected}，相差{difference}。",
            ),
        ),
    )


IDENTITIES = (
    Identity(
        "X13-01",
        FAMILY,
        Severity.ERROR,
        "总表本年支出合计 = 支出决算表合计",
        "{T1}本年支出合计为{stated}，{T3}合计为{expected}，相差{difference}。",
        (Check((Term(T1, _EXPENDITURE),), (Term(T3, "total", "total"),)),),
    ),
    Identity(
        "X13-02",
        FAMILY,
        Severity.ERROR,
        "总表各类支出 = 支出决算表各类级科目",
        "{T1}{subject}为{stated}，{T3}同一科目为{expected}，相差{difference}。",
        (Check((_own(T1),), (_own(T3, "total"),), over=_classes(T1, T3)),),
    ),
    Identity(
        "X14-02",
        FAMILY,
        Severity.ERROR,
        "财政拨款总表各类支出 ≤ 总表各类支出；没有其他资金时相等",
        "{T4}{subject}合计为{stated}，{T1}同一科目为{expected}，相差{difference}。",
        (
            Check(
                (_own(T4, "total"),),
                (_own(T1),),
                over=_classes(T4, T1),
                when=(NO_OTHER_MONEY,),
                otherwise=Relation.AT_MOST,
            ),
        ),
    ),
    Identity(
        "X14-04",
        FAMILY,
        Severity.ERROR,
        "非财政拨款资金：收入 + 年初 + 使用非财政拨款结余 = 支出 + 结余分配 + 年末",
        "按{T1}、{T3}与{T4}之差计算，非财政拨款资金的来源（本年收入、年初结转和结余、使用非财政拨款结余）为{stated}，"
        "去向（本年支出、结余分配、年末结转和结余）为{expected}，相差{difference}。",
        (
            Check(
                (
                    Term(T1, "current_year_income_total"),
                    less(T4, "current_year_income_total"),
                    Term(T1, "opening_carryover"),
                    less(T4, "opening_fiscal_carryover"),
                    Term(T1, "use_of_nonfiscal_surplus", needs=Needs.COLUMN),
                ),
                (
                    Term(T3, "total", "total"),
                    less(T4, _EXPENDITURE, "total"),
                    Term(T1, "surplus_distribution", needs=Needs.COLUMN),
                    Term(T1, "closing_carryover"),
                    less(T4, "closing_fiscal_carryover", "total"),
                ),
            ),
        ),
    ),
    Identity(
        "X34-01",
        FAMILY,
        Severity.ERROR,
        "一般公共预算、政府性基金、国有资本经营预算各项支出之和 ≤ 支出决算表同一项；没有其他资金时相等",
        "{T3}{subject}本年支出合计为{expected}，一般公共预算、政府性基金和国有资本经营预算财政拨款支出表中同一科目之和为"
        "{stated}，相差{difference}。",
        (
            Check(
                (_own(T5, "total"), _own(TF, "total", Needs.NOTHING), _own(TS, "total", Needs.NOTHING)),
                (_own(T3, "total"),),
                over=Domain((T3, T5, TF, TS), levels=(ITEM,)),
                when=(NO_OTHER_MONEY, FUND_TABLES_COMPLETE),
                otherwise=Relation.AT_MOST,
            ),
        ),
    ),
    Identity(
        "X35-01",
        FAMILY,
        Severity.ERROR,
        "一般公共预算财政拨款支出 ≤ 支出决算表同一科目（合计、基本支出、项目支出）",
        "{T5}{subject}{what}为{stated}，大于{T3}同一科目的{expected}，多{difference}。",
        tuple(
            Check(
                (_own(T5, measure),),
                (_own(T3, measure),),
                key=measure,
                title=title,
                relation=Relation.AT_MOST,
                over=Domain((T5,), levels=(CLASS, GROUP, ITEM)),
            )
            for measure, title in (("total", "合计"), ("basic", "基本支出"), ("project", "项目支出"))
        ),
    ),
    Identity(
        "X45-01",
        FAMILY,
        Severity.ERROR,
        "财政拨款总表一般公共预算本年支出 = 一般公共预算财政拨款支出决算表合计",
        "{T4}本年支出合计的一般公共预算财政拨款栏为{stated}，{T5}合计为{expected}，相差{difference}。",
        (Check((Term(T4, _EXPENDITURE, "general"),), (Term(T5, "total", "total"),)),),
    ),
    Identity(
        "X45-02",
        FAMILY,
        Severity.ERROR,
        "财政拨款总表一般公共预算各类支出 = 一般公共预算财政拨款支出决算表各类级科目",
        "{T4}{subject}的一般公共预算财政拨款栏为{stated}，{T5}同一科目为{expected}，相差{difference}。",
        (Check((_own(T4, "general"),), (_own(T5, "total"),), over=_classes(T4, T5)),),
    ),
    _budget_table("X4F-01", TF, "fund", FUND, "政府性基金预算"),
    _budget_table("X4S-01", TS, "capital", CAPITAL, "国有资本经营预算"),
)
