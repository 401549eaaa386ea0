"""Documents fanned out over worker processes, on this machine or on a dask cluster, in the order given.

Both ways hand documents to threads that each wait for a guarded process of their own (`assets.guard`): here the
threads of a pool, there those of the cluster's workers. So the limits and what a lost document looks like are the same.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from assets.guard import Guard, Lost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from distributed import Client, Future

    # hands out a document; what comes back waits for its result
    _Submit = Callable[[Callable[[Any], Any], Any, float], Callable[[], Any]]

__all__ = ["Limits", "Lost", "map_documents"]

T = TypeVar("T")
R = TypeVar("R")

WINDOW = 500
"""Documents handed out before the oldest of them has come back: what waits for it is kept in memory."""

SECONDS_PER_MEGABYTE = 60
LONGEST = 3600
PATIENCE = 60.0
"""Seconds without any worker in the cluster after which it counts as gone."""


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
    scheduler: str = "",
) -> Iterator[tuple[T, R | Lost]]:
    """Apply a picklable function to every document, yielding pairs in the order given.

    The documents go to `workers` processes of this machine, or, if the address of a dask `scheduler` is given, to all
    workers of that cluster, which need this code and the files that the documents name.

    A document that crashes its worker, or needs more than `seconds` or `memory` (megabytes), costs itself alone: it
    comes back as `Lost`. Exceptions of `function` itself are raised here; ConnectionError if the cluster is gone.
    """
    runner = _cluster(scheduler, memory) if scheduler else _processes(min(workers, max(1, len(documents))), memory)
    with runner as submit:
        waiting = ((document, submit(function, document, seconds(document))) for document in documents)
        running = deque(islice(waiting, WINDOW))
        while running:
            document, result = running.popleft()
            yield document, result()
            running.extend(islice(waiting, 1))


@contextmanager
def _processes(workers: int, memory: int) -> Iterator[_Submit]:
    guard, pool = Guard(memory), ThreadPoolExecutor(workers)
    try:
        yield lambda function, document, seconds: pool.submit(guard.run, function, document, seconds).result
    finally:
        guard.close()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(scheduler: str, memory: int) -> Iterator[_Submit]:
    try:
        from distributed import Client
    except ImportError as error:
        raise RuntimeError(
            "已设置 JUESUAN_DASK，但没有安装 dask.distributed；请安装 juesuan[dask]，或取消该设置。"
        ) from error
    try:
        client = Client(scheduler, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise ConnectionError(f"无法连接 dask 调度器 {scheduler}（JUESUAN_DASK）：{error}") from error
    # closing the client lets go of all that was handed out
    with client, closing(Guard(memory)) as here:

        def submit(function: Callable[[T], R], document: T, seconds: float) -> Callable[[], R | Lost]:
            # pure=False: results of another night, or of another version of the code, are no results of this one
            future = client.submit(_guarded, function, document, seconds, memory, pure=False)
            return lambda: _result(client, future, lambda: here.run(function, document, seconds))

        yield submit


def _guarded(function: Callable[[T], R], document: T, seconds: float, memory: int) -> R | Lost:
    """Runs in a thread of a worker of the cluster."""
    return _guard(memory).run(function, document, seconds)


@cache
def _guard(memory: int) -> Guard:
    """The processes of a worker of the cluster; they end when it does."""
    return Guard(memory)


def _result(client: Client, future: Future[Any], run_here: Callable[[], Any]) -> Any:
    """The result of a document.

    If a worker dies, the scheduler gives its documents to others; those that were with several dying workers, guilty or
    not, it gives up. They are read on this machine.
    """
    from distributed import KilledWorker

    while True:
        try:
            return future.result(timeout=PATIENCE)
        except KilledWorker:
            return run_here()
        except CancelledError as error:
            raise ConnectionError("dask 调度器已停止，读取中断") from error
        except TimeoutError as error:
            if not client.scheduler_info(n_workers=-1)["workers"]:
                raise ConnectionError(f"dask 集群 {PATIENCE:g} 秒内没有任何工作进程") from error
