-- One row a report: its key figures as warehouse.marts.figures declares them, how many people it has, the subjects 其他.

CREATE OR REPLACE TABLE mart.figure AS
WITH source (figure, place, form, line, measure) AS (VALUES
    {sources}
), found AS (
    SELECT c.report_id, s.figure, s.place, c.amount
    FROM core.figure c
    JOIN source s ON s.form = c.form AND s.line = c.line AND s.measure = c.measure
), printed AS (
    SELECT
    f.report_id,
    {columns}
    FROM found f
    GROUP BY f.report_id
), page AS (
    SELECT
    report_id,
    {pages}
    FROM core.form_reading
    GROUP BY report_id
), leaf AS (
    -- subject codes below which nothing is printed
    SELECT report_id, form, line, subject, amount, page
    FROM core.cell
    WHERE level >= 1 AND (form = 'expenditure' AND measure = 'total' OR form = 'basic_expenditure' AND measure = 'amount')
    QUALIFY NOT coalesce(starts_with(lead(line) OVER (PARTITION BY report_id, form ORDER BY line), line), false)
), other AS (
    -- 其他…: codes that end in 99, and the classes that are called so
    SELECT
        report_id,
        (sum(amount) FILTER (form = 'expenditure'))::DECIMAL(18, 4) AS functional_other,
        count(*) FILTER (form = 'expenditure' AND is_other AND amount <> 0)::INTEGER AS functional_other_codes,
        (sum(amount) FILTER (form = 'basic_expenditure'))::DECIMAL(18, 4) AS economic_other,
        count(*) FILTER (form = 'basic_expenditure' AND is_other AND amount <> 0)::INTEGER AS economic_other_codes,
        arg_max({code: line, name: subject, amount: amount, page: page}, (amount, line))
            FILTER (form = 'expenditure' AND amount > 0) AS largest
    FROM (
        SELECT * REPLACE (if(is_other, amount, 0) AS amount)
        FROM (SELECT *, line LIKE '%99' OR line IN ('229', '399') AS is_other FROM leaf)
    )
    GROUP BY report_id
), counted AS (
    -- a kind of people that is told with several numbers is that of several units, or of several years
    SELECT
        report_id, kind, any_value(value) AS value, min(page) AS page, any_value(document) AS document,
        CASE
            WHEN regexp_full_match(kind, '(核定|人员|总|机构|单位)?编制(总?数|人数|数量|总额|合计)?') THEN 'posts'
            WHEN regexp_full_match(kind,
                '(行政|事业|参公|政法专项|(行政|机关|后勤)?(工勤|服务)|[全差]额)(人员)?编制(人?数)?') THEN 'posts_of_kind'
            WHEN regexp_full_match(kind, '(实有)?(在[职编岗])+(人员|职工|人数|干部职工|教职工|教师)*(总?数|合计)?') THEN 'serving'
            WHEN regexp_full_match(kind, '(现有|年末)?实有(人员|人数|职工)?(总?数|合计)?') THEN 'there'
        END AS sort
    FROM core.headcount
    GROUP BY report_id, kind
    HAVING count(DISTINCT value) = 1
), people AS (
    SELECT
        report_id,
        CASE
            WHEN count(*) FILTER (sort = 'posts') = 1 THEN any_value(value) FILTER (sort = 'posts')
            WHEN count(*) FILTER (sort = 'posts') = 0 THEN sum(value) FILTER (sort = 'posts_of_kind')
        END::INTEGER AS posts,
        CASE
            WHEN count(*) FILTER (sort = 'serving') = 1 THEN any_value(value) FILTER (sort = 'serving')
            WHEN count(*) FILTER (sort = 'serving') = 0 AND count(*) FILTER (sort = 'there') = 1
                THEN any_value(value) FILTER (sort = 'there')
        END::INTEGER AS staff,
        min(page) AS people_page,
        arg_min(document, page) AS people_document
    FROM counted
    WHERE sort IS NOT NULL
    GROUP BY report_id
)
SELECT
    r.report_id,
    t.* EXCLUDE (report_id) REPLACE (coalesce(t.basic_general, t.personnel + t.public)::DECIMAL(18, 4) AS basic_general),
    g.* EXCLUDE (report_id),
    o.* EXCLUDE (report_id, largest),
    o.largest.code AS largest_other_code,
    o.largest.name AS largest_other_name,
    o.largest.amount AS largest_other,
    o.largest.page AS largest_other_page,
    p.* EXCLUDE (report_id)
FROM mart.report r
LEFT JOIN printed t USING (report_id)
LEFT JOIN page g USING (report_id)
LEFT JOIN other o USING (report_id)
LEFT JOIN people p USING (report_id)
ORDER BY r.unit_id, r.fiscal_year, r.report_id;
