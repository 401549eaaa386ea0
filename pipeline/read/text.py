"""Glyphs become lines of text: by baseline, from left to right, each glyph once.

Used for cells and for the text outside tables alike. Nothing here knows of tables.
"""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter
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
    return [_line(row) for row in rows_of(glyphs)]


def rows_of(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Upright glyphs on one baseline, from left to right, each glyph once; rows from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=attrgetter("baseline")):
        if rows:
            # the taller of the two: a raised small figure belongs to the line that it stands in
            last = rows[-1][-1]
            height = max(glyph.bottom - glyph.top, last.bottom - last.top)
            if glyph.baseline - rows[-1][0].baseline <= BASELINE_TOLERANCE * height:
                rows[-1].append(glyph)
                continue
        rows.append([glyph])
    return [_once(sorted(row, key=attrgetter("x0"))) for row in rows]


def _once(row: list[Glyph]) -> list[Glyph]:
    """The glyphs of one line, from left to right, without those drawn again on the same spot."""
    kept = row[:1]
    for glyph in row[1:]:
        if glyph.x0 >= kept[-1].x1 or not any(_is_repeat(glyph, other) for other in kept[-3:]):
            kept.append(glyph)
    return kept


def _is_repeat(glyph: Glyph, other: Glyph) -> bool:
    return glyph.text == other.text and abs(glyph.x0 - other.x0) <= REPEAT_DISTANCE * (glyph.x1 - glyph.x0)


def _line(row: Sequence[Glyph]) -> Line:
    parts = [row[0].text]
    for left, right in pairwise(row):
        if right.x0 > left.x1:
            parts.append(_space(left, right))
        parts.append(right.text)
    _, _, tops, ends, bottoms, _, _ = zip(*row, strict=True)
    return Line("".join(parts), Box(row[0].x0, min(tops), max(ends), max(bottoms)), row[0].baseline)


def _space(left: Glyph, right: Glyph) -> str:
    gap = right.x0 - left.x1
    height = min(left.bottom - left.top, right.bottom - right.top)
    if gap >= WIDE_GAP * height:
        return "  "
    numeric = left.text in _NUMERIC and right.text in _NUMERIC
    return " " if gap > height * WORD_GAP * (2.5 if numeric else 1) else ""
