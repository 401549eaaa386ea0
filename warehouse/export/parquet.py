"""Parquet with the types of the warehouse: amounts stay decimals, dates dates."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Any

import polars as pl

from warehouse.export.model import as_text, distinct

if TYPE_CHECKING:
    from collections.abc import Callable

    from warehouse.export.model import Table

_TYPES: dict[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "BOOLEAN": pl.Boolean(),
    "TINYINT": pl.Int8(),
    "SMALLINT": pl.Int16(),
    "INTEGER": pl.Int32(),
    "BIGINT": pl.Int64(),
    "UTINYINT": pl.UInt8(),
    "USMALLINT": pl.UInt16(),
    "UINTEGER": pl.UInt32(),
    "UBIGINT": pl.UInt64(),
    "HUGEINT": pl.Decimal(38, 0),
    "FLOAT": pl.Float32(),
    "DOUBLE": pl.Float64(),
    "DATE": pl.Date(),
    "TIME": pl.Time(),
    "TIMESTAMP": pl.Datetime("us"),
    "TIMESTAMP WITH TIME ZONE": pl.Datetime("us", "Asia/Shanghai"),
    "BLOB": pl.Binary(),
}


def write_parquet(table: Table, target: IO[bytes]) -> None:
    """Write a table as Parquet; types that it has no equal for (structures, maps, intervals) become texts."""
    types = [polars_type(column.type) for column in table.columns]
    names = distinct([column.name for column in table.columns])
    schema = dict(zip(names, types, strict=True))
    frames = [pl.DataFrame(schema=schema)]
    for batch in table.batches:
        columns = zip(*batch, strict=True)
        frames.append(
            pl.DataFrame(
                [
                    pl.Series(name, map(_value(type_, column.type), values), dtype=type_, strict=True)
                    for name, type_, column, values in zip(names, types, table.columns, columns, strict=True)
                ]
            )
        )
    pl.concat(frames).write_parquet(target)


def polars_type(name: str) -> pl.DataType:
    """The type for one of DuckDB's."""
    if name.endswith("[]"):
        return pl.List(polars_type(name[:-2]))
    if found := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", name):
        return pl.Decimal(int(found[1]), int(found[2]))
    return _TYPES.get(name, pl.String())


def _value(type_: pl.DataType, name: str) -> Callable[[Any], Any]:
    if isinstance(type_, pl.String) and name != "VARCHAR":
        return lambda value: None if value is None else as_text(value)
    return lambda value: value
