"""Glyphs become lines of text: by baseline, from left to right, each glyph once.

Used for cells and for the text outside tables alike: the glyphs of a page are shared out over places (cells, or none)
and the lines of all places are made at once. Nothing here knows of tables.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.model import Box
from pipeline.read.ink import turn_box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.read.glyphs import Floats, Glyph, Glyphs, Integers

BASELINE_TOLERANCE = 0.4
"""Baselines nearer than this share of the glyph height are one line: digits are often set a little lower."""

WORD_GAP = 0.2
"""A gap wider than this share of the glyph height is white space; between digits, whose letter-spacing is
nobody's separator, twice and a half of it."""

WIDE_GAP = 1.5
"""From this share on the white space separates statements, and is kept as two spaces."""

REPEAT_DISTANCE = 0.3
"""The same character drawn again nearer than this share of its width is fake bold."""

_REPEATS_WITHIN = 3  # glyphs back along the line
_NUMERIC = frozenset("0123456789.,，．%-")


class Line(NamedTuple):
    """A line of text with its box and baseline."""

    text: str
    box: Box
    baseline: float


def lines_of(glyphs: Glyphs) -> list[Line]:
    """Lines of text, top to bottom; upright text first, then text that stands sideways or on its head."""
    return lines_by_place(glyphs, np.zeros(len(glyphs), dtype=np.intp)).get(0, [])


def lines_by_place(glyphs: Glyphs, places: Integers) -> dict[int, list[Line]]:
    """The lines of each place, as by `lines_of`; `places` has the number of its place for every glyph."""
    lines: dict[int, list[Line]] = {}
    for turn in sorted(set(glyphs.turns.tolist())):
        chosen = np.flatnonzero(glyphs.turns == turn)
        upright = glyphs.take(chosen).turned(-turn % 360, 0, 0)
        for place, line in _upright_lines(upright, places[chosen]):
            if turn:
                box = turn_box(line.box, turn, 0, 0)
                lines.setdefault(place, []).append(Line(line.text, box, box.bottom))
            else:
                lines.setdefault(place, []).append(line)
    return lines


def rows_of(glyphs: Glyphs) -> list[list[Glyph]]:
    """Upright glyphs on one baseline, from left to right, each glyph once; rows from top to bottom."""
    ordered, starts = _in_rows(glyphs, np.zeros(len(glyphs), dtype=np.intp))
    each = list(glyphs.take(ordered))
    return [each[start:stop] for start, stop in _stretches(starts, len(each))]


def _upright_lines(glyphs: Glyphs, places: Integers) -> list[tuple[int, Line]]:
    ordered, starts = _in_rows(glyphs, places)
    if not len(ordered):
        return []
    row = glyphs.take(ordered)
    parts = _spaced(row, starts)
    boxes = zip(
        row.boxes[starts, 0].tolist(),
        np.minimum.reduceat(row.boxes[:, 1], starts).tolist(),
        np.maximum.reduceat(row.boxes[:, 2], starts).tolist(),
        np.maximum.reduceat(row.boxes[:, 3], starts).tolist(),
        strict=True,
    )
    owners, baselines = places[ordered][starts].tolist(), row.baselines[starts].tolist()
    texts = ["".join(parts[start:stop]) for start, stop in _stretches(starts, len(parts))]
    return [
        (place, Line(text, Box(*box), baseline))
        for place, text, box, baseline in zip(owners, texts, boxes, baselines, strict=True)
    ]


def _stretches(starts: Integers, end: int) -> list[tuple[int, int]]:
    return list(pairwise([*starts.tolist(), end]))


def _in_rows(glyphs: Glyphs, places: Integers) -> tuple[Integers, Integers]:
    """Indexes of upright glyphs by place, row and x, each glyph once, and where in them each row starts."""
    ordered = np.lexsort((glyphs.baselines, places))
    row = np.cumsum(_begins_row(glyphs.baselines[ordered], glyphs.heights[ordered], places[ordered]), dtype=np.intp)
    by_x = np.lexsort((glyphs.boxes[ordered, 0], row))
    ordered, row = ordered[by_x], row[by_x]
    kept = _once(glyphs, ordered, row)
    ordered, row = ordered[kept], row[kept]
    return ordered, np.flatnonzero(np.diff(row, prepend=-1))


def _begins_row(baselines: Floats, heights: Floats, places: Integers) -> NDArray[np.bool_]:
    """Which of the glyphs, sorted by place and baseline, lie too far below the first of the row before them."""
    # the taller of two neighbours: a raised small figure belongs to the line that it stands in
    reach = BASELINE_TOLERANCE * np.maximum(heights[1:], heights[:-1])
    begins = np.ones(len(baselines), dtype=np.bool_)
    begins[1:] = (np.diff(baselines) > reach) | (np.diff(places) != 0)
    firsts = baselines[np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))]
    if (baselines[1:] - firsts[1:] > reach).any():  # baselines that creep downwards: from one to the next
        first = 0
        for index in range(1, len(begins)):
            begins[index] |= baselines[index] - baselines[first] > reach[index - 1]
            first = index if begins[index] else first
    return begins


def _once(glyphs: Glyphs, ordered: Integers, row: Integers) -> NDArray[np.bool_]:
    """False for glyphs drawn again on the spot of another of the same row."""
    kept = np.ones(len(ordered), dtype=np.bool_)
    x0 = glyphs.boxes[ordered, 0]
    near = REPEAT_DISTANCE * (glyphs.boxes[ordered, 2] - x0)
    suspects: set[int] = set()
    for back in range(1, min(_REPEATS_WITHIN, len(row) - 1) + 1):
        close = (row[back:] == row[:-back]) & (np.abs(x0[back:] - x0[:-back]) <= near[back:])
        suspects.update((np.flatnonzero(close) + back).tolist())
    texts = glyphs.texts
    for index in sorted(suspects):
        before = [i for i in range(max(0, index - 2 * _REPEATS_WITHIN), index) if kept[i] and row[i] == row[index]]
        kept[index] = not any(
            texts[ordered[i]] == texts[ordered[index]] and abs(x0[index] - x0[i]) <= near[index]
            for i in before[-_REPEATS_WITHIN:]
        )
    return kept


def _spaced(row: Glyphs, starts: Integers) -> list[str]:
    """The text of each glyph, behind the white space that parts it from the one on its left."""
    parts = list(row.texts)
    gaps, heights = row.boxes[1:, 0] - row.boxes[:-1, 2], row.heights
    least = np.minimum(heights[1:], heights[:-1])
    gaps[starts[1:] - 1] = 0.0
    narrow = WORD_GAP * least
    for index in np.flatnonzero((gaps > 0) & ((gaps > narrow) | (gaps >= WIDE_GAP * least))).tolist():
        left, right = row.texts[index], row.texts[index + 1]
        numeric = left in _NUMERIC and right in _NUMERIC
        if gaps[index] >= WIDE_GAP * least[index]:
            parts[index + 1] = "  " + right
        elif not numeric or gaps[index] > 2.5 * narrow[index]:
            parts[index + 1] = " " + right
    return parts
