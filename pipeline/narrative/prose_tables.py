"""Prose that is set in a table: some producers put a whole report into one cell, or each paragraph into a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Box, TextLine
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from pipeline.model import Cell, RawTable

_PROSE = 0.8  # of a table's text


def lines_in(table: RawTable) -> list[TextLine]:
    """The lines of a table that is a frame around prose, () for one that is a table.

    In such a table nearly all text stands in cells without any neighbour that says something, and in sentences.
    """
    rows: dict[int, list[Cell]] = {}
    for cell in table.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell)
    alone = [cells[0] for cells in rows.values() if len(cells) == 1]
    said = sum(len(cell.text) for cell in alone if "。" in cell.text)
    if said < _PROSE * sum(len(cell.text) for cells in rows.values() for cell in cells) or not said:
        return []
    return [line for cells in rows.values() for cell in cells for line in _lines(cell)]


def _lines(cell: Cell) -> list[TextLine]:
    """The lines of a cell; each has its share of the cell's height, and its share of the width of the longest."""
    texts = [text for text in cell.text.split("\n") if squeeze(text)]
    longest = max(len(text) for text in texts)
    height = (cell.box.bottom - cell.box.top) / len(texts)
    width = cell.box.x1 - cell.box.x0
    return [
        TextLine(
            cell.page,
            Box(
                cell.box.x0,
                cell.box.top + height * index,
                cell.box.x0 + width * len(text) / longest,
                cell.box.top + height * (index + 1),
            ),
            text,
        )
        for index, text in enumerate(texts)
    ]
