-- Interval arithmetic over the operands, then the outcome of every instance.

CREATE TEMP TABLE measured AS
SELECT
    report_no,
    check_no,
    line_no,
    coalesce(sum(coefficient * amount) FILTER (side = 1), 0) AS lhs,
    -coalesce(sum(coefficient * amount) FILTER (side = -1), 0) AS rhs,
    -- each printed number stands for an interval of its own precision: half of it on either side
    coalesce(sum(abs(coefficient) * precision), 0) AS width,
    -- a printed zero is most probably a true zero: it is not expected to add to the rounding
    coalesce(sum((coefficient * precision)::DOUBLE ** 2) FILTER (amount <> 0), 0) / 12 AS variance,
    count(amount) AS printed,
    bool_or(is_unknown) AS has_unknown,
    -- stored as single precision: 0.9 must not come out below 0.9
    coalesce(round(min(confidence)::DOUBLE, 4), 1) AS confidence
FROM operand
GROUP BY ALL;

-- A condition holds where each of its sums was read completely and is 0: exactly, or as far as rounding allows.
CREATE TEMP TABLE holding AS
SELECT g.report_no, c.condition
FROM check_declared c
JOIN gate g USING (check_no)
LEFT JOIN measured m ON m.report_no = g.report_no AND m.check_no = g.check_no
WHERE c.condition <> ''
GROUP BY ALL
HAVING bool_and(
    g.reason IS NULL AND NOT g.incomplete AND NOT m.has_unknown
    AND if(c.rounded, 2 * abs(m.lhs - m.rhs) <= m.width AND m.printed > 0, m.lhs = m.rhs));

CREATE TEMP TABLE circumstance AS
SELECT r.report_no, n.check_no, bool_and(h.report_no IS NOT NULL) AS holds
FROM (SELECT check_no, unnest(conditions) AS condition FROM check_declared) n
CROSS JOIN report r
LEFT JOIN holding h ON h.report_no = r.report_no AND h.condition = n.condition
GROUP BY ALL;

CREATE TEMP TABLE verdict AS
WITH related AS (
    SELECT
        m.*,
        c.undecided,
        c.unmet,
        g.incomplete,
        g.has_empty_form,
        CASE WHEN coalesce(u.holds, true) THEN c.relation ELSE c.otherwise END AS relation,
        m.lhs - m.rhs AS difference
    FROM measured m
    JOIN check_declared c USING (check_no)
    JOIN gate g ON g.report_no = m.report_no AND g.check_no = m.check_no
    LEFT JOIN circumstance u ON u.report_no = m.report_no AND u.check_no = m.check_no
    WHERE c.condition = ''
), breached AS (
    SELECT *, CASE relation WHEN '=' THEN abs(difference) WHEN '<=' THEN difference ELSE -difference END AS breach
    FROM related
), judged AS (
    SELECT
        *,
        CASE
            WHEN has_unknown OR printed = 0 OR relation = '' THEN 'not_evaluated'
            WHEN breach <= 0 THEN 'exact'
            WHEN 2 * breach <= width THEN 'rounding'
            ELSE 'fail'
        END AS raw_outcome,
        CASE
            WHEN printed = 0 AND has_empty_form THEN 'form_empty'
            WHEN (has_unknown OR printed = 0) AND incomplete THEN 'unread'
            WHEN has_unknown OR printed = 0 THEN 'line_absent'
            WHEN relation = '' THEN unmet
            WHEN 2 * breach <= width THEN ''
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
    difference,
    width / 2 AS slack,
    raw_outcome = 'rounding' AND breach::DOUBLE > getvariable('improbable') * sqrt(variance) AS improbable
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
