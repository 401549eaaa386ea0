-- Subject codes by year as the current reports print them, with the names above them and the series they belong to.

CREATE TABLE core.subject_year AS
WITH printed AS (
    SELECT f.classification AS kind, c.line AS code, c.fiscal_year, c.report_id, c.subject, c.name_status
    FROM core.cell c
    JOIN ref.form f ON f.form = c.form
    WHERE f.classification <> '' AND c.level >= 1
), named AS (
    SELECT
        kind, code, fiscal_year,
        mode(subject) AS name,
        bool_or(name_status NOT IN ('unknown_code', 'generic')) AS is_known,
        count(DISTINCT report_id)::INTEGER AS reports
    FROM printed
    GROUP BY kind, code, fiscal_year
), known AS (
    SELECT 'functional' AS kind, code, name FROM ref.functional_subject
    UNION ALL
    SELECT 'economic', code, name FROM ref.economic_subject
)
SELECT
    n.kind, n.code, n.fiscal_year,
    ((len(n.code) - 1) // 2)::INTEGER AS level,
    if(len(n.code) > 3, n.code[:-3], '') AS parent,
    n.name,
    n.code[:3] AS class_code,
    coalesce(c.name, kc.name, '') AS class_name,
    if(len(n.code) >= 5, n.code[:5], '') AS group_code,
    coalesce(g.name, kg.name, '') AS group_name,
    coalesce(s.series, n.code) AS series,
    n.is_known,
    n.reports
FROM named n
LEFT JOIN named c ON c.kind = n.kind AND c.code = n.code[:3] AND c.fiscal_year = n.fiscal_year
LEFT JOIN known kc ON kc.kind = n.kind AND kc.code = n.code[:3]
LEFT JOIN named g ON g.kind = n.kind AND g.code = n.code[:5] AND g.fiscal_year = n.fiscal_year AND len(n.code) >= 5
LEFT JOIN known kg ON kg.kind = n.kind AND kg.code = n.code[:5] AND len(n.code) >= 5
LEFT JOIN ref.subject_name s ON s.kind = n.kind AND s.code = n.code
    AND n.fiscal_year BETWEEN coalesce(s.first_year, 0) AND coalesce(s.last_year, 9999)
ORDER BY n.kind, n.code, n.fiscal_year;
