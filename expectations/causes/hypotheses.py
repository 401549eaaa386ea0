"""Slips that put many cells wrong at once: a block of rows shifted, two numbers that changed places, a row left out.

Each is a hypothesis of its own: it says what the cells should be, and is weighed as one cause against the single cells
that would be needed without it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from expectations.causes.problem import NEAR
from expectations.causes.slips import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from expectations.causes.problem import Problem

SHORTEST = 3
"""Rows of a block that is taken for shifted; two are two numbers that changed places."""

FARTHEST = 3
"""Rows by which a block may be shifted."""

_LONGEST = 150  # rows of a column in which blocks are looked for
_WORTH = 2  # broken relations that a slip of several cells must mend
_WEIGHED = 6  # of them, against the single cells


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Cells (by number) that would be other by `changes` yuan, all by one slip; `free` are those nobody can know.

    `cells` are all that the slip concerns, the first one above all.
    """

    kind: Kind
    cells: tuple[int, ...]
    changes: Mapping[int, float]
    free: tuple[int, ...] = ()


def exchanges(problem: Problem) -> list[Hypothesis]:
    """Numbers that may have changed places, those that mend most broken relations first."""
    return _ranked(problem, _exchanged(problem, set(problem.cells_of(problem.failing).tolist())))


def shifts(problem: Problem) -> list[Hypothesis]:
    """Blocks of rows that may have been shifted, those that mend most broken relations first."""
    return _ranked(problem, _shifted(problem, set(problem.cells_of(problem.failing).tolist())))


def _ranked(problem: Problem, found: Iterable[Hypothesis]) -> list[Hypothesis]:
    """The hypotheses that break no relation that holds and mend several, the best ones alone."""
    ranked = [(-_mends(problem, hypothesis), len(hypothesis.cells), hypothesis) for hypothesis in found]
    ranked.sort(key=lambda entry: entry[:2])
    return [hypothesis for mended, _, hypothesis in ranked[:_WEIGHED] if -mended >= _WORTH]


def _mends(problem: Problem, hypothesis: Hypothesis) -> int:
    """How many broken relations a hypothesis mends, not counting those of its free cells; -1 if it breaks others."""
    before = problem.breaks(problem.residuals)
    after = problem.breaks(problem.corrected(hypothesis.changes).residuals)
    known = np.ones(len(problem.relations), dtype=np.bool_)
    for cell in hypothesis.free:
        known[problem.relations_of(cell)[0]] = False
    return -1 if (after & ~before & known).any() else int((before & ~after & known).sum())


def _exchanged(problem: Problem, suspected: set[int]) -> Iterator[Hypothesis]:
    """Two cells side by side, or two neighbours of a column, with one another's numbers; or two whole columns."""
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for cell in (cell for cell in suspected if problem.cells[cell].is_tabular):
        rows[problem.cells[cell].place[:3]].append(cell)
    for cells in rows.values():
        for one, other in combinations(sorted(cells), 2):
            if changes := _exchange(problem, [(one, other)]):
                yield Hypothesis(Kind.SWAPPED, (one, other), changes)
    for column in problem.printed_columns:
        for place, one in enumerate(column):
            for other in column[place + 1 : place + 1 + FARTHEST]:
                if suspected.issuperset((one, other)) and (changes := _exchange(problem, [(one, other)])):
                    yield Hypothesis(Kind.SWAPPED, (one, other), changes)
    yield from _exchanged_columns(problem, suspected)


def _exchanged_columns(problem: Problem, suspected: set[int]) -> Iterator[Hypothesis]:
    forms: dict[tuple[str, str], dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for number, cell in ((number, cell) for number, cell in enumerate(problem.cells) if cell.is_tabular):
        forms[cell.place[:2]][cell.place.measure][cell.place.line] = number
    for measures in forms.values():
        for one, other in combinations(measures.values(), 2):
            pairs = [(one[line], other[line]) for line in one if line in other]
            if any(not suspected.isdisjoint(pair) for pair in pairs) and (changes := _exchange(problem, pairs)):
                yield Hypothesis(Kind.SWAPPED, tuple(sorted(changes)), changes)


def _exchange(problem: Problem, pairs: Sequence[tuple[int, int]]) -> dict[int, float]:
    changes: dict[int, float] = {}
    for one, other in pairs:
        if difference := problem.amounts[other] - problem.amounts[one]:
            changes[one], changes[other] = difference, -difference
    return changes


def _shifted(problem: Problem, suspected: set[int]) -> Iterator[Hypothesis]:
    """Blocks of rows whose numbers stand some rows too low or too high, in one column or in all of a form."""
    parallel: dict[tuple[str, str, tuple[str, ...]], list[Sequence[int]]] = defaultdict(list)
    for column in problem.printed_columns:
        report, form, *_ = problem.cells[column[0]].place
        if SHORTEST <= len(column) <= _LONGEST:
            parallel[report, form, tuple(problem.cells[cell].place.line for cell in column)].append(column)
    for columns in parallel.values():
        columns.sort(key=lambda column: problem.cells[column[0]].place.measure != "total")  # what people look at first
        touched = [column for column in columns if len(suspected.intersection(column)) >= SHORTEST]
        for chosen in ([columns] if touched and len(columns) > 1 else []) + [[column] for column in touched]:
            yield from _blocks(problem, chosen)


def _blocks(problem: Problem, columns: Sequence[Sequence[int]]) -> Iterator[Hypothesis]:
    """For every shift the block of these parallel columns that leaves fewest relations broken, and mends most."""
    count = len(columns[0])
    numbers = np.array(columns).T
    relations = np.unique(np.concatenate([problem.failing, *(problem.relations_of(c)[0] for c in numbers.flat)]))
    terms = problem.matrix[relations].toarray()[:, numbers]  # relation, row, column
    residuals, low, high = problem.residuals[relations], problem.low[relations], problem.high[relations]
    own = (terms != 0).any(axis=2).T
    failing = problem.breaks(problem.residuals)[relations]
    for by in (step for far in range(1, FARTHEST + 1) for step in (far, -far)):
        moved = np.zeros((count, len(relations)))
        known = np.arange(max(0, -by), count - max(0, by))
        changes = problem.amounts[numbers[known + by]] - problem.amounts[numbers[known]]
        moved[known] = np.einsum("irc,rc->ri", terms[:, known], changes)
        summed = np.concatenate([np.zeros((1, len(relations))), np.cumsum(moved, axis=0)])
        best = (-len(relations) * len(problem.failing), range(0))
        for start in range(count - SHORTEST - abs(by) + 1):
            # the rows that are known again: from `first` to before `last`
            stops = np.arange(start + SHORTEST + abs(by) - 1, count + 1)
            first, last = (start, stops - by) if by > 0 else (start - by, stops)
            after = residuals + summed[last] - summed[first]
            broken = (after > high + NEAR) | (after < low - NEAR)
            told = np.ones_like(broken)  # a relation with a free cell says nothing
            for lost in range(abs(by)):
                told &= ~(own[stops - 1 - lost] if by > 0 else own[start + lost])
            gain = (failing & ~broken & told).sum(axis=1) - len(relations) * (broken & told).sum(axis=1)
            if gain.max() > best[0]:
                best = int(gain.max()), range(start, int(stops[gain.argmax()]))
        if best[1]:
            yield _block(problem, columns, best[1], by)


def _block(problem: Problem, columns: Sequence[Sequence[int]], rows: range, by: int) -> Hypothesis:
    """The rows' numbers moved back by `by`; what stood in the last ones is not known any more."""
    changes: dict[int, float] = {}
    free: list[int] = []
    for column in columns:
        for row in rows:
            if row + by not in rows:
                free.append(column[row])
            elif change := problem.amounts[column[row + by]] - problem.amounts[column[row]]:
                changes[column[row]] = change
    return Hypothesis(Kind.SHIFTED, tuple(column[row] for row in rows for column in columns), changes, tuple(free))
