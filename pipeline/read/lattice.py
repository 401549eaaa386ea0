"""Rows and cells of a table without rules, once its columns are known.

Lines of one cell stand closer than the rows of the table; a row's edge lies between the cells of every column at
once. A heading covers the columns in whose middle it stands.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box
from pipeline.read.columns import Interval, centred_edges, columns_of, stab

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.read.ink import Rule
    from pipeline.read.pieces import Piece, Row

LINE_PITCH = 1.5
"""Lines of one cell are set no further apart than this share of their height."""

NEARER = 0.6
"""Lines of one cell are set nearer than the nearest rows by more than this (points)."""

ALIGNED = 1.5
"""Middles or left sides nearer than this (points) are one."""

TIGHT = 0.5
"""Baselines nearer than this (points) are one, for headings of one level."""

LEFT_OVER = 20.0
"""A column left without a heading among headings that cover several weighs as much as a heading so far (points) off."""


@dataclass(frozen=True, slots=True)
class Region:
    """A table before its cells are known: the lines of its heading and of its body, and the rules that cross it.

    `bars` are the y of what parts rows over the whole width (rules, sides of shaded areas), `partial` shorter level
    rules; `edges` the x of the columns' edges.
    """

    header: tuple[Row, ...]
    body: tuple[Row, ...]
    edges: tuple[float, ...]
    bars: tuple[float, ...] = ()
    partial: tuple[Rule, ...] = ()


@dataclass(slots=True)
class Block:
    """What stands in one cell: a range of columns, and pieces on one or more lines."""

    columns: range
    pieces: list[Piece] = field(default_factory=list)

    @property
    def top(self) -> float:
        """Upper edge of the ink."""
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """Lower edge of the ink."""
        return max(piece.bottom for piece in self.pieces)

    @property
    def middle(self) -> float:
        """The x half way."""
        return (min(piece.x0 for piece in self.pieces) + max(piece.x1 for piece in self.pieces)) / 2


class _Place(NamedTuple):
    """A block in the grid: its rows and columns."""

    rows: range
    columns: range


def cells_of(region: Region) -> list[Box]:
    """The boxes of all cells, empty ones too: a full grid with merged cells in the heading."""
    pitch = _line_pitch(region)
    body = _body_blocks(region, pitch)
    header = _header_blocks(region, pitch)
    edges = _settled_edges(region, header, body)
    _spread(header, edges, region.partial)
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


def _body_blocks(region: Region, pitch: float) -> list[Block]:
    numbered = _numbered(region)
    if _is_banded(region, numbered):
        pitch = max(region.bars) - min(region.bars)
    last: dict[range, Block] = {}
    blocks: list[Block] = []
    for row in region.body:
        for piece in row.pieces:
            columns = columns_of(piece, region.edges)
            above = last.get(columns)
            if above is not None and (
                abs(above.pieces[-1].baseline - piece.baseline) < 0.4 * piece.size
                or _is_one_cell(above.pieces[-1], piece, pitch, numbered, region.bars)
            ):
                above.pieces.append(piece)
                continue
            last[columns] = Block(columns, [piece])
            blocks.append(last[columns])
    return blocks


def _numbered(region: Region) -> list[float]:
    """The baselines of all numbers of the body."""
    return sorted({piece.baseline for row in region.body for piece in row.pieces if piece.is_number})


def _line_pitch(region: Region) -> float:
    """How far apart the lines of one cell are set: a little more than the least distance that occurs; 0 if unknown.

    Lines count that have no number beside them, or are headings in one middle. Distances no less than that of
    the nearest numbers are rows.
    """
    numbered = _numbered(region)
    steps: list[float] = []
    last: dict[range, Piece] = {}
    for row in region.body:
        for piece in row.pieces:
            columns = columns_of(piece, region.edges)
            above = last.get(columns)
            last[columns] = piece
            if above is not None and not (_is_at(above, numbered) and _is_at(piece, numbered)):
                steps.append(piece.baseline - above.baseline)
    heads = [piece for row in region.header for piece in row.pieces]
    steps += [
        lower.baseline - upper.baseline
        for upper in heads
        for lower in heads
        if lower.baseline > upper.baseline + 0.5 * upper.size and _is_under(upper, lower)
        if not _stands_in_line(upper, lower, heads)
    ]
    nearest = _nearest_numbers(region)
    step = min((step for step in steps if step > 0), default=0.0)
    return step + NEARER if not nearest or step < nearest - NEARER else 0.0


def _is_at(piece: Piece, baselines: Sequence[float]) -> bool:
    return any(abs(y - piece.baseline) <= 0.25 * piece.size for y in baselines)


def _is_under(upper: Piece, lower: Piece) -> bool:
    return abs(upper.middle - lower.middle) <= ALIGNED or abs(upper.x0 - lower.x0) <= ALIGNED


def _stands_in_line(upper: Piece, lower: Piece, heads: Sequence[Piece]) -> bool:
    """True if headings stand beside the lower piece, and none of theirs beside the upper: it is no second line."""
    beside = [piece for piece in heads if piece.baseline == lower.baseline and piece != lower]
    above = [piece for piece in heads if abs(piece.baseline - upper.baseline) < TIGHT]
    return len(beside) > 1 and not any(_is_under(one, other) for one in above for other in beside)


def _nearest_numbers(region: Region) -> float:
    """The least distance between two numbers of one column: no row is lower. 0 if there are none."""
    last: dict[int, float] = {}
    steps = []
    for row in region.body:
        for piece in row.pieces:
            if piece.is_number:
                column = columns_of(piece, region.edges).start
                steps.append(piece.baseline - last.get(column, piece.baseline))
                last[column] = piece.baseline
    return min((step for step in steps if step > 0), default=0.0)


def _is_banded(region: Region, numbered: Sequence[float]) -> bool:
    """True if rules or shades part all rows: no two lines with numbers stand between the same two of them."""
    between = [
        sum(1 for upper, lower in pairwise([low, *(y for y in numbered if low < y < high)]) if lower - upper > 2)
        for low, high in pairwise(sorted(region.bars))
    ]
    return max(between, default=2) <= 1 and sum(between) > 1


def _is_one_cell(above: Piece, below: Piece, pitch: float, numbered: Sequence[float], bars: Sequence[float]) -> bool:
    if any(above.baseline < bar < below.baseline for bar in bars):
        return False
    if below.is_tail:
        return True
    step = below.baseline - above.baseline
    size = max(above.size, below.size)
    if above.is_number or below.is_number or step > LINE_PITCH * size:
        return False
    near = 0.25 * size
    ends = _is_at(above, numbered), _is_at(below, numbered)
    between = [y for y in numbered if above.baseline + near < y < below.baseline - near]
    if all(ends):
        return False
    return step <= pitch or (not any(ends) and len(between) > 0)


def _header_blocks(region: Region, pitch: float) -> list[Block]:
    """Lines of one heading stand under each other, in the middle or at the left, nearer than rows do."""
    blocks: list[Block] = []
    for piece in sorted((p for row in region.header for p in row.pieces), key=lambda p: p.baseline):
        above = next((block for block in reversed(blocks) if _is_heading_of(block, piece, pitch, region)), None)
        columns = columns_of(piece, region.edges)
        if above is None:
            blocks.append(Block(columns, [piece]))
            continue
        above.pieces.append(piece)
        above.columns = range(min(above.columns.start, columns.start), max(above.columns.stop, columns.stop))
    return blocks


def _is_heading_of(block: Block, piece: Piece, pitch: float, region: Region) -> bool:
    last = block.pieces[-1]
    step = piece.baseline - last.baseline
    if not 0 < step <= min(pitch, LINE_PITCH * max(last.size, piece.size)):
        return False
    if any(last.baseline < y < piece.baseline for y in region.bars):
        return False
    if any(last.baseline < r.at < piece.baseline and r.start <= piece.middle <= r.stop for r in region.partial):
        return False
    return _is_under(last, piece)


def _settled_edges(region: Region, header: Sequence[Block], body: Sequence[Block]) -> list[float]:
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
    return centred_edges(region.edges, free, middles)


def _spread(header: list[Block], edges: Sequence[float], partial: Sequence[Rule]) -> None:
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
        for blocks, may_cover in ((leads, free & below), (lone, free - headed)):
            _share(blocks, may_cover, edges, partial)


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


def _in_the_middle(block: Block, free: range, edges: Sequence[float]) -> range:
    """The columns among the free ones, its own included, in whose middle a block stands; the more, the better."""
    own = block.columns
    spans = [range(i, j) for i in range(free.start, own.start + 1) for j in range(own.stop, free.stop + 1)]
    return min(spans, key=lambda s: (round(abs((edges[s.start] + edges[s.stop]) / 2 - block.middle)), -len(s)))


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
    rows = [i for i, (top, bottom) in enumerate(pairwise(ys)) if min(high, bottom) - max(low, top) > 0.2 * (high - low)]
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
            if columns.start in figures and len(columns) == 1 and not any(p.is_figure for p in block.pieces):
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
    column = block.columns.start
    low = high = column
    while low > 0 and low - 1 not in taken:
        low -= 1
    while high < len(edges) - 2 and high + 1 not in taken:
        high += 1
    return _in_the_middle(block, range(low, high + 1), edges)
