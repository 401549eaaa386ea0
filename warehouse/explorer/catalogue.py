"""What may be asked: the schemas of an edition with their tables and columns, and what each means."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from warehouse.comments import SCHEMAS
from warehouse.marts.view import TWIN

if TYPE_CHECKING:
    import duckdb

_PLAIN = re.compile(r"[^\W\d]\w*")
_FURTHER = {"quality": "勾稽关系、核对结果、存疑问题、评级和公开情况"}
_ORDER = ("决算", "core", "ref", "quality", "raw")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, DuckDB's type, its meaning in Chinese."""

    name: str
    type: str
    comment: str

    @property
    def written(self) -> str:
        """The name as it is written in SQL."""
        return written(self.name)


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view; `twin` is the same one with its amounts in 万元, if there is one."""

    schema: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    twin: Table | None = None

    @property
    def written(self) -> str:
        """The name as it is written in SQL."""
        return f"{written(self.schema)}.{written(self.name)}"

    @property
    def anchor(self) -> str:
        """Its place in the page of the dictionary."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema and its tables, by name."""

    name: str
    comment: str
    tables: tuple[Table, ...]


def catalogue(con: duckdb.DuckDBPyConnection) -> tuple[Schema, ...]:
    """All schemas of a warehouse, first what is made for people."""
    comments = dict(
        con.execute("""
            SELECT schema_name || '.' || table_name, coalesce(comment, '') FROM duckdb_tables()
            WHERE database_name = current_database() AND NOT internal AND NOT temporary
            UNION ALL
            SELECT schema_name || '.' || view_name, coalesce(comment, '') FROM duckdb_views()
            WHERE database_name = current_database() AND NOT internal AND NOT temporary
        """).fetchall()
    )
    columns = con.execute("""
        SELECT schema_name, table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal
        ORDER BY schema_name, table_name, column_index
    """).fetchall()
    tables = [
        Table(schema, table, comments[f"{schema}.{table}"], tuple(Column(*row[2:]) for row in group))
        for (schema, table), group in groupby(columns, key=lambda row: (row[0], row[1]))
        if f"{schema}.{table}" in comments
    ]
    grouped = {schema: _paired([*group]) for schema, group in groupby(tables, key=lambda table: table.schema)}
    known = {**_FURTHER, **SCHEMAS}
    names = sorted(grouped, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return tuple(Schema(name, known.get(name, ""), grouped[name]) for name in names)


def _paired(tables: list[Table]) -> tuple[Table, ...]:
    """The tables of a schema; those in 万元 stand with what they are twins of."""
    twins = {table.name.removesuffix(TWIN): table for table in tables if table.name.endswith(TWIN)}
    names = {table.name for table in tables}
    return tuple(
        replace(table, twin=twins.get(table.name))
        for table in tables
        if not (table.name.endswith(TWIN) and table.name.removesuffix(TWIN) in names)
    )


def written(name: str) -> str:
    """A name as it is written in SQL: quoted unless it is plain."""
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'
