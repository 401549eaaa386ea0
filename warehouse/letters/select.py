"""Which reports there are to write about, and what the published warehouse knows of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.query import is_judged, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

Row = dict[str, Any]

OPEN = ("new", "persisting", "changed")
"""Statuses of findings that a letter asks about; the others are settled or could not be verified."""

SEVERITIES = ("E", "W", "I")

_OPEN = "FROM quality.finding WHERE status IN $open"


@dataclass(frozen=True, slots=True)
class ReportKey:
    """A report as people name it."""

    report_id: str
    unit: str
    fiscal_year: int
    scope: str

    def __str__(self) -> str:
        return f"{self.unit}{self.scope and f'（{self.scope}）'} {self.fiscal_year}年度"


class AmbiguousUnitError(LookupError):
    """The name fits several units; `candidates` are their reports."""

    def __init__(self, candidates: Sequence[ReportKey]) -> None:
        super().__init__(candidates)
        self.candidates = tuple(candidates)


class UnknownReportError(LookupError):
    """There is no such report; the message is a Chinese sentence."""


def reports_of(con: duckdb.DuckDBPyConnection, name: str, year: int, scope: str | None) -> list[ReportKey]:
    """The reports of one unit and year, several if it published several scopes; `name` may be a part of its name.

    Raises UnknownReportError, and AmbiguousUnitError unless the name is that of just one unit in full.
    """
    named = _reports(con, "contains(r.unit, $name)", {"name": name})
    exact = [report for report in named if report[1].unit == name]
    named = exact or named
    if not named:
        raise UnknownReportError(f"数据仓库中没有名称含有“{name}”的单位。")
    found = [report for report in named if report[1].fiscal_year == year]
    if not found:
        years = "、".join(str(known) for known in sorted({report.fiscal_year for _, report in named}))
        raise UnknownReportError(f"“{name}”没有{year}年度的报告，已有的年度：{years}。")
    if len({unit_id for unit_id, _ in found}) > 1:
        raise AmbiguousUnitError([report for _, report in found])
    chosen = [report for _, report in found if scope is None or report.scope == scope]
    if not chosen:
        scopes = "、".join(report.scope or "（未注明）" for _, report in found)
        raise UnknownReportError(f"“{found[0][1].unit}”{year}年度没有范围为“{scope}”的报告，已有的范围：{scopes}。")
    return chosen


def all_reports(con: duckdb.DuckDBPyConnection, year: int | None) -> list[ReportKey]:
    """All reports, or those of one year."""
    return [report for _, report in _reports(con, "r.fiscal_year = coalesce($year, r.fiscal_year)", {"year": year})]


def _reports(con: duckdb.DuckDBPyConnection, where: str, parameters: Row) -> list[tuple[str, ReportKey]]:
    found = con.execute(
        "SELECT r.unit_id, r.report_id, r.unit, r.fiscal_year, r.scope FROM core.report r "
        f"WHERE {where} ORDER BY r.unit, r.fiscal_year, r.scope, r.report_id",
        parameters,
    ).fetchall()
    return [(unit_id, ReportKey(*key)) for unit_id, *key in found]


def open_findings(con: duckdb.DuckDBPyConnection, today: date) -> dict[str, list[Row]]:
    """The open findings of every report, waived ones left out, gravest first and then in the order of the pages."""
    return _open(rows(con, f"{_OPEN} ORDER BY ALL", {"open": list(OPEN)}), today)


def open_findings_of(con: duckdb.DuckDBPyConnection, report: str, today: date) -> list[Row]:
    """Those of one report."""
    found = rows(con, f"{_OPEN} AND report_id = $report ORDER BY ALL", {"open": list(OPEN), "report": report})
    return _open(found, today).get(report, [])


def _open(found: Sequence[Row], today: date) -> dict[str, list[Row]]:
    by_report: dict[str, list[Row]] = {}
    for row in found:
        waived = row.get("waived_until")
        if waived is None or waived < today:
            by_report.setdefault(row["report_id"], []).append(row)
    for own in by_report.values():
        own.sort(key=lambda row: (SEVERITIES.index(row["severity"]), row["page"] or 0, row["identity"]))
    return by_report


def relations(con: duckdb.DuckDBPyConnection, finding: Row) -> list[str]:
    """The sentences of the broken identities that a finding explains; none where it tells an identity itself."""
    if not is_judged(con, "finding_symptom"):
        return []
    found = con.execute(
        "SELECT sentence FROM quality.finding_symptom WHERE finding_id = $1 ORDER BY identity, instance",
        [finding["finding_id"]],
    ).fetchall()
    return [sentence for (sentence,) in found if sentence and sentence != finding["sentence"]]


def suspects(con: duckdb.DuckDBPyConnection, finding: Row, cells: Sequence[Row] | None = None) -> list[Row]:
    """The figures of a finding that stand in its own report, the suspect ones first; with their rows and boxes.

    `cells` are the rows of quality.finding_cell that belong to it, if they are known already.
    """
    if cells is None:
        cells = rows(con, "FROM quality.finding_cell WHERE finding_id = $1", [finding["finding_id"]])
    forms = sorted({cell["form"] for cell in cells})
    wanted = ", ".join(f"${number}" for number in range(2, len(forms) + 2))
    figures = rows(con, _FIGURES.format(forms=wanted), [finding["report_id"], *forms]) if forms else []
    # a cell of last year's report or of another unit stands at no place of this document
    places = {_place(figure): figure for figure in figures}
    found = {(cell["role"], _place(cell)) for cell in cells if _place(cell) in places}
    own = [{"role": role, **places[place]} for role, place in found]
    return sorted(own, key=lambda row: (row["role"] == "compared", row["role"], row["page"], row["row_no"], row["x0"]))


def _place(cell: Row) -> tuple[object, ...]:
    return tuple(cell[name] for name in ("form", "line", "measure", "page", "x0", "top"))


_FIGURES = """
    SELECT document, form, line, measure, label, printed, amount, page, row_no, x0, top, x1, bottom
    FROM core.figure
    WHERE report_id = $1 AND form IN ({forms}) AND page IS NOT NULL AND x0 IS NOT NULL AND top IS NOT NULL
"""
