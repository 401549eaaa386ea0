"""A question's limits and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

MEGABYTE = 2**20


class Column(NamedTuple):
    """A column of an answer: its name, and its type as DuckDB writes it (`DECIMAL(18,4)`)."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a question may take: seconds, rows, and bytes of the answer."""

    seconds: float = 10
    rows: int = 1000
    bytes: int = 8 * MEGABYTE


DOWNLOAD = Limits(rows=200_000, bytes=64 * MEGABYTE)
"""The limits of an answer that is taken away as a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of Python values: amounts as Decimal, times with Beijing's zone.

    `truncated` says that there were more rows than the limits let through; `seconds` is what it took.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    truncated: bool
    seconds: float


Ask = Callable[[str, Limits, Mapping[str, object]], Answer]
"""SQL, limits, values of its named parameters; raises `warehouse.query.QueryError`."""
