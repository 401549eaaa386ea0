-- What a report's expenditure consists of: by functional class, and by economic class and item; beside the year before.

CREATE OR REPLACE TABLE mart.functional AS
WITH of_class AS (
    -- a table of expenditure without classes leaves those of the first table
    SELECT
        report_id, line AS code,
        coalesce(
            any_value(amount) FILTER (form = 'expenditure' AND measure = 'total'),
            any_value(amount) FILTER (form = 'income_expenditure'))::DECIMAL(18, 4) AS amount,
        any_value(amount) FILTER (form = 'expenditure' AND measure = 'basic') AS basic,
        any_value(amount) FILTER (form = 'expenditure' AND measure = 'project') AS project,
        coalesce(min(page) FILTER (form = 'expenditure'), min(page)) AS page,
        any_value(subject) AS name
    FROM core.cell
    WHERE level = 1 AND (form = 'expenditure' OR form = 'income_expenditure' AND measure = 'amount')
    GROUP BY report_id, line
), spent AS (
    SELECT o.*, coalesce(y.series, o.code) AS series
    FROM of_class o
    JOIN mart.report r USING (report_id)
    LEFT JOIN core.subject_year y ON y.kind = 'functional' AND y.code = o.code AND y.fiscal_year = r.fiscal_year
    WHERE o.amount <> 0
), before AS (
    SELECT report_id, series, sum(amount)::DECIMAL(18, 4) AS amount FROM spent GROUP BY report_id, series
)
SELECT
    s.report_id, s.code, s.name, s.series, s.amount, s.basic, s.project,
    round(100 * s.amount::DOUBLE / nullif(sum(s.amount) OVER (PARTITION BY s.report_id), 0)::DOUBLE, 2)::DECIMAL(9, 2) AS share,
    if(count(*) OVER (PARTITION BY s.report_id, s.series) = 1, b.amount, NULL) AS amount_prior,
    s.page
FROM spent s
JOIN mart.report r USING (report_id)
LEFT JOIN before b ON b.report_id = r.prior_id AND b.series = s.series
ORDER BY r.unit_id, r.fiscal_year, s.report_id, s.code;

CREATE OR REPLACE TABLE mart.economic AS
WITH spent AS (
    SELECT s.report_id, s.code, s.level, s.series, s.amount, s.page, y.name, y.class_code, y.class_name
    FROM mart.subject s
    JOIN core.subject_year y USING (kind, code, fiscal_year)
    WHERE s.kind = 'economic' AND s.amount <> 0
), before AS (
    SELECT report_id, level, series, sum(amount)::DECIMAL(18, 4) AS amount FROM spent GROUP BY report_id, level, series
)
SELECT
    s.report_id, s.code, s.level, s.name, s.class_code, s.class_name, s.series, s.amount,
    round(100 * s.amount::DOUBLE / nullif(f.basic_general, 0)::DOUBLE, 2)::DECIMAL(9, 2) AS share,
    if(count(*) OVER (PARTITION BY s.report_id, s.level, s.series) = 1, b.amount, NULL) AS amount_prior,
    s.page
FROM spent s
JOIN mart.report r USING (report_id)
JOIN mart.figure f USING (report_id)
LEFT JOIN before b ON b.report_id = r.prior_id AND b.level = s.level AND b.series = s.series
ORDER BY r.unit_id, r.fiscal_year, s.report_id, s.code;
