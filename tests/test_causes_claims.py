"""Causes where sentences are in it: who is wrong, the sentence or the table, and what sort of slip it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from expectations import findings as findings_
from expectations.causes.slips import Kind
from expectations.evaluate import evaluate
from expectations.identities import IDENTITIES
from expectations.model import Check, Domain, Identity, Own, Severity, Term, Whose
from expectations.vocabulary import N1, N3, N5, T1, T3, T5, TABLES, less
from tests.accounts import Account, load, rounded
from tests.sample_books import PLAIN, cells

GOOD = Account("r", rounded(cells(PLAIN)))
TOTAL, CLASS = GOOD.cells[T5, "total", "total"], GOOD.cells[T5, "208", "total"]


def told(measure: str, line: str = "208", topic: str = N5, form: str = T5, column: str = "total", **known) -> Check:
    return Check((Term(topic, line, measure),), (Term(form, line, column),), key=f"{topic}-{line}-{measure}", **known)


SAYS = Identity(
    "N5-X", "文字", Severity.ERROR, "文字与表一致",
    "{N5}称{subject}{measure}为{stated}，{T5}为{expected}，相差{difference}。",
    checks=(told("final"), told("final", "total")),
)  # fmt: skip
ALSO = replace(SAYS, id="N3-X", checks=(told("final", "208", N3, T3),), sentence="{N3}与{T3}不一致。")
SHARE = Identity(
    "N5-S", "文字", Severity.ERROR, "占比",
    "{N5}称{subject}{measure}为{stated}，按所列金额计算应为{expected}。",
    checks=(
        Check(
            (Term(N5, "208", "share"),), (Term(N5, "208", "final"),),
            divisor=(Term(N5, "total", "final"),), factor=100,
        ),
    ),
)  # fmt: skip
PRIOR = Identity(
    "Y-X", "文字", Severity.ERROR, "上年",
    "{N5}所说上年数与{other}不一致。",
    checks=(
        Check((Term(N5, "total", "final"), less(N5, "total", "change")), (Term(T5, "total", "total", whose=Whose.LAST_YEAR),)),
    ),
)  # fmt: skip
OF_TABLES = {key: identity for key, identity in IDENTITIES.items() if set(identity.forms) <= set(TABLES.values())}
MINE = {identity.id: identity for identity in (SAYS, ALSO, SHARE, PRIOR)}


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setattr(findings_, "IDENTITIES", IDENTITIES | MINE)


def claims(**amounts: str) -> dict:
    """Of the total and the class 208 of N5, in 万元."""
    right = {"total": TOTAL, "208": CLASS} | {line.removeprefix("c"): amount for line, amount in amounts.items()}
    return {(N5, line, "final"): f"{amount}万元" for line, amount in right.items()}


def judged(*accounts: Account, only: str = "r") -> list[dict]:
    with duckdb.connect() as con:
        load(con, *accounts)
        evaluate(con, [*OF_TABLES.values(), *MINE.values()])
        findings_.judge(con, None, date(2026, 1, 5), comments=False, events=False)
        columns = "identity, kind, severity, form, line, measure, stated, expected, symptoms, sentence, finding_id"
        found = con.execute(f"SELECT {columns} FROM quality.finding WHERE report_id = '{only}' AND severity <> 'I'")
        rows = [dict(zip(columns.split(", "), row, strict=True)) for row in found.fetchall()]
        for row in rows:
            row["cells"] = con.execute(
                "SELECT role, form, line, measure FROM quality.finding_cell WHERE finding_id = $1", [row["finding_id"]]
            ).fetchall()
        return rows


def moved(amount: str, by: str) -> str:
    return f"{Decimal(amount) + Decimal(by):.2f}"


def test_right_claims_say_nothing():
    assert judged(replace(GOOD, told=claims())) == []


def test_a_claim_against_a_table_that_adds_up_is_the_wrong_one():
    (found,) = judged(replace(GOOD, told=claims(total=moved(TOTAL, "3"))))
    assert (found["form"], found["line"], found["measure"]) == (N5, "total", "final")
    assert found["expected"] == Decimal(TOTAL) * 10_000
    assert "《一般公共预算财政拨款支出决算情况说明》（第14页）“名total”决算数为" in found["sentence"]
    assert {role for role, *_ in found["cells"]} == {"stated", "compared"}


def test_a_table_cell_that_its_table_and_a_claim_contradict_is_the_wrong_one():
    wrong = replace(GOOD, told=claims()).moved((T5, "total", "total"), "5.37", "r")
    (found,) = judged(wrong)
    assert (found["form"], found["line"], found["measure"]) == (T5, "total", "total")
    assert found["expected"] == Decimal(TOTAL) * 10_000


def test_a_claim_that_repeats_a_wrong_cell_does_not_protect_it():
    printed = moved(GOOD.cells[T5, "total", "total"], "5.37")
    alone = judged(GOOD.moved((T5, "total", "total"), "5.37", "r"))
    (found,) = judged(replace(GOOD, told=claims(total=printed)).moved((T5, "total", "total"), "5.37", "r"))
    assert (found["form"], found["line"], found["measure"]) == (T5, "total", "total")
    assert found["expected"] == alone[0]["expected"]


def test_two_wrong_claims_are_two_findings():
    wrong = claims(total=moved(TOTAL, "3"), c208=moved(CLASS, "-2"))
    assert {found["line"] for found in judged(replace(GOOD, told=wrong))} == {"total", "208"}


def share(percent: str) -> dict:
    return {(N5, "208", "share"): percent}


RIGHT_SHARE = f"{100 * Decimal(CLASS) / Decimal(TOTAL):.2f}%"


def test_a_wrong_ratio_is_a_finding_at_the_ratio():
    (found,) = judged(replace(GOOD, told=claims() | share("99.99%")))
    assert (found["form"], found["line"], found["measure"]) == (N5, "208", "share")
    assert found["stated"] == Decimal("99.99")
    assert found["expected"] == Decimal(RIGHT_SHARE.rstrip("%"))
    assert f"占比为99.99%，按所列金额计算应为{RIGHT_SHARE}。" in found["sentence"]


def test_a_ratio_that_the_cause_mends_is_told_under_it():
    (found,) = judged(replace(GOOD, told=claims(c208=moved(CLASS, "40")) | share(RIGHT_SHARE)))
    assert (found["line"], found["measure"], found["symptoms"]) == ("208", "final", 2)


def test_a_ratio_that_it_does_not_mend_is_another_finding():
    found = judged(replace(GOOD, told=claims(c208=moved(CLASS, "40")) | share("99.99%")))
    assert {row["measure"] for row in found} == {"final", "share"}


def test_a_number_of_last_year_is_called_so():
    (found,) = judged(replace(GOOD, told=claims(total="876.54")), last_year("876.54"))
    assert found["kind"] == Kind.STALE
    assert "与上年决算《一般公共预算财政拨款支出决算表》（第9页）合计行小计相同，疑为沿用上年文字" in found["sentence"]


def test_a_number_from_which_the_claimed_change_would_start_is_last_years():
    change = {(N5, "total", "change"): "12.34万元"}
    (found,) = judged(replace(GOOD, told=claims(total=moved(TOTAL, "-12.34")) | change))
    assert found["kind"] == Kind.STALE
    assert "推算的上年数" in found["sentence"]


def test_a_number_of_another_cell_is_called_so():
    (found,) = judged(replace(GOOD, told=claims(total=GOOD.cells[T5, "201", "total"])))
    assert found["kind"] == Kind.OTHER_CELL
    assert "科目201“名201”" in found["sentence"]


@pytest.mark.parametrize(
    ("by", "kind"),
    [
        (lambda text: text[:-1] + ("1" if text[-1] != "1" else "2"), Kind.DIGIT),
        (lambda text: text + "0000", Kind.MISPRINT),
    ],
)
def test_digits_of_a_claim(by, kind):
    (found,) = judged(
        replace(GOOD, told=claims(total=by(TOTAL).replace("0000", "") if kind is Kind.DIGIT else "77777.77"))
    )
    assert found["kind"] == kind


def last_year(total: str) -> Account:
    return replace(GOOD, report_id="last", fiscal_year=2023, cells={(T5, "total", "total"): total})


def test_a_change_in_the_wrong_direction_is_the_claim_and_not_last_years_table():
    before = moved(TOTAL, "25.5")
    said = claims() | {(N5, "total", "change"): "25.50万元"}
    (found,) = judged(replace(GOOD, told=said), last_year(before))
    assert (found["form"], found["measure"], found["kind"]) == (N5, "change", Kind.SIGN)
    assert "（增减方向相反）" in found["sentence"]
    assert found["expected"] == Decimal(-255_000)
    assert "同样可疑" not in found["sentence"]


def test_a_finding_shows_its_claims_and_cells():
    (found,) = judged(replace(GOOD, told=claims(total=moved(TOTAL, "3"))))
    assert {cell[1:] for cell in found["cells"]} == {(N5, "total", "final"), (T5, "total", "total")}


def test_codes_of_the_prose_take_no_part_in_slips_of_tables():
    items = {(N3, "208", "final"): f"{moved(GOOD.cells[T3, '208', 'total'], '9')}万元"}
    (found,) = judged(replace(GOOD, told=claims() | items))
    assert (found["form"], found["line"]) == (N3, "208")


def test_unsupported_cell_and_claim_are_both_named():
    check = Check((Term(N1, Own(), "final"),), (Term(T1, Own(), "amount"),), over=Domain((N1,), lines=("extra",)))
    declared_ = Identity("N1-X", "文字", Severity.ERROR, "x", "{N1}与{T1}不一致。", checks=(check,))
    MINE["N1-X"] = declared_
    try:
        with_extra = replace(
            GOOD, cells=GOOD.cells | {(T1, "extra", "amount"): "5.00"}, told={(N1, "extra", "final"): "7.00万元"}
        )
        findings_.IDENTITIES["N1-X"] = declared_
        (found,) = judged(with_extra)
    finally:
        del MINE["N1-X"]
    assert found["form"] == N1
    assert ("alternative", T1, "extra", "amount") in found["cells"]
