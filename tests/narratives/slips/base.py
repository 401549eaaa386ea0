"""What slips are made of: a story with a slip, and what rounding could explain and would hide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from tests.city.ledger import Key
    from tests.narratives.story import Story, Told

LEAST = Decimal("0.2")
"""In the printed unit: so much no rounding moves a number."""
FORM_OF = {
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
        return frozenset({self.topic, FORM_OF.get(self.topic, self.topic)})


def with_values(story: Story, changes: dict[Key, Decimal], *keys: Key) -> Slip:
    topic = keys[0][0]
    return Slip(replace(story, values={**story.values, **changes}), topic, frozenset(line for _, line, _ in keys))


def pick(random: Random, keys: Collection[Key]) -> Key:
    if not keys:
        raise Unfit
    return random.choice(sorted(keys))


def told_amounts(story: Story, told: Told) -> list[Key]:
    """Final amounts that stand in a table."""
    return [key for key in told if key[2] == "final" and key[0] in FORM_OF and story.values[key] >= 1]


def instead(story: Story, key: Key, value: Decimal) -> Slip:
    """The number replaced by one that is so far away that it is wrong."""
    if abs(value - story.values[key]) < LEAST or value < 0:
        raise Unfit
    return with_values(story, {key: value}, key)


def half_digit(value: Decimal) -> Decimal:
    """Half of the last digit, where zeros at the end may have been left out."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(5).scaleb(min(int(exponent), 0) - 1) if value else Decimal("0.005")


def is_possible(part: Decimal, whole: Decimal, percent: Decimal, slack: Decimal = Decimal(0)) -> bool:
    """Whether rounding, and `slack` in the whole, allow that the part is so many percent of the whole."""
    near, far = whole - half_digit(whole) - slack, whole + half_digit(whole) + slack
    if near <= 0:
        return True
    low, high = (part - half_digit(part)) / far, (part + half_digit(part)) / near
    return (
        low * 100 - half_digit(percent) - Decimal("0.02")
        <= percent
        <= high * 100 + half_digit(percent) + Decimal("0.02")
    )


def other_digit(value: Decimal, random: Random) -> Decimal:
    text = str(value)
    at = random.choice([place for place, char in enumerate(text) if char.isdigit()])
    return Decimal(text[:at] + random.choice([d for d in "123456789" if d != text[at]]) + text[at + 1 :])


def whole_of(topic: str, line: str) -> tuple[str, str]:
    """Of what a share is one, as (topic, line)."""
    if (topic, line) == ("told_general", "total"):
        return "told_expenditure", "total"
    return topic, {"told_procurement": "small_medium" if line == "small" else "total"}.get(topic, "total")


def moving(told: Told) -> list[Key]:
    return [key for key in told if key[2] == "rate" and (*key[:2], "final") in told and (*key[:2], "change") in told]
