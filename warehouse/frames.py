"""polars frames as tables of a DuckDB connection, without pyarrow between them."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    from polars._typing import PolarsDataType

_numbers = count()
_SQL_TYPES: dict[object, str] = {
    pl.String: "VARCHAR",
    pl.Boolean: "BOOLEAN",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float32: "FLOAT",
    pl.Float64: "DOUBLE",
    pl.Date: "DATE",
}


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


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def sql_columns(schema: pl.Schema) -> str:
    """The columns of a frame as those of a table: "name TYPE, …"."""
    return ", ".join(f'"{name}" {_sql_type(dtype)}' for name, dtype in schema.items())


def _sql_type(dtype: PolarsDataType) -> str:
    match dtype:
        case pl.Decimal():
            return f"DECIMAL({dtype.precision}, {dtype.scale})"
        case pl.List():
            return f"{_sql_type(dtype.inner)}[]"
        case pl.Datetime():
            return "TIMESTAMP WITH TIME ZONE" if dtype.time_zone else "TIMESTAMP"
        case _:
            return _SQL_TYPES[dtype.base_type()]


def create_table(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Create `table` ("TABLE schema.name" or "TEMP TABLE name") with the rows of a frame."""
    with registered(con, frame) as name:
        con.execute(f"CREATE {table} AS FROM {name}")
