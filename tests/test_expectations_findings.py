"""Findings: what they say, where they point, and how they stand to yesterday's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest

from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.history import events_of
from expectations.messages import Broken, form_mention, sentence, subject
from expectations.vocabulary import T1, T3, T5, T6, TG
from pipeline.schema import FINDING_EVENT
from tests.accounts import Account, load, page, rounded
from tests.evaluated import Evaluated
from tests.sample_books import PLAIN, cells
from warehouse.money import Style, money

if TYPE_CHECKING:
    from pathlib import Path

TODAY, TOMORROW, LATER = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
GOOD = Account("r", rounded(cells(PLAIN)), labels={"201": "一般公共服务支出"})
CLASS = (T3, "201", "total")
WRONG = GOOD.moved(CLASS, "1", "r")


def findings(con, *accounts: Account, today: date = TODAY, past=None) -> list[dict]:
    load(con, *accounts)
    evaluate(con)
    return told(con, today, past)


def told(con, today: date = TODAY, past=None) -> list[dict]:
    """The findings in a database in which identities are evaluated."""
    judge(con, past, today, comments=False)
    return rows_of(con, "SELECT * FROM quality.finding ORDER BY finding_id")


def rows_of(con, sql: str) -> list[dict]:
    answer = con.execute(sql)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


class Nights:
    """The findings of one night after another: each knows the events of those before."""

    def __init__(self, evaluated: Evaluated) -> None:
        self.evaluated, self.past = evaluated, None

    def night(self, today: date, *accounts: Account) -> list[dict]:
        with self.evaluated(*accounts) as con:
            found = told(con, today, self.past)
            self.cells = rows_of(con, "FROM quality.finding_cell")
            events = con.execute(f"SELECT {', '.join(FINDING_EVENT)} FROM quality.finding_event").fetchall()
        self.past = pl.DataFrame(events, schema=FINDING_EVENT, orient="row")
        return found


def by_identity(found: list[dict]) -> dict[tuple[str, str], dict]:
    return {(finding["identity"], finding["instance"]): finding for finding in found}


def symptoms(con) -> dict[tuple[str, str], str]:
    """The sentence of every broken identity under any finding."""
    rows = con.execute("SELECT identity, instance, sentence FROM quality.finding_symptom").fetchall()
    return {(identity, instance): sentence for identity, instance, sentence in rows}


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def evaluated():
    with Evaluated() as opened:
        yield opened


@pytest.fixture
def wrong(evaluated):
    """The report with one wrong total, evaluated."""
    with evaluated(WRONG) as opened:
        yield opened


@pytest.fixture
def nights(evaluated):
    return Nights(evaluated)


def test_a_report_in_order_has_no_finding(nights):
    assert nights.night(TODAY, GOOD) == []


def test_a_finding_says_which_number_on_which_page_is_wrong_and_what_should_stand_there(wrong):
    (finding,) = told(wrong)
    printed = WRONG.cells[CLASS]
    stated = Decimal(printed)
    assert finding["sentence"] == (
        f"《支出决算表》（第{page(T3)}页）科目201“一般公共服务支出”本年支出合计为{stated:,.2f}万元，"
        f"疑有误（一位数字写错），按其余数字应为{stated - 1:,.2f}万元；更正后，4项不成立的勾稽关系均可成立。"
    )
    assert (finding["severity"], finding["status"], finding["first_seen"]) == ("E", "new", TODAY)
    assert (finding["kind"], finding["symptoms"]) == ("digit", 4)
    assert (finding["form"], finding["line"], finding["measure"]) == CLASS
    assert (finding["page"], finding["box"]) == (page(T3), [1, 2, 3, 4])
    assert (finding["stated"], finding["expected"]) == (stated * 10_000, (stated - 1) * 10_000)
    found = wrong.execute(
        "SELECT role, coefficient, form, line, measure, printed, page FROM quality.finding_cell "
        "ORDER BY coefficient DESC, line"
    ).fetchall()
    assert found == [
        ("stated", 1, *CLASS, printed, page(T3)),
        ("compared", -1, T3, "20103", "total", WRONG.cells[T3, "20103", "total"], page(T3)),
    ]
    assert set(symptoms(wrong)) == {
        ("H-01", "expenditure.total:201"), ("H-02", "expenditure.total.classes"), ("R3", "201"), ("X13-02", "201"),
    }  # fmt: skip
    assert symptoms(wrong)["H-01", "expenditure.total:201"] == (
        f"《支出决算表》（第{page(T3)}页）科目201“一般公共服务支出”本年支出合计为{stated:,.2f}万元，"
        f"其下级科目之和为{stated - 1:,.2f}万元，相差1.00万元。"
    )


def test_two_tables_are_named_with_their_pages(wrong):
    told(wrong)
    sentence = symptoms(wrong)["X13-02", "201"]
    assert f"《收入支出决算总表》（第{page(T1)}页）科目201“一般公共服务支出”为" in sentence
    assert f"《支出决算表》（第{page(T3)}页）同一科目为" in sentence


def test_amounts_are_in_the_unit_of_their_table(con):
    yuan = {key: str(Decimal(value) * 10_000) if key[0] == T3 else value for key, value in GOOD.cells.items()}
    account = replace(GOOD, cells=yuan, money_unit={T3: 1}, precision={T3: Decimal(100)})
    (finding,) = findings(con, account.moved(CLASS, "10000", "r"))
    assert f"按其余数字应为{Decimal(yuan[CLASS]):,.0f}元" in finding["sentence"]
    assert "万元，《支出决算表》" in symptoms(con)["X13-02", "201"]
    assert f"同一科目为{Decimal(yuan[CLASS]) + 10_000:,.0f}元" in symptoms(con)["X13-02", "201"]


def test_an_improbable_rounding_is_a_note(con):
    total = T1, "current_year_expenditure_total", "amount"
    short = GOOD.moved(total, "0.06", "r")
    # the tables that would contradict it are not there
    alone = short.without(*[key for key in GOOD.cells if key[0] != T1])
    balanced = alone.moved((T1, "closing_carryover", "amount"), "-0.06", "r")
    finding = by_identity(findings(con, balanced))["T1-02", ""]
    assert finding["severity"] == "I"
    assert finding["sentence"].endswith("差额在四舍五入允许的范围内，但偏大，请核对。")


def test_a_predicate_points_at_its_row(con):
    repeated = replace(GOOD, extra_rows=((T5, "201", 1, 9),))
    finding = by_identity(findings(con, repeated))["H-03", "repeated:201"]
    assert (
        finding["sentence"]
        == f"《一般公共预算财政拨款支出决算表》（第{page(T5)}页）科目201“一般公共服务支出”在第9页重复出现。"
    )
    assert finding["page"] == page(T5)
    blank = GOOD.without(*[key for key in GOOD.cells if key[0] == TG])
    finding = by_identity(findings(con, replace(blank, forms={TG: {}})))["TG-04", ""]
    assert finding["sentence"] == "《财政拨款“三公”经费支出决算表》没有任何数字，也没有注明原因。"
    assert (finding["page"], finding["box"]) == (None, None)


def test_a_direction_says_which_is_too_small(con):
    less = {(T6, "30108", "amount"): "-30", (T6, "30199", "amount"): "30"}
    account = GOOD
    for key, by in less.items():
        account = account.moved(key, by, "r")
    finding = by_identity(findings(con, account))["X56-S", "30108"]
    assert (finding["severity"], finding["kind"], finding["symptoms"]) == ("W", "", 1)
    assert "科目2080505的基本支出" in finding["sentence"]


def test_a_breach_that_follows_from_a_wrong_cell_is_told_under_it(con):
    (finding,) = findings(con, GOOD.moved((T6, "30108", "amount"), "-30", "r"))
    assert {identity for identity, _ in symptoms(con)} == {"T6-01", "X56-S"}
    assert finding["identity"] == "T6-01"


def test_findings_persist_and_are_resolved_and_come_back(nights):
    nights.night(TODAY, WRONG)
    second = nights.night(TOMORROW, WRONG)
    assert {(f["status"], f["first_seen"]) for f in second} == {("persisting", TODAY)}
    third = nights.night(LATER, GOOD)
    assert {(f["status"], f["first_seen"], f["resolved_on"]) for f in third} == {("resolved", TODAY, LATER)}
    assert nights.cells
    again = nights.night(date(2026, 2, 1), WRONG)
    assert {(f["status"], f["first_seen"], f["resolved_on"]) for f in again} == {("new", TODAY, None)}


def test_a_new_fault_is_new_among_old_ones(nights):
    nights.night(TODAY, WRONG)
    found = by_identity(nights.night(TOMORROW, WRONG.moved((TG, "total", "final"), "-1", "r")))
    assert (found["TG-01", "final"]["status"], found["TG-01", "final"]["first_seen"]) == ("new", TOMORROW)
    assert found["H-01", "expenditure.total:201"]["status"] == "persisting"


@pytest.mark.parametrize("lost", ["form", "numbers", "report"])
def test_what_could_not_be_evaluated_again_is_not_resolved(nights, lost):
    nights.night(TODAY, WRONG)
    now = {
        "form": [GOOD.without(*[key for key in GOOD.cells if key[0] == T3])],
        "numbers": [replace(WRONG, forms={T3: {"numbers": 9999}})],
        "report": [],
    }[lost]
    found = by_identity(nights.night(TOMORROW, *now))
    assert found["H-01", "expenditure.total:201"]["status"] == "unverified"
    assert found["H-01", "expenditure.total:201"]["resolved_on"] is None


def test_a_row_that_is_gone_resolves_its_finding(nights):
    row = [key for key in GOOD.cells if key[0] == T3 and key[1].startswith("2010399")]
    nights.night(TODAY, GOOD.moved((T3, "2010399", "basic"), "1", "r"))
    found = nights.night(TOMORROW, GOOD.without(*row))
    assert {f["status"] for f in found if f["line"] == "2010399" and f["kind"] != "missing_row"} == {"resolved"}


def test_the_id_depends_on_unit_year_scope_and_place_only(evaluated):
    def ids(account: Account) -> set[str]:
        with evaluated(account) as opened:
            return {finding["finding_id"] for finding in told(opened)}

    renamed = replace(GOOD, report_id="other").moved(CLASS, "7", "other")
    assert ids(renamed) == ids(WRONG) != set()
    assert ids(WRONG).isdisjoint(ids(replace(WRONG, fiscal_year=2023)))


def published(folder: Path, name: str, *accounts: Account) -> Path:
    path = folder / name
    with duckdb.connect(str(path)) as opened:
        findings(opened, *accounts)
    return path


def test_a_previous_file_without_findings_or_with_fewer_columns_is_understood(tmp_path, evaluated):
    empty = tmp_path / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with evaluated(WRONG) as opened:
        assert {f["status"] for f in told(opened, past=events_of(empty))} == {"new"}
    old = published(tmp_path, "old.duckdb", WRONG)
    with duckdb.connect(str(old)) as opened:
        opened.execute("ALTER TABLE quality.finding DROP COLUMN box")
    with evaluated(GOOD) as opened:
        assert {f["status"] for f in told(opened, past=events_of(old))} == {"resolved"}


@pytest.mark.parametrize(
    ("amount", "style", "text"),
    [
        ("11196300", Style(), "1,119.63万元"),
        ("-100", Style(), "-0.01万元"),
        ("0", Style(), "0.00万元"),
        ("12345.6", Style(1, 2), "12,345.60元"),
        ("12345", Style(1, 0), "12,345元"),
        ("12345.67", Style(), "1.234567万元"),
    ],
)
def test_money(amount, style, text):
    assert money(Decimal(amount), style) == text


def test_names_of_forms_and_rows():
    assert form_mention("expenditure", 10) == "《支出决算表》（第10页）"
    assert form_mention("expenditure", None) == "《支出决算表》"
    assert subject("expenditure", "201", "") == "科目201"
    assert subject("expenditure", "total", "合计") == "合计行"
    assert subject("income", "closing_fiscal_carryover", "年末结转") == "“年末结转”"


def test_the_sentence_is_a_function_of_its_values():
    broken = Broken("expenditure", "201", "total", "甲", "", Decimal(20_000), Decimal(10_000), pages={"expenditure": 3})
    assert sentence("{form}{subject}{measure}为{stated}，{expected}，{difference}。", broken) == (
        "《支出决算表》（第3页）科目201“甲”本年支出合计为2.00万元，1.00万元，1.00万元。"
    )


def test_the_tables_are_explained_in_chinese(con):
    load(con, WRONG)
    evaluate(con)
    judge(con, None, TODAY)
    missing = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'quality' AND comment IS NULL"
    ).fetchall()
    assert missing == []
