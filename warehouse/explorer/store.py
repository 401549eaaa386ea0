"""The published file that pages are read from: opened once, given up when the next one is published.

Whoever borrows an edition reads that one to the end, whatever is published meanwhile.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from warehouse.publish import published
from warehouse.query import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


@dataclass(slots=True)
class _Open:
    name: str
    con: duckdb.DuckDBPyConnection
    readers: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """A published file while it is read: its name, and a cursor of one's own on it."""

    name: str
    con: duckdb.DuckDBPyConnection


class Store:
    """The newest published warehouse of a directory, for many threads at once."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = Lock()
        self._current: _Open | None = None

    @contextmanager
    def edition(self) -> Iterator[Edition]:
        """The edition that is published now, for reading; raises QueryError if there is none that can be opened."""
        held = self._borrow()
        try:
            with held.con.cursor() as cursor:
                yield Edition(held.name, cursor)
        finally:
            self._give_back(held)

    def close(self) -> None:
        """Give up the edition that is open."""
        with self._lock:
            self._retire()

    def _borrow(self) -> _Open:
        with self._lock:
            name = self._published()
            if self._current is None or self._current.name != name:
                con = opened(self._home)
                self._retire()
                self._current = _Open(name, con)
            self._current.readers += 1
            return self._current

    def _published(self) -> str:
        try:
            return published(self._home).name
        except LookupError:
            return ""  # opening it says what is the matter

    def _retire(self) -> None:
        if self._current is not None and not self._current.readers:
            self._current.con.close()
        self._current = None

    def _give_back(self, held: _Open) -> None:
        with self._lock:
            held.readers -= 1
            if not held.readers and held is not self._current:
                held.con.close()
