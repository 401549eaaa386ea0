"""Printed numbers become decimals, exactly, or are said to be unreadable."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.wording import plain

_NOTHING = frozenset({"", "-", "--", "---", "----", "/", "\\", "无", "…", "...", "......"})
_BODY = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(rf"(?P<minus>[-▲△▼]?)(?P<body>{_BODY})")
_IN_BRACKETS = re.compile(rf"\((?P<body>{_BODY})\)")


class Number(NamedTuple):
    """A printed number: its value as printed (not yet in yuan) and how many decimals it shows."""

    value: Decimal
    decimals: int


@lru_cache(maxsize=100_000)
def is_nothing(text: str) -> bool:
    """True for an empty cell and for what is printed instead of a zero: -, —, --, /, 无."""
    return plain(text) in _NOTHING


@lru_cache(maxsize=100_000)
def read_number(text: str) -> Number | None:
    """The number that the cell prints, None if it prints anything else.

    Full-width digits, thousands separators, minus signs of any kind, ▲ and accountants' brackets for negatives are
    numbers. Separators in wrong places (1,23.4) are not: it cannot be known which digit they were meant to part.
    """
    printed = plain(text)
    found = _NUMBER.fullmatch(printed) or _IN_BRACKETS.fullmatch(printed)
    if found is None:
        return None
    body = found["body"].replace(",", "")
    negative = found.re is _IN_BRACKETS or found["minus"] != ""
    whole, _, decimals = body.partition(".")
    value = Decimal(f"{whole or '0'}.{decimals}" if decimals else whole)
    return Number(-value if negative else value, len(decimals))
