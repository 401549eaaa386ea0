"""The rows of forms with the places of their cells across: grids of different pages become comparable.

A form that runs over pages has other columns on each of them, but its lines stand at the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.lift.grid import Grid
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Cell, RawTable, Table

SLACK = 2.0
"""Points by which the edges of cells that stand under each other may differ."""


class Span(NamedTuple):
    """A stretch across the page, in points from the left side of the table."""

    x0: float
    x1: float

    def is_over(self, other: Span) -> bool:
        """True if the two stand under each other: half of the narrower is common to both."""
        if self.x1 <= other.x0 or other.x1 <= self.x0:
            return False
        common = min(self.x1, other.x1) - max(self.x0, other.x0)
        return 2 * common > min(self.x1 - self.x0, other.x1 - other.x0)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A cell as it stands in rows `first` to `last` of its table, which are counted over all parts."""

    cell: Cell
    span: Span
    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """All cells that reach into one row, from left to right, those that begin there, and those of these that print.

    `top` is True for the first row of a raw table.
    """

    number: int
    page: int
    spots: tuple[Spot, ...]
    own: tuple[Spot, ...]
    printed: tuple[Spot, ...]
    width: float
    top: bool

    def beside(self, spot: Spot) -> Spot | None:
        """The cell on the right of one of the row."""
        at = self.spots.index(spot) + 1
        return self.spots[at] if at < len(self.spots) else None

    def under(self, span: Span) -> list[Spot]:
        """The cells that begin here and stand under a heading."""
        return [spot for spot in self.own if span.is_over(spot.span)]


def rows_of(table: Table) -> list[Row]:
    """The rows of all parts of a table."""
    rows: list[Row] = []
    for part in table.parts:
        rows += _of_part(part, len(rows))
    return rows


def _of_part(part: RawTable, before: int) -> Iterator[Row]:
    grid = Grid.of(part)
    spots = {}
    for cell in part.cells:
        first = before + cell.row
        span = Span(*grid.across(cell.box))
        spots[id(cell)] = Spot(cell, span, squeeze(cell.text), first, first + cell.row_span - 1)
    width = max((spot.span.x1 for spot in spots.values()), default=0.0)
    for number, places in enumerate(grid.places):
        unlike = dict.fromkeys(id(cell) for cell in places if cell is not None)
        across = tuple(spots[key] for key in unlike)
        own = tuple(spot for spot in across if spot.first == before + number)
        printed = tuple(spot for spot in own if spot.text)
        yield Row(before + number, part.page, across, own, printed, width, number == 0)
