"""The fewest cells that must be wrong so that everything else can hold: Fellegi and Holt's problem, with intervals.

Each broken relation needs a cell of it to be free. Whether a set of free cells is enough is a linear program; if it is
not, its dual solution combines relations into a new one that these cells do not enter (an implied edit), which needs
a free cell too. So the mixed-integer program stays one of covering, without bounds on how wrong a cell may be. HiGHS
solves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from expectations.causes.problem import NEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.optimize import OptimizeResult

    from expectations.causes.problem import Floats, Integers, Problem

MOST = 6
"""More wrong cells than this are no explanation any more."""

_ROUNDS = 40
_DEAR = 2 * MOST  # the cost of a cell; a claim costs one less
_SECONDS = 0.3  # for one cover; those of a real report take milliseconds
_ZERO = 1e-9


class Suspect(NamedTuple):
    """A cell that may be wrong, and between which changes (yuan) of it everything else can hold.

    `change` is the one of them that makes most relations hold exactly.
    """

    cell: int
    low: float
    high: float
    change: float


@dataclass(frozen=True, slots=True)
class Fault:
    """A wrong cell: the suspects are those of which any one explains the same broken relations, by number."""

    suspects: tuple[Suspect, ...]
    relations: tuple[int, ...]


def single_faults(problem: Problem) -> list[Fault] | None:
    """One wrong cell for each group of broken relations that shares no cell with another; None if one needs more."""
    found = []
    for group in _apart(problem):
        suspects = single_cells(problem, group)
        if not suspects:
            return None
        found.append(Fault(tuple(suspects), tuple(group.tolist())))
    return found


def faults_of(problem: Problem) -> list[Fault] | None:
    """The fewest wrong cells that explain all broken relations; None if they are too many to be told."""
    found: list[Fault] = []
    for group in _apart(problem):
        faults = _explained(problem, group)
        if faults is None:
            return None
        found += faults
    return found


def _apart(problem: Problem) -> list[Integers]:
    """The broken relations in groups that share no cell with one another."""
    groups: list[tuple[set[int], list[int]]] = []
    for relation in problem.failing.tolist():
        cells = set(problem.cells_of([relation]).tolist())
        met = [group for group in groups if not cells.isdisjoint(group[0])]
        groups = [group for group in groups if group not in met]
        groups.append((cells.union(*(g[0] for g in met)), [relation, *(r for g in met for r in g[1])]))
    return [np.array(sorted(relations)) for _, relations in groups]


def _explained(problem: Problem, failing: Integers) -> list[Fault] | None:
    if alone := single_cells(problem, failing):
        return [Fault(tuple(alone), tuple(failing.tolist()))]
    chosen = fewest_cells(problem, failing)
    if chosen is None:
        return None
    changes = changes_of(problem, chosen)
    left = set(failing.tolist())
    faults = []
    for cell in sorted(changes, key=lambda c: -len(left.intersection(problem.relations_of(c)[0].tolist()))):
        others = problem.corrected({other: change for other, change in changes.items() if other != cell})
        still = others.failing
        alike = single_cells(others, still) if len(still) else []
        own = left.intersection(problem.relations_of(cell)[0].tolist())
        left -= own
        suspects = alike or [Suspect(cell, changes[cell], changes[cell], changes[cell])]
        faults.append(Fault(tuple(suspects), tuple(sorted(own))))
    return [fault for fault in faults if fault.relations]


def single_cells(problem: Problem, failing: Integers) -> list[Suspect]:
    """The cells each of which alone, changed, lets these relations hold and breaks no other."""
    shared = set(problem.cells_of(failing[:1]).tolist())
    for relation in failing[1:]:
        shared &= set(problem.cells_of([relation]).tolist())
    return [found for cell in sorted(shared) if (found := _suspect(problem, cell, failing)) is not None]


def _suspect(problem: Problem, cell: int, failing: Integers) -> Suspect | None:
    """The changes of one cell that let all its relations hold, if there are any."""
    rows, coefficients = problem.relations_of(cell)
    if not np.isin(failing, rows).all():
        return None
    bounds = problem.range if problem.cells[cell].is_claim else np.stack([problem.low, problem.high])
    with np.errstate(invalid="ignore"):
        ends = (bounds[:, rows] - problem.residuals[rows]) / coefficients
    # what fails elsewhere and has this cell in it is another fault's: it need not hold
    bound = np.isin(rows, failing) | ~problem.breaks(problem.residuals)[rows]
    low, high = ends.min(axis=0)[bound].max(), ends.max(axis=0)[bound].min()
    if low > high + NEAR:
        return None
    exact = -problem.residuals[rows] / coefficients
    # a sentence that repeats the cell as it should be knows it better than a sum that is rounded
    copies = np.isin(rows, failing) & problem.repeating[rows]
    wanted = exact[copies] if copies.any() and not problem.cells[cell].is_claim else exact[bound]
    return Suspect(cell, float(low), float(high), _likeliest(wanted, float(low), float(high)))


def _likeliest(wanted: Floats, low: float, high: float) -> float:
    """The change within bounds that most relations want; of several, the one nearest to the middle."""
    inside = np.round(wanted[(wanted >= low - NEAR) & (wanted <= high + NEAR)], 3)
    middle = (low + high) / 2 if np.isfinite(low + high) else (low if np.isfinite(low) else high)
    if not len(inside):
        return float(middle)
    values, counts = np.unique(inside, return_counts=True)
    best = values[counts == counts.max()]
    return float(best[np.abs(best - middle).argmin()])


def fewest_cells(problem: Problem, failing: Integers, free: Sequence[int] = (), most: int = MOST) -> list[int] | None:
    """The fewest cells, by number, that must be free, with those in `free`, so that all relations can hold.

    None if more than `most` are needed, nothing helps, or the search takes too long.
    """
    edits = [problem.cells_of([relation]) for relation in failing.tolist()]
    edits = [edit for edit in edits if not np.isin(edit, free).any()]
    for _ in range(_ROUNDS):
        if edits and not most:
            return None
        chosen = _cover(edits, problem) if edits else []
        if chosen is None or len(chosen) > most:
            return None
        edit = _implied_edit(problem, [*free, *chosen])
        if edit is None:
            return chosen
        if not len(edit):
            return None
        edits.append(edit)
    return None


def _cover(edits: Sequence[Integers], problem: Problem) -> list[int] | None:
    """The fewest cells of which every edit has at least one; of as many, those with most claims among them."""
    used = np.unique(np.concatenate(edits))
    number = np.full(len(problem.cells), -1)
    number[used] = np.arange(len(used))
    rows = np.repeat(np.arange(len(edits)), [len(edit) for edit in edits])
    matrix = csr_array((np.ones(len(rows)), (rows, number[np.concatenate(edits)])), shape=(len(edits), len(used)))
    covers = LinearConstraint(matrix, lb=1)
    told = np.array([problem.cells[cell].is_claim for cell in used])
    # whole costs: the solver stops where no cover can be smaller by one
    solved = milp(
        np.where(told, _DEAR - 1.0, _DEAR) if told.any() else np.ones(len(used)),
        integrality=np.ones(len(used)),
        bounds=Bounds(0, 1),
        constraints=covers,
        options={"time_limit": _SECONDS},
    )
    return [int(cell) for cell in used[solved.x > 1 / 2]] if solved.status == 0 else None


def _touched(problem: Problem, chosen: Sequence[int]) -> Integers:
    """The relations that fail, or in which any of these cells stands."""
    rows = [problem.relations_of(cell)[0] for cell in chosen]
    return np.unique(np.concatenate([problem.failing, *rows]))


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What the relations that some free cells touch allow: `matrix @ changes <= most`, `rows` their numbers.

    Amounts are divided by `scale`, so that they are of the size that a solver likes.
    """

    rows: Integers
    signs: Floats
    matrix: csr_array
    most: Floats
    scale: float


def _bounds(problem: Problem, chosen: Sequence[int]) -> _Bounds:
    rows = _touched(problem, chosen)
    free = problem.matrix[rows][:, list(chosen)]
    residuals, high, low = problem.residuals[rows], problem.high[rows], problem.low[rows]
    scale = max(1.0, float(np.abs(residuals).max()))
    upper, lower = np.isfinite(high), np.isfinite(low)
    most = np.concatenate([(high - residuals)[upper], (residuals - low)[lower]]) / scale
    signs = np.repeat([1.0, -1.0], [upper.sum(), lower.sum()])
    matrix = csr_array(vstack([free[upper], -free[lower]]))
    return _Bounds(np.concatenate([rows[upper], rows[lower]]), signs, matrix, most, scale)


def _implied_edit(problem: Problem, chosen: Sequence[int]) -> Integers | None:
    """None if these cells are enough; else the cells of a combination of relations that cannot hold without another."""
    if not chosen:
        return problem.cells_of(problem.failing[:1]) if len(problem.failing) else None
    bounds = _bounds(problem, chosen)
    solved = _least(bounds.matrix, bounds.most)
    if solved.fun * bounds.scale <= 10 * NEAR:
        return None
    weights = bounds.signs * solved.ineqlin.marginals
    combined = np.asarray(problem.matrix[bounds.rows].T @ weights)
    return np.setdiff1d(np.flatnonzero(np.abs(combined) > _ZERO), np.array(chosen))


def changes_of(problem: Problem, chosen: Sequence[int]) -> dict[int, float]:
    """Changes of these cells with which all relations hold, and differ least in sum."""
    bounds = _bounds(problem, chosen)
    rows = bounds.rows[bounds.signs > 0]
    equal = rows[np.isfinite(problem.low[rows])]
    free, wanted = problem.matrix[equal][:, list(chosen)], -problem.residuals[equal] / bounds.scale
    soft = csr_array(vstack([free, -free]))
    solved = _least(soft, np.concatenate([wanted, -wanted]), bounds.matrix, bounds.most + NEAR / bounds.scale)
    return dict(zip(chosen, (solved.x[: len(chosen)] * bounds.scale).tolist(), strict=True))


def _least(soft: csr_array, most: Floats, hard: csr_array | None = None, limit: Floats | None = None) -> OptimizeResult:
    """The x for which `soft @ x` exceeds `most` least in sum, while `hard @ x <= limit`."""
    count, size = soft.shape[1], soft.shape[0]
    matrix = hstack([soft, -eye_array(size)])
    if hard is not None and limit is not None:
        matrix = vstack([matrix, hstack([hard, csr_array((hard.shape[0], size))])])
        most = np.concatenate([most, limit])
    return linprog(
        np.repeat([0.0, 1.0], [count, size]),
        A_ub=csr_array(matrix),
        b_ub=most,
        bounds=[(None, None)] * count + [(0, None)] * size,
        method="highs",
    )
