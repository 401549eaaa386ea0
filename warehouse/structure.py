"""What must be true of the structure of a warehouse, as plain facts for the gate before publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

KEYS: dict[str, tuple[str, ...]] = {
    "core.unit": ("unit_id",),
    "core.report": ("report_id",),
    "core.version": ("document",),
    "core.document": ("document",),
    "core.cell": ("report_id", "form", "line", "measure"),
    "core.told": ("report_id", "form", "line", "measure"),
    "core.printed_row": ("report_id", "form", "line", "row_no"),
    "ref.form": ("form",),
    "ref.form_measure": ("form", "measure"),
    "ref.form_line": ("form", "line"),
    "ref.functional_subject": ("code",),
    "ref.economic_subject": ("code",),
    "ref.issue_kind": ("kind",),
}
"""Columns that identify a row. They are not PRIMARY KEYs: those cost three times the time and five times the size."""

REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("core.report", "unit_id", "core.unit"),
    ("core.version", "report_id", "core.report"),
    ("core.fact", "report_id", "core.report"),
    ("core.cell", "report_id", "core.report"),
    ("core.form_reading", "report_id", "core.report"),
    ("core.told", "report_id", "core.report"),
    ("core.told", "form", "ref.form"),
    ("core.fact", "form", "ref.form"),
    ("core.issue", "document", "core.document"),
)
"""(table, column, table that has every value of it in a column of the same name)."""


def row_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table of the schemas raw, ref and core, exactly."""
    tables = con.execute("""
        SELECT schema_name || '.' || table_name
        FROM duckdb_tables()
        WHERE database_name = current_database() AND schema_name IN ('raw', 'ref', 'core')
        ORDER BY ALL
    """).fetchall()
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for (table,) in tables)
    return dict(con.execute(counts).fetchall())


def duplicate_keys(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many keys (see `KEYS`) stand in more than one row of a table."""
    key = ", ".join(KEYS[table])
    duplicates = con.execute(f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1)")
    (count,) = duplicates.fetchall()[0]
    return int(count)
