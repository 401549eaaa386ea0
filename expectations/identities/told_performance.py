"""NE and P: what the text says of projects, against the self-evaluation forms and against itself."""

from __future__ import annotations

from expectations.model import Check, Identity, Predicate, Severity, Term
from expectations.ratios import missed
from expectations.vocabulary import NE, T3

FAMILY = "绩效自评"

_SAME_PROJECT = """
    WITH said AS (
        SELECT report_id, line, measure, any_value(amount) AS amount, any_value(precision) AS precision,
            any_value(printed) AS printed, regexp_replace(line[9:], '[“”"（）()\\s]|项目$', '', 'g') AS name
        FROM core.told WHERE form = 'told_performance' AND starts_with(line, 'project:')
        GROUP BY report_id, line, measure
    ), form AS (
        SELECT report_id, project, first_page, name AS full_name,
            regexp_replace(name, '[“”"（）()\\s]|项目$', '', 'g') AS name
        FROM core.project WHERE kind = '项目' AND name <> ''
    ), pair AS (
        SELECT s.report_id, s.line, f.project, f.full_name, f.first_page
        FROM (SELECT DISTINCT report_id, line, name FROM said) s
        JOIN form f ON f.report_id = s.report_id AND (contains(f.name, s.name) OR contains(s.name, f.name))
        -- a name that fits several forms is that of none
        QUALIFY count(*) OVER (PARTITION BY s.report_id, s.line) = 1
            AND count(*) OVER (PARTITION BY s.report_id, f.project) = 1
    )
"""

IDENTITIES = (
    Identity(
        "P-04",
        FAMILY,
        Severity.WARNING,
        "情况说明中项目的全年预算数、执行数、得分 = 项目支出绩效自评表",
        "{form}中{detail}。",
        predicate=Predicate(
            f"""
            {_SAME_PROJECT}, figure(told, line, measure) AS (
                VALUES ('full_budget', 'total', 'adjusted'), ('final', 'total', 'actual'), ('score', 'score', 'score')
            )
            SELECT s.report_id, 'told_performance' AS form, s.measure || ':' || s.line AS instance, s.line, s.measure,
                if(p.confidence < getvariable('confident'), 'low_confidence', NULL) AS reason,
                format('“{{}}”项目{{}}为{{}}，自评表（第{{}}页）为{{}}', s.line[9:],
                    CASE s.measure WHEN 'final' THEN '执行数' WHEN 'score' THEN '得分' ELSE '全年预算数' END, s.printed,
                    p.page, p.printed) AS detail
            FROM said s
            JOIN pair USING (report_id, line)
            JOIN figure g ON g.told = s.measure
            JOIN core.project_figure p ON p.report_id = s.report_id AND p.project = pair.project AND p.line = g.line
                AND p.measure = g.measure
            WHERE 2 * abs(s.amount - p.value) > s.precision + p.precision
            """,
            forms=(NE,),
        ),
    ),
    Identity(
        "P-05",
        FAMILY,
        Severity.WARNING,
        "单个项目的执行数 ≤ 支出决算表项目支出合计",
        "{detail}。",
        predicate=Predicate(
            """
            SELECT p.report_id, 'performance' AS form, 'project:' || p.project AS instance,
                concat_ws('.', p.project, f.line) AS line, f.measure, NULL AS reason,
                format('“{}”项目执行数为{:,.2f}万元（第{}页），大于《支出决算表》项目支出合计{:,.2f}万元', p.name,
                    (f.value / 10000)::DOUBLE, f.page, (c.amount / 10000)::DOUBLE) AS detail
            FROM core.project p
            JOIN core.project_figure f ON f.report_id = p.report_id AND f.project = p.project
                AND f.document = p.document
                AND f.line = 'total' AND f.measure = 'actual'
            JOIN core.cell c ON c.report_id = p.report_id AND c.form = 'expenditure' AND c.line = 'total'
                AND c.measure = 'project'
            WHERE p.kind = '项目' AND 2 * (f.value - c.amount) > f.precision + c.precision
            """,
            forms=(T3,),
        ),
    ),
    Identity(
        "P-09",
        FAMILY,
        Severity.WARNING,
        "项目完成预算的比例 = 执行数 ÷ 全年预算数（情况说明）",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            f"""
            SELECT t.report_id, t.form, t.line AS instance, t.line, t.measure, NULL AS reason,
                format('写明完成预算的{{}}%，按执行数{{}}、全年预算数{{}}计算应为{{:.2f}}%', t.printed, f.printed,
                    b.printed,
                    100 * f.amount::DOUBLE / nullif(b.amount, 0)::DOUBLE) AS detail
            FROM core.told t
            JOIN core.told f ON f.report_id = t.report_id AND f.form = t.form AND f.line = t.line
                AND f.measure = 'final'
            JOIN core.told b ON b.report_id = t.report_id AND b.form = t.form AND b.line = t.line
                AND b.measure IN ('full_budget', 'budget')
            WHERE t.form = 'told_performance' AND t.measure IN ('completion', 'completion_full')
                AND (starts_with(t.line, 'project:') OR t.line = 'department')
                AND {missed(("t.amount", "t.precision"), ("f.amount", "f.precision"), ("b.amount", "b.precision"))}
            """,
            forms=(NE,),
        ),
    ),
    Identity(
        "P-07",
        FAMILY,
        Severity.WARNING,
        "开展自评的项目数 = 一级项目数 + 二级项目数",
        "{form}中开展绩效自评的项目为{stated}，一级项目、二级项目之和为{expected}，请核对。",
        (
            Check(
                (Term(NE, "projects", "count"),),
                (Term(NE, "projects_first", "count"), Term(NE, "projects_second", "count")),
            ),
        ),
    ),
    Identity(
        "P-08",
        FAMILY,
        Severity.WARNING,
        "开展自评的项目数 = 各等级项目数之和；所附自评表不多于项目数",
        "{form}中{detail}，请核对。",
        predicate=Predicate(
            """
            WITH grade AS (
                SELECT report_id, sum(amount) AS graded FROM core.told
                WHERE form = 'told_performance' AND starts_with(line, 'grade:') AND measure = 'count'
                GROUP BY report_id HAVING count(*) > 1
            ), form AS (
                SELECT report_id, count(DISTINCT name) AS forms FROM core.project
                WHERE kind = '项目' AND name <> '' GROUP BY report_id
            ), claimed AS (
                -- a text may speak of several sets of projects: each of them may be the one that is graded
                SELECT report_id, min(value) AS least, max(value) AS most, list(DISTINCT value) AS numbers
                FROM core.claim
                WHERE topic = 'told_performance' AND measure = 'count'
                    AND line IN ('projects', 'projects_first', 'projects_second')
                GROUP BY report_id
            )
            SELECT report_id, 'told_performance' AS form, 'grades' AS instance, 'projects' AS line, 'count' AS measure,
                NULL AS reason,
                format('各等级项目数之和为{}个，与开展自评的项目数{}个不符', graded::BIGINT, most::BIGINT) AS detail
            FROM grade JOIN claimed USING (report_id)
            WHERE NOT list_contains(numbers, graded) AND graded <> least + most
            UNION ALL
            SELECT c.report_id, 'told_performance', 'forms', 'projects', 'count',
                -- which of the projects have their forms attached is seldom said
                if(f.forms > c.most, NULL, 'condition'),
                format('开展自评的项目为{}个，而附有{}个项目的自评表', c.most::BIGINT, f.forms)
            FROM claimed c JOIN form f USING (report_id)
            WHERE f.forms <> c.most AND f.forms NOT IN (
                SELECT sum(amount) FROM core.told t
                WHERE t.report_id = c.report_id AND t.form = 'told_performance' AND t.measure = 'count'
                    AND t.line IN ('projects_first', 'projects_second'))
            """,
            forms=(NE,),
        ),
    ),
)
