"""How the expenditure of a report is made up: by functional class, or, of basic expenditure, by economic class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.explorer.asked import MissingError
from warehouse.explorer.places import BOX, Figure, figure

if TYPE_CHECKING:
    from decimal import Decimal

    from warehouse.explorer.asked import Asked

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
    if kind not in KINDS:
        raise MissingError("只有功能分类和经济分类。")
    return next(whole for whole in compositions(asked, report_id) if whole.kind == kind)


def compositions(asked: Asked, report_id: str) -> tuple[Composition, ...]:
    """The compositions of one report, of every kind."""
    rows = asked.rows(
        f"SELECT kind, key, name, amount, printed, is_summed, {BOX} FROM mart.place "
        "WHERE report_id = $1 AND kind <> 'figure' ORDER BY key",
        [report_id],
    )
    return tuple(
        Composition(
            kind,
            title,
            tuple(
                Part(row["key"], row["name"], figure(row), row["amount"] / whole, row["is_summed"])
                for row in rows
                if row["kind"] == kind
            ),
        )
        for kind, title in KINDS.items()
        for whole in [sum(row["amount"] for row in rows if row["kind"] == kind) or 1]
    )
