"""Figures that do not fit the grid around them: where a rule was lost or imagined, a number stands in a wrong cell.

A lost rule makes one cell of two, in one row or a few; an imagined one parts a number. Both leave figures where the
rest of the table has none like them. Such figures are doubtful, however well they can be read.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.read.ocr import numbers
from pipeline.read.ocr.reading import DOUBTFUL, MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Cell
    from pipeline.read.ocr.reading import Word

_MOST = 0.5  # of the rows (columns) with figures, which have an edge where a cell spans it
_APART = 0.3  # of the height of figures; numbers of two cells stand further apart than digits of one
_LEVEL = 0.5  # of the height of figures, by which those of one line overlap


def misfits(words: Mapping[Cell, Sequence[Word]]) -> set[Cell]:
    """Cells of a table whose figures may be another cell's; `words` are those of each cell, blank ones included."""
    figures = {cell: sum(bool(numbers.figures(word.text)) for word in own) for cell, own in words.items()}
    across = {cell: ((cell.row, cell.row_span), (cell.column, cell.column_span)) for cell in figures}
    down = {cell: (place, line) for cell, (line, place) in across.items()}
    double = {cell for cell, count in figures.items() if count > 1}
    return double | set(_spanning(across, figures)) | set(_spanning(down, figures))


def _spanning(
    places: Mapping[Cell, tuple[tuple[int, int], tuple[int, int]]], figures: Mapping[Cell, int]
) -> Iterator[Cell]:
    """Cells with figures that reach over an edge which most lines with figures have; `places` are line and place."""
    lines = {places[cell][0][0] for cell, count in figures.items() if count}
    edges: dict[int, set[int]] = defaultdict(set)
    for (line, _), (first, span) in places.values():
        edges[line] |= {first, first + span}
    for cell, ((line, _), (first, span)) in places.items():
        others = lines - {line}
        for edge in range(first + 1, first + span) if figures[cell] else ():
            if sum(edge in edges[other] for other in others) > _MOST * len(others):
                yield cell


def parted(words: Sequence[Word]) -> list[Word]:
    """The words of an upright page; figures of two cells that stand as near as digits of one number are doubtful."""
    figures = [word for word in words if word.cell is not None and numbers.figures(word.text)]
    figures.sort(key=lambda word: (word.cell.top if word.cell else 0.0, word.box.x0))
    near = set()
    for left, right in pairwise(figures):
        height = min(left.box.bottom - left.box.top, right.box.bottom - right.box.top)
        level = min(left.box.bottom, right.box.bottom) - max(left.box.top, right.box.top) > _LEVEL * height
        if level and left.cell != right.cell and right.box.x0 - left.box.x1 + 2 * MARGIN * height < _APART * height:
            near |= {left, right}
    return [word._replace(confidence=DOUBTFUL) if word in near else word for word in words]
