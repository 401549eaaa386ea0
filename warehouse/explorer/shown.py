"""An answer as a table on a page: numbers that can be read, and links to what a row is about."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markupsafe import Markup, escape

from warehouse.explorer.text import NOTHING, plain, segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from warehouse.ask.model import Answer, Column

CELLS = 3_000
"""On one page: drawing more takes the server time that others wait for, and a browser shows them only slowly."""

CHARACTERS = 400
"""Of one cell; what is longer is cut, and whole in the files that can be downloaded."""

_SHORT = 24  # characters that stand on one line
_NUMERIC = ("DECIMAL", "DOUBLE", "FLOAT", "BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "UBIGINT")
_COUNTS = ("BIGINT", "HUGEINT", "UBIGINT", "UHUGEINT")
_DOCUMENT = ("document", "文件编号")
_PAGE = ("page", "页码", "first_page", "起始页")
_BOX = ("x0", "top", "x1", "bottom")
_DOCUMENT_PAGE = re.compile(r"/documents/[0-9a-f]{64}/pages/(\d+)(?:\?.*)?")
_ADDRESS_LENGTH = 48
_LINKS: Mapping[str, str] = {
    "report_id": "/reports/",
    "报告编号": "/reports/",
    "unit_id": "/units/",
    "单位编号": "/units/",
    "department_id": "/units/",
    "finding_id": "/findings/",
    "问题编号": "/findings/",
}
_ADDRESSES = ("链接", "原页", "网页", "url", "link")
_ADDRESS = re.compile(r"(https?://|/(?![/\\]))[^\x00-\x20\\]*")
"""A page of the web or of ours. Browsers leave out tabs, and take a backslash for a slash."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, where it leads ("" if nowhere), and its class."""

    text: str
    href: str = ""
    look: str = ""

    @property
    def html(self) -> Markup:
        """The cell of a table. Not in the template: an answer has thousands."""
        text, href = escape(plain(self.text)), escape(plain(self.href))
        held = f'<a href="{href}" rel="noreferrer">{text}</a>' if href else text
        return Markup(f'<td class="{self.look}">{held}</td>' if self.look else f"<td>{held}</td>")  # noqa: S704 - escaped


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its name, its type, and the class of its cells."""

    name: str
    type: str
    look: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer on a page; `left_out` counts the rows for which it has no room."""

    headings: tuple[Heading, ...]
    rows: list[list[Cell]]
    left_out: int


def shown(answer: Answer) -> Shown:
    """The rows of an answer as a page shows them."""
    names = [column.name for column in answer.columns]
    headings = tuple(
        Heading(column.name, column.type, "money" if column.type.startswith(_NUMERIC) else "")
        for column in answer.columns
    )
    spell = [_spelling(column) for column in answer.columns]
    lead = _leads(names)
    most = max(1, CELLS // max(1, len(names)))
    rows = [
        [
            Cell(text := spell[n](value), lead(n, row), headings[n].look or ("long" if len(text) > _SHORT else ""))
            for n, value in enumerate(row)
        ]
        for row in answer.rows[:most]
    ]
    return Shown(headings, rows, len(answer.rows) - len(rows))


def _spelling(column: Column) -> Callable[[Any], str]:
    if column.name in _DOCUMENT:
        return _abbreviated
    if column.name in _ADDRESSES:
        return _destination
    return _count if column.type in _COUNTS else _text


def _abbreviated(value: Any) -> str:
    """The beginning of a fingerprint: nobody reads the rest."""
    text = _text(value)
    return text if len(text) <= 12 else f"{text[:10]}…"


def _count(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def _destination(value: Any) -> str:
    """What an address leads to: a page of a document, or a file on a web site."""
    text = _text(value)
    if found := _DOCUMENT_PAGE.fullmatch(text):
        return f"第{found[1]}页"
    if len(text) <= _ADDRESS_LENGTH or not text.startswith("http"):
        return text
    host, _, rest = text.partition("://")[2].partition("/")
    return f"{host}/…{unquote(rest)[-(_ADDRESS_LENGTH - len(host)) :]}"


def _text(value: Any) -> str:
    """A value as people write it."""
    match value:
        case None:
            text = NOTHING
        case bool():
            text = "是" if value else "否"
        case Decimal():
            text = _decimal(value)
        case float():
            text = _number(value)
        case datetime():
            text = value.isoformat(" ", "seconds")
        case bytes():
            text = value[:CHARACTERS].hex()
        case list() | tuple():
            text = "、".join(map(_text, value[:CHARACTERS]))
        case dict():
            text = "，".join(f"{_text(key)}：{_text(item)}" for key, item in [*value.items()][:CHARACTERS])
        case _:
            text = str(value)
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"{text[:CHARACTERS]}…（共 {len(text):,} 字）"


def _decimal(value: Decimal) -> str:
    """With separators; zeros after the second decimal say nothing."""
    whole, point, decimals = f"{value:,f}".partition(".")
    return f"{whole}{point}{decimals[:2]}{decimals[2:].rstrip('0')}"


def _number(value: float) -> str:
    if not math.isfinite(value) or (value and not 1e-4 <= abs(value) < 1e15):
        return f"{value:.6g}"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _leads(names: Sequence[str]) -> Callable[[int, Sequence[Any]], str]:
    """Where the cell of a column in a row leads."""
    document = next((n for n, name in enumerate(names) if name in _DOCUMENT), None)
    page = next((n for n, name in enumerate(names) if name in _PAGE), None)
    box = [names.index(side) for side in _BOX] if set(_BOX) <= set(names) else []

    def lead(column: int, row: Sequence[Any]) -> str:
        name, value = names[column], row[column]
        if value in (None, ""):
            return ""
        if name in _LINKS:
            return _LINKS[name] + segment(str(value))
        if document is not None and row[document] and column in (document, page):
            number = row[page] if page is not None and row[page] else 1
            return f"/documents/{segment(str(row[document]))}/pages/{segment(str(number))}{_mark(row, box)}"
        return value if name in _ADDRESSES and isinstance(value, str) and _ADDRESS.fullmatch(value) else ""

    return lead


def _mark(row: Sequence[Any], box: Sequence[int]) -> str:
    sides = [row[n] for n in box]
    if not sides or not all(isinstance(side, float) and math.isfinite(side) for side in sides):
        return ""
    return "?mark=" + ",".join(f"{side:.1f}" for side in sides)
