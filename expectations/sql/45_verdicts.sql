-- The outcome of every instance.

CREATE TEMP TABLE verdict AS
WITH related AS (
    SELECT
        m.*,
        c.undecided,
        c.unmet,
        g.incomplete,
        g.has_empty_form,
        CASE WHEN coalesce(u.holds, true) THEN c.relation ELSE c.otherwise END AS relation
    FROM compared m
    JOIN check_declared c USING (check_no)
    JOIN gate g ON g.report_no = m.report_no AND g.check_no = m.check_no
    LEFT JOIN circumstance u ON u.report_no = m.report_no AND u.check_no = m.check_no
    WHERE c.condition = ''
), breached AS (
    SELECT
        *,
        has_unknown OR NOT is_printed AS is_lacking,
        (CASE relation WHEN '=' THEN abs(distance) WHEN '<=' THEN distance ELSE -distance END)::DOUBLE AS breach
    FROM related
), judged AS (
    SELECT
        *,
        CASE
            WHEN is_lacking OR relation = '' OR NOT has_base THEN 'not_evaluated'
            WHEN breach <= exact THEN 'exact'
            WHEN breach <= doubtful THEN 'rounding'
            ELSE 'fail'
        END AS raw_outcome,
        CASE
            WHEN NOT is_printed AND has_empty_form THEN 'form_empty'
            WHEN is_lacking AND incomplete THEN 'unread'
            WHEN is_lacking THEN 'line_absent'
            WHEN relation = '' THEN unmet
            WHEN NOT has_base THEN 'zero_base'
            WHEN breach <= doubtful THEN ''
            WHEN incomplete THEN 'unread'
            WHEN confidence < getvariable('confident') THEN 'low_confidence'
            ELSE undecided
        END AS reason
    FROM breached
)
SELECT
    report_no,
    check_no,
    line_no,
    relation,
    if(raw_outcome = 'fail' AND reason <> '', 'not_evaluated', raw_outcome) AS outcome,
    reason,
    lhs,
    rhs,
    lhs - rhs AS difference,
    slack,
    raw_outcome = 'rounding' AND breach > probable AS improbable
FROM judged
UNION ALL
-- a check that stopped at the gate, or found none of the lines that it is about
SELECT
    g.report_no, g.check_no, NULL, c.relation, 'not_evaluated',
    coalesce(g.reason, CASE WHEN g.has_empty_form THEN 'form_empty' WHEN g.incomplete THEN 'unread' ELSE 'line_absent' END), NULL, NULL, NULL, NULL, false
FROM gate g
JOIN check_declared c USING (check_no)
WHERE c.condition = ''
    AND (g.reason IS NOT NULL OR (c.over_lines AND (g.report_no, g.check_no) NOT IN (SELECT report_no, check_no FROM scope)));
