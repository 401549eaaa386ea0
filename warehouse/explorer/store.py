"""The published file that pages are read from: opened once, given up when the next one is published.

Whoever borrows an edition reads that one to the end, whatever is published meanwhile.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.publish import NO_LIMITS, NotPublishedError, open_file, published
from warehouse.query import QueryError, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_TRIES = 5


@dataclass(slots=True)
class _Open:
    name: str
    published_at: datetime
    con: duckdb.DuckDBPyConnection
    known: dict[str, Any] = field(default_factory=dict)
    readers: int = 0


@dataclass(frozen=True, slots=True)
class Edition:
    """A published file while it is read: its name, when it was published, and a cursor of one's own on it.

    `known` is what its readers leave for one another.
    """

    name: str
    published_at: datetime
    con: duckdb.DuckDBPyConnection
    known: dict[str, Any]


class Store:
    """The newest published warehouse of a directory, for many threads at once; `limits` as for `open_file`."""

    def __init__(self, home: Path, limits: Mapping[str, str] = NO_LIMITS) -> None:
        self._home, self._limits = home, limits
        self._lock = Lock()
        self._current: _Open | None = None

    @contextmanager
    def edition(self) -> Iterator[Edition]:
        """The edition that is published now, for reading; raises QueryError if there is none that can be opened."""
        held = self._borrow()
        try:
            with held.con.cursor() as cursor:
                yield Edition(held.name, held.published_at, cursor, held.known)
        finally:
            self._give_back(held)

    def published(self) -> str:
        """The name of the file that is published now, "" if none is."""
        try:
            return published(self._home).name
        except NotPublishedError:
            return ""

    def published_at(self) -> datetime | None:
        """When it was published."""
        name = self.published()
        return _written(self._home / name) if name else None

    def close(self) -> None:
        """Give up the edition that is open."""
        with self._lock:
            self._retire()

    def _borrow(self) -> _Open:
        with self._lock:
            name = self.published()
            if self._current is None or self._current.name != name:
                opened_now = self._opened()
                self._retire()
                self._current = opened_now
            self._current.readers += 1
            return self._current

    def _opened(self) -> _Open:
        """The file that is published at this moment; one that is given up before it is open is not insisted on."""
        for _ in range(_TRIES):
            name = self.published()
            written = _written(self._home / name)
            try:
                if name and written:
                    return _Open(name, written, open_file(self._home / name, self._limits))
            except duckdb.IOException:
                if name == self.published():
                    break
        raise self._reason()

    def _reason(self) -> QueryError:
        """Why no file can be opened."""
        try:
            opened(self._home).close()
        except QueryError as error:
            return error
        return QueryError("数据仓库正在更换，请稍后再试。")

    def _retire(self) -> None:
        if self._current is not None and not self._current.readers:
            self._current.con.close()
        self._current = None

    def _give_back(self, held: _Open) -> None:
        with self._lock:
            held.readers -= 1
            if not held.readers and held is not self._current:
                held.con.close()


def _written(path: Path) -> datetime | None:
    """When a file was written; None if it is no more."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
