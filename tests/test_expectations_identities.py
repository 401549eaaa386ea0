"""The register: every declared identity is perturbed, so that a new one is tested on the day it is declared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from expectations.evaluate import evaluate
from expectations.identities import IDENTITIES
from expectations.messages import Broken, sentence
from pipeline.forms import FORMS
from tests.accounts import TITLES, Account, catalogue, load, rounded
from tests.city.books import books
from tests.sample_books import PLAIN, RICH, cells, random_ledger

WAN = Decimal(10_000)
NARRATIVE = {"TG-05"}
"""Identities of which nothing can be evaluated before the narrative is read."""


def old_vintage(account: Account) -> Account:
    """T1 as it was until 2018: 财政拨款收入 as one line; and T6 with a 合计 of its own."""
    known = dict(account.cells)
    form = "income_expenditure"
    budgets = [(form, f"{name}_budget", "amount") for name in ("general_public", "government_fund", "state_capital")]
    known[form, "fiscal_appropriation_income", "amount"] = known["income", "total", "fiscal_appropriation"]
    personnel, public = (
        Decimal(known["basic_expenditure", f"{part}_total", "amount"]) for part in ("personnel", "public")
    )
    known["basic_expenditure", "total", "amount"] = str(personnel + public)
    return replace(account, report_id="old", cells=known).without(*budgets, report_id="old")


BASES = [Account("rich", rounded(cells(RICH))), Account("plain", rounded(cells(PLAIN)))]
BASES.append(old_vintage(BASES[1]))


def judged(con, *accounts: Account) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    """Results by report, then by (identity, instance)."""
    load(con, *accounts)
    catalogue(con)
    evaluate(con, all_operands=True)
    answer = con.execute("SELECT * FROM quality.identity_result")
    names = [column[0] for column in answer.description]
    found: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for row in answer.fetchall():
        result = dict(zip(names, row, strict=True))
        found[result["report_id"]][result["identity"], result["instance"]] = result
    return found


class Perturbed:
    """For every check of every base the first instance that can be evaluated, with one of its cells moved."""

    def __init__(self) -> None:
        with duckdb.connect() as con:
            self.base = judged(con, *BASES)
            self.mentions = defaultdict(dict)
            self.operands = defaultdict(list)
            for report, identity, instance, form, line, measure, side, coefficient in con.execute(
                "SELECT * FROM quality.identity_operand ORDER BY ALL"
            ).fetchall():
                cell = (form, line, measure)
                self.mentions[report, cell][identity, instance] = coefficient
                self.operands[report, identity, instance].append((cell, coefficient, side))
        self.cases = {case["id"]: case for account in BASES for case in self._cases(account)}
        accounts = [case["account"] for case in self.cases.values()]
        removed = [account for case in self.cases.values() for account in case["removed"]]
        with duckdb.connect() as con:
            self.moved = judged(con, *accounts, *removed)

    def _cases(self, account: Account):
        seen = set()
        for (identity, instance), result in self.base[account.report_id].items():
            key = (identity, instance.split(":")[0] if ":" in instance else instance)
            operands = self.operands.get((account.report_id, identity, instance))
            # a class of zeros, or one that is printed on one side only, shows less
            if not operands or key in seen or (result["lhs"] == 0 and ":" in instance):
                continue
            seen.add(key)
            name = f"{account.report_id} {identity} {instance}"
            cell, coefficient, _ = next((o for o in operands if o[2] == 1), operands[0])
            by = self._breaking(result, coefficient)
            yield {
                "id": name,
                "base": account.report_id,
                "target": (identity, instance),
                "cell": cell,
                "by": by * WAN,
                "account": account.moved(cell, str(by), name),
                "removed": self._removed(account, identity, operands, name),
            }

    @staticmethod
    def _breaking(result: dict[str, Any], coefficient: int) -> Decimal:
        """By how much (万元) the cell must move; one 万元 beyond the boundary where the relation is no equality."""
        distance = abs(result["difference"]) / WAN if result["relation"] != "=" else Decimal(0)
        sign = -1 if result["relation"] == ">=" else 1
        return sign * coefficient * (distance + 1)

    @staticmethod
    def _removed(account: Account, identity: str, operands, name: str) -> list[Account]:
        """The report without the cell that is judged, if the declaration says that it is needed."""
        needed = {
            (term.form, term.line, term.measure)
            for check in IDENTITIES[identity].checks
            for term in check.left
            if term.needs == 3 and isinstance(term.line, str)
        }
        return [account.without(cell, report_id=f"without {name}") for cell, _, _ in operands if cell in needed][:1]


@pytest.fixture(scope="module")
def perturbed() -> Perturbed:
    return Perturbed()


def test_consistent_books_break_nothing(perturbed):
    for account in BASES:
        broken = [result for result in perturbed.base[account.report_id].values() if result["outcome"] == "fail"]
        assert broken == []


def test_every_check_of_every_identity_is_perturbed(perturbed):
    reached = {case["target"] for case in perturbed.cases.values()}
    for identity in IDENTITIES.values():
        for check in identity.checks:
            instances = [instance for name, instance in reached if name == identity.id]
            assert any(i == check.key or i.startswith(f"{check.key}:") or not check.key for i in instances), (
                identity.id,
                check.key,
            )


def test_one_cell_moved_by_one_wan_breaks_what_mentions_it_and_nothing_else(perturbed):
    for case in perturbed.cases.values():
        before, after = perturbed.base[case["base"]], perturbed.moved[case["id"]]
        mentions = perturbed.mentions[case["base"], case["cell"]]
        undecided = after[case["target"]]["reason"] == "narrative_not_read"
        assert after[case["target"]]["outcome"] == ("not_evaluated" if undecided else "fail"), case["id"]
        for key, result in after.items():
            if key not in mentions:
                # what looks at a cell or row by itself, not in a sum
                by_itself = IDENTITIES[key[0]].predicate and (result["form"], result["line"]) == case["cell"][:2]
                assert result["outcome"] != "fail" or by_itself, (case["id"], key)
            elif result["outcome"] != "not_evaluated":
                difference = before[key]["difference"] + mentions[key] * case["by"]
                breach = {"=": abs(difference), "<=": difference, ">=": -difference}[result["relation"]]
                assert (result["outcome"] == "fail") == (breach > result["slack"]), (case["id"], key)


def test_without_the_number_that_is_judged_nothing_is_evaluated(perturbed):
    tried = 0
    for case in perturbed.cases.values():
        for account in case["removed"]:
            tried += 1
            result = perturbed.moved[account.report_id].get(case["target"])
            assert result is None or result["outcome"] == "not_evaluated", account.report_id
    assert tried > 80


def test_a_wrong_number_in_a_table_that_was_not_read_completely_breaks_nothing(perturbed):
    accounts = []
    for case in perturbed.cases.values():
        form = case["cell"][0]
        account = case["account"]
        numbers = sum(1 for key, printed in account.cells.items() if key[0] == form and printed)
        accounts.append(replace(account, forms={form: {"numbers": numbers + 1}}))
    with duckdb.connect() as con:
        for report, results in judged(con, *accounts).items():
            assert [key for key, result in results.items() if result["outcome"] == "fail"] == [], report


def test_rounding_breaks_nothing():
    city = [
        Account("/".join(map(str, key)), rounded(book.cells), fiscal_year=book.year) for key, book in books().items()
    ]
    random = [Account(f"random {seed}", rounded(cells(random_ledger(seed)))) for seed in range(60)]
    with duckdb.connect() as con:
        found = judged(con, *city, *random)
        outcomes = [(report, key, r["outcome"]) for report, results in found.items() for key, r in results.items()]
    assert [row for row in outcomes if row[2] == "fail"] == []
    assert sum(1 for row in outcomes if row[2] == "rounding") > 500


def test_every_identity_is_evaluated_on_complete_books(perturbed):
    for identity in IDENTITIES:
        outcomes = {r["outcome"] for base in perturbed.base.values() for key, r in base.items() if key[0] == identity}
        assert (not outcomes.isdisjoint({"exact", "rounding"})) != (identity in NARRATIVE), identity


def test_what_is_declared_exists():
    lines = {(form.key, line.key) for form in FORMS.values() for line in form.lines}
    for identity in IDENTITIES.values():
        for term in (term for check in identity.checks for term in check.terms):
            assert term.measure in FORMS[term.form].measures, (identity.id, term)
            if isinstance(term.line, str) and not term.line.isdigit():
                assert (term.form, term.line) in lines, (identity.id, term)


def test_every_sentence_can_be_made():
    broken = Broken(
        "expenditure", "201", "total", "名", "什么", Decimal(1), Decimal(2), "income", "细节", {"expenditure": 3}
    )
    for identity in IDENTITIES.values():
        for template in {identity.sentence, *(check.sentence or identity.sentence for check in identity.checks)}:
            text = sentence(template, broken)
            assert text.endswith("。"), identity.id
            assert "{" not in text, identity.id
            assert "《》" not in text, identity.id


def test_titles_of_the_tests_are_those_of_the_forms():
    assert set(TITLES) == set(FORMS)
