"""One page's marks become the page: its tables, the lines outside them, and what got lost between the two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.issues import Issue, IssueKind
from pipeline.model import Box, Page, RawTable, TextLine
from pipeline.read import ruling, unruled
from pipeline.read.grid import Filled, fill
from pipeline.read.ink import Ink, frame_of, turn_box
from pipeline.read.text import Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.read.glyphs import Glyphs


_SIDEWAYS = 0.9  # of a table's glyphs; a heading may be set sideways to save room

Pages = tuple[tuple[Page, ...], tuple[Issue, ...]]
"""What a reader gives of a file: its pages, and what could not be read of it."""


def recognise(ink: Ink, reader: str, before: Page | None = None) -> tuple[Page, tuple[Issue, ...]]:
    """Find tables and lines. Work is done on the page turned upright; boxes come back as it is displayed.

    `before` is the page before, from which a table without vertical rules may go on.
    """
    turn = ink.glyphs.reading_turn()
    upright = ink.turned(turn)
    found = ruling.find_tables(upright)
    drawn = _in_order(cells for cells in found if not ruling.is_painted(cells, upright))
    outside, inside = _divide(upright.glyphs, [frame for frame, _ in drawn])
    lines = lines_of(outside)
    framed = drawn
    if unruled.may_hold_table(lines, continues=before is not None and bool(before.tables)):
        more = unruled.find_tables(upright, outside, [frame for frame, _ in drawn], _earlier(before, ink, turn))
        ruled = [cells for _, cells in drawn]
        framed = _in_order(_chosen(ruled, [cells for cells in found if cells not in ruled], more))
    elif len(drawn) < len(found):
        framed = _in_order(found)
    if framed != drawn:
        outside, inside = _divide(upright.glyphs, [frame for frame, _ in framed])
        lines = lines_of(outside)
    filled = [_filled(cells, glyphs, ink.number) for (_, cells), glyphs in zip(framed, inside, strict=True)]
    lines += [line for one in filled for line in (*one.furniture, *one.lost)]
    lines.sort(key=lambda line: (line.baseline, line.box.x0))

    def displayed(box: Box) -> Box:
        return turn_box(box, -turn % 360, upright.width, upright.height)

    page = Page(
        number=ink.number,
        width=ink.width,
        height=ink.height,
        rotation=turn,
        lines=tuple(TextLine(ink.number, displayed(line.box), line.text) for line in lines),
        tables=tuple(_displayed(one.table, displayed) if turn else one.table for one in filled),
        reader=reader,
    )
    issues = [_lost(line, displayed(line.box), ink.number) for one in filled for line in one.lost]
    return page, tuple(issues)


def _filled(cells: list[Box], glyphs: Glyphs, page: int) -> Filled:
    """The table with its text. Where nearly all of it lies sideways, so do rows and columns, whatever the page does."""
    turn = glyphs.reading_turn()
    if not turn or np.count_nonzero(glyphs.turns == -turn % 360) < _SIDEWAYS * len(glyphs):
        return fill(cells, glyphs, page)
    upright = fill([turn_box(box, turn, 0, 0) for box in cells], glyphs.turned(turn, 0, 0), page)

    def back(box: Box) -> Box:
        return turn_box(box, -turn % 360, 0, 0)

    furniture, lost = (
        tuple(Line(line.text, back(line.box), back(line.box).bottom) for line in lines)
        for lines in (upright.furniture, upright.lost)
    )
    return Filled(_displayed(upright.table, back), furniture, lost)


def _in_order(tables: Iterable[list[Box]]) -> list[tuple[Box, list[Box]]]:
    """Tables with their frames, from top to bottom."""
    framed = [(frame_of(cells), cells) for cells in tables]
    return sorted(framed, key=lambda table: (table[0].top, table[0].x0))


def _chosen(drawn: list[list[Box]], painted: list[list[Box]], unruled_: list[list[Box]]) -> list[list[Box]]:
    """All tables, without two in one place: shaded areas may be a whole table, or every other row of one."""
    chosen = list(drawn)
    kept = [cells for cells in unruled_ if not any(_is_all_of(other, cells) for other in painted)]
    frames = [frame_of(cells) for cells in kept]
    chosen += [cells for cells in painted if not any(_meet(frame_of(cells), frame) for frame in frames)]
    return chosen + kept


def _is_all_of(painted: list[Box], cells: list[Box]) -> bool:
    """True if shaded areas make all rows of a table found by its text, in no fewer columns."""
    outer, inner = frame_of(painted), frame_of(cells)
    high = outer.top <= inner.top + ruling.OPEN_SIDE and inner.bottom <= outer.bottom + ruling.OPEN_SIDE
    return high and len({cell.x0 for cell in painted}) >= len({cell.x0 for cell in cells})


def _meet(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.top < other.bottom and other.top < one.bottom


def _earlier(before: Page | None, ink: Ink, turn: int) -> unruled.Earlier | None:
    """The last table of the page before, if that page lies like this one."""
    if (
        before is None
        or not before.tables
        or (before.rotation, before.width, before.height) != (turn, ink.width, ink.height)
    ):
        return None
    boxes = [(cell, turn_box(cell.box, turn, before.width, before.height)) for cell in before.tables[-1].cells]
    edges = sorted({x for _, box in boxes for x in (box.x0, box.x1)})
    return unruled.Earlier(tuple(edges), frozenset("".join(cell.text.split()) for cell, _ in boxes))


def _divide(glyphs: Glyphs, frames: Sequence[Box]) -> tuple[Glyphs, list[Glyphs]]:
    """Glyphs outside every frame, and those inside each; where frames overlap the first takes them."""
    x, y = glyphs.centres
    owner = np.full(len(glyphs), len(frames))
    for index in range(len(frames) - 1, -1, -1):
        frame = frames[index]
        owner[(frame.x0 <= x) & (x < frame.x1) & (frame.top <= y) & (y < frame.bottom)] = index
    return glyphs.where(owner == len(frames)), [glyphs.where(owner == index) for index in range(len(frames))]


def _displayed(table: RawTable, displayed: Callable[[Box], Box]) -> RawTable:
    cells = tuple(replace(cell, box=displayed(cell.box)) for cell in table.cells)
    return replace(table, box=displayed(table.box), cells=cells)


def _lost(line: Line, box: Box, page: int) -> Issue:
    text = f"第{page}页表格内的文字“{line.text}”不在任何单元格中，请对照原文核对该处表格线。"
    return Issue(IssueKind.CHARACTERS_LOST, text, page=page, cell=line.text, box=box)
