-- What every report spent on every subject that it prints, by code; and what all of them together did.

CREATE OR REPLACE TABLE mart.subject AS
WITH spent AS (
    SELECT
        'functional' AS kind, report_id, fiscal_year, line AS code,
        any_value(amount) FILTER (measure = 'total') AS amount,
        any_value(amount) FILTER (measure = 'basic') AS basic,
        any_value(amount) FILTER (measure = 'project') AS project,
        min(page) AS page
    FROM core.cell
    WHERE form = 'expenditure' AND level >= 1
    GROUP BY report_id, fiscal_year, line
    UNION ALL
    SELECT 'economic', report_id, fiscal_year, line, amount, NULL, NULL, page
    FROM core.cell
    WHERE form = 'basic_expenditure' AND level >= 1 AND measure = 'amount'
), subject AS (
    SELECT s.*, y.level, y.series
    FROM spent s
    JOIN core.subject_year y USING (kind, code, fiscal_year)
    WHERE s.amount IS NOT NULL
), code AS (
    SELECT report_id, kind, code FROM subject WHERE amount <> 0
), series AS (
    SELECT DISTINCT report_id, kind, series FROM subject WHERE amount <> 0
), reading AS (
    SELECT DISTINCT report_id, kind, level FROM subject
), blank AS (
    -- a table without a number in it, of which the report says that there is nothing to print
    SELECT report_id, if(form = 'expenditure', 'functional', 'economic') AS kind
    FROM core.form_reading
    WHERE form IN ('expenditure', 'basic_expenditure')
    GROUP BY report_id, form
    HAVING bool_and(blank) AND bool_or(trim(note) <> '')
)
SELECT
    s.kind, s.code, s.fiscal_year, s.report_id, s.level, s.series, s.amount, s.basic, s.project,
    CASE
        WHEN c.code IS NOT NULL OR o.series IS NOT NULL THEN true
        -- of a table that was not read nothing is known
        WHEN p.report_id IS NOT NULL OR b.report_id IS NOT NULL THEN false
    END AS had_before,
    s.page
FROM subject s
JOIN mart.report r USING (report_id)
LEFT JOIN code c ON c.report_id = r.prior_id AND c.kind = s.kind AND c.code = s.code
LEFT JOIN series o ON o.report_id = r.prior_id AND o.kind = s.kind AND o.series = s.series
LEFT JOIN reading p ON p.report_id = r.prior_id AND p.kind = s.kind AND p.level = s.level
LEFT JOIN blank b ON b.report_id = r.prior_id AND b.kind = s.kind
ORDER BY s.kind, s.code, s.fiscal_year, s.report_id;

CREATE OR REPLACE TABLE mart.subject_total AS
SELECT
    s.kind, s.code, s.fiscal_year, r.region,
    count(*) FILTER (s.amount <> 0)::INTEGER AS reports,
    count(*) FILTER (s.amount <> 0 AND r.counts)::INTEGER AS counted_reports,
    coalesce(sum(s.amount) FILTER (r.counts), 0)::DECIMAL(18, 4) AS amount,
    (sum(s.basic) FILTER (r.counts))::DECIMAL(18, 4) AS basic,
    (sum(s.project) FILTER (r.counts))::DECIMAL(18, 4) AS project
FROM mart.subject s
JOIN mart.report r USING (report_id)
GROUP BY s.kind, s.code, s.fiscal_year, r.region
ORDER BY s.kind, s.code, s.fiscal_year, r.region;
