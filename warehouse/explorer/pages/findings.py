"""The list of what does not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.paging import sorted_once
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked

STANDINGS = {
    "open": "未改正",
    "new": "新发现",
    "changed": "有变化",
    "unverified": "未能核对",
    "waived": "已豁免",
    "resolved": "已改正",
    "all": "全部",
}
ORDERS = {"severity": "严重程度", "amount": "相差金额", "date": "发现日期", "unit": "单位"}

IS_WAIVED = "coalesce(f.waived_until >= $today, false)"
IS_OPEN = f"f.status IN ('new', 'persisting', 'changed', 'unverified') AND NOT {IS_WAIVED}"


def findings(asked: Asked) -> Mapping[str, Any]:
    """Findings by what the address chooses, gravest first."""
    chosen = {name: asked.word(name) for name in ("severity", "department", "identity", "unit")}
    year = asked.number("year", 0) or None
    standing, order = asked.word("status") or "open", asked.word("order") or "severity"
    where = _STANDINGS.get(standing, _STANDINGS["open"])
    sql = _ORDERED.format(where=where, order=_ORDERS.get(order, _ORDERS["severity"]))
    return {
        **chosen,
        "year": year or "",
        "standing": standing,
        "order": order,
        "standings": STANDINGS,
        "orders": ORDERS,
        "years": [row["fiscal_year"] for row in asked.same(_YEARS)],
        "departments": [row["department"] for row in asked.same(_DEPARTMENTS)],
        "identities": asked.same(_IDENTITIES),
        "found": sorted_once(asked, sql, _FINDINGS, {**chosen, "year": year, "today": asked.day}),
    }


_STANDINGS = {
    "open": IS_OPEN,
    "new": f"f.status = 'new' AND NOT {IS_WAIVED}",
    "changed": f"f.status = 'changed' AND NOT {IS_WAIVED}",
    "unverified": f"f.status = 'unverified' AND NOT {IS_WAIVED}",
    "waived": f"f.status <> 'resolved' AND {IS_WAIVED}",
    "resolved": "f.status = 'resolved' AND $today IS NOT NULL",
    "all": "$today IS NOT NULL",
}
_ORDERS = {
    "severity": "CASE f.severity WHEN 'E' THEN 0 WHEN 'W' THEN 1 ELSE 2 END, abs(f.difference) DESC NULLS LAST",
    "amount": "abs(f.difference) DESC NULLS LAST",
    "date": "f.first_seen DESC, f.severity",
    "unit": "f.unit, f.fiscal_year DESC",
}
_ORDERED = """
    SELECT f.rowid
    FROM quality.finding f
    WHERE {where}
        AND ($year IS NULL OR f.fiscal_year = $year::INTEGER)
        AND ($severity = '' OR f.severity = $severity)
        AND ($department = '' OR f.unit_id IN (
            SELECT unit_id FROM core.unit WHERE department = $department OR unit = $department))
        AND ($identity = '' OR f.identity = $identity)
        AND ($unit = '' OR f.unit_id = $unit OR contains(lower(f.unit), lower($unit)))
    ORDER BY {order}, f.unit, f.fiscal_year DESC, f.page, f.finding_id
"""
_FINDINGS = """
    SELECT rowid, finding_id, severity, status, unit_id, unit, fiscal_year, scope, sentence, difference, first_seen,
        waived_until
    FROM quality.finding
"""
_YEARS = "SELECT DISTINCT fiscal_year FROM quality.finding ORDER BY fiscal_year DESC"
_DEPARTMENTS = "SELECT DISTINCT department FROM core.unit WHERE department <> '' ORDER BY department"
_IDENTITIES = """
    SELECT identity, title FROM quality.identity WHERE identity IN (SELECT identity FROM quality.finding)
    ORDER BY identity
"""

ROUTES = (page("/findings", findings, "findings.html"),)
