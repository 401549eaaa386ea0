-- Who must publish for which year, and by when: known from its earlier reports, from the lists of departments, and from
-- the bureau's own list. Parameters: the variables today, month, day, approval_days, passing_on_days.

CREATE OR REPLACE TEMP TABLE duty_year AS
SELECT unnest(range(year(getvariable('today')) - 20, year(getvariable('today'))))::INTEGER AS fiscal_year;

-- A unit that was renamed (core.unit.series) owes every year once: under the last name that had published by then, or
-- else under its first. Only one of its names publishes in a year.
CREATE OR REPLACE TEMP TABLE renamed AS
SELECT
    u.unit_id, y.fiscal_year,
    coalesce(
        arg_max(o.unit_id, o.first_year) FILTER (o.first_year <= y.fiscal_year), arg_min(o.unit_id, o.first_year)
    ) AS owing_id
FROM core.unit u
JOIN core.unit o USING (series)
CROSS JOIN duty_year y
GROUP BY u.unit_id, y.fiscal_year
HAVING count(*) > 1;

CREATE OR REPLACE TEMP TABLE approval AS
SELECT region, first_year AS fiscal_year, approved_on FROM quality.register_entry WHERE state = 'valid' AND unit = '';

-- Departments publish so many days after the approval; they pass it on to their units, which takes days of its own.
CREATE OR REPLACE TEMP MACRO due_on(fiscal_year, approved_on, is_department) AS coalesce(
    approved_on + (getvariable('approval_days') + if(is_department, 0, getvariable('passing_on_days')))::INTEGER,
    make_date(fiscal_year + 1, getvariable('month'), getvariable('day')));

-- What the bureau's list says of a unit in every year: `excuse` is why it need not publish.
CREATE OR REPLACE TEMP TABLE enrolled AS
WITH yearly AS (
    SELECT
        e.*, y.fiscal_year, coalesce(n.owing_id, e.unit_id) AS owing_id,
        y.fiscal_year BETWEEN e.first_year AND coalesce(e.last_year, y.fiscal_year) AS is_of_year
    FROM quality.register_entry e
    CROSS JOIN duty_year y
    LEFT JOIN renamed n ON n.unit_id = e.unit_id AND n.fiscal_year = y.fiscal_year
    -- that one name ended excuses no other
    WHERE e.state = 'valid' AND e.unit <> '' AND (is_of_year OR coalesce(n.owing_id, e.unit_id) = e.unit_id)
)
SELECT
    owing_id AS unit_id, fiscal_year,
    any_value(unit) AS unit,
    any_value(region) AS region,
    any_value(department) AS department,
    any_value(department_id) AS department_id,
    CASE
        WHEN NOT bool_or(is_of_year) THEN '名录所载的起止年度不含这一年度'
        WHEN max(reason) FILTER (is_of_year) <> '' THEN concat('名录载明不公开：', max(reason) FILTER (is_of_year))
        ELSE ''
    END AS excuse
FROM yearly
GROUP BY owing_id, fiscal_year;

-- What the newest list of its department up to each year says of a unit.
CREATE OR REPLACE TEMP TABLE listed AS
WITH entry AS (
    SELECT
        r.unit_id AS department_id, r.unit AS department, r.region, r.fiscal_year AS listed_year, c.name, c.unit_id,
        c.remark, u.series AS department_series,
        is_own(c.name, r.unit) OR c.unit_id = r.unit_id OR coalesce(o.series = u.series, false) AS is_own
    FROM core.covered_unit c
    JOIN core.report r USING (report_id)
    JOIN core.unit u ON u.unit_id = r.unit_id
    LEFT JOIN core.unit o ON o.unit_id = c.unit_id
    WHERE c.unit_id <> '' AND (r.scope IN ('汇总', '部门') OR r.level = '部门')
), alike AS (
    -- a unit of the department whose name is printed more or less fully in the list
    SELECT e.department_id, e.listed_year, e.name, any_value(r.unit_id) AS unit_id
    FROM entry e
    JOIN core.report r ON r.department_id = e.department_id AND r.unit_id <> e.department_id AND is_alike(r.unit, e.name)
    WHERE NOT e.is_own AND e.unit_id NOT IN (SELECT unit_id FROM core.report)
        AND r.unit_id NOT IN (SELECT unit_id FROM entry x WHERE x.department_id = e.department_id)
    GROUP BY e.department_id, e.listed_year, e.name
    HAVING count(DISTINCT r.unit_id) = 1
), current AS (
    SELECT e.department_series, y.fiscal_year, max(e.listed_year) AS listed_year
    FROM entry e
    JOIN duty_year y ON y.fiscal_year >= e.listed_year
    GROUP BY e.department_series, y.fiscal_year
)
SELECT
    coalesce(n.owing_id, a.unit_id, e.unit_id) AS unit_id,
    s.fiscal_year,
    arg_max(e.name, e.listed_year) AS unit,
    arg_max(e.region, e.listed_year) AS region,
    arg_max(e.department, e.listed_year) AS department,
    arg_max(e.department_id, e.listed_year) AS department_id,
    max(e.listed_year) AS listed_year,
    coalesce(max(e.remark) FILTER (is_within(e.remark)), '') AS within
FROM current s
JOIN entry e USING (department_series, listed_year)
LEFT JOIN alike a USING (department_id, listed_year, name)
LEFT JOIN renamed n ON n.unit_id = coalesce(a.unit_id, e.unit_id) AND n.fiscal_year = s.fiscal_year
WHERE NOT e.is_own
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE duty AS
WITH earlier AS (
    SELECT coalesce(n.owing_id, r.unit_id) AS unit_id, y.fiscal_year, max(r.fiscal_year) AS year_before
    FROM core.report r
    JOIN duty_year y ON y.fiscal_year > r.fiscal_year
    LEFT JOIN renamed n ON n.unit_id = r.unit_id AND n.fiscal_year = y.fiscal_year
    GROUP BY ALL
), source AS (
    SELECT unit_id, fiscal_year, 4 AS place, 'published' AS source, '本年度已公开' AS known_from FROM core.report
    UNION
    SELECT unit_id, fiscal_year, 3, 'previous', format('单位{}年度决算', year_before) FROM earlier
    UNION ALL
    SELECT unit_id, fiscal_year, 2, 'department', format('{}{}年度决算所列单位', department, listed_year)
    FROM listed WHERE within = ''
    UNION ALL
    SELECT unit_id, fiscal_year, 1, 'bureau', '财政部门名录' FROM enrolled
    WHERE excuse = '' OR starts_with(excuse, '名录载明')
), known AS (
    SELECT
        unit_id, fiscal_year,
        list(source ORDER BY place) AS sources,
        string_agg(known_from, '；' ORDER BY place) AS known_from
    FROM source
    GROUP BY unit_id, fiscal_year
), newest AS (
    -- as it was called in that year, or last before, or first after
    SELECT k.unit_id, k.fiscal_year, arg_min({unit: r.unit, region: r.region, department: r.department, department_id: r.department_id},
        (r.fiscal_year > k.fiscal_year, abs(r.fiscal_year - k.fiscal_year), r.report_id)) AS own
    FROM known k
    JOIN core.report r USING (unit_id)
    GROUP BY k.unit_id, k.fiscal_year
)
SELECT
    k.*,
    coalesce(n.own.unit, e.unit, l.unit) AS unit,
    coalesce(e.region, nullif(n.own.region, ''), l.region, '') AS region,
    coalesce(nullif(e.department, ''), l.department, n.own.department, '') AS department,
    coalesce(nullif(e.department_id, ''), l.department_id, n.own.department_id, '') AS department_id,
    coalesce(e.excuse, '') AS excuse,
    coalesce(e.excuse = '', false) AS is_enrolled,
    l.listed_year,
    coalesce(l.within, '') AS within,
    a.approved_on
FROM known k
LEFT JOIN newest n USING (unit_id, fiscal_year)
LEFT JOIN enrolled e USING (unit_id, fiscal_year)
LEFT JOIN listed l USING (unit_id, fiscal_year)
LEFT JOIN approval a
    ON a.fiscal_year = k.fiscal_year AND a.region = coalesce(e.region, nullif(n.own.region, ''), l.region, '');
