"""Threads of their own for what takes long, so that it does not hold up the pages: some at a time, some waiting."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from warehouse.query import BusyError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Lane:
    """`width` pieces of work at a time, at most `waiting` more in the queue, each with an answer within `seconds`."""

    def __init__(self, width: int, waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="lane")
        self._most = width + waiting
        self._seconds = seconds
        self._held = 0
        self._lock = Lock()

    async def run(self, work: Callable[[], T]) -> T:
        """What the work returns or raises; raises BusyError. Work that has begun goes on, but nobody waits for it."""
        with self._lock:
            if self._held >= self._most:
                raise BusyError("现在要求的人太多，请稍后再试。")
            self._held += 1
        job = self._threads.submit(work)
        job.add_done_callback(lambda _: self._give_back())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(job), self._seconds)
        except TimeoutError:
            raise BusyError("等候时间过长，请稍后再试。") from None

    def _give_back(self) -> None:
        with self._lock:
            self._held -= 1
