"""NB: what the text says of budgets. Completion, comparison and difference agree with the budget that they name.

A text says 预算数 of whichever budget it spoke of before: 年初预算, 全年（调整）预算, or in the section on "三公" the
budget that the table prints. What does not name its budget is right if it is right of any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.counterparts import own
from expectations.model import Check, Identity, Own, Predicate, Severity, Term
from expectations.ratios import missed
from expectations.vocabulary import N3, N4, N5, N6, N7, NF, NO, NS, less
from pipeline.narrative.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = "情况说明：与预算比较"
_TOPICS = (N3, N4, N5, N6, N7, NF, NS, NO)
_KINDS = {"initial": "年初预算", "full": "全年（调整）预算"}
_FINAL = "final"


def _checks(kinds: dict[str, str], make: Callable[[str, str, str], Check]) -> tuple[Check, ...]:
    return tuple(make(topic, kind, title) for topic in _TOPICS for kind, title in kinds.items())


def _completion(topic: str, kind: str, title: str) -> Check:
    return Check(
        (Term(topic, Own(), f"completion_{kind}"),),
        (Term(topic, Own(), _FINAL),),
        key=f"{TOPICS[topic].short}.{kind}",
        title=title,
        over=own(topic),
        divisor=(Term(topic, Own(), f"{kind}_budget"),),
        factor=100,
    )


def _gap(topic: str, kind: str, title: str) -> Check:
    return Check(
        (Term(topic, Own(), f"gap_{kind}"),),
        (Term(topic, Own(), _FINAL), less(topic, Own(), f"{kind}_budget")),
        key=f"{TOPICS[topic].short}.{kind}",
        title=title,
        over=own(topic),
    )


def _gap_rate(topic: str, kind: str, title: str) -> Check:
    gap = f"gap_{kind}" if kind else "gap"
    return Check(
        (Term(topic, Own(), f"{gap}_rate"),),
        (Term(topic, Own(), gap),),
        key=f"{TOPICS[topic].short}.{kind or 'any'}",
        title=title,
        over=own(topic),
        divisor=(Term(topic, Own(), _FINAL), less(topic, Own(), gap)),
        factor=100,
    )


_BUDGETS = """
    WITH final AS (
        SELECT report_id, form, line, amount, precision FROM core.told WHERE measure = 'final'
    ), budget AS (
        SELECT report_id, form, line, measure, amount, precision, printed FROM core.told
        WHERE measure IN ('initial_budget', 'full_budget', 'budget')
        UNION ALL
        SELECT report_id, 'told_three_public', line, 'budget', amount, precision, printed FROM core.cell
        WHERE form = 'three_public' AND measure = 'budget'
    ), known AS (
        SELECT b.report_id, b.form, b.line, b.measure AS budget, b.amount AS planned, b.precision AS planned_precision,
            f.amount AS spent, f.precision AS spent_precision
        FROM budget b JOIN final f USING (report_id, form, line)
    )
"""
"""known: of every line the budgets that are known of it beside what was spent."""

_WAN = "format('{{:,.2f}}', ({} / 10000)::DOUBLE)"
_MISSED = missed(("t.amount", "t.precision"), ("spent", "spent_precision"), ("planned", "planned_precision"))

IDENTITIES = (
    Identity(
        "NB-01",
        FAMILY,
        Severity.ERROR,
        "完成年初（全年）预算的比例 = 决算数 ÷ 所称的预算数",
        "{form}中{subject}完成{what}的比例为{stated}，按所写的决算数和{what}计算应为{expected}。",
        _checks(_KINDS, _completion),
    ),
    Identity(
        "NB-02",
        FAMILY,
        Severity.ERROR,
        "完成预算的比例、与预算数之差，同所写的预算数、决算数相符",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            f"""
            {_BUDGETS}
            SELECT t.report_id, t.form, t.form || '.' || t.measure || ':' || t.line AS instance, t.line, t.measure,
                NULL AS reason,
                '写明完成预算的' || rtrim(t.printed, '%％') || '%' || '，按决算数'
                    || {_WAN.format("any_value(spent)")} || '万元、预算数'
                    || string_agg(DISTINCT {_WAN.format("planned")}, '（或）') || '万元计算不是这个比例' AS detail
            FROM core.told t JOIN known k USING (report_id, form, line)
            WHERE t.measure = 'completion' AND t.form <> 'told_performance'
            GROUP BY t.report_id, t.form, t.line, t.measure, t.printed
            HAVING bool_and({_MISSED})
            UNION ALL
            SELECT t.report_id, t.form, t.form || '.' || t.measure || ':' || t.line, t.line, t.measure, NULL,
                '写明与预算数相差' || {_WAN.format("abs(any_value(t.amount))")} || '万元，而决算数'
                    || {_WAN.format("any_value(spent)")} || '万元、预算数'
                    || string_agg(DISTINCT {_WAN.format("planned")}, '（或）') || '万元之差不是这个数'
            FROM core.told t JOIN known k USING (report_id, form, line)
            WHERE t.measure = 'gap'
            GROUP BY t.report_id, t.form, t.line, t.measure, t.printed
            HAVING bool_and(2 * abs(t.amount - (spent - planned)) > t.precision + spent_precision + planned_precision)
            """,
            forms=_TOPICS,
        ),
    ),
    Identity(
        "NB-03",
        FAMILY,
        Severity.WARNING,
        "所称完成的是年初预算还是全年预算，与所写的预算一致",
        "{form}中{subject}写明{measure}，而所写的是{detail}，比例也是按它计算的。",
        predicate=Predicate(
            f"""
            {_BUDGETS}
            SELECT t.report_id, t.form, t.form || ':' || t.line AS instance, t.line, t.measure, NULL AS reason,
                if(any_value(budget) = 'initial_budget', '年初预算', '全年（调整）预算') AS detail
            FROM core.told t JOIN known k USING (report_id, form, line)
            WHERE t.measure IN ('completion_initial', 'completion_full') AND t.amount <> 0
            GROUP BY t.report_id, t.form, t.line, t.measure
            HAVING count(*) FILTER (budget = replace(t.measure, 'completion_', '') || '_budget') = 0
                AND bool_and(budget IN ('initial_budget', 'full_budget') AND planned > 0 AND NOT {_MISSED})
            """,
            forms=_TOPICS,
        ),
    ),
    Identity(
        "NB-04",
        FAMILY,
        Severity.ERROR,
        "“大于”“小于”预算数，与所写的决算数、预算数相符",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            f"""
            {_BUDGETS}
            SELECT t.report_id, t.form, t.form || ':' || t.line AS instance, t.line, t.measure, NULL AS reason,
                '写明决算数' || any_value(coalesce(nullif(c.direction, ''), if(t.amount > 0, '大于', '小于')))
                    || '预算数，而决算数为' || {_WAN.format("any_value(spent)")} || '万元，预算数为'
                    || string_agg(DISTINCT {_WAN.format("planned")}, '（或）') || '万元' AS detail
            FROM core.told t
            JOIN known k USING (report_id, form, line)
            LEFT JOIN core.claim c ON c.report_id = t.report_id AND c.claim_no = t.row_no AND c.document = t.document
            WHERE t.measure = 'comparison' AND t.amount <> 0
            GROUP BY t.report_id, t.form, t.line, t.measure
            HAVING bool_and(2 * any_value(t.amount) * (planned - spent) > planned_precision + spent_precision)
            """.replace("any_value(t.amount)", "t.amount"),
            forms=_TOPICS,
        ),
    ),
    Identity(
        "NB-05",
        FAMILY,
        Severity.WARNING,
        "“等于”“持平”“大于”“小于”预算数，与所写的决算数、预算数是否相同相符",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            f"""
            {_BUDGETS}, said AS (
                SELECT t.*, coalesce(nullif(c.direction, ''), '持平') AS direction FROM core.told t
                LEFT JOIN core.claim c
                    ON c.report_id = t.report_id AND c.claim_no = t.row_no AND c.document = t.document
                WHERE t.measure = 'comparison'
            )
            SELECT t.report_id, t.form, t.form || ':' || t.line AS instance, t.line, t.measure, NULL AS reason,
                '写明决算数与预算数相比' || any_value(direction) || '，而决算数为' || {_WAN.format("any_value(spent)")}
                    || '万元，预算数为' || string_agg(DISTINCT {_WAN.format("planned")}, '（或）') || '万元' AS detail
            FROM said t JOIN known k USING (report_id, form, line)
            GROUP BY t.report_id, t.form, t.line, t.measure, t.amount
            HAVING if(t.amount = 0,
                -- 基本持平 is said of what is nearly the same: nobody calls a tenth so
                bool_and(2 * abs(planned - spent) > planned_precision + spent_precision
                    AND (NOT contains(direction, '基本') OR 10 * abs(planned - spent) > abs(planned))),
                bool_and(planned = spent))
            """,
            forms=_TOPICS,
        ),
    ),
    Identity(
        "NB-06",
        FAMILY,
        Severity.ERROR,
        "与年初（全年）预算数之差 = 决算数 − 所称的预算数",
        "{form}中{subject}与{what}数之差为{stated}，按所写的决算数和{what}计算应为{expected}，相差{difference}。",
        _checks(_KINDS, _gap),
    ),
    Identity(
        "NB-07",
        FAMILY,
        Severity.ERROR,
        "与预算数之差的比例 = 差额 ÷ 预算数（决算数 − 差额）",
        "{form}中{subject}与{what}数之差的比例为{stated}，按所写的决算数和差额计算应为{expected}。",
        _checks(_KINDS | {"": "预算"}, _gap_rate),
    ),
    Identity(
        "NB-08",
        FAMILY,
        Severity.WARNING,
        "预算数为零的没有完成率、增减率",
        "{form}中{subject}预算数为零，没有比例可言，却写了{detail}。",
        predicate=Predicate(
            """
            WITH rate AS (
                SELECT report_id, form, line, measure, printed,
                    CASE WHEN measure LIKE 'completion%'
                        THEN coalesce(nullif(replace(measure, 'completion_', ''), 'completion') || '_budget', 'budget')
                        ELSE replace(measure, '_rate', '') END AS base
                FROM core.told
                WHERE measure IN ('completion', 'completion_initial', 'completion_full', 'gap_rate', 'gap_initial_rate',
                    'gap_full_rate')
            )
            SELECT r.report_id, r.form, r.form || '.' || r.measure || ':' || r.line AS instance, r.line, r.measure,
                NULL AS reason, rtrim(r.printed, '%％') || '%' AS detail
            FROM rate r
            JOIN core.told f ON f.report_id = r.report_id AND f.form = r.form AND f.line = r.line
                AND f.measure = 'final'
            JOIN core.told b ON b.report_id = r.report_id AND b.form = r.form AND b.line = r.line
                AND b.measure = r.base
            -- nothing of nothing is often called 0%; what was spent without a budget has no rate
            WHERE f.amount <> 0 AND if(contains(r.base, 'budget'), b.amount = 0, b.amount = f.amount)
            """,
            forms=_TOPICS,
        ),
    ),
)
