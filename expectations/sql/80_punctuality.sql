-- Which reports were published in time, and which are missing of those that are due (75_duty). Parameters: the variables
-- today, folder.
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
        r.unit_id, r.unit, r.fiscal_year, r.scope,
        due_on(r.fiscal_year, d.approved_on, r.scope IN ('汇总', '部门') OR r.level = '部门') AS deadline,
        if(is_dated, stated_on, NULL) AS published_on,
        CASE
            WHEN starts_with(d.excuse, '名录载明') THEN 'exempt'
            WHEN is_dated AND stated_on <= deadline OR fetched_on <= deadline THEN 'on_time'
            WHEN is_dated THEN 'late'
            ELSE 'unknown'
        END AS state,
        CASE
            WHEN state = 'exempt' THEN concat(d.excuse, '，但已公开')
            WHEN state <> 'unknown' THEN ''
            WHEN fetched_on IS NULL THEN '文件从文件夹收入，没有见到公开'
            WHEN stated_on IS NULL THEN '网站没有载明公开日期'
            ELSE format('网站所载公开日期 {} 不可信', stated_on)
        END AS note
    FROM report r
    LEFT JOIN duty d USING (unit_id, fiscal_year)
), place AS (
    SELECT DISTINCT d.report_id, p.site
    FROM core.document d
    JOIN raw.publication p USING (document)
    WHERE d.report_id IS NOT NULL AND p.site <> getvariable('folder')
), collected AS (
    SELECT p.site, r.fiscal_year, r.unit_id, r.region FROM place p JOIN core.report r USING (report_id) GROUP BY ALL
), company AS (
    -- years of which the sites of a unit have reports of others; of one that never published, the sites of its region
    SELECT DISTINCT mine.unit_id, s.fiscal_year
    FROM (
        SELECT DISTINCT unit_id, site FROM collected
        UNION
        SELECT d.unit_id, c.site
        FROM (SELECT DISTINCT unit_id, region FROM duty WHERE unit_id NOT IN (SELECT unit_id FROM collected)) d
        JOIN (SELECT DISTINCT site, region FROM collected) c USING (region)
    ) mine
    JOIN (SELECT site, fiscal_year, count(DISTINCT unit_id) AS units FROM collected GROUP BY ALL) s USING (site)
    LEFT JOIN (SELECT DISTINCT site, fiscal_year, unit_id FROM collected) own
        ON own.site = s.site AND own.fiscal_year = s.fiscal_year AND own.unit_id = mine.unit_id
    WHERE s.units > if(own.unit_id IS NULL, 0, 1)
), history AS (
    -- what a unit published under any of its names
    SELECT r.report_id, r.fiscal_year, r.scope, r.level, u.series FROM core.report r JOIN core.unit u USING (unit_id)
), unit AS (
    SELECT
        series,
        scope,
        arg_max(level, fiscal_year) AS level,
        greatest(min(fiscal_year), year(getvariable('today')) - 20) AS first_year
    FROM history
    GROUP BY series, scope
), owed AS (
    -- every year after the first of a scope; of a unit without an earlier report, one without a scope
    SELECT d.*, u.series, u.scope, u.scope IN ('汇总', '部门') OR u.level = '部门' AS is_department
    FROM duty d
    JOIN core.unit n USING (unit_id)
    JOIN unit u ON u.series = n.series AND u.first_year < d.fiscal_year
    UNION ALL
    SELECT d.*, NULL, '', false
    FROM duty d
    WHERE NOT EXISTS (FROM core.report r WHERE r.unit_id = d.unit_id AND r.fiscal_year <= d.fiscal_year)
), due AS (
    -- as far as the deadline has passed
    SELECT
        u.*, due_on(u.fiscal_year, u.approved_on, u.is_department) AS deadline,
        (
            SELECT max(h.fiscal_year) FROM history h
            WHERE h.series = u.series AND h.scope = u.scope AND h.fiscal_year < u.fiscal_year
        ) AS year_before,
        (
            SELECT max(h.fiscal_year) FROM history h
            WHERE h.series = u.series AND h.fiscal_year < u.fiscal_year
        ) AS unit_year_before
    FROM owed u
    WHERE due_on(u.fiscal_year, u.approved_on, u.is_department) < getvariable('today')
        AND NOT EXISTS (
            FROM core.report r
            WHERE r.unit_id = u.unit_id AND r.scope = u.scope AND r.fiscal_year = u.fiscal_year)
), sibling AS (
    -- years of which there is one of the other units on the same list: a list of which there is none may be of elsewhere
    SELECT DISTINCT d.unit_id, d.fiscal_year
    FROM due d
    JOIN listed l ON l.department_id = d.department_id AND l.fiscal_year = d.fiscal_year AND l.unit_id <> d.unit_id
    JOIN core.report r ON r.unit_id = l.unit_id AND r.fiscal_year = d.fiscal_year
    WHERE d.unit_year_before IS NULL
), pair AS MATERIALIZED (
    -- units that never published, and what was published of their region; not where the bureau's list, or that of the
    -- department, has both
    SELECT d.unit_id, d.fiscal_year, d.unit, r.unit AS other
    FROM due d
    JOIN core.report r ON r.fiscal_year = d.fiscal_year AND r.region IN (d.region, '') AND r.unit_id <> d.department_id
    JOIN duty o ON o.unit_id = r.unit_id AND o.fiscal_year = r.fiscal_year
    WHERE d.unit_year_before IS NULL
        AND NOT (d.is_enrolled AND o.is_enrolled)
        AND NOT coalesce(d.listed_year = o.listed_year AND d.department_id = o.department_id, false)
), alike AS MATERIALIZED (
    SELECT unit, other FROM (SELECT DISTINCT unit, other FROM pair) WHERE may_be(other, unit)
), namesake AS (
    -- what such a unit may have published under more or less of its name
    SELECT unit_id, fiscal_year, min(other) AS unit FROM pair JOIN alike USING (unit, other) GROUP BY unit_id, fiscal_year
), called AS (
    SELECT unit_id, region, fiscal_year, unit AS name FROM due
    UNION
    SELECT d.unit_id, d.region, d.fiscal_year, n.name FROM due d JOIN core.unit_name n USING (series)
), unread AS (
    SELECT DISTINCT c.unit_id, c.fiscal_year
    FROM called c
    CROSS JOIN core.document x
    JOIN raw.publication p USING (document)
    WHERE x.report_id IS NULL AND x.status IN ('unit_unknown', 'year_unknown', 'bundle', 'not_final_accounts')
        AND (x.unit = c.name OR contains(concat(p.title, p.name, p.url), c.name)
            -- a place's own site leaves its name out, but does not put another's there
            OR p.region IN (c.region, '') AND contains(concat(p.title, p.name), short_name(c.name))
            AND regexp_matches(concat(p.title, p.name), concat(
                '(^|^[市州县区旗]|[^省市州盟县区旗])', regexp_escape(short_name(c.name)))))
        AND coalesce(x.fiscal_year::VARCHAR, nullif(regexp_extract(concat(p.title, p.name), '20[0-9]{2}'), ''),
            c.fiscal_year::VARCHAR) = c.fiscal_year::VARCHAR
), absent AS (
    SELECT
        d.*,
        CASE
            WHEN d.excuse <> '' THEN d.excuse
            WHEN (d.unit_id, d.fiscal_year) NOT IN (SELECT unit_id, fiscal_year FROM company)
                THEN '同一网站上没有收集到其他单位这一年度的决算'
            WHEN d.within <> '' AND NOT d.is_enrolled THEN format('主管部门{}年度决算注明“{}”', d.listed_year, d.within)
            -- merged, renamed or dissolved: a later list of the same department does without it
            WHEN NOT d.is_enrolled AND d.listed_year IS NULL AND EXISTS (
                FROM listed l
                LEFT JOIN core.unit o USING (unit_id)
                WHERE coalesce(o.series, l.unit_id) = coalesce(d.series, d.unit_id) AND l.fiscal_year < d.fiscal_year)
                THEN '主管部门后来所列的单位中已没有它，可能已合并、更名或撤销'
            WHEN d.unit_year_before IS NULL AND NOT d.is_enrolled AND d.listed_year < d.fiscal_year - 1
                THEN '主管部门所列单位是两年以前的，单位可能已撤销或更名'
            WHEN d.unit_year_before IS NULL AND NOT d.is_enrolled
                AND (d.unit_id, d.fiscal_year) NOT IN (SELECT unit_id, fiscal_year FROM sibling)
                THEN '主管部门所列其他单位这一年度的决算也没有收集到，可能公开在别处'
            WHEN (d.unit_id, d.fiscal_year) IN (SELECT unit_id, fiscal_year FROM namesake)
                THEN format('已公开的“{}”名称相近，可能就是它', (
                    SELECT any_value(n.unit) FROM namesake n WHERE n.unit_id = d.unit_id AND n.fiscal_year = d.fiscal_year))
            WHEN d.fiscal_year > (SELECT max(r.fiscal_year) FROM core.report r WHERE r.unit_id = d.unit_id) + 2
                AND NOT d.is_enrolled AND coalesce(d.listed_year < d.fiscal_year - 1, true)
                THEN '连续两年以上没有公开，单位可能已撤销或更名'
            WHEN d.year_before < d.unit_year_before THEN '单位上一次公开时已没有这一范围的报告'
            -- a scope that it did not have when it last had this one: 部门 in the place of none, say
            WHEN EXISTS (
                FROM core.report now
                WHERE now.unit_id = d.unit_id AND now.fiscal_year = d.fiscal_year AND NOT EXISTS (
                    FROM history before
                    WHERE before.series = d.series AND before.scope = now.scope AND before.fiscal_year = d.year_before)
            ) THEN '这一年度以另一范围公开'
            WHEN (d.unit_id, d.fiscal_year) IN (SELECT unit_id, fiscal_year FROM unread)
                THEN '已公开的文件中有一份可能就是它，但没有读懂'
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
    unit_id, unit, fiscal_year, scope,
    CASE WHEN note = '' THEN 'missing' WHEN excuse <> '' THEN 'exempt' ELSE 'unknown' END,
    NULL, deadline, if(note = '', getvariable('today') - deadline, NULL)::INTEGER, note
FROM absent
ORDER BY unit_id, fiscal_year, scope;
