"""The first page: how the last night went, how much there is, what does not add up, who is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.pages.findings import IS_OPEN
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked
    from warehouse.explorer.model import Explorer

FEW = 8


def home(asked: Asked) -> Mapping[str, Any]:
    """The state of the newest publication, and what it brought."""
    failure = asked.explorer.failed()
    years = asked.rows(_YEARS, {"today": asked.day})
    newest = years[0]["fiscal_year"] if years else None
    return {
        "edition": asked.edition.removeprefix("warehouse-").removesuffix(".duckdb"),
        "published_at": asked.published_at,
        "failure": failure if failure and failure.at > asked.published_at else None,
        "total": asked.rows(_TOTAL)[0],
        "open": {row["severity"]: row for row in asked.rows(_OPEN, {"today": asked.day})},
        "years": years,
        "grades": _bars(asked.rows(_GRADES)),
        "news": asked.rows(_NEWS, {"today": asked.day, "few": FEW}),
        "missing": asked.rows(_MISSING, {"year": newest, "few": FEW}),
        "nights": asked.rows(_NIGHTS),
        "publications": asked.rows(_PUBLICATIONS, {"few": FEW}),
    }


def _bars(rows: list[dict[str, Any]]) -> dict[int, list[tuple[str, int, float, float]]]:
    """Of every year the grades as (letter, reports, start and width in percent of the bar)."""
    bars: dict[int, list[tuple[str, int, float, float]]] = {}
    for row in rows:
        bar = bars.setdefault(row["fiscal_year"], [])
        start = bar[-1][2] + bar[-1][3] if bar else 0.0
        bar.append((row["grade"], row["reports"], start, 100 * row["reports"] / row["total"]))
    return bars


def _beside(explorer: Explorer) -> object:
    return explorer.failed()


_TOTAL = """
    SELECT
        (SELECT count(*) FROM core.report) AS reports,
        (SELECT count(*) FROM core.unit) AS units,
        (SELECT sum(d.pages) FROM core.document d WHERE d.report_id IS NOT NULL) AS pages,
        (SELECT sum(f.numbers) FROM core.form_reading f) AS numbers,
        (SELECT sum(f.lifted) / nullif(sum(f.numbers), 0) FROM core.form_reading f) AS share,
        (
            SELECT count(*) FROM core.document d
            WHERE d.report_id IS NULL AND d.status NOT IN ('bundle', 'budget')
        ) AS unread
"""
_OPEN = f"""
    SELECT f.severity, count(*) AS findings, count(*) FILTER (f.status = 'new') AS new
    FROM quality.finding f WHERE {IS_OPEN} GROUP BY f.severity
"""
_YEARS = f"""
    WITH report AS (
        SELECT r.fiscal_year, count(*) AS reports, sum(d.pages) AS pages
        FROM core.report r LEFT JOIN core.document d USING (document) GROUP BY r.fiscal_year
    ), reading AS (
        SELECT r.fiscal_year, sum(f.numbers) AS numbers, sum(f.lifted) / nullif(sum(f.numbers), 0) AS share
        FROM core.form_reading f JOIN core.report r USING (report_id) GROUP BY r.fiscal_year
    ), finding AS (
        SELECT f.fiscal_year,
            count(*) FILTER (f.severity = 'E') AS errors,
            count(*) FILTER (f.severity = 'W') AS warnings
        FROM quality.finding f WHERE {IS_OPEN} GROUP BY f.fiscal_year
    ), duty AS (
        SELECT fiscal_year,
            count(*) FILTER (state <> 'exempt') AS due,
            count(*) FILTER (state = 'missing') AS missing,
            count(*) FILTER (state = 'late') AS late
        FROM quality.register GROUP BY fiscal_year
    )
    SELECT r.*, g.numbers, g.share, coalesce(f.errors, 0) AS errors, coalesce(f.warnings, 0) AS warnings,
        d.due, d.missing, d.late
    FROM report r
    LEFT JOIN reading g USING (fiscal_year)
    LEFT JOIN finding f USING (fiscal_year)
    LEFT JOIN duty d USING (fiscal_year)
    ORDER BY r.fiscal_year DESC
"""
_GRADES = """
    SELECT fiscal_year, grade, count(*) AS reports, sum(count(*)) OVER (PARTITION BY fiscal_year) AS total
    FROM quality.grade WHERE subject = 'report' GROUP BY fiscal_year, grade
    ORDER BY fiscal_year DESC, grade = '', grade
"""
_NEWS = f"""
    SELECT f.finding_id, f.severity, f.status, f.unit_id, f.unit, f.fiscal_year, f.scope, f.sentence, f.difference,
        f.waived_until
    FROM quality.finding f
    WHERE f.status IN ('new', 'changed') AND {IS_OPEN}
    ORDER BY CASE f.severity WHEN 'E' THEN 0 WHEN 'W' THEN 1 ELSE 2 END, abs(f.difference) DESC NULLS LAST, f.finding_id
    LIMIT $few
"""
_MISSING = """
    SELECT unit_id, unit, state, deadline, days_late, unit_id IN (SELECT unit_id FROM core.unit) AS is_known
    FROM quality.register WHERE fiscal_year = $year AND state IN ('missing', 'late')
    ORDER BY state = 'late', days_late DESC, unit LIMIT $few
"""
_NIGHTS = "FROM core.night ORDER BY night DESC LIMIT 7"
_PUBLICATIONS = """
    SELECT r.report_id, r.unit_id, r.unit, r.fiscal_year, r.scope, v.version_no, v.published_on, v.fetched_at
    FROM core.version v JOIN core.report r USING (report_id)
    WHERE v.is_current
    ORDER BY v.fetched_at DESC, v.published_on DESC NULLS LAST, r.unit, r.fiscal_year DESC LIMIT $few
"""

ROUTES = (page("/", home, "home.html", beside=_beside),)
