"""The equalities that the nine tables of one report must satisfy, written down apart from the product.

Each is a rule: an id of the project's catalogue of identities, and cells with coefficients that add up to nothing.
They prove that the books are consistent and that every known fault breaks what it is said to break.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tests.city.ledger import BUDGETS, CLASSES, EXPENDITURE_MEASURES, POOLS, REVENUE_LINES, Key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from tests.city.style import Style

_T1, _T2, _T3, _T4, _T5 = ("income_expenditure", "income", "expenditure", "fiscal_appropriation", "general_budget")
_T6, _TF, _TS, _TG = ("basic_expenditure", "government_fund", "state_capital", "three_public")
_CODE_TABLES = {
    _T2: ("total", "fiscal_appropriation", *REVENUE_LINES),
    _T3: ("total", *EXPENDITURE_MEASURES),
    _T5: ("total", "basic", "project"),
    _TF: ("opening", "income", "total", "basic", "project", "closing"),
    _TS: ("opening", "income", "total", "basic", "project", "closing"),
}


class Rule(NamedTuple):
    """`terms` are (coefficient, cell); the first is the cell on the left side."""

    identity: str
    terms: tuple[tuple[int, Key], ...]

    def difference(self, amounts: dict[Key, int]) -> int:
        return sum(coefficient * amounts[key] for coefficient, key in self.terms)


def rules(keys: Collection[Key]) -> Iterator[Rule]:
    """The rules over the cells that there are. A term whose cell is not printed drops out: it is nothing."""
    for identity, left, right in _equations(keys):
        if left in keys:
            terms = [(-1, key) for key in right if key in keys]
            if terms:
                yield Rule(identity, ((1, left), *terms))


def _equations(keys: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    """(identity, left side, cells whose sum it is)."""
    yield from _summary(keys)
    for form, measures in _CODE_TABLES.items():
        yield from _tree(keys, form, measures)
    yield from _rows(keys)
    yield from _fiscal(keys)
    yield from _items(keys)
    yield from _across(keys)


def _one(form: str, lines: Iterable[str], measure: str = "amount") -> list[Key]:
    return [(form, line, measure) for line in lines]


def _summary(_: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    revenue = (*BUDGETS.values(), *REVENUE_LINES.values())
    income, spent = "current_year_income_total", "current_year_expenditure_total"
    yield "T1-01", (_T1, income, "amount"), _one(_T1, revenue)
    yield "T1-02", (_T1, spent, "amount"), _one(_T1, CLASSES)
    yield "T1-03", (_T1, "income_total", "amount"), _one(_T1, (income, "use_of_nonfiscal_surplus", "opening_carryover"))
    parts = (spent, "surplus_distribution", "closing_carryover")
    yield "T1-04", (_T1, "expenditure_total", "amount"), _one(_T1, parts)
    yield "T1-05", (_T1, "income_total", "amount"), _one(_T1, ("expenditure_total",))


def _tree(keys: Collection[Key], form: str, measures: Iterable[str]) -> Iterator[tuple[str, Key, list[Key]]]:
    codes = sorted({line for found, line, _ in keys if found == form and line.isdigit()})
    for measure in measures:
        for digits in (3, 7):
            level = [code for code in codes if len(code) == digits]
            yield "H-02", (form, "total", measure), _one(form, level, measure)
        for code in codes:
            children = [child for child in codes if child[:-2] == code]
            yield "H-01", (form, code, measure), _one(form, children, measure)


def _rows(keys: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    parts = {
        _T2: ("R2", ("fiscal_appropriation", *REVENUE_LINES)),
        _T3: ("R3", EXPENDITURE_MEASURES),
        _T5: ("R5", ("basic", "project")),
        _TF: ("RF1", ("basic", "project")),
        _TS: ("RS1", ("basic", "project")),
    }
    for form, line in sorted({(form, line) for form, line, _ in keys if form in parts}):
        identity, measures = parts[form]
        yield identity, (form, line, "total"), [(form, line, measure) for measure in measures]


def _fiscal(_: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    income, spent = "current_year_income_total", "current_year_expenditure_total"
    yield "T4-01", (_T4, income, "amount"), _one(_T4, BUDGETS.values())
    carried = [f"opening_carryover_{pool}" for pool in POOLS]
    yield "T4-05", (_T4, "opening_fiscal_carryover", "amount"), _one(_T4, carried)
    yield "T4-04", (_T4, "income_total", "amount"), _one(_T4, (income, "opening_fiscal_carryover"))
    yield "T4-04", (_T4, "income_total", "amount"), [(_T4, "expenditure_total", "total")]
    for measure in ("total", *POOLS):
        yield "T4-02", (_T4, spent, measure), _one(_T4, CLASSES, measure)
        parts = (spent, "closing_fiscal_carryover")
        yield "T4-04", (_T4, "expenditure_total", measure), _one(_T4, parts, measure)
    for line in (*CLASSES, spent, "closing_fiscal_carryover", "expenditure_total"):
        yield "T4-03", (_T4, line, "total"), [(_T4, line, pool) for pool in POOLS]
    for pool, budget in BUDGETS.items():
        money = _one(_T4, (budget, f"opening_carryover_{pool}"))
        yield "T4-06", (_T4, "expenditure_total", pool), money


def _items(keys: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    codes = sorted({line for form, line, _ in keys if form == _T6 and line.isdigit()})
    classes = [code for code in codes if len(code) == 3]
    for code in classes:
        yield "T6-01", (_T6, code, "amount"), _one(_T6, (child for child in codes if child[:-2] == code))
    personnel = [code for code in classes if code in ("301", "303")]
    yield "T6-02", (_T6, "personnel_total", "amount"), _one(_T6, personnel)
    yield "T6-03", (_T6, "public_total", "amount"), _one(_T6, (code for code in classes if code not in personnel))
    for measure in ("budget", "final"):
        yield "TG-01", (_TG, "total", measure), _one(_TG, ("abroad", "vehicle", "reception"), measure)
        yield "TG-02", (_TG, "vehicle", measure), _one(_TG, ("vehicle_purchase", "vehicle_operation"), measure)


def _across(_: Collection[Key]) -> Iterator[tuple[str, Key, list[Key]]]:
    yield "X12-01", (_T1, "current_year_income_total", "amount"), [(_T2, "total", "total")]
    yield "X12-02", (_T2, "total", "fiscal_appropriation"), _one(_T1, BUDGETS.values())
    for measure, line in REVENUE_LINES.items():
        yield "X12-03", (_T1, line, "amount"), [(_T2, "total", measure)]
    yield "X13-01", (_T1, "current_year_expenditure_total", "amount"), [(_T3, "total", "total")]
    for code in CLASSES:
        yield "X13-02", (_T1, code, "amount"), [(_T3, code, "total")]
        yield "X45-02", (_T4, code, "general"), [(_T5, code, "total")]
        yield "X4F-01", (_T4, code, "fund"), [(_TF, code, "total")]
        yield "X4S-01", (_T4, code, "capital"), [(_TS, code, "total")]
    for budget in BUDGETS.values():
        yield "X14-01", (_T1, budget, "amount"), [(_T4, budget, "amount")]
    yield "X24-01", (_T2, "total", "fiscal_appropriation"), [(_T4, "current_year_income_total", "amount")]
    spent = "current_year_expenditure_total"
    yield "X45-01", (_T4, spent, "general"), [(_T5, "total", "total")]
    yield "X4F-01", (_T4, spent, "fund"), [(_TF, "total", "total")]
    yield "X4S-01", (_T4, spent, "capital"), [(_TS, "total", "total")]
    yield "X56-01", (_T5, "total", "basic"), _one(_T6, ("personnel_total", "public_total"))


def amount_of(text: str, style: Style) -> int:
    """A printed text in 分; a blank and a dash are nothing."""
    bare = text.replace(",", "")
    if bare in ("", "-"):
        return 0
    return int(Decimal(bare) * (1_000_000 if style.money_unit == "万元" else 100))


def broken(printed: dict[Key, str], style: Style) -> Iterator[Rule]:
    """The rules that the printed texts break beyond what rounding every cell by itself can do."""
    amounts = {key: amount_of(text, style) for key, text in printed.items()}
    last_digit = (1_000_000 if style.money_unit == "万元" else 100) // 10**style.decimals
    for rule in rules(amounts):
        if abs(rule.difference(amounts)) * 2 > last_digit * len(rule.terms):
            yield rule
