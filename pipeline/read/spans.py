"""Which columns a heading of a table without rules covers: those in whose middle it stands, or its rule ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.blocks import ALIGNED
from pipeline.read.columns import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.read.blocks import Block, Region
    from pipeline.read.ink import Rule
    from pipeline.read.pieces import Piece

LEFT_OVER = 20.0
"""A column left without a heading among headings that cover several weighs as much as a heading so far (points) off."""


def settled_edges(region: Region, header: Sequence[Block], body: Sequence[Block]) -> list[float]:
    """The columns' edges where the headings of single columns stand in the middle."""
    count = len(region.edges) - 1
    lowest: dict[int, Block] = {}
    for block in header:
        for column in block.columns:
            if column not in lowest or block.top > lowest[column].top:
                lowest[column] = block
    middles = [
        lowest[column].middle if column in lowest and len(lowest[column].columns) == 1 else None
        for column in range(count)
    ]
    own = [block for block in (*body, *(lowest.values())) if len(block.columns) == 1]
    lefts, rights = list(region.edges[:-1]), list(region.edges[1:])
    for block in own:
        column = block.columns.start
        lefts[column] = min([lefts[column], *(piece.x0 for piece in block.pieces)])
        rights[column] = max([rights[column], *(piece.x1 for piece in block.pieces)])
    ink: list[list[Piece]] = [[] for _ in range(count)]
    for block in own:
        ink[block.columns.start] += block.pieces
    free = [Interval(region.edges[0], region.edges[0])]
    for column in range(1, count):
        edge = region.edges[column]
        start = max((piece.x1 for piece in ink[column - 1]), default=edge)
        stop = min((piece.x0 for piece in ink[column]), default=edge)
        free.append(Interval(min(start, edge), max(stop, edge)))
    free.append(Interval(region.edges[-1], region.edges[-1]))
    if not region.bars:
        free[0] = Interval(region.edges[0] - 30, region.edges[0])
        free[-1] = Interval(region.edges[-1], region.edges[-1] + 30)
    return _centred(region.edges, free, middles)


def spread(header: list[Block], edges: Sequence[float], partial: Sequence[Rule]) -> None:
    """Give every heading the columns that it covers."""
    headed = {column for block in header for column in block.columns}
    for level in _by_level(header):
        bottom = max(block.bottom for block in level)
        below = {column for block in header if block.top >= bottom - 1 for column in block.columns}
        taken = {column for block in level for column in block.columns}
        free = {c for c in range(len(edges) - 1) if c not in taken and _is_open(c, level, header)}
        # a heading over others covers columns with headings; one over none covers columns without
        leads = [block for block in level if not below.isdisjoint(block.columns)]
        lone = [block for block in level if block not in leads]
        if _is_flush(leads, header, free & below):
            for block in leads:
                block.columns = _to_the_right(block.columns, free & below)
            leads = []
        for blocks, may_cover in ((leads, free & below), (lone, free - headed)):
            _share(blocks, may_cover, edges, partial)


def _is_flush(leads: Sequence[Block], header: Sequence[Block], may_cover: set[int]) -> bool:
    """True if headings begin where the first ones below them do, with columns to cover on their right only.

    That is a table set to the left; what stands in the middle of columns has as many on its left.
    """
    for block in leads:
        own = [b for b in header if block.columns.start in b.columns and b.top >= block.bottom - 1]
        first = min(own, key=lambda b: b.top, default=None)
        if first is None or abs(first.pieces[0].x0 - block.pieces[0].x0) > ALIGNED:
            return False
    columns = min((block.columns for block in leads), key=lambda columns: columns.start, default=range(0))
    return columns.start - 1 not in may_cover and columns.stop in may_cover


def _to_the_right(columns: range, free: set[int]) -> range:
    stop = columns.stop
    while stop in free:
        stop += 1
    return range(columns.start, stop)


def _by_level(header: Sequence[Block]) -> list[list[Block]]:
    """Headings whose lines overlap in height, over others that stand below all of them or are beside them."""
    levels: list[list[Block]] = []
    for block in sorted(header, key=lambda b: (b.pieces[0].baseline, b.columns.start)):
        for level in levels:
            if abs(level[0].pieces[0].baseline - block.pieces[0].baseline) <= 0.4 * block.pieces[0].size:
                level.append(block)
                break
        else:
            levels.append([block])
    return levels


def _is_open(column: int, level: Sequence[Block], header: Sequence[Block]) -> bool:
    """True if no heading of this column stands beside the level, on its lines or as high as it and all below it."""
    top, bottom = min(b.top for b in level), max(b.bottom for b in level)
    own = [block for block in header if column in block.columns and block.bottom > top]
    if any(block.top < bottom for block in own):
        return False
    whole = top + max(b.bottom for b in header)
    return len(own) != 1 or abs(own[0].top + own[0].bottom - whole) >= 0.4 * own[0].pieces[0].size


def _share(blocks: Sequence[Block], free: set[int], edges: Sequence[float], partial: Sequence[Rule]) -> None:
    """Share free columns out among headings side by side, so that each stands in the middle of what it covers.

    A rule right below a heading tells at once how far it reaches. Columns left over count as badly placed headings.
    """
    chosen: dict[int, tuple[float, tuple[range, ...]]] = {0: (0.0, ())}  # by where the next span may start
    for block in sorted(blocks, key=lambda block: block.columns.start):
        spans = _spans(block, free, edges, partial)
        after: dict[int, tuple[float, tuple[range, ...]]] = {}
        for start, (cost, before) in chosen.items():
            for span in spans:
                if span.start < start:
                    continue
                off = abs((edges[span.start] + edges[span.stop]) / 2 - block.middle)
                total = cost + off + LEFT_OVER * len(free & set(range(start, span.start)))
                if span.stop not in after or total < after[span.stop][0]:
                    after[span.stop] = total, (*before, span)
        if not after:
            return
        chosen = after
    _, best = min(
        (cost + LEFT_OVER * len(free & set(range(stop, len(edges)))), spans) for stop, (cost, spans) in chosen.items()
    )
    for block, span in zip(sorted(blocks, key=lambda block: block.columns.start), best, strict=False):
        block.columns = span


def _spans(block: Block, free: set[int], edges: Sequence[float], partial: Sequence[Rule]) -> list[range]:
    """The runs of free columns around a heading's own, or the one that a rule below it covers."""
    low, high = block.columns.start, block.columns.stop
    while low - 1 in free:
        low -= 1
    while high in free:
        high += 1
    reach = block.pieces[0].size
    under = [r for r in partial if -2 < r.at - block.bottom < reach and r.start <= block.middle <= r.stop]
    if under:
        start, stop = under[0].start - ALIGNED, under[0].stop + ALIGNED
        inside = [c for c in range(low, high) if start <= (edges[c] + edges[c + 1]) / 2 <= stop]
        columns = sorted({*inside, *block.columns})
        return [range(columns[0], columns[-1] + 1)]
    own = block.columns
    return [range(i, j) for i in range(low, own.start + 1) for j in range(own.stop, high + 1)]


def in_the_middle(block: Block, free: range, edges: Sequence[float]) -> range:
    """The columns among the free ones, its own included, in whose middle a block stands; the more, the better."""
    own = block.columns
    spans = [range(i, j) for i in range(free.start, own.start + 1) for j in range(own.stop, free.stop + 1)]
    return min(spans, key=lambda s: (round(abs((edges[s.start] + edges[s.stop]) / 2 - block.middle)), -len(s)))


def _centred(edges: Sequence[float], free: Sequence[Interval], middles: Sequence[float | None]) -> list[float]:
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
