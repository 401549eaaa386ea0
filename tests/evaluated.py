"""Accounts that are loaded and evaluated once, however many tests judge them: what a test does is undone."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Self

import duckdb

from expectations.evaluate import evaluate
from tests.accounts import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.accounts import Account


class Evaluated:
    """Opens a database with these accounts, in which all identities are evaluated, for the time of a block.

    `then` is done once as well.
    """

    def __init__(self, then: Callable[[duckdb.DuckDBPyConnection], None] | None = None) -> None:
        self._then = then
        self._known: dict[str, duckdb.DuckDBPyConnection] = {}
        self._stack = ExitStack()

    @contextmanager
    def __call__(self, *accounts: Account) -> Iterator[duckdb.DuckDBPyConnection]:
        key = repr(accounts)
        if key not in self._known:
            con = self._known[key] = self._stack.enter_context(duckdb.connect())
            load(con, *accounts)
            evaluate(con)
            if self._then:
                self._then(con)
        con = self._known[key]
        con.begin()
        try:
            yield con
        finally:
            con.rollback()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
