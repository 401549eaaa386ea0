"""What is exported: tables of rows; and values as people read them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from warehouse.ask.model import Column


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is written once: `batches` are its rows in pieces, so that it need not be in memory whole."""

    name: str
    columns: tuple[Column, ...]
    batches: Iterable[Sequence[tuple[Any, ...]]]


def as_text(value: object) -> str:
    """A value as text: amounts exact, with two decimals at least; times without zone; lists and structures as JSON."""
    match value:
        case None:
            return ""
        case bool():
            text = "TRUE" if value else "FALSE"
        case Decimal():
            text = decimal(value)
        case datetime():
            text = value.replace(tzinfo=None).isoformat(" ", "seconds")
        case list() | dict() | tuple():
            text = json.dumps(value, ensure_ascii=False, default=as_text)
        case _:
            text = str(value)
    return text


def decimal(value: Decimal) -> str:
    """A decimal number without exponent, and without zeros at its end beyond the second decimal."""
    whole, dot, places = f"{value:f}".partition(".")
    return whole + dot + places[:2] + places[2:].rstrip("0")


def distinct(names: list[str]) -> list[str]:
    """Names that a file can have side by side: the second 合计 is 合计_2."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        number = seen[name] = seen.get(name, 0) + 1
        found.append(name if number == 1 else f"{name}_{number}")
    return found
