"""The same work for many at once is done by one of them, while the others wait for what it leaves."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator


class Once:
    """A lock for every key that somebody holds or waits for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[Hashable, Lock] = {}
        self._waiting: dict[Hashable, int] = {}

    @contextmanager
    def each(self, key: Hashable) -> Iterator[None]:
        """Hold the key; whoever comes next should look first whether the work is done."""
        with self._lock:
            mine = self._held.setdefault(key, Lock())
            self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            with mine:
                yield
        finally:
            with self._lock:
                self._waiting[key] -= 1
                if not self._waiting[key]:
                    del self._held[key], self._waiting[key]
