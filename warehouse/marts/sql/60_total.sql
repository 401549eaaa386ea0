-- Departments and regions added up: only reports that count, so that no unit is in it twice. Growth is that of the
-- reports that count in both years: a unit collected in one of them alone is no growth.

CREATE OR REPLACE TABLE mart.department_total AS
WITH report AS (
    SELECT r.*, b.counts AS is_compared
    FROM mart.report r
    LEFT JOIN mart.report b ON b.report_id = r.prior_id AND r.counts AND b.counts
)
SELECT
    r.region, r.whole_id, any_value(r.whole) AS whole, r.fiscal_year,
    count(*) FILTER (r.counts)::INTEGER AS reports,
    count(*) FILTER (NOT r.counts)::INTEGER AS left_out,
    count(*) FILTER (r.counted_as = 'extent_unknown')::INTEGER AS extent_unknown,
    {sums},
    count(*) FILTER (r.is_compared)::INTEGER AS compared_reports,
    (sum(f.expenditure) FILTER (r.is_compared AND p.expenditure IS NOT NULL))::DECIMAL(18, 4) AS expenditure_compared,
    (sum(p.expenditure) FILTER (r.is_compared AND f.expenditure IS NOT NULL))::DECIMAL(18, 4) AS expenditure_prior,
    (sum(f.three_public) FILTER (r.is_compared AND p.three_public IS NOT NULL))::DECIMAL(18, 4) AS three_public_compared,
    (sum(p.three_public) FILTER (r.is_compared AND f.three_public IS NOT NULL))::DECIMAL(18, 4) AS three_public_prior
FROM report r
JOIN mart.figure f USING (report_id)
LEFT JOIN mart.figure p ON p.report_id = r.prior_id
GROUP BY r.region, r.whole_id, r.fiscal_year
ORDER BY r.region, r.whole_id, r.fiscal_year;

CREATE OR REPLACE TABLE mart.region_total AS
SELECT
    region, fiscal_year,
    {sums_of_sums}
FROM mart.department_total
GROUP BY region, fiscal_year
ORDER BY region, fiscal_year;
