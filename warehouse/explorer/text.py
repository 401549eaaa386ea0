"""Numbers, dates and addresses as they are written on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from typing import Any

NOTHING = "—"


def wan(amount: Decimal | None) -> str:
    """An amount of 元 in 万元 with two decimals and separators; a dash if there is none."""
    return NOTHING if amount is None else f"{amount / 10_000:,.2f}"


def percent(share: float | Decimal | None) -> str:
    """A share as percent with one decimal."""
    return NOTHING if share is None else f"{share * 100:,.1f}%"


def segment(text: str) -> str:
    """A text as one segment of an address."""
    return quote(text, safe="")


FILTERS: dict[str, Callable[[Any], str]] = {"wan": wan, "percent": percent, "segment": segment}
