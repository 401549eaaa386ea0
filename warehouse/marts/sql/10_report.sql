-- One row a report: whose, of which year, where it stands, and whether it counts when a city is added up.
-- Reads the temporary view membership(unit_id, fiscal_year, department_id, department, region).

CREATE OR REPLACE TABLE mart.report AS
WITH RECURSIVE extent AS (
    SELECT
        r.*,
        u.series,
        CASE
            WHEN r.scope IN ('汇总', '部门') THEN 'department'
            WHEN r.scope = '本级' THEN 'own'
            WHEN r.level = '部门' THEN 'department'
            WHEN r.level = '单位' THEN 'unit'
            ELSE ''
        END AS extent,
        CASE extent WHEN 'department' THEN 1 WHEN 'own' THEN 2 WHEN 'unit' THEN 3 ELSE 4 END AS place
    FROM core.report r
    JOIN core.unit u USING (unit_id)
), leads AS (
    SELECT unit_id, fiscal_year, department_id AS above_id, 1 AS step FROM membership WHERE department_id NOT IN ('', unit_id)
    UNION ALL
    SELECT l.unit_id, l.fiscal_year, m.department_id, l.step + 1
    FROM leads l
    JOIN membership m ON m.unit_id = l.above_id AND m.fiscal_year = l.fiscal_year
    WHERE m.department_id NOT IN ('', m.unit_id) AND l.above_id <> l.unit_id AND l.step < 9
), belongs AS (
    -- a unit that is said to be above itself belongs to nobody: in a circle nobody would count
    SELECT * FROM membership m
    WHERE department_id NOT IN ('', unit_id) AND NOT EXISTS (
        FROM leads l WHERE l.unit_id = m.unit_id AND l.fiscal_year = m.fiscal_year AND l.above_id = m.unit_id)
), above AS (
    -- a unit, its department, the department's department
    SELECT unit_id, fiscal_year, unit_id AS above_id, unit AS above, 0 AS step FROM core.unit_year
    UNION ALL
    SELECT a.unit_id, a.fiscal_year, m.department_id, m.department, a.step + 1
    FROM above a
    JOIN belongs m ON m.unit_id = a.above_id AND m.fiscal_year = a.fiscal_year
), whole AS (
    SELECT unit_id, fiscal_year, arg_max(above_id, step) AS whole_id, arg_max(above, step) AS whole
    FROM above
    GROUP BY unit_id, fiscal_year
), consolidated AS (
    SELECT unit_id, fiscal_year, report_id
    FROM extent
    WHERE extent = 'department'
    QUALIFY row_number() OVER (PARTITION BY unit_id, fiscal_year ORDER BY scope = '汇总' DESC, report_id) = 1
), covering AS (
    -- the report of the highest department that has one
    SELECT a.unit_id, a.fiscal_year, arg_max(c.report_id, a.step) AS report_id, max(a.step) AS step
    FROM above a
    JOIN consolidated c ON c.unit_id = a.above_id AND c.fiscal_year = a.fiscal_year
    GROUP BY a.unit_id, a.fiscal_year
), heads AS (
    SELECT DISTINCT department_id AS unit_id, fiscal_year FROM belongs
), counted AS (
    SELECT
        e.report_id,
        CASE
            WHEN c.report_id = e.report_id THEN 'counted'
            WHEN c.report_id IS NOT NULL AND e.extent = 'department' AND c.step = 0 THEN 'same_unit'
            WHEN c.report_id IS NOT NULL THEN 'in_department'
            WHEN row_number() OVER (PARTITION BY e.unit_id, e.fiscal_year ORDER BY e.place, e.report_id) > 1 THEN 'same_unit'
            -- it may cover the units that have reports of their own
            WHEN e.extent = '' AND h.unit_id IS NOT NULL THEN 'extent_unknown'
            ELSE 'counted'
        END AS counted_as,
        if(c.report_id <> e.report_id, c.report_id, NULL) AS counted_in
    FROM extent e
    LEFT JOIN covering c USING (unit_id, fiscal_year)
    LEFT JOIN heads h USING (unit_id, fiscal_year)
), prior AS (
    SELECT now.report_id, before.report_id AS prior_id
    FROM extent now
    JOIN extent before
        ON before.series = now.series AND before.fiscal_year = now.fiscal_year - 1 AND before.extent = now.extent
    QUALIFY row_number() OVER (
        PARTITION BY now.report_id
        ORDER BY before.unit_id = now.unit_id DESC, before.scope = now.scope DESC, before.report_id) = 1
), place AS (
    SELECT document, arg_min(url, (fetched_at, url)) AS url FROM raw.publication WHERE contains(url, '://') GROUP BY document
)
SELECT
    e.report_id, e.unit_id, e.unit, e.series, e.fiscal_year, e.scope, e.level, e.extent,
    coalesce(b.department_id, '') AS department_id,
    coalesce(b.department, '') AS department,
    coalesce(nullif(e.region, ''), m.region, '') AS region,
    w.whole_id, w.whole,
    e.document, e.versions, v.name AS file_name, p.url, v.published_on,
    y.prior_id,
    row_number() OVER (PARTITION BY e.unit_id, e.fiscal_year ORDER BY e.place, e.report_id) = 1 AS is_main,
    n.counted_as = 'counted' AS counts,
    n.counted_as,
    n.counted_in
FROM extent e
JOIN counted n USING (report_id)
JOIN core.version v USING (report_id, document)
JOIN whole w USING (unit_id, fiscal_year)
LEFT JOIN membership m USING (unit_id, fiscal_year)
LEFT JOIN belongs b USING (unit_id, fiscal_year)
LEFT JOIN prior y USING (report_id)
LEFT JOIN place p ON p.document = e.document
ORDER BY e.unit_id, e.fiscal_year, e.report_id;
