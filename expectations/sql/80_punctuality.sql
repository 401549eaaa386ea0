-- Which reports were published in time, and which are missing. Parameters: the variables today, month, day.
-- Nobody is called late or missing on a guess: what is not known is 'unknown', and `note` says why.

CREATE OR REPLACE TABLE quality.punctuality AS
WITH shown AS (
    -- a file that was taken from a folder was not seen published, and its date is the file's
    SELECT
        document,
        min(published_on) AS stated_on,
        min((fetched_at AT TIME ZONE 'Asia/Shanghai')::DATE) AS fetched_on
    FROM raw.publication
    WHERE site <> getvariable('folder')
    GROUP BY document
), first_version AS (
    -- a corrected version makes nobody late; a report in two files is there when both are
    SELECT v.report_id, max(s.stated_on) AS stated_on, max(s.fetched_on) AS fetched_on
    FROM (SELECT report_id, unnest([document, narrative]) AS document FROM core.version WHERE version_no = 1) v
    JOIN shown s USING (document)
    GROUP BY v.report_id
), report AS (
    SELECT
        r.*, v.fetched_on, v.stated_on,
        coalesce(v.stated_on BETWEEN make_date(r.fiscal_year + 1, 1, 1) AND getvariable('today'), false) AS is_dated
    FROM core.report r
    LEFT JOIN first_version v USING (report_id)
), published AS (
    SELECT
        unit_id, unit, fiscal_year, scope,
        make_date(fiscal_year + 1, getvariable('month'), getvariable('day')) AS deadline,
        if(is_dated, stated_on, NULL) AS published_on,
        CASE
            WHEN is_dated AND stated_on <= deadline OR fetched_on <= deadline THEN 'on_time'
            WHEN is_dated THEN 'late'
            ELSE 'unknown'
        END AS state,
        CASE
            WHEN state <> 'unknown' THEN ''
            WHEN fetched_on IS NULL THEN '文件从文件夹收入，没有见到公开'
            WHEN stated_on IS NULL THEN '网站没有载明公开日期'
            ELSE format('网站所载公开日期 {} 不可信', stated_on)
        END AS note
    FROM report
), place AS (
    SELECT DISTINCT d.report_id, p.site
    FROM core.document d
    JOIN raw.publication p USING (document)
    WHERE d.report_id IS NOT NULL AND p.site <> getvariable('folder')
), collected AS (
    SELECT p.site, r.fiscal_year, r.unit_id FROM place p JOIN core.report r USING (report_id) GROUP BY ALL
), company AS (
    -- years of which the sites of a unit have reports of others
    SELECT DISTINCT mine.unit_id, s.fiscal_year
    FROM (SELECT DISTINCT unit_id, site FROM collected) mine
    JOIN (SELECT site, fiscal_year, count(*) AS units FROM collected GROUP BY ALL) s USING (site)
    LEFT JOIN collected own ON own.site = s.site AND own.fiscal_year = s.fiscal_year AND own.unit_id = mine.unit_id
    WHERE s.units > if(own.unit_id IS NULL, 0, 1)
), unit AS (
    SELECT
        unit_id,
        scope,
        arg_max(unit, fiscal_year) AS unit,
        greatest(min(fiscal_year), year(getvariable('today')) - 20) AS first_year
    FROM core.report
    GROUP BY unit_id, scope
), due AS (
    -- every year after the first, as far as its deadline has passed
    SELECT
        u.*, y.fiscal_year, make_date(y.fiscal_year + 1, getvariable('month'), getvariable('day')) AS deadline,
        (
            SELECT max(r.fiscal_year) FROM core.report r
            WHERE r.unit_id = u.unit_id AND r.scope = u.scope AND r.fiscal_year < y.fiscal_year
        ) AS year_before,
        (
            SELECT max(r.fiscal_year) FROM core.report r
            WHERE r.unit_id = u.unit_id AND r.fiscal_year < y.fiscal_year
        ) AS unit_year_before
    FROM unit u
    JOIN (SELECT unnest(range(year(getvariable('today')) - 20, year(getvariable('today'))))::INTEGER AS fiscal_year) y
        ON y.fiscal_year > u.first_year
    WHERE make_date(y.fiscal_year + 1, getvariable('month'), getvariable('day')) < getvariable('today')
        AND NOT EXISTS (
            FROM core.report r
            WHERE r.unit_id = u.unit_id AND r.scope = u.scope AND r.fiscal_year = y.fiscal_year)
), absent AS (
    SELECT
        d.*,
        CASE
            WHEN (d.unit_id, d.fiscal_year) NOT IN (SELECT unit_id, fiscal_year FROM company)
                THEN '同一网站上没有收集到其他单位这一年度的决算'
            WHEN d.fiscal_year > (SELECT max(r.fiscal_year) FROM core.report r WHERE r.unit_id = d.unit_id) + 2
                THEN '连续两年以上没有公开，单位可能已撤销或更名'
            WHEN d.year_before < d.unit_year_before THEN '单位上一次公开时已没有这一范围的报告'
            -- a scope that it did not have when it last had this one: 部门 in the place of none, say
            WHEN EXISTS (
                FROM core.report now
                WHERE now.unit_id = d.unit_id AND now.fiscal_year = d.fiscal_year AND NOT EXISTS (
                    FROM core.report before
                    WHERE before.unit_id = d.unit_id AND before.scope = now.scope AND before.fiscal_year = d.year_before)
            ) THEN '这一年度以另一范围公开'
            WHEN EXISTS (
                FROM core.document x
                JOIN raw.publication p USING (document)
                WHERE x.report_id IS NULL AND x.status IN ('unit_unknown', 'year_unknown', 'bundle', 'not_final_accounts')
                    AND (x.unit = d.unit OR contains(concat(p.title, p.name, p.url), d.unit))
                    AND coalesce(x.fiscal_year::VARCHAR, nullif(regexp_extract(concat(p.title, p.name), '20[0-9]{2}'), ''),
                        d.fiscal_year::VARCHAR) = d.fiscal_year::VARCHAR
            ) THEN '已公开的文件中有一份可能就是它，但没有读懂'
            ELSE ''
        END AS note
    FROM due d
)
SELECT
    unit_id, unit, fiscal_year, scope, state, published_on, deadline,
    CASE state WHEN 'late' THEN published_on - deadline WHEN 'on_time' THEN 0 END::INTEGER AS days_late,
    note
FROM published
UNION ALL
SELECT
    unit_id, unit, fiscal_year, scope, if(note = '', 'missing', 'unknown'), NULL, deadline,
    if(note = '', getvariable('today') - deadline, NULL)::INTEGER, note
FROM absent
ORDER BY unit_id, fiscal_year, scope;
