"""What a text says and a predicate judges: for each a statement that it accuses, and its neighbour that it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.identities import IDENTITIES
from expectations.vocabulary import N1, N5, N6, N7, NE, NF, NO, NP, T1, T3, T5, T6, TF, TG
from tests.accounts import Account, load
from tests.tables import insert

NAMES = {"2010101": "行政运行", "2010199": "其他人大事务支出", "2080505": "机关事业单位基本养老保险缴费支出"}


class Case(NamedTuple):
    """An account that breaks an identity at `line`, and what differs in the one that does not."""

    identity: str
    line: str
    wrong: Account
    right: dict[str, object]


def account(told=None, cells=None, **known) -> Account:
    return Account("", cells or {}, told=told or {}, **known)


def claim(topic, line, measure, value="0", **known):
    return {"topic": topic, "line": line, "measure": measure, "value": value, "label": "", "printed": "", "unit": "",
            "page": 14, **known}  # fmt: skip


def told(topic, line, **measures) -> dict:
    return {(topic, line, measure): printed for measure, printed in measures.items()}


def amounts(form, measure="total", **lines) -> dict:
    return {(form, line.removeprefix("c"), measure): printed for line, printed in lines.items()}


SPENT = told(N5, "2010101", final="90.00万元", initial_budget="100.00万元")
TOTALS = told(N1, "income_total", final="120.00万元", change="20.00万元", rate="25.00%")
REVENUE = ("general_public_budget", "government_fund_budget", "state_capital_budget", "superior_subsidy_income",
           "institution_income", "operating_income", "affiliate_remittance_income", "other_income")  # fmt: skip
EACH_REVENUE = {(N1, line, "change"): "1.00万元" for line in REVENUE}
CLASSES = told(N1, "201", change="1.00万元") | told(N1, "208", change="2.00万元")
SHARES = {
    **told(NP, "goods", final="10.00万元"), **told(NP, "works", final="20.00万元"),
    **told(NP, "services", final="30.00万元"), **told(NP, "goods_small_medium", share="100%"),
    **told(NP, "works_small_medium", share="50%"), **told(NP, "services_small_medium", share="10%"),
}  # fmt: skip
PROJECT = {
    "core.project": ({"project": 1, "kind": "项目", "name": "热线平台运行", "first_page": 20},),
    "core.project_figure": (
        {"project": 1, "line": "total", "measure": "actual", "value": "300000", "precision": "100", "printed": "30.00",
         "page": 20, "confidence": 1.0},
    ),
}  # fmt: skip
NAMED = claim(N5, "2080505", "final", "10000", label="社会保障和就业支出（类）行政运行（项）")
FUND = told(NF, "income", change="0万元") | told(N1, "government_fund_budget", change="5.00万元")

CASES = (
    Case("NB-02", "2010101", account(SPENT | told(N5, "2010101", completion="80%")),
         {"told": SPENT | told(N5, "2010101", completion="90%")}),
    Case("NB-02", "2010101", account(SPENT | told(N5, "2010101", gap="-20.00万元")),
         {"told": SPENT | told(N5, "2010101", gap="-10.00万元")}),
    # the ratio is that of another budget than the one that it names
    Case("NB-03", "2010101", account(SPENT | told(N5, "2010101", completion_full="90%")),
         {"told": SPENT | told(N5, "2010101", completion_full="90%", full_budget="100.00万元")}),
    Case("NB-04", "2010101", account(SPENT | told(N5, "2010101", comparison="1")),
         {"told": SPENT | told(N5, "2010101", comparison="-1")}),
    Case("NB-05", "2010101", account(SPENT | told(N5, "2010101", comparison="0")),
         {"told": told(N5, "2010101", final="90.00万元", initial_budget="90.00万元", comparison="0")}),
    Case("NB-08", "2010101",
         account(told(N5, "2010101", final="5.00万元", initial_budget="0万元", completion_initial="100%")),
         {"told": told(N5, "2010101", final="0万元", initial_budget="0万元", completion_initial="100%")}),
    Case("NC-02", "income_total", account(TOTALS), {"told": TOTALS | told(N1, "income_total", rate="20.00%")}),
    # a sentence that names both totals may mean the other one
    Case("NC-02", "income_total", account(TOTALS),
         {"told": TOTALS | told(N1, "current_year_income_total", final="100.00万元")}),
    Case("NC-03", "abroad", account(told(N7, "abroad", final="5.00万元", change="5.00万元", rate="100%")),
         {"told": told(N7, "abroad", final="5.00万元", change="4.00万元", rate="400%")}),
    Case("NC-05", "total", account(told(NP, "total", change="5.00万元", rate="-10%")),
         {"told": told(NP, "total", change="5.00万元", rate="10%")}),
    Case("NF-02", "income", account(told(NF, "income", none="1"), amounts(TF, "income", total="3.00")),
         {"cells": amounts(TF, "income", total="0.00")}),
    Case("NF-03", "income", account(FUND), {"told": FUND | told(N1, "government_fund_budget", change="0万元")}),
    Case("N1-02", "current_year_income_total",
         account(EACH_REVENUE | told(N1, "current_year_income_total", change="9.00万元")),
         {"told": EACH_REVENUE | told(N1, "current_year_income_total", change="8.00万元")}),
    Case("N1-03", "current_year_expenditure_total",
         account(CLASSES | told(N1, "current_year_expenditure_total", change="9.00万元"),
                 amounts(T1, "amount", c201="5.00", c208="6.00")),
         # a class of which the text says nothing may have changed
         {"cells": amounts(T1, "amount", c201="5.00", c208="6.00", c221="7.00")}),
    Case("N5-09", "total",
         account(told(N5, "total", share="80.00%"),
                 amounts(T5, total="90.00") | amounts(T3, total="100.00")
                 | amounts(T1, "amount", expenditure_total="110.00")),
         {"told": told(N5, "total", share="81.82%")}),
    Case("N5-06-S", "total",
         account(told(N5, "total", initial_budget="30.00万元") | told(N5, "2010101", initial_budget="10.00万元")
                 | told(N5, "2010199", initial_budget="5.00万元"), amounts(T5, c2010101="9.00", c2010199="4.00")),
         # an item of which the text says nothing may have the rest
         {"cells": amounts(T5, c2010101="9.00", c2010199="4.00", c2080505="1.00")}),
    Case("N5-07", "2080505",
         account(told(N5, "2080505", final="1.00万元"), amounts(T5, c2080505="1.00"), labels={"2080505": NAMES["2080505"]}, said=(NAMED,)),
         {"said": (NAMED | {"label": "社会保障和就业支出（类）机关事业单位基本养老保险缴费支出（项）"},)}),
    Case("N5-07-S", "2080505",
         account(told(N5, "2080505", final="1.00万元"), amounts(T5, c2080505="1.00"), labels={"2080505": NAMES["2080505"]},
                 said=(NAMED | {"label": "行政事业单位离退休（款）养老金缴纳（项）"},)),
         {"said": (NAMED | {"label": "行政事业单位养老支出（款）基本养老保险缴费支出（项）"},)}),
    Case("N5-08", "total",
         account(told(N5, "total", initial_budget="100.00万元") | told(N6, "301", initial_budget="60.00万元")
                 | told(NE, "amount", final="30.00万元", share="100%")),
         {"told": told(N5, "total", initial_budget="90.00万元") | told(N6, "301", initial_budget="60.00万元")
          | told(NE, "amount", final="30.00万元", share="100%")}),
    Case("N7-06", "reception_batches",
         account({(N7, "reception_batches", "count"): "5", (N7, "reception_domestic_batches", "count"): "4",
                  (N7, "reception_foreign_batches", "count"): "2"}),
         {"told": {(N7, "reception_batches", "count"): "6", (N7, "reception_domestic_batches", "count"): "4",
                   (N7, "reception_foreign_batches", "count"): "2"}}),
    Case("NO-02", "total",
         account(told(NO, "total", final="5.00万元"),
                 amounts(T5, "basic", c2010101="50.00") | amounts(T6, "amount", public_total="9.00"), labels=NAMES),
         # an institution's own expenses are none of an office
         {"labels": NAMES | {"2010101": "事业运行"}}),
    Case("NP-04", "small_medium", account(SHARES | told(NP, "small_medium", final="40.00万元")),
         {"told": SHARES | told(NP, "small_medium", final="23.00万元")}),
    Case("P-04", "project:热线平台运行", account(told(NE, "project:热线平台运行", final="35.00万元"), rows=PROJECT),
         {"told": told(NE, "project:热线平台运行", final="30.00万元")}),
    Case("P-05", "1.total", account(cells=amounts(T3, "project", total="20.00"), rows=PROJECT),
         {"cells": amounts(T3, "project", total="40.00")}),
    Case("P-09", "project:平台",
         account(told(NE, "project:平台", final="30.00万元", full_budget="40.00万元", completion="80%")),
         {"told": told(NE, "project:平台", final="30.00万元", full_budget="40.00万元", completion="75%")}),
    Case("TG-03", "reception",
         account(told(N7, "reception", final="3.00万元"),
                 amounts(TG, "final", reception="3.00") | amounts(TG, "budget", reception="2.00")),
         {"said": (claim(N7, "total", "change", reason="接待任务增加"),)}),
    Case("TG-05", "vehicle_purchase",
         account({(N7, "vehicles_bought", "count"): "0"}, amounts(TG, "final", vehicle_purchase="18.00")),
         {"told": {(N7, "vehicles_bought", "count"): "1"}}),
)  # fmt: skip

LABORATORY = {
    "N5-03",
    "N6-02",
    "N6-03",
    "NA-01",
    "NA-02",
    "NR-01",
    "NT-01",
    "NT-02",
    "NT-03",
    "NT-04",
    "NT-05",
    "NT-06",
    "P-08",
}
"""Predicates that slips of the text laboratory break (test_text_lab)."""

ELSEWHERE = {"D-02", "Y-01-T", "Y-03", "P-02-C", "P-03-B", "TG-04"}
"""Those that are broken in test_expectations_reports, _related, _predicates, _suites and test_performance_judged."""


@pytest.fixture(scope="module")
def broken() -> dict[str, set[tuple[str, str, str]]]:
    """(identity, line, form) of all that fails, by account."""
    accounts = [
        replace(one, report_id=f"{number} {state}", unit_id=f"{number} {state}")
        for number, case in enumerate(CASES)
        for state, one in (("wrong", case.wrong), ("right", replace(case.wrong, **case.right)))
    ]
    with duckdb.connect() as con:
        load(con, *accounts)
        known = [{"code": "2010101", "name": NAMES["2010101"]}, {"code": "2080505", "name": NAMES["2080505"]}]
        insert(con, "TABLE ref.functional_subject", {"code": "VARCHAR", "name": "VARCHAR"}, known)
        evaluate(con)
        found = {one.report_id: set() for one in accounts}
        for report, *failed in con.execute(
            "SELECT report_id, identity, line, form FROM quality.identity_result WHERE outcome = 'fail'"
        ).fetchall():
            found[report].add(tuple(failed))
        return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{n} {case.identity}" for n, case in enumerate(CASES)])
def test_the_wrong_statement_is_accused_and_its_neighbour_is_not(broken, number):
    case = CASES[number]
    assert (case.identity, case.line) in {failed[:2] for failed in broken[f"{number} wrong"]}
    assert case.identity not in {identity for identity, *_ in broken[f"{number} right"]}


def test_a_predicate_breaks_only_forms_that_it_names(broken):
    """So it need not be asked where none of them is there."""
    for identity, _, form in set().union(*broken.values()):
        predicate = IDENTITIES[identity].predicate
        # P-05 compares projects with the total of its form
        assert not predicate or not predicate.forms or form in predicate.forms or identity == "P-05", identity


def test_every_predicate_about_prose_is_broken_somewhere():
    from tests.prose_of_identities import speaks_of_prose

    predicates = {i.id for i in IDENTITIES.values() if i.predicate and speaks_of_prose(i)}
    assert predicates - {case.identity for case in CASES} <= LABORATORY | ELSEWHERE
