"""Columns from text: where white space parts the pieces of all rows of a table.

Every gap between two pieces of a row has a column's edge in it. The fewest places that lie in all gaps are the edges;
a place that cuts more text than it parts was only white space within a cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.pieces import Piece, Row

TOUCH = 0.15
"""A piece belongs to a column if more than this share of it lies there."""

PADDING = 3.0
"""White space (points) at the outer sides of a table that has no rules to say where it ends."""

TIGHT = 0.5
"""A share of the type size: less white space does not part a heading from the next column's, or its own next line."""

CENTRED = 1.5
"""Middles nearer than this (points) are one."""


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
    gaps += [Interval(stop, start) for piece in pieces for _, stop, start in piece.breaks]
    return [left, *_places([*gaps, *_between_headings(header)], pieces, every), right]


def _places(gaps: Sequence[Interval], pieces: Sequence[Piece], every: Sequence[Piece]) -> list[float]:
    """Where the gaps are stabbed, without places that cut more of these pieces than they alone part.

    Gaps that only such a place parts, and that no place could part without cutting text, are no gaps between columns;
    among the others they would shift the places of these.
    """
    places = [_freest(_freest(_right_of_amounts(place, pieces), pieces), every).middle for place in stab(gaps)]
    kept = []
    for at in places:
        parted = sum(_holds(gap, at) and not any(_holds(gap, x) for x in places if x != at) for gap in gaps)
        cut = _cut(at, pieces)
        if cut == 0 or cut < parted:
            kept.append(at)
    if len(kept) == len(places):
        return kept
    within = [
        gap for gap in gaps if not any(_holds(gap, at) for at in kept) and _cut(_freest(gap, pieces).middle, pieces)
    ]
    return _places([gap for gap in gaps if gap not in within], pieces, every) if within else kept


def _holds(gap: Interval, x: float) -> bool:
    return gap.start <= x <= gap.stop


def _cut(x: float, pieces: Sequence[Piece]) -> int:
    return sum(_covers(piece, x) for piece in pieces)


def _right_of_amounts(place: Interval, pieces: Sequence[Piece]) -> Interval:
    """The part of a stretch to the right of the amounts in it: they stand at the right of the column before."""
    inside = [p.x1 for p in pieces if place.start <= p.x0 and p.x1 < place.stop and p.is_figure and not p.may_be_code]
    return Interval(max([place.start, *inside]), place.stop)


def _freest(place: Interval, pieces: Sequence[Piece]) -> Interval:
    """The widest part of a stretch where the fewest pieces lie."""
    inside = [piece for piece in pieces if piece.x0 < place.stop and piece.x1 > place.start]
    ends = {
        x for p in inside for x in (p.x0, p.x1, *(x for b in p.breaks for x in b[1:])) if place.start < x < place.stop
    }
    xs = sorted(ends | {place.start, place.stop})
    parts = [Interval(a, b) for a, b in pairwise(xs)] or [place]
    return min(parts, key=lambda part: (_cut(part.middle, inside), part.start - part.stop))


def _covers(piece: Piece, x: float) -> bool:
    """True if there is text at this place; the outermost point of a piece does not count."""
    return piece.x0 + 1 < x < piece.x1 - 1 and not any(stop <= x <= start for _, stop, start in piece.breaks)


def _between_headings(header: Sequence[Row]) -> list[Interval]:
    """The gaps between the lowest headings, on whatever lines they stand: blank columns show nothing else.

    From the lowest line up, a piece with nothing below it is such a heading; but one that stands between two lower
    ones, in their middle or in the upper half of all lines, groups them.
    """
    found: list[Piece] = []
    middle = (header[0].top + header[-1].bottom) / 2 if header else 0.0
    for row in reversed(header):
        new = [piece for piece in row.pieces if not any(_is_over(piece, other) for other in found)]
        slots = [_slot(piece, found) for piece in new]
        for piece, slot in zip(new, slots, strict=True):
            alone = slots.count(slot) == 1
            if not (alone and _groups(piece, *slot, middle)):
                found.append(piece)
        for piece in row.pieces:
            _widen(piece, found)
    found.sort(key=lambda piece: piece.x0)
    return [Interval(one.x1, other.x0) for one, other in pairwise(found)]


def _is_over(one: Piece, other: Piece) -> bool:
    return one.x0 < other.x1 and one.x1 > other.x0


def _slot(piece: Piece, found: Sequence[Piece]) -> tuple[Piece | None, Piece | None]:
    """The headings already found that stand nearest on the left and on the right."""
    left = max((other for other in found if other.x1 <= piece.x0), key=lambda other: other.x1, default=None)
    right = min((other for other in found if other.x0 >= piece.x1), key=lambda other: other.x0, default=None)
    return left, right


def _groups(piece: Piece, left: Piece | None, right: Piece | None, middle: float) -> bool:
    """True if a heading between two lower ones is the heading of both."""
    if left is None or right is None or min(left.top, right.top) < piece.bottom - 1:
        return False
    if right.x0 - left.x1 < piece.x1 - piece.x0 + 2 * TIGHT * piece.size:
        return True
    centred = abs((left.middle + right.middle) / 2 - piece.middle) <= CENTRED
    return centred or middle - (piece.top + piece.bottom) / 2 > TIGHT / 2 * piece.size


def _widen(piece: Piece, found: list[Piece]) -> None:
    """Lets the lines of one heading count as one: the lower line that was found grows as wide as the upper one."""
    below = [index for index, other in enumerate(found) if other is not piece and _is_over(piece, other)]
    if len(below) != 1:
        return
    other = found[below[0]]
    if abs(other.middle - piece.middle) <= CENTRED and other.top - piece.bottom < TIGHT * piece.size:
        found[below[0]] = other._replace(x0=min(piece.x0, other.x0), x1=max(piece.x1, other.x1), top=piece.top)


def columns_of(piece: Piece, edges: Sequence[float]) -> range:
    """The columns that a piece lies in: one, or several if it was set across their edges."""
    first, last = bisect_right(edges, piece.x0) - 1, bisect_left(edges, piece.x1)
    near = range(max(first, 0), min(last, len(edges) - 1))
    if len(near) == 1:
        return near
    width = max(piece.x1 - piece.x0, 0.1)
    touched = [i for i in near if min(piece.x1, edges[i + 1]) - max(piece.x0, edges[i]) > TOUCH * width]
    if not touched:
        shares = [min(piece.x1, right) - max(piece.x0, left) for left, right in pairwise(edges)]
        touched = [max(range(len(shares)), key=shares.__getitem__)]
    return range(touched[0], touched[-1] + 1)
