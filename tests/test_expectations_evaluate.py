"""The evaluator, check by check: right, wrong, just inside, just outside, and no total at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.model import (
    Check,
    Children,
    Condition,
    Domain,
    Identity,
    Leaves,
    Level,
    Needs,
    Own,
    Predicate,
    Reason,
    Relation,
    Severity,
    Term,
)
from expectations.vocabulary import T3, T5, T6, TF
from tests.accounts import Account, load

SUM = (Term(T5, "total", "total"),), (Term(T5, Level(1), "total"),)
SAME = (Term(T5, "total", "total"),), (Term(T3, "total", "total"),)


def identity(*checks: Check, **known) -> Identity:
    return Identity("X", "", Severity.ERROR, "", "", checks, **known)


def table(form: str, **amounts: str) -> dict[tuple[str, str, str], str]:
    """Cells of the column 合计 (T6: amount) by line; a code is written c201."""
    measure = "amount" if form == T6 else "total"
    return {(form, line.removeprefix("c"), measure): amount for line, amount in amounts.items()}


def results(declared: Identity, *accounts: Account) -> dict[tuple[str, str], tuple[str, str]]:
    """(outcome, reason) by report and instance."""
    with duckdb.connect() as con:
        load(con, *accounts)
        evaluate(con, [declared])
        rows = con.execute("SELECT report_id, instance, outcome, reason FROM quality.identity_result").fetchall()
        return {row[:2]: row[2:] for row in rows}


def outcome(declared: Identity, cells: dict[tuple[str, str, str], str], **known) -> tuple[str, str]:
    """The outcome of an identity with one instance for one report."""
    (result,) = results(declared, Account("r", cells, **known)).values()
    return result


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("30.00", ("exact", "")),
        ("30.01", ("rounding", "")),
        ("29.99", ("rounding", "")),
        ("30.02", ("fail", "")),
        ("29.98", ("fail", "")),
        ("31.00", ("fail", "")),
    ],
)
def test_a_sum_of_two_may_miss_by_one_and_a_half_units_of_the_last_digit(total, expected):
    assert outcome(identity(Check(*SUM)), table(T5, total=total, c201="10.00", c208="20.00")) == expected


def test_without_a_total_nothing_is_evaluated():
    cells = table(T5, c201="10.00", c208="20.00")
    assert outcome(identity(Check(*SUM)), cells) == ("not_evaluated", Reason.LINE_ABSENT)


def test_without_a_part_nothing_is_evaluated():
    assert outcome(identity(Check(*SUM)), table(T5, total="10.00")) == ("not_evaluated", Reason.LINE_ABSENT)


@pytest.mark.parametrize(("other", "expected"), [("5.00", "exact"), ("5.01", "rounding"), ("5.02", "fail")])
def test_the_same_quantity_in_two_tables_may_differ_by_one_unit(other, expected):
    cells = table(T5, total="5.00") | table(T3, total=other)
    assert outcome(identity(Check(*SAME)), cells) == (expected, "")


@pytest.mark.parametrize(
    ("relation", "left", "expected"),
    [
        (Relation.AT_MOST, "4.00", "exact"),
        (Relation.AT_MOST, "5.01", "rounding"),
        (Relation.AT_MOST, "5.02", "fail"),
        (Relation.AT_LEAST, "6.00", "exact"),
        (Relation.AT_LEAST, "4.99", "rounding"),
        (Relation.AT_LEAST, "4.98", "fail"),
    ],
)
def test_an_inequality_has_one_direction(relation, left, expected):
    cells = table(T5, total=left) | table(T3, total="5.00")
    assert outcome(identity(Check(*SAME, relation=relation)), cells) == (expected, "")


def test_the_interval_is_that_of_each_tables_own_precision():
    cells = table(T5, total="50049.99") | table(T3, total="5.00")
    yuan = {"money_unit": {T5: 1}}
    assert outcome(identity(Check(*SAME)), cells, **yuan) == ("rounding", "")
    cells[T5, "total", "total"] = "50050.02"
    assert outcome(identity(Check(*SAME)), cells, **yuan) == ("fail", "")
    assert outcome(identity(Check(*SAME)), cells, **yuan, precision={T3: Decimal(1000)}) == ("rounding", "")


def test_a_blank_cell_is_zero_without_an_interval():
    cells = table(T5, total="0.01", c201="", c208="")
    assert outcome(identity(Check(*SUM)), cells) == ("fail", "")
    assert outcome(identity(Check(*SUM)), cells | table(T5, total="", c201="0.00")) == ("exact", "")


def test_coefficients_widen_the_interval():
    twice = Check((Term(T5, "total", "total"),), (Term(T3, "total", "total", coefficient=2),))
    assert outcome(identity(twice), table(T5, total="10.01") | table(T3, total="5.00")) == ("rounding", "")
    assert outcome(identity(twice), table(T5, total="10.02") | table(T3, total="5.00")) == ("fail", "")


def test_a_miss_that_many_zeros_would_allow_is_noted_as_improbable():
    codes = {f"c{code}": "0.00" for code in range(201, 221)}
    with duckdb.connect() as con:
        load(
            con,
            Account("far", table(T5, total="30.08", **codes | {"c201": "10.00", "c202": "20.00"})),
            Account("near", table(T5, total="30.01", **codes | {"c201": "10.00", "c202": "20.00"})),
        )
        evaluate(con, [identity(Check(*SUM))])
        rows = con.execute("SELECT report_id, outcome, improbable FROM quality.identity_result ORDER BY 1").fetchall()
    assert rows == [("far", "rounding", True), ("near", "rounding", False)]


TREE = identity(Check((Term(T5, Own(), "total"),), (Term(T5, Children(), "total"),), over=Domain((T5,), levels=(1, 2))))


def test_every_parent_is_the_sum_of_its_printed_direct_children():
    cells = table(
        T5, total="9.00", c201="3.00", c20101="1.00", c2010101="1.00", c20102="2.00", c2010201="1.00", c208="6.00"
    )
    assert {instance: result for (_, instance), result in results(TREE, Account("r", cells)).items()} == {
        "201": ("exact", ""),
        "20101": ("exact", ""),
        "20102": ("fail", ""),
        "208": ("not_evaluated", Reason.LINE_ABSENT),
    }


def test_leaves_reach_orphans_and_any_depth():
    leaves = identity(Check((Term(T5, "total", "total"),), (Term(T5, Leaves(), "total"),)))
    cells = table(T5, total="9.00", c201="3.00", c2010101="3.00", c208="6.00", c20805="6.00")
    assert outcome(leaves, cells) == ("exact", "")
    assert outcome(leaves, cells | table(T5, c2010203="1.00")) == ("fail", "")


def test_a_level_without_some_lines():
    rest = identity(Check((Term(T6, "public_total"),), (Term(T6, Level(1, ("301", "303")), needs=Needs.COLUMN),)))
    assert outcome(rest, table(T6, public_total="5.00", c301="9.00", c302="4.00", c310="1.00")) == ("exact", "")
    assert outcome(rest, table(T6, public_total="0.00", c301="9.00", c303="4.00")) == ("exact", "")
    assert outcome(rest, table(T6, public_total="1.00", c301="9.00")) == ("fail", "")
    # a table without any 类 does not say that there is none
    assert outcome(rest, table(T6, public_total="1.00", c30101="9.00")) == ("not_evaluated", Reason.LINE_ABSENT)


BOTH = Domain((T5, T3), levels=(1,))


def optional(needs: Needs) -> Identity:
    return identity(Check((Term(T5, Own(), "total", needs),), (Term(T3, Own(), "total", needs),), over=BOTH))


def test_a_line_that_one_form_does_not_print_is_zero_there():
    cells = table(T5, c201="1.00", c208="2.00") | table(T3, c201="1.00", c210="0.00")
    found = results(optional(Needs.COLUMN), Account("r", cells))
    assert found["r", "201"] == ("exact", "")
    assert found["r", "208"] == ("fail", "")
    assert found["r", "210"] == ("exact", "")


def test_a_form_without_lines_of_that_level_does_not_say_that_they_are_zero():
    cells = table(T5, c201="1.00") | table(T3, total="1.00", c2010101="1.00")
    assert results(optional(Needs.COLUMN), Account("r", cells))["r", "201"] == ("not_evaluated", Reason.LINE_ABSENT)
    all_zero = table(T5, c201="0.00") | table(T3, total="0.00")
    assert results(optional(Needs.COLUMN), Account("r", all_zero))["r", "201"] == ("exact", "")


def test_a_column_that_a_vintage_does_not_have_is_zero_only_where_it_may_be():
    cells = {(T5, "total", "total"): "1.00", (T5, "total", "basic"): "1.00"}
    split = [
        identity(
            Check((Term(T5, "total", "total"),), (Term(T5, "total", "basic"), Term(T5, "total", "project", needs)))
        )
        for needs in (Needs.FORM, Needs.COLUMN)
    ]
    forms = {T5: {"measures": ["total", "basic"]}}
    assert outcome(split[0], cells, forms=forms) == ("exact", "")
    assert outcome(split[1], cells, forms=forms) == ("not_evaluated", Reason.MEASURE_ABSENT)


FUND = identity(
    Check(
        (Term(T3, "total", "total"),),
        (Term(T5, "total", "total"), Term(TF, "total", "total", Needs.COLUMN)),
    )
)
ONLY_GENERAL = table(T3, total="1.00") | table(T5, total="1.00")


def test_an_absent_form_is_not_zero():
    assert outcome(FUND, ONLY_GENERAL) == ("not_evaluated", Reason.FORM_ABSENT)


def test_an_absent_form_may_be_declared_to_be_zero():
    check = replace(FUND.checks[0], right=(Term(T5, "total", "total"), Term(TF, "total", "total", Needs.NOTHING)))
    assert outcome(identity(check), ONLY_GENERAL) == ("exact", "")


def test_a_blank_form_is_zero_only_with_a_note():
    assert outcome(FUND, ONLY_GENERAL, forms={TF: {"note": "本表无数据"}}) == ("exact", "")
    assert outcome(FUND, ONLY_GENERAL, forms={TF: {"note": ""}}) == ("not_evaluated", Reason.FORM_BLANK)


def test_what_is_about_an_empty_form_alone_says_so():
    alone = identity(Check((Term(TF, "total", "total"),), (Term(TF, Level(1), "total"),)))
    tree = identity(replace(TREE.checks[0], left=(Term(TF, Own(), "total"),), right=(Term(TF, Children(), "total"),),
                            over=Domain((TF,), levels=(1,))))  # fmt: skip
    for declared in (alone, tree):
        assert outcome(declared, ONLY_GENERAL, forms={TF: {"note": "空表"}}) == ("not_evaluated", Reason.FORM_EMPTY)


@pytest.mark.parametrize("known", [{"forms": {T5: {"numbers": 4}}}, {"confidence": {(T5, "c", "total"): 0.5}}])
def test_what_was_not_read_well_never_fails(known):
    if "confidence" in known:
        known = {"confidence": {(T5, "201", "total"): 0.5}}
    reason = Reason.UNREAD if "forms" in known else Reason.LOW_CONFIDENCE
    right, wrong = (table(T5, total=total, c201="10.00", c208="20.00") for total in ("30.00", "31.00"))
    assert outcome(identity(Check(*SUM)), wrong, **known) == ("not_evaluated", reason)
    assert outcome(identity(Check(*SUM)), right, **known) == ("exact", "")


def test_a_line_found_by_its_name_is_sure_enough():
    inferred = {"confidence": {(T5, "201", "total"): 0.9}}
    assert outcome(identity(Check(*SUM)), table(T5, total="31.00", c201="10.00"), **inferred) == ("fail", "")


def test_a_line_missing_from_a_form_that_was_not_read_completely_is_unread():
    assert outcome(identity(Check(*SUM)), table(T5, c201="1.00"), forms={T5: {"numbers": 2}}) == (
        "not_evaluated",
        Reason.UNREAD,
    )


NO_FUND = Condition("no_fund", ((Term(TF, "total", "total", Needs.COLUMN),),))


@pytest.mark.parametrize(
    ("fund", "otherwise", "expected"),
    [
        ("0.00", Relation.AT_MOST, ("fail", "")),
        ("1.00", Relation.AT_MOST, ("exact", "")),
        ("1.00", None, ("not_evaluated", Reason.CONDITION)),
        (None, Relation.AT_MOST, ("exact", "")),
    ],
)
def test_the_relation_depends_on_the_condition(fund, otherwise, expected):
    check = Check(*SAME, when=(NO_FUND,), otherwise=otherwise)
    cells = table(T5, total="4.00") | table(T3, total="5.00") | (table(TF, total=fund) if fund else {})
    assert outcome(identity(check), cells) == expected


def test_a_condition_over_a_form_that_was_not_read_completely_does_not_hold():
    check = Check(*SAME, when=(NO_FUND,), otherwise=Relation.AT_MOST)
    cells = table(T5, total="4.00") | table(T3, total="5.00") | table(TF, total="0.00")
    assert outcome(identity(check), cells, forms={TF: {"numbers": 2}}) == ("exact", "")


def test_an_undecided_breach_is_not_evaluated():
    check = Check(*SAME, relation=Relation.AT_MOST, undecided=Reason.NARRATIVE_NOT_READ)
    cells = table(T5, total="6.00") | table(T3, total="5.00")
    assert outcome(identity(check), cells) == ("not_evaluated", Reason.NARRATIVE_NOT_READ)
    assert outcome(identity(check), cells | table(T5, total="5.00")) == ("exact", "")


NEGATIVE = Identity(
    "N", "", Severity.WARNING, "", "",
    predicate=Predicate(
        "SELECT report_id, form, line AS instance, line, measure, NULL AS reason, '' AS detail FROM core.cell "
        "WHERE amount < 0",
        forms=(T5, TF),
    ),
)  # fmt: skip


def test_a_predicate_passes_once_for_each_form_that_was_read():
    account = Account("r", table(T5, c201="-1.00", c208="1.00", c210="-2.00"))
    assert results(NEGATIVE, account) == {
        ("r", "201"): ("fail", ""),
        ("r", "210"): ("fail", ""),
        ("r", TF): ("not_evaluated", Reason.FORM_ABSENT),
    }
    assert results(NEGATIVE, Account("r", table(T5, c201="1.00")))["r", T5] == ("exact", "")


def test_a_breach_in_a_form_that_was_not_read_completely_is_unread():
    account = Account("r", table(T5, c201="-1.00"), forms={T5: {"numbers": 9}})
    assert results(NEGATIVE, account)["r", "201"] == ("not_evaluated", Reason.UNREAD)


def test_operands_add_up_to_the_difference():
    with duckdb.connect() as con:
        load(con, Account("wrong", table(T5, total="4.00", c201="1.00", c208="2.00")),
             Account("right", table(T5, total="3.00", c201="1.00", c208="2.00")))  # fmt: skip
        evaluate(con, [identity(Check(*SUM))])
        operands = con.execute(
            "SELECT report_id, line, coefficient FROM quality.identity_operand ORDER BY ALL"
        ).fetchall()
        assert operands == [("wrong", "201", -1), ("wrong", "208", -1), ("wrong", "total", 1)]
        (difference,) = con.execute(
            "SELECT difference FROM quality.identity_result WHERE report_id = 'wrong'"
        ).fetchall()[0]
        assert difference == Decimal(10_000)
        evaluate(con, [identity(Check(*SUM))], all_operands=True)
        assert con.execute("SELECT count(*) FROM quality.identity_operand").fetchall() == [(6,)]


def test_coverage_counts_what_was_not_checked():
    with duckdb.connect() as con:
        load(con, Account("a", table(T5, total="1.00", c201="1.00")), Account("b", table(T5, total="1.00")))
        evaluate(con, [identity(Check(*SUM))])
        assert con.execute("SELECT outcome, reason, instances, reports FROM quality.coverage").fetchall() == [
            ("exact", "", 1, 1),
            ("not_evaluated", "line_absent", 1, 1),
        ]


def test_an_empty_warehouse_can_be_judged_and_nothing_is_left_behind():
    with duckdb.connect() as con:
        load(con)
        evaluate(con)
        assert con.execute("SELECT count(*) FROM quality.identity_result").fetchall() == [(0,)]
        left = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
        assert left == []


def test_declarations_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="keys of their own"):
        identity(Check(*SUM), Check(*SAME))
    with pytest.raises(ValueError, match="level"):
        Term(T6, Level(1, ("301",)))
