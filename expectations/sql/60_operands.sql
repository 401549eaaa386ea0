-- The operands that somebody may need: all of the reports in which a linear identity is broken (the cause finder
-- weighs what holds against what does not), and those of every single breach.

CREATE TEMP TABLE wanted AS
SELECT s.*
FROM scope s
JOIN check_declared c USING (check_no)
LEFT JOIN verdict v
    ON v.report_no = s.report_no AND v.check_no = s.check_no AND v.line_no IS NOT DISTINCT FROM s.line_no
WHERE c.condition = '' AND v.outcome <> 'not_evaluated' AND (
    getvariable('all_operands') OR v.outcome = 'fail' OR v.improbable
    OR s.report_no IN (
        SELECT w.report_no FROM verdict w JOIN check_declared d USING (check_no)
        WHERE w.outcome = 'fail' AND d.severity = 'E'
    )
);

DELETE FROM scope;
INSERT INTO scope SELECT * FROM wanted;

INSERT INTO quality.identity_operand BY NAME
SELECT
    r.report_id,
    a.report_id AS of_report,
    c.identity,
    concat_ws(':', nullif(c.key, ''), n.line) AS instance,
    o.form,
    l.line,
    o.measure,
    o.side,
    sum(o.coefficient)::INTEGER AS coefficient
FROM operand o
JOIN check_declared c USING (check_no)
JOIN report r USING (report_no)
JOIN report a ON a.report_no = o.other_no
JOIN line l ON l.line_no = o.cell_line_no
LEFT JOIN line n ON n.line_no = o.line_no
GROUP BY ALL
ORDER BY ALL;
