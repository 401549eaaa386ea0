-- Units over the years: whose they are, what they are, what they were called. Before 90_clean: reads report_document.

-- A department's report covers a whole department; 本级 is that of the head of one alone; of the rest the level tells.
CREATE TEMP VIEW report_extent AS
SELECT
    *,
    CASE
        WHEN scope IN ('汇总', '部门') THEN 'department'
        WHEN scope = '本级' THEN 'own'
        WHEN level = '部门' THEN 'department'
        WHEN level = '单位' THEN 'unit'
        ELSE ''
    END AS extent
FROM core.report;

-- Which department lists a unit: in that year, or last before, or else first after.
CREATE TEMP TABLE listed_under AS
SELECT
    u.unit_id, u.fiscal_year, d.unit_id AS department_id, d.unit AS department
FROM (SELECT DISTINCT unit_id, fiscal_year FROM core.report) u
JOIN core.covered_unit c USING (unit_id)
JOIN report_extent d ON d.report_id = c.report_id
WHERE d.extent = 'department' AND d.unit_id <> u.unit_id
QUALIFY row_number() OVER (
    PARTITION BY u.unit_id, u.fiscal_year
    ORDER BY d.fiscal_year > u.fiscal_year, abs(d.fiscal_year - u.fiscal_year), d.unit_id) = 1;

-- What a unit says that it is: a sentence of the overview whose subject is the unit itself.
CREATE TEMP TABLE said_kind AS
SELECT unit_id, fiscal_year, words
FROM (
    SELECT
        r.unit_id, r.fiscal_year, r.report_id, s.section,
        -- one pattern for all: a name of its own for every unit takes a hundred times as long
        regexp_extract(replace(s.text, r.unit, '本单位'), concat(
            '(?:^|[。；\n])[本我](?:单位|局|委|办|厅|院|校|会|所|站|馆|中心|队)[^。；，\n]*?(?:是|为|属于?|系)[^。；，\n]*?',
            '((?:参照[^。；，\n]*管理的?)?(?:(?:公益[一二三]?类|[全差]额拨款|自收自支|财政补助)[^。；，\n]*)?事业单位',
            '|行政机关|行政单位|(?:工作|组成)部门)'), 1) AS words
    FROM core.section s
    JOIN core.report r USING (report_id)
    WHERE s.part = 1 AND regexp_matches(s.text, '事业单位|行政机关|行政单位|工作部门|组成部门')
)
WHERE words <> ''
QUALIFY row_number() OVER (PARTITION BY unit_id, fiscal_year ORDER BY report_id, section) = 1;

CREATE TABLE core.unit_year AS
SELECT
    r.unit_id,
    r.fiscal_year,
    arg_max(r.unit, (d.known_since, r.report_id)) AS unit,
    arg_max(r.region, r.report_id) AS region,
    coalesce(any_value(l.department_id), max(r.department_id) FILTER (r.department_id <> r.unit_id), '') AS department_id,
    coalesce(
        any_value(l.department),
        arg_max(r.department, r.department_id) FILTER (r.department_id NOT IN ('', r.unit_id)), ''
    ) AS department,
    CASE
        WHEN any_value(l.department_id) IS NOT NULL THEN 'list'
        WHEN count(*) FILTER (r.department_id NOT IN ('', r.unit_id)) > 0 THEN 'report'
        ELSE ''
    END AS department_from,
    CASE
        WHEN contains(any_value(k.words), '参照') THEN 'civil_service_institution'
        WHEN contains(any_value(k.words), '事业单位') THEN 'institution'
        WHEN any_value(k.words) IS NOT NULL THEN 'administrative'
        ELSE ''
    END AS kind,
    coalesce(any_value(k.words), '') AS kind_words,
    max(d.unit_code) AS unit_code,
    count(*)::INTEGER AS reports
FROM core.report r
JOIN report_document d USING (report_id, document)
LEFT JOIN listed_under l ON l.unit_id = r.unit_id AND l.fiscal_year = r.fiscal_year
LEFT JOIN said_kind k ON k.unit_id = r.unit_id AND k.fiscal_year = r.fiscal_year
GROUP BY r.unit_id, r.fiscal_year
ORDER BY r.unit_id, r.fiscal_year;

-- Another unit of the region took over the code of one that published no more: the same unit under a new name. Codes of
-- departments (three digits) are printed by all their units, and codes of another place mean others.
CREATE TEMP TABLE succession AS
WITH span AS (
    SELECT
        unit_id, min(fiscal_year) AS first_year, max(fiscal_year) AS last_year,
        min(region) AS region, max(unit_code) AS unit_code
    FROM core.unit_year
    GROUP BY unit_id
    HAVING min(region) = max(region) AND min(region) <> ''
        AND count(DISTINCT unit_code) FILTER (unit_code <> '') = 1 AND regexp_full_match(max(unit_code), '[0-9]{6,}')
)
SELECT before.unit_id, after.unit_id AS later_id
FROM span before
JOIN span after
    ON after.region = before.region AND after.unit_code = before.unit_code AND after.first_year = before.last_year + 1
QUALIFY count(*) OVER (PARTITION BY before.unit_id) = 1 AND count(*) OVER (PARTITION BY after.unit_id) = 1
    -- a code that two bear at once tells nobody apart
    AND NOT EXISTS (
        FROM span other
        WHERE other.region = before.region AND other.unit_code = before.unit_code
            AND other.unit_id NOT IN (before.unit_id, after.unit_id)
            AND other.first_year <= after.last_year AND other.last_year >= before.first_year);

-- A unit is called as in its newest report, and so is what that one does not say. `series` is the unit that it became.
CREATE TABLE core.unit AS
WITH RECURSIVE chain AS (
    SELECT unit_id, unit_id AS series, 0 AS step FROM (SELECT DISTINCT unit_id FROM core.unit_year)
    UNION ALL
    SELECT c.unit_id, s.later_id, c.step + 1 FROM chain c JOIN succession s ON s.unit_id = c.series
)
SELECT
    u.unit_id,
    arg_max(u.unit, u.fiscal_year) AS unit,
    coalesce(arg_max(u.department_id, u.fiscal_year) FILTER (u.department <> ''), '') AS department_id,
    coalesce(arg_max(u.department, u.fiscal_year) FILTER (u.department <> ''), '') AS department,
    arg_max(u.region, u.fiscal_year) AS region,
    coalesce(arg_max(u.kind, u.fiscal_year) FILTER (u.kind <> ''), '') AS kind,
    coalesce(arg_max(u.unit_code, u.fiscal_year) FILTER (u.unit_code <> ''), '') AS unit_code,
    min(u.fiscal_year) AS first_year,
    max(u.fiscal_year) AS last_year,
    any_value(c.series) AS series
FROM core.unit_year u
JOIN (SELECT unit_id, arg_max(series, step) AS series FROM chain GROUP BY unit_id) c USING (unit_id)
GROUP BY u.unit_id
ORDER BY u.unit_id;

-- Every stretch of years in which a unit was called so, by the series: what it was called before it got another name too.
CREATE TABLE core.unit_name AS
WITH named AS (
    SELECT u.series, y.unit_id, y.unit AS name, y.fiscal_year
    FROM core.unit_year y
    JOIN core.unit u USING (unit_id)
), turned AS (
    SELECT *, name IS DISTINCT FROM lag(name) OVER years AS is_new
    FROM named
    WINDOW years AS (PARTITION BY series ORDER BY fiscal_year, unit_id)
), stretched AS (
    SELECT *, sum(is_new::INTEGER) OVER (PARTITION BY series ORDER BY fiscal_year, unit_id) AS name_no FROM turned
)
SELECT
    series, name_no::INTEGER AS name_no, any_value(unit_id) AS unit_id, any_value(name) AS name,
    min(fiscal_year) AS first_year, max(fiscal_year) AS last_year
FROM stretched
GROUP BY series, name_no
ORDER BY series, name_no;
