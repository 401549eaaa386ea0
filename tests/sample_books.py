"""Consistent books for the tests of judging: two fixed units, and as many random ones as wanted.

`RICH` has every kind of money in every table, `PLAIN` nothing but the general public budget, so that the relations
that are equalities without other money are equalities there. Amounts are in 分; their tables follow from the ledger of
the sample city.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.city.ledger import Entry, Ledger, consolidate, tabulate

_WAN = 1_000_000
_ECONOMIC = {
    "30101": 88_123_456, "30102": 31_415_926, "30103": 27_182_818, "30108": 41_000_077, "30109": 20_500_038,
    "30113": 33_333_333, "30199": 9_876_543, "30201": 5_432_109, "30211": 1_111_119, "30212": 2_222_229,
    "30217": 1_234_567, "30231": 4_444_444, "30299": 3_000_001, "30302": 6_000_006, "30305": 1_500_055,
    "30701": 777_777, "31002": 2_718_281, "31013": 17_000_003, "39999": 1_010_101,
}  # fmt: skip
_FUNCTIONS = {"2080505": 40_000_011, "2080506": 20_000_022, "2210201": 33_000_044, "2101101": 12_345_678}
_SAME = {"2080505": "30108", "2080506": "30109", "2210201": "30113"}
_THREE_PUBLIC = {
    "abroad": 3_000_003,
    "vehicle_purchase": 18_000_007,
    "vehicle_operation": 5_555_551,
    "reception": 1_700_009,
}


def _general() -> list[Entry]:
    basic = {**_FUNCTIONS, "2010301": sum(_ECONOMIC.values()) - sum(_FUNCTIONS.values())}
    rows = [
        Entry(code, "general", {"fiscal_appropriation": amount}, {"basic": amount}) for code, amount in basic.items()
    ]
    rows.append(
        Entry("2010302", "general", {"fiscal_appropriation": 71_234_567}, {"project": 70_000_003}, 0, 1_234_564)
    )
    rows.append(
        Entry("2010399", "general", {"fiscal_appropriation": 15_000_001}, {"project": 16_111_112}, 1_111_111, 0)
    )
    return rows


def _ledger(entries: list[Entry], economic: dict[str, int], **own: int) -> Ledger:
    budget = {line: amount + _WAN for line, amount in _THREE_PUBLIC.items()}
    return Ledger(tuple(entries), economic, _THREE_PUBLIC, budget, {}, {}, {}, **own)


PLAIN = _ledger(_general(), _ECONOMIC)
_OWN = [
    Entry("2010350", "own", {"superior_subsidy": 11_111_113}, {"basic": 10_000_009}),
    Entry("2010350", "own", {"institution_income": 22_222_229}, {"project": 20_000_003}),
    Entry("2010399", "own", {"operating_income": 13_000_037}, {"operating": 12_000_041}),
    Entry("2010399", "own", {"affiliate_remittance": 7_000_043}, {"payment_to_superior": 6_000_047}),
    Entry("2010301", "own", {"other_income": 5_000_053}, {"affiliate_subsidy": 4_000_059}),
]
_FUND_AND_CAPITAL = [
    Entry("2120801", "fund", {"fiscal_appropriation": 52_345_678}, {"project": 50_000_005}, 4_000_004, 6_345_677),
    Entry("2120899", "fund", {"fiscal_appropriation": 8_888_888}, {"basic": 3_333_331, "project": 5_555_557}),
    Entry("2230105", "capital", {"fiscal_appropriation": 9_999_991}, {"basic": 1_000_003, "project": 7_000_004},
          2_000_002, 3_999_986),
]  # fmt: skip


def _gain(entries: list[Entry]) -> int:
    return sum(sum(entry.income.values()) - sum(entry.spent.values()) for entry in entries if entry.pool == "own")


RICH = _ledger(
    [*_general(), *_FUND_AND_CAPITAL, *_OWN],
    _ECONOMIC,
    own_opening=9_090_907,
    own_closing=9_090_907 + 1_000_001 + _gain(_OWN) - 2_000_003,
    use_of_surplus=1_000_001,
    distribution=2_000_003,
)


def year_before(ledger: Ledger) -> Ledger:
    """Books that close with what these open with."""
    entries = []
    for entry in ledger.entries:
        spent = sum(entry.spent.values())
        kept = {"fiscal_appropriation": spent + entry.opening - entry.closing}
        income = entry.income if entry.pool == "own" else kept
        entries.append(replace(entry, income=income, opening=entry.closing, closing=entry.opening))
    opening = ledger.own_opening - ledger.use_of_surplus - _gain(entries) + ledger.distribution
    return replace(ledger, entries=tuple(entries), own_opening=opening, own_closing=ledger.own_opening)


def department(subsidy: int = 3_000_007, remitted: int = 2_000_009) -> Ledger:
    """The books of a department of which RICH and PLAIN are the units, less what they paid to each other."""
    return consolidate((RICH, PLAIN), (subsidy, remitted))


def cells(ledger: Ledger) -> dict[tuple[str, str, str], int]:
    """All cells of the nine tables, in 分."""
    return tabulate(ledger)


def random_ledger(seed: int) -> Ledger:
    """Books of a unit of any size, with any mixture of money."""
    random = Random(seed)
    scale = 10 ** random.randint(4, 10)

    def amount() -> int:
        return random.randint(1, scale)

    economic = {code: amount() for code in _ECONOMIC if random.random() < 0.8}
    basic = {item: economic.get(code, 0) for item, code in _SAME.items()}
    basic["2010301"] = sum(economic.values()) - sum(basic.values())
    entries = [
        Entry(code, "general", {"fiscal_appropriation": spent}, {"basic": spent}) for code, spent in basic.items()
    ]
    for pool, codes in (
        ("general", ("2010302", "2040299")),
        ("fund", ("2120801", "2296002")),
        ("capital", ("2230105",)),
    ):
        for code in codes:
            if random.random() < 0.6:
                opening, closing, spent = amount(), amount(), amount() + scale
                income = {"fiscal_appropriation": spent + closing - opening}
                entries.append(Entry(code, pool, income, {"project": spent}, opening, closing))
    for source, kind in (("other_income", "basic"), ("operating_income", "operating")):
        if random.random() < 0.5:
            spent = amount()
            entries.append(Entry("2010350", "own", {source: spent + scale}, {kind: spent}))
    opening = amount() * random.randint(0, 1)
    final = dict.fromkeys(_THREE_PUBLIC, 3 * scale)
    return Ledger(
        tuple(entries), economic, final, final, {}, {}, {}, own_opening=opening, own_closing=opening + _gain(entries)
    )
