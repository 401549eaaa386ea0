"""Units side by side in one year: key figures, figures per head, composition, and how others of their kind lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from warehouse.explorer import charts
from warehouse.explorer.accounts import among, growth, within
from warehouse.explorer.asked import MissingError
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked

    Row = dict[str, Any]

MOST = 6
"""Units that stand side by side."""

LEAST = 3
"""Reports of which a median tells more than the figures of one of them."""

_FOUND = 20
_EXTENTS = {"department": "部门汇总", "own": "部门本级", "unit": "单位", "": "范围不明的"}
_MONEY, _PERCENT, _COUNT = "money", "percent", "count"

GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "收支（万元）",
        (
            ("income", "本年收入", _MONEY),
            ("expenditure", "本年支出", _MONEY),
            ("expenditure_growth", "支出比上年", _PERCENT),
            ("basic", "基本支出", _MONEY),
            ("project", "项目支出", _MONEY),
            ("project_share", "项目支出占比", _PERCENT),
            ("personnel", "人员经费", _MONEY),
            ("public", "公用经费", _MONEY),
            ("personnel_share", "人员经费占基本支出", _PERCENT),
            ("closing", "年末结转和结余", _MONEY),
            ("closing_share", "年末结转和结余占收入总计", _PERCENT),
        ),
    ),
    (
        "人均（万元）",
        (
            ("heads", "人数", _COUNT),
            ("expenditure_per_head", "人均支出", _MONEY),
            ("basic_per_head", "人均基本支出", _MONEY),
            ("personnel_per_head", "人均人员经费", _MONEY),
            ("public_per_head", "人均公用经费", _MONEY),
            ("three_public_per_head", "人均“三公”经费", _MONEY),
        ),
    ),
    (
        "“三公”经费（万元）",
        (
            ("three_public_budget", "预算数", _MONEY),
            ("three_public", "决算数", _MONEY),
            ("three_public_execution", "完成预算", _PERCENT),
            ("abroad", "因公出国（境）费", _MONEY),
            ("vehicle", "公务用车购置及运行维护费", _MONEY),
            ("reception", "公务接待费", _MONEY),
        ),
    ),
)
"""What is compared: (key, title, how it is written), by group. Percentages are percent points."""

_NO_REPORT: Row = {"report_id": None, "called": None, "scope": None, "extent": None, "prior_id": None}
_NO_FIGURES: Row = {key: None for _, figures in GROUPS for key, _, _ in figures}


def compare(asked: Asked) -> Mapping[str, Any] | Response:
    """The units that the address names; a unit that the form adds is put into the address."""
    wanted = _wanted(asked)
    year = asked.number("year", 0) or _newest(asked, wanted)
    chosen = _with_figures(asked, _chosen(asked, wanted, year))
    if asked.word("q") and len(wanted) < MOST:
        found = asked.rows(_BY_NAME, [asked.word("q"), wanted])
        if len(found) == 1:
            return RedirectResponse(address([*wanted, found[0]["unit_id"]], year), 303)
    else:
        found = []
    return {
        "year": year,
        "years": [row["fiscal_year"] for row in asked.same(_YEARS)],
        "chosen": [{**row, "without": address([u for u in wanted if u != row["unit_id"]], year)} for row in chosen],
        "wanted": wanted,
        "found": [{**row, "with": address([*wanted, row["unit_id"]], year)} for row in found],
        "word": asked.word("q"),
        "is_full": len(wanted) >= MOST,
        "most": MOST,
        "least": LEAST,
        "groups": GROUPS,
        "peers": _peers(asked, chosen, year),
        "parts": _parts(asked, chosen),
        "chart_address": "/charts" + address(wanted, year).replace("/compare", "/compare.svg"),
    }


def compare_shares(asked: Asked) -> Response:
    """The compositions of the units' expenditure, as a chart."""

    def draw() -> bytes:
        wanted = _wanted(asked)
        chosen = _chosen(asked, wanted, asked.number("year", 0) or _newest(asked, wanted))
        parts: dict[str, dict[str, Decimal]] = {row["report_id"]: {} for row in chosen if row["report_id"]}
        for part in asked.rows(_COMPOSITIONS, within([*parts])):
            parts[part["report_id"]][part["name"]] = part["amount"]
        names = {row["report_id"]: row["unit"] for row in chosen}
        return charts.shares([(names[report], of) for report, of in parts.items()])

    return charts.answer(asked, draw)


def address(units: Sequence[str], year: int) -> str:
    """The address of a comparison."""
    return f"/compare?{urlencode([*(('unit', unit) for unit in units), ('year', year)])}"


def _wanted(asked: Asked) -> list[str]:
    wanted = [*dict.fromkeys(unit.strip() for unit in asked.request.query_params.getlist("unit") if unit.strip())]
    if len(wanted) > MOST:
        raise MissingError(f"一次最多比较 {MOST} 个单位。")
    return wanted


def _newest(asked: Asked, units: Sequence[str]) -> int:
    """The newest year of which most of these units have accounts, or of all where none is named."""
    rows = asked.rows(_NEWEST, within(units)) if units else asked.same(_NEWEST_OF_ALL)
    return int(rows[0]["fiscal_year"]) if rows else 0


def _chosen(asked: Asked, units: Sequence[str], year: int) -> list[Row]:
    """The units in the order of the address, each with its main report of the year if it has one."""
    known = {row["unit_id"]: row for row in asked.rows(_UNITS, within(units))}
    if missing := [unit for unit in units if unit not in known]:
        raise MissingError(f"没有编号为“{missing[0][:60]}”的单位。")
    series = dict.fromkeys(row["series"] for row in known.values())
    reports = {row["series"]: row for row in asked.rows(_REPORTS, within([*series]) | {"year": year})}
    return [known[unit] | reports.get(known[unit]["series"], _NO_REPORT) for unit in units]


def _with_figures(asked: Asked, chosen: Sequence[Row]) -> list[Row]:
    """With the figures of their reports and the growth over those of the year before."""
    reports = [report for row in chosen for report in (row["report_id"], row["prior_id"]) if report]
    figures = {row["report_id"]: row for row in asked.rows(_FIGURES, within(reports))}
    told = []
    for row in chosen:
        own, before = figures.get(row["report_id"], {}), figures.get(row["prior_id"], {})
        grown = growth(own.get("expenditure"), before.get("expenditure"))
        told.append(_NO_FIGURES | own | row | {"expenditure_growth": None if grown is None else 100 * grown})
    return told


def _peers(asked: Asked, chosen: Sequence[Row], year: int) -> list[Row]:
    """For each region and extent among the units, the medians of all its reports, by figure, where there are some."""
    kinds = dict.fromkeys((row["region"], row["extent"]) for row in chosen if row["report_id"])
    peers = []
    for region, extent in kinds:
        rows = asked.rows(_MEDIANS, [region, year, extent, LEAST])
        reports = max((row["reports"] for row in rows), default=0)
        medians = _NO_FIGURES | {row["figure"]: row["median"] for row in rows}
        if reports:
            peers.append({"title": f"{region}{_EXTENTS[extent]}中位数", "reports": reports, "medians": medians})
    return peers


def _parts(asked: Asked, chosen: Sequence[Row]) -> list[Row]:
    """The functional classes on which any of the units spends: a row each, with what each unit spends."""
    reports = [row["report_id"] for row in chosen]
    rows: dict[str, Row] = {}
    for part in asked.rows(_COMPOSITIONS, within([report for report in reports if report])):
        row = rows.setdefault(part["code"], {"code": part["code"], "name": part["name"], "of": {}})
        row["of"][part["report_id"]] = part
    return [{**row, "of": [row["of"].get(report) for report in reports]} for _, row in sorted(rows.items())]


_BY_UNITS = "GROUP BY fiscal_year ORDER BY count(*) DESC, fiscal_year DESC LIMIT 1"
_NEWEST = f"""
    SELECT fiscal_year
    FROM core.unit_year y
    JOIN core.unit u USING (unit_id)
    WHERE u.series IN (SELECT series FROM core.unit WHERE {among("unit_id")})
    {_BY_UNITS}
"""
_NEWEST_OF_ALL = f"SELECT fiscal_year FROM core.unit_year {_BY_UNITS}"

_COMPOSITIONS = f"""
    SELECT report_id, code, name, amount, share
    FROM mart.functional
    WHERE {among("report_id")}
    ORDER BY report_id, code
"""

_UNITS = f"SELECT unit_id, unit, kind, region, series FROM core.unit WHERE {among('unit_id')}"

_REPORTS = f"""
    SELECT series, report_id, unit AS called, scope, extent, region, prior_id
    FROM mart.report
    WHERE {among("series")} AND fiscal_year = $year AND is_main
"""

_FIGURES = f"""
    SELECT
        *,
        coalesce(staff, posts) AS heads,
        100 * project / nullif(expenditure, 0) AS project_share,
        100 * personnel / nullif(basic_general, 0) AS personnel_share,
        100 * closing / nullif(income_total, 0) AS closing_share,
        100 * three_public / nullif(three_public_budget, 0) AS three_public_execution,
        expenditure / nullif(heads, 0) AS expenditure_per_head,
        basic / nullif(heads, 0) AS basic_per_head,
        personnel / nullif(heads, 0) AS personnel_per_head,
        public / nullif(heads, 0) AS public_per_head,
        three_public / nullif(heads, 0) AS three_public_per_head
    FROM mart.figure
    WHERE {among("report_id")}
"""

_MEDIANS = """
    SELECT figure, median, reports
    FROM mart.spread
    WHERE region = $1 AND fiscal_year = $2 AND extent = $3 AND reports >= $4
"""
_YEARS = "SELECT DISTINCT fiscal_year FROM core.unit_year ORDER BY fiscal_year DESC"
_BY_NAME = f"""
    SELECT unit_id, unit, department FROM core.unit
    WHERE contains(unit, $1) AND NOT list_contains($2::VARCHAR[], unit_id)
    ORDER BY unit <> $1, unit LIMIT {_FOUND}
"""

ROUTES = (page("/compare", compare, "compare.html"), page("/charts/compare.svg", compare_shares))
