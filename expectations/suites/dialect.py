"""A SQLAlchemy dialect for DuckDB on which Great Expectations can work, read-only.

duckdb-engine's cursor is the connection itself: its result dies at the rollback with which the pool takes a connection
back, and every expectation would then see no rows and no success. Here a cursor is a cursor of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
from duckdb_engine import ConnectionWrapper, CursorWrapper, Dialect
from sqlalchemy import create_engine, pool
from sqlalchemy.dialects import registry

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

NAME = "juesuan_duckdb"


class _Connection(ConnectionWrapper):
    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        super().__init__(raw)
        self._raw = raw

    def cursor(self) -> CursorWrapper:
        return CursorWrapper(self._raw.cursor(), self)


class GxDialect(Dialect):
    """duckdb-engine's dialect with cursors that outlive the return of their connection."""

    supports_statement_cache = False

    def connect(self, *args: Any, **parameters: Any) -> _Connection:  # type: ignore[override] # PEP 249 is met, not named
        """Open a connection; what came from the URL's query is no setting of DuckDB."""
        parameters.pop("url_config", None)
        return _Connection(duckdb.connect(*args, **parameters))

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:  # noqa: ARG003 - the signature of SQLAlchemy
        """Several connections, also to a file."""
        return pool.QueuePool


registry.register(NAME, __name__, GxDialect.__name__)


def url_of(path: Path) -> str:
    """The URL of a warehouse file."""
    return f"{NAME}:///{path}"


def read_only(path: Path) -> Engine:
    """An engine that reads a warehouse file; to be disposed of, or the process goes on seeing this file."""
    return create_engine(url_of(path), connect_args={"read_only": True})
