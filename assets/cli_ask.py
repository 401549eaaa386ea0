"""The commands of those who ask the published warehouse: SQL, pages."""

from __future__ import annotations

import click

from assets.cli_common import JSON, current_settings


@click.command()
@click.argument("sql")
@click.option("--limit", default=200, show_default=True, help="最多显示的行数。")
@JSON
def sql(sql: str, limit: int, *, machine: bool) -> None:
    """用 SQL 查询已发布的数据仓库（只读）。表和栏的说明见 docs/dictionary.md。"""
    from assets.output import as_json, as_table
    from warehouse.query import QueryError, query

    try:
        columns, rows = query(current_settings().warehouse, sql, limit)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    answer = [dict(zip(columns, row, strict=True)) for row in rows]
    if machine:
        click.echo(as_json(answer))
    else:
        as_table(answer, dict(zip(columns, columns, strict=True)))
        click.echo(f"{len(rows)} 行" + ("（已截断，可用 --limit 放宽）" if len(rows) == limit else ""), err=True)


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="监听的地址；对外开放前请先看 docs/deployment.zh-CN.md。"
)
@click.option("--port", default=8000, show_default=True, help="监听的端口。")
def serve(host: str, port: int) -> None:
    """在浏览器中查看已发布的数据仓库：单位、勾稽问题、科目、比较、查询。"""
    from assets.serve import is_exposed
    from assets.serve import serve as answer

    settings = current_settings()
    if is_exposed(settings, host):
        click.echo("注意：没有设置 JUESUAN_TOKEN 或 JUESUAN_USER_HEADER，网络上的任何人都可以查看这些网页。", err=True)
    click.echo(f"网页在 http://{host}:{port} ，按 Ctrl-C 停止。", err=True)
    try:
        answer(settings, host, port)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


COMMANDS = (sql, serve)
