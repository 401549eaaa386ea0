"""The nine tables of one book as printed grids, in a given style.

A `Sheet` is what a page shows: cells with their spans, and for every money cell the key of the fact that it prints.
Renderers draw sheets and know nothing of accounting; the expected facts of a report are read off the same sheets.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.city.books import Book
    from tests.city.ledger import Key
    from tests.city.style import Style

TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. `align` is l, c or r; `key` the fact that it prints, if it is a money cell."""

    text: str = ""
    rows: int = 1
    columns: int = 1
    align: str = "l"
    key: Key | None = None


Row = tuple[Cell, ...]
"""The cells of a row that begin in it, as in an HTML table: positions covered by a span are left out."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `widths` are relative; `repeat` says that the first body row repeats with the heading."""

    form: str
    title: str
    number: str
    unit_line: str
    money_line: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...]
    notes: tuple[str, ...] = ()
    landscape: bool = False
    number_first: bool = True

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.header + self.body

    def facts(self) -> Iterator[tuple[str, str, str, str]]:
        """(form, line, measure, printed text) of every money cell of a row that has a line, blank ones included."""
        for row in self.body:
            for cell in row:
                if cell.key:
                    yield (*cell.key, cell.text)


def place(rows: Sequence[Row]) -> list[tuple[int, int, Cell]]:
    """Row and column of every cell, spans respected."""
    taken: set[tuple[int, int]] = set()
    result = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            result.append((number, column, cell))
            taken |= {(number + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
            column += cell.columns
    return result


@cache
def subjects() -> dict[str, str]:
    """Names of the functional and economic subjects that the city uses, by code."""
    with (Path(__file__).parent / "subjects.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def head(text: str, rows: int = 1, columns: int = 1) -> Cell:
    return Cell(text, rows, columns, "c")


class Printer:
    """One book in one style: gives the money cells and the frame of a sheet."""

    def __init__(self, book: Book, style: Style) -> None:
        self.book, self.style = book, style

    @property
    def name(self) -> str:
        return self.book.unit.name + (f"（{self.book.scope}）" if self.book.scope else "")

    def amount(self, form: str, line: str, measure: str) -> Cell:
        fen = self.book.cells.get((form, line, measure), 0)
        return Cell(self.style.money(fen), align="r", key=(form, line, measure))

    def total_word(self) -> str:
        return "合　　计" if self.style.spaced_total else TOTAL

    def codes(self, form: str) -> list[str]:
        """The subject codes that have a row in a code table."""
        return sorted({line for found, line, _ in self.book.cells if found == form and line.isdigit()})

    def is_empty(self, form: str) -> bool:
        return not any(amount for key, amount in self.book.cells.items() if key[0] == form)

    def sheet(self, form: str, header: Sequence[Row], body: Sequence[Row], widths: Sequence[float]) -> Sheet:
        style, book = self.style, self.book
        words = {"unit": self.name, "code": book.unit.code, "year": book.year, "money": style.money_unit}
        notes: tuple[str, ...] = (_NOTES[form],) if form in _NOTES else ()
        if form in _MONEY and self.is_empty(form):
            notes = (style.empty_note.format(**words | {"money": _MONEY[form]}),)
        return Sheet(
            form,
            style.title(form, book.year),
            style.number_of(form),
            style.unit_line.format(**words),
            style.money_line.format(**words),
            tuple(header),
            tuple(body),
            tuple(widths),
            notes,
            landscape=form in style.landscape,
            number_first=style.number_first,
        )


_MONEY = {
    "government_fund": "政府性基金预算财政拨款",
    "state_capital": "国有资本经营预算财政拨款",
    "three_public": "“三公”经费",
}
_NOTES = {
    "income_expenditure": "注：本表列示本年度全部收入、支出和结转结余。金额换算单位时四舍五入，尾数可能有差。",
    "three_public": "注：预算数为调整后的全年预算数，决算数含以前年度结转资金的支出。",
}


def blank_rows(columns: int, count: int) -> tuple[Row, ...]:
    """Rows without any text, such as forms have where nothing was entered."""
    return ((Cell(),) * columns,) * count


def with_texts(sheet: Sheet, texts: dict[Key, str]) -> Sheet:
    """The sheet with other printed texts in some of its money cells."""
    body = tuple(
        tuple(replace(cell, text=texts[cell.key]) if cell.key in texts else cell for cell in row) for row in sheet.body
    )
    return replace(sheet, body=body)
