"""TG 财政拨款"三公"经费支出决算表: its sums, budget against final, and what its narrative must confirm."""

from __future__ import annotations

from expectations.model import Check, Identity, Predicate, Severity, Term
from expectations.vocabulary import TG

FAMILY = "“三公”经费"
_MEASURES = {"budget": "预算数", "final": "决算数"}


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
        "{TG}{subject}{detail}，情况说明未作解释。",
        predicate=Predicate(
            """
            WITH over AS (
                SELECT f.report_id, f.form, f.line, f.amount AS final, b.amount AS budget
                FROM core.cell f
                JOIN core.cell b ON b.report_id = f.report_id AND b.form = f.form AND b.line = f.line
                    AND b.measure = 'budget'
                WHERE f.form = 'three_public' AND f.measure = 'final' AND NOT contains(f.line, '_abroad')
                    AND f.line IN ('total', 'abroad', 'vehicle', 'vehicle_purchase', 'vehicle_operation', 'reception')
                    AND 2 * (f.amount - b.amount) > f.precision + b.precision
            ), explained AS (
                -- a reason stands with the part, with what it is a part of, or with one of its own parts
                SELECT DISTINCT report_id, line FROM core.claim
                WHERE topic = 'told_three_public' AND reason <> '' AND line <> ''
            ), prose AS (
                SELECT report_id, string_agg(regexp_replace(text, '\\s', '', 'g'), '。') AS text
                FROM core.section WHERE topic = 'told_three_public' GROUP BY report_id
            )
            SELECT o.report_id, o.form, o.line AS instance, o.line, 'final' AS measure,
                if(p.report_id IS NULL
                    AND o.report_id NOT IN (SELECT report_id FROM core.told WHERE form = 'told_three_public'),
                    'narrative_not_read', NULL) AS reason,
                format('决算数为{:,.2f}万元，大于预算数{:,.2f}万元', (final / 10000)::DOUBLE,
                    (budget / 10000)::DOUBLE) AS detail
            FROM over o
            LEFT JOIN prose p USING (report_id)
            WHERE NOT EXISTS (
                    FROM explained e
                    WHERE e.report_id = o.report_id AND (
                        e.line IN ('total', o.line) OR starts_with(o.line, e.line) OR starts_with(e.line, o.line)
                        OR o.line = 'total'))
                AND NOT coalesce(regexp_matches(p.text,
                    '(?:大于|高于|超出|超过|超预算|多于)[^。]{0,40}(?:原因|主要|由于|因为|情况)'), false)
            """,
            forms=(TG,),
        ),
    ),
    Identity(
        "TG-04",
        FAMILY,
        Severity.ERROR,
        "空表须注明原因，情况说明中的决算数也为零",
        "{TG}{detail}。",
        predicate=Predicate(
            """
            SELECT report_id, form, '' AS instance, '' AS line, '' AS measure, NULL AS reason,
                '没有任何数字，也没有注明原因' AS detail
            FROM form_state WHERE form = 'three_public' AND state = 'blank'
            UNION ALL
            SELECT f.report_id, f.form, 'narrative', '', '', NULL,
                format('没有任何数字，而情况说明（第{}页）中“三公”经费决算数为{:,.2f}万元', t.page,
                    (t.amount / 10000)::DOUBLE)
            FROM form_state f
            JOIN core.told t ON t.report_id = f.report_id AND t.form = 'told_three_public' AND t.line = 'total'
                AND t.measure = 'final' AND t.amount <> 0
            WHERE f.form = 'three_public' AND f.state = 'blank'
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
        "{TG}{subject}决算数为{stated}，{detail}，请核对。",
        predicate=Predicate(
            """
            WITH counted AS (
                SELECT report_id, line, amount FROM core.told t
                WHERE form = 'told_three_public' AND measure = 'count'
                    -- who travels in a group of others has none of his own
                    AND NOT (line = 'abroad_groups' AND EXISTS (
                        FROM core.told p
                        WHERE p.report_id = t.report_id AND p.form = t.form AND p.measure = 'count'
                            AND p.line = 'abroad_people'))
                UNION ALL
                SELECT report_id, line, 0 FROM core.told
                WHERE form = 'told_three_public' AND measure = 'none'
                    AND line IN ('abroad_groups', 'abroad_people', 'vehicles_bought', 'vehicles_held',
                        'reception_batches', 'reception_people')
            ), bound(line, counts, words, either_way) AS (
                VALUES ('abroad', ['abroad_groups', 'abroad_people'], '出国（境）团组、人次数', true),
                    ('vehicle_purchase', ['vehicles_bought'], '购置公务用车数', true),
                    ('vehicle_operation', ['vehicles_held'], '公务用车保有量', false),
                    ('reception', ['reception_batches', 'reception_domestic_batches', 'reception_foreign_batches'],
                        '公务接待批次', true),
                    ('reception', ['reception_people', 'reception_domestic_people', 'reception_foreign_people'],
                        '公务接待人次', true)
            ), known AS (
                SELECT f.report_id, f.form, b.line, b.words, f.amount, sum(c.amount) AS counted,
                    -- 0.00 may be some yuan; what is left blank, or told as a bare 0, is nothing
                    b.either_way AND f.amount = 0 AND (f.precision = 0 OR coalesce(t.precision = 0, false)) AS is_none
                FROM core.cell f
                JOIN bound b USING (line)
                JOIN counted c ON c.report_id = f.report_id AND list_contains(b.counts, c.line)
                LEFT JOIN core.told t ON t.report_id = f.report_id AND t.form = 'told_three_public'
                    AND t.line = f.line AND t.measure = 'final'
                WHERE f.form = 'three_public' AND f.measure = 'final'
                GROUP BY ALL
            )
            SELECT report_id, form, line || ':' || words AS instance, line, 'final' AS measure, NULL AS reason,
                '情况说明中' || words || if(counted = 0, '为0', format('为{}', counted::BIGINT)) AS detail
            FROM known
            WHERE (amount > 0 AND counted = 0) OR (is_none AND counted > 0)
            UNION ALL
            SELECT f.report_id, f.form, '', '', '', 'narrative_not_read', ''
            FROM form_state f
            WHERE f.form = 'three_public' AND f.report_id NOT IN (SELECT report_id FROM counted)
            """,
            forms=(TG,),
        ),
    ),
)
