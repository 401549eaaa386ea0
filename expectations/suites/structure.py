"""Keys, references and closed sets of every table, as rules: three for a table at most, from what the rooms declare."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from expectations.findings import Status
from expectations.model import Outcome, Severity
from expectations.suites.model import CRITICAL, WARNING, structure_rule
from warehouse.structure import CLOSED, KEYS, READ_KEYS, REFERENCES, Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from expectations.suites.model import Rule

QUALITY_KEYS: dict[str, tuple[str, ...]] = {
    "quality.identity": ("identity",),
    "quality.identity_result": ("report_id", "identity", "instance"),
    "quality.reason": ("reason",),
    "quality.finding": ("finding_id",),
    "quality.finding_event": ("finding_id", "event_no"),
    "quality.punctuality": ("unit_id", "fiscal_year", "scope"),
    "quality.register": ("unit_id", "fiscal_year"),
    "quality.grade": ("subject", "unit_id", "fiscal_year", "scope"),
}
QUALITY_REFERENCES = (
    Reference("quality.identity_result", ("report_id",), "core.report", ("report_id",)),
    Reference("quality.identity_result", ("identity",), "quality.identity", ("identity",)),
    Reference("quality.finding_cell", ("finding_id",), "quality.finding", ("finding_id",)),
    Reference("quality.finding_symptom", ("finding_id",), "quality.finding", ("finding_id",)),
    Reference("quality.grade", ("report_id",), "core.report", ("report_id",)),
    # whoever has published has a place in the register
    Reference("core.report", ("unit_id", "fiscal_year"), "quality.register", ("unit_id", "fiscal_year")),
)
QUALITY_CLOSED: dict[tuple[str, str], tuple[str, ...]] = {
    ("quality.identity", "severity"): tuple(Severity),
    ("quality.identity_result", "outcome"): tuple(Outcome),
    ("quality.finding", "severity"): tuple(Severity),
    ("quality.finding", "status"): tuple(Status),
    ("quality.finding_event", "event"): (
        "new", "changed", "resolved", "returned", "merged", "waived", "waiver_expired", "acknowledged",
    ),
    ("quality.punctuality", "state"): ("on_time", "late", "missing", "exempt", "unknown"),
    ("quality.register", "state"): ("published", "late", "missing", "pending", "exempt", "unknown"),
    ("quality.grade", "subject"): ("report", "unit"),
    ("quality.grade", "grade"): ("A", "B", "C", "D", "E", ""),
}  # fmt: skip


def declared_rules() -> Iterator[Rule]:
    """A rule for the key, one for the references and one for the closed sets of every table that has them."""
    for table, key in {**KEYS, **QUALITY_KEYS}.items():
        yield _key(table, key, CRITICAL)
    for table, key in READ_KEYS.items():
        yield _key(table, key, WARNING)
    references = sorted((*REFERENCES, *QUALITY_REFERENCES), key=lambda reference: reference.table)
    for table, of_table in groupby(references, key=lambda reference: reference.table):
        yield _found(table, tuple(of_table))
    closed = sorted({**CLOSED, **QUALITY_CLOSED}.items())
    for table, sets in groupby(closed, key=lambda item: item[0][0]):
        yield _closed(table, [(column, values) for (_, column), values in sets])


def _name(kind: str, table: str) -> str:
    return f"{kind}_{table.replace('.', '_')}"


def _key(table: str, key: Sequence[str], severity: str) -> Rule:
    columns, null = ", ".join(key), " OR ".join(f"{column} IS NULL" for column in key)
    # a group of one hash is a key: only the hashes that meet again are worth comparing as they are
    query = (
        f"SELECT {columns}, count(*) AS rows FROM {table} WHERE {null} OR hash({columns}) IN "
        f"(SELECT hash({columns}) AS hashed FROM {{batch}} GROUP BY hashed HAVING count(*) > 1) "
        f"GROUP BY ALL HAVING count(*) > 1 OR {null}"
    )
    return structure_rule(_name("key", table), table, severity, f"{table} 的 {columns} 不重复、不为空", query)


def _found(table: str, references: Sequence[Reference]) -> Rule:
    queries = []
    for _, columns, target, found_in in references:
        there = " AND ".join(f"t.{to} = x.{column}" for column, to in zip(columns, found_in, strict=True))
        known = " AND ".join(f"{column}::VARCHAR <> ''" for column in columns)
        queries.append(
            f"SELECT '{', '.join(columns)}' AS columns, concat_ws(', ', {', '.join(columns)}) AS value, "
            f"'{target}' AS missing_in FROM (SELECT DISTINCT {', '.join(columns)} FROM {{batch}} WHERE {known}) x "
            f"WHERE NOT EXISTS (SELECT 1 FROM {target} t WHERE {there})"
        )
    targets = "、".join(dict.fromkeys(reference.target for reference in references))
    return structure_rule(
        _name("found", table), table, CRITICAL, f"{table} 所指的都在 {targets} 中", " UNION ALL ".join(queries)
    )


def _closed(table: str, sets: Iterable[tuple[str, Sequence[str]]]) -> Rule:
    queries, columns = [], []
    for column, values in sets:
        listed = ", ".join(f"'{value}'" for value in values)
        queries.append(
            f"SELECT DISTINCT '{column}' AS in_column, {column} AS value FROM {{batch}} "
            f"WHERE {column} NOT IN ({listed})"
        )
        columns.append(column)
    return structure_rule(
        _name("closed", table),
        table,
        CRITICAL,
        f"{table} 的 {'、'.join(columns)} 只有规定的几种值",
        " UNION ALL ".join(queries),
    )
