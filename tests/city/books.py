"""Draws the books of the sample city: consistent to the 分, the same on every machine.

`books()` gives every book of the city; a book is what one report publishes: a unit, a year and a scope. The year
before the first published one is drawn too, so that the narratives have something to compare with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from tests.city import liuzhou
from tests.city.ledger import POOLS, THREE_PUBLIC, Entry, Key, Ledger, consolidate, tabulate
from tests.city.units import HOTLINE, MEMBERS, REMITTANCE, SUBSIDY, UNITS, Project, Unit

YEARS = (2022, 2023, 2024)
FIRST_DRAWN = 2021
CENT_OF_WAN = 10_000
"""0.01 万元, the last digit that most reports print, in 分."""
_WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Book:
    """What one report publishes. `cells` are true amounts in 分 by (form, line, measure)."""

    unit: Unit
    year: int
    scope: str
    ledger: Ledger
    cells: dict[Key, int]
    members: tuple[str, ...] = ()


@cache
def books() -> dict[tuple[str, int, str], Book]:
    """Every book by (unit key, year, scope). The scope is "" for a unit, 本级 and 汇总 for the department."""
    ledgers = {(unit.key, year): ledger for unit in UNITS for year, ledger in _draw_years(unit).items()}
    result = {}
    for unit in UNITS:
        for year in (FIRST_DRAWN, *YEARS):
            scope = "本级" if unit.key == MEMBERS[0] else ""
            ledger = ledgers[unit.key, year]
            result[unit.key, year, scope] = Book(unit, year, scope, ledger, tabulate(ledger))
    bureau = next(unit for unit in UNITS if unit.key == MEMBERS[0])
    names = tuple(unit.name for unit in UNITS if unit.key in MEMBERS)
    for year in (FIRST_DRAWN, *YEARS):
        moved = (_moved(SUBSIDY[0], year), _moved(REMITTANCE[0], year))
        ledger = consolidate((ledgers[key, year] for key in MEMBERS), moved)
        result[bureau.key, year, "汇总"] = Book(bureau, year, "汇总", ledger, tabulate(ledger), names)
    return result


def _random(*parts: object) -> Random:
    return Random("/".join(map(str, parts)))


def _moved(transfer: tuple[str, str], year: int) -> int:
    """The sum that payer pays to receiver in this year, in 分."""
    return _wan(_random(*transfer, year), (28, 44))


def _wan(random: Random, size: tuple[float, float]) -> int:
    """An amount in 分 from a range in 万元."""
    return random.randint(int(size[0] * _WAN), int(size[1] * _WAN))


def _draw_years(unit: Unit) -> dict[int, Ledger]:
    ledgers: dict[int, Ledger] = {}
    before: Ledger | None = None
    for year in (FIRST_DRAWN, *YEARS):
        known = liuzhou.LEDGERS.get(year) if unit.name == HOTLINE else None
        before = ledgers[year] = known or _draw(unit, year, before)
    return ledgers


def _draw(unit: Unit, year: int, before: Ledger | None) -> Ledger:
    random = _random(unit.key, year)
    economic = _economic(unit, year, random)
    entries = _fiscal_entries(unit, year, random, economic, before)
    own, opening, closing, used, distributed = _own_entries(unit, year, random, before)
    final, budget = _three_public(unit, year, random, economic)
    initial, initial_basic = _initial_budget(random, entries, economic)
    return Ledger(
        (*entries, *own), economic, final, budget, initial, initial_basic, _counts(unit, random, final, entries),
        own_opening=opening, own_closing=closing, use_of_surplus=used, distribution=distributed,
    )  # fmt: skip


def _economic(unit: Unit, year: int, random: Random) -> dict[str, int]:
    heads = unit.staff * unit.pay * 1.03 ** (year - FIRST_DRAWN)

    def each(low: float, high: float) -> int:
        return _wan(random, (heads * low, heads * high))

    wages = {"30101": each(4.1, 4.6), "30102": each(0.8, 1.3) if unit.institution else each(4.2, 5.2),
             "30103": each(1.1, 2.4)}  # fmt: skip
    if unit.institution:
        wages["30107"] = each(4.8, 6.1)
    base = sum(wages.values())
    items = wages | {
        "30108": base * 13 // 100,
        "30109": base * 65 // 1000,
        "30110": base * 7 // 100,
        "30112": base * 9 // 1000,
        "30113": base * 11 // 100,
        "30201": each(0.2, 0.6), "30202": each(0.01, 0.05), "30205": each(0.02, 0.06), "30206": each(0.1, 0.3),
        "30207": each(0.05, 0.2), "30209": each(0.1, 0.3), "30211": each(0.1, 0.4), "30213": each(0.05, 0.25),
        "30216": each(0.02, 0.09), "30226": each(0.03, 0.2), "30228": base // 60, "30229": base // 110,
        "30299": each(0.1, 0.5), "30302": each(0.2, 0.7), "30305": each(0.01, 0.05), "30399": each(0.005, 0.02),
    }  # fmt: skip
    if not unit.institution:
        items |= {"30111": base * 3 // 100, "30239": each(0.6, 0.9)}
    if unit.contract_staff:
        items["30199"] = _wan(random, (unit.contract_staff * 5.0, unit.contract_staff * 5.6))
    if unit.vehicles:
        items["30231"] = _wan(random, (unit.vehicles * 1.4, unit.vehicles * 2.2))
    if random.random() < 0.7:
        items["30217"] = _wan(random, (0.08, 0.9))
    if random.random() < 0.4:
        items["31002"] = each(0.02, 0.2)
    return items


def _fiscal_entries(
    unit: Unit, year: int, random: Random, economic: dict[str, int], before: Ledger | None
) -> tuple[Entry, ...]:
    basic = {
        "2080502" if unit.institution else "2080501": economic["30302"],
        "2080505": economic["30108"] - random.randint(0, economic["30108"] // 25),
        "2080506": economic["30109"],
        "2101102" if unit.institution else "2101101": economic["30110"],
        "2101103": economic.get("30111", 0),
        "2210201": economic["30113"],
    }
    basic[unit.running] = sum(economic.values()) - sum(basic.values())
    rows = {("general", code): {"basic": amount} for code, amount in basic.items() if amount}
    carried = {(entry.pool, entry.code): entry.closing for entry in before.entries} if before else {}
    closing = {}
    for project in unit.projects:
        if year == FIRST_DRAWN + 1 and random.random() < 0.15:
            continue
        key = (project.pool, project.code)
        spent, closing[key] = _project_money(random, project, carried.get(key, 0))
        rows.setdefault(key, {})["project"] = spent
    for key, opening in carried.items():
        if opening and key not in rows and key[0] in POOLS:
            closing[key] = opening
            rows[key] = {}
    result = []
    for (pool, code), spent in sorted(rows.items(), key=lambda item: (POOLS.index(item[0][0]), item[0][1])):
        opening, left = carried.get((pool, code), 0), closing.get((pool, code), 0)
        income = sum(spent.values()) + left - opening
        money = {"fiscal_appropriation": income} if income else {}
        result.append(Entry(code, pool, money, spent, opening, left))
    return tuple(result)


def _project_money(random: Random, project: Project, opening: int) -> tuple[int, int]:
    """What is spent and what stays, so that the year's income is not negative."""
    spent = _wan(random, project.size)
    closing = random.randint(spent // 50, spent // 3) if project.carry else 0
    return max(spent, opening - closing), closing


def _own_entries(
    unit: Unit, year: int, random: Random, before: Ledger | None
) -> tuple[tuple[Entry, ...], int, int, int, int]:
    """The entries outside the three budgets, and opening, closing, surplus used and surplus distributed."""
    entries = []
    for own in unit.own:
        income = _wan(random, own.size)
        spent = {kind: int(income * share) for kind, share in own.spent}
        for transfers, source, kind in (
            (SUBSIDY, "superior_subsidy", "affiliate_subsidy"),
            (REMITTANCE, "affiliate_remittance", "payment_to_superior"),
        ):
            for transfer in transfers:
                if unit.key == transfer[0] and kind in spent:
                    spent[kind] = _moved(transfer, year)
                if unit.key == transfer[1] and own.source == source:
                    income = _moved(transfer, year)
                    spent = {kind: int(income * share) for kind, share in own.spent}
        entries.append(Entry(own.code, "own", {own.source: income}, spent))
    gains = [(entry, sum(entry.income.values()) - sum(entry.spent.values())) for entry in entries]
    profit = sum(gain for entry, gain in gains if "operating_income" in entry.income)
    distributed = max(profit, 0) * 2 // 5 if unit.distributes else 0
    opening = before.own_closing if before else 0
    left = opening + sum(gain for _, gain in gains) - distributed
    return tuple(entries), opening, max(left, 0), max(-left, 0), distributed


def _three_public(
    unit: Unit, year: int, random: Random, economic: dict[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    final = dict.fromkeys(THREE_PUBLIC, 0)
    final["reception"] = economic.get("30217", 0)
    if unit.vehicles:
        final["vehicle_operation"] = economic["30231"] + _wan(random, (0, 0.3 * unit.vehicles))
    if unit.vehicles > 2 and random.random() < 0.5:
        final["vehicle_purchase"] = _wan(random, (14.0, 17.98))
    if unit.abroad and year > FIRST_DRAWN + 1:
        final["abroad"] = _wan(random, (4, 11))
    budget = {line: _rounded(int(amount * random.uniform(1.0, 1.5)), up=True) for line, amount in final.items()}
    if not budget["reception"]:
        budget["reception"] = random.choice((0, 30, 50)) * CENT_OF_WAN
    return final, budget


def _rounded(amount: int, *, up: bool = False) -> int:
    return -(-amount // CENT_OF_WAN) * CENT_OF_WAN if up else amount // CENT_OF_WAN * CENT_OF_WAN


def _initial_budget(
    random: Random, entries: tuple[Entry, ...], economic: dict[str, int]
) -> tuple[dict[str, int], dict[str, int]]:
    initial, basic_total = {}, 0
    for entry in entries:
        if entry.pool != "general" or not entry.spent:
            continue
        basic = _rounded(int(entry.spent.get("basic", 0) * random.uniform(0.92, 1.06)))
        project = _rounded(int(entry.spent.get("project", 0) * random.choice((0, 0.8, 0.95, 1, 1.1, 1.25))))
        initial[entry.code] = basic + project
        basic_total += basic
    by_class = {}
    for item in ("302", "303", "310"):
        spent = sum(amount for code, amount in economic.items() if code[:3] == item)
        by_class[item] = _rounded(int(spent * random.uniform(0.9, 1.2)))
    return initial, {"301": basic_total - sum(by_class.values()), **by_class}


def _counts(unit: Unit, random: Random, final: dict[str, int], entries: tuple[Entry, ...]) -> dict[str, int]:
    batches = random.randint(2, 14) if final["reception"] else 0
    project = sum(entry.spent.get("project", 0) for entry in entries if entry.pool == "general")
    goods, works, services = (_rounded(int(project * random.uniform(0.01, 0.2))) for _ in range(3))
    small = _rounded(int((goods + works + services) * random.uniform(0.4, 1)))
    return {
        "staff": unit.staff,
        "posts": unit.staff + random.randint(0, 4),
        "vehicles": unit.vehicles,
        "vehicles_bought": 1 if final["vehicle_purchase"] else 0,
        "batches": batches,
        "guests": batches * random.randint(4, 12),
        "groups": 1 if final["abroad"] else 0,
        "travellers": 3 if final["abroad"] else 0,
        "goods": goods,
        "works": works,
        "services": services,
        "small_firms": small,
        "smallest_firms": _rounded(small // 2),
        "projects": sum(1 for entry in entries if entry.spent.get("project")),
        "assessed": _rounded(project),
    }
