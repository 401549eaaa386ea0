"""Which lines of text stand in one cell of a table without rules, once its columns are known.

Lines of one cell are set nearer than the rows of the table; a number is in no cell with another.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.read.columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.read.ink import Rule
    from pipeline.read.pieces import Piece, Row

LINE_PITCH = 1.7
"""Lines of one cell are set no further apart than this share of their height."""

NEARER = 0.6
"""Lines of one cell are set nearer than the nearest rows by more than this (points)."""

ALIGNED = 1.5
"""Middles or left sides nearer than this (points) are one."""

TIGHT = 0.5
"""Baselines nearer than this (points) are one, for headings of one level."""


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


def body_blocks(region: Region, pitch: float) -> list[Block]:
    """The body's pieces by cell, lines of one cell together; `pitch` is how far apart these may be."""
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


def line_pitch(region: Region) -> float:
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
    reach = 0.25 * piece.size
    first = bisect_left(baselines, piece.baseline - reach)
    return first < len(baselines) and baselines[first] <= piece.baseline + reach


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


def header_blocks(region: Region, pitch: float) -> list[Block]:
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
