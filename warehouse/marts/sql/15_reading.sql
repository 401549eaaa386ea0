-- One row a report: its files and how they were read, and how many findings are open.

CREATE OR REPLACE TABLE mart.reading AS
WITH form AS (
    SELECT report_id, count(DISTINCT form) AS forms, sum(lifted)::BIGINT AS numbers FROM core.form_reading GROUP BY report_id
), issue AS (
    SELECT d.report_id, count(*) AS issues
    FROM core.issue i
    JOIN core.document d ON d.document = i.document AND d.status = 'current'
    GROUP BY d.report_id
)
SELECT
    r.report_id, v.fetched_at, d.pages, v.narrative,
    coalesce(f.forms, 0) AS forms, coalesce(f.numbers, 0) AS numbers, coalesce(i.issues, 0) AS issues,
    {open_findings} AS open_findings, n.name AS narrative_name
FROM mart.report r
JOIN core.version v ON v.report_id = r.report_id AND v.document = r.document
JOIN core.document d ON d.document = r.document
LEFT JOIN core.document n ON n.document = v.narrative
LEFT JOIN form f ON f.report_id = r.report_id
LEFT JOIN issue i ON i.report_id = r.report_id
ORDER BY r.unit_id, r.fiscal_year, r.report_id;
