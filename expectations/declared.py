"""Declarations as rows: what the evaluator's fixed SQL joins with the cells.

One row for every check (conditions are checks of their own that give no result), every term and every domain.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl

from expectations.model import Children, Leaves, Level, Needs, Own, Reason, Relation, Severity
from expectations.vocabulary import SHORT, TABLES
from warehouse.frames import create_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from expectations.model import Check, Condition, Domain, Identity, LineRule, Term

Row = dict[str, Any]

_CHECK = {
    "check_no": "SMALLINT", "identity": "VARCHAR", "severity": "VARCHAR", "key": "VARCHAR", "relation": "VARCHAR",
    "otherwise": "VARCHAR", "undecided": "VARCHAR", "over_lines": "BOOLEAN", "form": "VARCHAR", "line": "VARCHAR",
    "measure": "VARCHAR", "condition": "VARCHAR", "rounded": "BOOLEAN", "conditions": ["VARCHAR"], "unmet": "VARCHAR",
    "factor": "INTEGER",
}  # fmt: skip
_TERM = {
    "check_no": "SMALLINT", "term_no": "SMALLINT", "side": "TINYINT", "form": "VARCHAR", "measure": "VARCHAR",
    "rule": "VARCHAR", "line": "VARCHAR", "level": "TINYINT", "besides": ["VARCHAR"], "coefficient": "TINYINT",
    "needs": "TINYINT", "whose": "VARCHAR",
}  # fmt: skip
_DOMAIN = {"check_no": "SMALLINT", "form": "VARCHAR", "level": "TINYINT", "line": "VARCHAR", "whose": "VARCHAR"}
_COMPARED = {"identity": "VARCHAR", "whose": "VARCHAR"}
_IDENTITY = {
    "identity": "VARCHAR", "severity": "VARCHAR", "family": "VARCHAR", "title": "VARCHAR", "sentence": "VARCHAR",
    "forms": ["VARCHAR"],
}  # fmt: skip
_REASON = {"reason": "VARCHAR", "title": "VARCHAR"}
_SELECT = "SELECT unnest(from_json($1::JSON, '{}'), recursive := true)"
LEFT, RIGHT, DIVISOR = 1, -1, 2


@dataclass(slots=True)
class _Rows:
    checks: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)
    domains: list[Row] = field(default_factory=list)
    conditions: dict[str, Condition] = field(default_factory=dict)

    def add_check(self, identity: Identity, check: Check) -> None:
        for condition in check.when:
            if self.conditions.setdefault(condition.key, condition) != condition:
                raise ValueError(f"two conditions are called {condition.key}")
        row = {
            "identity": identity.id,
            "severity": identity.severity,
            "key": check.key,
            "relation": check.relation,
            "otherwise": check.otherwise or "",
            "undecided": check.undecided or "",
            "conditions": [condition.key for condition in check.when],
            "unmet": check.when[0].reason if check.when else "",
            "factor": check.factor if check.divisor else None,
        }
        sides = {LEFT: check.left, RIGHT: check.right, DIVISOR: check.divisor}
        self._add(row, sides, check.over)

    def add_condition(self, condition: Condition) -> None:
        for terms in condition.zero:
            row = {"condition": condition.key, "relation": Relation.EQUAL, "severity": Severity.INFORMATION}
            self._add({**row, "rounded": condition.rounded}, {LEFT: terms}, None)

    def _add(self, row: Row, sides: Mapping[int, tuple[Term, ...]], over: Domain | None) -> None:
        number = len(self.checks)
        anchor = sides[LEFT][0]
        fixed = anchor.line if isinstance(anchor.line, str) else ""
        blank = dict.fromkeys(("identity", "key", "otherwise", "undecided", "condition", "unmet"), "")
        place = {"form": anchor.form, "line": fixed, "measure": anchor.measure, "over_lines": over is not None}
        self.checks.append(
            {**blank, "conditions": [], "rounded": False, "factor": None, **row, **place, "check_no": number}
        )
        for side, terms in sides.items():
            for term in terms:
                self.terms.append({**_term_row(term), "check_no": number, "term_no": len(self.terms), "side": side})
        if over:
            for whose, form in product(sorted({term.whose for terms in sides.values() for term in terms}), over.forms):
                where = {"check_no": number, "form": form, "whose": whose}
                self.domains += [{**where, "level": level} for level in over.levels]
                self.domains += [{**where, "line": line} for line in over.lines]


def _term_row(term: Term) -> Row:
    place = {"form": term.form, "measure": term.measure, "coefficient": term.coefficient, "whose": term.whose}
    return {**place, "needs": int(Needs(term.needs)), "line": "", "besides": [], **_rule_row(term.line)}


def _rule_row(rule: LineRule) -> Row:
    match rule:
        case Own():
            return {"rule": "own"}
        case Children():
            return {"rule": "children"}
        case Leaves():
            return {"rule": "leaves"}
        case Level(level, besides):
            return {"rule": "level", "level": level, "besides": list(besides)}
        case str():
            return {"rule": "line", "line": rule, "level": (len(rule) - 1) // 2 if rule.isdigit() else None}


@lru_cache(maxsize=4)
def _frames(identities: tuple[Identity, ...]) -> tuple[tuple[str, pl.DataFrame], ...]:
    """The tables of the declarations as (table, rows): made once for one register."""
    rows = _Rows()
    for identity in identities:
        for check in identity.checks:
            rows.add_check(identity, check)
    for condition in rows.conditions.values():
        rows.add_condition(condition)
    catalogue = [
        {
            "identity": identity.id,
            "severity": identity.severity,
            "family": identity.family,
            "title": identity.title,
            "sentence": identity.sentence,
            "forms": list(identity.forms),
        }
        for identity in identities
    ]
    compared = [{"identity": identity.id, "whose": whose} for identity in identities for whose in identity.whose]
    told = [{"form": form, "is_told": form not in TABLES.values()} for form in SHORT.values()]
    tables: tuple[tuple[str, Row, list[Row]], ...] = (
        ("TEMP TABLE check_declared", _CHECK, rows.checks),
        ("TEMP TABLE term_declared", _TERM, rows.terms),
        ("TEMP TABLE domain_declared", _DOMAIN, rows.domains),
        ("TEMP TABLE compared_declared", _COMPARED, compared),
        ("TEMP TABLE form_declared", {"form": "VARCHAR", "is_told": "BOOLEAN"}, told),
        ("TABLE quality.identity", _IDENTITY, catalogue),
        ("TABLE quality.reason", _REASON, [{"reason": reason, "title": reason.label} for reason in Reason]),
    )
    with duckdb.connect() as con:
        return tuple((table, _frame(con, columns, content)) for table, columns, content in tables)


def _frame(con: duckdb.DuckDBPyConnection, columns: Row, rows: list[Row]) -> pl.DataFrame:
    """Rows as a frame, with the types of DuckDB."""
    return pl.DataFrame(con.sql(_SELECT.format(json.dumps([columns])), params=[json.dumps(rows, default=str)]))


def declare(con: duckdb.DuckDBPyConnection, identities: Iterable[Identity]) -> None:
    """Write the declarations into temporary tables check_declared, term_declared, domain_declared, form_declared.

    compared_declared says which identities compare a report with others. `quality.identity` and `quality.reason`
    are made too: the catalogue of what is checked, and why it may not be.
    """
    for table, frame in _frames(tuple(identities)):
        create_table(con, f"OR REPLACE {table}", frame)


def insert(con: duckdb.DuckDBPyConnection, table: str, columns: Row, rows: list[Row]) -> None:
    """Create or replace a table with rows; as JSON, a hundred times faster than prepared values."""
    select = _SELECT.format(json.dumps([columns]))
    con.execute(f"CREATE OR REPLACE {table} AS {select}", [json.dumps(rows, default=str)])
