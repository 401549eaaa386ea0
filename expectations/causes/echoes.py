"""Where else a doubtful claim's number stands: in last year's report in the same place, or in another cell of a table.

An author who takes last year's text, or looks at the wrong row, leaves a number that is right somewhere else.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from expectations.causes.problem import Echo, Place

if TYPE_CHECKING:
    import duckdb

_DIGITS = 3
"""Significant digits of a number that two cells do not share by chance in a report of some hundred."""

# tables of their own: the planner takes the few rows of a subquery for billions, and joins everything else first
_DOUBTFUL = f"""
    CREATE OR REPLACE TEMP TABLE suspected AS
    SELECT o.* FROM quality.identity_operand o
    SEMI JOIN (
        SELECT i.report_id, i.identity, i.instance
        FROM quality.identity_result i
        JOIN quality.identity y USING (identity)
        WHERE i.outcome = 'fail' AND i.factor IS NULL AND i.relation <> '' AND y.severity = 'E'
    ) b USING (report_id, identity, instance);

    CREATE OR REPLACE TEMP TABLE doubtful AS
    SELECT o.report_id, o.identity, o.instance, t.form, t.line, t.measure, t.amount, t.precision
    FROM suspected o
    JOIN core.told t ON t.report_id = o.report_id AND t.form = o.form AND t.line = o.line AND t.measure = o.measure
    WHERE o.of_report = o.report_id AND t.unit = 'yuan' AND t.amount <> 0
        AND len(rtrim((abs(t.amount) / nullif(t.precision, 0))::DECIMAL(38, 0)::VARCHAR, '0')) >= {_DIGITS};
"""

_COMPARED = """
    -- the cells with which it was compared
    CREATE OR REPLACE TEMP TABLE compared AS
    SELECT d.*, o.form AS other_form, o.line AS other_line, o.measure AS other_measure
    FROM doubtful d
    JOIN suspected o USING (report_id, identity, instance)
    WHERE (o.form, o.line, o.measure) <> (d.form, d.line, d.measure);

    CREATE OR REPLACE TEMP TABLE last_year AS
    SELECT now.report_id, before.report_id AS other_id
    FROM core.report now
    JOIN core.report before
        ON before.unit_id = now.unit_id AND before.fiscal_year = now.fiscal_year - 1 AND before.scope = now.scope
    WHERE now.report_id IN (SELECT report_id FROM doubtful);
"""

_ECHOES = """
    WITH echo AS (
        SELECT c.report_id, c.form, c.line, c.measure, true AS is_last_year, x.report_id AS other_id,
            x.form AS other_form, x.line AS other_line, x.measure AS other_measure, x.label, x.page
        FROM compared c
        JOIN last_year y USING (report_id)
        JOIN core.cell x ON x.report_id = y.other_id AND x.form = c.other_form AND x.line = c.other_line
            AND x.measure = c.other_measure AND abs(x.amount - c.amount) < c.precision
        UNION ALL
        -- the change that is claimed beside it would have started from it
        SELECT c.report_id, c.form, c.line, c.measure, true, g.report_id, g.form, g.line, g.measure, g.label, g.page
        FROM compared c
        JOIN core.told g ON g.report_id = c.report_id AND g.form = c.form AND g.line = c.line AND g.measure = 'change'
        JOIN core.cell x ON x.report_id = c.report_id AND x.form = c.other_form AND x.line = c.other_line
            AND x.measure = c.other_measure
        WHERE c.measure = 'final' AND g.amount <> 0
            AND 2 * abs(x.amount - g.amount - c.amount) <= x.precision + g.precision + c.precision
        UNION ALL
        SELECT d.report_id, d.form, d.line, d.measure, false, x.report_id, x.form, x.line, x.measure, x.label, x.page
        FROM doubtful d
        JOIN core.cell x ON x.report_id = d.report_id AND x.amount = d.amount
    )
    SELECT * FROM echo ORDER BY ALL
"""


def echoes(con: duckdb.DuckDBPyConnection) -> dict[str, dict[Place, Echo]]:
    """What the claims in broken relations echo, by report: last year's number before another one of the same report."""
    con.execute(_DOUBTFUL)
    rows = []
    if con.execute("FROM doubtful LIMIT 1").fetchall():
        con.execute(_COMPARED)
        rows = con.execute(_ECHOES).fetchall()
    found: dict[str, dict[Place, Echo]] = defaultdict(dict)
    for report, form, line, measure, is_last_year, *where, label, page in rows:
        place, echo = Place(report, form, line, measure), Echo(is_last_year, Place(*where), label or "", page)
        if place not in found[report] or (is_last_year and not found[report][place].is_last_year):
            found[report][place] = echo
    con.execute(
        "; ".join(f"DROP TABLE IF EXISTS temp.{table}" for table in ("suspected", "doubtful", "compared", "last_year"))
    )
    return found
