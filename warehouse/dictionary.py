"""The dictionary: every public table and column of a warehouse with its comment, as Markdown."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import duckdb

from warehouse.comments import SCHEMAS, comment_tables
from warehouse.load import load_frames
from warehouse.marts.create import create_marts
from warehouse.marts.view import TWIN

if TYPE_CHECKING:
    from collections.abc import Callable

_INTRODUCTION = """# 数据字典

由 `python -m warehouse.dictionary > docs/dictionary.md` 生成，请勿手改。金额单位均为元，名称以 _万元 结尾的视图除外；
`万元(金额)` 把任何以元计的金额换成万元，四舍五入到两位小数，如 `SELECT 万元(sum(本年支出)) FROM 决算.收支总额`。
"""


def empty_warehouse(*steps: Callable[[duckdb.DuckDBPyConnection], None]) -> duckdb.DuckDBPyConnection:
    """An in-memory warehouse without reports but with all tables, views and comments."""
    con = duckdb.connect()
    load_frames(con, {})
    comment_tables(con)
    for step in steps:
        step(con)
    create_marts(con)
    return con


def dictionary(con: duckdb.DuckDBPyConnection) -> str:
    """Describe the schemas of `warehouse.comments.SCHEMAS`, and then any further one, in Markdown."""
    relations = con.execute("""
        SELECT schema_name, table_name, comment FROM duckdb_tables()
        WHERE database_name = current_database() AND NOT temporary
        UNION ALL
        SELECT schema_name, view_name, comment FROM duckdb_views()
        WHERE database_name = current_database() AND NOT temporary AND NOT internal
    """).fetchall()
    columns = con.execute("""
        SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal
        ORDER BY schema_name, table_name, column_index
    """).fetchall()
    of_table = {key: list(group) for key, group in groupby(columns, key=lambda row: (row[0], row[1]))}
    schemas = [*SCHEMAS, *sorted({schema for schema, _, _ in relations} - SCHEMAS.keys())]
    parts = [_INTRODUCTION]
    for schema in schemas:
        parts.append(f"## {schema}\n\n{SCHEMAS.get(schema, '')}\n")
        for _, table, comment in sorted(row for row in relations if row[0] == schema):
            described = "" if table.endswith(TWIN) else f"\n{_column_table(of_table[schema, table])}\n"
            parts.append(f"### {schema}.{table}\n\n{comment}\n{described}")
    return "\n".join(parts)


def _column_table(columns: list[tuple[str, ...]]) -> str:
    rows = [f"| {name} | {data_type} | {comment} |" for _, _, name, data_type, comment in columns]
    return "\n".join(["| 栏 | 类型 | 含义 |", "| --- | --- | --- |", *rows])


if __name__ == "__main__":
    with empty_warehouse() as warehouse:
        print(dictionary(warehouse), end="")
