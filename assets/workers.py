"""Documents fanned out over worker processes, on this machine or on a dask cluster, in the order given."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from assets.guard import Guard, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Limits", "Lost", "map_documents"]

T = TypeVar("T")
R = TypeVar("R")

WINDOW = 500
"""Documents handed out before the oldest of them has come back: what waits for it is kept in memory."""


SECONDS_PER_MEGABYTE = 60
LONGEST = 3600


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may use: `memory` in megabytes, and `seconds`, beside more by its size."""

    seconds: float
    memory: int

    def seconds_for(self, size: int) -> float:
        """The time for a document of so many bytes: pictures of pages, of some 50 kB, take two seconds each to read."""
        return min(self.seconds + SECONDS_PER_MEGABYTE * size / 2**20, max(self.seconds, LONGEST))


def map_documents(
    function: Callable[[T], R],
    documents: Sequence[T],
    *,
    workers: int,
    seconds: Callable[[T], float],
    memory: int,
) -> Iterator[tuple[T, R | Lost]]:
    """Apply a picklable function to every document, yielding pairs in the order given.

    A document that crashes its worker, or needs more than `seconds` or `memory` (megabytes), costs itself alone: it
    comes back as `Lost`. Exceptions of `function` itself are raised here.
    """
    guard = Guard(memory)
    pool = ThreadPoolExecutor(min(workers, max(1, len(documents))))
    waiting = ((document, pool.submit(guard.run, function, document, seconds(document))) for document in documents)
    running = deque(islice(waiting, WINDOW))
    try:
        while running:
            document, future = running.popleft()
            yield document, future.result()
            running.extend(islice(waiting, 1))
    finally:
        for _, future in running:
            future.cancel()
        guard.close()
        pool.shutdown()
