-- Current versions: one cell for every (report, form, line, measure), however often its row was printed.

CREATE TEMP VIEW current_fact AS
SELECT f.*, r.unit_id, r.fiscal_year
FROM core.fact f
JOIN core.report r USING (report_id, document);

CREATE TABLE core.printed_row AS
SELECT
    report_id,
    form,
    line,
    row_no,
    any_value(label) AS label,
    any_value(level) AS level,
    any_value(parent) AS parent,
    min(page) AS page,
    any_value(name_status) AS name_status
FROM current_fact
GROUP BY report_id, form, line, row_no
ORDER BY report_id, form, row_no, line;

CREATE TEMP TABLE repeated AS
SELECT DISTINCT report_id, form, line
FROM (
    SELECT report_id, form, line
    FROM current_fact
    GROUP BY report_id, form, line, measure
    HAVING count(*) > 1
);

-- The rows of repeated lines, the fullest first: a later row all of whose cells stand in an earlier one
-- (合计 on every page, perhaps with a cell that could not be read) is the same row printed again.
CREATE TEMP TABLE repeated_fact AS
SELECT
    *,
    dense_rank() OVER (PARTITION BY report_id, form, line ORDER BY measures DESC, row_no) AS place
FROM (
    SELECT f.*, count(*) OVER (PARTITION BY report_id, form, line, row_no) AS measures
    FROM current_fact f
    SEMI JOIN repeated USING (report_id, form, line)
);

CREATE TEMP TABLE printed_again AS
SELECT DISTINCT report_id, form, line, place
FROM (
    SELECT b.report_id, b.form, b.line, b.place
    FROM repeated_fact a
    JOIN repeated_fact b USING (report_id, form, line, measure)
    WHERE a.place < b.place
    GROUP BY b.report_id, b.form, b.line, b.place, a.place
    HAVING bool_and(a.amount = b.amount) AND count(*) = any_value(b.measures)
);

-- What is left differs. Rows of one subject code are parts of it (one row for each source of money) and are
-- added up. A declared line is a total or a balance: the first row that says a number stands.
CREATE TEMP TABLE counted_fact AS
SELECT *
FROM repeated_fact
ANTI JOIN printed_again USING (report_id, form, line, place)
QUALIFY regexp_full_match(line, '[0-9]+')
     OR row_number() OVER (PARTITION BY report_id, form, line, measure ORDER BY printed = '', row_no) = 1;

-- The width of a sum's rounding interval is the sum of the widths: so is its precision.
CREATE TABLE core.cell AS
SELECT
    report_id, unit_id, fiscal_year, form, line, measure, level, parent, label, subject, name_status,
    amount, precision, printed, money_unit, page, x0, top, x1, bottom, row_no, confidence, document
FROM current_fact
ANTI JOIN repeated USING (report_id, form, line)
UNION ALL
SELECT
    report_id,
    any_value(unit_id),
    any_value(fiscal_year),
    form,
    line,
    measure,
    arg_min(level, row_no),
    arg_min(parent, row_no),
    arg_min(label, row_no),
    arg_min(subject, row_no),
    arg_min(name_status, row_no),
    sum(amount)::DECIMAL(18, 4),
    sum(precision)::DECIMAL(18, 4),
    coalesce(string_agg(printed, ' + ' ORDER BY row_no) FILTER (printed <> ''), ''),
    arg_min(money_unit, row_no),
    arg_min(page, row_no),
    arg_min(x0, row_no),
    arg_min(top, row_no),
    arg_min(x1, row_no),
    arg_min(bottom, row_no),
    min(row_no),
    min(confidence),
    any_value(document)
FROM counted_fact
GROUP BY report_id, form, line, measure;
