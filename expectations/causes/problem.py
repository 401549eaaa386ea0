"""The relations of some reports as one system: cells are the unknowns, every evaluated relation is a row.

Amounts are in yuan as floats: 10^11 yuan to a hundredth of a fen is within what a double holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array

from pipeline.performance import titles as performance
from warehouse.titles import is_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    from expectations.causes.ratios import Ratio

    Floats = NDArray[np.float64]
    Integers = NDArray[np.intp]

_STRUCTURE = ("binding", "broken", "repeating", "columns", "range", "high", "low", "printed_columns")
NEAR = 1e-3
"""Yuan. What differs by less is equal: it is an error of floats."""


class Place(NamedTuple):
    """Where a cell stands; its report is named, since relations may reach into another one."""

    report_id: str
    form: str
    line: str
    measure: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed cell: its amount in yuan and as printed, and where on the page it stands.

    `column` numbers the columns of a form as they stand on the page: a two-sided form has one measure in two of them.
    `label` is the printed name of the row, `parent` the subject above, "" for none.
    """

    place: Place
    amount: Decimal
    printed: str
    money_unit: int
    row_no: int
    column: int
    level: int
    parent: str
    label: str = ""

    @property
    def is_claim(self) -> bool:
        """Whether it is a number in a sentence, which stands in no row and no column."""
        return is_prose(self.place.form)

    @property
    def is_tabular(self) -> bool:
        """Whether it stands in a row and a column of a statutory table."""
        return not self.is_claim and self.place.form != performance.FORM


class Echo(NamedTuple):
    """Where a claimed number stands as well: in last year's report, or in another cell of the report's tables."""

    is_last_year: bool
    place: Place
    label: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Relation:
    """One evaluated instance of a linear identity: its sides may differ by `slack` (yuan) in the way of `relation`.

    One that is not `grave` bounds nothing and asks for no cause: it is only told what it follows from. `broken` is what
    the evaluator found.
    """

    report_id: str
    identity: str
    instance: str
    relation: str
    slack: float
    grave: bool = True
    broken: bool = False


@dataclass(frozen=True)
class Problem:
    """All relations over all cells: `low <= matrix @ amounts <= high` for those that hold.

    A row of `matrix` has the coefficients of one relation. `ratios` are the broken ones, `echoes` of doubtful claims.
    """

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    matrix: csr_array
    amounts: Floats
    ratios: tuple[Ratio, ...] = ()
    echoes: Mapping[Place, Echo] = field(default_factory=dict)

    @cached_property
    def binding(self) -> NDArray[np.bool_]:
        """Which relations bound something: the grave ones, but for those by which sentences repeat one cell of a table.

        What is copied from a cell says nothing of whether it is right, as long as it agrees with it. A claim that
        agrees with a cell may well be right: see `range`.
        """
        grave = np.array([about.grave for about in self.relations], dtype=np.bool_)
        return grave & (self.broken | ~self.repeating)

    @cached_property
    def broken(self) -> NDArray[np.bool_]:
        """Which relations the evaluator found broken."""
        return np.array([about.broken for about in self.relations], dtype=np.bool_)

    @cached_property
    def repeating(self) -> NDArray[np.bool_]:
        """Which relations are between one cell of a table and nothing but claims."""
        told = np.array([cell.is_claim for cell in self.cells], dtype=np.float64)
        terms = self.matrix.copy()
        terms.data = np.ones_like(terms.data)
        claims = np.asarray(terms @ told)
        return np.asarray((claims > 0) & (np.diff(self.matrix.indptr) - claims == 1))

    @cached_property
    def columns(self) -> csc_array:
        """The matrix by columns: the relations of each cell."""
        return self.matrix.tocsc()

    @cached_property
    def high(self) -> Floats:
        """The most that each relation may differ by."""
        return np.where(self.binding, self.range[1], np.inf)

    @cached_property
    def low(self) -> Floats:
        """The least that each relation may differ by."""
        return np.where(self.binding, self.range[0], -np.inf)

    @cached_property
    def range(self) -> Floats:
        """Between what the grave relations may differ, whether they bind all cells or only claims: (2, relations)."""
        most = np.array([r.slack if r.grave and r.relation != ">=" else np.inf for r in self.relations])
        least = np.array([-r.slack if r.grave and r.relation != "<=" else -np.inf for r in self.relations])
        return np.stack([least, most])

    @cached_property
    def residuals(self) -> Floats:
        """By how much the sides of each relation differ."""
        return np.asarray(self.matrix @ self.amounts)

    @cached_property
    def failing(self) -> Integers:
        """The relations that do not hold, by number."""
        return np.flatnonzero(self.breaks(self.residuals))

    def breaks(self, residuals: Floats) -> NDArray[np.bool_]:
        """Which relations do not hold with these differences."""
        return (residuals > self.high + NEAR) | (residuals < self.low - NEAR)

    def relations_of(self, cell: int) -> tuple[Integers, Floats]:
        """The relations in which a cell stands, and its coefficient in each."""
        start, stop = self.columns.indptr[cell : cell + 2]
        return self.columns.indices[start:stop], self.columns.data[start:stop]

    def cells_of(self, relations: Iterable[int]) -> Integers:
        """The cells that stand in any of these relations."""
        starts, indices = self.matrix.indptr, self.matrix.indices
        return np.unique(np.concatenate([indices[starts[row] : starts[row + 1]] for row in relations]))

    @cached_property
    def printed_columns(self) -> tuple[tuple[int, ...], ...]:
        """The cells of each printed column of each table, by number, from top to bottom."""
        columns: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
        for number, cell in ((number, cell) for number, cell in enumerate(self.cells) if cell.is_tabular):
            columns[cell.place.report_id, cell.place.form, cell.place.measure, cell.column].append(number)
        return tuple(tuple(sorted(column, key=lambda n: self.cells[n].row_no)) for column in columns.values())

    def corrected(self, changes: Mapping[int, float]) -> Problem:
        """The same with other amounts in some cells."""
        amounts = self.amounts.copy()
        amounts[list(changes)] += list(changes.values())
        other = replace(self, amounts=amounts)
        # what does not depend on the amounts is the same
        other.__dict__.update({name: self.__dict__[name] for name in _STRUCTURE if name in self.__dict__})
        return other


def problem_of(
    cells: Sequence[Cell],
    relations: Sequence[Relation],
    operands: Sequence[tuple[int, int, int]],
    ratios: Sequence[Ratio] = (),
    echoes: Mapping[Place, Echo] | None = None,
) -> Problem:
    """The system of these relations; an operand is (number of its relation, number of its cell, coefficient)."""
    rows, columns, data = np.array(operands, dtype=np.float64).reshape(-1, 3).T
    shape = (len(relations), len(cells))
    matrix = csr_array((data, (rows.astype(np.intp), columns.astype(np.intp))), shape=shape)
    matrix.sum_duplicates()
    amounts = np.array([float(cell.amount) for cell in cells])
    return Problem(tuple(cells), tuple(relations), matrix, amounts, tuple(ratios), echoes or {})
