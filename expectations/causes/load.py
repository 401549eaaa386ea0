"""The problems of the reports in which an identity of the gravest sort is broken, from schemas quality and core."""

from __future__ import annotations

from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from expectations.causes.problem import Cell, Place, Relation, problem_of
from expectations.model import Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from expectations.causes.problem import Problem

_ROWS = 10_000  # fetched at a time
_RELATIONS = """
    SELECT i.report_id, i.identity, i.instance, i.relation, i.slack::DOUBLE AS slack, i.outcome, y.severity
    FROM quality.identity_result i
    JOIN quality.identity y USING (identity)
    WHERE i.relation <> '' AND i.outcome <> 'not_evaluated'
        AND (report_id, identity, instance) IN (SELECT report_id, identity, instance FROM quality.identity_operand)
    ORDER BY ALL
"""
_OPERANDS = """
    SELECT o.report_id, o.identity, o.instance, sum(o.coefficient) AS coefficient,
        c.report_id AS of_report, c.form, c.line, c.measure, c.amount, c.printed, c.money_unit, c.row_no,
        round(c.x0 / 10)::INTEGER AS side, coalesce(c.level, 0) AS level, coalesce(c.parent, '') AS parent, c.label
    FROM quality.identity_operand o
    JOIN core.cell c ON c.report_id = o.of_report AND c.form = o.form AND c.line = o.line AND c.measure = o.measure
    GROUP BY ALL
    HAVING coefficient <> 0
    ORDER BY ALL
"""


def problems(con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """One problem for each report in which something grave is broken; one report after another is in memory."""
    operands = _by_report(con, _OPERANDS)
    for report, relations in _by_report(con, _RELATIONS):
        if any(row[5] == Outcome.FAIL and row[6] == Severity.ERROR for row in relations):
            yield _problem(relations, next(own for of_report, own in operands if of_report == report))


def _by_report(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of a query ordered by its first column, the report, a report at a time."""
    cursor = con.cursor().execute(sql)
    rows = chain.from_iterable(iter(lambda: cursor.fetchmany(_ROWS), []))
    return ((report, list(own)) for report, own in groupby(rows, key=itemgetter(0)))


def _problem(relations: list[tuple[Any, ...]], operands: list[tuple[Any, ...]]) -> Problem:
    numbers = {tuple(row[:3]): number for number, row in enumerate(relations)}
    known = [
        Relation(report, identity, instance, relation, slack, severity == Severity.ERROR, outcome == Outcome.FAIL)
        for report, identity, instance, relation, slack, outcome, severity in relations
    ]
    cells: dict[Place, tuple[int, Cell]] = {}
    terms = []
    for (
        report,
        identity,
        instance,
        coefficient,
        *place,
        amount,
        printed,
        unit,
        row_no,
        side,
        level,
        parent,
        label,
    ) in operands:
        number = numbers.get((report, identity, instance))
        if number is None:
            continue
        where = Place(*place)
        if where not in cells:
            cell = Cell(where, amount, printed, unit, row_no, side, level, parent, label)
            cells[where] = len(cells), cell
        terms.append((number, cells[where][0], int(coefficient)))
    return problem_of([cell for _, cell in cells.values()], known, terms)
