-- Initial budget and final accounts of the general budget by subject, as the text tells them; '' is the total.

CREATE OR REPLACE TABLE mart.execution AS
WITH told AS (
    SELECT
        report_id,
        if(line = 'total', '', line) AS code,
        any_value(label) AS label,
        any_value(amount) FILTER (measure = 'initial_budget') AS initial_budget,
        any_value(amount) FILTER (measure = 'full_budget') AS full_budget,
        any_value(amount) FILTER (measure = 'final') AS final,
        any_value(amount) FILTER (measure = 'completion_initial') AS completion_stated,
        min(page) AS page,
        arg_min(document, page) AS document
    FROM core.told
    WHERE form = 'told_general'
    GROUP BY report_id, line
    HAVING bool_or(measure = 'initial_budget')
), reason AS (
    SELECT report_id, if(line = 'total', '', line) AS code, first(reason ORDER BY claim_no) AS reason
    FROM core.claim
    WHERE topic = 'told_general' AND reason <> '' AND (measure = 'comparison' OR measure LIKE '%budget'
        OR measure LIKE 'completion%' OR measure LIKE 'gap%')
    GROUP BY report_id, line
), printed AS (
    SELECT report_id, if(line = 'total', '', line) AS code, subject, label, amount
    FROM core.cell
    WHERE form = 'general_budget' AND measure = 'total'
)
SELECT
    t.report_id, t.code,
    coalesce(p.subject, p.label, t.label) AS name,
    t.initial_budget, t.full_budget, t.final,
    p.amount AS final_in_table,
    t.completion_stated,
    round(100 * t.final::DOUBLE / nullif(t.initial_budget, 0)::DOUBLE, 2)::DECIMAL(18, 2) AS completion,
    coalesce(q.reason, '') AS reason,
    t.document, t.page
FROM told t
JOIN mart.report r USING (report_id)
LEFT JOIN printed p USING (report_id, code)
LEFT JOIN reason q USING (report_id, code)
ORDER BY r.unit_id, r.fiscal_year, t.report_id, t.code;
