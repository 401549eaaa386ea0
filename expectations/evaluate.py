"""The one evaluator: all identities over all reports at once, in DuckDB.

Declarations become rows, the rows are joined with `core.figure` by the fixed SQL of `expectations.sql`, and the results
are rows again. Adding an identity adds rows, never SQL (but for predicates, which bring their own small query).
What stands in those files is decided by interval arithmetic alone: there is no relative or hand-made tolerance.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from expectations.covered import create_macros
from expectations.declared import declare, insert
from expectations.identities import IDENTITIES
from expectations.register import create_register

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from expectations.model import Identity

CONFIDENT = 0.9
"""Below this confidence of any operand a breach is more likely a misread digit than a wrong number."""

IMPROBABLE = 3.3
"""Standard deviations of the rounding beyond which a sum inside its bound is worth a note: one in a thousand."""

_OPERAND = """
    CREATE OR REPLACE TABLE quality.identity_operand (
        report_id VARCHAR, of_report VARCHAR, identity VARCHAR, instance VARCHAR, form VARCHAR, line VARCHAR,
        measure VARCHAR, side TINYINT, coefficient INTEGER)
"""
_TEMPORARY = (
    "report", "form_state", "line", "money_column", "printed_line", "form_line", "branch", "cell", "term", "gate",
    "scope", "measured", "quotient", "holding", "circumstance", "verdict", "wanted", "breach", "predicate_form",
    "check_declared", "term_declared", "domain_declared", "form_declared", "compared_declared", "related", "unrelated",
)  # fmt: skip


def evaluate(
    con: duckdb.DuckDBPyConnection,
    identities: Collection[Identity] = tuple(IDENTITIES.values()),
    *,
    all_operands: bool = False,
) -> None:
    """Judge every report in `core.*` by `identities`; writes schema `quality`, replacing what was there.

    `quality.identity_result` gets one row for each instance, also for what could not be evaluated, with the reason;
    `quality.identity_operand` the operands of the reports with errors (of all, with `all_operands`: 20 times as much).
    """
    create_register(con)
    create_macros(con)
    con.execute(f"SET VARIABLE confident = {CONFIDENT}; SET VARIABLE improbable = {IMPROBABLE}")
    con.execute(f"SET VARIABLE all_operands = {all_operands}")
    try:
        declare(con, identities)
        for step in (
            "10_cells",
            "15_related",
            "20_instances",
            "30_operands",
            "40_measured",
            "43_ratios",
            "45_verdicts",
        ):
            _run(con, step)
        _judge_predicates(con, identities)
        _run(con, "50_results")
        con.execute(_OPERAND)
        if all_operands or _any(con, "FROM verdict WHERE outcome = 'fail' OR improbable"):
            _run(con, "60_operands")
        _run(con, "70_coverage")
    finally:
        con.execute("DROP VIEW IF EXISTS temp.compared; DROP VIEW IF EXISTS temp.operand")
        con.execute(";".join(f"DROP TABLE IF EXISTS temp.{table}" for table in _TEMPORARY))


def _any(con: duckdb.DuckDBPyConnection, rows: str) -> bool:
    return bool(con.execute(f"SELECT count(*) FROM ({rows} LIMIT 1)").fetchall()[0][0])


def _run(con: duckdb.DuckDBPyConnection, step: str) -> None:
    con.execute(files("expectations.sql").joinpath(f"{step}.sql").read_text("utf-8"))


def _judge_predicates(con: duckdb.DuckDBPyConnection, identities: Collection[Identity]) -> None:
    """Breaches as the predicates select them, and which forms of which predicate are judged at all."""
    con.execute(
        "CREATE TEMP TABLE breach (report_id VARCHAR, identity VARCHAR, form VARCHAR, instance VARCHAR, "
        "line VARCHAR, measure VARCHAR, reason VARCHAR, detail VARCHAR)"
    )
    judged = []
    related = {whose for (whose,) in con.execute("SELECT DISTINCT whose FROM related").fetchall()}
    there = {form for (form,) in con.execute("SELECT DISTINCT form FROM form_state WHERE state <> 'absent'").fetchall()}
    for identity in identities:
        if not (predicate := identity.predicate):
            continue
        # planning a query takes longer than running it: none is asked that judges only forms that no report has
        if predicate.whose in related and (not predicate.forms or not there.isdisjoint(predicate.forms)):
            con.execute(f"INSERT INTO breach BY NAME SELECT *, '{identity.id}' AS identity FROM ({predicate.breaches})")
        for form in predicate.forms or ("",):
            single = len(predicate.forms) < 2
            judged.append({"identity": identity.id, "form": form, "blank": predicate.blank, "single": single})
    insert(
        con,
        "TEMP TABLE predicate_form",
        {"identity": "VARCHAR", "form": "VARCHAR", "blank": "BOOLEAN", "single": "BOOLEAN"},
        judged,
    )
