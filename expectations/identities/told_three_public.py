"""N7: what the text says of "三公": amounts, budgets, parts, shares, averages and counts."""

from __future__ import annotations

from expectations.counterparts import same, shares
from expectations.model import Check, Identity, Predicate, Severity, Term
from expectations.vocabulary import N7, TG

FAMILY = "情况说明：“三公”经费"
_LINES = {
    "total": "“三公”经费",
    "abroad": "因公出国（境）费",
    "vehicle": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}
_BUDGETS = {"budget": "预算数", "full_budget": "全年预算数"}
_PARTS = (
    ("total", ("abroad", "vehicle", "reception"), "“三公”经费支出"),
    ("vehicle", ("vehicle_purchase", "vehicle_operation"), "公务用车购置及运行维护费"),
)

IDENTITIES = (
    Identity(
        "N7-01",
        FAMILY,
        Severity.ERROR,
        "情况说明中“三公”经费各项决算数 = 财政拨款“三公”经费支出决算表",
        "{form}中{subject}决算数为{stated}，{other}为{expected}，相差{difference}。",
        same(N7),
    ),
    Identity(
        "N7-02",
        FAMILY,
        Severity.WARNING,
        "情况说明中“三公”经费各项预算数 = 财政拨款“三公”经费支出决算表",
        "{form}中{what}为{stated}，{other}预算数为{expected}，相差{difference}。",
        tuple(
            Check(
                (Term(N7, line, measure),),
                (Term(TG, line, "budget"),),
                key=f"{measure}.{line}",
                title=f"{title}{kind}",
            )
            for measure, kind in _BUDGETS.items()
            for line, title in _LINES.items()
        ),
    ),
    Identity(
        "N7-03",
        FAMILY,
        Severity.ERROR,
        "情况说明中“三公”经费 = 所写的各项之和",
        "{form}中{what}决算数为{stated}，所写的各项之和为{expected}，相差{difference}。",
        tuple(
            Check((Term(N7, whole, "final"),), tuple(Term(N7, part, "final") for part in parts), key=whole, title=title)
            for whole, parts, title in _PARTS
        ),
    ),
    Identity(
        "N7-04",
        FAMILY,
        Severity.WARNING,
        "每辆公务用车平均运行维护费 = 运行维护费 ÷ 保有量",
        "{form}中平均每辆公务用车运行维护费为{stated}，按所写的运行维护费和保有量计算应为{expected}。",
        tuple(
            Check(
                (Term(N7, line, "average"),),
                (Term(N7, "vehicle_operation", "final"),),
                key=line,
                divisor=(Term(N7, "vehicles_held", "count"),),
            )
            for line in ("vehicle_operation", "vehicles_held")
        ),
    ),
    Identity(
        "N7-05",
        FAMILY,
        Severity.ERROR,
        "“三公”经费各项的占比 = 该项决算数 ÷ “三公”经费合计",
        "{form}中{subject}占比为{stated}，按{other}计算应为{expected}。",
        shares(N7, Term(TG, "total", "final")),
    ),
    Identity(
        "N7-06",
        FAMILY,
        Severity.WARNING,
        "国内、国（境）外接待的批次、人次不大于总数",
        "{form}中{detail}。",
        predicate=Predicate(
            """
            SELECT w.report_id, w.form, w.line AS instance, w.line, w.measure, NULL AS reason,
                format('公务接待共{} {}，所写的国内、国（境）外接待之和为{}', w.amount::BIGINT,
                    if(w.line = 'reception_batches', '批次', '人次'), sum(p.amount)::BIGINT) AS detail
            FROM core.told w
            JOIN core.told p ON p.report_id = w.report_id AND p.form = w.form AND p.measure = 'count'
                AND p.line IN (replace(w.line, 'reception', 'reception_domestic'),
                    replace(w.line, 'reception', 'reception_foreign'))
            WHERE w.form = 'told_three_public' AND w.measure = 'count'
                AND w.line IN ('reception_batches', 'reception_people')
            GROUP BY w.report_id, w.form, w.line, w.measure, w.amount
            HAVING sum(p.amount) > w.amount
            """,
            forms=(N7,),
        ),
    ),
)
