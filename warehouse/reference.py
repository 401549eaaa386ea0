"""Schema ref: the declared forms, the subject codes seen so far and the kinds of issues, as tables."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from pipeline.forms import FORMS
from pipeline.issues import IssueKind
from pipeline.normalise.series import names_of
from pipeline.reference import subjects
from warehouse.frames import create_table
from warehouse.titles import form_titles, line_titles, measure_titles

if TYPE_CHECKING:
    import duckdb


def load_reference(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of schema ref."""
    for table, frame in _tables().items():
        create_table(con, f"TABLE ref.{table}", frame)


@cache
def _tables() -> dict[str, pl.DataFrame]:
    short = {form.key: form.short for form in FORMS.values()}
    codes = {form.key: form.codes for form in FORMS.values()}
    sides = {(form.key, line.key): line.side for form in FORMS.values() for line in form.lines}
    return {
        "form": _frame(
            "form short title classification",
            [(f, short.get(f, title), title, codes.get(f, "")) for f, title in form_titles().items()],
        ),
        "form_measure": _frame("form measure title", [(*of, title) for of, title in measure_titles().items()]),
        "form_line": _frame(
            "form line title side", [(*of, title, sides.get(of, "")) for of, title in line_titles().items()]
        ),
        "functional_subject": _subjects("functional"),
        "economic_subject": _subjects("economic"),
        "subject_name": pl.concat(_names(classification) for classification in ("functional", "economic")),
        "issue_kind": _frame("kind title", [(kind.value, kind.label) for kind in IssueKind]),
    }


def _frame(columns: str, rows: list[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns.split(), pl.String), orient="row")


def _subjects(classification: str) -> pl.DataFrame:
    """Codes with their level by digits: 3, 5, 7 → 1, 2, 3."""
    length = pl.col("code").str.len_chars().cast(pl.Int32)
    parent = pl.when(length > 3).then(pl.col("code").str.head(-2)).otherwise(pl.lit(""))
    return _frame("code name", [subject[:2] for subject in subjects(classification).values()]).with_columns(
        level=(length - 1) // 2, parent=parent
    )


def _names(classification: str) -> pl.DataFrame:
    schema = {
        "kind": pl.String(),
        "code": pl.String(),
        "name": pl.String(),
        "first_year": pl.Int32(),
        "last_year": pl.Int32(),
        "series": pl.String(),
        "evidence": pl.String(),
    }
    rows = [(classification, *name[:-1], name.evidence.value) for name in names_of(classification)]
    return pl.DataFrame(rows, schema=schema, orient="row")
