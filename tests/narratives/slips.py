"""Slips in what a report says, put into the story before it is worded: every phrasing that tells the number has them.

A slip that no reader could tell from a right number, because rounding allows both, is none: it is drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.reference import subjects
from tests.narratives.story import POOLS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from random import Random

    from tests.city.ledger import Key
    from tests.narratives.story import Story, Told

LEAST = Decimal("0.2")
"""In the printed unit: so much no rounding moves a number."""
_FORM_OF = {
    "told_totals": "income_expenditure", "told_income": "income", "told_expenditure": "expenditure",
    "told_fiscal": "fiscal_appropriation", "told_general": "general_budget", "told_basic": "basic_expenditure",
    "told_three_public": "three_public", "told_fund": "government_fund", "told_capital": "state_capital",
}  # fmt: skip


class Unfit(Exception):  # noqa: N818 - a draw that has to be repeated
    """This story, or this phrasing of it, has no place for the slip."""


@dataclass(frozen=True)
class Slip:
    """A story with a slip: the lines of a topic at which something must be found."""

    story: Story
    topic: str
    lines: frozenset[str]

    @property
    def forms(self) -> frozenset[str]:
        """The topic and the table that it speaks of."""
        return frozenset({self.topic, _FORM_OF.get(self.topic, self.topic)})


def _changed(story: Story, changes: dict[Key, Decimal], *keys: Key) -> Slip:
    topic = keys[0][0]
    return Slip(replace(story, values={**story.values, **changes}), topic, frozenset(line for _, line, _ in keys))


def _pick(random: Random, keys: Collection[Key]) -> Key:
    if not keys:
        raise Unfit
    return random.choice(sorted(keys))


def _amounts(story: Story, told: Told) -> list[Key]:
    """Final amounts that stand in a table."""
    return [key for key in told if key[2] == "final" and key[0] in _FORM_OF and story.values[key] >= 1]


def _other(story: Story, key: Key, value: Decimal) -> Slip:
    """The number replaced by one that is so far away that it is wrong."""
    if abs(value - story.values[key]) < LEAST or value < 0:
        raise Unfit
    return _changed(story, {key: value}, key)


def old_number(story: Story, told: Told, random: Random) -> Slip:
    """Last year's amount left in."""
    topic, line, _ = key = _pick(random, [key for key in _amounts(story, told) if (*key[:2], "change") in told])
    return _other(story, key, story.values[key] - story.get(topic, line, "change"))


def wrong_table(story: Story, told: Told, random: Random) -> Slip:
    """The amount of the same line from another table."""
    key = _pick(random, _amounts(story, told))
    others = [other for other in story.values if other[1:] == key[1:] and other[0] != key[0] and other[0] in _FORM_OF]
    return _other(story, key, story.values[_pick(random, others)])


def wrong_row(story: Story, told: Told, random: Random) -> Slip:
    """The amount of another line of the same section."""
    key = _pick(random, _amounts(story, told))
    others = [other for other in _amounts(story, told) if other[0] == key[0]]
    return _other(story, key, story.values[_pick(random, others)])


def transposed(story: Story, told: Told, random: Random) -> Slip:
    """Two digits of an amount changed places."""
    key = _pick(random, _amounts(story, told))
    text = str(story.values[key])
    pairs = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit() and text[at] != text[at + 1]]
    if not pairs:
        raise Unfit
    at = random.choice(pairs)
    return _other(story, key, Decimal(text[:at] + text[at + 1] + text[at] + text[at + 2 :]))


def contradiction(story: Story, told: Told, random: Random) -> Slip:
    """Another amount where the same one is told for the second time."""
    key = _pick(random, [key for key in _amounts(story, told) if key in told.again])
    slip = _other(story, key, _other_digit(story.values[key], random))
    return replace(slip, story=replace(story, again={key: slip.story.values[key]}))


def other_base(story: Story, told: Told, random: Random) -> Slip:
    """Change and rate that agree with each other, but not with last year's report."""
    topic, line, _ = _pick(random, [key for key in _moving(told) if key[0] in _FORM_OF])
    then = story.get(topic, line) - story.get(topic, line, "change")
    wrong = (then * random.choice([Decimal("0.7"), Decimal("1.4")])).quantize(Decimal("0.01"))
    if abs(wrong - then) < LEAST or wrong <= 0:
        raise Unfit
    changed = story.get(topic, line) - wrong
    rate = (changed * 100 / wrong).quantize(Decimal("0.01"))
    if not changed or not rate:
        raise Unfit
    return _changed(story, {(topic, line, "change"): changed, (topic, line, "rate"): rate}, (topic, line, "change"))


def other_unit(story: Story, told: Told, random: Random) -> Slip:
    """元 for 万元, or 万元 for 元."""
    key = _pick(random, _amounts(story, told))
    return Slip(replace(story, other_unit=frozenset({key})), key[0], frozenset({key[1]}))


def _half(value: Decimal) -> Decimal:
    """Half of the last digit, where zeros at the end may have been left out."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1) if value else Decimal("0.005")


def _possible(part: Decimal, whole: Decimal, percent: Decimal, slack: Decimal = Decimal(0)) -> bool:
    """Whether rounding, and `slack` in the whole, allow that the part is so many percent of the whole."""
    near, far = whole - _half(whole) - slack, whole + _half(whole) + slack
    if near <= 0:
        return True
    low, high = (part - _half(part)) / far, (part + _half(part)) / near
    return low * 100 - _half(percent) - Decimal("0.02") <= percent <= high * 100 + _half(percent) + Decimal("0.02")


def _rate_fits(story: Story, topic: str, line: str, change: Decimal, rate: Decimal) -> bool:
    then = story.get(topic, line) - change
    if then - LEAST < 0:
        return True  # of nearly nothing there may be any rate
    return rate * change >= 0 and _possible(abs(change), then, abs(rate), _half(change))


def _moving(told: Told) -> list[Key]:
    return [key for key in told if key[2] == "rate" and (*key[:2], "final") in told and (*key[:2], "change") in told]


def direction(story: Story, told: Told, random: Random) -> Slip:
    """增加 and 增长 where it is 减少 and 下降, or the other way round."""
    topic, line, _ = _pick(random, _moving(told))
    change, rate = story.get(topic, line, "change"), story.get(topic, line, "rate")
    if abs(change) < LEAST or _rate_fits(story, topic, line, -change, -rate):
        raise Unfit
    return _changed(story, {(topic, line, "change"): -change, (topic, line, "rate"): -rate}, (topic, line, "change"))


def direction_of_rate(story: Story, told: Told, random: Random) -> Slip:
    """增加, but 下降."""
    topic, line, _ = key = _pick(random, _moving(told))
    changed = story.get(topic, line, "change")
    if abs(changed) < LEAST or _rate_fits(story, topic, line, changed, -story.values[key]):
        raise Unfit
    return _changed(story, {key: -story.values[key]}, key)


def rate(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a rate of change."""
    topic, line, _ = key = _pick(random, _moving(told))
    wrong = _other_digit(story.values[key], random)
    if _rate_fits(story, topic, line, story.get(topic, line, "change"), wrong):
        raise Unfit
    return _changed(story, {key: wrong}, key)


def change(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in the amount of change."""
    topic, line, _ = _pick(random, _moving(told))
    wrong = _other_digit(story.get(topic, line, "change"), random)
    if _rate_fits(story, topic, line, wrong, story.get(topic, line, "rate")):
        raise Unfit
    return _changed(story, {(topic, line, "change"): wrong}, (topic, line, "change"))


def _other_digit(value: Decimal, random: Random) -> Decimal:
    text = str(value)
    at = random.choice([place for place, char in enumerate(text) if char.isdigit()])
    return Decimal(text[:at] + random.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :])


def _wholes(topic: str, line: str) -> tuple[str, str]:
    """Of what a share is one, as (topic, line)."""
    if (topic, line) == ("told_general", "total"):
        return "told_expenditure", "total"
    return topic, {"told_procurement": "small_medium" if line == "small" else "total"}.get(topic, "total")


def _shares(story: Story, told: Told) -> list[Key]:
    return [key for key in told if key[2] == "share" and story.get(*key) and story.get(*_wholes(*key[:2]))]


def share(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a share."""
    topic, line, _ = key = _pick(random, _shares(story, told))
    wrong = _other_digit(story.values[key], random)
    if _possible(story.get(topic, line), story.get(*_wholes(topic, line)), wrong):
        raise Unfit
    return _changed(story, {key: wrong}, key)


def denominator(story: Story, told: Told, random: Random) -> Slip:
    """A share of something else than what the sentence says: of 总计 for 本年合计, of all for a part."""
    topic, line, _ = key = _pick(random, _shares(story, told))
    wholes = {
        "told_general": ("told_totals", "grand_total"), "told_expenditure": ("told_totals", "grand_total"),
        "told_income": ("told_totals", "grand_total"), "told_procurement": ("told_general", "total"),
        "told_basic": ("told_general", "total"),
    }  # fmt: skip
    if topic not in wholes:
        raise Unfit
    whole = story.get(*wholes[topic])
    wrong = (story.get(topic, line) * 100 / whole).quantize(Decimal("0.01"))
    if not wrong or _possible(story.get(topic, line), story.get(*_wholes(topic, line)), wrong):
        raise Unfit
    return _changed(story, {key: wrong}, key)


_COMPLETIONS = {"completion_initial": "initial_budget", "completion_full": "full_budget", "completion": "budget"}


def completion(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a rate of completion."""
    keys = [key for key in told if key[2] in _COMPLETIONS and story.get(*key) and (*key[:2], "final") in told]
    topic, line, measure = key = _pick(random, keys)
    budget = (topic, line, _COMPLETIONS[measure])
    if budget not in told and topic != "told_three_public":
        raise Unfit
    wrong = _other_digit(story.values[key], random)
    if _possible(story.get(topic, line), story.values[budget], wrong):
        raise Unfit
    return _changed(story, {key: wrong}, key)


def budget(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a budget of which the completion is told."""
    keys = [key for key in told if key[2] == "initial_budget" and (*key[:2], "completion_initial") in told]
    topic, line, _ = key = _pick(random, keys)
    wrong = _other_digit(story.values[key], random)
    if wrong <= 0 or _possible(story.get(topic, line), wrong, story.get(topic, line, "completion_initial")):
        raise Unfit
    return _changed(story, {key: wrong}, key)


def comparison(story: Story, told: Told, random: Random) -> Slip:
    """大于预算数 where it is 小于."""
    topic, line, _ = key = _pick(random, [key for key in told if key[2] == "comparison" and story.get(*key)])
    budgets = [measure for measure in ("initial_budget", "budget") if (topic, line, measure) in told]
    if not budgets or abs(story.get(topic, line) - story.get(topic, line, budgets[0])) < LEAST:
        raise Unfit
    return _changed(story, {key: -story.values[key]}, key)


def zero_base(story: Story, told: Told, random: Random) -> Slip:
    """A rate of change where there was nothing the year before."""
    keys = [
        key for key in told
        if key[2] == "change" and story.values[key] >= LEAST and (*key[:2], "rate") not in story.values
        and (*key[:2], "final") in told and story.get(*key[:2]) == story.values[key]
    ]  # fmt: skip
    topic, line, _ = _pick(random, keys)
    return _changed(story, {(topic, line, "rate"): Decimal(100)}, (topic, line, "rate"))


def missing_item(story: Story, told: Told, random: Random) -> Slip:
    """A 项 of the table that no sentence tells."""
    items = [code for code in story.items if ("told_general", code, "final") in told]
    if len(items) < 3:
        raise Unfit
    gone = random.choice(items)
    if story.get("told_general", gone) < LEAST:
        raise Unfit
    return Slip(
        replace(story, items=tuple(code for code in story.items if code != gone)), "told_general", frozenset({gone})
    )


def extra_item(story: Story, told: Told, random: Random) -> Slip:
    """A sentence of a 项 that the table does not have."""
    if not any(("told_general", code, "final") in told for code in story.items):
        raise Unfit
    known = set(story.books.items())
    near = [code for code in subjects("functional") if len(code) == 7 and code[:5] in {c[:5] for c in known} - known]
    code = _pick(random, [code for code in near if code not in known])
    like = random.choice(story.items)
    more = {("told_general", code, measure): value for (topic, line, measure), value in story.values.items()
            if topic == "told_general" and line == like}  # fmt: skip
    if story.get("told_general", like) < LEAST:
        raise Unfit
    return Slip(
        replace(story, values={**story.values, **more}, items=tuple(sorted((*story.items, code)))),
        "told_general", frozenset({code}),
    )  # fmt: skip


def _listing(story: Story, told: Told, random: Random) -> tuple[str, tuple[str, ...]]:
    _, total, _ = _pick(random, [key for key in told if key[2] == "named"])
    return total, story.named[total]


def _renamed(story: Story, total: str, named: tuple[str, ...], code: str) -> Slip:
    lines = frozenset({code, code[:3], total})
    return Slip(replace(story, named={**story.named, total: named}), "told_basic", lines)


def missing_in_list(story: Story, told: Told, random: Random) -> Slip:
    """An economic 款 with money that the list leaves out."""
    total, named = _listing(story, told, random)
    if len(named) < 2:
        raise Unfit
    gone = random.choice(named)
    if Decimal(story.books.cells["basic_expenditure", gone, "amount"]) / 1_000_000 < LEAST:
        raise Unfit
    return _renamed(story, total, tuple(code for code in named if code != gone), gone)


def extra_in_list(story: Story, told: Told, random: Random) -> Slip:
    """An economic 款 without money that the list names."""
    total, named = _listing(story, told, random)
    classes = {"personnel_total": ("301", "303"), "public_total": ("302", "310")}[total]
    names = {subjects("economic")[code].name for codes in story.named.values() for code in codes}
    free = [
        code for code, subject in subjects("economic").items()
        if len(code) == 5 and code[:3] in classes and code[3:] != "00" and subject.name not in names
        and ("basic_expenditure", code, "amount") not in story.books.cells
    ]  # fmt: skip
    code = _pick(random, free)
    return _renamed(story, total, tuple(sorted((*named, code))), code)


def denied_pool(story: Story, told: Told, random: Random) -> Slip:
    """没有政府性基金 where there is some."""
    topics = [topic for topic in POOLS if topic not in story.none and story.get(topic, "total") >= LEAST]
    if not topics or not any(key[0] in topics for key in told):
        raise Unfit
    topic = random.choice(topics)
    lines = frozenset({line for form, line, _ in story.values if form == topic} | {""})
    return Slip(replace(story, none=story.none | {topic}), topic, lines)


_COUNTED = {
    "abroad_groups": "abroad", "abroad_people": "abroad", "vehicles_bought": "vehicle_purchase",
    "vehicles_held": "vehicle_operation", "reception_domestic_batches": "reception", "reception_domestic_people": "reception",
}  # fmt: skip


def counts(story: Story, told: Told, random: Random) -> Slip:
    """Money without anything for which it was spent, or something for which nothing was spent."""
    topic = "told_three_public"
    _, line, _ = key = _pick(random, [key for key in told if key[1] in _COUNTED])
    spent = story.get(topic, _COUNTED[line])
    if Decimal(0) < spent < Decimal("0.05") or (line.startswith("vehicles") and not spent):
        raise Unfit  # a vehicle may be a gift, and stand still
    return _changed(story, {key: Decimal(0 if spent else random.randint(1, 9))}, key, (topic, _COUNTED[line], "final"))


def average(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in 平均每辆."""
    topic, line, _ = key = _pick(random, [key for key in told if key[2] == "average"])
    wrong = _other_digit(story.values[key], random)
    if abs(wrong - story.values[key]) < Decimal("0.02"):
        raise Unfit
    return _changed(story, {key: wrong}, key, (topic, "vehicles_held", "count"), (topic, line, "final"))


def procurement(story: Story, told: Told, random: Random) -> Slip:
    """货物, 工程 and 服务 that are not the total; or 中小企业 above it, or below 小微企业."""
    topic = "told_procurement"
    _, line, _ = key = _pick(random, [k for k in told if k[0] == topic and k[2] == "final" and story.get(*k)])
    if line in {"small_medium", "small"}:
        above = story.get(topic, "total" if line == "small_medium" else "small_medium")
        value = above * random.randint(11, 30) / 10
    else:
        value = story.values[key] * random.randint(5, 30) / 10
    value = value.quantize(Decimal("0.01"))
    if abs(value - story.values[key]) < LEAST:
        raise Unfit
    # the share goes with the amount, so that only the amounts contradict each other
    whole = story.get(*_wholes(topic, line))
    shares = {(topic, line, "share"): (value * 100 / whole).quantize(Decimal("0.01"))} if line[:5] == "small" else {}
    every = [(topic, other, "final") for other in ("total", "goods", "works", "services", "small_medium", "small")]
    return _changed(story, {key: value, **shares}, *every)


def vehicles(story: Story, told: Told, random: Random) -> Slip:
    """A number of vehicles that is not the sum of its kinds."""
    key = _pick(random, [key for key in told if key[0] == "told_assets"])
    every = [key for key in told if key[0] == "told_assets"]
    if key[1] != "vehicles" and not story.values[key]:
        raise Unfit
    return _changed(story, {key: story.values[key] + random.randint(1, 9)}, *every)


def grades(story: Story, told: Told, random: Random) -> Slip:
    """Grades that are not as many as the projects."""
    key = _pick(random, [key for key in told if key[1].startswith("grade:")])
    every = [key for key in told if key[0] == "told_performance"]
    return _changed(story, {key: story.values[key] + random.randint(1, 3)}, *every)


def operation(story: Story, told: Told, random: Random) -> Slip:
    """机关运行经费 greater than the public expenses."""
    key = ("told_operation", "total", "final")
    if key not in told:
        raise Unfit
    value = (story.values[key] * random.randint(11, 20) / 10).quantize(Decimal("0.01"))
    if value - story.values[key] < LEAST:
        raise Unfit
    return _changed(story, {key: value}, key)


SLIPS: dict[str, Callable[[Story, Told, Random], Slip]] = {
    slip.__name__: slip
    for slip in (
        old_number, wrong_table, wrong_row, transposed, contradiction, other_unit, other_base, direction, direction_of_rate, rate, change, share,
        denominator, completion, budget, comparison, zero_base, missing_item, extra_item, missing_in_list,
        extra_in_list, denied_pool, counts, average, procurement, vehicles, grades, operation,
    )
}  # fmt: skip
