"""Rules become cells: the rectangles between crossing rules, grouped into tables.

The construction is pdfplumber's (snap, join, cross, the smallest rectangle below and right of each crossing), with an
index where pdfplumber compares all with all, and with two additions that printed reports need: open sides are closed,
and coloured areas count only where no rules are drawn. Tables without vertical rules do not belong here: `unruled`.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from pipeline.model import Box
from pipeline.read.ink import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

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
    frames = [_frame(table) for table in tables]
    loose = [fill for fill in ink.fills if not any(_inside(fill, frame) for frame in frames)]
    if len(loose) > 1:
        sides_across = [Rule(y, fill.x0, fill.x1) for fill in loose for y in (fill.top, fill.bottom)]
        sides_down = [Rule(x, fill.top, fill.bottom) for fill in loose for x in (fill.x0, fill.x1)]
        painted = _tables(merge((*ink.across, *sides_across)), merge((*ink.down, *sides_down)))
        # shaded lines of text lie below each other in one column; a table has rows and columns
        tables = [table for table in painted if _is_grid(table) or any(_inside(_frame(table), f) for f in frames)]
    return tables


def is_painted(cells: Sequence[Box], ink: Ink) -> bool:
    """True for a table whose columns nothing but coloured areas part."""
    frame = _frame(cells)
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


def _cut_cells(cells: Sequence[Box], across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """Rectangles of a table's frame that lack one rule: merged cells cut by the end of the page."""
    frame = _frame(cells)
    wide, high = (frame.x0, frame.x1), (frame.top, frame.bottom)
    xs = sorted({x for cell in cells for x in (cell.x0, cell.x1)} | _beyond(down, across, high, wide))
    ys = sorted({y for cell in cells for y in (cell.top, cell.bottom)} | _beyond(across, down, wide, high))
    free = {(x, y) for x in range(len(xs) - 1) for y in range(len(ys) - 1)}
    for cell in cells:
        columns, rows = range(xs.index(cell.x0), xs.index(cell.x1)), range(ys.index(cell.top), ys.index(cell.bottom))
        free.difference_update((x, y) for x in columns for y in rows)

    def keys(place: tuple[int, int]) -> Iterable[Hashable]:
        """The place itself, and the sides where nothing parts it from its neighbour."""
        x, y = place
        yield place
        yield from (("down", side, y) for side in (x, x + 1) if not _ruled(down, xs[side], ys[y], ys[y + 1]))
        yield from (("across", x, side) for side in (y, y + 1) if not _ruled(across, ys[side], xs[x], xs[x + 1]))

    found = []
    for region in _grouped(sorted(free), keys):
        left, right = min(x for x, _ in region), max(x for x, _ in region) + 1
        top, bottom = min(y for _, y in region), max(y for _, y in region) + 1
        box = Box(xs[left], ys[top], xs[right], ys[bottom])
        sides = [_ruled(down, x, box.top, box.bottom) for x in (box.x0, box.x1)]
        sides += [_ruled(across, y, box.x0, box.x1) for y in (box.top, box.bottom)]
        if len(region) == (right - left) * (bottom - top) and sum(sides) >= _SIDES_OF_A_CUT_CELL:
            found.append(box)
    return found


def _beyond(
    rules: Sequence[Rule], crossing: Sequence[Rule], along: tuple[float, float], across: tuple[float, float]
) -> set[float]:
    """Places of rules that run along a table's frame, in it or beside it, and that a crossing rule ties to it."""
    ties = [tie for tie in crossing if along[0] - SNAP <= tie.at <= along[1] + SNAP and _overlap(tie, across)]
    return {rule.at for rule in rules if _overlap(rule, along) and any(_cross(rule, tie) for tie in ties)}


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
    meets = {rule: [other for other in crossing if _cross(rule, other)] for rule in rules}
    lone = [rule for rule in rules if cut_at_ends and not meets[rule]]
    closing: list[Rule] = []
    for group in _grouped([rule for rule in rules if meets[rule]], lambda rule: meets[rule]):
        others = {other for rule in group for other in meets[rule]}
        starts, stops = min(rule.start for rule in group), max(rule.stop for rule in group)
        wide = group + [r for r in lone if abs(r.start - starts) <= SNAP and abs(r.stop - stops) <= SNAP]
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


def _cross(one: Rule, other: Rule) -> bool:
    """Whether two rules of different axes meet."""
    return other.start - SNAP <= one.at <= other.stop + SNAP and one.start - SNAP <= other.at <= one.stop + SNAP


def _cells(across: Sequence[Rule], down: Sequence[Rule]) -> list[Box]:
    """The smallest rectangle below and to the right of each crossing, where there is one."""
    right: dict[tuple[float, float], list[float]] = {}  # crossings further right on the same rule
    below: dict[tuple[float, float], list[float]] = {}
    places = [rule.at for rule in across]
    on_rule: dict[Rule, list[float]] = {rule: [] for rule in across}
    for upright in down:
        first = bisect_left(places, upright.start - SNAP)
        ys = []
        for level in across[first:]:
            if level.at > upright.stop + SNAP:
                break
            if level.start - SNAP <= upright.at <= level.stop + SNAP:
                ys.append(level.at)
                on_rule[level].append(upright.at)
        for index, y in enumerate(ys):
            below.setdefault((upright.at, y), []).extend(ys[index + 1 :])
    for level, xs in on_rule.items():
        for index, x in enumerate(xs):
            right.setdefault((x, level.at), []).extend(xs[index + 1 :])
    cells = (_smallest(x, y, right, below) for x, y in sorted(below))
    return [cell for cell in cells if cell is not None]


def _smallest(
    x: float,
    y: float,
    right: dict[tuple[float, float], list[float]],
    below: dict[tuple[float, float], list[float]],
) -> Box | None:
    for bottom in below[x, y]:
        for edge in right[x, y]:
            if edge in right[x, bottom] and bottom in below[edge, y]:
                return Box(x, y, edge, bottom)
    return None


def _grouped(items: Sequence[_Item], keys: Callable[[_Item], Iterable[Hashable]]) -> list[list[_Item]]:
    """Items that share a key, directly or through others; every item has at least one."""
    parent: dict[Hashable, Hashable] = {}

    def root(key: Hashable) -> Hashable:
        while parent.setdefault(key, key) != key:
            parent[key] = key = parent[parent[key]]
        return key

    firsts: list[Hashable] = []
    for item in items:
        first, *others = keys(item)
        firsts.append(first)
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[Hashable, list[_Item]] = {}
    for item, first in zip(items, firsts, strict=True):
        groups.setdefault(root(first), []).append(item)
    return list(groups.values())


def _corners(cell: Box) -> tuple[tuple[float, float], ...]:
    return (cell.x0, cell.top), (cell.x0, cell.bottom), (cell.x1, cell.top), (cell.x1, cell.bottom)


def _frame(cells: Sequence[Box]) -> Box:
    return Box(
        min(cell.x0 for cell in cells),
        min(cell.top for cell in cells),
        max(cell.x1 for cell in cells),
        max(cell.bottom for cell in cells),
    )


def _inside(box: Box, frame: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    return frame.x0 <= x <= frame.x1 and frame.top <= y <= frame.bottom


def _is_grid(cells: Sequence[Box]) -> bool:
    return len({cell.x0 for cell in cells}) > 1 and len({cell.top for cell in cells}) > 1
