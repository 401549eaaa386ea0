"""Wrong comparisons: directions, rates, shares, completions and averages that their numbers do not give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tests.narratives.slips.base import (
    LEAST,
    Slip,
    Unfit,
    half_digit,
    is_possible,
    moving,
    other_digit,
    pick,
    whole_of,
    with_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.city.ledger import Key
    from tests.narratives.story import Story, Told


def _rate_fits(story: Story, topic: str, line: str, change: Decimal, rate: Decimal) -> bool:
    then = story.get(topic, line) - change
    if then - LEAST < 0:
        return True  # of nearly nothing there may be any rate
    return rate * change >= 0 and is_possible(abs(change), then, abs(rate), half_digit(change))


def direction(story: Story, told: Told, random: Random) -> Slip:
    """增加 and 增长 where it is 减少 and 下降, or the other way round."""
    topic, line, _ = pick(random, moving(told))
    change, rate = story.get(topic, line, "change"), story.get(topic, line, "rate")
    if abs(change) < LEAST or _rate_fits(story, topic, line, -change, -rate):
        raise Unfit
    return with_values(story, {(topic, line, "change"): -change, (topic, line, "rate"): -rate}, (topic, line, "change"))


def direction_of_rate(story: Story, told: Told, random: Random) -> Slip:
    """增加, but 下降."""
    topic, line, _ = key = pick(random, moving(told))
    changed = story.get(topic, line, "change")
    if abs(changed) < LEAST or _rate_fits(story, topic, line, changed, -story.values[key]):
        raise Unfit
    return with_values(story, {key: -story.values[key]}, key)


def rate(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a rate of change."""
    topic, line, _ = key = pick(random, moving(told))
    wrong = other_digit(story.values[key], random)
    if _rate_fits(story, topic, line, story.get(topic, line, "change"), wrong):
        raise Unfit
    return with_values(story, {key: wrong}, key)


def change(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in the amount of change."""
    topic, line, _ = pick(random, moving(told))
    wrong = other_digit(story.get(topic, line, "change"), random)
    if _rate_fits(story, topic, line, wrong, story.get(topic, line, "rate")):
        raise Unfit
    return with_values(story, {(topic, line, "change"): wrong}, (topic, line, "change"))


def _shares(story: Story, told: Told) -> list[Key]:
    return [key for key in told if key[2] == "share" and story.get(*key) and story.get(*whole_of(*key[:2]))]


def share(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a share."""
    topic, line, _ = key = pick(random, _shares(story, told))
    wrong = other_digit(story.values[key], random)
    if is_possible(story.get(topic, line), story.get(*whole_of(topic, line)), wrong):
        raise Unfit
    return with_values(story, {key: wrong}, key)


def denominator(story: Story, told: Told, random: Random) -> Slip:
    """A share of something else than what the sentence says: of 总计 for 本年合计, of all for a part."""
    topic, line, _ = key = pick(random, _shares(story, told))
    wholes = {
        "told_general": ("told_totals", "grand_total"), "told_expenditure": ("told_totals", "grand_total"),
        "told_income": ("told_totals", "grand_total"), "told_procurement": ("told_general", "total"),
        "told_basic": ("told_general", "total"),
    }  # fmt: skip
    if topic not in wholes:
        raise Unfit
    whole = story.get(*wholes[topic])
    wrong = (story.get(topic, line) * 100 / whole).quantize(Decimal("0.01"))
    if not wrong or is_possible(story.get(topic, line), story.get(*whole_of(topic, line)), wrong):
        raise Unfit
    return with_values(story, {key: wrong}, key)


_COMPLETIONS = {"completion_initial": "initial_budget", "completion_full": "full_budget", "completion": "budget"}


def completion(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a rate of completion."""
    keys = [key for key in told if key[2] in _COMPLETIONS and story.get(*key) and (*key[:2], "final") in told]
    topic, line, measure = key = pick(random, keys)
    budget = (topic, line, _COMPLETIONS[measure])
    if budget not in told and topic != "told_three_public":
        raise Unfit
    wrong = other_digit(story.values[key], random)
    if is_possible(story.get(topic, line), story.values[budget], wrong):
        raise Unfit
    return with_values(story, {key: wrong}, key)


def budget(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in a budget of which the completion is told."""
    keys = [key for key in told if key[2] == "initial_budget" and (*key[:2], "completion_initial") in told]
    topic, line, _ = key = pick(random, keys)
    wrong = other_digit(story.values[key], random)
    if wrong <= 0 or is_possible(story.get(topic, line), wrong, story.get(topic, line, "completion_initial")):
        raise Unfit
    return with_values(story, {key: wrong}, key)


def comparison(story: Story, told: Told, random: Random) -> Slip:
    """大于预算数 where it is 小于."""
    topic, line, _ = key = pick(random, [key for key in told if key[2] == "comparison" and story.get(*key)])
    budgets = [measure for measure in ("initial_budget", "budget") if (topic, line, measure) in told]
    if not budgets or abs(story.get(topic, line) - story.get(topic, line, budgets[0])) < LEAST:
        raise Unfit
    return with_values(story, {key: -story.values[key]}, key)


def zero_base(story: Story, told: Told, random: Random) -> Slip:
    """A rate of change where there was nothing the year before."""
    keys = [
        key for key in told
        if key[2] == "change" and story.values[key] >= LEAST and (*key[:2], "rate") not in story.values
        and (*key[:2], "final") in told and story.get(*key[:2]) == story.values[key]
    ]  # fmt: skip
    topic, line, _ = pick(random, keys)
    return with_values(story, {(topic, line, "rate"): Decimal(100)}, (topic, line, "rate"))


def average(story: Story, told: Told, random: Random) -> Slip:
    """A wrong digit in 平均每辆."""
    topic, line, _ = key = pick(random, [key for key in told if key[2] == "average"])
    wrong = other_digit(story.values[key], random)
    if abs(wrong - story.values[key]) < Decimal("0.02"):
        raise Unfit
    return with_values(story, {key: wrong}, key, (topic, "vehicles_held", "count"), (topic, line, "final"))


SLIPS: dict[str, Callable[[Story, Told, Random], Slip]] = {
    slip.__name__: slip for slip in (direction, direction_of_rate, rate, change, share, denominator, completion, budget, comparison, zero_base, average)
}  # fmt: skip
