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
    c.factor,
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

-- What there is nothing to compare with is said once, not for every check.
INSERT INTO quality.identity_result BY NAME
SELECT
    u.report_id, d.identity, '' AS instance, i.forms[1] AS form, '' AS line, '' AS measure, '' AS relation,
    'not_evaluated' AS outcome, u.reason, false AS improbable, '' AS detail
FROM compared_declared d
JOIN quality.identity i USING (identity)
JOIN unrelated u USING (whose)
ORDER BY ALL;

-- Predicates: each form that was read and has no breach passes once; without forms, the whole report does.
INSERT INTO quality.identity_result BY NAME
WITH judged AS (
    SELECT
        r.report_id,
        p.identity,
        p.form,
        if(p.single, '', p.form) AS instance,
        coalesce(f.incomplete, false) AS incomplete,
        coalesce(f.state = 'read' OR (f.state = 'blank' AND p.blank), true) AS is_judged,
        coalesce('form_' || f.state, '') AS state
    FROM predicate_form p
    CROSS JOIN report r
    LEFT JOIN form_state f ON f.report_id = r.report_id AND f.form = p.form
    ANTI JOIN (SELECT u.report_id, d.identity FROM compared_declared d JOIN unrelated u USING (whose)) a
        ON a.report_id = r.report_id AND a.identity = p.identity
), unsure AS (
    -- a code, name or amount that was hardly legible
    SELECT report_id, form, line, measure FROM core.figure WHERE round(confidence::DOUBLE, 4) < getvariable('confident')
), doubted AS (
    SELECT
        b.* EXCLUDE (reason),
        coalesce(b.reason, if(EXISTS (
            FROM unsure u
            WHERE u.report_id = b.report_id AND u.form = b.form AND u.line = b.line AND b.measure IN ('', u.measure)
        ), 'low_confidence', NULL)) AS reason
    FROM breach b
), verdict AS (
    SELECT
        b.report_id, b.identity, b.instance, b.form, b.line, b.measure, b.detail,
        coalesce(b.reason, if(j.incomplete, 'unread', '')) AS reason,
        coalesce(b.reason, if(j.incomplete, 'unread', NULL)) IS NULL AS is_broken,
        false AS passes
    FROM doubted b
    -- the breach of a predicate without forms may still name one
    LEFT JOIN judged j ON j.report_id = b.report_id AND j.identity = b.identity AND j.form = b.form
    WHERE coalesce(j.is_judged, true)
    UNION ALL
    SELECT
        j.report_id, j.identity, j.instance, j.form, '', '', '', if(j.is_judged, '', j.state), false, j.is_judged
    FROM judged j
    ANTI JOIN breach b
        ON b.report_id = j.report_id AND b.identity = j.identity AND (b.form = j.form OR j.form = '') AND j.is_judged
)
SELECT
    v.report_id,
    v.identity,
    v.instance,
    v.form,
    v.line,
    v.measure,
    '' AS relation,
    CASE WHEN v.passes THEN 'exact' WHEN v.is_broken THEN 'fail' ELSE 'not_evaluated' END AS outcome,
    v.reason,
    c.amount AS lhs,
    false AS improbable,
    v.detail
FROM verdict v
LEFT JOIN core.figure c USING (report_id, form, line, measure)
ORDER BY v.identity, v.report_id, v.instance;
