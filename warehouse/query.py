"""Our own questions to the published warehouse; strangers' questions are answered by `warehouse.ask`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.publish import NO_LIMITS, NotPublishedError, open_published

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class QueryError(ValueError):
    """A question that cannot be answered; its text is a Chinese sentence for the one who asked."""


class BusyError(QueryError):
    """A question that is fine and came when too many others were being answered."""


def rows(con: duckdb.DuckDBPyConnection, sql: str, parameters: object = None) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    answer = con.execute(sql, parameters)
    columns = [column[0] for column in answer.description]
    return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]


def is_judged(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether schema quality, which judging makes, has this table: older files and single steps lack some."""
    found = con.execute(
        "FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'quality' AND table_name = $1",
        [table],
    )
    return bool(found.fetchall())


def opened(home: Path, limits: Mapping[str, str] = NO_LIMITS) -> duckdb.DuckDBPyConnection:
    """The published warehouse, for reading only; raises QueryError if there is none that can be opened."""
    try:
        return open_published(home, limits)
    except NotPublishedError:
        raise QueryError("还没有发布过数据仓库。请先运行 juesuan ingest 或 juesuan run。") from None
    except duckdb.IOException as error:
        raise QueryError(f"已发布的数据仓库无法打开，请运行 juesuan run 重建：{error}") from error
