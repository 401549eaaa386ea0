-- One row a report whose text tells of procurement.

CREATE OR REPLACE TABLE mart.procurement AS
SELECT
    r.report_id,
    any_value(t.amount) FILTER (t.line = 'total' AND t.measure = 'final') AS total,
    any_value(t.amount) FILTER (t.line = 'goods' AND t.measure = 'final') AS goods,
    any_value(t.amount) FILTER (t.line = 'works' AND t.measure = 'final') AS works,
    any_value(t.amount) FILTER (t.line = 'services' AND t.measure = 'final') AS services,
    any_value(t.amount) FILTER (t.line = 'small_medium' AND t.measure = 'final') AS small_medium,
    any_value(t.amount) FILTER (t.line = 'small' AND t.measure = 'final') AS small,
    any_value(t.amount) FILTER (t.line = 'small_medium' AND t.measure = 'share') AS small_medium_share,
    any_value(t.amount) FILTER (t.line = 'small' AND t.measure = 'share') AS small_share,
    min(t.page) AS page,
    arg_min(t.document, t.page) AS document
FROM core.told t
JOIN mart.report r USING (report_id)
WHERE t.form = 'told_procurement'
GROUP BY r.unit_id, r.fiscal_year, r.report_id
ORDER BY r.unit_id, r.fiscal_year, r.report_id;
