"""Cells become a grid: each rectangle gets its row, column and spans, and the text printed inside it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box, Cell, RawTable
from pipeline.read.text import Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.read.ink import Glyph

RUN_GAP = 0.1
"""Glyphs no further apart than this share of their height were set as one text."""

_PAGE_MARK = re.compile(r"[-—–－‐·~]+\s*\d{1,4}\s*[-—–－‐·~]+|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?")


class Filled(NamedTuple):
    """A grid with its text, and the lines inside its frame that belong to no cell.

    `furniture` are page numbers printed over the table, `lost` everything else.
    """

    table: RawTable
    furniture: tuple[Line, ...]
    lost: tuple[Line, ...]


def is_page_mark(text: str) -> bool:
    """True for a page number in its usual dress: `— 13 —`, `第 3 页`, `第3页 共9页`."""
    return _PAGE_MARK.fullmatch(text.strip()) is not None


def frame_of(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def fill(boxes: Sequence[Box], glyphs: Sequence[Glyph], page: int) -> Filled:
    """The grid of these cell boxes of one table, with the text of the glyphs that lie in its frame."""
    xs = sorted({x for box in boxes for x in (box.x0, box.x1)})
    ys = sorted({y for box in boxes for y in (box.top, box.bottom)})
    column_at, row_at = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    owner: dict[tuple[int, int], Box] = {}
    for box in sorted(boxes, key=_area):
        covered = [
            (row, column)
            for row in range(row_at[box.top], row_at[box.bottom])
            for column in range(column_at[box.x0], column_at[box.x1])
        ]
        # crooked rules can make a large rectangle around smaller ones: the smaller ones are the cells
        if not any(place in owner for place in covered):
            owner.update(dict.fromkeys(covered, box))

    def cell_at(glyph: Glyph) -> Box | None:
        row = bisect_right(ys, (glyph.top + glyph.bottom) / 2) - 1
        return owner.get((row, bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1))

    inside: dict[Box | None, list[Glyph]] = {}
    for run in _runs(glyphs):
        places = [cell_at(glyph) for glyph in run]
        if len(set(places)) > 1 and any("\u4e00" <= glyph.text <= "\u9fff" for glyph in run):
            # a name too long for its cell runs on beneath the next one, where spreadsheets hide it
            places = [Counter(places).most_common(1)[0][0]] * len(run)
        for place, glyph in zip(places, run, strict=True):
            inside.setdefault(place, []).append(glyph)

    furniture: list[Line] = []
    cells: list[Cell] = []
    for box in sorted(set(owner.values()), key=lambda b: (b.top, b.x0)):
        lines = lines_of(inside.get(box, ()))
        furniture += [line for line in lines if is_page_mark(line.text)]
        row, column = row_at[box.top], column_at[box.x0]
        text = "\n".join(line.text for line in lines if not is_page_mark(line.text))
        spans = row_at[box.bottom] - row, column_at[box.x1] - column
        cells.append(Cell(page, box, row, column, text, *spans))
    table = RawTable(page, frame_of(boxes), len(ys) - 1, len(xs) - 1, tuple(cells))
    outside = lines_of(inside.get(None, ()))
    furniture += [line for line in outside if is_page_mark(line.text)]
    return Filled(table, tuple(furniture), tuple(line for line in outside if not is_page_mark(line.text)))


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs set one right behind the other, in the order in which they were printed."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run:
            last = run[-1]
            gap = abs(glyph.x0 - last.x1)
            if glyph.baseline != last.baseline or gap > RUN_GAP * (last.bottom - last.top):
                yield run
                run = []
        run.append(glyph)
    if run:
        yield run


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
