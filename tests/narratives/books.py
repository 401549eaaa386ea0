"""Books of a unit in two years, with all that its report tells beside the nine tables. Amounts in 分."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from pipeline.reference import subjects
from tests.city.ledger import POOLS, Entry, Ledger, tabulate
from tests.random_books import random_books

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.city.ledger import Key

CENT_OF_WAN = 10_000
LEAST = 50_000_000
"""In 分: no unit has fewer than 50万元 for its own running."""
VEHICLES = (
    "主要负责人用车",
    "机要通信用车",
    "应急保障用车",
    "执法执勤用车",
    "特种专业技术用车",
    "离退休干部服务用车",
    "其他用车",
)
PLACES = ("澄川市", "临泽市", "岚口区", "望溪县", "青浦岭市")
UNITS = (
    ("文化遗产保护中心", "单位"), ("水务管理站", "单位"), ("数据资源局", "部门"), ("市场监督管理局", "部门"),
    ("农业农村局", "部门"), ("第二人民医院", "单位"), ("职业技能鉴定指导中心", "单位"), ("住房保障服务中心", "单位"),
    ("交通运输局", "部门"), ("退役军人事务局", "部门"), ("林业科学研究院", "单位"), ("城市管理执法队", "单位"),
)  # fmt: skip
BODIES = tuple(body for body, _ in UNITS)
_PROJECTS = (
    "业务系统运行维护",
    "办公场所修缮",
    "专项执法经费",
    "年度宣传与培训",
    "档案数字化",
    "基层站点补助",
    "应急物资购置",
)


@dataclass(frozen=True, slots=True)
class Books:
    """One unit's year and the year before. `cells` and `last` are the nine tables of both, by (form, line, measure).

    `vehicles` counts cars by kind, `projects` gives (name, budget, spent, score in tenths) of the projects told one by
    one, `procurement` the sums of 采购 by line of `told_procurement`; `ledger.counts` the counts of 三公 and staff.
    """

    unit: str
    level: str
    year: int
    ledger: Ledger
    before: Ledger
    cells: Mapping[Key, int]
    last: Mapping[Key, int]
    vehicles: Mapping[str, int]
    procurement: Mapping[str, int]
    projects: tuple[tuple[str, int, int, int], ...]

    def items(self, form: str = "general_budget", digits: int = 7) -> tuple[str, ...]:
        """The codes of so many digits that a table prints, in order."""
        return tuple(
            sorted({line for f, line, _ in self.cells if f == form and line.isdigit() and len(line) == digits})
        )


def books(seed: int) -> Books:
    """Random books, consistent to the 分."""
    random = Random(f"told {seed}")
    drawn = (random_books(seed + 1_000_000 * attempt) for attempt in range(1000))
    ledger = _complete(next(ledger for ledger in drawn if _can_be_told(ledger)), random)
    before = _complete(_year_before(ledger, random), random)
    name, level = random.choice(UNITS)
    procurement = _procurement(random, ledger)
    return Books(
        random.choice(PLACES) + name, level, random.choice((2021, 2022, 2023, 2024)), ledger, before,
        tabulate(ledger), tabulate(before), _vehicles(random, ledger), procurement, _projects(random, ledger),
    )  # fmt: skip


def _can_be_told(ledger: Ledger) -> bool:
    """Whether all 款 have names that are known, since sentences print them, and there is more money than rounding."""
    return sum(ledger.economic.values()) > LEAST and all(e.code[:5] in subjects("functional") for e in ledger.entries)


def _rounded(amount: float) -> int:
    return int(amount) // CENT_OF_WAN * CENT_OF_WAN


def _year_before(ledger: Ledger, random: Random) -> Ledger:
    """Books that close with what these open with, most amounts other ones, some items not there yet."""
    economic = {code: round(amount * random.uniform(0.7, 1.3)) for code, amount in ledger.economic.items()}
    if random.random() < 0.5:
        economic.pop(random.choice(sorted(economic)))
    general = [entry for entry in ledger.entries if entry.pool == "general" and entry.spent.get("basic")]
    shares = [entry.spent["basic"] * random.uniform(0.6, 1.4) for entry in general]
    basic = [round(sum(economic.values()) * share / sum(shares)) for share in shares]
    basic[0] += sum(economic.values()) - sum(basic)
    of = {entry.code: amount for entry, amount in zip(general, basic, strict=True)}
    entries = []
    own = random.uniform(0.5, 0.99)
    for entry in ledger.entries:
        if entry.pool == "own":
            less = {key: round(amount * own) for key, amount in entry.income.items()}
            spent = {key: min(round(amount * own), sum(less.values())) for key, amount in entry.spent.items()}
            entries.append(replace(entry, income=less, spent=spent))
            continue
        spent = {kind: round(amount * random.uniform(0.5, 1.6)) for kind, amount in entry.spent.items()}
        if random.random() < 0.12:
            spent["project"] = 0
        if entry.pool == "general" and entry.spent.get("basic"):
            spent["basic"] = of[entry.code]
        total = sum(spent.values())
        opening = random.randint(0, total + entry.opening) // 10 if random.random() < 0.2 else 0
        income = total + entry.opening - opening
        if total or entry.opening:
            entries.append(
                Entry(entry.code, entry.pool, {"fiscal_appropriation": income}, spent, opening, entry.opening)
            )
    gain = sum(sum(e.income.values()) - sum(e.spent.values()) for e in entries if e.pool == "own")
    least = {"abroad": "30212", "reception": "30217", "vehicle_operation": "30231", "vehicle_purchase": "31013"}
    final = {
        line: max(economic.get(least[line], 0), round(amount * random.uniform(0.5, 1.5)))
        for line, amount in ledger.final.items()
    }
    budget = {line: round(amount * random.uniform(1, 1.3)) for line, amount in final.items()}
    return replace(
        ledger, entries=tuple(entries), economic=economic, final=final, budget=budget,
        own_opening=ledger.own_opening - gain, own_closing=ledger.own_opening,
    )  # fmt: skip


def _complete(ledger: Ledger, random: Random) -> Ledger:
    """With initial budgets by item and by economic class, and with the counts."""
    initial, basic_budget = {}, 0
    for entry in ledger.entries:
        if entry.pool != "general" or not sum(entry.spent.values()):
            continue
        basic = _rounded(entry.spent.get("basic", 0) * random.choice((1, random.uniform(0.8, 1.2))))
        project = _rounded(entry.spent.get("project", 0) * random.choice((0, 1, random.uniform(0.7, 1.4))))
        initial[entry.code] = basic + project
        basic_budget += basic
    classes = sorted({code[:3] for code in ledger.economic})
    shares = {code: _rounded(basic_budget / len(classes) * random.uniform(0.6, 1)) for code in classes[1:]}
    by_class = {classes[0]: basic_budget - sum(shares.values()), **shares}
    final = dict(ledger.final)
    for line in ("abroad", "vehicle_purchase"):
        limit = {"abroad": "30212", "vehicle_purchase": "31013"}[line]
        if not ledger.economic.get(limit) and random.random() < 0.4:
            final[line] = 0
    budget = {line: _rounded(max(ledger.budget[line], amount)) + CENT_OF_WAN for line, amount in final.items()}
    batches = random.randint(2, 40)
    counts = {
        "staff": random.randint(8, 300),
        "vehicles": random.randint(1, 12),
        "vehicles_bought": random.randint(1, 3) if final["vehicle_purchase"] else 0,
        "batches": batches,
        "guests": batches * random.randint(4, 12),
        "groups": random.randint(1, 3) if final["abroad"] else 0,
    }
    counts["travellers"] = counts["groups"] * random.randint(1, 5)
    counts["posts"] = counts["staff"] + random.randint(0, 20)
    return replace(ledger, initial=initial, initial_basic=by_class, counts=counts, final=final, budget=budget)


def _procurement(random: Random, ledger: Ledger) -> dict[str, int]:
    project = sum(entry.spent.get("project", 0) for entry in ledger.entries if entry.pool in POOLS)
    parts = {line: _rounded(project * random.uniform(0.02, 0.3)) for line in ("goods", "works", "services")}
    if random.random() < 0.3:
        parts["works"] = 0
    total = sum(parts.values())
    medium = _rounded(total * random.uniform(0.3, 0.95))
    return {**parts, "total": total, "small_medium": medium, "small": _rounded(medium * random.uniform(0.2, 0.9))}


def _vehicles(random: Random, ledger: Ledger) -> dict[str, int]:
    kinds = dict.fromkeys(VEHICLES, 0)
    for _ in range(ledger.counts["vehicles"]):
        kinds[random.choice(VEHICLES)] += 1
    return kinds


def _projects(random: Random, ledger: Ledger) -> tuple[tuple[str, int, int, int], ...]:
    spent = sum(entry.spent.get("project", 0) for entry in ledger.entries if entry.pool == "general")
    found = []
    for name in random.sample(_PROJECTS, random.randint(2, 4)):
        budget = _rounded(spent * random.uniform(0.05, 0.25)) + CENT_OF_WAN
        found.append(
            (name, budget, _rounded(budget * random.choice((1, random.uniform(0.5, 1)))), random.randint(800, 1000))
        )
    return tuple(found)
