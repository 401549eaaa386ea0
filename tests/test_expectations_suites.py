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
from expectations.register import enrol
from expectations.run import run_suites
from expectations.standing import stand
from expectations.suites.dialect import read_only
from expectations.suites.model import CRITICAL, STRUCTURE, Rule
from expectations.suites.rules import STRUCTURE_RULES, floor_rules, identity_rules
from expectations.suites.structure import QUALITY_CLOSED, QUALITY_KEYS, QUALITY_REFERENCES, declared_rules
from expectations.vocabulary import T3
from tests.accounts import Account, catalogue, load, rounded
from tests.sample_books import PLAIN, cells
from warehouse.load import load_frames
from warehouse.marts.create import create_marts
from warehouse.publish import published
from warehouse.structure import CLOSED, KEYS, READ_KEYS, REFERENCES

if TYPE_CHECKING:
    from pathlib import Path

GOOD = Account("r", rounded(cells(PLAIN)))
WRONG = Account("w", GOOD.cells, unit_id="乙局").moved((T3, "201", "total"), "1", "w")


def warehouse(path: Path, *accounts: Account, identities=IDENTITIES) -> Path:
    with duckdb.connect(str(path)) as con:
        load(con, *accounts)
        catalogue(con)
        evaluate(con, [IDENTITIES[identity] for identity in identities])
    return path


@pytest.fixture(scope="module")
def hand_made(tmp_path_factory):
    """A file with one good account and a wrong one."""
    return warehouse(tmp_path_factory.mktemp("w") / "w.duckdb", GOOD, WRONG)


@pytest.fixture(scope="module")
def results(hand_made):
    """What identities say of accounts made by hand, which have no tables but those that identities read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "STRUCTURE_RULES", ())
        return run_suites(hand_made)


def test_every_identity_gives_a_result(results):
    assert {result.id for result in results.results} == {rule.id for rule in identity_rules()}
    assert {result.identity_id for result in results.results} == set(IDENTITIES)
    assert results.broken_rules == ()


def test_identities_fail_where_a_report_contradicts_itself(results):
    failed = {result.identity_id: result for result in results.results if not result.success}
    assert set(failed) == {"H-01", "H-02", "R3", "X13-02"}
    assert failed["H-01"].severity == "critical"
    assert failed["H-01"].unexpected == 1
    (example,) = failed["H-01"].examples
    assert (example["report_id"], example["instance"]) == ("w", "expenditure.total:201")


@pytest.fixture(scope="module")
def night(city_home):
    """The file of a whole night."""
    return published(city_home / "warehouse")


def test_a_whole_night_has_a_sound_structure_and_wrong_totals_do_not_stop_it(night, monkeypatch):
    with duckdb.connect(str(night), read_only=True) as con:
        sql = "SELECT DISTINCT identity FROM quality.identity_result WHERE outcome = 'fail'"
        broken = {identity for (identity,) in con.execute(sql).fetchall()}
    assert broken
    monkeypatch.setattr(
        run, "identity_rules", lambda: [rule for rule in identity_rules() if rule.identity_id in broken]
    )
    found = run_suites(night)
    structure = {result.id: result for result in found.results if result.suite == STRUCTURE}
    assert set(structure) == {rule.id for rule in STRUCTURE_RULES}
    assert [result.id for result in structure.values() if not result.success] == []
    assert found.broken_rules == found.blocking == ()
    assert {result.identity_id for result in found.results if not result.success} == broken


DECLARED = {rule.id: rule for rule in declared_rules()}
SPOILED = {
    "structure_report_key": "INSERT INTO core.report SELECT * REPLACE ('x' AS report_id) FROM core.report",
    "structure_report_facts": "INSERT INTO core.report SELECT * REPLACE ('x' AS report_id, '丙' AS unit_id) FROM core.report",
    "structure_cell_amount": "UPDATE core.cell SET amount = NULL WHERE line = '208'",
    "structure_cell_measure": "UPDATE core.cell SET measure = 'x' WHERE line = '208' AND measure = 'total'",
    "structure_told_measure": "UPDATE core.told SET measure = 'x' WHERE form = 'told_totals'",
    "structure_form_coverage": "UPDATE core.form_reading SET lifted = 0",
    "structure_form_lifted": "UPDATE core.form_reading SET lifted = numbers + 1",
    "structure_report_counts": "UPDATE mart.report SET counts = NOT counts",
    "structure_result_closed": "UPDATE quality.identity_result SET reason = 'perhaps'",
    "structure_result_complete": "DELETE FROM quality.identity_result WHERE identity = 'T1-01'",
    "structure_finding_result": "DELETE FROM quality.finding",
    "structure_floor_core_report": "DELETE FROM core.report WHERE fiscal_year = 2023",
}
EMPTY = {
    *("raw.crawl", "core.crawl", "core.covered_unit", "core.earlier_claim", "core.issue"),
    *("core.project", "core.project_figure", "core.indicator"),
}
"""Tables of which the sample night has no row to spoil."""


def test_every_rule_of_the_structure_is_spoiled():
    own = {rule.id for rule in (*STRUCTURE_RULES, *floor_rules(dict.fromkeys(run.FLOORS, 0)))} - set(DECLARED)
    assert set(SPOILED) == own


@pytest.fixture(scope="module")
def copy(night, tmp_path_factory):
    """A copy of the night, open: what a test spoils is undone."""
    spoiled = tmp_path_factory.mktemp("s") / "now.duckdb"
    copyfile(night, spoiled)
    with duckdb.connect(str(spoiled)) as con:
        yield con


def unexpected(con, rule, sql):
    """How many rows a rule finds after a statement, which is undone again."""
    con.execute("BEGIN")
    try:
        con.execute(sql)
        return len(con.execute(rule.query.replace("{batch}", f"(FROM {rule.table})")).fetchall())
    finally:
        con.execute("ROLLBACK")


@pytest.mark.parametrize("rule", [rule for rule in DECLARED if DECLARED[rule].table not in EMPTY])
def test_a_declared_rule_notices_what_breaks_it(rule, copy):
    table = DECLARED[rule].table
    column = {**KEYS, **READ_KEYS, **QUALITY_KEYS}.get(table, ("",))[0]
    kind = rule.split("_")[1]
    spoilers = {
        "key": [f"INSERT INTO {table} FROM {table} LIMIT 1", f"UPDATE {table} SET {column} = NULL"],
        "found": [
            f"UPDATE {table} SET {name} = {'9999' if name == 'fiscal_year' else repr('nowhere')}"
            for reference in (*REFERENCES, *QUALITY_REFERENCES)
            if reference.table == table
            for name in reference.columns[-1:]
        ],
        "closed": [f"UPDATE {of} SET {name} = 'perhaps'" for of, name in {**CLOSED, **QUALITY_CLOSED} if of == table],
    }[kind]
    assert spoilers
    for sql in spoilers:
        assert unexpected(copy, DECLARED[rule], sql), sql


@pytest.mark.parametrize("rule", SPOILED)
def test_a_spoiled_structure_is_noticed(rule, copy):
    known = {one.id: one for one in (*STRUCTURE_RULES, *floor_rules({"core.report": 4}))}
    assert unexpected(copy, known[rule], "SELECT 1") == 0
    assert unexpected(copy, known[rule], SPOILED[rule])


def test_only_what_is_critical_stops_a_publication(night, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "identity_rules", tuple)  # what units have published is not what is judged here
    spoiled = tmp_path / "now.duckdb"
    copyfile(night, spoiled)
    wrong = {"structure_key_core_unit", "structure_form_coverage", "structure_floor_core_report"}
    with duckdb.connect(str(spoiled)) as con:
        for rule in wrong:
            con.execute(SPOILED.get(rule, "INSERT INTO core.unit FROM core.unit LIMIT 1"))
    found = run_suites(spoiled, night)
    results = {result.id: result for result in found.results}
    for rule in wrong:
        assert not results[rule].success, rule
        assert results[rule].unexpected >= 1, rule
        assert results[rule].error == "", rule
        assert (results[rule] in found.blocking) == (results[rule].severity == CRITICAL), rule
    assert {results[rule].severity == CRITICAL for rule in wrong} == {True, False}


def test_a_broken_rule_is_an_error_of_ours(hand_made, monkeypatch):
    broken = Rule("structure_x", STRUCTURE, "core.report", "info", "坏", "SELECT no_such_column FROM {batch}")
    monkeypatch.setattr(run, "STRUCTURE_RULES", (broken,))
    monkeypatch.setattr(run, "identity_rules", lambda: [rule for rule in identity_rules() if rule.identity_id == "R3"])
    found = run_suites(hand_made)
    assert len(found.results) == 2
    (result,) = found.broken_rules
    assert "no_such_column" in result.error
    assert result in found.blocking


def test_counts_are_exact_and_examples_are_few(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "STRUCTURE_RULES", ())
    monkeypatch.setattr(
        run, "identity_rules", lambda: [rule for rule in identity_rules() if rule.identity_id == "H-01"]
    )
    accounts = [Account(f"w{n}", WRONG.cells, unit_id=f"单位{n}") for n in range(230)]
    small = [
        Account(a.report_id, {k: v for k, v in a.cells.items() if k[0] == T3}, unit_id=a.unit_id) for a in accounts
    ]
    found = run_suites(warehouse(tmp_path / "w.duckdb", *small, identities=["H-01"]))
    (result,) = (result for result in found.results if result.identity_id == "H-01")
    assert (result.unexpected, len(result.examples)) == (230, 20)


def test_the_dialect_reads_rows_and_cannot_write(hand_made):
    engine = read_only(hand_made)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT report_id FROM core.report ORDER BY 1")).fetchall() == [("r",), ("w",)]
        with pytest.raises(Exception, match="read-only"):
            connection.execute(text("DELETE FROM core.report"))
    engine.dispose()


def test_an_empty_warehouse_passes(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "identity_rules", tuple)  # without results there is nothing that they could say
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as con:
        load_frames(con, {})
        enrol(con, [])
        evaluate(con)
        judge(con, None, date(2026, 1, 1))
        stand(con, (8, 31), date(2026, 1, 1))
        create_marts(con)
    found = run_suites(path)
    assert [result.id for result in found.results if not result.success] == []
