"""The views of schema 决算 as tables to take away, of a year or a department."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.ask.model import Column
from warehouse.export.model import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

BATCH = 5000
WAN = "_万元"
"""Ending of the views whose amounts are in 万元."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is taken: a year (all, if None), a department and its units (all, if empty), amounts in 万元 or 元."""

    year: int | None = None
    department: str = ""
    wan: bool = False


def tables(con: duckdb.DuckDBPyConnection, selection: Selection) -> Iterator[Table]:
    """Every view that has years, one after another: the statutory tables and what is made of them.

    Each has to be written before the next is asked for.
    """
    found = con.execute("""
        SELECT table_name, list(column_name) FROM duckdb_columns()
        WHERE schema_name = '决算' GROUP BY table_name ORDER BY table_name
    """).fetchall()
    columns = dict(found)
    for name, own in columns.items():
        if "年度" not in own or name.endswith(WAN):
            continue
        view = f"{name}{WAN}" if selection.wan and f"{name}{WAN}" in columns else name
        where, parameters = _conditions(own, selection)
        yield _table(con, name, f'SELECT * FROM "决算"."{view}" WHERE {where} ORDER BY {_order(own)}', parameters)


def notes(selection: Selection, edition: str) -> tuple[str, ...]:
    """What a reader of the file must know."""
    scope = selection.department or "全部单位"
    year = f"{selection.year}年度" if selection.year else "全部年度"
    return (
        "决算公开数据",
        f"范围：{scope}，{year}。",
        "金额单位：万元；没有万元表的为元。" if selection.wan else "金额单位：元。",
        "数字取自各单位公开的决算报告的现行版本；各栏的含义见数据字典。",
        f"数据版本：{edition}。",
    )


def _conditions(columns: Sequence[str], selection: Selection) -> tuple[str, list[object]]:
    conditions, parameters = ["true"], list[object]()
    if selection.year is not None:
        conditions.append("年度 = ?")
        parameters.append(selection.year)
    if selection.department:
        of = [name for name in ("部门", "单位") if name in columns]
        conditions.append(f"({' OR '.join(f'{name} = ?' for name in of) or 'false'})")
        parameters += [selection.department] * len(of)
    return " AND ".join(conditions), parameters


def _order(columns: Sequence[str]) -> str:
    wanted = ("年度", "地区", "部门", "单位", "范围", "行序", "科目编码", "页码")
    return ", ".join(name for name in wanted if name in columns)


def _table(con: duckdb.DuckDBPyConnection, name: str, sql: str, parameters: list[object]) -> Table:
    result = con.execute(sql, parameters)
    columns = tuple(Column(str(title), str(kind)) for title, kind, *_ in result.description)
    return Table(name, columns, _batches(result))


def _batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while batch := result.fetchmany(BATCH):
        yield batch
