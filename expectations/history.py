"""Yesterday's findings: which persist, which are resolved, which could not be verified today."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import duckdb

_COMPARE = """
-- a check that is not about single lines says that it was not evaluated under its own key
CREATE TEMP TABLE gone AS
WITH missing AS (
    SELECT p.* FROM previous.quality.finding p ANTI JOIN quality.finding USING (finding_id)
), today AS (
    SELECT r.unit_id, r.fiscal_year, r.scope, i.identity, i.instance, i.outcome
    FROM quality.identity_result i
    JOIN core.report r USING (report_id)
    WHERE i.identity IN (SELECT identity FROM missing)
)
SELECT m.finding_id,
    CASE
        WHEN m.status = 'resolved' THEN 'resolved'
        WHEN bool_or(t.instance = m.instance AND t.outcome IN ('exact', 'rounding')) THEN 'resolved'
        WHEN bool_or(t.outcome = 'not_evaluated'
            AND t.instance IN (m.instance, split_part(m.instance, ':', 1), '')) THEN 'unverified'
        -- the line that it was about is no longer there, but what is there was evaluated
        WHEN bool_or(t.outcome <> 'not_evaluated') THEN 'resolved'
        ELSE 'unverified'
    END AS status
FROM missing m
LEFT JOIN today t USING (unit_id, fiscal_year, scope, identity)
GROUP BY m.finding_id, m.status, m.instance;

UPDATE quality.finding AS f
SET first_seen = p.first_seen, status = if(p.status = 'resolved', 'new', 'persisting')
FROM previous.quality.finding p
WHERE p.finding_id = f.finding_id;

INSERT INTO quality.finding BY NAME
SELECT {finding}, g.status,
    CASE WHEN g.status = 'resolved' THEN coalesce(p.resolved_on, $today::DATE) END AS resolved_on
FROM previous.quality.finding p JOIN gone g USING (finding_id);

INSERT INTO quality.finding_cell BY NAME
SELECT {cell} FROM previous.quality.finding_cell p JOIN gone g USING (finding_id);

DROP TABLE gone
"""


def carry_over(con: duckdb.DuckDBPyConnection, previous: Path, today: date) -> None:
    """Compare `quality.finding` with that of the published file `previous` and carry over what it alone knows."""
    con.execute(f"ATTACH '{str(previous).replace(chr(39), chr(39) * 2)}' AS previous (READ_ONLY)")
    try:
        finding, cell = _common_columns(con, "finding"), _common_columns(con, "finding_cell")
        if finding and cell:
            kept = [f"p.{column}" for column in finding if column not in {"status", "resolved_on"}]
            sql = _COMPARE.format(finding=", ".join(kept), cell=", ".join(f"p.{column}" for column in cell))
            for statement in con.extract_statements(sql):
                con.execute(statement, {"today": today} if "$today" in statement.query else None)
    finally:
        con.execute("DETACH previous")


def _common_columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns that both files have: an older file may have been written by an older version."""
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'quality' AND table_name = $1 "
        "AND database_name IN ('previous', current_database()) GROUP BY column_name HAVING count(*) = 2",
        [table],
    ).fetchall()
    return [column for (column,) in found]
