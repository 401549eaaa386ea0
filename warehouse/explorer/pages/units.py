"""The list of units, with the sums of their newest accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.accounts import UNIT_KINDS
from warehouse.explorer.asked import MissingError
from warehouse.explorer.paging import listed
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked

ORDERS = {
    "name": ("名称", "region, unit, unit_id"),
    "expenditure": ("本年支出", "expenditure DESC NULLS LAST, unit_id"),
    "growth": ("支出增长", "growth DESC NULLS LAST, unit_id"),
    "three_public": ("“三公”经费", "three_public DESC NULLS LAST, unit_id"),
}


def units(asked: Asked) -> Mapping[str, Any]:
    """Units by name or former name, department, region and kind; of each the newest year, or the year asked for."""
    chosen = {name: asked.word(name) for name in ("q", "department", "region", "kind")}
    order = asked.word("order", "name")
    if order not in ORDERS:
        raise MissingError("没有这种排序。")
    year = asked.number("year", 0) if asked.word("year") else 0
    where = "".join(f" AND {condition}" for name, condition in _CONDITIONS.items() if chosen[name])
    values = {name: value for name, value in chosen.items() if value} | {"year": year}
    return {
        "listing": listed(asked, f"{_UNITS} {where} ORDER BY {ORDERS[order][1]}", values),
        "chosen": chosen,
        "order": order,
        "orders": [(key, title) for key, (title, _) in ORDERS.items()],
        "year": year or "",
        "years": [row["fiscal_year"] for row in asked.rows(_YEARS)],
        "departments": [(row["department_id"], row["department"]) for row in asked.rows(_DEPARTMENTS)],
        "regions": [row["region"] for row in asked.rows(_REGIONS)],
        "kinds": [*UNIT_KINDS.items()],
    }


_CONDITIONS = {
    "q": "(contains(u.unit, $q) OR u.series IN (SELECT series FROM core.unit_name WHERE contains(name, $q)))",
    "department": "(u.department_id = $department OR u.unit_id = $department)",
    "region": "u.region = $region",
    "kind": "u.kind = $kind",
}

_UNITS = """
    SELECT
        u.unit_id, u.unit, u.department, u.department_id, u.region, u.kind,
        r.report_id, r.fiscal_year, r.scope, f.income, f.expenditure, f.three_public,
        (f.expenditure - p.expenditure) / nullif(abs(p.expenditure), 0) AS growth, g.grade
    FROM core.unit u
    JOIN mart.report r ON r.unit_id = u.unit_id AND r.is_main
        AND r.fiscal_year = if($year = 0, u.last_year, $year)
    JOIN mart.figure f ON f.report_id = r.report_id
    LEFT JOIN mart.figure p ON p.report_id = r.prior_id
    LEFT JOIN quality.grade g ON g.subject = 'unit' AND g.unit_id = u.unit_id AND g.fiscal_year = r.fiscal_year
    WHERE true
"""

_YEARS = "SELECT DISTINCT fiscal_year FROM core.unit_year ORDER BY fiscal_year DESC"
_REGIONS = "SELECT DISTINCT region FROM core.unit WHERE region <> '' ORDER BY region"
_DEPARTMENTS = """
    SELECT department_id, any_value(department) AS department FROM core.unit
    WHERE department_id <> '' GROUP BY department_id ORDER BY department
"""

ROUTES = (page("/units", units, "units.html"),)
