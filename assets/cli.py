"""The command line `juesuan`. Every command takes its arguments, calls one function, prints what came of it.

Exit status: 0 in order; 1 error-level findings (check) or something lost (ingest, run); 2 wrong usage;
3 a file gave nothing that could be checked.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assets.cli_portals import COMMANDS

if TYPE_CHECKING:
    from assets.settings import Settings

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
JSON = click.option("--json", "machine", is_flag=True, help="输出 JSON，供程序使用。")

LETTER_FORMATS = {"docx": ("docx",), "html": ("html",), "both": ("docx", "html")}
LETTERS_OUTPUT = click.option(
    "--output",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    help="写入的文件夹，默认为数据目录下的 letters。",
)
LETTERS_FORMAT = click.option(
    "--format", "form", type=click.Choice([*LETTER_FORMATS]), default="docx", show_default=True, help="文件格式。"
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="juesuan", message="%(prog)s %(version)s")
def main() -> None:
    """决算：收集、读取、核对各预算单位公开的部门（单位）决算，并汇入数据仓库。"""


for command in COMMANDS:
    main.add_command(command)


@main.command()
@JSON
def run(*, machine: bool) -> None:
    """运行夜间任务：收集、读取、建库、核对、发布（与定时任务相同）。"""
    _night(machine=machine)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@JSON
def ingest(paths: tuple[Path, ...], *, machine: bool) -> None:
    """收入文件或文件夹，随后建库、核对、发布。"""
    _night(machine=machine, paths=paths)


@main.command()
@FILES
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "parquet"]), default="table", help="输出格式。"
)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="写入文件（parquet 必需）。")
def read(files: tuple[Path, ...], form: str, output: Path | None) -> None:
    """读出报告中九张表的每个数字：表、科目、栏目、金额（元）、原文、页码和位置。"""
    from assets import inspect
    from assets.output import write_facts

    if form == "parquet" and output is None:
        raise click.UsageError("parquet 格式须用 --output 指定文件。")
    found = list(inspect.readings(files))
    write_facts([row for reading in found for row in inspect.fact_rows(reading)], form, output)
    for issue in (row for reading in found for row in inspect.issue_rows(reading)):
        click.echo(f"{issue['file']}：{issue['title']}。{issue['text']}", err=True)
    sys.exit(0 if all(reading.facts for reading in found) else 3)


@main.command()
@FILES
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式。")
def check(files: tuple[Path, ...], form: str) -> None:
    """核对报告的勾稽关系，不需要数据仓库。发现错误时退出码为 1，有文件读不出时为 3。"""
    from assets import inspect
    from assets.output import as_json, write_check

    result = inspect.check(list(inspect.readings(files)))
    if form == "json":
        click.echo(as_json(result))
    else:
        write_check(result)
    sys.exit(_status(result))


@main.command()
@click.argument("sql")
@click.option("--limit", default=200, show_default=True, help="最多显示的行数。")
@JSON
def sql(sql: str, limit: int, *, machine: bool) -> None:
    """用 SQL 查询已发布的数据仓库（只读）。表和栏的说明见 docs/dictionary.md。"""
    from assets.output import as_json, as_table
    from warehouse.query import QueryError, query

    try:
        columns, rows = query(_settings().warehouse, sql, limit)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    answer = [dict(zip(columns, row, strict=True)) for row in rows]
    if machine:
        click.echo(as_json(answer))
    else:
        as_table(answer, dict(zip(columns, columns, strict=True)))
        click.echo(f"{len(rows)} 行" + ("（已截断，可用 --limit 放宽）" if len(rows) == limit else ""), err=True)


@main.command()
@click.option("--unit", default="", help="只看名称中含有这些字的单位。")
@click.option("--year", type=int, help="只看这一年度。")
@click.option("--severity", type=click.Choice(["E", "W", "I"]), help="只看这一级：E 错误、W 警告、I 提示。")
@click.option(
    "--status", type=click.Choice(["new", "changed", "persisting", "resolved", "unverified"]), help="只看这一状态。"
)
@JSON
def findings(unit: str, year: int | None, severity: str | None, status: str | None, *, machine: bool) -> None:
    """列出已发布数据仓库中的核对发现。"""
    from assets.life import with_acknowledgements
    from assets.output import as_json, write_findings
    from assets.published import select_findings
    from warehouse.query import QueryError

    settings = _settings()
    try:
        found = select_findings(settings.warehouse, unit=unit, year=year, severity=severity, status=status)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    found = with_acknowledgements(settings.lake, found)
    if machine:
        click.echo(as_json(found))
    else:
        write_findings(found)


@main.command()
@JSON
def digest(*, machine: bool) -> None:
    """显示现在会向各渠道发出的通知，不发送。"""
    from assets.alerts import previews
    from assets.output import as_json, write_previews
    from warehouse.query import QueryError

    try:
        found = previews(_settings())
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    if machine:
        click.echo(as_json([{"channel": name, **(asdict(text) if text else {})} for name, text in found]))
    else:
        write_previews(found)


@main.command()
@click.option("--test", "sending", is_flag=True, help="向每个渠道发送一条测试消息。")
def alert(*, sending: bool) -> None:
    """列出通知渠道；加 --test 向每个渠道发送一条测试消息。"""
    from assets import alerts
    from assets.output import write_channels, write_delivery

    if sending:
        delivery = alerts.test(_settings())
        write_delivery(delivery.sent, delivery.failed, delivery.problems)
        sys.exit(1 if delivery.failed or delivery.problems else 0)
    write_channels(*alerts.standing(_settings()))


@main.command()
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("名录.csv"),
    show_default=True,
    help="写入的文件；已有的文件不会被改写。",
)
def register(output: Path) -> None:
    """把已知应公开决算的单位写成名录（CSV），供财政部门增删，再用 JUESUAN_REGISTER 采用。"""
    from assets.published import known_register
    from expectations.register import write_register
    from warehouse.query import QueryError

    try:
        rows = known_register(_settings().warehouse)
        with output.open("xb") as file:
            file.write(write_register(rows))
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    except FileExistsError as error:
        raise click.ClickException(f"{output} 已经存在，没有改写；请用 --output 另写一个文件。") from error
    click.echo(f"{output}：{len(rows)} 行。请核对、增删后，用 JUESUAN_REGISTER 设置为这个文件。")


@main.command()
@click.argument("finding_id")
@JSON
def history(finding_id: str, *, machine: bool) -> None:
    """一个问题的经过：何时发现、变化、改正、再现，谁知悉、谁豁免。编号可只给前几位。"""
    from assets import life
    from assets.output import as_json, write_history

    try:
        events = life.history(_settings().lake, finding_id)
    except life.UnknownFindingError as error:
        raise click.ClickException(str(error)) from error
    if machine:
        click.echo(as_json(events))
    else:
        write_history(events)


@main.command()
@click.argument("finding_id")
@click.option("--note", default="", help="备注，例如已与谁联系。")
@click.option("--by", "person", default="", help="谁知悉，默认为登录的用户名。")
def ack(finding_id: str, note: str, person: str) -> None:
    """登记已知悉一个问题。问题并不因此关闭；内容变化或再次出现后须重新知悉。"""
    import os
    import pwd

    from assets import life
    from assets.clock import today

    person = person or pwd.getpwuid(os.getuid()).pw_name
    try:
        found = life.acknowledge(_settings().lake, finding_id, note, person, today())
    except life.UnknownFindingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已登记：{person} 知悉问题 {found}。")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--page", required=True, type=click.IntRange(min=1), help="页码，从 1 起。")
@click.option("--dpi", default=110, show_default=True, help="分辨率。")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="图片文件，默认在当前目录。")
def show(file: Path, page: int, dpi: int, output: Path | None) -> None:
    """把一页画成图片，标出识别到的表格和单元格。"""
    from pipeline.read.draw import draw_page

    target = output or Path(f"{file.stem}-p{page}.png")
    try:
        draw_page(file.read_bytes(), page, dpi).save(target)
    except IndexError as error:
        raise click.ClickException(f"{file.name} 没有第 {page} 页。") from error
    except RuntimeError as error:
        raise click.ClickException(f"{file.name} 不能作为 PDF 打开：{error}") from error
    click.echo(target)


@main.command()
@click.argument("unit")
@click.argument("year", type=int)
@click.option("--scope", help="只写这一范围的报告，例如 本级、部门；不给则各范围各写一份。")
@LETTERS_OUTPUT
@LETTERS_FORMAT
def letter(unit: str, year: int, scope: str | None, output: Path | None, form: str) -> None:
    """写一份致单位的核实函。UNIT 可以只是名称的一部分；有几个单位符合时列出它们，退出码为 2。"""
    from assets.letters import letters_to
    from assets.output import write_letters
    from warehouse.letters.select import AmbiguousUnitError, UnknownReportError
    from warehouse.query import QueryError

    settings = _settings()
    target = output or settings.letters
    try:
        reports, written = letters_to(settings, unit, year, scope, (target, LETTER_FORMATS[form]))
    except AmbiguousUnitError as error:
        click.echo(f"“{unit}”可能指以下单位，请写明全称：", err=True)
        for candidate in error.candidates:
            click.echo(f"  {candidate}", err=True)
        sys.exit(2)
    except (UnknownReportError, QueryError) as error:
        raise click.ClickException(str(error)) from error
    write_letters(
        written, settings, nothing=[report for report in reports if report not in {w.report for w in written}]
    )


@main.command()
@click.option("--year", type=int, help="只写这一年度。")
@click.option("--min-severity", type=click.Choice(["E", "W"]), default="W", help="所写问题的最低级别：E 错误、W 警告。")
@LETTERS_OUTPUT
@LETTERS_FORMAT
def letters(year: int | None, min_severity: str, output: Path | None, form: str) -> None:
    """给所有尚有问题的单位各写一份核实函，并列清单（CSV）。"""
    from assets.letters import all_letters
    from assets.output import write_letters
    from warehouse.letters.folder import left_over
    from warehouse.query import QueryError

    settings = _settings()
    target = output or settings.letters
    try:
        written = all_letters(settings, year, (target, LETTER_FORMATS[form]), min_severity)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    write_letters(written, settings)
    if others := left_over(target, written):
        click.echo(f"{target} 中另有 {len(others)} 份函件不在此次清单中（可能是以前的，未作改动）。", err=True)


@main.command()
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="写入的文件夹，默认为数据目录下的 docs。"
)
def docs(output: Path | None) -> None:
    """生成数据质量文档（Great Expectations Data Docs）：网页自成一体，不访问外部网站。"""
    from expectations.docs import write_docs
    from warehouse.publish import published
    from warehouse.query import QueryError, opened

    settings = _settings()
    try:
        opened(settings.warehouse).close()
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    pages = write_docs(published(settings.warehouse), output or settings.home / "docs")
    click.echo(pages[0])


@main.command()
@click.option("--port", default=3000, show_default=True)
def dev(port: int) -> None:
    """打开 Dagster 界面：查看每夜的运行、检查结果，或手工运行。"""
    import subprocess

    from assets.infrastructure import prepare_home
    from assets.settings import environment_with

    command = ["-m", "dagster", "dev", "-m", "assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    home = prepare_home(_settings())
    subprocess.run([sys.executable, *command], env=environment_with(DAGSTER_HOME=str(home)), check=False)  # noqa: S603 - our own interpreter


def _night(*, machine: bool, paths: tuple[Path, ...] = ()) -> None:
    from assets.headless import night
    from assets.output import as_json, write_night

    result = night(_settings(), paths, quiet=machine)
    click.echo(as_json(result)) if machine else write_night(result)
    sys.exit(0 if result["ok"] else 1)


def _settings() -> Settings:
    from assets.settings import Settings

    try:
        return Settings.from_environment()
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _status(result: dict[str, Any]) -> int:
    if any(finding["severity"] == "E" for finding in result["findings"]):
        return 1
    return 0 if all(report["checked"] for report in result["reports"]) else 3
