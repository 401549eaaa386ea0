"""The command line `juesuan`. Every command takes its arguments, calls one function, prints what came of it.

Exit status: 0 in order; 1 error-level findings (check) or something lost (ingest, run); 2 wrong usage;
3 a file gave nothing that could be checked.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from assets import cli_ask, cli_letters, cli_operate, cli_portals
from assets.cli_common import JSON, PORT, Commands, current_settings

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="juesuan", message="%(prog)s %(version)s")
def main() -> None:
    """决算：收集、读取、核对各预算单位公开的部门（单位）决算，并汇入数据仓库。"""


for command in (*cli_ask.COMMANDS, *cli_letters.COMMANDS, *cli_operate.COMMANDS, *cli_portals.COMMANDS):
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

    settings = current_settings()
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
        found = previews(current_settings())
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
        delivery = alerts.test(current_settings())
        write_delivery(delivery.sent, delivery.failed, delivery.problems)
        sys.exit(1 if delivery.failed or delivery.problems else 0)
    write_channels(*alerts.standing(current_settings()))


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
        rows = known_register(current_settings().warehouse)
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
        events = life.history(current_settings().lake, finding_id)
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
        found = life.acknowledge(current_settings().lake, finding_id, note, person, today())
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
@click.option("--port", default=3000, show_default=True, type=PORT)
def dev(port: int) -> None:
    """打开 Dagster 界面：查看每夜的运行、检查结果，或手工运行。"""
    import subprocess

    from assets.infrastructure import prepare_home
    from assets.settings import environment_with

    command = ["-m", "dagster", "dev", "-m", "assets.definitions", "-h", "127.0.0.1", "-p", str(port)]
    home = prepare_home(current_settings())
    subprocess.run([sys.executable, *command], env=environment_with(DAGSTER_HOME=str(home)), check=False)  # noqa: S603 - our own interpreter


def _night(*, machine: bool, paths: tuple[Path, ...] = ()) -> None:
    from assets.headless import night
    from assets.output import as_json, write_night

    result = night(current_settings(), paths, quiet=machine)
    click.echo(as_json(result)) if machine else write_night(result)
    sys.exit(0 if result["ok"] else 1)


def _status(result: dict[str, Any]) -> int:
    if any(finding["severity"] == "E" for finding in result["findings"]):
        return 1
    return 0 if all(report["checked"] for report in result["reports"]) else 3
