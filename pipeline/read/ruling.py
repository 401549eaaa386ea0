"""Rules become cells: the rectangles between crossing rules, grouped into tables.

The construction is pdfplumber's (snap, join, cross, the smallest rectangle below and right of each crossing), with an
index where pdfplumber compares all with all, and with two additions that printed reports need: open sides are closed,
and coloured areas count only where no rules are drawn. Tables without vertical rules do not belong here: `unruled`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from pipeline.model import Box
from pipeline.read.ink import Rule, frame_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from numpy.typing import NDArray

    from pipeline.read.ink import Ink

_Item = TypeVar("_Item", bound="Hashable")

SNAP = 3.0
"""Rules nearer than this (points) are one rule; ends nearer than this meet."""

SPECK = 1.0
"""Marks shorter than this (points) are not part of a rule; joined rules must be longer than SNAP."""

OPEN_SIDE = 8.0
"""Rules that reach further than this (points) beyond the outermost crossing rule leave a side of the table open."""

_SIDES_OF_A_CUT_CELL = 3


def find_tables(ink: Ink) -> list[list[Box]]:
    """The cells of each ruled table of an upright page; tables and cells in no particular order."""
    across, down = merge(ink.across), merge(ink.down)
    tables = _tables(across, down)
    frames = [frame_of(table) for table in tables]
    loose = [fill for fill in ink.fills if not any(_inside(fill, frame) for frame in frames)]
    if len(loose) > 1:
        sides_across = [Rule(y, fill.x0, fill.x1) for fill in loose for y in (fill.top, fill.bottom)]
        sides_down = [Rule(x, fill.top, fill.bottom) for fill in loose for x in (fill.x0, fill.x1)]
        painted = _tables(merge((*ink.across, *sides_across)), merge((*ink.down, *sides_down)))
        # shaded lines of text lie below each other in one column; a table has rows and columns
        tables = [table for table in painted if _is_grid(table) or any(_inside(frame_of(table), f) for f in frames)]
    return tables


def is_painted(cells: Sequence[Box], ink: Ink) -> bool:
    """True for a table whose columns nothing but coloured areas part."""
    frame = frame_of(cells)
    across, along = (frame.x0 - SNAP, frame.x1 + SNAP), (frame.top, frame.bottom)
    return bool(ink.fills) and not any(across[0] <= rule.at <= across[1] and _overlap(rule, along) for rule in ink.down)


def merge(rules: Iterable[Rule]) -> list[Rule]:
    """Rules drawn in pieces, doubled, or as dashes, as one rule each, sorted by place and start."""
    merged: list[Rule] = []
    for cluster in _clusters(sorted(rule for rule in rules if rule.stop - rule.start >= SPECK)):
        at = sum(rule.at for rule in cluster) / len(cluster)
        start, stop = None, 0.0
        for rule in sorted(cluster, key=lambda r: r.start):
            if start is None:
                start, stop = rule.start, rule.stop
            elif rule.start <= stop + SNAP:
                stop = max(stop, rule.stop)
            else:
                merged.append(Rule(at, start, stop))
                start, stop = rule.start, rule.stop
        if start is not None:
            merged.append(Rule(at, start, stop))
    return [rule for rule in merged if rule.stop - rule.start >= SNAP]


def _clusters(rules: Sequence[Rule]) -> Iterable[list[Rule]]:
    """Runs of sorted rules that lie within SNAP of the first of them."""
    cluster: list[Rule] = []
    for rule in rules:
        if cluster and rule.at - cluster[0].at > SNAP:
            yield cluster
            cluster = []
        cluster.append(rule)
    if cluster:
        yield cluster


def _tables(across: list[Rule], down: list[Rule]) -> list[list[Box]]:
    if closing := _missing_sides(across, down):
        down = merge((*down, *closing))
    if closing := _missing_sides(down, across, cut_at_ends=True):
        across = merge((*across, *closing))
    cells = _cells(across, down)
    groups = _grouped(range(len(cells)), lambda index: _corners(cells[index]))
    tables = [[cells[index] for index in group] for group in groups if len(group) > 1]
    return [table + _cut_cells(table, across, down) for table in tables]


def _crossings(across: Sequence[Rule], down: Sequence[Rule]) -> NDArray[np.bool_]:
    """Which rules meet: a row for each of `across`, a column for each of `down`."""
    at, start, stop = np.array(across, dtype=np.float64).reshape(-1, 3, 1).transpose(1, 0, 2)
    x, top, bottom = np.array(down, dtype=np.float64).reshape(-1, 3).T
    return (top - SNAP <= at) & (at <= bottom + SNAP) & (start - SNAP <= x) & (x <= stop + SNAP)


def _cut_cells(cells: Sequence[Box], across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """Rectangles of a table's frame that lack one rule: merged cells cut by the end of the page."""
    frame = frame_of(cells)
    wide, high = (frame.x0, frame.x1), (frame.top, frame.bottom)
    lefts, tops, rights, bottoms = zip(*cells, strict=True)
    known_xs, known_ys = {*lefts, *rights}, {*tops, *bottoms}
    xs = sorted(known_xs | _beyond(known_xs, down, across, high, wide))
    ys = sorted(known_ys | _beyond(known_ys, across, down, wide, high))
    column_at, row_at = {x: index for index, x in enumerate(xs)}, {y: index for index, y in enumerate(ys)}
    covered = np.zeros((len(xs) - 1, len(ys) - 1), dtype=np.bool_)
    for cell in cells:
        covered[column_at[cell.x0] : column_at[cell.x1], row_at[cell.top] : row_at[cell.bottom]] = True

    def keys(place: tuple[int, int]) -> Iterable[Hashable]:
        """The place itself, and the sides where nothing parts it from its neighbour."""
        x, y = place
        yield place
        yield from (("down", side, y) for side in (x, x + 1) if not _ruled(down, xs[side], ys[y], ys[y + 1]))
        yield from (("across", x, side) for side in (y, y + 1) if not _ruled(across, ys[side], xs[x], xs[x + 1]))

    found = []
    free = [(x, y) for x, y in np.argwhere(~covered).tolist()]
    for region in _grouped(free, keys):
        left, right = min(x for x, _ in region), max(x for x, _ in region) + 1
        top, bottom = min(y for _, y in region), max(y for _, y in region) + 1
        box = Box(xs[left], ys[top], xs[right], ys[bottom])
        sides = [_ruled(down, x, box.top, box.bottom) for x in (box.x0, box.x1)]
        sides += [_ruled(across, y, box.x0, box.x1) for y in (box.top, box.bottom)]
        if len(region) == (right - left) * (bottom - top) and sum(sides) >= _SIDES_OF_A_CUT_CELL:
            found.append(box)
    return found


def _beyond(
    known: set[float],
    rules: Sequence[Rule],
    crossing: Sequence[Rule],
    along: tuple[float, float],
    across: tuple[float, float],
) -> set[float]:
    """Other places of rules that run along a table's frame, in it or beside it, and that a crossing rule ties to it."""
    beside = [rule for rule in rules if rule.at not in known and _overlap(rule, along)]
    if not beside:
        return set()
    ties = [tie for tie in crossing if along[0] - SNAP <= tie.at <= along[1] + SNAP and _overlap(tie, across)]
    return {beside[index].at for index in np.flatnonzero(_crossings(beside, ties).any(axis=1)).tolist()}


def _overlap(rule: Rule, stretch: tuple[float, float]) -> bool:
    return rule.start < stretch[1] and rule.stop > stretch[0]


def _ruled(rules: Sequence[Rule], at: float, start: float, stop: float) -> bool:
    """Whether a rule runs at this place past the middle of this stretch."""
    middle = (start + stop) / 2
    return any(abs(rule.at - at) <= SNAP and rule.start <= middle <= rule.stop for rule in rules)


def _missing_sides(rules: Sequence[Rule], crossing: Sequence[Rule], *, cut_at_ends: bool = False) -> list[Rule]:
    """Crossing rules that close tables whose `rules` run on beyond the outermost of the `crossing` rules.

    A side is open where at least two rules that belong to one crossed group end at the same place, and no crossing
    rule joins them there. Rules that cross none, beside a group that is exactly as long, are the sides of merged cells
    that go on over both ends of the page (`cut_at_ends`); level ones would only underline something else.
    """
    crossings = _crossings(rules, crossing)
    lone = [rules[index] for index in np.flatnonzero(~crossings.any(axis=1)).tolist()] if cut_at_ends else []
    if not lone and not _runs_on(rules, crossing, crossings):
        return []
    meets = [np.flatnonzero(row).tolist() for row in crossings]
    closing: list[Rule] = []
    for group in _grouped([index for index, met in enumerate(meets) if met], lambda index: meets[index]):
        others = [crossing[other] for other in {other for index in group for other in meets[index]}]
        crossed = [rules[index] for index in group]
        starts, stops = min(rule.start for rule in crossed), max(rule.stop for rule in crossed)
        wide = crossed + [r for r in lone if abs(r.start - starts) <= SNAP and abs(r.stop - stops) <= SNAP]
        closing += _closing(starts, sorted(rule.at for rule in wide if rule.start - starts <= SNAP), others)
        closing += _closing(stops, sorted(rule.at for rule in wide if stops - rule.stop <= SNAP), others)
    return closing


def _closing(end: float, reach: Sequence[float], others: Iterable[Rule]) -> list[Rule]:
    """What is missing of the side at `end`, where rules at the places `reach` end; `others` cross these."""
    last = [other for other in others if abs(other.at - end) <= OPEN_SIDE]
    if last:
        at = min(last, key=lambda other: abs(other.at - end)).at
        return [Rule(at, a, b) for a, b in pairwise(reach) if not any(r.start <= (a + b) / 2 <= r.stop for r in last)]
    if len(reach) < len("ab"):
        return []
    # where the sides beside it are open too, all rules end in the air, and so must the one that closes it
    low, high = min(other.start for other in others), max(other.stop for other in others)
    return [
        Rule(
            end,
            low if reach[0] - low > OPEN_SIDE else reach[0],
            high if high - reach[-1] > OPEN_SIDE else reach[-1],
        )
    ]


def _runs_on(rules: Sequence[Rule], crossing: Sequence[Rule], crossings: NDArray[np.bool_]) -> bool:
    """Whether any rule reaches well beyond the outermost of the rules that it crosses, by their places."""
    met = crossings.any(axis=1)
    if not met.any():
        return False
    _, start, stop = np.array(rules)[met].T
    places = np.array([rule.at for rule in crossing])
    first, last = crossings[met].argmax(axis=1), crossings.shape[1] - 1 - crossings[met][:, ::-1].argmax(axis=1)
    return bool(((places[first] - start > OPEN_SIDE) | (stop - places[last] > OPEN_SIDE)).any())


def _cells(across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """The smallest rectangle below and to the right of each crossing, where there is one.

    The crossings of each rule across are the bits of one number, those on the left the lowest.
    """
    crossings = _crossings(across, down)
    bits = [sum(1 << column for column in np.flatnonzero(row).tolist()) for row in crossings]
    cells = []
    for column, upright in enumerate(down):
        rows = np.flatnonzero(crossings[:, column]).tolist()
        for index, row in enumerate(rows):
            right = bits[row] >> (column + 1)
            for below in rows[index + 1 :] if right else ():
                both = right & (bits[below] >> (column + 1))
                if both:
                    edge = down[column + (both & -both).bit_length()].at
                    cells.append(Box(upright.at, across[row].at, edge, across[below].at))
                    break
    # pieces of one rule that nearly touch may both meet a third
    return [cell for cell in cells if cell.x0 < cell.x1 and cell.top < cell.bottom]


def _grouped(items: Sequence[_Item], keys: Callable[[_Item], Iterable[Hashable]]) -> list[list[_Item]]:
    """Items that share a key, directly or through others; every item has at least one."""
    first: dict[Hashable, int] = {}  # the first item with a key
    parent = list(range(len(items)))
    for index, item in enumerate(items):
        root = index
        for key in keys(item):
            other = first.setdefault(key, index)
            while parent[other] != other:
                parent[other] = other = parent[parent[other]]
            if root != other:
                parent[max(root, other)] = root = min(root, other)
    groups: dict[int, list[_Item]] = {}
    for index, item in enumerate(items):
        root = index
        while parent[root] != root:
            root = parent[root]
        groups.setdefault(root, []).append(item)
    return list(groups.values())


def _corners(cell: Box) -> tuple[tuple[float, float], ...]:
    return (cell.x0, cell.top), (cell.x0, cell.bottom), (cell.x1, cell.top), (cell.x1, cell.bottom)


def _inside(box: Box, frame: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return frame.x0 <= x <= frame.x1 and frame.top <= y <= frame.bottom


def _is_grid(cells: Sequence[Box]) -> bool:
    return len({cell.x0 for cell in cells}) > 1 and len({cell.top for cell in cells}) > 1
