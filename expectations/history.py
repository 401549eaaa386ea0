"""The life of findings: what is new today, what persists, has changed, is resolved or could not be verified.

What happened to a finding is told by its events, and only they tell it: the warehouse is built anew every night, so
they are kept in the lake and handed in as `past`. An event that states a finding (new, changed, returned) carries a
snapshot of all its rows, from which a finding that is not broken today is shown again. The same night judged twice
adds no event.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from pipeline.schema import FINDING_EVENT
from warehouse.frames import create_table
from warehouse.query import is_judged

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_EVENTS = "finding_event"

_KNOWN = """
CREATE OR REPLACE TEMP TABLE known AS
WITH told AS (
    SELECT finding_id, max(event_no) AS told_no FROM quality.finding_event WHERE snapshot IS NOT NULL GROUP BY ALL
)
SELECT
    e.finding_id,
    t.told_no,
    max(e.event_no) AS event_no,
    min(e.on_date) FILTER (e.event = 'new') AS first_seen,
    max(e.on_date) FILTER (e.event = 'changed') AS changed_on,
    arg_max(e.on_date, e.event_no) FILTER (e.event = 'resolved') AS resolved_on,
    arg_max(e.event, e.event_no) FILTER (e.event IN ('new', 'changed', 'returned', 'resolved', 'merged')) AS event,
    any_value(e.severity) FILTER (e.event_no = t.told_no AND e.snapshot IS NOT NULL) AS severity,
    any_value(e.document) FILTER (e.event_no = t.told_no AND e.snapshot IS NOT NULL) AS document,
    any_value(e.stated) FILTER (e.event_no = t.told_no AND e.snapshot IS NOT NULL) AS stated,
    any_value(e.expected) FILTER (e.event_no = t.told_no AND e.snapshot IS NOT NULL) AS expected,
    any_value(e.snapshot) FILTER (e.event_no = t.told_no) AS snapshot,
    -- what somebody saw before it changed or came back is not what stands there now
    arg_max(e.on_date, e.event_no) FILTER (e.event = 'acknowledged' AND e.event_no > t.told_no) AS acknowledged_on,
    arg_max(e.person, e.event_no) FILTER (e.event = 'acknowledged' AND e.event_no > t.told_no) AS acknowledged_by
FROM quality.finding_event e
JOIN told t USING (finding_id)
GROUP BY ALL
"""

_BROKEN = """
CREATE OR REPLACE TEMP TABLE standing AS
SELECT
    f.finding_id,
    r.document,
    CASE
        WHEN k.event IS NULL THEN 'new'
        WHEN k.event IN ('resolved', 'merged') THEN 'returned'
        WHEN f.severity IS DISTINCT FROM k.severity OR f.stated IS DISTINCT FROM k.stated
            OR f.expected IS DISTINCT FROM k.expected OR r.document IS DISTINCT FROM k.document THEN 'changed'
        ELSE 'persisting'
    END AS event,
    concat_ws('；',
        if(r.document IS DISTINCT FROM k.document, '换了新版本', NULL),
        if(f.stated IS DISTINCT FROM k.stated, '所列金额有变', NULL),
        if(f.expected IS DISTINCT FROM k.expected, '应为金额有变', NULL),
        if(f.severity IS DISTINCT FROM k.severity, '严重程度有变', NULL)) AS note
FROM quality.finding f
LEFT JOIN core.report r USING (report_id)
LEFT JOIN known k USING (finding_id)
"""

_GONE = """
CREATE OR REPLACE TEMP TABLE gone AS FROM known k ANTI JOIN quality.finding USING (finding_id) WHERE event <> 'merged'
"""

_STANDING_OF_GONE = """
-- what became today of every identity that the finding was about
INSERT INTO standing
WITH today AS (
    SELECT r.unit_id, r.fiscal_year, r.scope, i.identity, i.instance, i.outcome, i.improbable
    FROM quality.identity_result i
    JOIN core.report r USING (report_id)
), verdict AS (
    SELECT
        s.finding_id,
        CASE
            WHEN bool_or(t.instance = s.instance AND (t.outcome = 'fail' OR t.improbable)) THEN 'broken'
            WHEN bool_or(t.instance = s.instance AND t.outcome IN ('exact', 'rounding')) THEN 'holds'
            -- a check that is not about single lines says that it was not evaluated under its own key
            WHEN bool_or(t.outcome = 'not_evaluated'
                AND t.instance IN (s.instance, split_part(s.instance, ':', 1), '')) THEN 'unverified'
            -- the line that it was about is no longer there, but what is there was evaluated
            WHEN bool_or(t.outcome <> 'not_evaluated') THEN 'holds'
            ELSE 'unverified'
        END AS verdict
    FROM symptom s
    JOIN gone USING (finding_id)
    JOIN quality.finding f USING (finding_id)
    LEFT JOIN today t
        ON t.unit_id = f.unit_id AND t.fiscal_year = f.fiscal_year AND t.scope = f.scope AND t.identity = s.identity
    GROUP BY s.finding_id, s.identity, s.instance
), became AS (
    SELECT
        finding_id,
        CASE
            WHEN bool_and(verdict = 'broken') THEN 'merged'
            WHEN bool_or(verdict = 'unverified') THEN 'unverified'
            ELSE 'resolved'
        END AS event
    FROM verdict
    GROUP BY finding_id
)
SELECT
    g.finding_id,
    coalesce(r.document, g.document),
    CASE WHEN g.event = 'resolved' THEN 'still resolved' ELSE coalesce(b.event, 'unverified') END AS event,
    CASE
        WHEN b.event = 'merged' THEN '同一关系现由另一问题说明'
        WHEN r.document = g.document THEN '文件没有更换，重新读取或核对后不再出现'
        ELSE '新版本中已不再出现'
    END
FROM gone g
JOIN quality.finding f USING (finding_id)
LEFT JOIN became b USING (finding_id)
LEFT JOIN core.report r ON r.unit_id = f.unit_id AND r.fiscal_year = f.fiscal_year AND r.scope = f.scope
"""

_MERGED = "SELECT finding_id FROM standing WHERE event = 'merged'"

_SETTLE = """
UPDATE quality.finding AS f
SET status = CASE s.event
        WHEN 'returned' THEN 'new' WHEN 'still resolved' THEN 'resolved' ELSE s.event END,
    first_seen = coalesce(k.first_seen, $today),
    changed_on = CASE WHEN s.event = 'changed' THEN $today ELSE k.changed_on END,
    resolved_on = CASE s.event WHEN 'resolved' THEN $today WHEN 'still resolved' THEN k.resolved_on END,
    acknowledged_on = CASE WHEN s.event IN ('persisting', 'unverified', 'resolved') THEN k.acknowledged_on END,
    acknowledged_by = CASE WHEN s.event IN ('persisting', 'unverified', 'resolved') THEN k.acknowledged_by END,
    waived_until = NULL, waived_by = NULL, waived_for = NULL
FROM standing s
LEFT JOIN known k USING (finding_id)
WHERE s.finding_id = f.finding_id
"""

_RECORD = """
INSERT INTO quality.finding_event BY NAME
SELECT
    s.finding_id, coalesce(k.event_no, 0) + 1 AS event_no, $today AS on_date, s.event, s.document, f.severity,
    f.stated, f.expected, if(s.event IN ('new', 'returned'), '', s.note) AS note, '' AS person, p.snapshot
FROM standing s
JOIN quality.finding f USING (finding_id)
LEFT JOIN known k USING (finding_id)
LEFT JOIN ({snapshots}) p ON p.finding_id = s.finding_id AND s.event IN ('new', 'changed', 'returned')
WHERE s.event IN ('new', 'changed', 'returned', 'resolved', 'merged')
ORDER BY s.finding_id
"""


def events_of(path: Path) -> pl.DataFrame:
    """The events that a warehouse file holds; none if it is older than they are."""
    with duckdb.connect(str(path), read_only=True) as con:
        if not is_judged(con, _EVENTS):
            return FINDING_EVENT.to_frame()
        rows = con.execute(f"SELECT {', '.join(FINDING_EVENT)} FROM quality.{_EVENTS}").fetchall()
        return pl.DataFrame(rows, schema=FINDING_EVENT, orient="row")


def live(con: duckdb.DuckDBPyConnection, past: pl.DataFrame | None, today: date | None) -> None:
    """Give today's findings their status, show again those that only the past knows, and record what happened.

    Reads `quality.finding` as it was just judged and `past` (columns of `FINDING_EVENT`); writes
    `quality.finding_event`, which holds the past events and those of today.
    """
    create_table(con, f"OR REPLACE TABLE quality.{_EVENTS}", FINDING_EVENT.to_frame() if past is None else past)
    for statement in (_KNOWN, _BROKEN, _GONE):
        con.execute(statement)
    tables = _tables(con)
    create_symptoms(con)
    gone = con.execute("FROM gone LIMIT 1").fetchall()
    if gone:
        for table in tables:
            con.execute(_restored(con, table))
        con.execute(_STANDING_OF_GONE)
    con.execute(_SETTLE, {"today": today})
    con.execute(_RECORD.format(snapshots=_snapshots(tables)), {"today": today})
    if gone:
        for table in tables:  # what is told as another finding now
            con.execute(f"DELETE FROM quality.{table} WHERE finding_id IN ({_MERGED})")
    con.execute("DROP TABLE known; DROP TABLE standing; DROP TABLE gone")


def create_symptoms(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary view symptom(finding_id, identity, instance): the broken identities that findings tell."""
    told = "UNION SELECT finding_id, identity, instance FROM quality.finding_symptom"
    con.execute(
        "CREATE OR REPLACE TEMP VIEW symptom AS SELECT finding_id, identity, instance FROM quality.finding "
        "WHERE identity IN (SELECT identity FROM quality.identity) "
        + (told if is_judged(con, "finding_symptom") else "")
    )


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that speak of findings: their rows make up a snapshot."""
    there = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = 'quality' AND table_name NOT IN ($1, 'waiver') ORDER BY ALL",
        [_EVENTS],
    ).fetchall()
    return [table for (table,) in there if "finding_id" in _columns(con, table)]


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Columns and their types; not from duckdb_columns(), which has all views of the system bound at its first use."""
    return {name: kind for name, kind, *_ in con.execute(f"DESCRIBE quality.{table}").fetchall()}


def _restored(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """SQL that puts the rows of findings that are gone back into a table, as far as the snapshot has its columns."""
    shape = json.dumps([_columns(con, table)])
    return (
        f"INSERT INTO quality.{table} BY NAME SELECT unnest(told) FROM ("
        f"SELECT unnest(from_json(json_extract(snapshot, '$.{table}'), '{shape}')) AS told FROM gone)"
    )


def _snapshots(tables: list[str]) -> str:
    """SQL that gives all rows of every finding as one JSON object, a list for each table."""
    lists = [f"'{table}', coalesce({table}_rows.rows, '[]'::JSON)" for table in tables]
    joins = [
        f"LEFT JOIN (SELECT finding_id, to_json(list(t)) AS rows FROM quality.{table} t GROUP BY finding_id) "
        f"{table}_rows USING (finding_id)"
        for table in tables
    ]
    return f"SELECT finding_id, json_object({', '.join(lists)})::VARCHAR AS snapshot FROM quality.finding " + " ".join(
        joins
    )
