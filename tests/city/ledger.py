"""The books of one unit in one year, and the cells of the nine tables that follow from them. All amounts in 分.

A `Ledger` holds only what is entered once; every total of the nine tables is computed from it, so the identities
of the tables hold to the 分 by construction, except where a typing error in this module breaks them (the tests
check the cells against the identities, not against this module).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Key = tuple[str, str, str]
"""(form, line, measure), in the words of the product's forms."""

POOLS = ("general", "fund", "capital")
BUDGETS = {"general": "general_public_budget", "fund": "government_fund_budget", "capital": "state_capital_budget"}
REVENUE_LINES = {
    "superior_subsidy": "superior_subsidy_income",
    "institution_income": "institution_income",
    "operating_income": "operating_income",
    "affiliate_remittance": "affiliate_remittance_income",
    "other_income": "other_income",
}
EXPENDITURE_MEASURES = ("basic", "project", "payment_to_superior", "operating", "affiliate_subsidy")
CLASSES = (
    "201", "202", "203", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "215", "216", "217",
    "219", "220", "221", "222", "223", "224", "229", "231", "232", "234",
)  # fmt: skip
"""The 26 functional classes of the forms since 2022, in printed order."""
PERSONNEL = ("301", "303")
THREE_PUBLIC = ("abroad", "vehicle_purchase", "vehicle_operation", "reception")


@dataclass(frozen=True, slots=True)
class Entry:
    """One 项 in one pool of money. For the pool "own" the carry-overs stand in the ledger, not here."""

    code: str
    pool: str
    income: Mapping[str, int] = field(default_factory=dict)
    spent: Mapping[str, int] = field(default_factory=dict)
    opening: int = 0
    closing: int = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """The books of one unit (or department) in one year.

    `economic` are the 款 of basic expenditure from the general budget; `final` and `budget` the four 三公 lines;
    `initial` the budget at the year's beginning by 项 of the general budget, `initial_basic` the part of it for
    basic expenditure by economic 类. `counts` are the head and vehicle counts of the narrative.
    """

    entries: tuple[Entry, ...]
    economic: Mapping[str, int]
    final: Mapping[str, int]
    budget: Mapping[str, int]
    initial: Mapping[str, int]
    initial_basic: Mapping[str, int]
    counts: Mapping[str, int]
    own_opening: int = 0
    own_closing: int = 0
    use_of_surplus: int = 0
    distribution: int = 0


def ancestors(code: str) -> Iterator[str]:
    """The 类, 款 and 项 of a 项, or the 类 and 款 of an economic 款."""
    return (code[:digits] for digits in range(3, len(code) + 1, 2))


def tabulate(ledger: Ledger) -> dict[Key, int]:
    """All cells of the nine tables. A row that has no money anywhere is absent from the code tables."""
    cells: dict[Key, int] = defaultdict(int)
    _code_tables(ledger, cells)
    _fiscal_totals(ledger, cells)
    _all_totals(ledger, cells)
    _basic_expenditure(ledger, cells)
    _three_public(ledger, cells)
    return dict(cells)


def _add(cells: dict[Key, int], form: str, code: str, amounts: Mapping[str, int]) -> None:
    for line in ("total", *ancestors(code)):
        for measure, amount in amounts.items():
            cells[form, line, measure] += amount


def _code_tables(ledger: Ledger, cells: dict[Key, int]) -> None:
    sources = ("fiscal_appropriation", *REVENUE_LINES)
    for form, measures in (
        ("income", ("total", *sources)),
        ("expenditure", ("total", *EXPENDITURE_MEASURES)),
        ("general_budget", ("total", "basic", "project")),
        ("government_fund", ("opening", "income", "total", "basic", "project", "closing")),
        ("state_capital", ("opening", "income", "total", "basic", "project", "closing")),
    ):
        for measure in measures:
            cells[form, "total", measure] = 0
    for entry in ledger.entries:
        income, spent = sum(entry.income.values()), sum(entry.spent.values())
        both = {measure: entry.spent.get(measure, 0) for measure in ("basic", "project")}
        if income:
            by_source = {source: entry.income.get(source, 0) for source in sources}
            _add(cells, "income", entry.code, {"total": income, **by_source})
        if spent:
            by_kind = {kind: entry.spent.get(kind, 0) for kind in EXPENDITURE_MEASURES}
            _add(cells, "expenditure", entry.code, {"total": spent, **by_kind})
            if entry.pool == "general":
                _add(cells, "general_budget", entry.code, {"total": spent, **both})
        form = {"fund": "government_fund", "capital": "state_capital"}.get(entry.pool)
        if form and (income or spent or entry.opening or entry.closing):
            row = {"opening": entry.opening, "income": income, "total": spent, **both, "closing": entry.closing}
            _add(cells, form, entry.code, row)


def _fiscal_totals(ledger: Ledger, cells: dict[Key, int]) -> None:
    form, year_income, year_spent = (
        "fiscal_appropriation",
        "current_year_income_total",
        "current_year_expenditure_total",
    )
    for line in (*CLASSES, year_spent, "closing_fiscal_carryover", "expenditure_total"):
        for measure in ("total", *POOLS):
            cells[form, line, measure] = 0
    for pool, budget in BUDGETS.items():
        entries = [entry for entry in ledger.entries if entry.pool == pool]
        income = sum(sum(entry.income.values()) for entry in entries)
        opening = sum(entry.opening for entry in entries)
        for line, amount in (
            (budget, income),
            (year_income, income),
            (f"opening_carryover_{pool}", opening),
            ("opening_fiscal_carryover", opening),
            ("income_total", income + opening),
        ):
            cells[form, line, "amount"] += amount
        for entry in entries:
            spent = sum(entry.spent.values())
            for measure in ("total", pool):
                cells[form, entry.code[:3], measure] += spent
                cells[form, year_spent, measure] += spent
                cells[form, "closing_fiscal_carryover", measure] += entry.closing
                cells[form, "expenditure_total", measure] += spent + entry.closing


def _all_totals(ledger: Ledger, cells: dict[Key, int]) -> None:
    form = "income_expenditure"
    fiscal = {pool: [entry for entry in ledger.entries if entry.pool == pool] for pool in POOLS}
    lines = {budget: sum(sum(e.income.values()) for e in fiscal[pool]) for pool, budget in BUDGETS.items()}
    for source, line in REVENUE_LINES.items():
        lines[line] = sum(entry.income.get(source, 0) for entry in ledger.entries)
    income = sum(lines.values())
    for code in CLASSES:
        lines[code] = sum(sum(e.spent.values()) for e in ledger.entries if e.code[:3] == code)
    spent = sum(lines[code] for code in CLASSES)
    lines |= {
        "current_year_income_total": income,
        "current_year_expenditure_total": spent,
        "use_of_nonfiscal_surplus": ledger.use_of_surplus,
        "surplus_distribution": ledger.distribution,
        "opening_carryover": ledger.own_opening + sum(entry.opening for entry in ledger.entries),
        "closing_carryover": ledger.own_closing + sum(entry.closing for entry in ledger.entries),
    }
    lines["income_total"] = income + lines["use_of_nonfiscal_surplus"] + lines["opening_carryover"]
    lines["expenditure_total"] = spent + lines["surplus_distribution"] + lines["closing_carryover"]
    cells.update({(form, line, "amount"): amount for line, amount in lines.items()})


def _basic_expenditure(ledger: Ledger, cells: dict[Key, int]) -> None:
    form = "basic_expenditure"
    for total in ("personnel_total", "public_total"):
        cells[form, total, "amount"] = 0
    for code, amount in ledger.economic.items():
        total = "personnel_total" if code[:3] in PERSONNEL else "public_total"
        for line in (*ancestors(code), total):
            cells[form, line, "amount"] += amount


def _three_public(ledger: Ledger, cells: dict[Key, int]) -> None:
    for measure, amounts in (("budget", ledger.budget), ("final", ledger.final)):
        lines = {line: amounts.get(line, 0) for line in THREE_PUBLIC}
        lines["vehicle"] = lines["vehicle_purchase"] + lines["vehicle_operation"]
        lines["total"] = lines["abroad"] + lines["vehicle"] + lines["reception"]
        cells.update({("three_public", line, measure): amount for line, amount in lines.items()})


def consolidate(ledgers: Iterable[Ledger], transfers: Iterable[int]) -> Ledger:
    """The books of a department: its members' books added up, less what they paid to each other.

    `transfers` are the two sums moved inside: the subsidies to affiliates, then the remittances of affiliates.
    """
    ledgers = tuple(ledgers)
    subsidy, remittance = transfers
    merged = _merge(ledgers)
    entries = _eliminate(merged, "income", "superior_subsidy", subsidy)
    entries = _eliminate(entries, "spent", "affiliate_subsidy", subsidy)
    entries = _eliminate(entries, "income", "affiliate_remittance", remittance)
    entries = _eliminate(entries, "spent", "payment_to_superior", remittance)
    return Ledger(
        entries,
        *(
            _sum_of(getattr(ledger, name) for ledger in ledgers)
            for name in ("economic", "final", "budget", "initial", "initial_basic", "counts")
        ),
        own_opening=sum(ledger.own_opening for ledger in ledgers),
        own_closing=sum(ledger.own_closing for ledger in ledgers),
        use_of_surplus=sum(ledger.use_of_surplus for ledger in ledgers),
        distribution=sum(ledger.distribution for ledger in ledgers),
    )


def _sum_of(mappings: Iterable[Mapping[str, int]]) -> dict[str, int]:
    result: dict[str, int] = defaultdict(int)
    for mapping in mappings:
        for key, amount in mapping.items():
            result[key] += amount
    return dict(sorted(result.items()))


def _merge(ledgers: Iterable[Ledger]) -> tuple[Entry, ...]:
    merged: dict[tuple[str, str], Entry] = {}
    for ledger in ledgers:
        for entry in ledger.entries:
            known = merged.get((entry.pool, entry.code), Entry(entry.code, entry.pool))
            merged[entry.pool, entry.code] = replace(
                known,
                income=_sum_of((known.income, entry.income)),
                spent=_sum_of((known.spent, entry.spent)),
                opening=known.opening + entry.opening,
                closing=known.closing + entry.closing,
            )
    return tuple(merged.values())


def _eliminate(entries: tuple[Entry, ...], side: str, measure: str, amount: int) -> tuple[Entry, ...]:
    result = []
    for entry in entries:
        amounts = dict(getattr(entry, side))
        taken = min(amount, amounts.get(measure, 0))
        if taken:
            amounts[measure] -= taken
            amount -= taken
        result.append(replace(entry, **{side: amounts}))
    if amount:
        raise ValueError(f"{amount} 分 of {measure} were not found inside the department")
    return tuple(result)
