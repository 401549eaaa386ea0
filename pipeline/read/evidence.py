"""What makes rows of pieces a table: figures that stand in columns, beside names.

Prose has no such columns, and lists of contents have one, of small numbers. What figures leave open is decided by a
line that states the money unit above, by level rules of one length, or by the table of the page before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read.columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.read.pieces import Piece, Row

FLUSH = 1.5
"""Sides of figures nearer than this (points) are one."""

FIGURES = 0.7
"""A column is one of figures if no less than this share of its pieces are."""

HEADINGS = 4
"""So many headings on one line, under a money unit, are a table's even if it has no figures."""


class Signs(NamedTuple):
    """What stands around rows that speaks for a table."""

    money_unit: bool = False
    ruled: bool = False
    continues: bool = False


class _Column(NamedTuple):
    """The figures of a column: how many numbers and amounts, and how many numbers stand flush with one another."""

    numbers: int = 0
    amounts: int = 0
    flush: int = 0


def is_table(header: Sequence[Row], body: Sequence[Row], edges: Sequence[float], signs: Signs) -> bool:
    """Whether these rows, parted into columns at these edges, are a table."""
    if len(edges) <= len("ab") or len(header) + len(body) + signs.continues <= 1:
        return False
    standing = [c for c in _columns(body, edges) if c.flush > 1 and c.flush >= c.numbers / 2]
    amounts = sum(column.amounts for column in standing)
    names = sum(not piece.is_figure for row in body for piece in row.pieces)
    if len(standing) > 1 and amounts > 1 and names > 1 and (header or len(body) > 2):
        return True
    many = any(row.numbers > 1 for row in body) or bool(standing)
    if signs.continues:
        return many
    if signs.money_unit and header:
        return many or max(len(row.pieces) for row in header) >= HEADINGS
    return signs.ruled and many and amounts > 0


def _columns(body: Sequence[Row], edges: Sequence[float]) -> list[_Column]:
    own: list[list[Piece]] = [[] for _ in edges]
    for piece in (piece for row in body for piece in row.pieces):
        touched = columns_of(piece, edges)
        if len(touched) == 1:
            own[touched.start].append(piece)
    columns = []
    for pieces in own:
        numbers = [piece for piece in pieces if piece.is_number]
        if sum(piece.is_figure for piece in pieces) >= FIGURES * len(pieces):
            sides = [p.x1 for p in numbers], [p.x0 for p in numbers], [p.middle for p in numbers]
            flush = max(map(_most_at_one_place, sides))
            columns.append(_Column(len(numbers), sum(p.is_amount for p in numbers), flush))
    return columns


def _most_at_one_place(places: Sequence[float]) -> int:
    ordered = sorted(places)
    return max(
        (bisect_right(ordered, place + FLUSH) - bisect_left(ordered, place - FLUSH) for place in ordered), default=0
    )
