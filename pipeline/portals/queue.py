"""In what order pages and files are visited, so that nights which are too short for all of them lose none for ever."""

from __future__ import annotations

import heapq
from datetime import date, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")
_AT_ONCE = date.min
_NEVER = _AT_ONCE + timedelta(days=1)


class Queue(Generic[T]):
    """What is still to be visited: what follows at once, then what was not asked for yet, then the longest ago.

    A site that needs more than one night for everything would else be read from its beginning every night, and never
    to its end. `asked` is the day on which an address (`url_key`) was asked for; of one day, what was added first comes
    first.
    """

    def __init__(self, asked: Mapping[str, date]) -> None:
        self._asked = asked
        self._heap: list[tuple[date, int, T]] = []
        self._added = 0

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, key: str, item: T) -> None:
        """Add something in its turn; `key` is its `url_key`."""
        self._push(self._asked.get(key, _NEVER), item)

    def add_next(self, items: Iterable[T]) -> None:
        """Add what is to be visited before everything else, in this order."""
        for item in items:
            self._push(_AT_ONCE, item)

    def peek(self) -> T:
        """What comes next. Raises IndexError if there is nothing."""
        return self._heap[0][2]

    def pop(self) -> T:
        """Take what comes next. Raises IndexError if there is nothing."""
        return heapq.heappop(self._heap)[2]

    def _push(self, rank: date, item: T) -> None:
        self._added += 1
        heapq.heappush(self._heap, (rank, self._added, item))
