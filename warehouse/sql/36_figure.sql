-- All that is judged: one figure for every (report, form, line, measure), and the forms and topics that were read.

CREATE VIEW core.figure AS
SELECT *, 'yuan' AS unit FROM core.cell
UNION ALL BY NAME
SELECT * FROM core.told;

-- Of a section of prose, `numbers` are its amounts, rates and counts, `lifted` those that became claims.
CREATE VIEW core.figure_form AS
SELECT report_id, form, measures, blank, note, numbers, lifted FROM core.form_reading
UNION ALL BY NAME
SELECT
    report_id, form, list(DISTINCT measure) FILTER (measure IS NOT NULL) AS measures, false AS blank, '' AS note,
    sum(numbers)::INTEGER AS numbers, sum(lifted)::INTEGER AS lifted
FROM (
    SELECT report_id, form, measure, 0 AS numbers, 0 AS lifted FROM core.told
    UNION ALL
    SELECT report_id, topic, NULL, amounts, claimed FROM core.section WHERE topic <> ''
)
GROUP BY ALL;
