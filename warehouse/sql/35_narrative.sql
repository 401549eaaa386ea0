-- The prose and the self-evaluation forms of current versions, and what can be checked of both as figures.

CREATE TEMP TABLE current_file AS
SELECT document, report_id FROM core.version WHERE is_current
UNION ALL
SELECT narrative, report_id FROM core.version WHERE is_current AND narrative IS NOT NULL;

CREATE TABLE core.section AS SELECT f.report_id, s.* FROM raw.section s JOIN current_file f USING (document);
CREATE TABLE core.claim AS
SELECT f.report_id, c.* FROM raw.claim c JOIN current_file f USING (document) ORDER BY f.report_id;
-- What earlier versions said: the other tables of the prose have the current ones only.
CREATE TABLE core.earlier_claim AS
SELECT v.report_id, c.*
FROM raw.claim c
JOIN version_file v USING (document)
WHERE NOT v.is_current;
CREATE TABLE core.headcount AS SELECT f.report_id, h.* FROM raw.headcount h JOIN current_file f USING (document);
-- The other file of a report in two may not say whose list it is: then it is not known which units are meant.
CREATE TABLE core.covered_unit AS
SELECT f.report_id, u.*, coalesce(n.unit_id, '') AS unit_id
FROM raw.covered_unit u
JOIN current_file f USING (document)
LEFT JOIN covered_name n USING (document, name);
CREATE TABLE core.project AS SELECT f.report_id, p.* FROM raw.project p JOIN current_file f USING (document);
CREATE TABLE core.project_figure AS
SELECT f.report_id, p.* FROM raw.project_figure p JOIN current_file f USING (document);
CREATE TABLE core.indicator AS SELECT f.report_id, i.* FROM raw.indicator i JOIN current_file f USING (document);

-- Claims and the figures of projects in the shape of core.cell: a topic of the narrative is a form here, whose first
-- statement of a number stands; 'performance' is one, whose lines are the number of the project and its line (see
-- pipeline.performance.model). There a line that is a sum has its parts as children, and levels tell kinds of lines
-- apart: 1 the total of the money, 2 its sources with parts of their own, 3 other sources, 4 the total score, 5 the score
-- of execution, 6 indicators.
CREATE TABLE core.told AS
SELECT
    c.report_id, r.unit_id, r.fiscal_year, c.topic AS form, c.line, c.measure,
    -- subject codes have levels in prose as well
    CASE WHEN regexp_full_match(c.line, '[0-9]{3}([0-9]{2}){0,2}') THEN (len(c.line) - 1) // 2 ELSE 0 END AS level,
    CASE WHEN regexp_full_match(c.line, '[0-9]{5}([0-9]{2})?') THEN c.line[:-3] ELSE '' END AS parent,
    c.label, '' AS subject, '' AS name_status,
    c.value AS amount, c.precision, c.printed, c.money_unit, c.unit, c.page, c.x0, c.top, c.x1, c.bottom,
    c.claim_no AS row_no, c.confidence, c.document
FROM core.claim c
JOIN core.report r USING (report_id)
WHERE c.topic <> '' AND c.line <> ''
QUALIFY row_number() OVER (
    PARTITION BY c.report_id, c.topic, c.line, c.measure ORDER BY c.document = r.document, c.claim_no
) = 1
UNION ALL BY NAME
SELECT
    f.report_id, r.unit_id, r.fiscal_year, 'performance' AS form, concat_ws('.', f.project, f.line) AS line, f.measure,
    CASE
        WHEN f.line = 'total' THEN 1
        WHEN f.line = 'score' THEN 4
        WHEN f.line = 'execution' THEN 5
        WHEN regexp_full_match(f.line, 'i[0-9]+') THEN 6
        WHEN list_contains(f.sums, f.line) THEN 2
        ELSE 3
    END AS level,
    if(f.part_of <> '', concat_ws('.', f.project, f.part_of), '') AS parent,
    trim(concat_ws(' ', p.name, rtrim(f.label, ':：'))) AS label, '' AS subject, '' AS name_status,
    f.value AS amount, f.precision, f.printed, f.money_unit, f.unit, f.page, f.x0, f.top, f.x1, f.bottom,
    f.project AS row_no, f.confidence, f.document
FROM (
    SELECT
        *,
        list(part_of) OVER form AS sums,
        max(abs(value)) FILTER (measure = 'rate' AND line <> 'total') OVER form AS highest_rate
    FROM core.project_figure
    WINDOW form AS (PARTITION BY report_id, document, project)
) f
JOIN core.project p USING (report_id, document, project)
JOIN core.report r USING (report_id)
-- a form in which every source has the rate 0 states none of them: templates want only that of the total
WHERE NOT (f.measure = 'rate' AND f.line <> 'total' AND f.highest_rate = 0)
-- the forms of one document only: those of another may be the same, under other numbers
QUALIFY dense_rank() OVER (PARTITION BY f.report_id ORDER BY f.document = r.document, f.document) = 1;
