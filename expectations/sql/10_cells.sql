-- The reports and their figures (cells of tables, claims of the prose) with small numbers for keys, and what is known of every form of every report.
-- Reads core.*, and the declarations in check_declared, term_declared and domain_declared.

CREATE TEMP TABLE report AS
SELECT row_number() OVER (ORDER BY report_id)::INTEGER AS report_no, report_id FROM core.report;

-- absent | blank (nothing in it, and no note why) | empty (nothing in it, and a note) | read
CREATE TEMP TABLE form_state AS
SELECT
    r.report_no,
    r.report_id,
    f.form,
    CASE
        WHEN count(x.form) = 0 THEN 'absent'
        WHEN NOT bool_and(x.blank) THEN 'read'
        WHEN bool_or(trim(coalesce(x.note, '')) <> '') THEN 'empty'
        ELSE 'blank'
    END AS state,
    coalesce(sum(x.lifted) < sum(x.numbers), false) AS incomplete,
    coalesce(flatten(list(x.measures) FILTER (x.measures IS NOT NULL)), []) AS measures,
    f.is_told
FROM report r
CROSS JOIN form_declared f
LEFT JOIN core.figure_form x ON x.report_id = r.report_id AND x.form = f.form
GROUP BY ALL;

CREATE TEMP TABLE line AS
SELECT row_number() OVER ()::INTEGER AS line_no, line
FROM (SELECT line FROM core.figure UNION SELECT line FROM term_declared WHERE line <> '' UNION SELECT parent FROM core.figure);

CREATE TEMP TABLE money_column AS
SELECT row_number() OVER ()::SMALLINT AS column_no, form, measure
FROM (SELECT form, measure FROM term_declared UNION SELECT form, measure FROM core.figure);

CREATE TEMP TABLE printed_line AS
SELECT
    r.report_no, c.form, n.line_no, p.line_no AS parent_no, c.line,
    any_value(nullif(c.level, 0))::TINYINT AS level, bool_or(c.amount <> 0) AS has_money
FROM core.figure c
JOIN report r USING (report_id)
JOIN line n ON n.line = c.line
LEFT JOIN line p ON p.line = c.parent
GROUP BY ALL;

-- which levels of subject codes a form prints; a form whose every cell is zero needs to print none
CREATE TEMP TABLE form_line AS
SELECT report_no, form, bool_or(has_money) AS has_money, list(DISTINCT level) FILTER (level >= 1) AS levels
FROM printed_line
GROUP BY ALL;

-- code lines that have anything printed below them, directly or not
CREATE TEMP TABLE branch AS
SELECT DISTINCT report_no, form, above AS line
FROM (SELECT report_no, form, line, unnest([line[:3], line[:5]]) AS above FROM printed_line WHERE level > 1)
WHERE above <> line;

CREATE TEMP TABLE cell AS
SELECT
    r.report_no,
    m.column_no,
    n.line_no,
    p.line_no AS parent_no,
    nullif(c.level, 0)::TINYINT AS level,
    c.level >= 1 AND b.line IS NULL AS is_leaf,
    c.amount,
    -- what is counted is exact; only in a ratio that is stated so may its last digit be rounded
    if(c.unit IN ('piece', 'flag') OR (c.unit = 'point' AND c.form <> 'performance' AND c.amount = floor(c.amount)), 0, c.precision) AS precision,
    c.precision AS step,
    c.confidence
FROM core.figure c
JOIN report r USING (report_id)
JOIN money_column m USING (form, measure)
JOIN line n ON n.line = c.line
LEFT JOIN line p ON p.line = c.parent
LEFT JOIN branch b ON b.report_no = r.report_no AND b.form = c.form AND b.line = c.line;
