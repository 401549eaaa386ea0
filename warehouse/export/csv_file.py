"""CSV as Excel opens it: UTF-8 with its mark, and no text that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import re
from typing import IO, TYPE_CHECKING

from warehouse.export.model import as_text

if TYPE_CHECKING:
    from warehouse.export.model import Table

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_HARMLESS = re.compile(r"[+-]?[\d,]*(?:\.\d+)?%?")
"""A printed number, or a dash for none."""


def write_csv(table: Table, target: IO[bytes]) -> None:
    """Write a table as CSV, with a line of heads."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([defused(column.name) for column in table.columns])
    for batch in table.batches:
        writer.writerows([_cell(value) for value in row] for row in batch)
    text.detach()


def _cell(value: object) -> str:
    text = as_text(value)
    return text if isinstance(value, int | float) or value is None else defused(text)


def defused(text: str) -> str:
    """A text with an apostrophe before it if a spreadsheet would run it."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text
