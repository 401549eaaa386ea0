"""Prose that is set in a table: some producers put a whole report into one cell, or each paragraph into a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box, TextLine
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from pipeline.model import Cell, RawTable

_PROSE = 0.8  # of a table's text
_HALF_WIDTH = re.compile(r"[!-~]")


class Prose(NamedTuple):
    """The lines of a frame around prose, and those of them that begin a cell below another."""

    lines: list[TextLine]
    first: set[TextLine]


def prose_in(table: RawTable) -> Prose | None:
    """The lines of a table that is a frame around prose, None for one that is a table.

    In a frame nearly all text stands in sentences, in cells without any neighbour that says something. Its lines have
    their share of the height of their cell, and are as wide as the longest line says that letters are.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    said = sum(len(cells[0].text) for cells in rows.values() if len(cells) == 1 and "。" in cells[0].text)
    if not said or said < _PROSE * sum(len(cell.text) for cells in rows.values() for cell in cells):
        return None
    cells = [cell for row in sorted(rows) for cell in rows[row]]
    longest = max(width_of(line) for cell in cells for line in cell.text.split("\n"))
    by_cell = [_lines(cell, longest) for cell in cells]
    return Prose([line for lines in by_cell for line in lines], {lines[0] for lines in by_cell[1:]})


def width_of(text: str) -> float:
    """Nominal width in em."""
    text = squeeze(text)
    return (len(text) + len(_HALF_WIDTH.sub("", text))) / 2


def _lines(cell: Cell, longest: float) -> list[TextLine]:
    texts = [text for text in cell.text.split("\n") if squeeze(text)]
    left, height = cell.box.x0, (cell.box.bottom - cell.box.top) / len(texts)
    em = (cell.box.x1 - left) / longest
    tops = [cell.box.top + height * index for index in range(len(texts))]
    return [
        TextLine(cell.page, Box(left, top, left + em * width_of(text), top + height), text)
        for top, text in zip(tops, texts, strict=True)
    ]
