-- The cells of every instance in table scope: one fixed set of joins for all identities. `other_no` is the report
-- whose cell it is. An operand that is not printed has no amount; `is_unknown` says that it must not be taken for 0.

CREATE TEMP VIEW operand AS
WITH sought AS (
    SELECT s.*, t.term_no, t.rule, t.column_no, t.line_no AS term_line_no, t.level AS term_level, t.besides, r.other_no
    FROM scope s
    JOIN term t USING (check_no)
    JOIN related r ON r.report_no = s.report_no AND r.whose = t.whose
), found AS (
    SELECT s.* REPLACE (if(s.rule = 'own', s.level, s.term_level) AS term_level),
        c.* EXCLUDE (report_no, column_no, line_no, level), c.line_no AS cell_line_no
    FROM sought s
    LEFT JOIN cell c
        ON c.report_no = s.other_no AND c.column_no = s.column_no AND c.line_no = coalesce(s.term_line_no, s.line_no)
    WHERE s.rule IN ('line', 'own')
    UNION ALL
    SELECT s.* REPLACE (s.level + 1 AS term_level), c.* EXCLUDE (report_no, column_no, line_no, level), c.line_no
    FROM sought s
    LEFT JOIN cell c ON c.report_no = s.other_no AND c.column_no = s.column_no AND c.parent_no = s.line_no
    WHERE s.rule = 'children'
    UNION ALL
    SELECT s.*, c.* EXCLUDE (report_no, column_no, line_no, level), c.line_no
    FROM sought s
    LEFT JOIN cell c
        ON c.report_no = s.other_no AND c.column_no = s.column_no AND c.level = s.term_level
    -- not in the join: DuckDB would compare all rows with all
    WHERE s.rule = 'level' AND NOT coalesce(list_contains(s.besides, c.line_no), false)
    UNION ALL
    SELECT s.* REPLACE (1 AS term_level), c.* EXCLUDE (report_no, column_no, line_no, level), c.line_no
    FROM sought s
    LEFT JOIN cell c ON c.report_no = s.other_no AND c.column_no = s.column_no AND c.is_leaf
    WHERE s.rule = 'leaves'
)
SELECT
    o.report_no,
    o.check_no,
    o.line_no,
    o.other_no,
    t.term_no,
    t.side,
    sign(t.side) * t.coefficient AS coefficient,
    t.form,
    t.measure,
    o.cell_line_no,
    o.amount,
    o.precision,
    o.step,
    o.confidence,
    o.amount IS NULL AND f.state <> 'empty' AND (
        t.needs = 3
        OR (o.term_level IS NOT NULL AND f.state = 'read' AND l.has_money AND NOT coalesce(list_contains(l.levels, o.term_level), false))
    ) AS is_unknown
FROM found o
JOIN term t USING (term_no)
JOIN form_state f ON f.report_no = o.other_no AND f.form = t.form
LEFT JOIN form_line l ON l.report_no = o.other_no AND l.form = t.form;
