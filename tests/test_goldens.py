"""Real reports read against what their pages print, number by number, both ways."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.document import read_document
from pipeline.forms import FORMS
from pipeline.model import Source

GOLDENS = Path(__file__).parent / "goldens"


class Value(NamedTuple):
    line: str
    measure: str
    printed: str
    page: int


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


HEADS = rows(GOLDENS / "heads.csv")
TABLES = rows(GOLDENS / "forms.csv")

each_report = pytest.mark.parametrize("head", HEADS, ids=lambda head: Path(head["report"]).stem)
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: f"{Path(table['report']).stem}-{table['form']}")


def golden_values(table: dict[str, str]) -> Counter[Value]:
    path = GOLDENS / Path(table["report"]).stem / f"{table['form']}.csv"
    return Counter(Value(row["line"], row["measure"], row["printed"], int(row["page"])) for row in rows(path))


def differences(golden: Counter[Value], read: Counter[Value]) -> str:
    """Both one-sided differences as lines of text; empty if the two agree."""
    parts = []
    for title, extra in (("printed, but not read", golden - read), ("read, but not printed", read - golden)):
        if extra:
            lines = [f"  {count} x {tuple(value)}" for value, count in sorted(extra.items())]
            parts.append("\n".join([f"{title}: {extra.total()}", *lines]))
    return "\n".join(parts)


@cache
def reading_of(path: Path):
    return read_document(path.read_bytes(), Source(name=path.name))


@pytest.fixture
def read(shared_reports):
    def read_report(name: str):
        path = shared_reports / "final" / name
        if not path.is_file():
            pytest.skip(f"the real report {name} is not there")
        return reading_of(path)

    return read_report


@each_report
def test_head(head, read):
    found = read(head["report"]).head
    expected = (head["unit"], int(head["fiscal_year"]), head["level"], head["scope"], head["kind"])
    assert (found.unit, found.fiscal_year, found.level, found.scope, found.kind) == expected


@each_report
def test_each_table_is_found_once_and_no_other(head, read):
    expected = Counter(table["form"] for table in TABLES if table["report"] == head["report"])
    assert Counter(form.form for form in read(head["report"]).forms) == expected


@each_table
def test_values(table, read):
    facts = [fact for fact in read(table["report"]).facts if fact.form == table["form"]]
    found = Counter(Value(fact.line, fact.measure, fact.printed, fact.page) for fact in facts if fact.printed)
    difference = differences(golden_values(table), found)
    assert not difference, f"{table['report']}, {table['form']}\n{difference}"


@each_table
def test_amounts_are_the_printed_numbers_in_yuan(table, read):
    for fact in read(table["report"]).facts:
        if fact.form == table["form"]:
            printed = Decimal(fact.printed.replace(",", "") or 0)
            assert fact.amount == printed * int(table["money_unit"]), fact


@each_table
def test_table(table, read):
    (form,) = (form for form in read(table["report"]).forms if form.form == table["form"])
    assert form.pages == (int(table["first_page"]), int(table["last_page"]))
    assert form.money_unit == int(table["money_unit"])
    assert set(form.measures) == set(table["measures"].split())
    assert (form.numbers, form.lifted) == (int(table["values"]), int(table["values"]))
    assert form.blank == (table["values"] == "0")
    assert bool(form.note) == (table["empty_note"] == "yes")
    if not form.blank:
        assert form.precision == int(table["money_unit"]) * Decimal("0.01")


@each_table
def test_goldens_use_declared_keys(table):
    form = FORMS[table["form"]]
    golden = golden_values(table)
    lines = {line.key for line in form.lines}
    assert golden.total() == int(table["values"])
    assert {value.measure for value in golden} <= set(table["measures"].split())
    assert set(table["measures"].split()) <= {column.measure for column in form.columns}
    assert {value.line for value in golden if not value.line.isdigit()} <= lines
