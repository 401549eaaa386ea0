"""Columns from text: where white space parts the pieces of all rows of a table.

Every gap between two pieces of a row has a column's edge in it. The fewest places that lie in all gaps are the edges;
a place that cuts more text than it parts was only white space within a cell.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.pieces import Piece, Row

TOUCH = 0.15
"""A piece belongs to a column if more than this share of it lies there."""

PADDING = 3.0
"""White space (points) at the outer sides of a table that has no rules to say where it ends."""


class Interval(NamedTuple):
    """A stretch along one axis."""

    start: float
    stop: float

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.start + self.stop) / 2


def stab(intervals: Iterable[Interval]) -> list[Interval]:
    """The fewest places such that each interval holds one, as the stretches in which these places are free to lie."""
    places: list[Interval] = []
    for start, stop in sorted(intervals, key=lambda interval: (interval[1], interval[0])):
        if places and start <= places[-1].stop:
            places[-1] = Interval(max(start, places[-1].start), places[-1].stop)
        else:
            places.append(Interval(start, stop))
    return places


def column_edges(header: Sequence[Row], body: Sequence[Row], sides: Interval | None) -> list[float]:
    """The x of all edges, the outer ones included; `sides` are the ends of the table's rules, if it has any."""
    pieces = [piece for row in body for piece in row.pieces]
    every = [*pieces, *(piece for row in header for piece in row.pieces)]
    left = min(piece.x0 for piece in every) - PADDING
    right = max(piece.x1 for piece in every) + PADDING
    if sides:
        left, right = min(left + PADDING, sides.start), max(right - PADDING, sides.stop)
    gaps = [Interval(one.x1, other.x0) for row in (*header, *body) for one, other in pairwise(row.pieces)]
    inner = _places(gaps, pieces)
    if beside := _beside_blank(header, pieces, [left, *inner, right]):
        inner = _places([*gaps, *beside], pieces)
    return [left, *inner, right]


def _places(gaps: Sequence[Interval], pieces: Sequence[Piece]) -> list[float]:
    """Where the gaps are stabbed, without places that cut more of these pieces than they alone part."""
    places = [_freest(place, pieces).middle for place in stab(gaps)]
    kept = []
    for at in places:
        parted = sum(
            gap.start <= at <= gap.stop and not any(gap.start <= x <= gap.stop for x in places if x != at)
            for gap in gaps
        )
        cut = sum(piece.x0 + 1 < at < piece.x1 - 1 for piece in pieces)
        if cut == 0 or cut < parted:
            kept.append(at)
    return kept


def _freest(place: Interval, pieces: Sequence[Piece]) -> Interval:
    """The widest part of a stretch where the fewest pieces lie."""
    inside = [piece for piece in pieces if piece.x0 < place.stop and piece.x1 > place.start]
    ends = {x for piece in inside for x in (piece.x0, piece.x1) if place.start < x < place.stop}
    xs = sorted(ends | {place.start, place.stop})
    parts = [Interval(a, b) for a, b in pairwise(xs)] or [place]
    return min(parts, key=lambda part: (sum(p.x0 < part.middle < p.x1 for p in inside), part.start - part.stop))


def _beside_blank(header: Sequence[Row], body: Sequence[Piece], edges: Sequence[float]) -> list[Interval]:
    """Gaps between headings that stand side by side in one column: one of the two has a blank column of its own.

    Headings on different lines count if the upper one is not on the first line, where headings group columns.
    """
    columns: dict[int, list[Piece]] = {}
    for row in header:
        for piece in row.pieces:
            touched = columns_of(piece, edges)
            if len(touched) == 1:
                columns.setdefault(touched.start, []).append(piece)
    gaps = []
    for column, heads in columns.items():
        heads.sort(key=lambda piece: piece.x0)
        stop = heads[0].x1
        for left, right in pairwise(heads):
            if right.x0 > stop and (_is_beside(left, right) or not {left, right} & set(header[0].pieces)):
                # figures stand at the right of their column: what lies between belongs to the left heading
                inside = [p.x1 for p in body if edges[column] < p.x0 and p.x1 < right.x0]
                gaps.append(Interval(max([stop, *inside]), right.x0))
            stop = max(stop, right.x1)
    return gaps


def _is_beside(one: Piece, other: Piece) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def columns_of(piece: Piece, edges: Sequence[float]) -> range:
    """The columns that a piece lies in: one, or several if it was set across their edges."""
    width = max(piece.x1 - piece.x0, 0.1)
    shares = [(min(piece.x1, right) - max(piece.x0, left)) / width for left, right in pairwise(edges)]
    touched = [index for index, share in enumerate(shares) if share > TOUCH]
    if not touched:
        touched = [max(range(len(shares)), key=shares.__getitem__)]
    return range(touched[0], touched[-1] + 1)


def centred_edges(edges: Sequence[float], free: Sequence[Interval], middles: Sequence[float | None]) -> list[float]:
    """Edges moved, within the stretches where they are free to lie, so that headings stand in the middle.

    `free` has a stretch for every edge, `middles` the middle of each column's own heading. Where headings are centred,
    an edge and the middles beside it give the next edge: a run of such columns can only move as one.
    """
    moved = list(edges)
    first = 0
    while first < len(middles):
        last = first
        while last < len(middles) and middles[last] is not None:
            last += 1
        if last > first:
            _centre_run(moved, free, middles, first, last)
        first = last + 1
    return moved


def _centre_run(
    moved: list[float], free: Sequence[Interval], middles: Sequence[float | None], first: int, last: int
) -> None:
    """Edges `first` to `last`: edge k lies at offset + sign x t, t being the first one; t has to suit them all."""
    offset, sign = 0.0, 1.0
    places = [(offset, sign)]
    for middle in (middle for middle in middles[first:last] if middle is not None):
        offset, sign = 2 * middle - offset, -sign
        places.append((offset, sign))
    low, high = free[first].start, free[first].stop
    for (offset, sign), stretch in zip(places, free[first : last + 1], strict=True):
        ends = sorted((sign * (stretch.start - offset), sign * (stretch.stop - offset)))
        low, high = max(low, ends[0]), min(high, ends[1])
    if low <= high + 1:
        t = (low + high) / 2
        for index, ((offset, sign), stretch) in enumerate(zip(places, free[first : last + 1], strict=True), first):
            moved[index] = min(max(offset + sign * t, stretch.start), stretch.stop)
