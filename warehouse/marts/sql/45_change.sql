-- One row for every change against the year before that the text states as an amount, with the reason that it gives.

CREATE OR REPLACE TABLE mart.change AS
WITH change AS (
    SELECT * FROM core.claim WHERE measure = 'change' AND line <> ''
), reason AS (
    -- beside the rate, where the amount has none
    SELECT report_id, topic, line, first(reason ORDER BY claim_no) AS reason
    FROM core.claim
    WHERE measure = 'rate' AND reason <> ''
    GROUP BY ALL
)
SELECT
    c.report_id, c.document, c.claim_no, c.topic, c.line, c.label, n.amount AS final, c.value AS change, t.amount AS rate,
    coalesce(nullif(c.reason, ''), q.reason, '') AS reason, c.page
FROM change c
JOIN mart.report r USING (report_id)
LEFT JOIN core.told n ON n.report_id = c.report_id AND n.form = c.topic AND n.line = c.line AND n.measure = 'final'
LEFT JOIN core.told t ON t.report_id = c.report_id AND t.form = c.topic AND t.line = c.line AND t.measure = 'rate'
LEFT JOIN reason q ON q.report_id = c.report_id AND q.topic = c.topic AND q.line = c.line
ORDER BY r.fiscal_year, c.report_id, c.claim_no;
