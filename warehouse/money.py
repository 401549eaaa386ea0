"""Amounts as people read them: in the unit and with the decimals of the table that prints them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Style:
    """How a form prints money: its unit in yuan and the decimals of that unit."""

    money_unit: int = 10_000
    decimals: int = 2

    @classmethod
    def of(cls, money_unit: int, precision: Decimal | None) -> Style:
        """The style of a form whose last printed digit is worth `precision` yuan; None if it prints no digits."""
        step = (precision or Decimal(money_unit)) / money_unit
        return cls(money_unit, max(0, -int(step.normalize().as_tuple().exponent)))


def money(amount: Decimal | None, style: Style) -> str:
    """An amount of yuan as 1,119.63万元 or 11,196,300元: with further decimals only where they are not zero."""
    if amount is None:
        return ""
    value = (amount / style.money_unit).normalize()
    decimals = max(style.decimals, -int(value.as_tuple().exponent))
    return f"{value:,.{decimals}f}" + ("元" if style.money_unit == 1 else "万元")
