"""Consistent books of units of any size, drawn at random, as reports print them.

Every amount is printed as rounded by itself from 元, as reality does.
"""

from __future__ import annotations

from random import Random

from pipeline.reference import subjects
from tests.accounts import Key, rounded
from tests.city.ledger import CLASSES, Entry, Ledger, tabulate

Cells = dict[Key, str]

_CONTRIBUTIONS = frozenset({"2080505", "2080506", "2210201"})
"""Items that ought to follow from the 款 of the same contribution; these books draw both at random."""


def books(seed: int) -> Cells:
    """The nine tables of such books, as printed in 万元."""
    return rounded(tabulate(random_books(seed)))


def random_books(seed: int) -> Ledger:
    """The books themselves, in 分."""
    random = Random(seed)
    scale = 10 ** random.uniform(6, 9.5)
    functional = [c for c in subjects("functional") if len(c) == 7 and c[:3] in CLASSES and c not in _CONTRIBUTIONS]
    economic = [
        c for c in subjects("economic") if len(c) == 5 and c[:3] in {"301", "302", "303", "310"} and c[3:] != "00"
    ]

    def amount() -> int:
        return round(scale * 10 ** random.uniform(-2, 0))

    detail = {code: amount() for code in sorted(random.sample(economic, random.randint(8, 30)))}
    groups = random.sample(sorted({code[:5] for code in functional}), random.randint(4, 9))
    items = [code for code in functional if code[:5] in groups and random.random() < 0.5]
    if len(items) < 4:
        items = random.sample(functional, 6)
    shares = [random.random() for _ in items]
    basic = [round(sum(detail.values()) * share / sum(shares)) for share in shares]
    basic[0] += sum(detail.values()) - sum(basic)
    entries = []
    for code, part in zip(items, basic, strict=True):
        project = amount() if random.random() < 0.6 else 0
        opening, closing = (amount(), amount()) if random.random() < 0.2 else (0, 0)
        income = {"fiscal_appropriation": part + project + closing - opening}
        if income["fiscal_appropriation"] < 0:
            opening, closing, income = 0, 0, {"fiscal_appropriation": part + project}
        entries.append(Entry(code, "general", income, {"basic": part, "project": project}, opening, closing))
    for code in ("2120801", "2120899", "2296002"):
        if random.random() < 0.4:
            spent = amount()
            entries.append(Entry(code, "fund", {"fiscal_appropriation": spent}, {"project": spent}))
    gain = 0
    for source, kind in (
        ("institution_income", "basic"),
        ("operating_income", "operating"),
        ("other_income", "project"),
    ):
        if random.random() < 0.4:
            spent, more = amount(), amount()
            entries.append(Entry(random.choice(items), "own", {source: spent + more}, {kind: spent}))
            gain += more
    final = {line: amount() // 10 for line in ("abroad", "vehicle_purchase", "vehicle_operation", "reception")}
    limits = {"30212": "abroad", "30217": "reception", "30231": "vehicle_operation", "31013": "vehicle_purchase"}
    final = {
        line: max(sum(detail.get(code, 0) for code, own in limits.items() if own == line), value)
        for line, value in final.items()
    }
    budget = {line: value + amount() // 20 for line, value in final.items()}
    return Ledger(tuple(entries), detail, final, budget, {}, {}, {}, own_opening=gain, own_closing=2 * gain)
