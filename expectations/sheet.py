"""CSV files that the bureau keeps in a spreadsheet program: their rows, and what is wrong with the others, in Chinese.

Belongs here: what every such file has, its headings, encodings and dates. Not here: the meaning of a row.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?")


class SheetError(ValueError):
    """A file that cannot be taken; its text is a Chinese clause for the one who keeps it."""


class RowError(ValueError):
    """A row that cannot be taken; its text goes on after 第N行."""


def rows_of(data: bytes, headings: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, by number; the headings are row 1, as spreadsheets count.

    UTF-8 or, as Chinese spreadsheets save it, GB 18030. Raises SheetError for what is no CSV or has other headings.
    """
    try:
        rows = list(csv.reader(io.StringIO(_decoded(data), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SheetError(f"文件不是可读的 CSV（{error}）") from error
    found = [cell.strip() for cell in rows[0]] if rows else []
    while found and not found[-1]:
        found.pop()
    if found != list(headings):
        raise SheetError(f"第1行应为栏名“{'，'.join(headings)}”")
    return ((row_no, [cell.strip() for cell in row]) for row_no, row in enumerate(rows[1:], 2) if "".join(row).strip())


def named(cells: Sequence[str], headings: Sequence[str], free_text: str) -> dict[str, str]:
    """The cells of a row by heading; `free_text` names the columns in which people write commas."""
    if len(cells) < len(headings) or any(cells[len(headings) :]):
        raise RowError(
            f"有{len(cells)}栏，应为{len(headings)}栏；{free_text}中有英文逗号的，请改用中文逗号，或用英文双引号括起"
        )
    return dict(zip(headings, cells, strict=False))


def day_of(text: str) -> date | None:
    """The day that a cell names, in the ways that spreadsheets write dates; None if it names none."""
    parts = _DATE.fullmatch(text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def harmless(text: str) -> str:
    """A text that a spreadsheet program shows and does not calculate: what begins like a formula gets a quote."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
