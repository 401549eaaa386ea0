"""The register: every declared identity is perturbed, so that a new one is tested on the day it is declared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb
import pytest

from expectations.declared import insert
from expectations.evaluate import evaluate
from expectations.identities import IDENTITIES
from expectations.messages import Broken, sentence
from expectations.model import Identity, Needs
from expectations.vocabulary import PF
from pipeline.forms import FORMS
from pipeline.narrative.topics import MEASURES, TOPICS
from pipeline.performance import titles as performance
from tests.accounts import TITLES, Account, catalogue, load, rounded
from tests.city.books import books
from tests.city.units import BUREAU
from tests.prose_of_identities import speaks_of_prose
from tests.sample_books import PLAIN, RICH, cells, department, random_ledger, year_before
from tests.told import tell

WAN = Decimal(10_000)
SEVERAL = {
    *("N1-02", "N1-03", "N5-06-S", "N5-08", "N5-09", "N6-02", "N7-06", "NB-02", "NB-03", "NB-04", "NB-05", "NB-08"),
    *("NC-02", "NC-03", "NC-05", "NF-02", "NF-03", "NO-02", "NP-04", "NA-01", "NR-01", "P-08", "TG-03", "TG-05"),
    *("NT-05", "Y-01-T"),
}
"""Predicates that weigh a number against others: the number that they name need not be the one that is wrong."""


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
    return replace(account, report_id="old", unit_id="丙局", cells=known).without(*budgets, report_id="old")


def a_department(name: str, *units: Account) -> tuple[Account, ...]:
    """The report of a department, its own office (the first unit, or none) and the others, under names of their own."""
    of = [replace(unit, report_id=f"{name} {unit.report_id}", department_id=name) for unit in units]
    covered = tuple({"name": unit.report_id, "remark": "", "page": 4} for unit in of)
    printed = rounded(cells(department()))
    about = {"unit_id": name, "scope": "汇总", "level": "部门"}
    whole = Account(name, printed, **about, rows={"core.covered_unit": covered})
    return (whole, *(replace(unit, unit_id=unit.report_id) for unit in of))


PROJECT = {
    (PF, f"1.{line}", measure): printed
    for line, measures in {
        "total": {"initial": "176.20万元", "adjustment": "3.80万元", "adjusted": "180.00万元", "actual": "90.00万元",
                  "rate": "50.00%"},
        "local": {"initial": "100.00万元", "adjustment": "2.00万元", "adjusted": "102.00万元", "actual": "51.00万元",
                  "rate": "50.00%"},
        "other": {"initial": "76.20万元", "adjustment": "1.80万元", "adjusted": "78.00万元", "actual": "39.00万元",
                  "rate": "50.00%"},
        "score": {"weight": "100", "score": "93.5"},
        "execution": {"weight": "10", "score": "5"},
        "i1": {"weight": "50", "score": "48.5"},
        "i2": {"weight": "40", "score": "40"},
    }.items()
    for measure, printed in measures.items()
}  # fmt: skip
"""A self-evaluation form."""


def telling(account: Account, before: Account | None = None) -> Account:
    """The same with a text that tells of it."""
    told = tell(account.cells, before.cells if before else None, brief=True)
    return replace(account, told={**told, **PROJECT})


RICH_2024, PLAIN_2024 = (
    Account("rich", rounded(cells(RICH))),
    Account("plain", rounded(cells(PLAIN)), unit_id="乙局", region="柳州市"),
)
RICH_2023 = Account("before", rounded(cells(year_before(RICH))), fiscal_year=2023)
Group = tuple[Account, ...]
TABLES: tuple[Group, ...] = (
    (RICH_2024, RICH_2023),
    (PLAIN_2024,),
    (old_vintage(PLAIN_2024),),
    a_department("all", RICH_2024, PLAIN_2024),
    a_department("some", RICH_2024),
)
"""Reports that are compared with each other: the tables alone."""

PROSE: tuple[Group, ...] = (
    (telling(RICH_2024, RICH_2023), telling(RICH_2023)),
    (telling(old_vintage(PLAIN_2024)),),
    a_department("all", RICH_2024, PLAIN_2024),
)
"""Reports with a text about their tables."""

OF_PROSE = tuple(identity for identity in IDENTITIES.values() if speaks_of_prose(identity))
OF_TABLES = tuple(identity for identity in IDENTITIES.values() if not speaks_of_prose(identity))


def judged(con) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    """Results by report, then by (identity, instance)."""
    names = ("instance", "form", "line", "relation", "outcome", "reason", "lhs", "difference", "slack")
    found: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for report, identity, *values in con.execute(
        f"SELECT report_id, identity, {', '.join(names)} FROM quality.identity_result ORDER BY report_id, identity, instance"
    ).fetchall():
        found[report][identity, values[0]] = dict(zip(names, values, strict=True))
    return found


def is_ratio(identity: str, instance: str) -> bool:
    """Whether the check of this instance compares a stated ratio with that of two sums."""
    checks = IDENTITIES[identity].checks
    return any(check.divisor for check in checks if check.key in {"", instance.split(":", maxsplit=1)[0]})


class Case(NamedTuple):
    """One cell of report `of`, moved `by` yuan to break the target (identity, instance) of the base.

    `needed` is the judged cell of the base; `group` the reports that are there.
    """

    name: str
    base: str
    target: tuple[str, str]
    of: str
    cell: tuple[str, str, str]
    by: Decimal
    needed: tuple[str, str, str] | None
    group: tuple[str, ...]


class Perturbed:
    """For every check the first instance of each relation that it can have, with one of its cells moved.

    Where it compares reports, one cell of each of two reports. Each case becomes three groups of reports: `moved` by an amount that breaks it; `unread`, the same where a number of that
    form could not be read; `removed`, without the number that is judged, where the declaration says it is needed.
    """

    def __init__(self, groups: tuple[Group, ...], identities: tuple[Identity, ...], *kinds: str) -> None:
        self.groups, self.identities, self.kinds = groups, identities, kinds
        self.bases = [account for group in groups for account in group]
        self.group_of = {a.report_id: tuple(other.report_id for other in group) for group in groups for a in group}
        with duckdb.connect() as con:
            load(con, *self.bases)
            catalogue(con)
            evaluate(con, identities, all_operands=True)
            self.base = judged(con)
            self.mentions = defaultdict(dict)
            self.operands = defaultdict(list)
            for report, of, identity, instance, form, line, measure, side, coefficient in con.execute(
                "SELECT * FROM quality.identity_operand ORDER BY ALL"
            ).fetchall():
                cell = (form, line, measure)
                self.mentions[of, cell][report, identity, instance] = coefficient
                self.operands[report, identity, instance].append((cell, coefficient, side, of))
            self.cases = list(self._cases())
            self.copies = self._together()
            self.copy_of = {case: cases[0].name for cases in self.copies for case in cases}
            self._copy(con)
            evaluate(con, identities)
            self.after = judged(con)

    def _cases(self):
        seen = set()
        for report, results in self.base.items():
            for (identity, instance), result in results.items():
                key = (identity, instance.split(":")[0] if ":" in instance else instance, result["relation"])
                operands = self.operands.get((report, identity, instance))
                # a class of zeros, or one that is printed on one side only, shows less
                if not operands or key in seen or (result["lhs"] == 0 and ":" in instance):
                    continue
                seen.add(key)
                own = [o for o in operands if o[3] == report]
                other = [o for o in operands if o[3] != report]
                away = other[:1] if result["relation"] == "=" else []
                for operand in (next((o for o in own if o[2] == 1), own[0]), *away):
                    cell, coefficient, _, of = operand
                    yield Case(
                        f"{report} {identity} {instance} {of}",
                        report,
                        (identity, instance),
                        of,
                        cell,
                        self._breaking(identity, result, coefficient),
                        self._needed(identity, own) if of == report else None,
                        self.group_of[report] if other else (report,),
                    )

    def _together(self):
        """Cases whose cells no result mentions together, in one copy of their reports: a tenth of the copies.

        On a cell of a condition rests how others are judged: its case has a copy of its own.
        """
        conditions = {
            condition for identity in self.identities for check in identity.checks for condition in check.when
        }
        alone = {(t.form, t.line, t.measure) for condition in conditions for terms in condition.zero for t in terms}
        copies: list[tuple[list[Case], set]] = []
        for case in self.cases:
            touched = set(self.mentions[case.of, case.cell])
            for cases, known in copies:
                together = not alone & {case.cell, cases[0].cell}
                if together and cases[0].group == case.group and not known & touched:
                    cases.append(case)
                    known.update(touched)
                    break
            else:
                copies.append(([case], touched))
        return [cases for cases, _ in copies]

    @staticmethod
    def _breaking(identity: str, result: dict[str, Any], coefficient: int) -> Decimal:
        """By how much (yuan) the cell must move; one 万元 beyond the boundary where the relation is no equality.

        An equality that would otherwise be an inequality is broken so that the inequality is, too.
        """
        key = result["instance"].split(":")[0]
        otherwise = next((c.otherwise for c in IDENTITIES[identity].checks if c.key == key), None)
        distance = abs(result["difference"]) if result["relation"] != "=" else Decimal(0)
        sign = -1 if ">=" in {result["relation"], otherwise} else 1
        return sign * coefficient * (distance + WAN)

    @staticmethod
    def _needed(identity: str, operands) -> tuple[str, str, str] | None:
        needed = {
            (term.form, term.line, term.measure)
            for check in IDENTITIES[identity].checks
            for term in check.left
            if term.needs is Needs.CELL and isinstance(term.line, str)
        }
        return next((cell for cell, *_ in operands if cell in needed), None)

    def _copy(self, con) -> None:
        """Add the reports of the cases to the core tables: copied and changed there, not made anew.

        The units of each group are its own, so that it is compared with nothing but itself.
        """
        rows = []
        copied = {}
        for cases in self.copies:
            for kind in self.kinds:
                case_id = f"{kind} {cases[0].name}"
                for case in cases:
                    cell = case.needed if kind == "removed" else case.cell
                    if cell:
                        place = dict(zip(("form", "line", "measure"), cell, strict=True))
                        rows.append({"id": f"{case_id} {case.of}", "kind": kind, "amount": str(case.by), **place})
                        copied |= {f"{case_id} {base}": (case_id, base) for base in case.group}
        columns = dict.fromkeys(("id", "kind", "form", "line", "measure"), "VARCHAR")
        insert(con, "TEMP TABLE change", {**columns, "amount": "DECIMAL(18,4)"}, rows)
        copies = [{"id": new, "case_id": case_id, "base": base} for new, (case_id, base) in copied.items()]
        insert(con, "TEMP TABLE copied", dict.fromkeys(("id", "case_id", "base"), "VARCHAR"), copies)
        for table in ("report", "form_reading", "cell", "printed_row", "told", "claim", "section", "covered_unit"):
            units = ("unit_id", "department_id") if table == "report" else ()
            own = "".join(f", if({unit} = '', '', c.case_id || ' ' || {unit}) AS {unit}" for unit in units)
            con.execute(
                f"INSERT INTO core.{table} SELECT t.* REPLACE (c.id AS report_id{own}) FROM core.{table} t "
                "JOIN copied c ON c.base = t.report_id"
            )
        here = "c.id = t.report_id AND c.form = t.form AND c.line = t.line AND c.measure = t.measure"
        con.execute(
            f"UPDATE core.cell t SET amount = t.amount + c.amount FROM change c WHERE {here} AND c.kind <> 'removed'"
        )
        con.execute(f"DELETE FROM core.cell t USING change c WHERE {here} AND c.kind = 'removed'")
        con.execute(
            f"UPDATE core.told t SET amount = t.amount + c.amount FROM change c WHERE {here} AND c.kind <> 'removed'"
        )
        con.execute(f"DELETE FROM core.told t USING change c WHERE {here} AND c.kind = 'removed'")
        said = here.replace("t.form", "t.topic")
        con.execute(
            f"UPDATE core.claim t SET value = t.value + c.amount FROM change c WHERE {said} AND c.kind <> 'removed'"
        )
        con.execute(f"DELETE FROM core.claim t USING change c WHERE {said} AND c.kind = 'removed'")
        con.execute(
            "UPDATE core.form_reading t SET numbers = numbers + 1 FROM change c "
            "WHERE c.id = t.report_id AND c.form = t.form AND c.kind = 'unread'"
        )
        con.execute("DROP TABLE change; DROP TABLE copied")


@pytest.fixture(scope="module")
def tables() -> Perturbed:
    return Perturbed(TABLES, OF_TABLES, "moved", "unread", "removed")


@pytest.fixture(scope="module")
def prose() -> Perturbed:
    return Perturbed(PROSE, OF_PROSE, "moved")


@pytest.fixture(params=["tables", "prose"])
def perturbed(request) -> Perturbed:
    return request.getfixturevalue(request.param)


def test_consistent_books_break_nothing(perturbed):
    for account in perturbed.bases:
        broken = [result for result in perturbed.base[account.report_id].values() if result["outcome"] == "fail"]
        assert broken == []


def test_every_check_of_every_identity_is_perturbed(perturbed):
    reached = {case.target for case in perturbed.cases}
    for identity in perturbed.identities:
        instances = [instance for name, instance in reached if name == identity.id]
        for check in identity.checks:
            assert any(i == check.key or i.startswith(f"{check.key}:") or not check.key for i in instances), (
                identity.id,
                check.key,
            )


def test_one_cell_moved_by_one_wan_breaks_what_mentions_it_and_nothing_else(perturbed):
    for cases in perturbed.copies:
        mentions = {
            key: (coefficient * case.by, case)
            for case in cases
            for key, coefficient in perturbed.mentions[case.of, case.cell].items()
        }
        moved = {case.cell[:2] for case in cases}
        after = {report: perturbed.after[f"moved {cases[0].name} {report}"] for report in cases[0].group}
        for case in cases:
            assert after[case.base][case.target]["outcome"] == "fail", case
        for report, results in after.items():
            before = perturbed.base[report]
            for key, result in results.items():
                if (report, *key) not in mentions:
                    # what looks at a cell or row by itself, not in a sum
                    by_itself = IDENTITIES[key[0]].predicate and (result["form"], result["line"]) in moved
                    assert result["outcome"] != "fail" or by_itself or key[0] in SEVERAL, (cases, report, key)
                elif result["outcome"] != "not_evaluated" and not is_ratio(*key):
                    by, case = mentions[report, *key]
                    difference = before[key]["difference"] + by
                    breach = {"=": abs(difference), "<=": difference, ">=": -difference}[result["relation"]]
                    assert (result["outcome"] == "fail") == (breach > result["slack"]), (case, report, key)


def test_identities_over_several_reports_are_broken_from_either_side(perturbed):
    for identity in perturbed.identities:
        if identity.whose and identity.checks:
            sides = {case.of == case.base for case in perturbed.cases if case.target[0] == identity.id}
            assert sides == {True, False}, identity.id


def test_without_the_number_that_is_judged_nothing_is_evaluated(tables):
    tried = [case for case in tables.cases if case.needed]
    assert len(tried) > 80
    for case in tried:
        result = tables.after[f"removed {tables.copy_of[case]} {case.base}"].get(case.target)
        assert result is None or result["outcome"] == "not_evaluated", case


def test_a_wrong_number_in_a_table_that_was_not_read_completely_breaks_nothing(tables):
    for case in tables.cases:
        for report in case.group:
            results = tables.after[f"unread {tables.copy_of[case]} {report}"]
            assert [key for key, result in results.items() if result["outcome"] == "fail"] == [], (case, report)


def test_rounding_breaks_nothing():
    city = [
        Account(
            "/".join(map(str, key)),
            rounded(book.cells),
            unit_id=book.unit.key,
            fiscal_year=book.year,
            scope=book.scope,
            level="部门" if book.scope == "汇总" else "单位",
            department_id="bureau" if book.unit.department == BUREAU else "",
        )
        for key, book in books().items()
    ]
    random = [
        Account(f"random {seed}", rounded(cells(random_ledger(seed))), unit_id=f"random {seed}") for seed in range(60)
    ]
    with duckdb.connect() as con:
        load(con, *city, *map(telling, random[:12]), *random[12:])
        evaluate(con)
        found = judged(con)
        outcomes = [(report, key, r["outcome"]) for report, results in found.items() for key, r in results.items()]
    assert [row for row in outcomes if row[2] == "fail"] == []
    assert sum(1 for row in outcomes if row[2] == "rounding") > 500
    whole = [r for report in found.values() for key, r in report.items() if key[0] == "D-01" and r["relation"] == "="]
    assert sum(1 for r in whole if r["outcome"] != "not_evaluated") > 1000


def test_every_identity_is_evaluated_on_complete_books(perturbed):
    for identity in perturbed.identities:
        found = (r for base in perturbed.base.values() for key, r in base.items() if key[0] == identity.id)
        assert not {r["outcome"] for r in found}.isdisjoint({"exact", "rounding"}), identity.id


def test_what_is_declared_exists():
    lines = {(form.key, line.key) for form in FORMS.values() for line in form.lines}
    for identity in IDENTITIES.values():
        for term in (term for check in identity.checks for term in check.terms):
            if topic := TOPICS.get(term.form):
                assert term.measure in MEASURES, (identity.id, term)
                known = {*topic.lines, *(FORMS[topic.form].measures if topic.form else ())}
                known |= {line for form, line in lines if form == topic.form}
            elif term.form == PF:
                assert term.measure in performance.MEASURES, (identity.id, term)
                known = {"total"}
            else:
                assert term.measure in FORMS[term.form].measures, (identity.id, term)
                known = {line for form, line in lines if form == term.form}
            if isinstance(term.line, str) and not term.line.isdigit():
                assert term.line in known, (identity.id, term)


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
