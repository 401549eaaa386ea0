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
)
SELECT s.kind, s.code, s.fiscal_year, s.report_id, y.level, y.series, s.amount, s.basic, s.project, s.page
FROM spent s
JOIN core.subject_year y USING (kind, code, fiscal_year)
WHERE s.amount IS NOT NULL
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
