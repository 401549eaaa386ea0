-- Which reports a report is compared with.
-- related(report_no, report_id, whose, other_no, other_id): itself as 'own'; 'last_year', the report of the same unit
-- and extent of the year before; 'units', the reports of the units of a department.
-- unrelated(report_no, report_id, whose, reason): the reports that have none, and why.

-- A report covers a whole department (部门), one unit, or cannot be told; 本级 is a unit that has others below it.
CREATE TEMP TABLE related AS
WITH extent AS (
    SELECT
        p.report_no, r.*,
        CASE WHEN r.scope IN ('汇总', '部门') THEN '部门' WHEN r.scope = '本级' THEN '本级' ELSE r.level END AS extent
    FROM core.report r
    JOIN report p USING (report_id)
), heads AS (
    -- units with units of their own: unless theirs is a 本级 report, it may cover those a second time
    SELECT DISTINCT fiscal_year, department_id AS unit_id FROM extent WHERE department_id <> unit_id
), candidate AS (
    SELECT unit_id AS head_id, * FROM extent
    UNION ALL
    SELECT department_id, * FROM extent WHERE department_id NOT IN ('', unit_id)
), member AS (
    SELECT d.report_no, d.report_id, m.report_no AS other_no, m.report_id AS other_id
    FROM extent d
    JOIN candidate m ON m.fiscal_year = d.fiscal_year AND m.head_id = d.unit_id
    LEFT JOIN heads h ON h.fiscal_year = m.fiscal_year AND h.unit_id = m.unit_id
    WHERE d.extent = '部门' AND m.extent IN ('单位', '本级')
        AND (m.unit_id = d.unit_id OR m.extent = '本级' OR h.unit_id IS NULL)
    QUALIFY row_number() OVER (PARTITION BY d.report_no, m.unit_id ORDER BY m.extent = '本级' DESC, m.report_id) = 1
)
SELECT report_no, report_id, 'own' AS whose, report_no AS other_no, report_id AS other_id FROM report
UNION ALL
SELECT now.report_no, now.report_id, 'last_year', before.report_no, before.report_id
FROM extent now
JOIN extent before
    ON before.unit_id = now.unit_id AND before.fiscal_year = now.fiscal_year - 1 AND before.extent = now.extent
QUALIFY row_number() OVER (PARTITION BY now.report_no ORDER BY before.scope = now.scope DESC, before.report_id) = 1
UNION ALL
SELECT report_no, report_id, 'units', other_no, other_id FROM member;

CREATE TEMP TABLE unrelated AS
SELECT r.report_no, r.report_id, w.whose,
    CASE
        WHEN w.whose = 'last_year' THEN 'last_year_absent'
        WHEN c.scope IN ('汇总', '部门') THEN 'units_absent'
        ELSE 'not_a_department'
    END AS reason
FROM report r
JOIN core.report c USING (report_id)
CROSS JOIN (VALUES ('last_year'), ('units')) AS w(whose)
ANTI JOIN related l ON l.report_no = r.report_no AND l.whose = w.whose;
