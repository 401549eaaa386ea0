"""Lines and grids that stand on no paper get a nominal place, so that every later stage finds boxes where it expects.

A nominal page is a lattice of slots, 72 points wide and 18 high. Slot (0, 0) is its top left corner. In a workbook row
and column are those of the sheet, counted from 1 as it shows them, so that cell D5 has the box that begins at
(4 * 72, 5 * 18); row 0 holds the name on the sheet's tab. In running text every line and every row of a table takes
the next row of slots, and columns count from 1. `slot_of` goes back from a box.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.model import Box, Cell, Page, RawTable, TextLine
from pipeline.read import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SLOT_WIDTH, SLOT_HEIGHT = 72.0, 18.0
"""Points."""

TEXT_COLUMNS = 8
"""How wide a line of running text is taken to be, and a page at least."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell: the slots that it covers, from (row, column), and its text."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1

    @property
    def bottom(self) -> int:
        """The row below."""
        return self.row + self.row_span

    @property
    def right(self) -> int:
        """The column behind."""
        return self.column + self.column_span


def slot_of(box: Box) -> tuple[int, int]:
    """Row and column of the slot in which a box begins."""
    return round(box.top / SLOT_HEIGHT), round(box.x0 / SLOT_WIDTH)


def table_of(places: Sequence[Place], page: int) -> RawTable:
    """A raw table of cells that may leave places open; rows and columns of slots that no cell parts are one.

    Rows and columns without any cell vanish, other open places become empty cells. Where two cells claim a place, the
    first has it and the other is cut or dropped. Raises OverLimitError for one of too many places.
    """
    rows = _strips([(place.row, place.bottom) for place in places])
    columns = _strips([(place.column, place.right) for place in places])
    limits.check("表格位置（行数乘以列数）", len(rows) * len(columns), limits.PLACES)
    taken = [[False] * len(columns) for _ in rows]
    cells: list[Cell] = []

    def put(top: int, left: int, bottom: int, right: int, text: str) -> None:
        for row in taken[top:bottom]:
            row[left:right] = [True] * (right - left)
        box = _box(rows[top][0], columns[left][0], rows[bottom - 1][1], columns[right - 1][1])
        cells.append(Cell(page, box, top, left, text, bottom - top, right - left))

    for place in sorted(places, key=lambda place: (place.row, place.column)):
        top, bottom = bisect_left(rows, (place.row,)), bisect_left(rows, (place.bottom,))
        left, right = bisect_left(columns, (place.column,)), bisect_left(columns, (place.right,))
        if taken[top][left]:
            continue
        right = next((column for column in range(left, right) if taken[top][column]), right)
        bottom = next((row for row in range(top, bottom) if any(taken[row][left:right])), bottom)
        put(top, left, bottom, right, place.text)
    for row, places_taken in enumerate(taken):
        for column, is_taken in enumerate(places_taken):
            if not is_taken:
                put(row, column, row + 1, column + 1, "")
    cells.sort(key=lambda cell: (cell.row, cell.column))
    box = _box(rows[0][0], columns[0][0], rows[-1][1], columns[-1][1])
    return RawTable(page, box, len(rows), len(columns), tuple(cells))


def _strips(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that begin where a span begins; those that no span covers are none, so gaps close."""
    opened = Counter(start for start, _ in spans)
    closed = Counter(stop for _, stop in spans)
    strips: list[tuple[int, int]] = []
    depth = 0
    for start, stop in pairwise(sorted({*opened, *closed})):
        depth += opened[start] - closed[start]
        if start in opened:
            strips.append((start, stop))
        elif depth:
            strips[-1] = strips[-1][0], stop
    return strips


def _box(top: int, left: int, bottom: int, right: int) -> Box:
    return Box(left * SLOT_WIDTH, top * SLOT_HEIGHT, right * SLOT_WIDTH, bottom * SLOT_HEIGHT)


def line_at(text: str, page: int, row: int, column: int, stop: int) -> TextLine:
    """A line of text that covers the slots from `column` to `stop` of a row."""
    return TextLine(page, _box(row, column, row + 1, max(stop, column + 1)), text)


def page_of(number: int, lines: Iterable[TextLine], tables: Iterable[RawTable], reader: str) -> Page:
    """A nominal page around its lines and tables, with an empty row and column beyond them."""
    lines = tuple(sorted(lines, key=lambda line: (line.box.top, line.box.x0)))
    tables = tuple(sorted(tables, key=lambda table: table.box.top))
    boxes = [line.box for line in lines] + [table.box for table in tables]
    width = max((box.x1 for box in boxes), default=TEXT_COLUMNS * SLOT_WIDTH) + SLOT_WIDTH
    height = max((box.bottom for box in boxes), default=0.0) + SLOT_HEIGHT
    return Page(number, width, height, 0, lines, tables, reader)


class Flow:
    """Running text under construction: lines and tables one below the other, over pages."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self.pages: list[Page] = []
        self._begin()

    def _begin(self) -> None:
        self._row = 1
        self._lines: list[TextLine] = []
        self._tables: list[RawTable] = []

    @property
    def number(self) -> int:
        """Of the page under construction."""
        return len(self.pages) + 1

    @property
    def is_fresh(self) -> bool:
        """True if nothing stands on the page yet."""
        return not (self._lines or self._tables)

    def add_text(self, text: str) -> None:
        """A paragraph: one line for each of its own, white space at the sides and empty lines left out."""
        for line in text.splitlines():
            if line.strip():
                self._lines.append(line_at(line.strip(), self.number, self._row, 1, 1 + TEXT_COLUMNS))
                self._row += 1

    def add(self, block: str | Sequence[Place]) -> None:
        """A paragraph, or a table."""
        if isinstance(block, str):
            self.add_text(block)
        else:
            self.add_table(block)

    def add_table(self, places: Sequence[Place], breaks: Iterable[int] = ()) -> None:
        """A table, wherever its rows and columns begin to count; before the rows `breaks` a new page begins."""
        if not places:
            return
        top, left = min(place.row for place in places), min(place.column for place in places)
        bottom = max(place.bottom for place in places)
        stops = [top, *sorted({row for row in breaks if top < row < bottom}), bottom]
        for start, stop in pairwise(stops):
            if start > top:
                self.break_page()
            inside = [place for place in places if place.row < stop and place.bottom > start]
            part = [_cut(place, start, stop, self._row) for place in inside]
            if part:
                moved = [replace(place, column=place.column - left + 1) for place in part]
                self._tables.append(table_of(moved, self.number))
            self._row += stop - start + 1  # an empty row keeps tables apart that follow each other

    def break_page(self) -> None:
        """What comes next stands on a new page."""
        self.pages.append(page_of(self.number, self._lines, self._tables, self.reader))
        self._begin()

    def closed(self) -> tuple[Page, ...]:
        """All pages."""
        if not self.is_fresh or not self.pages:
            self.break_page()
        return tuple(self.pages)


def _cut(place: Place, start: int, stop: int, at: int) -> Place:
    """What of a cell stands in the rows from `start` to `stop`, moved to begin at row `at`; the text comes once."""
    top, bottom = max(place.row, start), min(place.bottom, stop)
    text = place.text if place.row >= start else ""
    return replace(place, row=at + top - start, text=text, row_span=bottom - top)
