"""Who has published, late or not, and who has not, by department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.paging import listed
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked

STATES = {
    "missing": "未公开",
    "late": "逾期公开",
    "pending": "期限未到",
    "unknown": "不明",
    "exempt": "不公开",
    "published": "已公开",
}

MOST = 30
"""Departments that are listed: those with most missing."""


def missing(asked: Asked) -> Mapping[str, Any]:
    """The standing of a year: by department, and unit by unit."""
    years = [row["fiscal_year"] for row in asked.same(_YEARS)]
    year = asked.number("year", years[0] if years else 0)
    chosen = {"year": year, **{name: asked.word(name) for name in ("region", "department", "state")}}
    return {
        "years": years,
        "states": STATES,
        **chosen,
        "regions": [row["region"] for row in asked.same(_REGIONS, {"year": year})],
        "names": [row["department"] for row in asked.same(_NAMES, {"year": year, "region": chosen["region"]})],
        "departments": asked.same(_DEPARTMENTS, {"year": year, "region": chosen["region"], "most": MOST}),
        "total": asked.same(_TOTAL, {"year": year, "region": chosen["region"]})[0],
        "units": listed(asked, _UNITS, chosen),
    }


_YEARS = "SELECT DISTINCT fiscal_year FROM core.report ORDER BY fiscal_year DESC"
_REGIONS = "SELECT DISTINCT region FROM quality.register WHERE fiscal_year = $year AND region <> '' ORDER BY region"
_NAMES = """
    SELECT DISTINCT department FROM quality.register
    WHERE fiscal_year = $year AND ($region = '' OR region = $region) AND department <> '' ORDER BY department
"""
_COUNTS = """
    count(*) FILTER (state <> 'exempt') AS due,
    count(*) FILTER (state IN ('published', 'late')) AS published,
    count(*) FILTER (state = 'late') AS late,
    count(*) FILTER (state = 'missing') AS missing,
    count(*) FILTER (state = 'pending') AS pending,
    count(*) FILTER (state = 'unknown') AS unknown
    FROM quality.register
    WHERE fiscal_year = $year AND ($region = '' OR region = $region)
"""
_TOTAL = f"SELECT count(DISTINCT coalesce(nullif(department, ''), unit)) AS departments, {_COUNTS}"
_DEPARTMENTS = f"""
    SELECT region, coalesce(nullif(department, ''), unit) AS department, {_COUNTS}
    GROUP BY region, coalesce(nullif(department, ''), unit)
    ORDER BY missing DESC, late DESC, due DESC, region, department
    LIMIT $most
"""
_UNITS = """
    SELECT r.unit_id, r.unit, r.department, r.region, r.state, r.published_on, r.deadline, r.days_late, r.note,
        r.known_from,
        r.unit_id IN (SELECT unit_id FROM core.unit) AS is_known
    FROM quality.register r
    WHERE r.fiscal_year = $year
        AND ($region = '' OR r.region = $region)
        AND ($department = '' OR coalesce(nullif(r.department, ''), r.unit) = $department)
        AND ($state = '' OR r.state = $state)
    ORDER BY CASE r.state WHEN 'missing' THEN 0 WHEN 'late' THEN 1 WHEN 'unknown' THEN 2 WHEN 'pending' THEN 3
        WHEN 'exempt' THEN 4 ELSE 5 END, r.days_late DESC, r.unit, r.unit_id
"""

ROUTES = (page("/missing", missing, "missing.html"),)
