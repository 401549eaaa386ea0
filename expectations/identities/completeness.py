"""C: the nine tables and four parts are there, empty tables carry their note, codes go down as far as they must."""

from __future__ import annotations

from expectations.model import Identity, Predicate, Severity
from expectations.vocabulary import T5, T6
from pipeline.forms import FORMS

FAMILY = "完整性"

_DUE = ", ".join(f"('{form.key}', '{form.title}', {form.since})" for form in FORMS.values())

C01 = Identity(
    "C-01",
    FAMILY,
    Severity.WARNING,
    "九张表、四个部分齐全，空表注明原因",
    "{detail}。",
    predicate=Predicate(
        f"""
        WITH missing AS (
            SELECT s.report_id, s.form, d.title, s.state
            FROM form_state s
            JOIN core.report r USING (report_id)
            JOIN (VALUES {_DUE}) AS d(form, title, since) ON d.form = s.form AND r.fiscal_year >= d.since
            -- that TG needs its note is TG-04
            WHERE s.state = 'absent' OR (s.state = 'blank' AND s.form <> 'three_public')
        )
        SELECT report_id, form, 'form:' || form AS instance, '' AS line, '' AS measure,
            -- what we could not read may be the very table that seems to be missing
            if(state = 'absent' AND EXISTS (
                FROM core.issue i
                WHERE i.report_id = m.report_id AND (
                    i.kind IN (
                        'page_unreadable', 'no_text', 'no_tables', 'reader_failed', 'over_limit',
                        'damaged_file', 'encrypted'
                    )
                    OR (i.kind = 'unknown_table' AND i.form = m.form))
            ), 'unread', NULL) AS reason,
            '《' || title || '》' || if(state = 'blank', '没有任何数字，也没有注明原因', '没有公开') AS detail
        FROM missing m
        UNION ALL
        -- a report in which no heading of a part was found is made of tables only, or was split over files
        SELECT report_id, '', 'part:' || part, '', '', if(len(parts) < 2, 'unread', NULL),
            '没有找到第' || ['一', '二', '三', '四'][part] || '部分'
        FROM (SELECT report_id, coalesce(parts, []) AS parts FROM core.report),
            unnest([1, 2, 3, 4]) AS wanted(part)
        WHERE NOT list_contains(parts, part)
        """,
    ),
)

C02 = Identity(
    "C-02",
    FAMILY,
    Severity.WARNING,
    "一般公共预算财政拨款支出列到项级科目，基本支出列到款级科目",
    "{form}{subject}没有列出下级科目。",
    predicate=Predicate(
        """
        WITH spent AS (
            SELECT report_id, form, line, measure, level, parent FROM core.cell
            WHERE amount <> 0 AND (
                (form = 'general_budget' AND measure = 'total' AND (level IN (1, 2) OR line = 'total'))
                OR (form = 'basic_expenditure' AND measure = 'amount' AND level = 1))
        )
        SELECT report_id, form, form || ':' || line AS instance, line, measure, NULL AS reason, '' AS detail
        FROM spent
        WHERE (level >= 1 AND (report_id, form, line) NOT IN (
                SELECT report_id, form, parent FROM core.printed_row WHERE level > 1))
            OR (line = 'total' AND (report_id, form) NOT IN (
                SELECT report_id, form FROM core.printed_row WHERE level = 1))
        """,
        forms=(T5, T6),
    ),
)
