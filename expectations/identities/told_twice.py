"""NR-01: what is stated twice is stated alike, within a section and across sections."""

from __future__ import annotations

from expectations.counterparts import PRINTED
from expectations.model import Identity, Predicate, Severity
from pipeline.narrative.topics import TOPICS

FAMILY = "情况说明：前后一致"

_MEASURES = "'final', 'initial_budget', 'full_budget', 'budget', 'prior'"

NR01 = Identity(
    "NR-01",
    FAMILY,
    Severity.ERROR,
    "同一数字在情况说明中两次出现，前后相同",
    "{form}中{subject}{measure}{detail}。",
    predicate=Predicate(
        f"""
        WITH said AS (
            SELECT c.report_id, c.topic AS form, c.line, c.measure, c.value, c.precision, c.printed, c.page,
                c.confidence,
                row_number() OVER (
                    PARTITION BY c.report_id, c.topic, c.line, c.measure ORDER BY c.document = r.document, c.claim_no
                ) AS place
            FROM core.claim c
            JOIN core.report r USING (report_id)
            -- what has the name of another year is of another year
            WHERE c.line <> '' AND c.topic <> '' AND c.measure IN ({_MEASURES})
                AND NOT starts_with(c.line, 'project:')
                AND (c.year IS NULL OR c.year = r.fiscal_year - if(c.measure = 'prior', 1, 0))
        ), printed AS ({PRINTED})
        SELECT a.report_id, a.form, a.form || '.' || a.measure || ':' || a.line AS instance, a.line, a.measure,
            if(min(least(a.confidence, b.confidence)) < getvariable('confident'), 'low_confidence', NULL) AS reason,
            format('前后不一致：第{{}}页为{{:,.2f}}万元，第{{}}页为{{:,.2f}}万元', any_value(a.page),
                (any_value(a.value) / 10000)::DOUBLE, first(b.page ORDER BY b.place),
                (first(b.value ORDER BY b.place) / 10000)::DOUBLE) AS detail
        FROM said a
        JOIN said b USING (report_id, form, line, measure)
        LEFT JOIN printed p ON p.report_id = a.report_id AND p.topic = a.form AND p.line = a.line
            AND a.measure = 'final'
        WHERE a.place = 1 AND b.place > 1 AND 2 * abs(a.value - b.value) > a.precision + b.precision
            -- where the later statement is that of the table, the first is the wrong one, and is told as such
            AND NOT coalesce(2 * abs(b.value - p.amount) <= b.precision + p.precision, false)
        GROUP BY a.report_id, a.form, a.line, a.measure
        """,
        forms=tuple(TOPICS),
    ),
)
