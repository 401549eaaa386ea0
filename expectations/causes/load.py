"""The problems of the reports in which an identity of the gravest sort is broken, from schemas quality and core."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from expectations.causes.echoes import echoes
from expectations.causes.problem import Cell, Place, Relation, problem_of
from expectations.causes.ratios import DIVISOR, LEFT, RIGHT, Ratio
from expectations.model import Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from expectations.causes.problem import Echo, Problem

_ROWS = 10_000  # fetched at a time
_RELATIONS = """
    SELECT i.report_id, i.identity, i.instance, i.relation, i.slack::DOUBLE AS slack, i.outcome, y.severity
    FROM quality.identity_result i
    JOIN quality.identity y USING (identity)
    WHERE i.relation <> '' AND i.factor IS NULL AND i.outcome <> 'not_evaluated'
        AND (report_id, identity, instance) IN (SELECT report_id, identity, instance FROM quality.identity_operand)
    ORDER BY ALL
"""
_OPERANDS = """
    SELECT o.report_id, o.identity, o.instance, sum(o.coefficient) AS coefficient,
        c.report_id AS of_report, c.form, c.line, c.measure, c.amount, c.printed, c.money_unit, c.row_no,
        round(c.x0 / 10)::INTEGER AS side, coalesce(c.level, 0) AS level, coalesce(c.parent, '') AS parent, c.label
    FROM quality.identity_operand o
    JOIN core.figure c ON c.report_id = o.of_report AND c.form = o.form AND c.line = o.line AND c.measure = o.measure
    WHERE (o.report_id, o.identity, o.instance) NOT IN (
        SELECT report_id, identity, instance FROM quality.identity_operand WHERE side = 2)
    GROUP BY ALL
    HAVING coefficient <> 0
    ORDER BY ALL
"""
_RATIOS = """
    SELECT i.report_id, i.identity, i.instance, i.factor, o.side,
        -- the right side stands with the opposite sign
        (if(o.side = -1, -1, 1) * o.coefficient)::DOUBLE AS coefficient,
        c.report_id AS of_report, c.form, c.line, c.measure, c.amount::DOUBLE AS amount,
        if(c.unit IN ('piece', 'flag') AND o.side <> 1, 0, c.precision)::DOUBLE AS precision
    FROM quality.identity_result i
    JOIN quality.identity_operand o USING (report_id, identity, instance)
    JOIN core.figure c ON c.report_id = o.of_report AND c.form = o.form AND c.line = o.line AND c.measure = o.measure
    WHERE i.factor IS NOT NULL AND i.outcome = 'fail'
    ORDER BY ALL
"""


def problems(con: duckdb.DuckDBPyConnection) -> Iterator[Problem]:
    """One problem for each report in which something grave is broken; one report after another is in memory."""
    operands = _by_report(con, _OPERANDS)
    ratios, known = _ratios(con), echoes(con)
    for report, relations in _by_report(con, _RELATIONS):
        if any(row[5] == Outcome.FAIL and row[6] == Severity.ERROR for row in relations):
            own = next(own for of_report, own in operands if of_report == report)
            yield _problem(relations, own, ratios.get(report, ()), known.get(report, {}))


def _ratios(con: duckdb.DuckDBPyConnection) -> dict[str, list[Ratio]]:
    """The broken ratios of every report."""
    found: dict[str, list[Ratio]] = defaultdict(list)
    for (report, identity, instance, factor), rows in groupby(con.execute(_RATIOS).fetchall(), key=_ratio):
        sums = dict.fromkeys((LEFT, RIGHT, DIVISOR), 0.0)
        widths, terms = dict(sums), []
        for *_, side, coefficient, of_report, form, line, measure, amount, precision in rows:
            sums[side] += coefficient * amount
            widths[side] += abs(coefficient) * precision
            terms.append((Place(of_report, form, line, measure), side, coefficient))
        found[report].append(Ratio(report, identity, instance, factor, sums, widths, tuple(terms)))
    return found


def _by_report(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of a query ordered by its first column, the report, a report at a time."""
    cursor = con.cursor().execute(sql)
    rows = chain.from_iterable(iter(lambda: cursor.fetchmany(_ROWS), []))
    return ((report, list(own)) for report, own in groupby(rows, key=itemgetter(0)))


def _ratio(row: tuple[Any, ...]) -> tuple[str, str, str, int]:
    return row[0], row[1], row[2], row[3]


def _problem(
    relations: list[tuple[Any, ...]],
    operands: list[tuple[Any, ...]],
    ratios: Sequence[Ratio],
    known: Mapping[Place, Echo],
) -> Problem:
    numbers = {tuple(row[:3]): number for number, row in enumerate(relations)}
    declared = [
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
    return problem_of([cell for _, cell in cells.values()], declared, terms, ratios, known)
