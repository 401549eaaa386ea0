-- Which documents are reports, and which versions a report has.

-- A document counts from its first appearance: a second link found later does not make it newer.
CREATE TEMP TABLE first_seen AS
SELECT
    document,
    -- a file that was taken from a folder was not seen published; its own date says only which version is newer
    min(published_on) FILTER (site <> 'folder') AS published_on,
    min(published_on) AS dated_on,
    min(fetched_at) AS fetched_at
FROM raw.publication
GROUP BY document;

CREATE TEMP TABLE head AS
SELECT
    d.* REPLACE (
        coalesce(u.unit, d.unit, '') AS unit,
        coalesce(d.scope, '') AS scope,
        coalesce(d.level, '') AS level,
        coalesce(u.region, d.region, '') AS region
    ),
    u.unit_id,
    coalesce(u.department_id, '') AS department_id,
    s.published_on,
    s.fetched_at,
    -- without a date, the day on which the file was fetched is the best that is known
    coalesce(s.dated_on, (s.fetched_at AT TIME ZONE 'Asia/Shanghai')::DATE) AS known_since,
    EXISTS (FROM raw.form_reading f WHERE f.document = d.document) AS has_forms,
    EXISTS (FROM raw.issue i WHERE i.document = d.document AND i.kind = 'not_final_accounts') AS is_other
FROM raw.document d
LEFT JOIN document_unit u USING (document)
LEFT JOIN first_seen s USING (document);

-- A report in two files (see pair) is one document here, the one that has the tables. Its head is the narrative's, and
-- what that does not say the tables do; it is complete since both are there.
CREATE TEMP TABLE whole AS
SELECT
    t.* REPLACE (
        coalesce(nullif(n.unit, ''), t.unit) AS unit,
        coalesce(nullif(n.unit_code, ''), t.unit_code) AS unit_code,
        coalesce(nullif(n.department, ''), t.department) AS department,
        coalesce(nullif(n.department_id, ''), t.department_id) AS department_id,
        coalesce(nullif(n.region, ''), t.region) AS region,
        coalesce(n.fiscal_year, t.fiscal_year) AS fiscal_year,
        coalesce(nullif(n.scope, ''), t.scope) AS scope,
        coalesce(nullif(n.level, ''), t.level) AS level,
        if(n.document IS NULL, t.parts, list_sort(list_distinct(list_concat(t.parts, n.parts)))) AS parts,
        coalesce(n.unit_id, t.unit_id) AS unit_id,
        greatest(t.published_on, n.published_on) AS published_on,
        greatest(t.fetched_at, n.fetched_at) AS fetched_at,
        greatest(t.known_since, n.known_since) AS known_since
    ),
    n.document AS narrative,
    CASE
        WHEN t.kind = '压缩包' THEN 'bundle'
        WHEN t.is_other THEN 'not_final_accounts'
        WHEN t.kind = '预算' THEN 'budget'
        WHEN coalesce(t.unit_id, n.unit_id) IS NULL THEN 'unit_unknown'
        WHEN coalesce(t.fiscal_year, n.fiscal_year) IS NULL THEN 'year_unknown'
        ELSE 'report'
    END AS status
FROM head t
LEFT JOIN pair p USING (document)
LEFT JOIN head n ON n.document = p.narrative
WHERE t.document NOT IN (SELECT narrative FROM pair);

-- A department and its own office often publish under one name: 部门决算 and 单位决算 of it are two reports.
-- A document that does not say which of the two it is joins the only one that there is.
CREATE TEMP TABLE report_document AS
WITH leveled AS (
    SELECT
        h.* REPLACE (CASE WHEN h.level = '' AND min(nullif(h.level, '')) OVER same = max(nullif(h.level, '')) OVER same
                          THEN max(nullif(h.level, '')) OVER same ELSE h.level END AS level)
    FROM whole h
    WHERE h.status = 'report'
    WINDOW same AS (PARTITION BY h.unit_id, h.fiscal_year, h.scope)
), scoped AS (
    SELECT * REPLACE (CASE WHEN scope = '' AND level = '部门' THEN '部门' ELSE scope END AS scope)
    FROM leveled
)
SELECT concat_ws('-', unit_id, fiscal_year, nullif(scope, '')) AS report_id, *
FROM scoped;

-- The newest version is the current one; a file in which no table was found never hides one that has tables.
CREATE TABLE core.version AS
SELECT
    report_id,
    document,
    row_number() OVER age AS version_no,
    row_number() OVER (
        PARTITION BY report_id
        ORDER BY has_forms DESC, known_since DESC NULLS LAST, fetched_at DESC NULLS LAST, document DESC
    ) = 1 AS is_current,
    published_on,
    fetched_at,
    name,
    narrative
FROM report_document
WINDOW age AS (
    PARTITION BY report_id ORDER BY known_since NULLS FIRST, fetched_at NULLS FIRST, document
)
ORDER BY report_id, version_no;

CREATE TABLE core.report AS
SELECT
    d.report_id,
    d.unit_id,
    d.unit,
    d.fiscal_year,
    d.scope,
    d.level,
    coalesce(d.department, '') AS department,
    d.department_id,
    d.region,
    d.document,
    n.versions,
    d.parts
FROM report_document d
JOIN core.version v USING (report_id, document)
JOIN (SELECT report_id, count(*) AS versions FROM core.version GROUP BY report_id) n USING (report_id)
WHERE v.is_current
ORDER BY d.report_id;

-- The files of every version: one, or two.
CREATE TEMP TABLE version_file AS
SELECT document, report_id, is_current FROM core.version
UNION ALL
SELECT narrative, report_id, is_current FROM core.version WHERE narrative IS NOT NULL;

-- Every document that was read, also those that are no report of a known unit and year.
CREATE TABLE core.document AS
SELECT
    h.document,
    CASE WHEN v.is_current THEN 'current' WHEN v.report_id IS NOT NULL THEN 'superseded' ELSE w.status END AS status,
    v.report_id,
    coalesce(n.document, w.narrative) AS other_half,
    h.name,
    coalesce(nullif(h.unit, ''), n.unit, w.unit) AS unit,
    coalesce(h.fiscal_year, n.fiscal_year, w.fiscal_year) AS fiscal_year,
    h.kind,
    h.pages,
    h.published_on,
    h.fetched_at,
    coalesce(p.publications, 0) AS publications,
    coalesce(m.members, 0) AS members
FROM head h
LEFT JOIN whole w USING (document)
LEFT JOIN whole n ON n.narrative = h.document
LEFT JOIN version_file v ON v.document = h.document
LEFT JOIN (SELECT document, count(*) AS publications FROM raw.publication GROUP BY document) p ON p.document = h.document
LEFT JOIN (
    -- files out of an archive are published where and when it is: their address begins with its address
    SELECT a.document, count(DISTINCT m.document) AS members
    FROM raw.publication m
    JOIN raw.publication a
        ON a.site = m.site AND a.url = split_part(m.url, '!/', 1) AND a.fetched_at = m.fetched_at
    WHERE contains(m.url, '!/')
    GROUP BY a.document
) m ON m.document = h.document
ORDER BY h.document;

CREATE TABLE core.form_reading AS
SELECT r.report_id, f.*
FROM raw.form_reading f
JOIN core.report r USING (document);

-- What one file of a report lacks and the other has is no issue.
CREATE TABLE core.issue AS
SELECT v.report_id, i.*
FROM raw.issue i
LEFT JOIN version_file v USING (document)
WHERE NOT (i.kind = 'no_tables' AND i.document IN (SELECT narrative FROM pair))
    AND NOT (i.kind IN ('unit_unknown', 'year_unknown') AND v.report_id IS NOT NULL
        AND i.document IN (SELECT unnest([document, narrative]) FROM pair));
