"""The reports of a unit as series over years, and the key figures of reports.

A unit may publish a report that holds its subordinate units (部门, 汇总) beside one of its own (本级, or no scope): these
are two series, which are never mixed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from warehouse.explorer.base import MissingError
from warehouse.explorer.places import BOX, Figure, figure

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from warehouse.explorer.base import Asked

SERIES = {"whole": "部门汇总", "own": "本级或单位自身"}


class Key(NamedTuple):
    """A key figure: its name, and the cells (form, line, measure) that say it, best first."""

    title: str
    cells: tuple[tuple[str, str, str], ...]


KEYS: Mapping[str, Key] = {
    "income": Key(
        "本年收入", (("income_expenditure", "current_year_income_total", "amount"), ("income", "total", "total"))
    ),
    "fiscal": Key(
        "其中：财政拨款收入",
        (("income", "total", "fiscal_appropriation"), ("income_expenditure", "fiscal_appropriation_income", "amount")),
    ),
    "expenditure": Key(
        "本年支出",
        (("income_expenditure", "current_year_expenditure_total", "amount"), ("expenditure", "total", "total")),
    ),
    "basic": Key("其中：基本支出", (("expenditure", "total", "basic"),)),
    "project": Key("其中：项目支出", (("expenditure", "total", "project"),)),
    "personnel": Key(
        "人员经费",
        (("basic_expenditure", "personnel_total", "amount"), ("basic_expenditure", "personnel_total", "personnel")),
    ),
    "public": Key(
        "公用经费", (("basic_expenditure", "public_total", "amount"), ("basic_expenditure", "public_total", "public"))
    ),
    "opening": Key("年初结转和结余", (("income_expenditure", "opening_carryover", "amount"),)),
    "closing": Key("年末结转和结余", (("income_expenditure", "closing_carryover", "amount"),)),
    "three_public_budget": Key("“三公”经费预算数", (("three_public", "total", "budget"),)),
    "three_public": Key("“三公”经费决算数", (("three_public", "total", "final"),)),
    "abroad": Key("其中：因公出国（境）费", (("three_public", "abroad", "final"),)),
    "vehicle": Key("其中：公务用车费", (("three_public", "vehicle", "final"),)),
    "reception": Key("其中：公务接待费", (("three_public", "reception", "final"),)),
}
"""The key figures, in the order in which they are shown."""

THREE_PUBLIC = ("abroad", "vehicle", "reception")

_KEY_ROWS = ", ".join(
    f"('{key}', {place}, '{form}', '{line}', '{measure}')"
    for key, of in KEYS.items()
    for place, (form, line, measure) in enumerate(of.cells)
)


@dataclass(frozen=True, slots=True)
class Account:
    """One report of a unit as it stands in a series."""

    report_id: str
    fiscal_year: int
    scope: str
    unit: str
    document: str
    versions: int


@dataclass(frozen=True, slots=True)
class Books:
    """A unit and its reports: `series` is the one that is shown, newest year first; `choices` those that there are."""

    unit_id: str
    unit: Mapping[str, Any]
    series: str
    choices: tuple[str, ...]
    accounts: tuple[Account, ...]

    @property
    def reports(self) -> list[str]:
        """The ids of the reports of the series."""
        return [account.report_id for account in self.accounts]


def books(asked: Asked, unit_id: str, wanted: str = "") -> Books:
    """A unit with one series of its reports; raises MissingError if there is no such unit or series."""
    units = asked.rows("FROM core.unit WHERE unit_id = $1", [unit_id])
    if not units:
        raise MissingError(f"没有编号为“{unit_id[:60]}”的单位。")
    found = asked.rows(
        "SELECT report_id, fiscal_year, scope, unit, document, versions, scope IN ('部门', '汇总') AS is_whole "
        "FROM core.report WHERE unit_id = $1 ORDER BY fiscal_year DESC, scope, report_id",
        [unit_id],
    )
    by_series: dict[str, dict[int, Account]] = defaultdict(dict)
    for row in found:
        series = "whole" if row.pop("is_whole") else "own"
        by_series[series].setdefault(row["fiscal_year"], Account(**row))
    choices = tuple(series for series in SERIES if series in by_series)
    series = wanted or choices[0]
    if series not in choices:
        raise MissingError(f"这个单位没有“{SERIES.get(series, series[:20])}”的报告。")
    return Books(unit_id, units[0], series, choices, tuple(by_series[series].values()))


def report_head(asked: Asked, report_id: str) -> dict[str, Any]:
    """What is known of a report; raises MissingError if there is none under this id."""
    found = asked.rows(_HEAD, [report_id])
    if not found:
        raise MissingError(f"没有编号为“{report_id[:80]}”的报告。")
    return found[0]


def key_figures(asked: Asked, reports: Collection[str]) -> dict[str, dict[str, Figure]]:
    """The key figures of reports, by report and key; what a report does not have is left out."""
    found = asked.rows(
        f"""
        SELECT c.report_id, k.key, c.amount, c.printed, {BOX}
        FROM core.cell c
        JOIN (VALUES {_KEY_ROWS}) k(key, place, form, line, measure) USING (form, line, measure)
        WHERE {among("c.report_id", reports)}
        QUALIFY row_number() OVER (PARTITION BY c.report_id, k.key ORDER BY k.place) = 1
        """,
        list(reports),
    )
    figures: dict[str, dict[str, Figure]] = {report: {} for report in reports}
    for row in found:
        figures[row["report_id"]][row["key"]] = figure(row)
    return figures


def among(column: str, values: Collection[object], first: int = 1) -> str:
    """A condition with a parameter for each value, which DuckDB checks against the bounds of its row groups."""
    places = ", ".join(f"${first + n}" for n in range(len(values)))
    return f"{column} IN ({places})" if values else "false"


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By what share a figure grew; None where there is nothing to compare it with."""
    return None if now is None or not before else (now - before) / abs(before)


def newest_growth(values: Sequence[Decimal | None]) -> Decimal | None:
    """The growth of the first of these values over the second."""
    return growth(values[0], values[1]) if len(values) > 1 else None


_HEAD = """
    SELECT r.*, v.published_on, v.fetched_at, d.name AS file, d.pages, v.narrative, n.name AS narrative_file
    FROM core.report r
    JOIN core.version v USING (report_id, document)
    JOIN core.document d USING (document)
    LEFT JOIN core.document n ON n.document = v.narrative
    WHERE r.report_id = $1
"""
