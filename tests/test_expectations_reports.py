"""Real figures: the seed's nine tables contain no arithmetic fault."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.vocabulary import TF, TS
from tests.accounts import Account, load

SEED = Path(__file__).parent / "seed_2024.csv"
"""Every number that the nine tables of the seed report print."""


def seed() -> Account:
    with SEED.open(encoding="utf-8", newline="") as file:
        cells = {(row["form"], row["line"], row["measure"]): row["printed"] for row in csv.DictReader(file)}
    notes = {TF: {"note": "故本表无数据"}, TS: {"note": "故本表无数据", "measures": ["total", "basic", "project"]}}
    return Account("seed", cells, forms=notes)


@pytest.fixture(scope="module")
def seed_results() -> list[tuple[str, str, str, str]]:
    with duckdb.connect() as con:
        load(con, seed())
        evaluate(con)
        return con.execute("SELECT identity, instance, outcome, reason FROM quality.identity_result").fetchall()


def test_nothing_fails_on_the_seed(seed_results):
    assert [row for row in seed_results if row[2] == "fail"] == []


def test_the_known_rounding_of_the_seed(seed_results):
    found = {row[:2]: row[2] for row in seed_results}
    # 913.87 + 23.87 against 937.75, in both tables of expenditure
    assert found["R3", "2010399"] == found["R5", "2010399"] == "rounding"
    assert found["T1-02", ""] == "rounding"


def test_what_could_not_be_evaluated_on_the_seed(seed_results):
    others = ("N", "P-", "Y-")  # of its text, judged in `test_findings_goldens.py`, and of last year's report
    reasons = {(row[0], row[3]) for row in seed_results if row[2] == "not_evaluated" and not row[0].startswith(others)}
    assert reasons == {
        ("T6-05", "line_absent"),
        ("X56-02", "line_absent"),
        ("T1-01", "line_absent"),
        ("X12-02", "line_absent"),
        ("TG-05", "narrative_not_read"),
        ("PL-02", "last_year_absent"),
        *((identity, "not_a_department") for identity in ("D-01", "D-02")),
        ("PL-04", "condition"),
        # TF and TS print a row 合计 of zeros and no subject; TS has three columns
        ("H-01", "line_absent"),
        ("H-01", "measure_absent"),
        ("H-02", "line_absent"),
        ("H-02", "measure_absent"),
        ("RF2", "measure_absent"),
        ("X4S-01", "measure_absent"),
    }


def test_how_much_is_evaluated_on_the_seed(seed_results):
    outcomes = Counter(row[2] for row in seed_results)
    assert outcomes["exact"] > 450
    assert 20 <= outcomes["rounding"] <= 60
