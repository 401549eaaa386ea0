"""What is not a sum: each predicate on a report that satisfies it, on one that does not, and on one that cannot tell."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.identities import IDENTITIES
from expectations.vocabulary import T2, T3, T4, T5, T6, TF, TG, TS
from tests.accounts import Account, catalogue, load, rounded
from tests.prose_of_identities import speaks_of_prose
from tests.sample_books import PLAIN, RICH, cells, year_before

GOOD = Account("r", rounded(cells(RICH)), region="柳州市")
BEFORE = Account("before", rounded(cells(year_before(RICH))), fiscal_year=2023)


def judged(identity: str, account: Account, *others: Account) -> dict[str, tuple[str, str]]:
    """Outcome and reason by instance, for the first of the reports."""
    with duckdb.connect() as con:
        load(con, account, *others)
        catalogue(con)
        evaluate(con, [IDENTITIES[identity]])
        rows = con.execute(
            "SELECT instance, outcome, reason FROM quality.identity_result WHERE report_id = $1", [account.report_id]
        ).fetchall()
        return {row[0]: row[1:] for row in rows}


def failed(identity: str, account: Account, *others: Account) -> set[str]:
    return {instance for instance, (outcome, _) in judged(identity, account, *others).items() if outcome == "fail"}


@pytest.mark.parametrize(
    "identity", [i for i in IDENTITIES if IDENTITIES[i].predicate and not speaks_of_prose(IDENTITIES[i])]
)
def test_a_report_in_order_passes(identity):
    assert {outcome for outcome, _ in judged(identity, GOOD, BEFORE).values()} == {"exact"}


def test_a_subject_without_its_parent():
    assert failed("H-03", GOOD.without(*[key for key in GOOD.cells if key[:2] == (T5, "20805")])) == {
        "parent:2080505",
        "parent:2080506",
    }


def test_a_subject_printed_twice_on_a_page_but_not_a_row_repeated_on_the_next():
    assert failed("H-03", replace(GOOD, extra_rows=((T5, "201", 1, 9),))) == {"repeated:201"}
    assert failed("H-03", replace(GOOD, extra_rows=((T5, "221", 9000, 10),))) == set()


def test_a_subject_out_of_order():
    assert failed("H-03", replace(GOOD, extra_rows=((T5, "2080507", 9000, 10),))) == {"order:2080507"}


def test_names_that_are_not_those_of_the_codes():
    status = {(T3, "201"): "different", (T3, "2010301"): "unknown_code", (T3, "208"): "renamed", (T3, "20805"): "alias"}
    found = judged("H-04", replace(GOOD, name_status=status))
    assert found["expenditure:201"] == ("fail", "")
    assert found["expenditure:2010301"] == ("not_evaluated", "unknown_code")
    assert {outcome for instance, (outcome, _) in found.items() if ":" not in instance} == {"exact"}
    status = {(T6, "30101"): "different", (T6, "30102"): "unknown_code"}
    found = judged("T6-04", replace(GOOD, name_status=status))
    assert found == {"name:30101": ("fail", ""), "name:30102": ("not_evaluated", "unknown_code")}


def test_negative_amounts():
    key = (T3, "2010302", "project")
    assert failed("H-05", GOOD.moved(key, "-1000", "r")) == {"expenditure.project:2010302"}


def test_capital_construction_is_no_basic_expenditure():
    zero = replace(GOOD, cells={**GOOD.cells, (T6, "309", "amount"): "0.00"})
    assert failed("T6-04", zero) == set()
    assert failed("T6-04", zero.moved((T6, "309", "amount"), "1", "r")) == {"kind:309"}


def blank(account: Account, form: str, note: str) -> Account:
    known = account.without(*[key for key in account.cells if key[0] == form])
    return replace(known, forms={form: {"note": note}})


def test_a_blank_three_public_table_needs_its_note():
    assert judged("TG-04", blank(GOOD, TG, ""))[""] == ("fail", "")
    assert judged("TG-04", blank(GOOD, TG, "注：无"))[""] == ("not_evaluated", "form_empty")
    absent = GOOD.without(*[key for key in GOOD.cells if key[0] == TG])
    assert judged("TG-04", absent)[""] == ("not_evaluated", "form_absent")


def test_three_public_counts_wait_for_the_narrative():
    assert judged("TG-05", GOOD) == {"": ("not_evaluated", "narrative_not_read")}


def test_a_missing_table_and_a_blank_one():
    absent = GOOD.without(*[key for key in GOOD.cells if key[0] == TS])
    assert failed("C-01", absent) == {"form:state_capital"}
    assert failed("C-01", blank(GOOD, TF, "")) == {"form:government_fund"}
    assert failed("C-01", blank(GOOD, TF, "本表无数据")) == set()


def test_a_table_is_only_missing_from_the_year_in_which_it_came():
    absent = GOOD.without(*[key for key in GOOD.cells if key[0] == TS])
    assert failed("C-01", replace(absent, fiscal_year=2019)) == set()


@pytest.mark.parametrize("issue", [("page_unreadable", ""), ("unknown_table", TS)])
def test_a_table_that_may_be_among_what_was_not_read_is_not_missing(issue):
    absent = GOOD.without(*[key for key in GOOD.cells if key[0] == TS])
    assert judged("C-01", replace(absent, issues=(issue,))) == {"form:state_capital": ("not_evaluated", "unread")}
    assert failed("C-01", replace(absent, issues=(("unknown_table", T4),))) == {"form:state_capital"}


def test_missing_parts():
    assert failed("C-01", replace(GOOD, parts=(1, 2, 3))) == {"part:4"}
    assert failed("C-01", replace(GOOD, parts=(2,))) == set()
    assert judged("C-01", replace(GOOD, parts=()))["part:1"] == ("not_evaluated", "unread")


def test_codes_that_do_not_go_down_far_enough():
    items = [key for key in GOOD.cells if key[0] == T5 and len(key[1]) == 7 and key[1].startswith("20805")]
    assert failed("C-02", GOOD.without(*items)) == {"general_budget:20805"}
    groups = [key for key in GOOD.cells if key[0] == T6 and len(key[1]) == 5 and key[1].startswith("302")]
    assert failed("C-02", GOOD.without(*groups)) == {"basic_expenditure:302"}
    codes = [key for key in GOOD.cells if key[0] == T5 and key[1].isdigit()]
    assert failed("C-02", GOOD.without(*codes)) == {"general_budget:total"}


def test_a_predicate_says_which_forms_it_could_not_judge():
    plain = Account("r", rounded(cells(PLAIN))).without(*[key for key in cells(PLAIN) if key[0] in {TF, T2}])
    found = judged("H-05", replace(plain, forms={TF: {"note": "空表"}}))
    assert found[T2] == ("not_evaluated", "form_absent")
    assert found[TF] == ("not_evaluated", "form_empty")
    assert found[T3] == ("exact", "")
