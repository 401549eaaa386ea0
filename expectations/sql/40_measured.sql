-- Interval arithmetic over the operands, and which conditions hold.

CREATE TEMP TABLE measured AS
SELECT
    report_no,
    check_no,
    line_no,
    coalesce(sum(coefficient * amount) FILTER (side = 1), 0) AS lhs,
    -coalesce(sum(coefficient * amount) FILTER (side = -1), 0) AS rhs,
    -- the right side of a ratio is divided by this
    coalesce(sum(coefficient * amount) FILTER (side = 2), 0) AS divisor,
    -- each printed number stands for an interval of its own precision: half of it on either side
    coalesce(sum(abs(coefficient) * precision), 0) AS width,
    coalesce(sum(abs(coefficient) * step) FILTER (side = 1), 0) AS left_width,
    coalesce(sum(abs(coefficient) * precision) FILTER (side = -1), 0) AS right_width,
    coalesce(sum(abs(coefficient) * precision) FILTER (side = 2), 0) AS divisor_width,
    -- a printed zero is most probably a true zero: it is not expected to add to the rounding
    coalesce(sum((coefficient * precision)::DOUBLE ** 2) FILTER (amount <> 0), 0) / 12 AS variance,
    count(amount) AS printed,
    count(amount) FILTER (side = 1) AS left_printed,
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
