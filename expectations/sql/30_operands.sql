-- The cells of every instance in table scope: one fixed set of joins for all identities. An operand that is not
-- printed has no amount; `is_unknown` says that it must not be taken for 0.

CREATE TEMP VIEW operand AS
WITH found AS (
    SELECT s.*, t.term_no, if(t.rule = 'own', s.level, t.level) AS term_level,
        c.* EXCLUDE (report_no, line_no, level), c.line_no AS cell_line_no
    FROM scope s
    JOIN term t USING (check_no)
    LEFT JOIN cell c
        ON c.report_no = s.report_no AND c.column_no = t.column_no AND c.line_no = coalesce(t.line_no, s.line_no)
    WHERE t.rule IN ('line', 'own')
    UNION ALL
    SELECT s.*, t.term_no, s.level + 1, c.* EXCLUDE (report_no, line_no, level), c.line_no
    FROM scope s
    JOIN term t USING (check_no)
    LEFT JOIN cell c ON c.report_no = s.report_no AND c.column_no = t.column_no AND c.parent_no = s.line_no
    WHERE t.rule = 'children'
    UNION ALL
    SELECT s.*, t.term_no, t.level, c.* EXCLUDE (report_no, line_no, level), c.line_no
    FROM scope s
    JOIN term t USING (check_no)
    LEFT JOIN cell c
        ON c.report_no = s.report_no AND c.column_no = t.column_no AND c.level = t.level
    -- not in the join: DuckDB would compare all rows with all
    WHERE t.rule = 'level' AND NOT coalesce(list_contains(t.besides, c.line_no), false)
    UNION ALL
    SELECT s.*, t.term_no, 1, c.* EXCLUDE (report_no, line_no, level), c.line_no
    FROM scope s
    JOIN term t USING (check_no)
    LEFT JOIN cell c ON c.report_no = s.report_no AND c.column_no = t.column_no AND c.is_leaf
    WHERE t.rule = 'leaves'
)
SELECT
    o.report_no,
    o.check_no,
    o.line_no,
    t.term_no,
    t.side,
    t.side * t.coefficient AS coefficient,
    t.form,
    t.measure,
    o.cell_line_no,
    o.amount,
    o.precision,
    o.confidence,
    o.amount IS NULL AND f.state <> 'empty' AND (
        t.needs = 3
        OR (o.term_level IS NOT NULL AND f.state = 'read' AND l.has_money AND NOT list_contains(l.levels, o.term_level))
    ) AS is_unknown
FROM found o
JOIN term t USING (term_no)
JOIN form_state f ON f.report_no = o.report_no AND f.form = t.form
LEFT JOIN form_line l ON l.report_no = o.report_no AND l.form = t.form;
