"""Frames of readings, made by hand for tests: only what a test cares about is said."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.schema import PUBLICATION, READING_TABLES

SCHEMAS = {**READING_TABLES, "publication": PUBLICATION}
VERSION = "reader-1"

Row = dict[str, Any]


def document(key: str, **known: Any) -> Row:
    return {
        "document": key,
        "reader_version": VERSION,
        "name": f"{key}.pdf",
        "pages": 20,
        "unit": "柳州市甲局",
        "unit_code": "",
        "department": "",
        "region": "柳州市",
        "fiscal_year": 2024,
        "level": "单位",
        "scope": "",
        "kind": "决算",
        "parts": [1, 2, 3, 4],
        "compared": 0,
        "not_comparable": 0,
        **known,
    }


def form_reading(key: str, form: str, **known: Any) -> Row:
    return {
        "document": key,
        "form": form,
        "title": "",
        "first_page": 1,
        "last_page": 1,
        "money_unit": 10000,
        "precision": Decimal(100),
        "measures": ["total"],
        "rows": 1,
        "numbers": 1,
        "lifted": 1,
        "blank": False,
        "note": "",
        **known,
    }


def fact(key: str, form: str, line: str, measure: str, amount: str, **known: Any) -> Row:
    return {
        "document": key,
        "form": form,
        "line": line,
        "measure": measure,
        "label": line,
        "amount": Decimal(amount),
        "printed": amount,
        "money_unit": 1,
        "precision": Decimal("0.01"),
        "page": 1,
        "x0": 1.0,
        "top": 2.0,
        "x1": 3.0,
        "bottom": 4.0,
        "row_no": 1,
        "reader": "pdfium",
        "confidence": 1.0,
        **known,
    }


def issue(key: str, kind: str, **known: Any) -> Row:
    place = {"page": None, "x0": None, "top": None, "x1": None, "bottom": None}
    return {"document": key, "kind": kind, "text": "一句话。", "form": "", "cell": "", **place, **known}


def publication(key: str, day: int = 1, **known: Any) -> Row:
    return {
        "document": key,
        "site": "liuzhou",
        "region": "柳州市",
        "url": f"https://example.gov.cn/{key}.pdf",
        "page_url": "https://example.gov.cn/",
        "title": key,
        "name": f"{key}.pdf",
        "published_on": date(2025, 9, day),
        "fetched_at": datetime(2025, 9, day, 2, tzinfo=UTC),
        "size": 1000,
        "unit": "",
        **known,
    }


def frames(**rows: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """One frame for every table, those not named empty."""
    return {
        table: pl.DataFrame(list(rows.get(table, ())), schema=schema, orient="row") for table, schema in SCHEMAS.items()
    }


def batch(**rows: Iterable[Row]) -> dict[str, pl.DataFrame]:
    """The same without publications: what `Lake.append` takes."""
    return {table: frame for table, frame in frames(**rows).items() if table != "publication"}
