"""The commands that write to units and about data quality: letters, Data Docs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from assets.cli_common import current_settings

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


@click.command()
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

    settings = current_settings()
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


@click.command()
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

    settings = current_settings()
    target = output or settings.letters
    try:
        written = all_letters(settings, year, (target, LETTER_FORMATS[form]), min_severity)
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    write_letters(written, settings)
    if others := left_over(target, written):
        click.echo(f"{target} 中另有 {len(others)} 份函件不在此次清单中（可能是以前的，未作改动）。", err=True)


@click.command()
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="写入的文件夹，默认为数据目录下的 docs。"
)
def docs(output: Path | None) -> None:
    """生成数据质量文档（Great Expectations Data Docs）：网页自成一体，不访问外部网站。"""
    from expectations.docs import write_docs
    from warehouse.publish import published
    from warehouse.query import QueryError, opened

    settings = current_settings()
    try:
        opened(settings.warehouse).close()
    except QueryError as error:
        raise click.ClickException(str(error)) from error
    pages = write_docs(published(settings.warehouse), output or settings.home / "docs")
    click.echo(pages[0])


COMMANDS = (letter, letters, docs)
