"""The commands of those who ask the published warehouse: SQL, saved questions, pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from assets.cli_common import JSON, PORT, current_settings

if TYPE_CHECKING:
    from warehouse.ask.model import Answer
    from warehouse.questions.load import Question

SHOWN, TAKEN = 200, 1_000_000
"""Rows that are shown, and that are written to a file, unless told otherwise."""

_FORMATS = ("table", "json", "csv", "parquet", "xlsx")


@click.command()
@click.argument("sql", default="")
@click.option("-f", "--file", "script", type=click.File(encoding="utf-8"), help="从文件读取 SQL；- 为标准输入。")
@click.option("--question", "key", help="回答一个常见问题（见 juesuan questions），代替 SQL。")
@click.option("-p", "--parameter", "words", multiple=True, metavar="名称=值", help="常见问题的参数，可以多次给出。")
@click.option("--format", "kind", type=click.Choice(_FORMATS), help="格式；缺省按 -o 的扩展名，没有 -o 的为 table。")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="写入这个文件。")
@click.option("--limit", type=click.IntRange(1), help=f"最多的行数。缺省：显示 {SHOWN}，写入文件 {TAKEN:,}。")
@click.option("--seconds", default=600, show_default=True, type=click.IntRange(1), help="最多的秒数。")
@JSON
def sql(
    sql: str,
    *,
    script: IO[str] | None,
    key: str | None,
    words: tuple[str, ...],
    kind: str | None,
    output: Path | None,
    limit: int | None,
    seconds: int,
    machine: bool,
) -> None:
    """用 SQL 查询已发布的数据仓库（只读）。表和栏的说明见 docs/dictionary.md，例子见 docs/cookbook.zh-CN.md。"""
    from warehouse.ask.model import Limits
    from warehouse.ask.run import ask
    from warehouse.query import QueryError

    kind = "json" if machine else kind or _kind_of(output)
    limit = limit or (SHOWN if kind == "table" else TAKEN)
    try:
        text, parameters = _asked(sql, script, key, words)
        answer = ask(current_settings().warehouse, text, Limits(seconds, limit, sys.maxsize), parameters)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    _put_out(answer, kind, output, text)
    if kind == "table" or answer.truncated:
        click.echo(f"{len(answer.rows)} 行" + ("（已截断，可用 --limit 放宽）" if answer.truncated else ""), err=True)


def _kind_of(output: Path | None) -> str:
    if output is None:
        return "table"
    ending = output.suffix.lstrip(".").lower()
    if ending not in _FORMATS[1:]:
        raise click.UsageError(f"不知道“{output.name}”是什么格式，请用 --format 指明。")
    return ending


def _asked(sql: str, script: IO[str] | None, key: str | None, words: tuple[str, ...]) -> tuple[str, dict[str, object]]:
    """The one statement that is asked, and the values of its parameters."""
    if (bool(sql), script is not None, key is not None).count(True) != 1:
        raise click.UsageError("请给出一条 SQL、一个文件（-f）或一个常见问题（--question），三者取一。")
    if key is None:
        if words:
            raise click.UsageError("参数（-p）只用于常见问题（--question）。")
        return (_read(script) if script else sql), {}
    given = dict(word.partition("=")[::2] for word in words)
    asked = _question(key)
    return asked.sql, asked.bind(given)


def _question(key: str) -> Question:
    """A question of the cookbook, or of the bureau's own."""
    from warehouse.explorer.cookbook import book
    from warehouse.questions.load import question

    return book(current_settings().questions).own.get(key) or question(key)


def _read(script: IO[str]) -> str:
    try:
        return script.read()
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{script.name} 不是 UTF-8 编码的文件，请另存为 UTF-8 再试。") from error


def _put_out(answer: Answer, kind: str, output: Path | None, sql: str) -> None:
    from assets.output import as_json, as_table
    from warehouse.export.answer import export_answer
    from warehouse.export.model import distinct

    names = [column.name for column in answer.columns]
    if kind == "table":
        keys = [str(number) for number in range(len(names))]
        rows = [dict(zip(keys, row, strict=True)) for row in answer.rows]
        as_table(rows, dict(zip(keys, names, strict=True)))
    elif kind == "json":
        text = as_json([dict(zip(distinct(names), row, strict=True)) for row in answer.rows])
        _write(f"{text}\n".encode(), output)
    elif output is None and sys.stdout.isatty() and kind != "csv":
        raise click.UsageError(f"{kind} 不能显示在终端上，请用 -o 指定文件。")
    else:
        name = output.stem if output else "查询"
        content = export_answer(answer, kind, name, (name, sql)).content
        _write(content, output)


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    else:
        output.write_bytes(content)


@click.command()
@click.argument("key", default="")
@JSON
def questions(key: str, *, machine: bool) -> None:
    """列出常见问题和本单位自己的问题；给出一个问题的代号，显示它的参数和 SQL。"""
    from assets.output import as_json, as_table
    from warehouse.explorer.cookbook import book
    from warehouse.query import QueryError

    if key:
        try:
            one = _question(key)
        except QueryError as error:
            raise click.ClickException(str(error)) from error
        parameters = [f"  -p {p.name}={p.default}  {p.kind}；{p.text}" for p in one.parameters]
        click.echo("\n".join((one.title, one.text, *parameters, "", one.sql)))
        return
    found = book(current_settings().questions)
    every = {**found.questions, **found.own}
    rows = [{"key": key, "title": one.title, "parameters": "、".join(one.names)} for key, one in every.items()]
    for name, wrong in found.spoiled.items():
        click.echo(f"{name}：{wrong}", err=True)
    if machine:
        click.echo(as_json(rows))
    else:
        as_table(rows, {"key": "代号", "title": "问题", "parameters": "参数"})


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="监听的地址；对外开放前请先看 docs/deployment.zh-CN.md。"
)
@click.option("--port", default=8000, show_default=True, type=PORT, help="监听的端口。")
def serve(host: str, port: int) -> None:
    """在浏览器中查看已发布的数据仓库：单位、勾稽问题、科目、比较、查询。"""
    from assets.serve import is_exposed
    from assets.serve import serve as answer

    settings = current_settings()
    if is_exposed(settings, host):
        click.echo("注意：没有设置 JUESUAN_TOKEN 或 JUESUAN_USER_HEADER，网络上的任何人都可以查看这些网页。", err=True)
    try:
        answer(settings, host, port, lambda: click.echo(f"网页在 http://{host}:{port} ，按 Ctrl-C 停止。", err=True))
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--year", type=int, help="决算年度；缺省为全部年度。")
@click.option("--department", default="", help="主管部门的全称；缺省为全部单位。")
@click.option("--wan", is_flag=True, help="金额用万元；缺省为元。")
@click.option("--format", "kind", type=click.Choice(_FORMATS[2:]), default="csv", help="写入文件夹时的格式，缺省 csv。")
def export(target: Path, *, year: int | None, department: str, wan: bool, kind: str) -> None:
    """把决算各表和各项分析写入 TARGET：以 .xlsx 结尾的，为一个工作簿，一表一页；否则为文件夹，一表一个文件。"""
    from warehouse.export.tables import Selection
    from warehouse.export.whole import write_folder, write_whole
    from warehouse.query import QueryError

    selection = Selection(year, department, wan)
    home = current_settings().warehouse
    try:
        if target.suffix.lower() == ".xlsx":
            count, rows = write_whole(home, selection, target)
        else:
            count, rows = write_folder(home, selection, target, kind)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} 张表，{rows:,} 行，写入 {target}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。")
@click.option("--port", default=9494, show_default=True, type=PORT, help="监听的端口。")
@click.option("--plain", is_flag=True, help="允许在本机以外的地址上不加密地提供服务。")
def quack(host: str, port: int, *, plain: bool) -> None:
    """让其他机器上的 DuckDB 查询已发布的数据仓库（只读）。口令在 JUESUAN_QUACK_TOKEN；见 docs/remote.zh-CN.md。"""
    from assets.quack import require_usable, supervise
    from warehouse.remote import RemoteError

    try:
        require_usable(current_settings(), host, plain=plain)
        for event in supervise(host, port):
            click.echo(event, err=True)
    except RemoteError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (sql, questions, export, quack, serve)
