"""The one evaluator: all identities over all reports at once, in DuckDB.

Declarations become rows, the rows are joined with `core.cell` by the fixed SQL of `expectations.sql`, and the results
are rows again. Adding an identity adds rows, never SQL (but for predicates, which bring their own small query).
What stands in those files is decided by interval arithmetic alone: there is no relative or hand-made tolerance.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from expectations.declared import declare, insert
from expectations.identities import IDENTITIES
from expectations.model import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from expectations.model import Identity

CONFIDENT = 0.9
"""Below this confidence of any operand a breach is more likely a misread digit than a wrong number."""

IMPROBABLE = 3.3
"""Standard deviations of the rounding beyond which a sum inside its bound is worth a note: one in a thousand."""

_TEMPORARY = (
    "report", "form_state", "line", "money_column", "printed_line", "form_line", "branch", "cell", "term", "gate",
    "scope", "measured", "holding", "circumstance", "verdict", "wanted", "predicate_verdict", "check_declared",
    "term_declared", "domain_declared", "form_declared",
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
    con.execute("CREATE SCHEMA IF NOT EXISTS quality")
    con.execute(f"SET VARIABLE confident = {CONFIDENT}; SET VARIABLE improbable = {IMPROBABLE}")
    con.execute(f"SET VARIABLE all_operands = {all_operands}")
    try:
        declare(con, identities)
        for step in ("10_cells", "20_instances", "30_operands", "40_verdicts"):
            _run(con, step)
        _judge_predicates(con, identities)
        for step in ("50_results", "60_operands", "70_coverage"):
            _run(con, step)
        insert(
            con,
            "TABLE quality.reason",
            {"reason": "VARCHAR", "title": "VARCHAR"},
            [{"reason": reason, "title": reason.title} for reason in Reason],
        )
    finally:
        con.execute("DROP VIEW IF EXISTS temp.operand")
        con.execute(";".join(f"DROP TABLE IF EXISTS temp.{table}" for table in _TEMPORARY))


def _run(con: duckdb.DuckDBPyConnection, step: str) -> None:
    con.execute(files("expectations.sql").joinpath(f"{step}.sql").read_text("utf-8"))


def _judge_predicates(con: duckdb.DuckDBPyConnection, identities: Collection[Identity]) -> None:
    """Breaches as the predicates select them; a pass for each form without one; and what could not be judged."""
    con.execute(
        "CREATE TEMP TABLE predicate_verdict (report_id VARCHAR, identity VARCHAR, form VARCHAR, instance VARCHAR, "
        "line VARCHAR, measure VARCHAR, outcome VARCHAR, reason VARCHAR, detail VARCHAR)"
    )
    for identity in identities:
        if identity.predicate:
            _judge_predicate(con, identity)


def _judge_predicate(con: duckdb.DuckDBPyConnection, identity: Identity) -> None:
    predicate = identity.predicate
    if predicate is None:
        return
    judged = "('read', 'blank')" if predicate.blank else "('read')"
    con.execute(
        f"""
        INSERT INTO predicate_verdict BY NAME
        WITH breach AS (
            SELECT b.*, coalesce(b.reason::VARCHAR, if(f.incomplete, '{Reason.UNREAD}', '')) AS why
            FROM ({predicate.breaches}) b
            LEFT JOIN form_state f ON f.report_id = b.report_id AND f.form = b.form
            WHERE len($forms) = 0 OR f.state IN {judged}
        ), judged AS (
            SELECT report_id, '' AS form, 'read' AS state FROM report WHERE len($forms) = 0
            UNION ALL
            SELECT report_id, form, state FROM form_state WHERE list_contains($forms, form)
        )
        SELECT report_id, $identity AS identity, form, instance, line, measure, detail, why AS reason,
            if(why = '', '{Outcome.FAIL}', '{Outcome.NOT_EVALUATED}') AS outcome
        FROM breach
        UNION ALL
        SELECT report_id, $identity, form, if(len($forms) = 1, '', form), '', '', '',
            if(state IN {judged}, '', 'form_' || state), if(state IN {judged}, '{Outcome.EXACT}', '{Outcome.NOT_EVALUATED}')
        FROM judged
        WHERE len($forms) = 0 AND report_id NOT IN (SELECT report_id FROM breach)
            OR len($forms) > 0 AND (report_id, form) NOT IN (SELECT report_id, form FROM breach)
        """,
        {"forms": list(predicate.forms), "identity": identity.id},
    )
