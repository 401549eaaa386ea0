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


def known_register(home: Path) -> list[dict[str, Any]]:
    """The rows of a first register: those of the one in force, and the units beside it that must publish.

    By the columns of `expectations.register`. Raises QueryError if nothing is published.
    """
    from warehouse.query import opened

    with opened(home) as con:
        return rows(con, _REGISTER)


_REGISTER = """
    SELECT region, unit, department, first_year, last_year, reason, approved_on, note FROM (
        SELECT * FROM quality.register_entry WHERE state = 'valid'
        UNION ALL BY NAME
        SELECT
            arg_max(region, fiscal_year) AS region, arg_max(unit, fiscal_year) AS unit,
            arg_max(department, fiscal_year) AS department, min(fiscal_year) AS first_year,
            format('依据：{}', arg_max(known_from, fiscal_year)) AS note
        FROM quality.register
        GROUP BY unit_id
        -- what was last heard of years ago may be no more
        HAVING NOT bool_or(list_contains(sources, 'bureau'))
            AND arg_max(state, fiscal_year) NOT IN ('exempt', 'unknown')
    )
    ORDER BY row_no NULLS LAST, region, department, unit
"""
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
