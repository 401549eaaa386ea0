-- One row for every unit and year that must, or need not, publish: all its reports of 80_punctuality together. A unit of
-- which one report is missing is missing, however many others there are.

CREATE OR REPLACE TABLE quality.register AS
WITH told AS (
    SELECT
        unit_id, fiscal_year,
        min(published_on) AS published_on,
        max(deadline) AS deadline,
        max(days_late) AS days_late,
        bool_or(state = 'missing') AS is_missing,
        bool_or(state = 'late') AS is_late,
        bool_and(state = 'exempt') AS is_exempt,
        string_agg(DISTINCT note, '；' ORDER BY note) FILTER (note <> '') AS note,
        string_agg(coalesce(nullif(scope, ''), '未注明范围'), '、' ORDER BY scope) FILTER (state = 'missing') AS lacking
    FROM quality.punctuality
    GROUP BY unit_id, fiscal_year
), standing AS (
    SELECT
        d.*, t.* EXCLUDE (unit_id, fiscal_year, note, deadline), t.note AS told,
        coalesce(t.deadline, due_on(d.fiscal_year, d.approved_on, false)) AS deadline,
        list_contains(d.sources, 'published') AS is_published
    FROM duty d
    LEFT JOIN told t USING (unit_id, fiscal_year)
)
SELECT
    unit_id, unit, region, department_id, department, fiscal_year, sources, known_from,
    CASE
        WHEN is_missing THEN 'missing'
        WHEN is_late THEN 'late'
        WHEN is_published THEN 'published'
        WHEN is_exempt OR excuse <> '' THEN 'exempt'
        WHEN told IS NULL THEN 'pending'
        ELSE 'unknown'
    END AS state,
    published_on, deadline,
    if(state IN ('missing', 'late'), days_late, NULL)::INTEGER AS days_late,
    CASE
        WHEN state = 'missing' AND is_published THEN format('尚缺：{}', lacking)
        WHEN state = 'pending' THEN '期限未到'
        ELSE coalesce(told, excuse)
    END AS note
FROM standing
ORDER BY unit_id, fiscal_year;
