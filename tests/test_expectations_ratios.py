"""Figures that are no cells: topics of the narrative as forms, and stated ratios, just inside and just outside."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.model import Check, Children, Identity, Level, Needs, Own, Reason, Severity, Term
from expectations.model import Domain as Over
from expectations.vocabulary import N1, N5, PF, T1, T5, less
from tests.accounts import Account, load

SHARE = Check(
    (Term(N5, "201", "share"),), (Term(N5, "201", "final"),), divisor=(Term(N5, "total", "final"),), factor=100
)
RATE = Check(
    (Term(N1, "income_total", "rate"),),
    (Term(N1, "income_total", "change"),),
    divisor=(Term(N1, "income_total", "final"), less(N1, "income_total", "change")),
    factor=100,
)
AVERAGE = Check(
    (Term(N5, "201", "average"),),
    (Term(N5, "201", "final"),),
    divisor=(Term(N5, "201", "count"),),
)


def judged(check: Check, *told: dict, **known) -> list[tuple]:
    """(outcome, reason, improbable, lhs, rhs) for each account that says so."""
    identity = Identity("X", "", Severity.ERROR, "", "", (check,))
    accounts = [Account(f"r{n}", {}, told=claims, **known) for n, claims in enumerate(told)]
    with duckdb.connect() as con:
        load(con, *accounts)
        evaluate(con, [identity])
        return con.execute(
            "SELECT outcome, reason, improbable, lhs, rhs FROM quality.identity_result ORDER BY report_id, instance"
        ).fetchall()


def share(stated: str, part: str = "35.74万元", total: str = "100.00万元") -> dict:
    told = {(N5, "201", "share"): stated, (N5, "201", "final"): part, (N5, "total", "final"): total}
    return {key: printed for key, printed in told.items() if printed}


def test_a_share_is_judged_by_the_intervals_of_all_that_is_printed():
    # 357.40 of 1,000.00 is between 35.739 and 35.741 percent
    exact, cut, inside, off_by_one, outside = judged(
        SHARE,
        *(share(stated, "357.40万元", "1000.00万元") for stated in ("35.74%", "35.7%", "36%", "35.75%", "35.76%")),
    )
    assert exact == ("exact", "", False, Decimal("35.74"), Decimal("35.74"))
    assert [row[:3] for row in (cut, inside)] == [("exact", "", False)] * 2
    assert off_by_one == ("rounding", "", True, Decimal("35.75"), Decimal("35.74"))
    assert outside == ("fail", "", False, Decimal("35.76"), Decimal("35.74"))


def test_small_amounts_make_wide_intervals_and_large_ones_sharp_ones():
    # 0.01 of 0.03 is between 14.3 and 60 percent, 100.00 of 300.00 between 33.331 and 33.336
    told = [share("15%", "0.01万元", "0.03万元"), share("33.35%", "100.00万元", "300.00万元")]
    assert [row[0:3:2] for row in judged(SHARE, *told)] == [("rounding", False), ("rounding", True)]


def test_a_percentage_that_was_cut_off_is_a_note():
    found = judged(SHARE, share("15.3%", "1539.00万元", "10000.00万元"), share("15.2%", "1539.00万元", "10000.00万元"))
    assert [row[0:3:2] for row in found] == [("rounding", True), ("fail", False)]


def test_a_ratio_that_meets_an_end_of_the_interval_holds():
    # 35.745 percent, printed exactly, rounds to 35.74 or 35.75
    told = [share(stated, "35745元", "100000元") | {} for stated in ("35.74%", "35.75%")]
    assert [row[0] for row in judged(SHARE, *told)] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("final", "change", "rate", "outcome"),
    [
        ("93.00万元", "-7.00万元", "-7%", "exact"),
        ("93.00万元", "-7.00万元", "7%", "fail"),
        ("107.00万元", "7.00万元", "7%", "exact"),
        ("0", "-7万元", "-100%", "exact"),
        ("93.00万元", "-7.00万元", "-7.53%", "fail"),  # of this year's
    ],
)
def test_a_decrease_is_negative_on_both_sides(final, change, rate, outcome):
    told = {"final": final, "change": change, "rate": rate}
    (found,) = judged(RATE, {(N1, "income_total", measure): printed for measure, printed in told.items()})
    assert found[0] == outcome


def test_a_divisor_that_may_be_zero_has_no_ratio():
    base = {(N1, "income_total", "final"): "7.00万元", (N1, "income_total", "rate"): "100%"}
    zero, nearly, known = judged(
        RATE,
        *(base | {(N1, "income_total", "change"): change} for change in ("7.00万元", "6.99万元", "3.50万元")),
    )
    assert [row[:2] for row in (zero, nearly)] == [("not_evaluated", Reason.ZERO_BASE)] * 2
    assert known[0] == "exact"


def test_without_an_operand_a_ratio_is_not_evaluated():
    told = [share("", "1.00万元"), share("35.74%", ""), share("35.74%", total="")]
    assert [row[:2] for row in judged(SHARE, *told)] == [("not_evaluated", Reason.LINE_ABSENT)] * 3


def test_an_average_is_told_in_its_own_unit():
    told = {(N5, "201", "final"): "1.00万元", (N5, "201", "count"): "3"}
    right, wrong = judged(AVERAGE, *(told | {(N5, "201", "average"): printed} for printed in ("3333元", "3433元")))
    assert right[0] == "exact"
    assert wrong[0:5:4] == ("fail", Decimal(3333))


def test_a_doubtful_reading_breaks_no_ratio():
    claims = share("53.74%")
    assert judged(SHARE, claims, confidence={(N5, "201", "share"): 0.5})[0][:2] == (
        "not_evaluated",
        Reason.LOW_CONFIDENCE,
    )


def claimed(check: Check, cells: dict, told: dict, **known) -> tuple[str, str]:
    identity = Identity("X", "", Severity.ERROR, "", "", (check,))
    with duckdb.connect() as con:
        load(con, Account("r", cells, told=told, **known))
        evaluate(con, [identity])
        (row,) = con.execute("SELECT outcome, reason FROM quality.identity_result").fetchall()
        return row


TABLE = {(T5, "total", "total"): "30.00", (T5, "201", "total"): "10.00", (T5, "208", "total"): "20.00"}
SAME = Check((Term(N5, "201", "final"),), (Term(T5, "201", "total"),))


@pytest.mark.parametrize(
    ("told", "known", "expected"),
    [
        ({(N5, "201", "final"): "10.00万元"}, {}, ("exact", "")),
        ({(N5, "201", "final"): "10.01万元"}, {}, ("rounding", "")),
        ({(N5, "201", "final"): "12.00万元"}, {}, ("fail", "")),
        ({(N5, "208", "final"): "12.00万元"}, {}, ("not_evaluated", Reason.LINE_ABSENT)),
        ({(N5, "208", "share"): "12%"}, {}, ("not_evaluated", Reason.LINE_ABSENT)),
        ({}, {"sections": ((N5, 0, 0),)}, ("not_evaluated", Reason.LINE_ABSENT)),
        ({}, {}, ("not_evaluated", Reason.FORM_ABSENT)),
        # what else the section says does not matter to a claim
        ({(N5, "201", "final"): "12.00万元"}, {"sections": ((N5, 9, 1),)}, ("fail", "")),
    ],
)
def test_a_claim_is_compared_with_a_table(told, known, expected):
    assert claimed(SAME, TABLE, told, **known) == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [((N5, 2, 2), ("fail", "")), ((N5, 3, 2), ("not_evaluated", Reason.UNREAD))],
)
def test_a_sum_of_claims_needs_a_section_that_was_understood(section, expected):
    told = {(N5, "total", "final"): "30.00万元", (N5, "201", "final"): "10.00万元"}
    check = Check((Term(N5, "total", "final"),), (Term(N5, Level(1), "final"),))
    assert claimed(check, {}, told, sections=(section,)) == expected


def test_classes_that_no_sentence_names_are_not_zero():
    told = {(N5, "total", "final"): "30.00万元"}
    check = Check((Term(N5, "total", "final"),), (Term(N5, Level(1), "final", Needs.COLUMN),))
    assert claimed(check, {}, told) == ("not_evaluated", Reason.LINE_ABSENT)


def test_a_subject_of_the_prose_has_children():
    told = {
        (N5, "20103", "final"): "3.00万元",
        (N5, "2010301", "final"): "1.00万元",
        (N5, "2010302", "final"): "2.00万元",
    }
    check = Check((Term(N5, Own(), "final"),), (Term(N5, Children(), "final"),), over=Over((N5,), levels=(2,)))
    assert claimed(check, {}, told) == ("exact", "")


def test_figures_of_projects_are_lines_of_a_form():
    told = {
        (PF, "1.total", "adjusted"): "2.00万元",
        (PF, "1.total", "actual"): "1.00万元",
        (PF, "1.total", "rate"): "60%",
    }
    check = Check(
        (Term(PF, Own(), "rate"),),
        (Term(PF, Own(), "actual"),),
        over=Over((PF,), lines=("1.total",)),
        divisor=(Term(PF, Own(), "adjusted"),),
        factor=100,
    )
    assert claimed(check, {(T1, "x", "amount"): "1.00"}, told) == ("fail", "")
