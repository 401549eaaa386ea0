"""What is said too much or too little: items, lists, funds, counts, sums of what no table prints."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.reference import subjects
from tests.narratives.slips.base import (
    LEAST,
    Slip,
    Unfit,
    pick,
    whole_of,
    with_values,
)
from tests.narratives.story import POOLS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.narratives.story import Story, Told


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
    code = pick(random, [code for code in near if code not in known])
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
    _, total, _ = pick(random, [key for key in told if key[2] == "named"])
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
    code = pick(random, free)
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
    _, line, _ = key = pick(random, [key for key in told if key[1] in _COUNTED])
    spent = story.get(topic, _COUNTED[line])
    if Decimal(0) < spent < Decimal("0.05") or (line.startswith("vehicles") and not spent):
        raise Unfit  # a vehicle may be a gift, and stand still
    return with_values(
        story, {key: Decimal(0 if spent else random.randint(1, 9))}, key, (topic, _COUNTED[line], "final")
    )


def procurement(story: Story, told: Told, random: Random) -> Slip:
    """货物, 工程 and 服务 that are not the total; or 中小企业 above it, or below 小微企业."""
    topic = "told_procurement"
    _, line, _ = key = pick(random, [k for k in told if k[0] == topic and k[2] == "final" and story.get(*k)])
    if line in {"small_medium", "small"}:
        above = story.get(topic, "total" if line == "small_medium" else "small_medium")
        value = above * random.randint(11, 30) / 10
    else:
        value = story.values[key] * random.randint(5, 30) / 10
    value = value.quantize(Decimal("0.01"))
    if abs(value - story.values[key]) < LEAST:
        raise Unfit
    # the share goes with the amount, so that only the amounts contradict each other
    whole = story.get(*whole_of(topic, line))
    shares = {(topic, line, "share"): (value * 100 / whole).quantize(Decimal("0.01"))} if line[:5] == "small" else {}
    every = [(topic, other, "final") for other in ("total", "goods", "works", "services", "small_medium", "small")]
    return with_values(story, {key: value, **shares}, *every)


def vehicles(story: Story, told: Told, random: Random) -> Slip:
    """A number of vehicles that is not the sum of its kinds."""
    key = pick(random, [key for key in told if key[0] == "told_assets"])
    every = [key for key in told if key[0] == "told_assets"]
    if key[1] != "vehicles" and not story.values[key]:
        raise Unfit
    return with_values(story, {key: story.values[key] + random.randint(1, 9)}, *every)


def grades(story: Story, told: Told, random: Random) -> Slip:
    """Grades that are not as many as the projects."""
    key = pick(random, [key for key in told if key[1].startswith("grade:")])
    every = [key for key in told if key[0] == "told_performance"]
    return with_values(story, {key: story.values[key] + random.randint(1, 3)}, *every)


def operation(story: Story, told: Told, random: Random) -> Slip:
    """机关运行经费 greater than the public expenses."""
    key = ("told_operation", "total", "final")
    if key not in told:
        raise Unfit
    value = (story.values[key] * random.randint(11, 20) / 10).quantize(Decimal("0.01"))
    if value - story.values[key] < LEAST:
        raise Unfit
    return with_values(story, {key: value}, key)


SLIPS: dict[str, Callable[[Story, Told, Random], Slip]] = {
    slip.__name__: slip for slip in (missing_item, extra_item, missing_in_list, extra_in_list, denied_pool, counts, procurement, vehicles, grades,
                             operation)
}  # fmt: skip
