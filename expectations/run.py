"""Running the suites: Great Expectations over one warehouse file, the results as plain values.

Great Expectations takes seconds to import, so it is imported where it is used. A rule that could not be run is an
error of ours and is told apart from data that breaks a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import duckdb

from expectations.suites.model import CRITICAL, STRUCTURE
from expectations.suites.rules import STRUCTURE_RULES, floor_rules, identity_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from expectations.suites.model import Rule

FLOORS = ("core.report",)
"""Tables that may not have fewer rows than in the file published before. Units merge under one name and corrected
reports lose rows: their numbers may fall."""

EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class ExpectationResult:
    """What became of one rule: `unexpected` rows in all, some of them as `examples`; `error` if the rule is broken."""

    id: str
    suite: str
    table: str
    severity: str
    description: str
    identity_id: str
    success: bool
    unexpected: int
    examples: tuple[dict[str, Any], ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class SuiteResults:
    """The results of all rules of all suites."""

    results: tuple[ExpectationResult, ...]

    @property
    def broken_rules(self) -> tuple[ExpectationResult, ...]:
        """Rules that could not be run: ours to repair."""
        return tuple(result for result in self.results if result.error)

    @property
    def blocking(self) -> tuple[ExpectationResult, ...]:
        """What forbids the publication of this file: its structure is wrong, or a rule of the structure is broken."""
        return tuple(
            result
            for result in self.results
            if result.suite == STRUCTURE and not result.success and (result.severity == CRITICAL or result.error)
        )


def rules(previous: Path | None = None) -> tuple[Rule, ...]:
    """All rules; with the file published before, also that nothing got lost since."""
    return (*identity_rules(), *STRUCTURE_RULES, *floor_rules(_row_counts(previous) if previous else {}))


def run_suites(path: Path, previous: Path | None = None) -> SuiteResults:
    """Run all suites on a warehouse file, read-only. Pass no `previous` where fewer reports are expected."""
    results: list[ExpectationResult] = []
    for group, validated in validations(path, rules(previous)):
        found = {result.expectation_config.meta["rule"]: result for result in validated.results}
        results += [_result(rule, found.get(rule.id)) for rule in group]
    return SuiteResults(tuple(results))


def validations(path: Path, wanted: Iterable[Rule]) -> Iterator[tuple[tuple[Rule, ...], Any]]:
    """Run rules on a warehouse file, those of one suite and table at a time, and give what Great Expectations says."""
    import great_expectations as gx  # noqa: PLC0415 - takes three seconds
    from great_expectations.datasource.fluent.sql_datasource import TableAsset  # noqa: PLC0415

    from expectations.suites.dialect import url_of  # noqa: PLC0415 - SQLAlchemy, only here

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)  # noqa: FBT003 - the library's signature
    context.variables.progress_bars = {"globally": False}
    by_table = attrgetter("suite", "table")
    ordered = sorted(wanted, key=by_table)
    groups = {" ".join(key): tuple(of_key) for key, of_key in groupby(ordered, key=by_table)}
    tables = {name: group[0].table.split(".") for name, group in groups.items()}
    # the assets with the source: each that is added later writes the whole context anew
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=url_of(path),
        create_temp_table=False,
        kwargs={"connect_args": {"read_only": True}},
        assets=[
            TableAsset(name=name, schema_name=schema, table_name=table) for name, (schema, table) in tables.items()
        ],
    )
    try:
        for name, group in groups.items():
            yield group, _validate(source.get_asset(name), group)
    finally:
        # a connection left in a pool would hold the file, and go on showing it under its path
        for engine in (source.get_engine(), source.get_execution_engine().engine):
            engine.dispose()


def _row_counts(path: Path) -> dict[str, int]:
    with duckdb.connect(str(path), read_only=True) as con:
        return {table: con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in FLOORS}


def _validate(asset: Any, group: tuple[Rule, ...]) -> Any:
    """Run the rules of one table as one suite. Nothing is kept in the context: that costs as much as the queries."""
    import great_expectations as gx  # noqa: PLC0415 - takes three seconds
    from great_expectations.expectations import UnexpectedRowsExpectation  # noqa: PLC0415

    suite = gx.ExpectationSuite(
        asset.name,
        expectations=[
            UnexpectedRowsExpectation(
                unexpected_rows_query=rule.query,
                severity=rule.severity,
                description=rule.description,
                meta={"rule": rule.id, "identity_id": rule.identity_id},
            )
            for rule in group
        ],
    )
    return asset.get_batch(asset.build_batch_request()).validate(suite, result_format="COMPLETE")


def _result(rule: Rule, validated: Any) -> ExpectationResult:
    result = dict(validated.result) if validated else {}
    examples = tuple(dict(row) for row in result.get("details", {}).get("unexpected_rows", ())[:EXAMPLES])
    return ExpectationResult(
        id=rule.id,
        suite=rule.suite,
        table=rule.table,
        severity=rule.severity,
        description=rule.description,
        identity_id=rule.identity_id,
        success=bool(validated and validated.success),
        unexpected=int(result.get("observed_value") or 0),
        examples=examples,
        error="" if result else _error(validated),
    )


def _error(validated: Any) -> str:
    """Why a rule gave no result: an expectation without one is a broken rule, never a failure of the data."""
    if validated is None:
        return "the rule was not run"
    metrics = [info for info in validated.exception_info.values() if isinstance(info, dict)]
    messages = [info.get("exception_message") for info in (*metrics, validated.exception_info)]
    return next((str(message) for message in messages if message), "no result")
