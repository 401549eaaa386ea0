"""Wrong amounts: old ones, of another line or table, with digits exchanged, in another unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.narratives.slips.base import (
    FORM_OF,
    LEAST,
    Slip,
    Unfit,
    instead,
    moving,
    other_digit,
    pick,
    told_amounts,
    with_values,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.narratives.story import Story, Told


def old_number(story: Story, told: Told, random: Random) -> Slip:
    """Last year's amount left in."""
    topic, line, _ = key = pick(random, [key for key in told_amounts(story, told) if (*key[:2], "change") in told])
    return instead(story, key, story.values[key] - story.get(topic, line, "change"))


def wrong_table(story: Story, told: Told, random: Random) -> Slip:
    """The amount of the same line from another table."""
    key = pick(random, told_amounts(story, told))
    others = [other for other in story.values if other[1:] == key[1:] and other[0] != key[0] and other[0] in FORM_OF]
    return instead(story, key, story.values[pick(random, others)])


def wrong_row(story: Story, told: Told, random: Random) -> Slip:
    """The amount of another line of the same section."""
    key = pick(random, told_amounts(story, told))
    others = [other for other in told_amounts(story, told) if other[0] == key[0]]
    return instead(story, key, story.values[pick(random, others)])


def transposed(story: Story, told: Told, random: Random) -> Slip:
    """Two digits of an amount changed places."""
    key = pick(random, told_amounts(story, told))
    text = str(story.values[key])
    pairs = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit() and text[at] != text[at + 1]]
    if not pairs:
        raise Unfit
    at = random.choice(pairs)
    return instead(story, key, Decimal(text[:at] + text[at + 1] + text[at] + text[at + 2 :]))


def contradiction(story: Story, told: Told, random: Random) -> Slip:
    """Another amount where the same one is told for the second time."""
    key = pick(random, [key for key in told_amounts(story, told) if key in told.again])
    slip = instead(story, key, other_digit(story.values[key], random))
    return replace(slip, story=replace(story, again={key: slip.story.values[key]}))


def other_base(story: Story, told: Told, random: Random) -> Slip:
    """Change and rate that agree with each other, but not with last year's report."""
    topic, line, _ = pick(random, [key for key in moving(told) if key[0] in FORM_OF])
    then = story.get(topic, line) - story.get(topic, line, "change")
    wrong = (then * random.choice([Decimal("0.7"), Decimal("1.4")])).quantize(Decimal("0.01"))
    if abs(wrong - then) < LEAST or wrong <= 0:
        raise Unfit
    changed = story.get(topic, line) - wrong
    rate = (changed * 100 / wrong).quantize(Decimal("0.01"))
    if not changed or not rate:
        raise Unfit
    return with_values(story, {(topic, line, "change"): changed, (topic, line, "rate"): rate}, (topic, line, "change"))


def other_unit(story: Story, told: Told, random: Random) -> Slip:
    """元 for 万元, or 万元 for 元."""
    key = pick(random, told_amounts(story, told))
    return Slip(replace(story, other_unit=frozenset({key})), key[0], frozenset({key[1]}))


SLIPS: dict[str, Callable[[Story, Told, Random], Slip]] = {
    slip.__name__: slip for slip in (old_number, wrong_table, wrong_row, transposed, contradiction, other_unit, other_base)
}  # fmt: skip
