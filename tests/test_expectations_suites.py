"""The suites on a warehouse file, through Great Expectations itself."""

from __future__ import annotations

from datetime import date
from shutil import copyfile
from typing import TYPE_CHECKING

import duckdb
import pytest
from sqlalchemy import text

from expectations import run
from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.identities import IDENTITIES
from expectations.run import run_suites
from expectations.suites.dialect import read_only
from expectations.suites.rules import CRITICAL, STRUCTURE, STRUCTURE_RULES, Rule, floor_rules, identity_rules
from expectations.vocabulary import T3
from tests.accounts import Account, catalogue, load, rounded
from tests.sample_books import PLAIN, cells

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Account("r", rounded(cells(PLAIN)))
WRONG = Account("w", GOOD.cells, unit_id="乙局").moved((T3, "201", "total"), "1", "w")


def warehouse(path: Path, *accounts: Account) -> Path:
    with duckdb.connect(str(path)) as con:
        load(con, *accounts)
        catalogue(con)
        evaluate(con)
        judge(con, None, date(2026, 1, 1))
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A warehouse with nothing wrong in its structure."""
    return warehouse(tmp_path_factory.mktemp("w") / "w.duckdb", GOOD, WRONG)


@pytest.fixture(scope="module")
def results(sound):
    return run_suites(sound)


def test_every_identity_and_every_rule_gives_a_result(results):
    assert {result.id for result in results.results} == {rule.id for rule in (*identity_rules(), *STRUCTURE_RULES)}
    assert {result.identity_id for result in results.results} - {""} == set(IDENTITIES)
    assert results.broken_rules == ()


def test_identities_fail_where_a_report_contradicts_itself(results):
    failed = {result.identity_id: result for result in results.results if not result.success}
    assert set(failed) == {"H-01", "H-02", "R3", "X13-02"}
    assert failed["H-01"].severity == "critical"
    assert failed["H-01"].unexpected == 1
    (example,) = failed["H-01"].examples
    assert (example["report_id"], example["instance"]) == ("w", "expenditure.total:201")


def test_wrong_totals_do_not_stop_the_publication(results):
    assert results.blocking == ()


SPOILED = {
    "structure_report_key": "INSERT INTO core.report SELECT * REPLACE ('x' AS report_id) FROM core.report",
    "structure_report_id": "INSERT INTO core.report SELECT * REPLACE ('丙' AS unit_id) FROM core.report",
    "structure_report_facts": "INSERT INTO core.report SELECT * REPLACE ('x' AS report_id, '丙' AS unit_id) FROM core.report",
    "structure_cell_key": "INSERT INTO core.cell FROM core.cell LIMIT 1",
    "structure_cell_amount": "UPDATE core.cell SET amount = NULL WHERE line = '201'",
    "structure_cell_report": "UPDATE core.cell SET report_id = 'x' WHERE line = '201'",
    "structure_cell_measure": "UPDATE core.cell SET measure = 'x' WHERE line = '201' AND measure = 'total'",
    "structure_told_key": "INSERT INTO core.told BY NAME "
    "SELECT report_id, 'told_totals' AS form, '201' AS line, 'final' AS measure FROM core.report, range(2)",
    "structure_told_measure": "INSERT INTO core.told BY NAME SELECT report_id, 'x' AS form, 'x' AS measure FROM core.report",
    "structure_form_coverage": "UPDATE core.form_reading SET lifted = 0",
    "structure_form_declared": "UPDATE core.form_reading SET form = 'x'",
    "structure_result_closed": "UPDATE quality.identity_result SET outcome = 'perhaps'",
    "structure_result_key": "INSERT INTO quality.identity_result FROM quality.identity_result LIMIT 1",
    "structure_result_complete": "DELETE FROM quality.identity_result WHERE identity = 'T1-01'",
    "structure_finding_key": "INSERT INTO quality.finding FROM quality.finding LIMIT 1",
    "structure_finding_result": "DELETE FROM quality.finding",
    "structure_floor_core_report": "DELETE FROM core.report WHERE report_id = 'w'",
}


def test_every_rule_of_the_structure_is_spoiled():
    assert set(SPOILED) == {rule.id for rule in (*STRUCTURE_RULES, *floor_rules(dict.fromkeys(run.FLOORS, 0)))}


@pytest.mark.parametrize("rule", SPOILED)
def test_a_spoiled_structure_is_noticed(rule, sound, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "identity_rules", tuple)  # what units have published is not what is judged here
    spoiled = tmp_path / "now.duckdb"
    copyfile(sound, spoiled)
    with duckdb.connect(str(spoiled)) as con:
        con.execute(SPOILED[rule])
    found = run_suites(spoiled, sound)
    (result,) = (result for result in found.results if result.id == rule)
    assert not result.success
    assert result.unexpected >= 1
    assert result.error == ""
    assert (result in found.blocking) == (result.severity == CRITICAL)


def test_a_broken_rule_is_an_error_of_ours(tmp_path, monkeypatch):
    broken = Rule("structure_x", STRUCTURE, "core.report", "info", "坏", "SELECT no_such_column FROM {batch}")
    monkeypatch.setattr(run, "STRUCTURE_RULES", (broken,))
    found = run_suites(warehouse(tmp_path / "w.duckdb", GOOD))
    (result,) = found.broken_rules
    assert "no_such_column" in result.error
    assert result in found.blocking


def test_counts_are_exact_and_examples_are_few(tmp_path):
    accounts = [Account(f"w{n}", WRONG.cells, unit_id=f"单位{n}") for n in range(230)]
    small = [
        Account(a.report_id, {k: v for k, v in a.cells.items() if k[0] == T3}, unit_id=a.unit_id) for a in accounts
    ]
    found = run_suites(warehouse(tmp_path / "w.duckdb", *small))
    (result,) = (result for result in found.results if result.identity_id == "H-01")
    assert (result.unexpected, len(result.examples)) == (230, 20)


def test_the_dialect_reads_rows_and_cannot_write(tmp_path):
    engine = read_only(warehouse(tmp_path / "w.duckdb", GOOD))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT report_id FROM core.report")).fetchall() == [("r",)]
        with pytest.raises(Exception, match="read-only"):
            connection.execute(text("DELETE FROM core.report"))
    engine.dispose()


def test_an_empty_warehouse_passes(tmp_path):
    found = run_suites(warehouse(tmp_path / "w.duckdb"))
    assert [result.id for result in found.results if not result.success] == []
