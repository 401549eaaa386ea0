"""Answering: one question on the published file, on a connection that can do nothing but read it."""

from __future__ import annotations

import pickle
import time
from contextlib import contextmanager
from threading import Event, Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.ask.explain import explained
from warehouse.ask.model import Answer, Column, Limits
from warehouse.ask.rules import check, require_reading
from warehouse.query import QueryError, opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

BATCH = 200
_AGAIN = 0.05
NOTHING: Mapping[str, object] = MappingProxyType({})


def ask(home: Path, sql: str, limits: Limits, parameters: Mapping[str, object] = NOTHING) -> Answer:
    """Answer one question on the warehouse that is published in `home`.

    Raises QueryError if there is none, if the question is not allowed or wrong, or takes too long or too much.
    """
    with opened(home) as con:
        return ask_on(con, sql, limits, parameters)


def ask_on(
    con: duckdb.DuckDBPyConnection, sql: str, limits: Limits, parameters: Mapping[str, object] = NOTHING
) -> Answer:
    """Answer one question on a connection of one's own to a closed-off warehouse; raises QueryError."""
    check()  # made once in a process, and not in the time of the first question
    started = time.perf_counter()
    try:
        with _interrupted(con, limits.seconds):
            require_reading(con, sql)
            result = con.execute(sql, dict(parameters))
            columns = tuple(Column(str(name), str(kind)) for name, kind, *_ in result.description)
            rows, truncated = _fetched(result, limits)
    except duckdb.InterruptException:
        raise QueryError(f"查询超过 {limits.seconds:g} 秒，已中止。请缩小范围，如限定年度或单位。") from None
    except (duckdb.Error, UnicodeError, OverflowError) as error:
        raise QueryError(explained(error)) from error
    return Answer(columns, rows, truncated, time.perf_counter() - started)


@contextmanager
def _interrupted(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what is still running after so many seconds, again and again: between two statements nothing hears."""
    ended = Event()

    def interrupt() -> None:
        wait = seconds
        while not ended.wait(wait):
            con.interrupt()
            wait = _AGAIN

    thread = Thread(target=interrupt, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _fetched(result: duckdb.DuckDBPyConnection, limits: Limits) -> tuple[tuple[tuple[Any, ...], ...], bool]:
    """The rows within the limits, and whether there are more; the rest is never computed."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    while batch := result.fetchmany(min(BATCH, limits.rows + 1 - len(rows))):
        size += len(pickle.dumps(batch))
        if size > limits.bytes:
            if not rows:
                raise QueryError(f"答案的前几行就超过 {limits.bytes // 2**20} MB。请只取需要的栏，或缩短文字。")
            return tuple(rows), True
        rows += batch
        if len(rows) > limits.rows:
            return tuple(rows[: limits.rows]), True
    return tuple(rows), False
