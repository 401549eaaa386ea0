-- The published rows: linear verdicts and predicates under one set of columns, identity by identity.

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
ORDER BY v.check_no, v.report_no, v.line_no;

INSERT INTO quality.identity_result BY NAME
SELECT
    p.report_id,
    p.identity,
    p.instance,
    p.form,
    p.line,
    p.measure,
    '' AS relation,
    p.outcome,
    p.reason,
    c.amount AS lhs,
    false AS improbable,
    p.detail
FROM predicate_verdict p
LEFT JOIN core.cell c USING (report_id, form, line, measure)
ORDER BY p.identity, p.report_id, p.instance;
