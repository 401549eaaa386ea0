"""TG 财政拨款"三公"经费支出决算表: its sums, budget against final, and what its narrative must confirm."""

from __future__ import annotations

from expectations.model import Check, Identity, Predicate, Reason, Relation, Severity, Term
from expectations.vocabulary import TG

FAMILY = "“三公”经费"
_MEASURES = {"budget": "预算数", "final": "决算数"}
_LINES = {
    "total": "“三公”经费合计",
    "abroad": "因公出国（境）费",
    "vehicle": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}


def _sum(line: str, *parts: str) -> tuple[Check, ...]:
    return tuple(
        Check((Term(TG, line, measure),), tuple(Term(TG, part, measure) for part in parts), key=measure, title=title)
        for measure, title in _MEASURES.items()
    )


IDENTITIES = (
    Identity(
        "TG-01",
        FAMILY,
        Severity.ERROR,
        "合计 = 因公出国（境）费 + 公务用车购置及运行维护费 + 公务接待费（预算数、决算数）",
        "{TG}合计{what}为{stated}，因公出国（境）费、公务用车购置及运行维护费、公务接待费之和为{expected}，相差{difference}。",
        _sum("total", "abroad", "vehicle", "reception"),
    ),
    Identity(
        "TG-02",
        FAMILY,
        Severity.ERROR,
        "公务用车购置及运行维护费小计 = 购置费 + 运行维护费（预算数、决算数）",
        "{TG}公务用车购置及运行维护费小计{what}为{stated}，购置费与运行维护费之和为{expected}，相差{difference}。",
        _sum("vehicle", "vehicle_purchase", "vehicle_operation"),
    ),
    Identity(
        "TG-03",
        FAMILY,
        Severity.WARNING,
        "决算数不大于预算数，除非情况说明作了解释",
        "{TG}{what}决算数为{stated}，大于预算数{expected}，多{difference}，情况说明未作解释。",
        tuple(
            Check(
                (Term(TG, line, "final"),),
                (Term(TG, line, "budget"),),
                key=line,
                title=title,
                relation=Relation.AT_MOST,
                undecided=Reason.NARRATIVE_NOT_READ,
            )
            for line, title in _LINES.items()
        ),
    ),
    Identity(
        "TG-04",
        FAMILY,
        Severity.ERROR,
        "空表须注明原因",
        "{TG}没有任何数字，也没有注明原因。",
        predicate=Predicate(
            """
            SELECT report_id, form, '' AS instance, '' AS line, '' AS measure, NULL AS reason, '' AS detail
            FROM form_state WHERE form = 'three_public' AND state = 'blank'
            """,
            forms=(TG,),
            blank=True,
        ),
    ),
    Identity(
        "TG-05",
        FAMILY,
        Severity.WARNING,
        "“三公”经费与情况说明中的团组数、车辆数、接待批次和人次相符",
        "{TG}{detail}。",
        predicate=Predicate(
            """
            SELECT report_id, form, '' AS instance, '' AS line, '' AS measure, 'narrative_not_read' AS reason,
                '' AS detail
            FROM form_state WHERE form = 'three_public' AND state IN ('read', 'empty')
            """,
            forms=(TG,),
        ),
    ),
)
