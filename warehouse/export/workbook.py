"""Excel workbooks: one sheet a table, numbers as numbers, heads that stay, written row by row in constant memory."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

import xlsxwriter

from warehouse.export.model import as_text
from warehouse.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from warehouse.ask.model import Column
    from warehouse.export.model import Table

ROWS, COLUMNS, LETTERS = 1_048_576, 16_384, 32_767
"""What a sheet and a cell of Excel hold."""

_EXACT = 10**15
"""Whole numbers from here on are texts: Excel keeps fifteen digits."""

_FORMATS: dict[str, dict[str, Any]] = {
    "head": {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "align": "center",
        "bg_color": "#DDE6EE",
        "border": 1,
    },
    "title": {"bold": True, "font_size": 14},
    "text": {"valign": "top"},
    "long": {"valign": "top", "text_wrap": True},
    "money": {"num_format": "#,##0.00", "valign": "top"},
    "whole": {"num_format": "0", "valign": "top"},
    "number": {"num_format": "#,##0.00##", "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top", "align": "left"},
}
_WIDTHS = {"money": 17, "whole": 8, "number": 14, "day": 12, "moment": 20}
_CUT = "……（已截短）"
_FIRST_DAY = date(1900, 3, 1)
"""Excel counts a 29th of February 1900."""


def write_workbook(tables: Iterable[Table], target: IO[bytes], notes: Sequence[str] = ()) -> None:
    """Write tables as sheets, after a sheet 说明 with the notes, if any, and how many rows each has.

    A table with more rows than a sheet holds goes on in another one: 名称（2）. Raises QueryError for one with more
    columns than a sheet holds.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(target, options) as book:
        formats = {name: book.add_format(of) for name, of in _FORMATS.items()}
        front = book.add_worksheet("说明") if notes else None
        names = {"说明"}
        written: list[tuple[str, int]] = []
        for table in tables:
            written += _Sheets(book, formats, table, names).write()
        if front is not None:
            _front(front, formats, notes, written)
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # the same rows give the same file


def _front(sheet: Any, formats: dict[str, Any], notes: Sequence[str], written: list[tuple[str, int]]) -> None:
    sheet.set_column(0, 0, 60, formats["long"])
    sheet.set_column(1, 1, 12)
    sheet.write_string(0, 0, notes[0], formats["title"])
    for number, note in enumerate(notes[1:], start=1):
        sheet.write_string(number, 0, note[:LETTERS], formats["long"])
    first = len(notes) + 1
    sheet.write_row(first, 0, ("工作表", "行数"), formats["head"])
    for number, (name, rows) in enumerate(written, start=first + 1):
        sheet.write_url(number, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", string=name)
        sheet.write_number(number, 1, rows, formats["whole"])


class _Sheets:
    """The sheet of one table, or the sheets, if it is too long for one."""

    def __init__(self, book: Any, formats: dict[str, Any], table: Table, taken: set[str]) -> None:
        if len(table.columns) > COLUMNS:
            raise QueryError(f"Excel 的一张工作表最多 {COLUMNS:,} 栏，“{table.name}”有 {len(table.columns):,} 栏。")
        self._book, self._formats, self._table, self._taken = book, formats, table, taken
        self._kinds = [_kind(column) for column in table.columns]

    def write(self) -> list[tuple[str, int]]:
        """Write all rows; the names of the sheets, and how many rows each has."""
        written: list[tuple[str, int]] = []
        sheet: Any = None
        row = ROWS
        for batch in self._table.batches:
            for values in batch:
                if row == ROWS:
                    self._filter(sheet, row)
                    sheet, row = self._begun(len(written), batch), 1
                    written.append((sheet.name, 0))
                self._write_row(sheet, row, values)
                row += 1
                written[-1] = sheet.name, row - 1
        if sheet is None:
            sheet, row = self._begun(0, ()), 1
            written.append((sheet.name, 0))
        self._filter(sheet, row)
        return written

    def _begun(self, before: int, sample: Sequence[tuple[Any, ...]]) -> Any:
        sheet = self._book.add_worksheet(sheet_name(self._table.name, before + 1, self._taken))
        for number, column in enumerate(self._table.columns):
            kind = self._kinds[number]
            width = _WIDTHS.get(kind) or _width([as_text(row[number]) for row in sample[:200]])
            sheet.set_column(number, number, max(width, min(_width([column.name]), 24)))
            sheet.write_string(0, number, column.name[:LETTERS], self._formats["head"])
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
        return sheet

    def _filter(self, sheet: Any, rows: int) -> None:
        if sheet is not None:
            sheet.autofilter(0, 0, rows - 1, len(self._table.columns) - 1)

    def _write_row(self, sheet: Any, row: int, values: tuple[Any, ...]) -> None:
        for number, (kind, value) in enumerate(zip(self._kinds, values, strict=True)):
            if value is not None and value != "":
                self._write_cell(sheet, (row, number), kind, value)

    def _write_cell(self, sheet: Any, at: tuple[int, int], kind: str, value: Any) -> None:
        if isinstance(value, bool):
            sheet.write_boolean(*at, value, self._formats["text"])
        elif isinstance(value, int | Decimal | float) and math.isfinite(value) and -_EXACT < value < _EXACT:
            sheet.write_number(*at, value, self._formats[kind])
        elif isinstance(value, datetime) and value.date() >= _FIRST_DAY:
            sheet.write_datetime(*at, value.replace(tzinfo=None), self._formats[kind])
        elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
            sheet.write_datetime(*at, datetime(value.year, value.month, value.day), self._formats[kind])  # noqa: DTZ001
        else:
            text = as_text(value)
            cut = text if len(text) <= LETTERS else text[: LETTERS - len(_CUT)] + _CUT
            sheet.write_string(*at, cut, self._formats["long" if len(text) > 60 else "text"])


def _kind(column: Column) -> str:
    if column.type.startswith("DECIMAL"):
        return "money"
    if column.type in {"DOUBLE", "FLOAT"}:
        return "number"
    if column.type.endswith("INT") or column.type in {"INTEGER", "UINTEGER"}:
        return "whole"
    if column.type == "DATE":
        return "day"
    return "moment" if column.type.startswith("TIMESTAMP") else "text"


def _width(texts: list[str]) -> int:
    """The width that texts need, in digits, within what is sensible: a Chinese character is two digits wide."""
    widest = max((sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text[:60]) for text in texts), default=0)
    return min(max(widest + 2, 8), 60)


def sheet_name(name: str, number: int, taken: set[str]) -> str:
    """A name that Excel takes, and that no other sheet has; it is added to those taken."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip("' ") or "表"
    while True:
        tail = "" if number == 1 else f"（{number}）"
        found = clean[: 31 - len(tail)] + tail
        if found.lower() not in taken:
            taken.add(found.lower())
            return found
        number += 1
