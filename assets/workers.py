"""Documents fanned out over worker processes, each document alone in its failure."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pebble import ProcessExpired, ProcessPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Lost:
    """A document whose worker crashed or ran out of time; `why` is a Chinese sentence."""

    why: str


def map_documents(
    function: Callable[[T], R], documents: Sequence[T], *, workers: int, seconds: float
) -> Iterator[tuple[T, R | Lost]]:
    """Apply a picklable function to every document, yielding pairs in the order given.

    A worker that crashes or needs more than `seconds` for a document costs that document alone:
    it comes back as `Lost`. Exceptions of `function` itself are raised here.
    """
    context = multiprocessing.get_context("forkserver")
    with ProcessPool(max_workers=min(workers, max(1, len(documents))), max_tasks=500, context=context) as pool:
        futures = [pool.schedule(function, args=(document,), timeout=seconds) for document in documents]
        try:
            for document, future in zip(documents, futures, strict=True):
                try:
                    yield document, future.result()
                except FutureTimeout:
                    yield document, Lost(f"读取超过 {seconds:g} 秒，已中止")
                except ProcessExpired as crash:
                    yield document, Lost(f"读取进程异常退出（退出码 {crash.exitcode}）")
        except BaseException:
            pool.stop()
            raise
