"""What a report says before it is worded: every number as printed, by (topic, line, measure) of the narrative."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import TYPE_CHECKING

from tests.city.ledger import CLASSES, PERSONNEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.city.ledger import Key
    from tests.narratives.books import Books

REVENUE = (
    "general_public_budget", "government_fund_budget", "state_capital_budget", "superior_subsidy_income",
    "institution_income", "operating_income", "affiliate_remittance_income", "other_income",
)  # fmt: skip
SOURCES = (
    "fiscal_appropriation", "superior_subsidy", "institution_income", "operating_income", "affiliate_remittance",
    "other_income",
)  # fmt: skip
KINDS = ("basic", "project", "payment_to_superior", "operating", "affiliate_subsidy")
PARTS = ("abroad", "vehicle", "vehicle_purchase", "vehicle_operation", "reception")
BUDGETS = {"general": "general_public_budget", "fund": "government_fund_budget", "capital": "state_capital_budget"}
POOLS = {"told_fund": "government_fund", "told_capital": "state_capital"}
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Story:
    """`values` are as printed: money in 万元 or 元 (`wan`), rates in percent, counts; signs say in which direction.

    A change without its rate has none (nothing the year before); a change of 0 is told as 持平. `items` are the 项 of
    the general budget told one by one, `named` the economic 款 listed under 人员经费 and 公用经费, `none` the topics of
    which the report says that there is no such money; amounts in `other_unit` are printed as 元 for 万元 or the other
    way round; `again` are numbers that are other ones where they are told again.
    """

    books: Books
    wan: bool
    values: Mapping[Key, Decimal]
    items: tuple[str, ...]
    named: Mapping[str, tuple[str, ...]]
    none: frozenset[str]
    seed: int
    other_unit: frozenset[Key] = frozenset()
    again: Mapping[Key, Decimal] = field(default_factory=dict)

    def get(self, topic: str, line: str, measure: str = "final") -> Decimal:
        return self.values.get((topic, line, measure), Decimal(0))

    def has(self, topic: str, line: str, measure: str = "final") -> bool:
        return (topic, line, measure) in self.values

    def lines(self, topic: str, digits: int) -> tuple[str, ...]:
        """The subject codes of so many digits that a topic tells, in order."""
        codes = {line for told, line, _ in self.values if told == topic and line.isdigit() and len(line) == digits}
        return tuple(sorted(codes))


class Told(set["Key"]):
    """The keys that a phrasing has told; `again` those that it told more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.again: set[Key] = set()


def tell(books: Books, *, wan: bool, seed: int) -> Story:
    """The story of these books. Rates come from the amounts themselves or from what is printed of them."""
    writer = _Writer(books, Random(f"story {seed}"), wan=wan)
    writer.write()
    items = tuple(code for code in books.items() if writer.cell("general_budget", code, "total"))
    named: dict[str, tuple[str, ...]] = {"personnel_total": (), "public_total": ()}
    for code in books.items("basic_expenditure", 5):
        if writer.cell("basic_expenditure", code):
            named["personnel_total" if code[:3] in PERSONNEL else "public_total"] += (code,)
    none = frozenset(
        topic for topic, form in POOLS.items()
        if not any(writer.cell(form, "total", measure) for measure in ("opening", "income", "total", "closing"))
    )  # fmt: skip
    return Story(books, wan, writer.values, items, named, none, seed)


class _Writer:
    def __init__(self, books: Books, random: Random, *, wan: bool) -> None:
        self.books, self.random, self.wan = books, random, wan
        self.scale = Decimal(1_000_000 if wan else 100)
        self.values: dict[Key, Decimal] = {}
        self.from_printed = random.random() < 0.5

    def cell(self, form: str, line: str, measure: str = "amount") -> int:
        return self.books.cells.get((form, line, measure), 0)

    def was(self, form: str, line: str, measure: str = "amount") -> int:
        return self.books.last.get((form, line, measure), 0)

    def printed(self, fen: int) -> Decimal:
        """Nothing at all is a bare 0, what rounds to nothing is 0.00."""
        return (Decimal(fen) / self.scale).quantize(CENT, ROUND_HALF_UP) if fen else Decimal(0)

    def ratio(self, part: int, whole: int) -> Decimal:
        """In percent, of the amounts or of what is printed of them."""
        of = self.printed if self.from_printed else Decimal
        return (of(part) * 100 / of(whole)).quantize(CENT, ROUND_HALF_UP)

    def final(self, topic: str, line: str, now: int) -> None:
        self.values[topic, line, "final"] = self.printed(now)

    def moved(self, topic: str, line: str, now: int, then: int) -> None:
        """The amount, and how it moved since last year."""
        self.final(topic, line, now)
        self.values[topic, line, "change"] = change = self.printed(now - then)
        if change and self.printed(then):
            self.values[topic, line, "rate"] = self.ratio(now - then, then)

    def share(self, topic: str, line: str, part: int, whole: int) -> None:
        if self.printed(whole):
            self.values[topic, line, "share"] = self.ratio(part, whole)

    def against(self, topic: str, line: str, now: int, budget: int, measure: str = "initial_budget") -> None:
        """A budget, how much of it was used, and which is greater."""
        kind = {"initial_budget": "_initial", "full_budget": "_full"}.get(measure, "")
        self.values[topic, line, measure] = self.printed(budget)
        if self.printed(budget):
            self.values[topic, line, f"completion{kind}"] = self.ratio(now, budget)
        self.values[topic, line, "comparison"] = Decimal(_sign(self.printed(now) - self.printed(budget)))
        self.values[topic, line, f"gap{kind}"] = self.printed(now - budget)
        if self.printed(budget) and self.printed(now - budget):
            self.values[topic, line, f"gap{kind}_rate"] = self.ratio(now - budget, budget)

    def write(self) -> None:
        for section in (self._totals, self._shares, self._fiscal, self._general, self._basic, self._three_public,
                        self._pools, self._other, self._performance):  # fmt: skip
            section()

    def _totals(self) -> None:
        form = "income_expenditure"
        lines = (
            *REVENUE, "current_year_income_total", "use_of_nonfiscal_surplus", "opening_carryover", "income_total",
            "current_year_expenditure_total", "surplus_distribution", "closing_carryover", "expenditure_total",
        )  # fmt: skip
        told = [code for code in CLASSES if self.cell(form, code) or self.was(form, code)]
        for line in (*lines, *told):
            self.moved("told_totals", line, self.cell(form, line), self.was(form, line))
        self.moved("told_totals", "grand_total", self.cell(form, "income_total"), self.was(form, "income_total"))
        for kind in KINDS:
            now, then = (of("expenditure", "total", kind) for of in (self.cell, self.was))
            self.moved("told_totals", kind if kind in {"basic", "project"} else f"nature_{kind}", now, then)

    def _shares(self) -> None:
        for topic, form, measures in (("told_income", "income", SOURCES), ("told_expenditure", "expenditure", KINDS)):
            total = self.cell(form, "total", "total")
            self.moved(topic, "total", total, self.was(form, "total", "total"))
            for measure in measures:
                self.final(topic, measure, self.cell(form, "total", measure))
                self.share(topic, measure, self.cell(form, "total", measure), total)
            for code in self.books.items(form, 3) if form == "expenditure" else ():
                self.final(topic, code, self.cell(form, code, "total"))
                self.share(topic, code, self.cell(form, code, "total"), total)

    def _fiscal(self) -> None:
        topic, form = "told_fiscal", "fiscal_appropriation"
        self.moved(topic, "grand_total", self.cell(form, "income_total"), self.was(form, "income_total"))
        lines = ("current_year_income_total", "opening_fiscal_carryover", *BUDGETS.values())
        for line in lines:
            self.moved(topic, line, self.cell(form, line), self.was(form, line))
        for line in ("current_year_expenditure_total", "closing_fiscal_carryover"):
            self.moved(topic, line, self.cell(form, line, "total"), self.was(form, line, "total"))
        spent = "current_year_expenditure_total"
        for pool in BUDGETS:
            now = self.cell(form, spent, pool)
            self.moved(topic, f"expenditure_{pool}", now, self.was(form, spent, pool))

    def _general(self) -> None:
        topic, form, ledger = "told_general", "general_budget", self.books.ledger
        total = self.cell(form, "total", "total")
        self.moved(topic, "total", total, self.was(form, "total", "total"))
        self.share(topic, "total", total, self.cell("expenditure", "total", "total"))
        self.against(topic, "total", total, sum(ledger.initial.values()))
        for kind in ("basic", "project"):
            self.final(topic, kind, self.cell(form, "total", kind))
            self.share(topic, kind, self.cell(form, "total", kind), total)
        for code in self.books.items(form, 3):
            self.final(topic, code, self.cell(form, code, "total"))
            self.share(topic, code, self.cell(form, code, "total"), total)
        for code in self.books.items(form):
            now = self.cell(form, code, "total")
            self.final(topic, code, now)
            self.against(topic, code, now, ledger.initial.get(code, 0))

    def _basic(self) -> None:
        topic, form = "told_basic", "basic_expenditure"
        self.final(topic, "total", self.cell("general_budget", "total", "basic"))
        for line in ("personnel_total", "public_total"):
            self.final(topic, line, self.cell(form, line))
            self.share(topic, line, self.cell(form, line), self.cell("general_budget", "total", "basic"))
        for code, budget in self.books.ledger.initial_basic.items():
            self.final(topic, code, self.cell(form, code))
            self.against(topic, code, self.cell(form, code), budget)

    def _three_public(self) -> None:
        topic, form, counts = "told_three_public", "three_public", self.books.ledger.counts
        for line in ("total", *PARTS):
            now = self.cell(form, line, "final")
            self.moved(topic, line, now, self.was(form, line, "final"))
            self.against(topic, line, now, self.cell(form, line, "budget"), "budget")
            self.share(topic, line, now, self.cell(form, "total", "final"))
        for line, count in (
            ("abroad_groups", "groups"), ("abroad_people", "travellers"), ("vehicles_bought", "vehicles_bought"),
            ("vehicles_held", "vehicles"), ("reception_domestic_batches", "batches"), ("reception_domestic_people", "guests"),
        ):  # fmt: skip
            self.values[topic, line, "count"] = Decimal(counts[count])
        self.values[topic, "vehicle_operation", "average"] = self.printed(
            round(self.cell(form, "vehicle_operation", "final") / counts["vehicles"])
        )

    def _pools(self) -> None:
        for topic, form in POOLS.items():
            for line in ("opening", "income", "total", "closing"):
                self.moved(topic, line, self.cell(form, "total", line), self.was(form, "total", line))
            for code in self.books.items(form):
                self.final(topic, code, self.cell(form, code, "total"))

    def _other(self) -> None:
        public, budget = self.cell("basic_expenditure", "public_total"), self.books.ledger.initial_basic
        self.moved("told_operation", "total", public, self.was("basic_expenditure", "public_total"))
        initial = sum(amount for code, amount in budget.items() if code not in PERSONNEL)
        self.against("told_operation", "total", public, initial)
        sums = self.books.procurement
        for line, amount in sums.items():
            self.final("told_procurement", line, amount)
        self.share("told_procurement", "small_medium", sums["small_medium"], sums["total"])
        self.share("told_procurement", "small", sums["small"], sums["small_medium"])
        self.values["told_assets", "vehicles", "count"] = Decimal(sum(self.books.vehicles.values()))
        for kind, count in self.books.vehicles.items():
            self.values["told_assets", f"vehicle:{kind}", "count"] = Decimal(count)

    def _performance(self) -> None:
        topic, ledger = "told_performance", self.books.ledger
        assessed = sum(ledger.initial.values()) - sum(ledger.initial_basic.values())
        self.values[topic, "projects", "count"] = Decimal(len(self.books.projects))
        self.values[topic, "amount", "final"] = self.printed(assessed)
        for name, budget, spent, score in self.books.projects:
            line = f"project:{name}"
            self.final(topic, line, spent)
            self.against(topic, line, spent, budget, "full_budget")
            self.values[topic, line, "score"] = Decimal(score) / 10
        good = sum(1 for *_, score in self.books.projects if score >= 900)
        self.values[topic, "grade:优", "count"] = Decimal(good)
        self.values[topic, "grade:良", "count"] = Decimal(len(self.books.projects) - good)


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def nonzero(story: Story, topic: str, lines: tuple[str, ...]) -> Iterator[str]:
    """Those of the lines that have money."""
    return (line for line in lines if story.get(topic, line))
