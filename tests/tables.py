"""Rows as tables of DuckDB, fast: tests make hundreds of thousands of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.frames import registered

if TYPE_CHECKING:
    import duckdb

_PLAIN: dict[str, type[pl.DataType]] = {"INTEGER": pl.Int32, "FLOAT": pl.Float32, "BOOLEAN": pl.Boolean}


def insert(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """Create or replace a table ("TABLE schema.name") with rows; what a row does not have is NULL there.

    `columns` gives the type of each: a name, or a list of one name for a list.
    """
    values = {name: pl.Series(name, [row.get(name) for row in rows], _in_polars(of)) for name, of in columns.items()}
    with registered(con, pl.DataFrame(values)) as frame:
        chosen = ", ".join(f'"{name}"::{_in_sql(of)} AS "{name}"' for name, of in columns.items())
        con.execute(f"CREATE OR REPLACE {table} AS SELECT {chosen} FROM {frame}")


def _in_polars(of: str | list[str]) -> Any:
    return pl.List(_in_polars(of[0])) if isinstance(of, list) else _PLAIN.get(of, pl.String)


def _in_sql(of: str | list[str]) -> str:
    return f"{of[0]}[]" if isinstance(of, list) else of
