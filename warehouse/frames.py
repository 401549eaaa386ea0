"""polars frames as tables of a DuckDB connection, without pyarrow between them."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import polars as pl

_numbers = count()


class _Stream:
    """A frame that shows nothing but its Arrow stream: for a polars frame itself DuckDB asks for pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


@contextmanager
def registered(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> Iterator[str]:
    """Make a frame queryable under the name that is given, for the time of the block."""
    name = f"frame_{next(_numbers)}"
    con.register(name, _Stream(frame))
    try:
        yield name
    finally:
        con.unregister(name)


def create_table(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Create `table` ("TABLE schema.name" or "TEMP TABLE name") with the rows of a frame."""
    with registered(con, frame) as name:
        con.execute(f"CREATE {table} AS FROM {name}")
