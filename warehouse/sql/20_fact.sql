-- The facts of all versions, each with the level, parent and standard name of its line. In the order of the reports,
-- which core.cell keeps: what asks for one report then reads one row group, not all.
CREATE TABLE core.fact AS
SELECT r.report_id, f.*, n.level, n.parent, n.subject, n.name_status
FROM raw.fact f
JOIN report_document r USING (document)
LEFT JOIN line_name n
    ON n.form = f.form AND n.line = f.line AND n.label = f.label AND n.fiscal_year = r.fiscal_year
ORDER BY r.report_id;
