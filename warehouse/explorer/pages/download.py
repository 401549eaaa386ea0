"""Answers and tables to take away: Excel, CSV, Parquet."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import IO, TYPE_CHECKING

from warehouse.ask.model import DOWNLOAD, Column
from warehouse.explorer.asked import MissingError
from warehouse.explorer.asking import LANE, answered
from warehouse.explorer.catalogue import written
from warehouse.explorer.cookbook import with_values
from warehouse.explorer.handed import Handed
from warehouse.explorer.html import failure
from warehouse.explorer.pages.questions import question_of
from warehouse.explorer.routes import page
from warehouse.explorer.text import moment
from warehouse.export.answer import MEDIA_TYPES, write_table
from warehouse.export.model import Table
from warehouse.export.workbook import write_workbook
from warehouse.query import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response

    from warehouse.ask.model import Answer
    from warehouse.explorer.asked import Asked


def _refusing(handler: Callable[[Asked], Response]) -> Callable[[Asked], Response]:
    """A question that is refused gives a page that says why, instead of a file."""

    @wraps(handler)
    def handled(asked: Asked) -> Response:
        try:
            return handler(asked)
        except BusyError:
            raise
        except QueryError as error:
            return failure(asked.request, HTTPStatus.BAD_REQUEST, str(error))

    return handled


@_refusing
def download_answer(asked: Asked) -> Response:
    """The answer to a question in the visitor's SQL."""
    text = (asked.sent.get("q") or asked.word("q")).strip()
    if not text:
        raise MissingError("没有说要查询什么。")
    kind = _kind(asked)
    return _handed(asked, "查询结果", kind, answered(asked, text, DOWNLOAD, {}), ["查询结果", text])


@_refusing
def download_question(asked: Asked) -> Response:
    """The answer to a question of the cookbook."""
    kind = _kind(asked)
    _, one = question_of(asked)
    values = one.bind({parameter.name: asked.word(parameter.name) for parameter in one.parameters})
    answer = answered(asked, one.sql, DOWNLOAD, values)
    return _handed(asked, one.title, kind, answer, [one.title, one.text, with_values(one.sql, values)])


@_refusing
def download_view(asked: Asked) -> Response:
    """A whole view of schema 决算, or one year of it (?year=)."""
    name, kind, year = asked.path("name"), _kind(asked), asked.number("year", 0)
    columns = asked.rows(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = '决算' AND table_name = $1", [name]
    )
    if not columns:
        raise MissingError(f"没有“{name[:60]}”这张表。")
    sql = f"SELECT * FROM 决算.{written(name)}"
    if year:
        if {"column_name": "年度"} not in columns:
            raise MissingError(f"“{name}”不分年度。")
        sql += f" WHERE 年度 = {year}"
    return _handed(asked, f"{name}{year or ''}", kind, answered(asked, sql, DOWNLOAD, {}), [name, sql])


@_refusing
def download_report(asked: Asked) -> Response:
    """The tables of a report, each on a sheet of its own."""
    report = asked.path("report_id")
    found = asked.rows("SELECT unit, fiscal_year, scope FROM core.report WHERE report_id = $1", [report])
    if not found:
        raise MissingError(f"没有编号为“{report[:60]}”的报告。")
    unit, year, scope = found[0].values()
    return _workbook(asked, f"{unit}{year}年度决算表{f'（{scope}）' if scope else ''}", [report])


@_refusing
def download_unit(asked: Asked) -> Response:
    """The tables of all reports of a unit, each on a sheet of its own, one year under the other."""
    unit = asked.path("unit_id")
    found = asked.rows("SELECT report_id FROM core.report WHERE unit_id = $1", [unit])
    if not found:
        raise MissingError(f"没有编号为“{unit[:60]}”的单位。")
    (head,) = asked.rows("SELECT unit FROM core.unit WHERE unit_id = $1", [unit])
    return _workbook(asked, f"{head['unit']}历年决算表", [row["report_id"] for row in found])


def _workbook(asked: Asked, name: str, reports: Sequence[str]) -> Response:
    titles = [row["title"] for row in asked.rows(_TITLES, [reports])]
    notes = [name, *_about(asked), "金额单位：元。每张工作表是一张决算表，各栏按公开的报告摘录，未作更改。"]

    def write(target: IO[bytes]) -> None:
        write_workbook((_table(asked, title, reports) for title in titles), target, notes)

    return Handed(write, MEDIA_TYPES["xlsx"], f"{name}.xlsx")


_TITLES = """
    SELECT f.title FROM ref.form f
    WHERE f.form IN (SELECT form FROM core.form_reading WHERE list_contains($1, report_id))
        AND f.title IN (SELECT view_name FROM duckdb_views() WHERE schema_name = '决算'
            UNION SELECT table_name FROM duckdb_tables() WHERE schema_name = '决算')
    ORDER BY f.rowid
"""


def _table(asked: Asked, title: str, reports: Sequence[str]) -> Table:
    """One statutory table of some reports, in the order in which it is printed."""
    found = asked.con.execute(
        f"SELECT * FROM 决算.{written(title)} WHERE list_contains($1, report_id) ORDER BY 年度, 范围, 行序", [reports]
    )
    return Table(title, tuple(Column(name, str(kind)) for name, kind, *_ in found.description), [found.fetchall()])


def _handed(asked: Asked, name: str, kind: str, answer: Answer, notes: Sequence[str]) -> Response:
    """An answer as a file; one that is not whole says so in its name, which every format has."""
    if answer.truncated:
        name = f"{name}（只有前{len(answer.rows)}行）"
        notes = [*notes, f"不完整：只取了前 {len(answer.rows):,} 行，后面还有。"]

    def write(target: IO[bytes]) -> None:
        write_table(Table(name, answer.columns, [answer.rows]), kind, target, [*notes, *_about(asked)])

    return Handed(write, MEDIA_TYPES[kind], f"{name}.{kind}")


def _about(asked: Asked) -> list[str]:
    return [f"{asked.explorer.title}，{moment(asked.published_at)}发布的数据。数字取自各单位公开的决算报告。"]


def _kind(asked: Asked) -> str:
    kind = asked.path("kind")
    if kind not in MEDIA_TYPES:
        raise MissingError(f"没有这种格式：{kind[:20]}。可以下载 xlsx、csv、parquet。")
    return kind


ROUTES = (
    page("/download/answer.{kind}", download_answer, methods=("GET", "POST"), lane=LANE),
    page("/download/question/{key}.{kind}", download_question, lane=LANE),
    page("/download/view/{name}.{kind}", download_view, lane=LANE),
    page("/download/report/{report_id}.xlsx", download_report, lane=LANE),
    page("/download/unit/{unit_id}.xlsx", download_unit, lane=LANE),
)
