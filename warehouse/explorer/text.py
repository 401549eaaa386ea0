"""Numbers, dates and addresses as they are written on pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Any

NOTHING = "—"
BUREAU_TIME = ZoneInfo("Asia/Shanghai")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """Text without controls and marks of direction, which would turn about what stands beside it."""
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub("", text)


def wan(amount: Decimal | None) -> str:
    """An amount of 元 in 万元 with two decimals and separators; a dash if there is none."""
    return NOTHING if amount is None else f"{amount / 10_000:,.2f}"


def percent(share: float | Decimal | None) -> str:
    """A share as percent with one decimal."""
    return NOTHING if share is None else f"{share * 100:,.1f}%"


def count(number: int | None) -> str:
    """A number of things with separators."""
    return NOTHING if number is None else f"{number:,}"


def day(date_: date | None) -> str:
    """A date as 2026-01-05."""
    return NOTHING if date_ is None else f"{date_:%Y-%m-%d}"


def moment(time: datetime | None) -> str:
    """A moment as the bureau's clocks show it: 2026-01-05 03:12."""
    return NOTHING if time is None else f"{time.astimezone(BUREAU_TIME):%Y-%m-%d %H:%M}"


def segment(text: str) -> str:
    """A text as one segment of an address."""
    return quote(text, safe="")


def attachment(name: str) -> str:
    """The header Content-Disposition for a file that is to be saved under a Chinese name."""
    return f"attachment; filename*=UTF-8''{segment(name)}"


def marked(boxes: Sequence[Sequence[float]]) -> str:
    """Boxes of a page, in points, as the words of an address that frame them: ?mark=x0,top,x1,bottom;…."""
    return "?mark=" + ";".join(",".join(f"{side:.1f}" for side in box) for box in boxes) if boxes else ""


FILTERS: dict[str, Callable[[Any], str]] = {
    "wan": wan,
    "percent": percent,
    "count": count,
    "day": day,
    "moment": moment,
    "segment": segment,
    "marked": marked,
}
