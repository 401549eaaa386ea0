-- The published rows: linear verdicts and predicates under one set of columns, in the order of the identities.

CREATE OR REPLACE TABLE quality.identity_result AS
SELECT
    r.report_id,
    c.identity,
    concat_ws(':', nullif(c.key, ''), n.line) AS instance,
    c.form,
    coalesce(nullif(c.line, ''), n.line, '') AS line,
    c.measure,
    v.relation,
    v.outcome,
    v.reason,
    v.lhs::DECIMAL(18, 4) AS lhs,
    v.rhs::DECIMAL(18, 4) AS rhs,
    v.difference::DECIMAL(18, 4) AS difference,
    v.slack::DECIMAL(18, 4) AS slack,
    v.improbable,
    '' AS detail
FROM verdict v
JOIN check_declared c USING (check_no)
JOIN report r USING (report_no)
LEFT JOIN line n USING (line_no)
UNION ALL
SELECT
    p.report_id, p.identity, p.instance, p.form, p.line, p.measure, '', p.outcome, p.reason,
    c.amount, NULL, NULL, NULL, false, p.detail
FROM predicate_verdict p
LEFT JOIN core.cell c
    ON p.measure <> '' AND (c.report_id, c.form, c.line, c.measure) = (p.report_id, p.form, p.line, p.measure)
ORDER BY identity, report_id, instance;
