"""What must be true of the structure of a warehouse, as plain facts for the gate before publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipeline.normalise.series import Evidence
from pipeline.portals.night import End

if TYPE_CHECKING:
    import duckdb

KEYS: dict[str, tuple[str, ...]] = {
    "raw.document": ("document",),
    "raw.crawl": ("site", "started_at"),
    "ref.form": ("form",),
    "ref.form_measure": ("form", "measure"),
    "ref.form_line": ("form", "line"),
    "ref.functional_subject": ("code",),
    "ref.economic_subject": ("code",),
    "ref.subject_name": ("kind", "code", "name"),
    "ref.issue_kind": ("kind",),
    "core.unit": ("unit_id",),
    "core.unit_year": ("unit_id", "fiscal_year"),
    "core.unit_name": ("series", "name_no"),
    "core.report": ("report_id",),
    "core.version": ("document",),
    "core.document": ("document",),
    "core.cell": ("report_id", "form", "line", "measure"),
    "core.told": ("report_id", "form", "line", "measure"),
    "core.printed_row": ("report_id", "form", "line", "row_no"),
    "core.subject_year": ("kind", "code", "fiscal_year"),
    "core.crawl": ("site", "started_at"),
    "core.night": ("night",),
    "mart.report": ("report_id",),
    "mart.reading": ("report_id",),
    "mart.figure": ("report_id",),
    "mart.place": ("report_id", "kind", "key"),
    "mart.subject": ("kind", "code", "fiscal_year", "report_id"),
    "mart.subject_total": ("kind", "code", "fiscal_year", "region"),
    "mart.functional": ("report_id", "code"),
    "mart.economic": ("report_id", "code"),
    "mart.execution": ("report_id", "code"),
    "mart.department_total": ("region", "whole_id", "fiscal_year"),
    "mart.region_total": ("region", "fiscal_year"),
    "mart.spread": ("region", "fiscal_year", "extent", "figure"),
}
"""Columns that identify a row. They are not PRIMARY KEYs: those cost three times the time and five times the size."""

READ_KEYS: dict[str, tuple[str, ...]] = {
    "core.section": ("report_id", "document", "section"),
    "core.claim": ("report_id", "document", "claim_no"),
    "core.earlier_claim": ("report_id", "document", "claim_no"),
    "core.covered_unit": ("report_id", "document", "unit_no"),
    "core.project": ("report_id", "document", "project"),
    "core.project_figure": ("report_id", "document", "project", "line", "measure"),
    "core.indicator": ("report_id", "document", "project", "line"),
    "mart.change": ("report_id", "document", "claim_no"),
}
"""Columns that identify a row as the reader numbers them: a repeat is an error of reading, not of the warehouse."""

REPORT_ROWS = (
    "core.version", "core.fact", "core.cell", "core.printed_row", "core.form_reading", "core.section", "core.claim",
    "core.earlier_claim",
    "core.headcount", "core.covered_unit", "core.project", "core.project_figure", "core.indicator", "core.told",
)  # fmt: skip
MART_ROWS = (
    "mart.reading", "mart.figure", "mart.place", "mart.subject", "mart.functional", "mart.economic", "mart.execution",
    "mart.change",
)  # fmt: skip


class Reference(NamedTuple):
    """Values of `columns` of `table` that must be found in columns of `target`, unless one of them is NULL or ''."""

    table: str
    columns: tuple[str, ...]
    target: str
    found_in: tuple[str, ...]


def _refers(table: str, columns: str, target: str, found_in: str = "") -> Reference:
    return Reference(table, tuple(columns.split()), target, tuple((found_in or columns).split()))


REFERENCES = (
    *(_refers(table, "report_id", "core.report") for table in REPORT_ROWS),
    *(_refers(table, "report_id", "mart.report") for table in MART_ROWS),
    # a report that a mart leaves out would be missing from every answer
    _refers("core.report", "report_id", "mart.report"),
    *(_refers("core.report", "report_id", f"mart.{table}") for table in ("reading", "figure")),
    _refers("core.report", "unit_id fiscal_year", "core.unit_year"),
    _refers("core.report", "document", "core.version"),
    _refers("core.version", "document", "core.document"),
    _refers("core.document", "report_id", "core.report"),
    _refers("core.unit_year", "unit_id", "core.unit"),
    _refers("core.unit", "series", "core.unit", "unit_id"),
    _refers("core.unit_name", "series", "core.unit", "unit_id"),
    _refers("core.unit_name", "unit_id", "core.unit"),
    _refers("core.issue", "document", "core.document"),
    _refers("core.issue", "kind", "ref.issue_kind"),
    *(_refers(table, "form", "ref.form") for table in ("core.fact", "core.cell", "core.told", "core.form_reading")),
    _refers("core.claim", "topic", "ref.form", "form"),
    _refers("core.section", "topic", "ref.form", "form"),
    _refers("mart.report", "report_id unit_id fiscal_year", "core.report"),
    _refers("mart.report", "prior_id", "core.report", "report_id"),
    _refers("mart.report", "counted_in", "core.report", "report_id"),
    *(_refers(table, "kind code fiscal_year", "core.subject_year") for table in ("mart.subject", "mart.subject_total")),
)
"""What every row must find elsewhere."""

_SUBJECTS = ("functional", "economic")
_KINDS = ("administrative", "institution", "civil_service_institution", "")
CLOSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("ref.form", "classification"): (*_SUBJECTS, ""),
    ("ref.subject_name", "kind"): _SUBJECTS,
    ("ref.subject_name", "evidence"): tuple(Evidence),
    ("core.unit", "kind"): _KINDS,
    ("core.unit_year", "kind"): _KINDS,
    ("core.unit_year", "department_from"): ("list", "report", ""),
    ("core.report", "scope"): ("本级", "汇总", "部门", ""),
    ("core.report", "level"): ("部门", "单位", ""),
    ("core.document", "status"): (
        "current", "superseded", "unit_unknown", "year_unknown", "budget", "bundle", "not_final_accounts",
    ),
    ("core.cell", "name_status"): ("same", "alias", "renamed", "generic", "different", "unknown_code", "line"),
    ("core.subject_year", "kind"): _SUBJECTS,
    ("core.crawl", "outcome"): tuple(End),
    ("mart.report", "extent"): ("department", "own", "unit", ""),
    ("mart.report", "counted_as"): ("counted", "in_department", "same_unit", "extent_unknown"),
    ("mart.place", "kind"): ("figure", *_SUBJECTS),
    ("mart.subject", "kind"): _SUBJECTS,
}  # fmt: skip
"""Columns that have only these values."""


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
    """How many keys (see `KEYS`, `READ_KEYS`) stand in more than one row of a table."""
    key = ", ".join((KEYS | READ_KEYS)[table])
    duplicates = con.execute(f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1)")
    (count,) = duplicates.fetchall()[0]
    return int(count)


def missing(con: duckdb.DuckDBPyConnection, reference: Reference) -> int:
    """How many values of a reference are not where they must be found."""
    there = " AND ".join(f"t.{to} = x.{of}" for of, to in zip(reference.columns, reference.found_in, strict=True))
    given = " AND ".join(f"x.{column}::VARCHAR <> ''" for column in reference.columns)
    lost = con.execute(
        f"SELECT count(*) FROM {reference.table} x "
        f"WHERE {given} AND NOT EXISTS (FROM {reference.target} t WHERE {there})"
    )
    (count,) = lost.fetchall()[0]
    return int(count)
