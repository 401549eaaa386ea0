"""One page's marks become the page: its tables, the lines outside them, and what got lost between the two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.model import Box, Page, RawTable, TextLine
from pipeline.read import ruling, unruled
from pipeline.read.grid import fill, frame_of
from pipeline.read.ink import Glyph, Ink, turn_box
from pipeline.read.text import Line, lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def recognise(ink: Ink, reader: str) -> tuple[Page, tuple[Issue, ...]]:
    """Find tables and lines. Work is done on the page turned upright; boxes come back as it is displayed."""
    turn = ink.reading_turn()
    upright = ink.turned(turn)
    frames = [(frame_of(cells), cells) for cells in ruling.find_tables(upright)]
    frames.sort(key=lambda framed: (framed[0].top, framed[0].x0))
    outside, inside = _divide(upright.glyphs, [frame for frame, _ in frames])
    lines = lines_of(outside)
    if unruled.may_hold_table(lines):
        more = unruled.find_tables(upright, outside, [frame for frame, _ in frames])
        if more:
            frames += [(frame_of(cells), cells) for cells in more]
            frames.sort(key=lambda framed: (framed[0].top, framed[0].x0))
            outside, inside = _divide(upright.glyphs, [frame for frame, _ in frames])
            lines = lines_of(outside)
    filled = [fill(cells, glyphs, ink.number) for (_, cells), glyphs in zip(frames, inside, strict=True)]
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


def _divide(glyphs: Sequence[Glyph], frames: Sequence[Box]) -> tuple[list[Glyph], list[list[Glyph]]]:
    """Glyphs outside every frame, and those inside each; where frames overlap the first takes them."""
    outside: list[Glyph] = []
    inside: list[list[Glyph]] = [[] for _ in frames]
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for index, frame in enumerate(frames):
            if frame.x0 <= x < frame.x1 and frame.top <= y < frame.bottom:
                inside[index].append(glyph)
                break
        else:
            outside.append(glyph)
    return outside, inside


def _displayed(table: RawTable, displayed: Callable[[Box], Box]) -> RawTable:
    cells = tuple(replace(cell, box=displayed(cell.box)) for cell in table.cells)
    return replace(table, box=displayed(table.box), cells=cells)


def _lost(line: Line, box: Box, page: int) -> Issue:
    text = f"第{page}页表格内的文字“{line.text}”不在任何单元格中，请对照原文核对该处表格线。"
    return Issue(IssueKind.CHARACTERS_LOST, text, page=page, cell=line.text, box=box)
