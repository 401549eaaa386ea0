"""What may be asked: one SELECT, or the EXPLAIN of one, that reads tables and views of the warehouse and nothing else.

DuckDB itself refuses files and settings once it is closed off. What is refused here as well is what a SELECT can do or
see in spite of that: functions that run SQL out of a text, write logs, wait, or tell about this machine. The rules
look at the parsed statement, and are SQL themselves, so that a server in another language's hands can apply them too.
"""

from __future__ import annotations

import re
from functools import cache

import duckdb

from warehouse.query import QueryError

CHARACTERS = 50_000
"""That a question may have."""

TABLE_FUNCTIONS = (
    *("range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree", "histogram", "summary"),
    *("duckdb_tables", "duckdb_views", "duckdb_columns", "duckdb_schemas", "duckdb_types", "duckdb_functions"),
    *("duckdb_keywords", "pragma_table_info", "pragma_show", "pragma_version", "pg_timezone_names"),
)
"""Functions in FROM that may be asked; all others that the engine has are refused."""

FUNCTIONS = ("current_setting", "getenv", "getvariable", "write_log", "sleep_ms", "pg_sleep", "nextval", "currval")
"""Functions in expressions that are refused, beside those whose names begin with two underscores."""

CATALOG_VIEWS = ("duckdb_databases", "duckdb_logs", "pragma_database_list", "pg_settings", "pg_database")
"""Views of the engine that are refused."""

_EXPLAIN = re.compile(r"\A(?:\s|--[^\n]*\n|/\*(?>.*?\*/))*+explain(?:\s+analyze)?\b", re.IGNORECASE | re.DOTALL)


def _texts(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"


def refused_functions(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The functions that may not be asked, of all that this connection's engine and extensions have."""
    found = con.execute(f"""
        SELECT DISTINCT function_name FROM duckdb_functions()
        WHERE function_type IN ('table', 'table_macro') AND NOT list_contains({_texts(TABLE_FUNCTIONS)}, function_name)
        ORDER BY ALL
    """).fetchall()
    return (*(name for (name,) in found), *FUNCTIONS)


def forbidden(sql: str, functions: tuple[str, ...]) -> str:
    """An SQL expression: the names in a statement that may not be asked, empty if it is fine, NULL if it is no SELECT.

    `sql` is an SQL expression for the text of the statement, `functions` are those of `refused_functions`.
    """
    # in the tree as JSON a quote within a text has a backslash before it: what matches is a key, never a text
    named = 'list_distinct(regexp_extract_all(tree, \'"{}":"([^"]*)"\', 1))'
    return f"""(
        SELECT CASE WHEN starts_with(tree, '{{"error":false,') THEN list_concat(
            list_filter(called, lambda name: starts_with(name, '__')),
            list_intersect(called, {_texts(functions)}),
            list_intersect(read, {_texts(CATALOG_VIEWS)})
        ) END
        FROM (
            SELECT tree, {named.format("function_name")} AS called, {named.format("table_name")} AS read
            FROM (SELECT lower(json_serialize_sql({sql}::VARCHAR)) AS tree)
        )
    )"""


@cache
def check() -> str:
    """The rules for DuckDB without further extensions as one query, kept: to list its functions takes a while."""
    with duckdb.connect() as con:
        query = f"SELECT {forbidden('$1', refused_functions(con))}"
        con.execute(query, ["SELECT 1"])  # the first value that is bound makes duckdb import pandas: half a second
        return query


def require_reading(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Raise QueryError unless the text is one statement that may be asked; duckdb.Error if it cannot be parsed."""
    if len(sql) > CHARACTERS:
        raise QueryError(f"查询语句太长：最多 {CHARACTERS:,} 个字符，现为 {len(sql):,} 个。")
    if "\0" in sql or any("\ud800" <= letter <= "\udfff" for letter in sql):
        raise QueryError("查询语句中有不成字的字符。")
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"一次只能查询一条语句，现为 {len(statements)} 条（PIVOT 须用 IN 写明各栏）。")
    select = _EXPLAIN.sub("", statements[0].query, count=1)
    names = con.execute(check(), [select]).fetchall()[0][0]
    if names is None:
        raise QueryError("数据仓库只能查询，不能修改：只接受 SELECT 语句。")
    if names:
        raise QueryError(f"不允许使用 {'、'.join(names)}：只能查询数据仓库中的表和视图。")
