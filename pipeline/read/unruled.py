"""Tables without vertical rules: where on the page they are, and that they are tables at all.

A table has rows in which white space parts figures from names, and figures that stand in columns. Prose has neither;
lists of contents have one column of small numbers. What the text alone leaves open is decided by a line that states
the money unit above it, or by level rules of one length above and below.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read import ruling
from pipeline.read.columns import Interval, column_edges, columns_of
from pipeline.read.grid import is_page_mark
from pipeline.read.lattice import Region, cells_of
from pipeline.read.pieces import rows_of_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box
    from pipeline.read.ink import Glyph, Ink, Rule
    from pipeline.read.pieces import Piece, Row
    from pipeline.read.text import Line

ROW_STEP = 4.5
"""Rows of one table stand no further apart than this many times their height."""

PROSE = 0.5
"""A piece wider than this share of the page is a sentence, not what stands in a cell."""

RULE_SHARE = 0.3
"""Level rules shorter than this share of the page bound no table."""

ALIGNED = 1.5
"""Sides of figures nearer than this (points) are one."""

_UNIT = re.compile(r".*(金额)?单位[:：].*元.*|.*[(（](单位|金额)?[:：]?(人民币)?[百千万亿]*元[)）].*")
_CAPTION = re.compile(
    r"(编制|填报|编报|预算|公开)?(单位|部门)(名称)?[:：].*|.*单位[:：].*|.*表([（(].*[）)])?"
    r"|(公开|附|财决)?\s?(\d{1,2}\s?表|表\s?[\d一二三四五六七八九十]{1,2})"
)
_NOTE = re.compile(r"(注|备注|说明|附注|注释)\d?\s?[:：.、].*")
_LEADERS = re.compile(r"[.．·…。]{4,}")
_WIDE = "  "


def may_hold_table(lines: Sequence[Line]) -> bool:
    """False for pages of prose, at once: a table has two lines, at least, with wide white space in them."""
    return sum(_WIDE in line.text for line in lines) > 1


def find_tables(ink: Ink, glyphs: Iterable[Glyph], frames: Sequence[Box]) -> list[list[Box]]:
    """The cells of each table that the glyphs outside the ruled tables' frames make, on an upright page."""
    rows = [row for row in rows_of_pieces(glyphs) if not is_page_mark(row.text)]
    rules = [
        rule
        for rule in ruling.merge(ink.across)
        if not any(f.x0 < rule.stop and f.x1 > rule.start and f.top - 1 <= rule.at <= f.bottom + 1 for f in frames)
    ]
    found = []
    for start, stop in _groups(rows, ink.width, frames):
        cells = _table(rows, start, stop, rules, ink)
        if cells:
            found.append(cells)
    return found


def _is_seed(row: Row) -> bool:
    if _LEADERS.search(row.text):
        return False
    return len(row.pieces) > 2 or (len(row.pieces) > 1 and row.numbers > 0)


def _groups(rows: Sequence[Row], width: float, frames: Sequence[Box]) -> list[tuple[int, int]]:
    """Runs of rows that may be one table, from its first row with pieces side by side to its last."""
    groups: list[tuple[int, int]] = []
    start, last = -1, -1
    for index, row in enumerate(rows):
        if start >= 0 and not _follows(rows[index - 1], row, frames):
            groups.append((start, last + 1))
            start = -1
        if _is_caption(row) or _is_prose(row, width):
            if start >= 0:
                groups.append((start, last + 1))
            start = -1
        elif _is_seed(row):
            start = index if start < 0 else start
            last = index
    if start >= 0:
        groups.append((start, last + 1))
    return groups


def _follows(above: Row, below: Row, frames: Sequence[Box]) -> bool:
    step = below.baseline - above.baseline
    between = any(above.baseline < (frame.top + frame.bottom) / 2 < below.baseline for frame in frames)
    return step <= ROW_STEP * max(above.size, below.size) and not between


def _is_caption(row: Row) -> bool:
    return any(_CAPTION.fullmatch(piece.text) or _NOTE.fullmatch(piece.text) for piece in row.pieces)


def _is_prose(row: Row, width: float) -> bool:
    return any(piece.x1 - piece.x0 > PROSE * width for piece in row.pieces) or bool(_LEADERS.search(row.text))


def _table(rows: Sequence[Row], start: int, stop: int, rules: Sequence[Rule], ink: Ink) -> list[Box]:
    """The cells of one group of rows, with the heading above and the rows without figures below; [] if no table."""
    first = next((i for i in range(start, stop) if rows[i].numbers), stop)
    top = start
    while top > 0 and _leads(rows[top - 1], rows[top], ink.width):
        top -= 1
    captioned = any(_UNIT.search(row.text) for row in rows[max(0, top - 3) : top])
    header, body = rows[top:first], rows[first:stop]
    span = _rules_around(rules, rows[top:stop])
    sides = Interval(span[0].start, span[0].stop) if span else None
    edges = column_edges(header, body, sides)
    if not _is_table(header, body, edges, captioned=captioned, ruled=bool(span) and span[0].at < rows[top].bottom):
        return []
    end = span[-1].at if span and span[-1].at > rows[stop - 1].bottom - 1 else ink.height
    body = [*body, *_trailing([row for row in rows[stop:] if row.baseline < end], [*header, *body], edges, ink.width)]
    lines = [*header, *body]
    bars = {rule.at for rule in span} if span else set()
    low, high = lines[0].top, lines[-1].bottom
    wide = [f for f in ink.fills if f.x0 <= edges[1] and f.x1 >= edges[-2] and f.bottom > low and f.top < high]
    for fill in wide:
        for y in (fill.top, fill.bottom):
            if all(abs(y - bar) > ruling.SNAP for bar in bars):
                bars.add(y)
    partial = [
        rule
        for rule in rules
        if low - 10 < rule.at < high + 10 and rule not in span and rule.start < edges[-1] and rule.stop > edges[0]
    ]
    return cells_of(Region(tuple(header), tuple(body), tuple(edges), tuple(sorted(bars)), tuple(partial)))


def _leads(row: Row, below: Row, width: float) -> bool:
    """True for a line of the heading above another."""
    if _is_caption(row) or _is_prose(row, width) or not _follows(row, below, ()):
        return False
    return row.size <= 1.3 * below.size and not re.search(r"[。：:；]$", row.text)


def _rules_around(rules: Sequence[Rule], rows: Sequence[Row]) -> list[Rule]:
    """The most level rules of one length, as long as these rows or longer, above, in and below them; [] if but one."""
    best: list[Rule] = []
    reach = 2.5 * max(rows[0].size, rows[-1].size)
    start = min(row.pieces[0].x0 for row in rows) + ruling.SNAP
    stop = max(row.pieces[-1].x1 for row in rows) - ruling.SNAP
    near = [
        rule
        for rule in rules
        if rows[0].top - reach < rule.at < rows[-1].bottom + reach and rule.start <= start and rule.stop >= stop
    ]
    for rule in near:
        same = [r for r in near if abs(r.start - rule.start) <= ruling.SNAP and abs(r.stop - rule.stop) <= ruling.SNAP]
        best = max(best, same, key=len)
    return best if len(best) > 1 else []


class _Column(NamedTuple):
    """The figures of a column: how many, how many amounts, and how many stand flush with others."""

    numbers: int
    amounts: int
    flush: int


def _figures(body: Sequence[Row], edges: Sequence[float]) -> list[_Column]:
    columns = []
    for column in range(len(edges) - 1):
        pieces = [p for row in body for p in row.pieces if columns_of(p, edges) == range(column, column + 1)]
        numbers = [piece for piece in pieces if piece.is_number]
        figures = sum(piece.is_figure for piece in pieces)
        if figures < 0.7 * len(pieces):
            columns.append(_Column(0, 0, 0))
            continue
        places = [p.x1 for p in numbers], [p.x0 for p in numbers], [p.middle for p in numbers]
        flush = max(map(_most_at_one_place, places))
        columns.append(_Column(len(numbers), sum(p.is_amount for p in numbers), flush))
    return columns


def _most_at_one_place(places: Sequence[float]) -> int:
    return max((sum(abs(other - place) <= ALIGNED for other in places) for place in places), default=0)


def _is_table(
    header: Sequence[Row], body: Sequence[Row], edges: Sequence[float], *, captioned: bool, ruled: bool
) -> bool:
    if len(edges) < 3 or len(header) + len(body) < 2:
        return False
    columns = _figures(body, edges)
    standing = [c for c in columns if c.flush > 1 and c.flush >= 0.5 * c.numbers]
    amounts = sum(column.amounts for column in standing)
    names = sum(not piece.is_figure for row in body for piece in row.pieces)
    if len(standing) > 1 and amounts > 1 and names > 1 and (header or len(body) > 2):
        return True
    many = any(row.numbers > 1 for row in body) or bool(standing)
    if captioned and header:
        return many or max(len(row.pieces) for row in header) > 3
    return ruled and many and amounts > 0


def _trailing(below: Iterable[Row], above: Sequence[Row], edges: Sequence[float], width: float) -> list[Row]:
    """Rows below the last one with figures that stand like those above: names whose amounts are blank."""
    found: list[Row] = []
    steps = [lower.baseline - upper.baseline for upper, lower in pairwise(above)]
    reach = 1.4 * max(steps, default=2 * above[-1].size)
    pieces = [piece for row in above for piece in row.pieces]
    last = above[-1]
    for row in below:
        if _is_caption(row) or _is_prose(row, width) or row.baseline - last.baseline > reach:
            break
        if not all(any(_stands_like(piece, other) for other in pieces) for piece in row.pieces):
            break
        if any(len(columns_of(piece, edges)) > 1 for piece in row.pieces):
            break
        found.append(row)
        last = row
    return found


def _stands_like(piece: Piece, other: Piece) -> bool:
    return abs(piece.x0 - other.x0) <= ALIGNED or abs(piece.middle - other.middle) <= ALIGNED
