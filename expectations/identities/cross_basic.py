"""T6 against T5 and TG: basic expenditure by function, by economic purpose and under "三公"."""

from __future__ import annotations

from expectations.model import Check, Identity, Relation, Severity, Term
from expectations.vocabulary import T5, T6, TG

FAMILY = "表间关系：基本支出"
_BASIC = Term(T5, "total", "basic")
_THREE_PUBLIC = {
    "30212": ("abroad", "因公出国（境）费用"),
    "30217": ("reception", "公务接待费"),
    "30231": ("vehicle_operation", "公务用车运行维护费"),
    "31013": ("vehicle_purchase", "公务用车购置"),
}
_SOCIAL = {
    "30108": ("2080505", "机关事业单位基本养老保险缴费"),
    "30109": ("2080506", "职业年金缴费"),
    "30113": ("2210201", "住房公积金"),
}

IDENTITIES = (
    Identity(
        "X56-01",
        FAMILY,
        Severity.ERROR,
        "一般公共预算财政拨款基本支出合计 = 人员经费合计 + 公用经费合计",
        "{T5}基本支出合计为{stated}，{T6}人员经费合计与公用经费合计之和为{expected}，相差{difference}。",
        (Check((_BASIC,), (Term(T6, "personnel_total"), Term(T6, "public_total"))),),
    ),
    Identity(
        "X56-02",
        FAMILY,
        Severity.ERROR,
        "一般公共预算财政拨款基本支出合计 = 基本支出决算表合计（该表列有合计时）",
        "{T5}基本支出合计为{stated}，{T6}合计为{expected}，相差{difference}。",
        (Check((_BASIC,), (Term(T6, "total"),)),),
    ),
    Identity(
        "XFG-01",
        "表间关系：“三公”经费",
        Severity.ERROR,
        "基本支出中的出国、接待、公车费用 ≤ “三公”经费决算数",
        "{T6}{what}为{stated}，大于{TG}相应决算数{expected}，多{difference}。",
        tuple(
            Check(
                (Term(T6, code),),
                (Term(TG, line, "final"),),
                key=code,
                title=f"{code}{title}",
                relation=Relation.AT_MOST,
            )
            for code, (line, title) in _THREE_PUBLIC.items()
        ),
    ),
    Identity(
        "X56-S",
        FAMILY,
        Severity.WARNING,
        "经济分类社会保障缴费、住房公积金 ≥ 功能分类相应项的基本支出",
        "{T6}{what}为{stated}，小于{T5}相应科目的基本支出{expected}，少{difference}。",
        tuple(
            Check(
                (Term(T6, code),),
                (Term(T5, item, "basic"),),
                key=code,
                title=f"{code}{title}",
                relation=Relation.AT_LEAST,
                sentence="{T6}{what}为{stated}，小于{T5}科目" + item + "的基本支出{expected}，少{difference}。",
            )
            for code, (item, title) in _SOCIAL.items()
        ),
    ),
)
