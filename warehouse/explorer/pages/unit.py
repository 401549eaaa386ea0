"""A unit: what it published over the years, how its money is made up, what was found, which units it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.forms import FORMS
from warehouse.explorer import charts
from warehouse.explorer.accounts import (
    EXTENTS,
    KEYS,
    THREE_PUBLIC,
    UNIT_KINDS,
    Books,
    among,
    books,
    growth,
    key_figures,
    newest_growth,
    within,
)
from warehouse.explorer.composition import composition, compositions
from warehouse.explorer.places import cell_address, page_address
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked
    from warehouse.explorer.places import Figure

_YEARS = 5
"""Years of key figures that stand side by side; the tables go back further."""


def unit(asked: Asked) -> Mapping[str, Any]:
    """A unit with its reports of one extent."""
    held = books(asked, asked.path("unit_id"), asked.word("extent"))
    units = [row["unit_id"] for row in asked.rows(_UNITS, [held.unit["series"]])]
    return {
        "held": held,
        "titles": EXTENTS,
        "kinds": UNIT_KINDS,
        "names": _names(asked, held),
        "grades": asked.rows(_GRADES, within(units)),
        "keys": _keys(asked, held),
        "years": [account.fiscal_year for account in held.accounts[:_YEARS]],
        "parts": compositions(asked, held.reports[0]),
        "forms": FORMS,
        "readings": _readings(asked, held),
        "findings": asked.rows(_FINDINGS, within(units)),
        "headcounts": _headcounts(asked, held),
        "covered": _covered(asked, held),
    }


def unit_years(asked: Asked) -> Response:
    """Income and expenditure over years, as a chart."""
    return _over_years(asked, ("income", "expenditure"))


def unit_three_public(asked: Asked) -> Response:
    """The parts of 三公 over years, as a chart."""
    return _over_years(asked, THREE_PUBLIC, stacked=True)


def unit_composition(asked: Asked) -> Response:
    """How the money of the newest report is made up, as a chart."""

    def draw() -> bytes:
        held = books(asked, asked.path("unit_id"), asked.word("extent"))
        made_up = composition(asked, asked.path("kind"), held.reports[0])
        return charts.composition({part.name: part.figure.amount for part in made_up.parts})

    return charts.answer(asked, draw)


def _over_years(asked: Asked, keys: tuple[str, ...], *, stacked: bool = False) -> Response:
    def draw() -> bytes:
        held = books(asked, asked.path("unit_id"), asked.word("extent"))
        accounts = [*reversed(held.accounts[:_YEARS])]
        figures = key_figures(asked, [account.report_id for account in accounts])
        series = {
            KEYS[key].removeprefix("其中："): [_amount(figures[account.report_id].get(key)) for account in accounts]
            for key in keys
        }
        return charts.years(series, [account.fiscal_year for account in accounts], stacked=stacked)

    return charts.answer(asked, draw)


def _amount(known: Figure | None) -> Decimal | None:
    return known.amount if known else None


def _keys(asked: Asked, held: Books) -> list[dict[str, Any]]:
    """The key figures that the unit has in any year: a row each, with the figures by year and the newest growth."""
    reports = held.reports[:_YEARS]
    figures = key_figures(asked, reports)
    rows = []
    for key, title in KEYS.items():
        by_year = [figures[report].get(key) for report in reports]
        if any(by_year):
            grown = newest_growth([_amount(known) for known in by_year])
            rows.append({"title": title, "figures": by_year, "growth": grown})
    return rows


def _names(asked: Asked, held: Books) -> list[dict[str, Any]]:
    """What the unit was, or is now, called beside the name of this page."""
    return asked.rows(
        "SELECT name, min(first_year) AS first, max(last_year) AS last FROM core.unit_name "
        "WHERE series = $1 AND name <> $2 GROUP BY name ORDER BY last DESC, name",
        [held.unit["series"], held.unit["unit"]],
    )


def _readings(asked: Asked, held: Books) -> dict[tuple[str, str], dict[str, Any]]:
    """What was read of each table, by report and form."""
    readings: dict[tuple[str, str], dict[str, Any]] = {}
    for row in asked.rows(_READINGS, within(held.reports)):
        part = readings.get((row["report_id"], row["form"]))  # of a table that is printed in several
        if part:
            row["blank"] = part["blank"] and row["blank"]
            row["note"] = part["note"] or row["note"]
            row["numbers"] += part["numbers"]
            row["lifted"] += part["lifted"]
        readings[row["report_id"], row["form"]] = row
    return readings


def _headcounts(asked: Asked, held: Books) -> list[dict[str, Any]]:
    rows = asked.rows(_HEADCOUNTS, within(held.reports))
    years = {account.report_id: account.fiscal_year for account in held.accounts}
    told = [{**row, "fiscal_year": years[row["report_id"]], "href": cell_address(row)} for row in rows]
    return sorted(told, key=lambda row: -row["fiscal_year"])


def _covered(asked: Asked, held: Books) -> list[dict[str, Any]]:
    """The units that the newest report lists, with what they published for its year."""
    if held.extent != "whole":
        return []
    newest = held.accounts[0]
    listed = asked.rows(_COVERED, {"report": newest.report_id, "year": newest.fiscal_year})
    return [
        {**row, "href": page_address(row["document"], row["page"]), "growth": growth(row["expenditure"], row["prior"])}
        for row in listed
    ]


_COVERED = """
    WITH own AS (
        -- of several reports of a year, its own: a list names units, not what they cover
        SELECT unit_id, report_id, prior_id
        FROM mart.report
        WHERE fiscal_year = $year AND report_id <> $report
            AND unit_id IN (SELECT unit_id FROM core.covered_unit WHERE report_id = $report)
        QUALIFY row_number() OVER (PARTITION BY unit_id ORDER BY extent = 'department', report_id) = 1
    )
    SELECT
        c.name, c.remark, c.document, c.page, c.unit_id, u.unit_id IS NOT NULL AS is_known, o.report_id AS published,
        f.expenditure, p.expenditure AS prior
    FROM core.covered_unit c
    LEFT JOIN core.unit u ON u.unit_id = c.unit_id
    LEFT JOIN own o ON o.unit_id = c.unit_id
    LEFT JOIN mart.figure f ON f.report_id = o.report_id
    LEFT JOIN mart.figure p ON p.report_id = o.prior_id
    WHERE c.report_id = $report
    ORDER BY c.unit_no
"""

_UNITS = "SELECT unit_id FROM core.unit WHERE series = $1"
"""The ids that a unit has had under its names."""

_READINGS = f"SELECT report_id, form, blank, note, numbers, lifted FROM core.form_reading WHERE {among('report_id')}"
_HEADCOUNTS = f"""
    SELECT report_id, kind, value, document, page, x0, top, x1, bottom
    FROM core.headcount
    WHERE {among("report_id")}
    ORDER BY page, top, x0
"""

_GRADES = f"""
    SELECT fiscal_year, subject, report_id, scope, grade, score, error_holds, error_corrected, error_broken,
        warning_holds, warning_corrected, warning_broken, waived, not_evaluated, days_late, late_points,
        reports, graded_reports, missing_reports
    FROM quality.grade
    WHERE {among("unit_id")}
    ORDER BY fiscal_year DESC, subject DESC, scope, report_id
"""

_FINDINGS = f"""
    SELECT finding_id, fiscal_year, scope, severity, status, sentence
    FROM quality.finding
    WHERE {among("unit_id")} AND status <> 'resolved' AND waived_until IS NULL
    ORDER BY fiscal_year DESC, severity, page, finding_id
"""

ROUTES = (
    page("/units/{unit_id}", unit, "unit.html"),
    page("/charts/units/{unit_id}/years.svg", unit_years),
    page("/charts/units/{unit_id}/three-public.svg", unit_three_public),
    page("/charts/units/{unit_id}/{kind}.svg", unit_composition),
)
