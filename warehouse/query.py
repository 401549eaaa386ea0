"""Read-only questions to the published warehouse, in SQL; what goes wrong is said in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.publish import NotPublishedError, open_published

if TYPE_CHECKING:
    from pathlib import Path

_READING = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}


class QueryError(ValueError):
    """A question that cannot be answered; its text is a Chinese sentence for the one who asked."""


def rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    answer = con.execute(sql, parameters)
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def opened(home: Path) -> duckdb.DuckDBPyConnection:
    """The published warehouse, for reading only; raises QueryError if there is none that can be opened."""
    try:
        return open_published(home)
    except NotPublishedError:
        raise QueryError("还没有发布过数据仓库。请先运行 juesuan ingest 或 juesuan run。") from None
    except duckdb.IOException as error:
        raise QueryError(f"已发布的数据仓库无法打开，请运行 juesuan run 重建：{error}") from error


def query(home: Path, sql: str, limit: int = 1000) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Answer one SELECT: column names and at most `limit` rows, amounts as Decimal.

    Raises QueryError if no warehouse is published, if the SQL is wrong, is more than one statement, or
    would change something.
    """
    with opened(home) as con:
        try:
            _require_one_reading_statement(con, sql)
            answer = con.execute(sql)
            return [column[0] for column in answer.description], answer.fetchmany(limit)
        except duckdb.Error as error:
            raise QueryError(_explain(error)) from error


def _require_one_reading_statement(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(f"一次只能查询一条语句，现为 {len(statements)} 条。")
    if statements[0].type not in _READING:
        raise QueryError("数据仓库只能查询，不能修改：只接受 SELECT 语句。")


def _explain(error: duckdb.Error) -> str:
    reasons = {
        duckdb.ParserException: "SQL 语法有误",
        duckdb.CatalogException: "没有这个表、视图或函数（表名见 docs/dictionary.md，或查询 from duckdb_views()）",
        duckdb.BinderException: "栏名或类型有误",
        duckdb.PermissionException: "不允许访问数据仓库以外的文件或更改设置",
        duckdb.ConversionException: "数据类型转换有误",
        duckdb.OutOfMemoryException: "内存不足，请缩小查询范围",
    }
    reason = next((text for kind, text in reasons.items() if isinstance(error, kind)), "查询失败")
    return f"{reason}：{error}"
