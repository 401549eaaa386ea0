"""N5: what the text says of general public budget expenditure, as a whole, by class and item by item."""

from __future__ import annotations

from expectations.counterparts import same, shares, unspoken
from expectations.model import Check, Identity, Leaves, Predicate, Relation, Severity, Term
from expectations.ratios import missed
from expectations.vocabulary import N5, T5

_MISSED = missed(("amount", "precision"), ("spent", "spent_precision"), ("whole", "whole_precision"))
FAMILY = "情况说明：一般公共预算支出"

_NAMES = """
    WITH said AS (
        SELECT DISTINCT report_id, line, label FROM core.claim
        WHERE topic = 'told_general' AND regexp_full_match(line, '[0-9]{3,7}') AND contains(label, '（')
    ), part AS (
        -- 一般公共服务支出（类）财政事务（款）行政运行（项）: the name before each mark, and the code of that level
        SELECT report_id, unnest([
            {'code': line[:3], 'name': regexp_extract(label, '^(.*?)（类）', 1)},
            {'code': line[:5], 'name': regexp_extract(label, '^(?:.*?（类）)?(.*?)（款）', 1)},
            {'code': line, 'name': regexp_extract(label, '^(?:.*（款）|.*（类）)?(.*?)（项）', 1)}
        ], recursive := true)
        FROM said
    ), told AS (
        SELECT DISTINCT report_id, code, trim(name, '，、；。.0123456789') AS name FROM part
        WHERE name <> '' AND length(code) >= 3
    ), printed AS (
        SELECT report_id, line AS code, any_value(label) AS label, any_value(subject) AS subject FROM core.cell
        WHERE form = 'general_budget' AND level >= 1 GROUP BY ALL
    ), compared AS (
        SELECT t.*, p.label, regexp_replace(p.label, '\\s', '', 'g') AS shown,
            list_transform([t.name, p.label, coalesce(nullif(p.subject, ''), p.label)],
                lambda n: regexp_replace(regexp_replace(n, '[\\s（）()“”、，·]', '', 'g'), '支出$', '')) AS bare
        FROM told t JOIN printed p USING (report_id, code)
    )
"""
"""compared: every name that the text gives a subject beside the one that the table prints; `bare` is what counts."""

IDENTITIES = (
    Identity(
        "N5-01",
        FAMILY,
        Severity.ERROR,
        "情况说明中的一般公共预算支出（合计、基本、项目，各类、款、项） = 一般公共预算财政拨款支出决算表",
        "{form}中{subject}{what}支出决算为{stated}，{other}为{expected}，相差{difference}。",
        same(N5),
    ),
    Identity(
        "N5-02",
        FAMILY,
        Severity.ERROR,
        "各类支出的占比 = 该类支出 ÷ 一般公共预算支出合计",
        "{form}中{subject}{what}占比为{stated}，按{other}计算应为{expected}。",
        shares(N5, Term(T5, "total", "total")),
    ),
    Identity(
        "N5-09",
        FAMILY,
        Severity.ERROR,
        "一般公共预算支出占支出合计的比例，与支出决算表相符",
        "{form}中{detail}。",
        predicate=Predicate(
            f"""
            WITH part AS (
                SELECT t.report_id, t.form, t.line, t.measure, t.printed, t.amount, t.precision,
                    c.amount AS spent, c.precision AS spent_precision,
                    coalesce(regexp_extract(k.sentence, '占((?:本年|当年|全年|总|财政拨款)*支出(?:合计|总计|总额)?)',
                        1), '')
                        AS base
                FROM core.told t
                LEFT JOIN core.claim k
                    ON k.report_id = t.report_id AND k.document = t.document AND k.claim_no = t.row_no
                JOIN core.cell c ON c.report_id = t.report_id AND c.form = 'general_budget' AND c.line = 'total'
                    AND c.measure = 'total'
                WHERE t.form = 'told_general' AND t.line = 'total' AND t.measure = 'share'
            ), whole AS (
                -- 总支出 is said of what was spent in the year, and with what was carried over
                SELECT report_id, amount AS whole, precision AS whole_precision,
                    form = 'fiscal_appropriation' AS is_fiscal, line = 'expenditure_total' AS is_grand
                FROM core.cell
                WHERE (form = 'expenditure' AND line = 'total' AND measure = 'total')
                    OR (form = 'income_expenditure' AND line = 'expenditure_total' AND measure = 'amount')
                    OR (form = 'fiscal_appropriation' AND measure = 'total'
                        AND line IN ('current_year_expenditure_total', 'expenditure_total'))
            )
            SELECT report_id, form, '' AS instance, line, measure, NULL AS reason,
                format('一般公共预算财政拨款支出占支出合计的{{}}%，按支出决算表计算应为{{:.2f}}%', rtrim(printed,
                    '%％'),
                    100 * any_value(spent)::DOUBLE / nullif(first(whole ORDER BY whole), 0)::DOUBLE) AS detail
            FROM part JOIN whole USING (report_id)
            WHERE CASE WHEN contains(base, '财政拨款') THEN is_fiscal WHEN contains(base, '本年') THEN NOT is_grand
                ELSE true END AND (contains(base, '财政拨款') OR base = '' OR NOT is_fiscal)
            GROUP BY report_id, form, line, measure, printed
            HAVING bool_and({_MISSED})
            """,
            forms=(N5,),
        ),
    ),
    Identity(
        "N5-03",
        FAMILY,
        Severity.WARNING,
        "一般公共预算财政拨款支出决算表中有支出的项级科目，情况说明逐项作了说明",
        "{T5}{subject}支出{stated}，情况说明逐项说明时没有这一项。",
        predicate=Predicate(
            """
            WITH told AS (
                SELECT report_id, line FROM core.told
                WHERE form = 'told_general' AND level = 3 AND measure IN ('final', 'initial_budget')
                GROUP BY ALL
            ), item AS (
                SELECT c.report_id, c.line, any_value(c.label) AS label, t.line IS NOT NULL AS is_told
                FROM core.cell c LEFT JOIN told t USING (report_id, line)
                WHERE c.form = 'general_budget' AND c.level = 3 AND c.measure = 'total' AND c.amount <> 0
                GROUP BY ALL
            ), known AS (
                SELECT i.report_id, count(*) FILTER (NOT is_told) AS missing, count(*) FILTER (is_told) AS told,
                    EXISTS (
                        FROM core.claim c WHERE c.report_id = i.report_id AND c.topic = 'told_general' AND c.line = ''
                    ) AS is_unsure
                FROM item i GROUP BY i.report_id
            ), prose AS (
                SELECT report_id, string_agg(regexp_replace(concat(title, text), '\\s', '', 'g'), '') AS text
                FROM core.section WHERE topic = 'told_general' GROUP BY report_id
            )
            SELECT i.report_id, 'general_budget' AS form, 'item:' || i.line AS instance, i.line, 'total' AS measure,
                -- a text that goes into some items only says so of none
                CASE WHEN k.missing > k.told THEN 'condition'
                    -- its sentence may be the one that was not understood
                    WHEN k.is_unsure OR contains(p.text, regexp_replace(i.label, '\\s', '', 'g') || '（项）')
                        THEN 'unread'
                END AS reason, '' AS detail
            FROM item i
            JOIN known k USING (report_id)
            LEFT JOIN prose p USING (report_id)
            WHERE NOT i.is_told AND k.told > 0
            """
            + unspoken(T5, "items", N5, "told"),
            forms=(T5,),
        ),
    ),
    Identity(
        "N5-06",
        FAMILY,
        Severity.WARNING,
        "各项年初预算之和 ≤ 一般公共预算支出年初预算总数",
        "{N5}各项年初预算之和为{stated}，大于所写的年初预算总数{expected}，多{difference}。",
        (
            Check(
                (Term(N5, Leaves(), "initial_budget"),),
                (Term(N5, "total", "initial_budget"),),
                relation=Relation.AT_MOST,
            ),
        ),
    ),
    Identity(
        "N5-06-S",
        FAMILY,
        Severity.INFORMATION,
        "各项年初预算之和 = 一般公共预算支出年初预算总数（有支出的各项都写明年初预算的）",
        "{form}中{detail}；有年初预算而没有支出的项目也应说明。",
        predicate=Predicate(
            """
            WITH item AS (
                SELECT t.report_id, sum(amount) AS items, sum(precision) AS width, list(line) AS lines
                FROM core.told t
                WHERE form = 'told_general' AND measure = 'initial_budget' AND level = 3
                GROUP BY t.report_id
            )
            SELECT t.report_id, t.form, '' AS instance, t.line, t.measure, NULL AS reason,
                format('各项年初预算之和为{:,.2f}万元，年初预算总数为{:,.2f}万元', (items / 10000)::DOUBLE,
                    (amount / 10000)::DOUBLE) AS detail
            FROM core.told t
            JOIN item i USING (report_id)
            WHERE t.form = 'told_general' AND t.line = 'total' AND t.measure = 'initial_budget'
                AND 2 * (amount - items) > width + precision
                AND NOT EXISTS (
                    FROM core.cell c WHERE c.report_id = t.report_id AND c.form = 'general_budget' AND c.level = 3
                        AND c.measure = 'total' AND c.amount <> 0 AND NOT list_contains(i.lines, c.line))
                AND NOT EXISTS (
                    FROM core.claim c
                    WHERE c.report_id = t.report_id AND c.topic = 'told_general' AND c.line = '')
            """,
            forms=(N5,),
        ),
    ),
    Identity(
        "N5-07",
        FAMILY,
        Severity.WARNING,
        "情况说明中的类、款、项名称与一般公共预算财政拨款支出决算表一致",
        "{form}中{detail}。",
        predicate=Predicate(
            f"""
            {_NAMES}
            SELECT report_id, 'told_general' AS form, 'name:' || code || name AS instance, code AS line, '' AS measure,
                NULL AS reason, '科目' || code || '称为“' || name || '”，表中为“' || shown || '”' AS detail
            FROM compared c
            WHERE bare[1] NOT IN (bare[2], bare[3])
                -- part of a name, or one that the reader knows by another name, is no other name
                AND NOT contains(bare[2], bare[1]) AND NOT contains(bare[1], bare[2])
                AND EXISTS (FROM ref.functional_subject s WHERE s.name = c.name AND s.code <> c.code)
            """,
            forms=(N5,),
        ),
    ),
    Identity(
        "N5-07-S",
        FAMILY,
        Severity.INFORMATION,
        "情况说明没有沿用科目的旧名称",
        "{form}中{detail}。",
        predicate=Predicate(
            f"""
            {_NAMES}
            SELECT report_id, 'told_general' AS form, 'name:' || code || name AS instance, code AS line, '' AS measure,
                NULL AS reason,
                '科目' || code || '称为“' || name || '”，表中为“' || shown || '”，可能沿用了旧名称' AS detail
            FROM compared c
            WHERE bare[1] NOT IN (bare[2], bare[3])
                AND NOT contains(bare[2], bare[1]) AND NOT contains(bare[1], bare[2])
                AND NOT EXISTS (FROM ref.functional_subject s WHERE s.name = c.name AND s.code <> c.code)
            """,
            forms=(N5,),
        ),
    ),
    Identity(
        "N5-08",
        FAMILY,
        Severity.INFORMATION,
        "基本支出各类年初预算 + 自评项目预算 = 一般公共预算支出年初预算总数（自评覆盖全部项目的）",
        "{form}中{detail}。",
        predicate=Predicate(
            """
            WITH basic AS (
                SELECT report_id, sum(amount) AS basic, sum(precision) AS width FROM core.told
                WHERE form = 'told_basic' AND level = 1 AND measure = 'initial_budget' GROUP BY report_id
            ), project AS (
                SELECT a.report_id, a.amount AS project, a.precision AS project_precision FROM core.told a
                JOIN core.told s ON s.report_id = a.report_id AND s.form = a.form AND s.line = a.line
                    AND s.measure = 'share' AND s.amount = 100
                WHERE a.form = 'told_performance' AND a.line = 'amount' AND a.unit = 'yuan'
            )
            SELECT t.report_id, t.form, '' AS instance, t.line, t.measure, NULL AS reason,
                format('年初预算总数为{:,.2f}万元，基本支出各类年初预算与自评项目资金之和为{:,.2f}万元',
                    (t.amount / 10000)::DOUBLE, ((basic + project) / 10000)::DOUBLE) AS detail
            FROM core.told t
            JOIN basic USING (report_id)
            JOIN project USING (report_id)
            WHERE t.form = 'told_general' AND t.line = 'total' AND t.measure = 'initial_budget'
                AND 2 * abs(t.amount - basic - project) > t.precision + width + project_precision
            """,
            forms=(N5,),
        ),
    ),
)
