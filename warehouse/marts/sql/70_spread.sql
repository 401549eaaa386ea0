-- How the reports of a region, year and extent lie: quartiles of what can be compared between units of different size.

CREATE OR REPLACE TABLE mart.spread AS
WITH measured AS (
    SELECT
        r.region, r.fiscal_year, r.extent,
        {measured}
    FROM mart.report r
    JOIN mart.figure f USING (report_id)
    LEFT JOIN mart.figure p ON p.report_id = r.prior_id
    WHERE r.is_main
), listed AS (
    UNPIVOT measured ON {names} INTO NAME figure VALUE value
)
SELECT
    region, fiscal_year, extent, figure,
    count(*)::INTEGER AS reports,
    round(quantile_cont(value, 0.25), 4) AS lower_quartile,
    round(quantile_cont(value, 0.5), 4) AS median,
    round(quantile_cont(value, 0.75), 4) AS upper_quartile
FROM listed
GROUP BY region, fiscal_year, extent, figure
ORDER BY region, fiscal_year, extent, figure;
