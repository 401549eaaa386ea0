-- Where the figures stand that are shown of a unit: key figures, and the classes of which its expenditure consists. One
-- row for (report, kind, key); `kind` is figure, functional or economic, `key` the name of the figure or the class.

CREATE OR REPLACE TABLE mart.place AS
WITH source (key, place, form, line, measure) AS (VALUES
    {sources}
), figure AS (
    SELECT c.report_id, 'figure' AS kind, s.key, '' AS name, c.amount, c.printed, false AS is_summed,
        c.document, c.page, c.x0, c.top, c.x1, c.bottom
    FROM core.cell c
    JOIN source s USING (form, line, measure)
    QUALIFY row_number() OVER (PARTITION BY c.report_id, s.key ORDER BY s.place) = 1
), class AS (
    -- a table of expenditure without classes leaves those of the first table
    SELECT
        c.report_id,
        if(c.form = 'basic_expenditure', 'economic', 'functional') AS kind,
        c.line[:3] AS key,
        coalesce(arg_min(nullif(c.subject, ''), c.place), arg_min(c.label, c.place)) AS name,
        -- and some reports print the lower level only
        bool_and(len(c.line) > 3) AS is_summed,
        if(is_summed, sum(c.amount), arg_min(c.amount, c.place))::DECIMAL(18, 4) AS amount,
        arg_min(c.printed, c.place) AS printed,
        any_value(c.document) AS document,
        arg_min({page: c.page, x0: c.x0, top: c.top, x1: c.x1, bottom: c.bottom}, c.place) AS box
    FROM (SELECT *, (form = 'income_expenditure', len(line), row_no) AS place FROM core.cell) c
    WHERE c.form = 'expenditure' AND c.measure = 'total' AND c.level = 1
        OR c.form = 'income_expenditure' AND c.measure = 'amount' AND c.level = 1
        OR c.form = 'basic_expenditure' AND c.measure = 'amount' AND c.level IN (1, 2)
    GROUP BY c.report_id, kind, key
    HAVING amount <> 0
)
SELECT p.*
FROM (
    FROM figure
    UNION ALL BY NAME
    SELECT * EXCLUDE (box), unnest(box) FROM class
) p
JOIN mart.report r USING (report_id)
ORDER BY r.unit_id, r.fiscal_year, p.report_id, p.kind, p.key;
