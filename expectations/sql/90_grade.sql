-- Grades A to E, with all that is needed to compute them again by hand (docs/grades.zh-CN.md).
-- Weights, points and bounds are those of `expectations.standing`.

CREATE OR REPLACE TABLE quality.grade AS
WITH told AS (
    SELECT
        f.report_id, s.identity, s.instance,
        bool_and(f.waived_until IS NOT NULL) FILTER (f.status <> 'resolved') AS is_waived,
        coalesce(bool_or(f.status = 'unverified' AND f.waived_until IS NULL), false) AS is_unverified,
        coalesce(bool_or(f.status = 'resolved' AND c.finding_id IS NOT NULL), false) AS is_corrected
    FROM quality.finding f
    JOIN symptom s USING (finding_id)
    LEFT JOIN correction c USING (finding_id)
    GROUP BY ALL
), instance AS (
    SELECT i.report_id, i.identity, i.instance, i.outcome, t.is_waived, t.is_unverified, t.is_corrected
    FROM quality.identity_result i
    LEFT JOIN told t USING (report_id, identity, instance)
    UNION ALL
    -- what is no longer printed, or could not be checked again, leaves no result of its own
    SELECT t.report_id, t.identity, t.instance, 'not_evaluated', t.is_waived, t.is_unverified, t.is_corrected
    FROM told t
    ANTI JOIN quality.identity_result i USING (report_id, identity, instance)
), identity AS (
    SELECT
        i.report_id,
        q.severity,
        CASE
            WHEN coalesce(bool_or(i.outcome = 'fail' AND NOT coalesce(i.is_waived, false) OR i.is_unverified), false)
                THEN 'broken'
            WHEN bool_or(i.outcome = 'fail') THEN 'waived'
            WHEN bool_and(i.outcome = 'not_evaluated') THEN 'not_evaluated'
            WHEN coalesce(bool_or(i.is_corrected), false) THEN 'corrected'
            ELSE 'holds'
        END AS state
    FROM instance i
    JOIN quality.identity q USING (identity)
    WHERE q.severity IN ('E', 'W')
    GROUP BY i.report_id, i.identity, q.severity
), counted AS (
    SELECT
        report_id,
        count(*) FILTER (severity = 'E' AND state = 'holds') AS error_holds,
        count(*) FILTER (severity = 'E' AND state = 'corrected') AS error_corrected,
        count(*) FILTER (severity = 'E' AND state = 'broken') AS error_broken,
        count(*) FILTER (severity = 'W' AND state = 'holds') AS warning_holds,
        count(*) FILTER (severity = 'W' AND state = 'corrected') AS warning_corrected,
        count(*) FILTER (severity = 'W' AND state = 'broken') AS warning_broken,
        count(*) FILTER (state = 'waived') AS waived,
        count(*) FILTER (state = 'not_evaluated') AS not_evaluated,
        sum(weight) FILTER (state IN ('holds', 'corrected', 'broken')) AS weighed,
        sum(weight) FILTER (state = 'holds') AS held,
        sum(weight) FILTER (state = 'corrected') AS mended,
        sum(weight) FILTER (state <> 'not_evaluated') AS checked,
        sum(weight) AS total
    FROM (SELECT *, if(severity = 'E', getvariable('error_weight'), 1) AS weight FROM identity)
    GROUP BY report_id
), shared AS (
    SELECT
        r.report_id, r.unit_id, r.unit, r.fiscal_year, r.scope,
        c.* EXCLUDE (report_id, weighed, held, mended, checked, total),
        coalesce(c.total > 0 AND c.checked >= getvariable('least_checked') * c.total AND c.weighed > 0, false) AS is_graded,
        (coalesce(c.held, 0) + getvariable('mended_credit') * coalesce(c.mended, 0)) / c.weighed AS share,
        p.state AS punctuality,
        p.days_late,
        least(getvariable('most_late_points'), coalesce(p.days_late, 0) / getvariable('days_per_point')) AS late_points
    FROM core.report r
    LEFT JOIN counted c USING (report_id)
    LEFT JOIN quality.punctuality p
        ON p.unit_id = r.unit_id AND p.fiscal_year = r.fiscal_year AND p.scope = r.scope
), report AS (
    SELECT *, if(is_graded, round(greatest(100 * share - late_points, 0) + 1e-9, 1), NULL) AS score FROM shared
), unit_part AS (
    SELECT unit_id, unit, fiscal_year, score, false AS is_missing FROM report
    UNION ALL
    -- every day that a report is missing costs a point
    SELECT unit_id, unit, fiscal_year, greatest(100 - days_late, 0), true FROM quality.punctuality WHERE state = 'missing'
), unit AS (
    SELECT
        unit_id, any_value(unit) AS unit, fiscal_year, round(avg(score) + 1e-9, 1) AS score,
        count(*) FILTER (NOT is_missing) AS reports,
        count(*) FILTER (NOT is_missing AND score IS NOT NULL) AS graded_reports,
        count(*) FILTER (is_missing) AS missing_reports
    FROM unit_part
    GROUP BY unit_id, fiscal_year
), graded AS (
    SELECT 'report' AS subject, * EXCLUDE (is_graded), NULL::BIGINT AS reports, NULL::BIGINT AS graded_reports,
        NULL::BIGINT AS missing_reports
    FROM report
    UNION ALL BY NAME
    SELECT 'unit' AS subject, '' AS scope, * FROM unit
)
SELECT
    subject, report_id, unit_id, unit, fiscal_year, scope,
    CASE
        WHEN score >= getvariable('bound_a') THEN 'A' WHEN score >= getvariable('bound_b') THEN 'B'
        WHEN score >= getvariable('bound_c') THEN 'C' WHEN score >= getvariable('bound_d') THEN 'D'
        WHEN score IS NOT NULL THEN 'E' ELSE ''
    END AS grade,
    score::DECIMAL(5, 1) AS score,
    error_holds::INTEGER AS error_holds, error_corrected::INTEGER AS error_corrected, error_broken::INTEGER AS error_broken,
    warning_holds::INTEGER AS warning_holds, warning_corrected::INTEGER AS warning_corrected,
    warning_broken::INTEGER AS warning_broken,
    waived::INTEGER AS waived, not_evaluated::INTEGER AS not_evaluated,
    round(share, 6)::DECIMAL(7, 6) AS share, punctuality, days_late::INTEGER AS days_late,
    round(late_points, 2)::DECIMAL(4, 2) AS late_points,
    reports::INTEGER AS reports, graded_reports::INTEGER AS graded_reports, missing_reports::INTEGER AS missing_reports
FROM graded
ORDER BY subject, unit_id, fiscal_year, scope;
