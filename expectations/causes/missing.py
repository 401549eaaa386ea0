"""A row that was left out: its numbers are missing in the sums above it, in every column at once.

The relations of such a row are those of its printed sisters. Where another form prints the subject, it is known which
one is missing, and the relations between the forms have a say as well.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack

from expectations.causes.hypotheses import Hypothesis
from expectations.causes.problem import Place
from expectations.causes.slips import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from expectations.causes.problem import Cell, Problem

UNKNOWN = "?"
"""Stands for the code of a missing row that no other form tells."""

_WEIGHED = 4

_Family = tuple[str, str, str, int]  # report, form, subject above, level


def missing_rows(problem: Problem, enough: int = 2) -> list[tuple[Problem, Hypothesis]]:
    """The problem with the cells of one row more, for the rows whose absence would explain most of what is broken.

    `enough` broken relations must be such that the row would stand in them.
    """
    families: dict[_Family, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for number, cell in enumerate(problem.cells):
        if cell.level and cell.is_tabular:
            family = cell.place.report_id, cell.place.form, cell.parent, cell.level
            families[family][cell.place.line][cell.place.measure] = number
    by_name = {(r.report_id, r.identity, r.instance): number for number, r in enumerate(problem.relations)}
    failing = set(problem.failing.tolist())
    ranked = []
    for family, rows in families.items():
        template = max(rows.values(), key=lambda cells: sum(len(problem.relations_of(c)[0]) for c in cells.values()))
        for code in (*_elsewhere(families, family), UNKNOWN):
            cells = {measure: _relations(problem, number, code, by_name) for measure, number in template.items()}
            touched = failing.intersection(*[set().union(*cells.values())])
            if len(touched) >= enough:
                ranked.append((-len(touched), code == UNKNOWN, template, code, cells))
    ranked.sort(key=lambda entry: entry[:2])
    return [_extended(problem, template, code, cells) for *_, template, code, cells in ranked[:_WEIGHED]]


def _elsewhere(families: Mapping[_Family, Mapping[str, object]], family: _Family) -> list[str]:
    """Codes that other forms of the report print in this place of the classification, and this one does not."""
    report, form, *above = family
    return sorted(
        {
            line
            for (other_report, other, *others), lines in families.items()
            if other_report == report and other != form and others == above
            for line in lines
            if line not in families[family]
        }
    )


def _relations(
    problem: Problem, sister: int, code: str, by_name: Mapping[tuple[str, str, str], int]
) -> dict[int, float]:
    """The relations, with coefficients, in which a cell would stand whose sister this is."""
    found: dict[int, float] = {}
    line = problem.cells[sister].place.line
    for relation, coefficient in zip(*problem.relations_of(sister), strict=True):
        about = problem.relations[relation]
        if not about.instance.endswith(line):
            found[int(relation)] = float(coefficient)
            continue
        own = about.instance.removesuffix(line) + code
        other = by_name.get((about.report_id, about.identity, own))
        if other is not None:
            found[other] = float(coefficient)
    return found


def _extended(
    problem: Problem, template: Mapping[str, int], code: str, cells: Mapping[str, Mapping[int, float]]
) -> tuple[Problem, Hypothesis]:
    count = len(problem.cells)
    added: list[Cell] = []
    rows: list[int] = []
    columns: list[int] = []
    data: list[float] = []
    for measure, sister in sorted(template.items(), key=lambda own: own[0] != "total"):
        like = problem.cells[sister]
        place = Place(like.place.report_id, like.place.form, code, measure)
        rows += list(cells[measure])
        data += list(cells[measure].values())
        columns += [len(added)] * len(cells[measure])
        added.append(replace(like, place=place, amount=Decimal(0), printed="", label=""))
    more = csr_array((data, (rows, columns)), shape=(len(problem.relations), len(added)))
    numbers = tuple(range(count, count + len(added)))
    extended = replace(
        problem,
        cells=(*problem.cells, *added),
        matrix=csr_array(hstack([problem.matrix, more])),
        amounts=np.concatenate([problem.amounts, np.zeros(len(added))]),
    )
    return extended, Hypothesis(Kind.MISSING_ROW, numbers, {}, numbers)
