-- Stated ratios: what their operands make of them, by intervals: each operand stands for one of its own precision, and
-- so does their quotient; a divisor that may be 0 has none. Then, of all instances, what is compared with what.

CREATE TEMP TABLE quotient AS
WITH operands AS (
    SELECT
        m.* EXCLUDE (rhs, divisor, width, variance, right_width),
        c.factor,
        m.rhs::DOUBLE AS numerator,
        m.divisor::DOUBLE AS denominator,
        m.right_width::DOUBLE / 2 AS above,
        m.divisor_width::DOUBLE / 2 AS below
    FROM measured m
    JOIN check_declared c USING (check_no)
    WHERE c.factor IS NOT NULL
), divided AS (
    SELECT
        *,
        abs(denominator) > below AS has_base,
        if(has_base, factor * numerator / denominator, NULL) AS ratio,
        (numerator - above) / (denominator - below) AS q1, (numerator - above) / (denominator + below) AS q2,
        (numerator + above) / (denominator - below) AS q3, (numerator + above) / (denominator + below) AS q4,
        if(lhs > ratio, greatest(q1, q2, q3, q4), least(q1, q2, q3, q4)) * factor AS nearest
    FROM operands
)
SELECT
    *,
    -- told to the last digit of what is stated, judged as it is
    if(left_width > 0, round(ratio / left_width::DOUBLE) * left_width::DOUBLE, round(ratio, 2)) AS rhs,
    -- an end of an interval that is met is met, whatever floats make of it
    left_width::DOUBLE / 2 + abs(nearest - ratio) + 1e-9 * greatest(1, abs(ratio)) AS slack
FROM divided;

-- Sides that are no further apart than `exact` are equal, than `slack`, equal but for rounding; a ratio that is a unit
-- of its last digit further off (`doubtful`) was cut off there, or is wrong by so little.
CREATE TEMP VIEW compared AS
SELECT
    report_no, check_no, line_no, lhs, rhs, lhs - rhs AS distance, 0::DOUBLE AS exact, width / 2 AS slack,
    width / 2 AS doubtful, getvariable('improbable') * sqrt(variance) AS probable, true AS has_base, printed > 0 AS is_printed,
    has_unknown, confidence
FROM measured
ANTI JOIN quotient USING (check_no)
UNION ALL BY NAME
SELECT
    report_no, check_no, line_no, lhs, rhs::DECIMAL(38, 4) AS rhs, (lhs::DOUBLE - ratio)::DECIMAL(38, 9) AS distance,
    left_width::DOUBLE / 2 AS exact, slack, slack + left_width::DOUBLE AS doubtful, slack AS probable, has_base,
    left_printed > 0 AS is_printed, has_unknown, confidence
FROM quotient;
