"""Schema ref: the declared forms, the subject codes seen so far and the kinds of issues, as tables."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import polars as pl

from pipeline.forms import FORMS
from pipeline.issues import IssueKind
from warehouse.frames import create_table

if TYPE_CHECKING:
    import duckdb


def load_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of schema ref."""
    for table, frame in _tables().items():
        create_table(con, f"TABLE ref.{table}", frame)


@cache
def _tables() -> dict[str, pl.DataFrame]:
    return {
        "form": _frame(["form", "short", "title"], [(f.key, f.short, f.title) for f in FORMS.values()]),
        "form_measure": _frame(
            ["form", "measure", "title"], [(f.key, c.measure, c.title) for f in FORMS.values() for c in f.columns]
        ),
        "form_line": _frame(
            ["form", "line", "title"], [(f.key, line.key, line.title) for f in FORMS.values() for line in f.lines]
        ),
        "functional_subject": _subjects("functional.csv"),
        "economic_subject": _subjects("economic_department.csv"),
        "issue_kind": _frame(["kind", "title"], [(kind.value, kind.title) for kind in IssueKind]),
    }


def _frame(columns: list[str], rows: list[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _subjects(name: str) -> pl.DataFrame:
    """Codes with their level by digits (3, 5, 7 → 1, 2, 3) and the years in which they were seen."""
    with as_file(files("pipeline") / "reference" / name) as path:
        seen = pl.read_csv(path, schema_overrides={"code": pl.String, "parent": pl.String})
    return seen.select(
        "code",
        "name",
        ((pl.col("code").str.len_chars().cast(pl.Int32) - 1) // 2).alias("level"),
        pl.col("parent").fill_null(""),
        pl.col("first_seen", "last_seen", "units").cast(pl.Int32),
        "confidence",
    ).sort("code")
