"""The causes behind the broken identities of all reports, read from schema quality and told as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from expectations.causes.hypotheses import Hypothesis, exchanges, shifts
from expectations.causes.missing import missing_rows
from expectations.causes.problem import NEAR
from expectations.causes.search import MOST, Fault, changes_of, faults_of, fewest_cells, single_faults
from expectations.causes.slips import Kind, Wanted, claim_kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from expectations.causes.problem import Cell, Echo, Problem, Relation
    from expectations.causes.ratios import Ratio
    from expectations.causes.search import Suspect

_STEP = Decimal("0.001")
_ROUNDED = 0.05  # of the largest number of a row; what rounding makes of a zero is less
_VAGUE = frozenset({Kind.MISPRINT, Kind.STALE_TOTAL, Kind.OMITTED})


@dataclass(frozen=True, slots=True)
class Cause:
    """One slip: what went wrong in which cells, the gravest first, and what it broke.

    `meant` is what should stand in the first cell (yuan), None if nobody can know; `alternatives` are other cells each
    of which would explain the same; `broken` are the relations as (report, identity, instance). `echo` says where the
    number was taken from, if that is known.
    """

    kind: Kind
    cells: tuple[Cell, ...]
    meant: Decimal | None
    alternatives: tuple[tuple[Cell, Decimal], ...]
    broken: tuple[tuple[str, str, str], ...]
    echo: Echo | None = None


def causes_of(problem: Problem) -> list[Cause]:
    """The fewest causes of all that is broken; [] if they are too many to be told one from another.

    One cell, one slip of several cells, several cells, such a slip beside some cells: in this order.
    """
    if not len(problem.failing):
        return []
    alone = single_faults(problem)
    if alone is not None and len(alone) == 1:
        return [_one_cell_or_row(problem, alone[0])]
    candidates = _candidates(problem)
    for extended, hypothesis in candidates:
        if found := _with(extended, hypothesis, most=0):
            return found
    faults = alone if alone is not None else faults_of(problem)
    best = [_cause(problem, fault) for fault in faults] if faults is not None else []
    for extended, hypothesis in candidates:
        most = len(best) - 2 if best else MOST
        if most > 0 and (found := _with(extended, hypothesis, most)):
            best = found
    return best


def _candidates(problem: Problem) -> list[tuple[Problem, Hypothesis]]:
    """Slips of several cells, those that leave least to be guessed first."""
    exchanged = [(problem, found) for found in exchanges(problem)]
    return [*exchanged, *missing_rows(problem), *((problem, found) for found in shifts(problem))]


def _one_cell_or_row(problem: Problem, fault: Fault) -> Cause:
    """The wrong cell; where several would do, a row that was left out may do as well."""
    cause = _cause(problem, fault)
    if not cause.alternatives:
        return cause
    for extended, hypothesis in missing_rows(problem, enough=1):
        if found := _with(extended, hypothesis, most=0):
            row, own = found[0], (cause.cells[0], cause.meant or Decimal(0))
            if cause.kind in _VAGUE:
                return replace(row, alternatives=(own, *cause.alternatives))
            return replace(cause, alternatives=(*cause.alternatives, (row.cells[0], row.meant or Decimal(0))))
    return cause


def _with(problem: Problem, hypothesis: Hypothesis, most: int) -> list[Cause]:
    """The cause that a hypothesis tells, with those of what it leaves broken; [] if that is more than `most` cells."""
    changed = problem.corrected(hypothesis.changes)
    others = fewest_cells(changed, changed.failing, hypothesis.free, most)
    if others is None:
        return []
    changes = dict(hypothesis.changes)
    if hypothesis.free:
        known = changes_of(changed, [*hypothesis.free, *others])
        changes |= {cell: known[cell] for cell in hypothesis.free}
    mended = problem.corrected(changes)
    own = sorted(set(problem.failing.tolist()) - set(mended.failing.tolist()))
    rest = faults_of(mended) if others else []
    if rest is None or not own:
        return []
    if hypothesis.kind is Kind.MISSING_ROW and min(changes.values()) < -_ROUNDED * max(changes.values()):
        return []  # a row that was left out would have had a negative number
    first = hypothesis.cells[0]
    meant = problem.cells[first].amount + _decimal(changes.get(first, 0.0))
    cells = tuple(problem.cells[cell] for cell in hypothesis.cells)
    slip = Cause(hypothesis.kind, cells, meant, (), _names(problem, own, changes))
    return [slip, *(_cause(mended, fault) for fault in rest)]


def _cause(problem: Problem, fault: Fault) -> Cause:
    ranked = sorted((_slip(problem, suspect) for suspect in fault.suspects), key=lambda found: found[0])
    # nobody prints a negative number where a positive one was meant, or nearly so
    ranked = [found for found in ranked if found[3] >= min(found[2].amount, Decimal(0)) or found[2].is_claim] or ranked
    if ranked[0][2].is_claim:  # it stands against what another report prints in its tables, where more is checked
        own = ranked[0][2].place.report_id
        ranked = [found for found in ranked if found[2].is_claim or found[2].place.report_id == own]
    (_, kind, cell, meant), *others = ranked
    alternatives = tuple((other, value) for _, _, other, value in others)
    first = next(suspect for suspect in fault.suspects if problem.cells[suspect.cell] is cell)
    broken = _names(problem, fault.relations, {first.cell: float(meant - cell.amount)})
    return Cause(kind, (cell,), meant, alternatives, broken, problem.echoes.get(cell.place) if cell.is_claim else None)


def _slip(problem: Problem, suspect: Suspect) -> tuple[tuple[int, ...], Kind, Cell, Decimal]:
    """The slip in a cell, with its rank.

    First come claims: tables are checked in more ways. Then cells that would mend lesser relations too, then the more
    telling slips, then cells that fewer sentences repeat, then those in more relations.
    """
    cell = problem.cells[suspect.cell]
    wanted = Wanted(*(cell.amount + _decimal(change) for change in (suspect.low, suspect.high, suspect.change)))
    if cell.is_claim:
        kind, meant = claim_kind(cell.amount, cell.printed, cell.money_unit, wanted, problem.echoes.get(cell.place))
    else:
        kind, meant = kind_of(cell.amount, cell.printed, cell.money_unit, wanted, _neighbours(problem, suspect.cell))
        if kind is Kind.MISPRINT and _is_total(problem, suspect.cell):
            kind = Kind.STALE_TOTAL
    lesser = len(_lesser(problem, {suspect.cell: float(meant - cell.amount)}))
    relations = problem.relations_of(suspect.cell)[0]
    copies = int((problem.repeating & ~problem.broken)[relations].sum())
    return (not cell.is_claim, -lesser, list(Kind).index(kind), copies, -len(relations)), kind, cell, meant


def _decimal(amount: float) -> Decimal:
    return Decimal(amount).quantize(_STEP) if abs(amount) < 1e15 else Decimal(amount)


def _neighbours(problem: Problem, number: int) -> set[Decimal]:
    """The amounts above and below, and in the other columns of the row."""
    place = problem.cells[number].place
    beside = {cell.amount for cell in problem.cells if cell.place[:3] == place[:3] and cell.place != place}
    for column in problem.printed_columns:
        if number in column:
            at = column.index(number)
            beside |= {problem.cells[other].amount for other in column[max(0, at - 1) : at + 2] if other != number}
    return beside - {Decimal(0)}


def _is_total(problem: Problem, number: int) -> bool:
    """Whether a cell is the sum of several others of its form."""
    form = problem.cells[number].place.form
    for row, own in zip(*problem.relations_of(number), strict=True):
        terms = problem.matrix[[row]].tocoo()
        others = [
            value
            for cell, value in zip(terms.coords[1].tolist(), terms.data.tolist(), strict=True)
            if cell != number and problem.cells[cell].place.form == form
        ]
        if len(others) > 1 and all(value * own < 0 for value in others):
            return True
    return False


def _names(
    problem: Problem, relations: Collection[int], changes: Mapping[int, float]
) -> tuple[tuple[str, str, str], ...]:
    """These relations, and the less grave ones and the ratios that are broken and that these changes mend."""
    moved = {problem.cells[cell].place: change for cell, change in changes.items()}
    found: list[Relation | Ratio] = [problem.relations[number] for number in (*relations, *_lesser(problem, changes))]
    found += [ratio for ratio in problem.ratios if ratio.touches(moved) and ratio.holds(moved)]
    return tuple((about.report_id, about.identity, about.instance) for about in found)


def _lesser(problem: Problem, changes: Mapping[int, float]) -> list[int]:
    """The broken relations, not grave ones, that come nearer to holding by these changes."""
    broken = [number for number, about in enumerate(problem.relations) if about.broken and not about.grave]
    if not broken:
        return []
    before, after = np.abs(problem.residuals), np.abs(problem.corrected(changes).residuals)
    return [number for number in broken if after[number] < before[number] - NEAR]
