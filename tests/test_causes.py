"""From broken identities to the cell that is wrong, and the slip that made it so."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from expectations.causes.explain import causes_of
from expectations.causes.load import problems
from expectations.causes.problem import Cell, Place, Relation, problem_of
from expectations.causes.slips import Kind, Wanted, kind_of
from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.vocabulary import T1, T3, T5, T6
from tests.accounts import Account, load, number, rounded
from tests.fault_lab import examine
from tests.random_books import books
from tests.sample_books import PLAIN, cells
from tests.slips import SLIPS, rows_of
from tests.test_expectations_findings import TODAY

GOOD = Account("r", rounded(cells(PLAIN)))


def causes(*accounts: Account) -> list:
    with duckdb.connect() as con:
        load(con, *accounts)
        evaluate(con)
        return [cause for problem in problems(con) for cause in causes_of(problem)]


def told(*accounts: Account) -> list[dict]:
    with duckdb.connect() as con:
        load(con, *accounts)
        evaluate(con)
        judge(con, None, TODAY, comments=False, events=False)
        answer = con.execute("SELECT * FROM quality.finding")
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def with_cells(changes: dict) -> Account:
    return Account("r", {**GOOD.cells, **changes})


def test_books_in_order_have_no_cause():
    assert causes(GOOD) == []


def test_one_wrong_cell_is_named_with_what_should_stand_there():
    key = T5, "2010302", "project"
    (cause,) = causes(GOOD.moved(key, "10", "r"))

    assert [cell.place[1:] for cell in cause.cells] == [key]
    assert cause.meant == number(GOOD.cells[key]) * 10_000
    assert cause.alternatives == ()
    assert {identity for _, identity, _ in cause.broken} >= {"H-01", "H-02", "R5"}


def test_cells_that_nothing_tells_apart_are_all_named():
    key = T6, "30201", "amount"
    (cause,) = causes(GOOD.moved(key, "-2.43", "r"))

    suspects = {cell.place[1:] for cell in cause.cells} | {cell.place[1:] for cell, _ in cause.alternatives}
    assert key in suspects
    assert {line for _, line, _ in suspects} >= {"30211", "30299"}
    assert (T6, "302", "amount") not in suspects  # the other sums of the table confirm it


def test_two_slips_are_two_causes():
    one, other = (T5, "2010302", "project"), (T1, "income_total", "amount")
    found = causes(GOOD.moved(one, "10", "r").moved(other, "-3", "r"))

    assert {cause.cells[0].place[1:] for cause in found} == {one, other}


def test_a_block_of_twelve_rows_in_the_wrong_place_is_one_finding():
    printed, rows = next((b, rows) for b in map(books, range(100)) if len(rows := rows_of(b, T3)) > 15)
    block = rows[2:14]
    moved = dict(printed)
    for measure in ("total", "basic", "project", "operating", "payment_to_superior", "affiliate_subsidy"):
        for above, line in pairwise(block):
            moved[T3, line, measure] = printed[T3, above, measure]
        moved[T3, block[0], measure] = "0.00"

    (finding,) = told(Account("r", moved))

    assert finding["kind"] == Kind.SHIFTED
    assert finding["symptoms"] > 12
    assert "疑整体错行" in finding["sentence"]


def test_a_row_left_out_is_told_by_the_other_tables():
    gone = [key for key in GOOD.cells if key[:2] == (T5, "2010302")]
    (finding,) = told(GOOD.without(*gone))

    assert (finding["kind"], finding["form"], finding["line"]) == (Kind.MISSING_ROW, T5, "2010302")
    assert finding["stated"] is None
    assert finding["expected"] == number(GOOD.cells[T5, "2010302", "total"]) * 10_000
    assert "科目20103之下疑漏列一行（科目2010302）" in finding["sentence"]


def test_two_numbers_that_changed_places():
    basic, project = (T5, "2010302", "basic"), (T5, "2010302", "project")
    (finding,) = told(with_cells({basic: GOOD.cells[project], project: GOOD.cells[basic]}))

    assert finding["kind"] == Kind.SWAPPED
    assert "疑互换位置" in finding["sentence"]


def test_what_nothing_explains_stays_what_it_is():
    """Two sums that contradict one another, with no cell between them that could be wrong."""
    places = [Place("r", "f", line, "amount") for line in "abc"]
    own = [Cell(place, Decimal(10), "10", 1, row, 0, 0, "") for row, place in enumerate(places)]
    relations = [Relation("r", "I", str(n), "=", 0.0) for n in range(2)]
    system = problem_of(own, relations, [(0, 0, 1), (0, 1, -1), (0, 2, 1), (1, 0, -1), (1, 1, 1)])
    (cause,) = causes_of(system)
    assert cause.cells[0].place.line == "c"
    many = [Cell(Place("r", "f", str(n), "amount"), Decimal(n**3), str(n**3), 1, n, 0, 0, "") for n in range(12)]
    alike = [Relation("r", "I", str(n), "=", 0.0) for n in range(11)]
    chain = [term for n in range(11) for term in ((n, n, 1), (n, n + 1, -1))]
    assert causes_of(problem_of(many, alike, chain)) == []


amounts = st.decimals(min_value="10.00", max_value="99999.99", places=2)


def slip(printed: str, meant: Decimal, neighbours: frozenset = frozenset()) -> tuple:
    wanted = Wanted(meant - Decimal("0.02"), meant + Decimal("0.02"), meant)
    return tuple(kind_of(Decimal(printed), printed, 1, wanted, neighbours))


@given(amounts, st.data())
def test_digits_in_the_wrong_order(meant, data):
    text = f"{meant:.2f}"
    places = [i for i in range(len(text) - 1) if "." not in text[i : i + 2] and text[i] != text[i + 1]]
    assume(places)
    i = data.draw(st.sampled_from(places))
    printed = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    assume(not printed.startswith("0"))
    assert slip(printed, meant) == (Kind.TRANSPOSED, meant)


@given(amounts, st.data())
def test_another_digit(meant, data):
    text = f"{meant:.2f}"
    i = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "123456789" if d != text[i]]))
    assert slip(text[:i] + digit + text[i + 1 :], meant) == (Kind.DIGIT, meant)


@pytest.mark.parametrize(
    ("printed", "meant", "kind"),
    [
        ("-12.34", "12.34", Kind.SIGN), ("123400.00", "12.34", Kind.UNIT), ("0.00", "12.34", Kind.OMITTED),
        ("123.40", "12.34", Kind.POINT), ("1.23", "12.34", Kind.POINT), ("122.34", "12.34", Kind.DOUBLED),
        ("2.34", "12.34", Kind.DROPPED), ("12.40", "12.34", Kind.DROPPED), ("77.12", "12.34", Kind.MISPRINT),
    ],
)  # fmt: skip
def test_kinds(printed, meant, kind):
    assert slip(printed, Decimal(meant))[0] is kind


def test_a_number_of_the_next_cell():
    assert slip("55.00", Decimal("12.34"), frozenset({Decimal("55.00")}))[0] is Kind.COPIED


BOOKS, MORE_BOOKS = 6, 54
"""Each with each of the 19 slips: some hundred reports, or more than a thousand."""


@pytest.mark.slow
def test_the_laboratory(thorough):
    books = MORE_BOOKS if thorough else BOOKS
    scores, clean, _ = examine(range(books), seed=8)

    assert clean == 0
    assert all(score.reports == books for score in scores.values())
    assert scores.keys() == SLIPS.keys()
    total = sum(score.reports for score in scores.values())
    misses = [miss[:300] for score in scores.values() for miss in score.misses]
    assert sum(score.detected for score in scores.values()) >= 0.99 * total, misses
    assert sum(score.cell for score in scores.values()) >= 0.95 * total, misses
    assert sum(score.kind for score in scores.values()) >= 0.9 * total, misses
