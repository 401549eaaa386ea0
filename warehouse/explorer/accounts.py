"""The reports of a unit over the years, and the key figures of reports.

A unit may publish a report that holds its subordinate units beside one of its own. These are two histories, which are
never mixed. The history of a unit that got another name goes on under it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.explorer.asked import MissingError
from warehouse.explorer.places import BOX, Figure, figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from warehouse.explorer.asked import Asked

EXTENTS = {"whole": "部门汇总", "own": "本级或单位自身"}

UNIT_KINDS = {
    "administrative": "行政单位",
    "institution": "事业单位",
    "civil_service_institution": "参照公务员法管理的事业单位",
}


KEYS = {
    "income": "本年收入",
    "appropriation": "其中：财政拨款收入",
    "expenditure": "本年支出",
    "basic": "其中：基本支出",
    "project": "其中：项目支出",
    "personnel": "人员经费",
    "public": "公用经费",
    "opening": "年初结转和结余",
    "closing": "年末结转和结余",
    "three_public_budget": "“三公”经费预算数",
    "three_public": "“三公”经费决算数",
    "abroad": "其中：因公出国（境）费",
    "vehicle": "其中：公务用车费",
    "reception": "其中：公务接待费",
}
"""The key figures (`warehouse.marts.figures`) that are shown of a unit, in their order."""

THREE_PUBLIC = ("abroad", "vehicle", "reception")


@dataclass(frozen=True, slots=True)
class Account:
    """One report of a unit as it stands in its history; `unit` is what it was called then."""

    report_id: str
    fiscal_year: int
    scope: str
    unit: str
    versions: int


@dataclass(frozen=True, slots=True)
class Books:
    """A unit (a row of core.unit) and its reports of one extent, newest year first.

    `extents` are those of which it has reports.
    """

    unit_id: str
    unit: Mapping[str, Any]
    extent: str
    extents: tuple[str, ...]
    accounts: tuple[Account, ...]

    @property
    def reports(self) -> list[str]:
        """The ids of the reports."""
        return [account.report_id for account in self.accounts]

    @property
    def is_yearly(self) -> bool:
        """Whether there is a report of the year before the newest."""
        years = [account.fiscal_year for account in self.accounts[:2]]
        return len(years) > 1 and years[0] - years[1] == 1


def books(asked: Asked, unit_id: str, wanted: str = "") -> Books:
    """A unit with its reports of the `wanted` extent, or else of the widest that it has.

    Raises MissingError if there is no such unit, or no such report of it.
    """
    unit = asked.one(_UNIT, unit_id)
    if not unit:
        raise MissingError(f"没有编号为“{unit_id[:60]}”的单位。")
    by_extent: dict[str, dict[int, Account]] = defaultdict(dict)
    for row in asked.rows(_ACCOUNTS, [unit["series"]]):
        extent = "whole" if row.pop("is_whole") else "own"
        by_extent[extent].setdefault(row["fiscal_year"], Account(**row))
    extents = tuple(extent for extent in EXTENTS if extent in by_extent)
    extent = wanted or extents[0]
    if extent not in extents:
        raise MissingError(f"这个单位没有“{EXTENTS.get(extent, extent[:20])}”的报告。")
    return Books(unit_id, unit, extent, extents, tuple(by_extent[extent].values()))


def report_head(asked: Asked, report_id: str) -> dict[str, Any]:
    """What is known of a report; raises MissingError if there is none under this id."""
    report = asked.one(_REPORT, report_id)
    if not report:
        raise MissingError(f"没有编号为“{report_id[:80]}”的报告。")
    return report | asked.one(_READING, report_id)


def key_figures(asked: Asked, reports: Sequence[str]) -> dict[str, dict[str, Figure]]:
    """The key figures of reports, by report and name; what a report does not print is left out."""
    found = asked.rows(
        f"SELECT report_id, key, amount, printed, {BOX} FROM mart.place WHERE {among('report_id')} AND kind = 'figure'",
        within(reports),
    )
    figures: dict[str, dict[str, Figure]] = {report: {} for report in reports}
    for row in found:
        figures[row["report_id"]][row["key"]] = figure(row)
    return figures


def among(column: str) -> str:
    """A condition on a column, for the parameters of `within`; its bounds spare DuckDB most of a table sorted by it.

    Twice as fast as IN, which DuckDB plans as a join.
    """
    return f"{column} BETWEEN $first AND $last AND list_contains($ids::VARCHAR[], {column})"


def within(ids: Sequence[str]) -> dict[str, Any]:
    """The parameters of a condition that `among` gives: that the column is one of these."""
    return {"first": min(ids, default=""), "last": max(ids, default=""), "ids": [*ids]}


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By what share a figure grew; None where there is nothing to compare it with."""
    return None if now is None or not before else (now - before) / abs(before)


def newest_growth(values: Sequence[Decimal | None]) -> Decimal | None:
    """The growth of the first of these values over the second."""
    return growth(values[0], values[1]) if len(values) > 1 else None


_REPORT = """
    SELECT report_id, unit_id, unit, fiscal_year, scope, level, department, region, document, versions, published_on,
        file_name
    FROM mart.report
    WHERE report_id = $1
"""
_READING = """
    SELECT pages, narrative, narrative_name, issues, open_findings FROM mart.reading WHERE report_id = $1
"""
_UNIT = """
    SELECT unit_id, unit, department_id, department, region, kind, unit_code, series FROM core.unit WHERE unit_id = $1
"""
_ACCOUNTS = """
    SELECT report_id, fiscal_year, scope, unit, versions, extent = 'department' AS is_whole
    FROM mart.report
    WHERE series = $1
    ORDER BY fiscal_year DESC, extent, scope = '汇总' DESC, report_id
"""
