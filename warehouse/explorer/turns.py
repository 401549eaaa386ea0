"""Who may ask next: so many questions run at once, the others wait, and nobody waits for all questions of another."""

from __future__ import annotations

from collections import Counter, deque
from contextlib import contextmanager
from itertools import count
from threading import Condition
from typing import TYPE_CHECKING

from warehouse.query import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turns:
    """Lets `at_once` questions run; of those who wait, the one who has least running, and then by turns.

    `waiting` is the most that may wait, `each` the most of one asker, `patience` the seconds after which one gives up.
    """

    def __init__(self, at_once: int = 2, waiting: int = 12, each: int = 3, patience: float = 15) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._each = each
        self._patience = patience
        self._changed = Condition()
        self._running: Counter[str] = Counter()
        self._queues: dict[str, deque[object]] = {}
        self._order: dict[str, int] = {}
        self._numbers = count()

    @contextmanager
    def turn(self, who: str) -> Iterator[None]:
        """Wait for one's turn and have it; raises BusyError at once if the queue is full, or when patience ends."""
        with self._changed:
            self._order.setdefault(who, next(self._numbers))
            try:
                self._wait(who)
                self._running[who] += 1
            finally:
                self._stirred(who)
        try:
            yield
        finally:
            with self._changed:
                self._running[who] -= 1
                self._order[who] = next(self._numbers)  # behind all who wait already
                self._stirred(who)

    def _wait(self, who: str) -> None:
        queue = self._queues.setdefault(who, deque())
        if len(queue) + self._running[who] >= self._each:
            raise BusyError(f"您已有 {self._each} 个查询在运行或等待，请等其中之一完成后再查。")
        if sum(map(len, self._queues.values())) >= self._waiting:
            raise BusyError("同时查询的人太多，请稍候再试。")
        ticket = object()
        queue.append(ticket)
        came = self._changed.wait_for(lambda: self._is_next(who, ticket), self._patience)
        queue.remove(ticket)
        if not came:
            raise BusyError("排队等候的时间过长，请稍候再试。")

    def _is_next(self, who: str, ticket: object) -> bool:
        if self._running.total() >= self._at_once:
            return False
        waiting = [one for one, queue in self._queues.items() if queue]
        return who == min(waiting, key=lambda one: (self._running[one], self._order[one])) and (
            self._queues[who][0] is ticket
        )

    def _stirred(self, who: str) -> None:
        """Tell those who wait that something has changed, and forget one who neither waits nor runs."""
        if not self._queues.get(who):
            self._queues.pop(who, None)
            if not self._running[who]:
                del self._running[who], self._order[who]
        self._changed.notify_all()
