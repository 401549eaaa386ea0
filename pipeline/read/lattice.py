"""Rows and cells of a table without rules: a full grid, in which headings and totals are merged.

An edge between rows lies between the cells of every column at once; a heading reaches as far as nothing else stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box
from pipeline.read.blocks import NEARER, body_blocks, header_blocks, line_pitch
from pipeline.read.columns import Interval, stab
from pipeline.read.spans import in_the_middle, settled_edges, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.blocks import Block, Region


class _Place(NamedTuple):
    """A block in the grid: its rows and columns."""

    rows: range
    columns: range


def cells_of(region: Region) -> list[Box]:
    """The boxes of all cells, empty ones too: a full grid with merged cells in the heading."""
    pitch = line_pitch(region)
    body = body_blocks(region, pitch)
    header = header_blocks(region, pitch)
    edges = settled_edges(region, header, body)
    spread(header, edges, region.partial)
    join = _join(region)
    tops = [row.top for row in (*region.header, *region.body)]
    bottoms = [row.bottom for row in (*region.header, *region.body)]
    top = min([min(tops) - NEARER, *region.bars])
    bottom = max([max(bottoms) + NEARER, *region.bars])
    above = _levels(header, top, join if region.body else bottom, region) if header else [join]
    below = _levels(body, join if header else top, bottom, region) if body else [bottom]
    ys = [*above, *below[1:]] if header and body else above if header else below
    places = _header_places(header, above, len(edges) - 1) if header else []
    shift = len(above) - 1 if header else 0
    places += [
        _Place(range(place.rows.start + shift, place.rows.stop + shift), place.columns)
        for place in _body_places(body, below, edges)
    ]
    return [Box(edges[p.columns.start], ys[p.rows.start], edges[p.columns.stop], ys[p.rows.stop]) for p in places]


def _join(region: Region) -> float:
    """The y between heading and body."""
    if not region.header:
        return min(row.top for row in region.body)
    low = max(row.bottom for row in region.header)
    if not region.body:
        return low
    high = min(row.top for row in region.body)
    middle = (low + high) / 2
    bars = [bar for bar in region.bars if low - 1 <= bar <= high + 1]
    return min(bars, key=lambda y: abs(y - middle), default=middle)


def _levels(blocks: Sequence[Block], top: float, bottom: float, region: Region) -> list[float]:
    """The y of the edges between rows, from top to bottom."""
    columns: dict[int, list[Block]] = defaultdict(list)
    for block in blocks:
        for column in block.columns:
            columns[column].append(block)
    gaps = [Interval(bar, bar) for bar in region.bars if top + 1 < bar < bottom - 1]
    for stack in columns.values():
        stack.sort(key=lambda block: block.top)
        for upper, lower in pairwise(stack):
            if upper is not lower:
                start, stop = upper.bottom, lower.top
                gaps.append(Interval(min(start, stop), max(start, stop)))
    ys = [place.middle for place in stab(gaps)]
    return [top, *(y for y in ys if top < y < bottom), bottom]


def _rows_of(block: Block, ys: Sequence[float]) -> range:
    low, high = block.top + 1, block.bottom - 1
    near = range(max(bisect_right(ys, low) - 1, 0), min(bisect_left(ys, high), len(ys) - 1))
    rows = [i for i in near if min(high, ys[i + 1]) - max(low, ys[i]) > 0.2 * (high - low)]
    if not rows:
        middle = (low + high) / 2
        rows = [min(range(len(ys) - 1), key=lambda i: abs((ys[i] + ys[i + 1]) / 2 - middle))]
    return range(rows[0], rows[-1] + 1)


def _header_places(header: Sequence[Block], ys: Sequence[float], count: int) -> list[_Place]:
    """Headings reach up and down as far as nothing else stands in their columns."""
    rows = len(ys) - 1
    owner: dict[tuple[int, int], int] = {}
    ranges = [_rows_of(block, ys) for block in header]
    for index in sorted(range(len(header)), key=lambda i: len(header[i].columns)):
        block = header[index]
        columns = [c for c in block.columns if all((r, c) not in owner for r in ranges[index])]
        block.columns = _run_at(columns, block.columns)
        owner.update(dict.fromkeys(((r, c) for r in ranges[index] for c in block.columns), index))
    places = []
    for index, block in enumerate(header):
        low, high = ranges[index].start, ranges[index].stop
        if not block.columns:
            continue
        while high < rows and all((high, c) not in owner for c in block.columns):
            owner.update(dict.fromkeys(((high, c) for c in block.columns), index))
            high += 1
        while low > 0 and all((low - 1, c) not in owner for c in block.columns):
            owner.update(dict.fromkeys(((low - 1, c) for c in block.columns), index))
            low -= 1
        places.append(_Place(range(low, high), block.columns))
    empty = [(r, c) for r in range(rows) for c in range(count) if (r, c) not in owner]
    return places + [_Place(range(r, r + 1), range(c, c + 1)) for r, c in empty]


def _run_at(columns: Sequence[int], wanted: range) -> range:
    """The longest run among these columns, or none of the wanted ones."""
    best = range(wanted.start, wanted.start)
    for column in columns:
        run = range(best.start, column + 1) if best and best.stop == column else range(column, column + 1)
        best = run if len(run) >= len(best) else best
    return best


def _body_places(body: Sequence[Block], ys: Sequence[float], edges: Sequence[float]) -> list[_Place]:
    count = len(edges) - 1
    figures = number_columns(body, count)
    rows: dict[int, list[Block]] = defaultdict(list)
    for block in body:
        rows[_rows_of(block, ys).start].append(block)
    places = []
    for row in range(len(ys) - 1):
        taken = {column for block in rows[row] for column in block.columns}
        merged = []
        for block in rows[row]:
            columns = block.columns
            if not figures.isdisjoint(columns) and not any(p.is_figure for p in block.pieces):
                columns = _widened(block, taken, edges)
                taken |= set(columns)
            if len(columns) > 1:
                merged.append(columns)
        done: set[int] = set()
        for columns in merged:
            if not done & set(columns):
                done |= set(columns)
                places.append(_Place(range(row, row + 1), columns))
        places += [_Place(range(row, row + 1), range(c, c + 1)) for c in range(count) if c not in done]
    return places


def number_columns(body: Iterable[Block], count: int) -> set[int]:
    """The columns in which little else than figures stands."""
    all_, figures = [0] * count, [0] * count
    for block in body:
        if len(block.columns) == 1:
            all_[block.columns.start] += 1
            figures[block.columns.start] += any(piece.is_figure for piece in block.pieces)
    return {column for column in range(count) if all_[column] and figures[column] >= 0.5 * all_[column]}


def _widened(block: Block, taken: set[int], edges: Sequence[float]) -> range:
    """The columns of words that stand where figures do: cells merged around them, with the words in the middle."""
    low, high = block.columns.start, block.columns.stop
    while low > 0 and low - 1 not in taken:
        low -= 1
    while high < len(edges) - 1 and high not in taken:
        high += 1
    return in_the_middle(block, range(low, high), edges)
