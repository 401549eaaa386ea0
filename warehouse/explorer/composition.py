"""How the expenditure of a report is made up: by functional class, or, of basic expenditure, by economic class."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.explorer.base import MissingError
from warehouse.explorer.places import BOX, Figure, figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from warehouse.explorer.base import Asked

KINDS = {"functional": "支出按功能分类", "economic": "基本支出按经济分类"}


@dataclass(frozen=True, slots=True)
class Part:
    """One class: its code and name, its figure, its share of the whole; `is_summed` if the report has no row for it."""

    code: str
    name: str
    figure: Figure
    share: Decimal
    is_summed: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """The classes of a report that have money, in the order of their codes."""

    kind: str
    title: str
    parts: tuple[Part, ...]


def composition(asked: Asked, kind: str, report_id: str) -> Composition:
    """The composition of one report; raises MissingError for a kind that there is not."""
    return compositions(asked, kind, [report_id])[report_id]


def compositions(asked: Asked, kind: str, reports: list[str]) -> Mapping[str, Composition]:
    """The compositions of several reports, by report."""
    if kind not in KINDS:
        raise MissingError("只有功能分类和经济分类。")
    rows = [row for report in reports for row in asked.rows(_ROWS[kind], [report])]
    by_report: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_report[row["report_id"]].append(row)
    return {report: Composition(kind, KINDS[kind], _parts(by_report[report])) for report in reports}


def _parts(rows: list[dict[str, Any]]) -> tuple[Part, ...]:
    whole = sum(row["amount"] for row in rows if row["amount"]) or 1
    return tuple(
        Part(row["code"], row["name"], figure(row), row["amount"] / whole, row["is_summed"])
        for row in rows
        if row["amount"]
    )


_CLASSES = """
    SELECT
        c.report_id,
        c.line[:3] AS code,
        coalesce(any_value(s.name), any_value(c.label)) AS name,
        -- some reports print the lower levels only
        bool_and(len(c.line) > 3) AS is_summed,
        coalesce(sum(c.amount) FILTER (len(c.line) = 3), sum(c.amount) FILTER (len(c.line) = 5)) AS amount,
        arg_min(c.printed, len(c.line)) AS printed,
        {places}
    FROM core.cell c
    LEFT JOIN ref.{names} s ON s.code = c.line[:3]
    WHERE c.report_id = $1 AND c.form = '{form}' AND {measure} AND regexp_full_match(c.line, '[0-9]{{{digits}}}')
    GROUP BY c.report_id, c.line[:3]
    ORDER BY code
"""
_PLACES = ", ".join(f"arg_min(c.{column}, (len(c.line), c.row_no)) AS {column}" for column in BOX.split(", "))
_ROWS = {
    "functional": _CLASSES.format(
        places=_PLACES,
        names="functional_subject",
        form="income_expenditure",
        measure="c.measure = 'amount'",
        digits="3",
    ),
    "economic": _CLASSES.format(
        places=_PLACES, names="economic_subject", form="basic_expenditure", measure="c.measure = 'amount'", digits="3,5"
    ),
}
