"""The frames in which readings are stored and passed on: column names and types, one schema a table.

These are the tables of the Parquet lake and, under the same names in schema `raw`, the sources of the
warehouse's SQL. Every table carries `document`, the sha256 of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

MONEY = pl.Decimal(18, 4)
"""Yuan with four decimals: 0.01 yuan and its half are exact, 10^14 yuan fit."""


def _schema(columns: Mapping[str, pl.DataType | type[pl.DataType]]) -> pl.Schema:
    return pl.Schema(columns)


_BOX = {"x0": pl.Float32, "top": pl.Float32, "x1": pl.Float32, "bottom": pl.Float32}

DOCUMENT = _schema(
    {
        "document": pl.String,
        "reader_version": pl.String,
        "name": pl.String,
        "pages": pl.Int32,
        "unit": pl.String,
        "unit_code": pl.String,
        "department": pl.String,
        "region": pl.String,
        "fiscal_year": pl.Int32,
        "level": pl.String,
        "scope": pl.String,
        "kind": pl.String,
        "parts": pl.List(pl.Int32),
        "compared": pl.Int32,
        "not_comparable": pl.Int32,
    }
)

FORM_READING = _schema(
    {
        "document": pl.String,
        "form": pl.String,
        "title": pl.String,
        "first_page": pl.Int32,
        "last_page": pl.Int32,
        "money_unit": pl.Int32,
        "precision": MONEY,
        "measures": pl.List(pl.String),
        "rows": pl.Int32,
        "numbers": pl.Int32,
        "lifted": pl.Int32,
        "blank": pl.Boolean,
        "note": pl.String,
    }
)

FACT = _schema(
    {
        "document": pl.String,
        "form": pl.String,
        "line": pl.String,
        "measure": pl.String,
        "label": pl.String,
        "amount": MONEY,
        "printed": pl.String,
        "money_unit": pl.Int32,
        "precision": MONEY,
        "page": pl.Int32,
        **_BOX,
        "row_no": pl.Int32,
        "reader": pl.String,
        "confidence": pl.Float32,
    }
)

ISSUE = _schema(
    {
        "document": pl.String,
        "kind": pl.String,
        "text": pl.String,
        "page": pl.Int32,
        "form": pl.String,
        "cell": pl.String,
        **_BOX,
    }
)

_PLACE = {"page": pl.Int32, **_BOX}

SECTION = _schema(
    {
        "document": pl.String,
        "section": pl.Int32,
        "parent": pl.Int32,
        "part": pl.Int32,
        "level": pl.Int32,
        "ordinal": pl.String,
        "title": pl.String,
        "topic": pl.String,
        "text": pl.String,
        "amounts": pl.Int32,
        "claimed": pl.Int32,
        "listed": pl.Boolean,
        **_PLACE,
    }
)
"""`text` is that of the section's own paragraphs, one a line; `listed` says that the contents name it."""

CLAIM = _schema(
    {
        "document": pl.String,
        "claim_no": pl.Int32,
        "section": pl.Int32,
        "topic": pl.String,
        "line": pl.String,
        "measure": pl.String,
        "label": pl.String,
        "value": MONEY,
        "unit": pl.String,
        "printed": pl.String,
        "money_unit": pl.Int32,
        "precision": MONEY,
        "direction": pl.String,
        "year": pl.Int32,
        "reason": pl.String,
        "sentence": pl.String,
        **_PLACE,
        "confidence": pl.Float32,
    }
)

HEADCOUNT = _schema({"document": pl.String, "kind": pl.String, "value": pl.Int32, **_PLACE})

COVERED_UNIT = _schema({"document": pl.String, "unit_no": pl.Int32, "name": pl.String, "remark": pl.String, **_PLACE})

PROJECT = _schema(
    {
        "document": pl.String,
        "project": pl.Int32,
        "kind": pl.String,
        "name": pl.String,
        "code": pl.String,
        "unit": pl.String,
        "department": pl.String,
        "grade": pl.String,
        "goals": pl.String,
        "results": pl.String,
        "first_page": pl.Int32,
        "last_page": pl.Int32,
    }
)

PROJECT_FIGURE = _schema(
    {
        "document": pl.String,
        "project": pl.Int32,
        "line": pl.String,
        "measure": pl.String,
        "label": pl.String,
        "value": MONEY,
        "unit": pl.String,
        "printed": pl.String,
        "money_unit": pl.Int32,
        "precision": MONEY,
        **_PLACE,
        "confidence": pl.Float32,
        "part_of": pl.String,
    }
)

INDICATOR = _schema(
    {
        "document": pl.String,
        "project": pl.Int32,
        "line": pl.String,
        "first": pl.String,
        "second": pl.String,
        "name": pl.String,
        "target": pl.String,
        "actual": pl.String,
        "deviation": pl.String,
        **_PLACE,
    }
)

PUBLICATION = _schema(
    {
        "document": pl.String,
        "site": pl.String,
        "region": pl.String,
        "url": pl.String,
        "page_url": pl.String,
        "title": pl.String,
        "name": pl.String,
        "published_on": pl.Date,
        "fetched_at": pl.Datetime("us", "UTC"),
        "size": pl.Int64,
        "unit": pl.String,
    }
)

FETCH = _schema(
    {
        "site": pl.String,
        "kind": pl.String,
        "url": pl.String,
        "page_url": pl.String,
        "fetched_at": pl.Datetime("us", "UTC"),
        "status": pl.Int32,
        "final_url": pl.String,
        "content_type": pl.String,
        "content_length": pl.Int64,
        "etag": pl.String,
        "last_modified": pl.String,
        "size": pl.Int64,
        "sha256": pl.String,
        "attempts": pl.Int32,
        "fault": pl.String,
        "note": pl.String,
        "posted": pl.String,
        "file_name": pl.String,
        "items": pl.Int32,
    }
)
"""The evidence of every request to a portal; has no `document`, since most answers are pages or faults."""

CRAWL = _schema(
    {
        "site": pl.String,
        "started_at": pl.Datetime("us", "UTC"),
        "ended_at": pl.Datetime("us", "UTC"),
        "end": pl.String,
        "pages": pl.Int32,
        "files": pl.Int32,
        "unchanged": pl.Int32,
        "faults": pl.Int32,
        "left": pl.Int32,
        "note": pl.String,
    }
)
"""One row when a site's crawl begins and one when it ends; see `pipeline.portals.night`."""

FINDING_EVENT = _schema(
    {
        "finding_id": pl.String,
        "event_no": pl.Int32,
        "on_date": pl.Date,
        "event": pl.String,
        "document": pl.String,
        "severity": pl.String,
        "stated": MONEY,
        "expected": MONEY,
        "note": pl.String,
        "person": pl.String,
        "snapshot": pl.String,
    }
)
"""What happened to findings, and who said what of them: the one thing that no document could tell again."""

READING_TABLES = {
    "document": DOCUMENT,
    "form_reading": FORM_READING,
    "fact": FACT,
    "issue": ISSUE,
    "section": SECTION,
    "claim": CLAIM,
    "headcount": HEADCOUNT,
    "covered_unit": COVERED_UNIT,
    "project": PROJECT,
    "project_figure": PROJECT_FIGURE,
    "indicator": INDICATOR,
}
"""What one reading of a document gives; written together, as one batch."""
