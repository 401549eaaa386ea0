-- Which instances of which checks there are in which report.

CREATE TEMP TABLE term AS
SELECT
    t.* EXCLUDE (line, besides),
    m.column_no,
    n.line_no,
    (SELECT coalesce(list(b.line_no), []) FROM line b WHERE list_contains(t.besides, b.line)) AS besides
FROM term_declared t
JOIN money_column m USING (form, measure)
LEFT JOIN line n ON t.line <> '' AND n.line = t.line;

-- What stands in the way of a check in a report as a whole, there or in the reports that it is compared with. The
-- order of the reasons is their precedence. What has nothing to be compared with does not come this far.
CREATE TEMP TABLE gate AS
WITH lacking AS (
    SELECT DISTINCT u.report_no, t.check_no FROM term t JOIN unrelated u USING (whose)
)
SELECT
    r.report_no,
    t.check_no,
    CASE min(CASE
        WHEN t.whose <> 'own' AND t.needs >= 1 AND (f.state IN ('absent', 'blank')
            OR (f.state = 'read' AND t.needs >= 2 AND NOT list_contains(f.measures, t.measure))) THEN 4
        WHEN f.state = 'absent' AND t.needs >= 1 THEN 1
        WHEN f.state = 'blank' AND t.needs >= 1 THEN 2
        WHEN f.state = 'read' AND t.needs >= 2 AND NOT list_contains(f.measures, t.measure) THEN if(f.is_told, 5, 3)
    END) WHEN 1 THEN 'form_absent' WHEN 2 THEN 'form_blank' WHEN 3 THEN 'measure_absent'
        WHEN 4 THEN 'related_unread' WHEN 5 THEN 'line_absent' END AS reason,
    -- a claim is what it is, whatever else its section says; only what is said of all lines, or not at all, is not
    bool_or(f.incomplete AND (NOT f.is_told OR t.needs < 3 OR t.is_set)) AS incomplete,
    bool_or(f.state = 'empty') AS has_empty_form
FROM (SELECT DISTINCT check_no, form, measure, needs, whose, rule NOT IN ('line', 'own') AS is_set FROM term) t
JOIN related r USING (whose)
JOIN form_state f ON f.report_no = r.other_no AND f.form = t.form
ANTI JOIN lacking l ON l.report_no = r.report_no AND l.check_no = t.check_no
GROUP BY ALL;

CREATE TEMP TABLE scope AS
SELECT g.report_no, g.check_no, NULL::INTEGER AS line_no, NULL::TINYINT AS level
FROM gate g
JOIN check_declared c USING (check_no)
WHERE g.reason IS NULL AND NOT c.over_lines
UNION ALL
SELECT DISTINCT g.report_no, g.check_no, p.line_no, p.level
FROM domain_declared d
JOIN printed_line p ON p.form = d.form AND (p.level = d.level OR p.line = d.line)
JOIN related r ON r.whose = d.whose AND r.other_no = p.report_no
JOIN gate g ON g.report_no = r.report_no AND g.check_no = d.check_no
WHERE g.reason IS NULL;
