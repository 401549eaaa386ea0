"""The published warehouse as the command line reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.query import rows

if TYPE_CHECKING:
    from pathlib import Path


def select_findings(
    home: Path, *, unit: str = "", year: int | None = None, severity: str | None = None, status: str | None = None
) -> list[dict[str, Any]]:
    """Findings of the published warehouse, gravest first; raises QueryError if there is none."""
    from warehouse.query import opened

    with opened(home) as con:
        return rows(con, _SELECTED, {"unit": unit, "year": year, "severity": severity, "status": status})


_SELECTED = """
    SELECT f.finding_id, f.status, f.severity, f.unit, f.fiscal_year, f.scope, f.identity, f.kind, f.symptoms,
        t.title AS form_title, f.line, f.measure,
        f.page, f.stated, f.expected, f.difference, f.first_seen, f.changed_on, f.resolved_on,
        f.acknowledged_on, f.acknowledged_by, f.waived_until, f.waived_by, f.waived_for, f.sentence, d.name AS file
    FROM quality.finding f
    LEFT JOIN core.report r USING (report_id)
    LEFT JOIN raw.document d ON d.document = r.document
    LEFT JOIN ref.form t ON t.form = f.form
    WHERE contains(f.unit, $unit)
        AND f.fiscal_year = coalesce($year, f.fiscal_year)
        AND f.severity = coalesce($severity, f.severity)
        AND f.status = coalesce($status, f.status)
    ORDER BY CASE f.severity WHEN 'E' THEN 0 WHEN 'W' THEN 1 ELSE 2 END, f.unit, f.fiscal_year, f.page, f.identity
"""
