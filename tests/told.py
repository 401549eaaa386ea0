"""What a text says that tells consistent accounts: claims by topic, line and measure, as `tests.accounts` takes them.

Every figure of a table is told where a topic has its line, each with last year's figure, its change and rate, its share
and the budgets that it may be compared with. Amounts are in 万元 as printed, so that rounding is that of real reports.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from expectations.counterparts import COUNTERPARTS, Counterpart
from expectations.identities.told_budgets import _TOPICS as BUDGETED
from expectations.vocabulary import N1, N2, N3, N5, N6, N7, NA, NE, NO, NP, T1, T3, T5, T6, TG

Key = tuple[str, str, str]
CENT = Decimal("0.01")
_FEW = 2
_WHOLE = {N2: ("income", "total", "total"), N3: (T3, "total", "total"), N5: (T5, "total", "total"),
          N6: (T5, "total", "basic"), N7: (TG, "total", "final")}  # fmt: skip
_COUNTS = {
    (N7, "abroad_groups"): 2, (N7, "abroad_people"): 3, (N7, "vehicles_bought"): 1, (N7, "vehicles_held"): 3,
    (N7, "reception_batches"): 5, (N7, "reception_people"): 40, (N7, "reception_domestic_batches"): 4,
    (N7, "reception_domestic_people"): 38, (N7, "reception_foreign_batches"): 1, (N7, "reception_foreign_people"): 2,
    (NA, "vehicles"): 4, (NA, "vehicle:机要通信用车"): 1, (NA, "vehicle:其他用车"): 3,
    (NE, "projects"): 5, (NE, "projects_first"): 2, (NE, "projects_second"): 3, (NE, "grade:优"): 4, (NE, "grade:良"): 1,
}  # fmt: skip
_BOUGHT = {"total": "31.70", "goods": "10.20", "works": "0.50", "services": "21.00", "small_medium": "20.30",
           "small": "4.10", "goods_small_medium": "8.20", "works_small_medium": "0.10",
           "services_small_medium": "12.00"}  # fmt: skip
_SHARED = {"small_medium": "total", "small": "small_medium", "goods_small_medium": "goods",
           "works_small_medium": "works", "services_small_medium": "services", "goods": "total", "works": "total",
           "services": "total"}  # fmt: skip


def tell(cells: dict[Key, str], before: dict[Key, str] | None = None, *, brief: bool = False) -> dict[Key, str]:
    """The claims of a text about `cells`; without the cells of the year `before`, that year had nine tenths of all.

    A brief text says of two subject codes of each level, and of the budgets of one line, what a whole one says of all.
    """
    teller = _Teller(cells, before, brief=brief)
    for part in COUNTERPARTS:
        for line, cell in teller.lines(part):
            teller.figure(part.topic, line, cell)
    teller.others()
    return teller.told


class _Teller:
    def __init__(self, cells: dict[Key, str], before: dict[Key, str] | None, *, brief: bool) -> None:
        self.brief = brief
        self.cells = {key: Decimal(printed or 0) for key, printed in cells.items()}
        self.before = before and {key: Decimal(printed or 0) for key, printed in before.items()}
        self.told: dict[Key, str] = {}
        self.initial: dict[str, Decimal] = {}

    def lines(self, part: Counterpart):
        found = list(self._lines(part))
        told: dict[int, int] = {}
        for line, cell in found:
            level = len(line) if line.isdigit() else 0
            told[level] = told.get(level, 0) + 1
            # the items of N5 are all told: their budgets add up
            if not self.brief or not level or told[level] <= _FEW or (part.topic, level) == (N5, len("2010301")):
                yield line, cell

    def _lines(self, part: Counterpart):
        for form, line, measure in self.cells:
            level = (len(line) - 1) // 2 if line.isdigit() else 0
            if (form, measure) != (part.form, part.measure):
                continue
            if isinstance(part.line, str):
                if line == part.cell:
                    yield part.line, (form, line, measure)
            elif line in part.lines or level in part.levels:
                yield line, (form, line, measure)

    def say(self, topic: str, line: str, measure: str, amount: Decimal, unit: str = "万元") -> None:
        self.told[topic, line, measure] = f"{amount:.2f}{unit}"

    def ratio(self, topic: str, line: str, measure: str, part: Decimal, whole: Decimal) -> None:
        if whole:
            self.say(topic, line, measure, (100 * part / whole).quantize(CENT, ROUND_HALF_UP), "%")

    def figure(self, topic: str, line: str, cell: Key) -> None:
        final = self.cells[cell]
        prior = self.before.get(cell, Decimal(0)) if self.before else (final * 9 / 10).quantize(CENT)
        self.amounts(topic, line, final, prior)
        if topic in _WHOLE and cell != _WHOLE[topic]:
            self.ratio(topic, line, "share", final, self.cells.get(_WHOLE[topic], Decimal(0)))
        if topic in BUDGETED:
            self.budgets(topic, line, final)

    def amounts(self, topic: str, line: str, final: Decimal, prior: Decimal) -> None:
        self.say(topic, line, "final", final)
        self.say(topic, line, "prior", prior)
        self.say(topic, line, "change", final - prior)
        self.ratio(topic, line, "rate", final - prior, prior)

    def budgets(self, topic: str, line: str, final: Decimal) -> None:
        first = not any(key[0] == topic and key[2] == "gap" for key in self.told)
        if self.brief and topic != N5 and not first and topic != N7:
            return
        planned = self.cells.get((TG, line, "budget")) if topic == N7 else None
        initial = planned or (final * 21 / 20).quantize(CENT)
        full = planned or (final * 51 / 50).quantize(CENT)
        if topic == N5 and len(line) == len("2010301") and line.isdigit():
            self.initial[line] = initial
        elif topic == N5 and line.isdigit():
            return
        self.compared(topic, line, final, {"_initial": initial, "_full": full, "": full})

    def compared(self, topic: str, line: str, final: Decimal, budgets: dict[str, Decimal]) -> None:
        for kind, budget in budgets.items():
            self.say(topic, line, f"{kind[1:]}_budget".lstrip("_"), budget)
            self.say(topic, line, f"gap{kind}", final - budget)
            self.ratio(topic, line, f"completion{kind}", final, budget)
            self.ratio(topic, line, f"gap{kind}_rate", final - budget, budget)
        signs = {(final > budget) - (final < budget) for budget in budgets.values()}
        if len(signs) == 1:
            self.told[topic, line, "comparison"] = str(*signs)

    def others(self) -> None:
        final = self.cells[T5, "total", "total"]
        initial = sum(self.initial.values(), Decimal(0))
        self.compared(N5, "total", final, {"_initial": initial, "_full": initial, "": initial})
        self.ratio(N5, "total", "share", final, self.cells[T3, "total", "total"])
        public = T6, "public_total", "amount"
        self.figure(NO, "total", public)
        three = [
            self.cells.get((T1, f"{name}_budget", "amount"))
            for name in ("general_public", "government_fund", "state_capital")
        ]
        if None not in three:
            self.say(N1, "fiscal_appropriation_income", "final", sum(three, Decimal(0)))
        for (form, line, _), amount in self.cells.items():
            if form == T6 and line.isdigit() and len(line) == len("30101") and amount:
                self.told[N6, line, "named"] = "1"
        for (topic, line), count in _COUNTS.items():
            self.told[topic, line, "count"] = str(count)
        operation = self.cells[TG, "vehicle_operation", "final"]
        for line in ("vehicle_operation", "vehicles_held"):
            self.say(N7, line, "average", (operation / 3).quantize(CENT, ROUND_HALF_UP))
        for line, amount in _BOUGHT.items():
            self.amounts(NP, line, Decimal(amount), Decimal(amount) - 1)
        for line, whole in _SHARED.items():
            self.ratio(NP, line, "share", Decimal(_BOUGHT[line]), Decimal(_BOUGHT[whole]))
