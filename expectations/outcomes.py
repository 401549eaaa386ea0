"""What an orchestrator shows beside a rule: how the identity came out, and the causes behind what is broken."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

_OUTCOMES = "SELECT identity, outcome, sum(instances)::BIGINT FROM quality.coverage GROUP BY ALL ORDER BY ALL"
_CAUSES = """
    SELECT s.identity, f.unit, f.fiscal_year, f.kind, f.page, f.sentence, count(*) AS symptoms
    FROM quality.finding f
    JOIN quality.finding_symptom s USING (finding_id)
    WHERE f.status IN ('new', 'persisting', 'changed')
    GROUP BY ALL
    ORDER BY f.unit, f.fiscal_year, f.page, f.sentence
"""


def outcomes(path: Path) -> dict[str, dict[str, int]]:
    """Of each identity, how many instances had each outcome, in a judged warehouse file."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for identity, outcome, number in _rows(path, _OUTCOMES):
        counts[identity][outcome] = number
    return counts


def causes(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The open findings under which each broken identity is told: `symptoms` of its instances under each."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for identity, *values in _rows(path, _CAUSES):
        columns = ("unit", "fiscal_year", "kind", "page", "sentence", "symptoms")
        found[identity].append(dict(zip(columns, values, strict=True)))
    return found


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()
