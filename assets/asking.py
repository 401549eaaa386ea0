"""Strangers' SQL out of harm's way: each question in a process with limits of the system, a few at a time.

What DuckDB's own limits do not stop (a function that never looks whether it is interrupted, memory that is not counted,
a crash) ends a process that nobody else uses.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from assets.guard import Guard, Lost
from warehouse.ask.rules import check
from warehouse.ask.run import ask_on
from warehouse.publish import NotPublishedError, published
from warehouse.query import BusyError, QueryError, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import duckdb

    from assets.settings import Settings
    from warehouse.ask.model import Answer, Ask, Limits

GRACE = 3
"""Seconds that a question may go on after it was interrupted, before its process is ended."""

PATIENCE = 5
"""Seconds that a question waits for its turn."""

WAITING = 3
"""Questions that may wait, for each that is answered: who waits holds one of the explorer's threads."""

OVERHEAD = 256
"""Megabytes of a process beside those of DuckDB: the interpreter, and the answer as Python values."""

_BUSY = "同时查询的人太多，请过一会儿再试。"
check()  # a worker imports this module before the time of its first question begins
_open: dict[Path, duckdb.DuckDBPyConnection] = {}


@contextmanager
def asking(settings: Settings) -> Iterator[Ask]:
    """A way to ask the published warehouse that a bad question cannot harm, for many threads; raises BusyError as well.

    No question gets more seconds than the settings say.
    """
    guard = Guard(settings.ask_memory + OVERHEAD)
    turns, places = BoundedSemaphore(settings.asked_at_once), BoundedSemaphore(settings.asked_at_once * (1 + WAITING))

    def ask(sql: str, limits: Limits, parameters: Mapping[str, object]) -> Answer:
        if not places.acquire(blocking=False):
            raise BusyError(_BUSY)
        try:
            if not turns.acquire(timeout=PATIENCE):
                raise BusyError(_BUSY)
            try:
                within = replace(limits, seconds=min(limits.seconds, settings.ask_seconds))
                job = settings.warehouse, settings.ask_memory, sql, within, dict(parameters)
                found = guard.run(_answer, job, within.seconds + GRACE)
            finally:
                turns.release()
        finally:
            places.release()
        if isinstance(found, Lost):
            raise QueryError(f"查询没有完成：{found.why}。请缩小范围，如限定年度或单位。")
        return found

    try:
        yield ask
    finally:
        guard.close()


def _answer(job: tuple[Path, int, str, Limits, dict[str, object]]) -> Answer:
    home, memory, sql, limits, parameters = job
    os.setpriority(os.PRIO_PROCESS, 0, 10)  # pages go first
    with _connection(home, memory).cursor() as cursor:
        return ask_on(cursor, sql, limits, parameters)


def _connection(home: Path, memory: int) -> duckdb.DuckDBPyConnection:
    """The published file, opened once in this process and given up when another is published."""
    try:
        path = published(home)
    except NotPublishedError:
        path = home  # opening it says what is the matter
    if path not in _open:
        for old in _open.values():
            old.close()
        _open.clear()
        _open[path] = opened(home, {"memory_limit": f"{memory}MB", "threads": "1"})
    return _open[path]
