"""N6: what the text says of basic expenditure, and which items of it the text lists."""

from __future__ import annotations

from expectations.counterparts import same, shares, unspoken
from expectations.model import Identity, Predicate, Severity, Term
from expectations.vocabulary import N6, T5, T6

FAMILY = "情况说明：基本支出"

_LISTED = """
    WITH named AS (
        SELECT report_id, line, any_value(label) AS label FROM core.claim
        WHERE topic = 'told_basic' AND measure = 'named' AND line <> '' GROUP BY ALL
    ), spent AS (
        SELECT report_id, line, any_value(label) AS label, sum(amount) AS amount FROM core.cell
        WHERE form = 'basic_expenditure' AND level = 2 AND measure = 'amount' GROUP BY ALL
    ), side AS (
        -- which half of the list there is: 人员经费 301, 303; 公用经费 all others
        SELECT DISTINCT report_id, line[:3] IN ('301', '303') AS is_personnel FROM named
    )
"""

IDENTITIES = (
    Identity(
        "N6-01",
        FAMILY,
        Severity.ERROR,
        "情况说明中的基本支出、人员经费、公用经费及各类、款 = 基本支出决算表",
        "{form}中{subject}{what}为{stated}，{other}为{expected}，相差{difference}。",
        same(N6),
    ),
    Identity(
        "N6-02",
        FAMILY,
        Severity.WARNING,
        "情况说明列举的经济分类科目，在基本支出决算表中都有金额",
        "{form}列举了{detail}，而基本支出决算表中没有这些支出。",
        predicate=Predicate(
            f"""
            {_LISTED}
            SELECT n.report_id, 'told_basic' AS form, 'named' AS instance, min(n.line) AS line, 'named' AS measure,
                CASE WHEN any_value(f.state) IS DISTINCT FROM 'read' OR bool_or(f.incomplete) THEN 'unread' END
                    AS reason,
                -- a list left over from a template is one mistake
                string_agg('“' || n.label || '”', '' ORDER BY n.line) AS detail
            FROM named n
            LEFT JOIN spent s USING (report_id, line)
            LEFT JOIN form_state f ON f.report_id = n.report_id AND f.form = 'basic_expenditure'
            WHERE length(n.line) = 5 AND coalesce(s.amount, 0) = 0
            GROUP BY n.report_id
            """,
            forms=(N6,),
        ),
    ),
    Identity(
        "N6-03",
        FAMILY,
        Severity.WARNING,
        "基本支出决算表中有金额的款级科目，情况说明都列举了（没有以“等”字省略的）",
        "{form}中{detail}有支出，情况说明的列举中没有。",
        predicate=Predicate(
            f"""
            {_LISTED}, prose AS (
                SELECT report_id, string_agg(regexp_replace(concat(title, text), '\\s', '', 'g'), '') AS text
                FROM core.section WHERE topic = 'told_basic' GROUP BY report_id
            ), open AS (
                SELECT DISTINCT report_id FROM core.claim
                WHERE topic = 'told_basic' AND measure = 'named'
                    AND regexp_matches(sentence, '等(?:各?项?(?:支出|费用|经费|开支|方面))?(?:[。；，）]|$)')
            )
            SELECT report_id, 'basic_expenditure' AS form, 'named' AS instance,
                coalesce(min(line) FILTER (NOT is_unsure), '') AS line, 'amount' AS measure,
                CASE WHEN report_id IN (SELECT report_id FROM open) THEN 'condition'
                    WHEN bool_and(is_unsure) THEN 'unread' END AS reason,
                coalesce(string_agg('“' || trim(label) || '”' || printed || '万元', '、' ORDER BY line)
                    FILTER (NOT is_unsure), '') AS detail
            FROM (
                SELECT s.*, format('{{:,.2f}}', (s.amount / 10000)::DOUBLE) AS printed,
                    -- its name may be the one that was not understood
                    contains(p.text, regexp_replace(s.label, '\\s', '', 'g')) OR EXISTS (
                        FROM core.claim c
                        WHERE c.report_id = s.report_id AND c.topic = 'told_basic' AND c.measure = 'named'
                            AND c.line = '' AND NOT EXISTS (
                                -- part of a name that has an 和 or 、 in it is that of no other
                                FROM spent o
                                WHERE o.report_id = s.report_id AND o.line <> s.line
                                    AND contains(regexp_replace(o.label, '\\s', '', 'g'), c.label))) AS is_unsure
                FROM spent s
                JOIN side i ON i.report_id = s.report_id AND i.is_personnel = (s.line[:3] IN ('301', '303'))
                LEFT JOIN prose p ON p.report_id = s.report_id
                ANTI JOIN named n ON n.report_id = s.report_id AND n.line = s.line
                WHERE s.amount <> 0
            )
            GROUP BY report_id
            """
            + unspoken(T6, "", N6, "named"),
            forms=(T6,),
        ),
    ),
    Identity(
        "N6-04",
        FAMILY,
        Severity.ERROR,
        "人员经费、公用经费的占比 = 该项支出 ÷ 基本支出",
        "{form}中{subject}{what}占比为{stated}，按{other}计算应为{expected}。",
        shares(N6, Term(T5, "total", "basic")),
    ),
)
