"""How reports and units stand: who must publish, published in time or not, graded A to E. Recomputed every night.

A report scores the weighted share of the evaluated identities that hold, in percent, less a little for every day that
it was published late. docs/grades.zh-CN.md says so in Chinese, with an example to compute by hand.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from expectations.comments import comment_quality
from expectations.covered import create_macros
from expectations.history import create_symptoms
from expectations.register import create_register
from pipeline.portals.folder import SITE

if TYPE_CHECKING:
    from datetime import date

    import duckdb

ERROR_WEIGHT = 3
"""An identity of severity E weighs as much as so many of severity W; notes weigh nothing."""
MENDED_CREDIT = 0.9
"""What an identity counts that holds because a corrected version was published; one that held at once counts 1."""
LEAST_CHECKED = 0.5
"""Share of the identities, by weight, that must have been evaluated: less says nothing about a report."""
DAYS_PER_POINT, MOST_LATE_POINTS = 3, 20
"""So many days of delay cost a point, and no delay costs more than so many points."""
BOUNDS = {"a": 98, "b": 90, "c": 80, "d": 60}
"""The least score of each grade; below the last it is E."""

APPROVAL_DAYS, PASSING_ON_DAYS = 20, 15
"""Days from the approval of its accounts in which a department publishes them, and in which it approves its units'."""

_TEMPORARY = ("duty_year", "renamed", "approval", "enrolled", "listed", "duty")
_CORRECTIONS = """
-- findings that a version put right, not a better reading of the same one, and that were not waived anyhow
CREATE OR REPLACE TEMP VIEW correction AS
SELECT finding_id
FROM (
    SELECT
        finding_id, event, document,
        last_value(CASE WHEN snapshot IS NOT NULL THEN document END IGNORE NULLS) OVER past AS told_document,
        last_value(CASE WHEN event IN ('waived', 'waiver_expired', 'new', 'returned') THEN event END IGNORE NULLS)
            OVER past AS waiver
    FROM quality.finding_event
    WINDOW past AS (PARTITION BY finding_id ORDER BY event_no ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
WHERE event = 'resolved' AND document <> told_document AND coalesce(waiver, '') <> 'waived'
GROUP BY finding_id
"""


def stand(
    con: duckdb.DuckDBPyConnection,
    deadline: tuple[int, int],
    today: date,
    *,
    approval_days: int = APPROVAL_DAYS,
    comments: bool = True,
) -> None:
    """Write `quality.punctuality`, `quality.register` and `quality.grade`. To be called after `judge` and `waive`.

    `deadline` is the month and day of the year after the fiscal year up to which publication is in time. Where the
    bureau's list (`enrol`) says when the accounts were approved, it is `approval_days` later instead.
    """
    create_register(con)
    create_macros(con)
    month, day = deadline
    con.execute("SET VARIABLE today = $1::DATE", [today])
    con.execute(f"SET VARIABLE month = {month}; SET VARIABLE day = {day}; SET VARIABLE folder = '{SITE}'")
    values = {
        "error_weight": ERROR_WEIGHT,
        "mended_credit": MENDED_CREDIT,
        "least_checked": LEAST_CHECKED,
        "approval_days": approval_days,
        "passing_on_days": PASSING_ON_DAYS,
        "days_per_point": DAYS_PER_POINT,
        "most_late_points": MOST_LATE_POINTS,
        **{f"bound_{grade}": bound for grade, bound in BOUNDS.items()},
    }
    con.execute("; ".join(f"SET VARIABLE {name} = {value}" for name, value in values.items()))
    create_symptoms(con)
    con.execute(_CORRECTIONS)
    for step in ("75_duty", "80_punctuality", "85_register", "90_grade"):
        con.execute(files("expectations.sql").joinpath(f"{step}.sql").read_text("utf-8"))
    con.execute("DROP VIEW symptom; DROP VIEW correction")
    con.execute("; ".join(f"DROP TABLE temp.{table}" for table in _TEMPORARY))
    if comments:
        comment_quality(con)
