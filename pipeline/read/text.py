"""Glyphs become lines of text: by baseline, from left to right, each glyph once.

Used for cells and for the text outside tables alike. Nothing here knows of tables.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box
from pipeline.read.ink import Glyph, turn_box, turn_glyphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BASELINE_TOLERANCE = 0.4
"""Baselines nearer than this share of the glyph height are one line: digits are often set a little lower."""

WORD_GAP = 0.2
"""A gap wider than this share of the glyph height is white space; between digits, whose letter-spacing is
nobody's separator, twice and a half of it."""

WIDE_GAP = 1.5
"""From this share on the white space separates statements, and is kept as two spaces."""

REPEAT_DISTANCE = 0.3
"""The same character drawn again nearer than this share of its width is fake bold."""

_NUMERIC = frozenset("0123456789.,，．%-")


class Line(NamedTuple):
    """A line of text with its box and baseline."""

    text: str
    box: Box
    baseline: float


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Lines of text, top to bottom; upright text first, then text that stands sideways or on its head."""
    by_turn: dict[int, list[Glyph]] = {}
    for glyph in glyphs:
        by_turn.setdefault(glyph.turn, []).append(glyph)
    lines: list[Line] = []
    for turn in sorted(by_turn):
        lines += _upright_lines(by_turn[turn]) if turn == 0 else _sideways_lines(by_turn[turn], turn)
    return lines


def _sideways_lines(glyphs: Sequence[Glyph], turn: int) -> list[Line]:
    """Lines of text that reads in another direction, in its own order; boxes as they stand on the page."""
    back = -turn % 360
    upright = _upright_lines(turn_glyphs(glyphs, back, 0, 0))
    boxes = [turn_box(line.box, turn, 0, 0) for line in upright]
    return [Line(line.text, box, box.bottom) for line, box in zip(upright, boxes, strict=True)]


def _upright_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.baseline):
        if rows:
            # the last glyph's baseline, not the row's first: a row of many fonts drifts by less than a line
            last = rows[-1][-1]
            height = min(glyph.bottom - glyph.top, last.bottom - last.top)
            if glyph.baseline - rows[-1][0].baseline <= BASELINE_TOLERANCE * height:
                rows[-1].append(glyph)
                continue
        rows.append([glyph])
    return [_line(_once(sorted(row, key=lambda g: g.x0))) for row in rows]


def _once(row: list[Glyph]) -> list[Glyph]:
    """The glyphs of one line without those drawn again on the same spot."""
    kept: list[Glyph] = []
    for glyph in row:
        width = glyph.x1 - glyph.x0
        if not any(
            other.text == glyph.text and abs(glyph.x0 - other.x0) <= REPEAT_DISTANCE * width for other in kept[-3:]
        ):
            kept.append(glyph)
    return kept


def _line(row: Sequence[Glyph]) -> Line:
    parts = [row[0].text]
    for left, right in pairwise(row):
        parts += [_space(left, right), right.text]
    box = Box(min(g.x0 for g in row), min(g.top for g in row), max(g.x1 for g in row), max(g.bottom for g in row))
    return Line("".join(parts), box, row[0].baseline)


def _space(left: Glyph, right: Glyph) -> str:
    gap = right.x0 - left.x1
    height = min(left.bottom - left.top, right.bottom - right.top)
    if gap >= WIDE_GAP * height:
        return "  "
    numeric = left.text in _NUMERIC and right.text in _NUMERIC
    return " " if gap > height * WORD_GAP * (2.5 if numeric else 1) else ""
