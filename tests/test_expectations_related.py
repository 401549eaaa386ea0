"""Reports compared with others: which ones those are, what is said where they are missing, and what is implausible."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.identities import IDENTITIES
from expectations.model import Check, Identity, Severity, Term, Whose
from expectations.vocabulary import T1, T3, T4, T5, T6, TF
from tests.accounts import Account, catalogue, load, page, rounded
from tests.sample_books import PLAIN, RICH, cells, department, year_before

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = Account("now", rounded(cells(RICH)), labels={"opening_carryover": "年初结转和结余"})
BEFORE = Account("before", rounded(cells(year_before(RICH))), fiscal_year=2023)
OPENING = (T1, "opening_carryover", "amount")
OWN = replace(NOW, report_id="own", unit_id="主管局", scope="本级")
UNIT = Account("unit", rounded(cells(PLAIN)), unit_id="乙局", department_id="主管局")
WHOLE = Account("whole", rounded(cells(department())), unit_id="主管局", scope="汇总", level="部门")


Results = dict[str, dict[str, tuple[str, str, str]]]
_known: dict[tuple[str, str], Results] = {}


def results(identity: str, *accounts: Account) -> Results:
    """(relation, outcome, reason) by report and instance; what several tests ask is evaluated once."""
    key = identity, repr(accounts)
    if key not in _known:
        _known[key] = _results(identity, *accounts)
    return _known[key]


def _results(identity: str, *accounts: Account) -> Results:
    found: Results = {}
    with duckdb.connect() as con:
        load(con, *accounts)
        catalogue(con)
        evaluate(con, [IDENTITIES[identity]])
        for report, instance, *rest in con.execute(
            "SELECT report_id, instance, relation, outcome, reason FROM quality.identity_result"
        ).fetchall():
            found.setdefault(report, {})[instance] = tuple(rest)
    return found


def outcomes(identity: str, report: str, *accounts: Account) -> set[tuple[str, str]]:
    return {(outcome, reason) for _, outcome, reason in results(identity, *accounts)[report].values()}


def failed(identity: str, *accounts: Account) -> set[tuple[str, str]]:
    found = results(identity, *accounts)
    return {(report, key) for report, rows in found.items() for key, row in rows.items() if row[1] == "fail"}


def with_more_at_the_opening(account: Account) -> Account:
    """The balance that was carried over is 1 more, and all sums of the table with it."""
    for line in ("opening_carryover", "income_total", "closing_carryover", "expenditure_total"):
        account = account.moved((T1, line, "amount"), "1", account.report_id)
    return account


@contextmanager
def judged(*accounts: Account) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        load(con, *accounts)
        catalogue(con)
        evaluate(con)
        judge(con, None, date(2026, 1, 1), comments=False, events=False)
        yield con


def symptom(identity: str, *accounts: Account) -> dict:
    """The broken instance of an identity, under whichever finding it is told."""
    with judged(*accounts) as con:
        answer = con.execute(
            "SELECT f.report_id, s.sentence FROM quality.finding f JOIN quality.finding_symptom s USING (finding_id) "
            "WHERE s.identity = $1",
            [identity],
        )
        ((report, sentence),) = answer.fetchall()
    return {"report_id": report, "sentence": sentence}


def findings(*accounts: Account) -> list[dict]:
    with judged(*accounts) as con:
        answer = con.execute(
            "SELECT f.*, (SELECT list((c.of_report, c.line, c.page) ORDER BY c.role DESC, c.of_report)"
            " FROM quality.finding_cell c WHERE c.finding_id = f.finding_id) AS cells FROM quality.finding f"
        )
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


OTHERS = {
    "year": {"fiscal_year": 2022},
    "unit": {"unit_id": "别局"},
    "scope": {"scope": "本级"},
    "department": {"level": "部门", "scope": "部门"},
    "level": {"level": ""},
}
"""How a report may differ from that of last year, each for a unit of its own."""


def test_last_year_is_the_report_of_the_same_unit_and_extent_of_the_year_before():
    assert outcomes("Y-02", "now", NOW, BEFORE) == {("exact", "")}
    pairs = [
        replace(account, **{"report_id": f"{account.report_id} {name}", "unit_id": name} | differs)
        for name, change in OTHERS.items()
        for account, differs in ((NOW, {}), (BEFORE, change))
    ]
    found = results("Y-02", *pairs)
    for name in OTHERS:
        assert {row[1:] for row in found[f"now {name}"].values()} == {("not_evaluated", "last_year_absent")}, name


def test_a_department_is_called_so_in_two_ways():
    now, before = (replace(a, scope=s, level="部门") for a, s in ((NOW, "汇总"), (BEFORE, "部门")))
    assert outcomes("Y-02", "now", now, before) == {("exact", "")}


def test_a_form_that_last_years_report_lacks_is_no_zero():
    before = BEFORE.without(*[key for key in BEFORE.cells if key[0] == T4])
    found = results("Y-02", NOW, before)["now"]
    assert found["fiscal"] == ("=", "not_evaluated", "related_unread")
    assert found["all"][1] == "exact"
    wrong = BEFORE.moved((T1, "closing_carryover", "amount"), "1", "before")
    unread = replace(wrong, forms={T1: {"numbers": 999}})
    assert results("Y-02", NOW, wrong)["now"]["all"][1] == "fail"
    assert results("Y-02", NOW, unread)["now"]["all"][1:] == ("not_evaluated", "unread")


def test_a_fund_that_vanished_with_its_balance_is_noticed():
    rows = [key for key in NOW.cells if key[:2] == (TF, "2120801")]
    assert failed("Y-02-C", NOW.without(*rows), BEFORE) == {("now", "government_fund:2120801")}


def test_the_opening_balance_is_a_warning_that_names_the_other_report_and_its_page():
    (finding,) = [f for f in findings(with_more_at_the_opening(NOW), BEFORE) if f["identity"] == "Y-02"]
    printed = Decimal(NOW.cells[OPENING])
    assert finding["sentence"] == (
        f"《收入支出决算总表》（第{page(T1)}页）年初结转和结余为{printed + 1}万元，上年决算《收入支出决算总表》"
        f"（第{page(T1)}页）年末结转和结余为{printed}万元，相差1.00万元；如属年初数调整，应在情况说明中写明原因。"
    )
    assert (finding["report_id"], finding["severity"], finding["page"]) == ("now", "W", page(T1))
    assert [cell[:2] for cell in finding["cells"]] == [("now", "opening_carryover"), ("before", "closing_carryover")]


def test_amounts_of_another_report_are_in_its_own_unit():
    yuan = {key: str(Decimal(value) * 10_000) for key, value in BEFORE.cells.items()}
    before = replace(BEFORE, cells=yuan, money_unit=dict.fromkeys({k[0] for k in yuan}, 1))
    (finding,) = [f for f in findings(with_more_at_the_opening(NOW), before) if f["identity"] == "Y-02"]
    assert "年末结转和结余为" + f"{Decimal(yuan[T1, 'closing_carryover', 'amount']):,.2f}元" in finding["sentence"]


def test_a_class_that_vanished_waits_for_the_narrative():
    before = BEFORE.moved((T3, "201", "total"), "0", "before")
    cells_with_old = {**before.cells, (T3, "206", "total"): "5.00"}
    found = results("Y-03", NOW, replace(before, cells=cells_with_old))["now"]
    assert found == {"class:206": ("", "not_evaluated", "narrative_not_read")}
    assert outcomes("Y-03", "now", NOW, BEFORE) == {("exact", "")}


def relations(*accounts: Account) -> set[tuple[str, str]]:
    return {(relation, outcome) for relation, outcome, _ in results("D-01", *accounts)["whole"].values()}


def test_a_department_equals_its_units_only_where_none_is_missing():
    assert {relation for relation, _ in relations(WHOLE, OWN, UNIT)} == {"="}
    assert relations(WHOLE, OWN, UNIT) <= {("=", "exact"), ("=", "rounding"), ("=", "not_evaluated")}
    some = results("D-01", WHOLE, OWN)["whole"]
    assert {row[:2] for row in some.values()} == {(">=", "exact"), ("", "not_evaluated")}
    assert some["superior_subsidy"] == ("", "not_evaluated", "units_incomplete")
    assert outcomes("D-01", "whole", WHOLE) == {("not_evaluated", "units_absent")}
    assert outcomes("D-01", "own", WHOLE, OWN) == {("not_evaluated", "not_a_department")}


def test_what_one_unit_has_cannot_be_more_than_what_the_department_has():
    key = (T5, "2010302", "project")
    assert failed("D-01", WHOLE, OWN.moved(key, "1000", "own")) == {("whole", "general_budget.project:2010302")}


def test_nothing_but_the_two_transfers_is_eliminated():
    moved = WHOLE.moved((T3, "total", "affiliate_subsidy"), "1", "whole")
    assert failed("D-01", moved, OWN, UNIT) == {("whole", "superior_subsidy"), ("whole", "expenditure.outside:total")}


@pytest.mark.parametrize(
    "other",
    [
        replace(UNIT, fiscal_year=2023),
        replace(UNIT, department_id=""),
        replace(UNIT, level=""),
        replace(UNIT, scope="汇总"),
    ],
)
def test_what_is_not_known_to_be_a_unit_of_the_department_is_not_added(other):
    assert {relation for relation, _ in relations(WHOLE, OWN, other)} == {">=", ""}


def test_a_unit_with_units_of_its_own_is_not_added_twice():
    below = replace(UNIT, report_id="below", unit_id="丙所", department_id="乙局")
    assert {relation for relation, _ in relations(WHOLE, OWN, UNIT, below)} == {">=", ""}
    office = replace(UNIT, scope="本级")
    assert {relation for relation, _ in relations(WHOLE, OWN, office, below)} == {"="}


def test_a_department_is_told_from_its_units_in_the_sentence():
    finding = symptom("D-01", WHOLE.moved((T5, "2010302", "project"), "-1", "whole"), OWN, UNIT)
    assert finding["report_id"] == "whole"
    assert finding["sentence"].startswith(f"部门《一般公共预算财政拨款支出决算表》（第{page(T5)}页）科目2010302")
    assert "所属单位决算《一般公共预算财政拨款支出决算表》同一栏之和为" in finding["sentence"]


def test_a_check_speaks_of_one_kind_of_other_reports():
    amount = Term(T1, "closing_carryover")
    both = Check((replace(amount, whose=Whose.UNITS),), (replace(amount, whose=Whose.LAST_YEAR),))
    with pytest.raises(ValueError, match="two kinds"):
        Identity("X", "", Severity.ERROR, "", "", (both,))


def times(account: Account, factor: int, *forms: str) -> Account:
    scaled = {
        key: str(Decimal(value) * factor) if value and (not forms or key[0] in forms) else value
        for key, value in account.cells.items()
    }
    return replace(account, cells=scaled)


def test_yuan_printed_as_wan_is_noticed_for_a_report_and_for_a_form():
    assert failed("PL-02", NOW, BEFORE) == set()
    assert failed("PL-02", times(NOW, 10_000), BEFORE) == {("now", "report")}
    assert failed("PL-02", times(NOW, 10_000, T6), BEFORE) == {("now", "basic_expenditure")}
    assert failed("PL-02", NOW, times(BEFORE, 10_000)) == {("now", "report")}
    assert failed("PL-02", times(NOW, 300), BEFORE) == set()


def test_a_total_out_of_all_proportion_is_noted_once_it_is_large():
    assert failed("Y-05", NOW, BEFORE) == set()
    lines = {("now", f"current_year_{side}_total") for side in ("income", "expenditure")} | {("now", "personnel_total")}
    assert failed("Y-05", times(NOW, 30), BEFORE) == lines
    assert failed("Y-05", times(NOW, 10_000), BEFORE) == set()
    tiny = {key: "0.30" for key in BEFORE.cells if key[0] in {T1, T6}}
    assert failed("Y-05", NOW, replace(BEFORE, cells={**BEFORE.cells, **tiny})) == set()


def test_projects_under_other_subjects():
    form = {(T5, "2010302", "project"): "70", (T5, "2010399", "project"): "90", (T5, "2019999", "project"): "20"}
    other = Account("now", {key: value + ".00" for key, value in form.items()})
    assert failed("PL-01", other) == {("now", "general_budget")}
    assert failed("PL-01", other.moved((T5, "2010302", "project"), "50", "now")) == set()
    assert failed("PL-01", replace(other, money_unit={T5: 1})) == set()
    basic = {(line[0], line[1], "basic"): value for line, value in other.cells.items()}
    assert failed("PL-01", replace(other, cells=basic)) == set()


def test_the_same_amount_in_two_rows_is_noted_where_chance_is_no_explanation():
    form = {"2010301": "1234.56", "2010302": "88.10", "2080505": "88.10", "2210201": "1234.56", "201": "1234.56"}
    account = Account("now", {(T3, line, "project"): value for line, value in form.items()})
    assert failed("PL-03", account) == {("now", "expenditure:2010301=2210201")}
    both = {(T5, line, "project"): value for (_, line, _), value in account.cells.items()}
    assert failed("PL-03", replace(account, cells={**account.cells, **both})) == set()
    assert failed("PL-03", replace(account, cells=dict.fromkeys(account.cells, "1200.00"))) == set()


def test_heating_where_nobody_is_heated():
    heated = [
        ("柳州市", "第一小学", "3.00", "fail"),
        ("", "广西壮族自治区某厅", "3.00", "fail"),
        ("柳州市", "第二小学", "0.30", "exact"),
        ("哈尔滨市", "第一小学", "3.00", "not_evaluated"),
        ("", "海南藏族自治州某局", "3.00", "not_evaluated"),
    ]
    accounts = [
        Account(str(number), {(T6, "30208", "amount"): amount}, region=region, unit_id=unit)
        for number, (region, unit, amount, _) in enumerate(heated)
    ]
    found = results("PL-04", *accounts)
    for number, (*place, expected) in enumerate(heated):
        assert {row[1] for row in found[str(number)].values()} == {expected}, place
