"""The commands of those who keep the installation going: backup, restore, tidying, sharing."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assets.cli_common import JSON, PORT, current_settings

if TYPE_CHECKING:
    from assets.tidy import Tidied

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.command()
@_FOLDER
@click.option("--keep", type=click.IntRange(1), default=14, show_default=True, help="保留最近几份备份。")
@click.option("--verify", "proving", is_flag=True, help="不备份，只逐字节核对已有的备份。")
@JSON
def backup(folder: Path, keep: int, *, proving: bool, machine: bool) -> None:
    """把数据目录备份到文件夹，只复制新内容；夜间任务运行时也可以备份。"""
    from assets.backup import back_up
    from assets.backup_folder import BackupError, backups, verify
    from assets.output import as_json

    try:
        if proving:
            problems, names = verify(folder), backups(folder)
            click.echo(
                as_json({"backups": names, "problems": problems}) if machine else "\n".join(problems) or _sound(names)
            )
            sys.exit(1 if problems else 0)
        copied = back_up(current_settings(), folder, keep)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    if machine:
        click.echo(as_json(asdict(copied)))
    else:
        new = f"其中新复制 {copied.new_files} 个，{_size(copied.new_bytes)}"
        click.echo(f"备份 {copied.name}：{copied.files} 个文件，{_size(copied.bytes)}；{new}。")
    for path in copied.damaged:
        click.echo(f"数据湖中的文件已损坏（内容与名称不符），请从较早的备份取回：{path}", err=True)
    sys.exit(1 if copied.damaged else 0)


@click.command()
@_FOLDER
@click.option("--from", "name", default="", help="备份的名称，如 20260105-053000-000000；不给则取最近一份。")
@JSON
def restore(folder: Path, name: str, *, machine: bool) -> None:
    """把备份恢复到空的数据目录（JUESUAN_HOME）；逐个核对内容，已有数据时拒绝执行。"""
    from assets.backup_folder import BackupError
    from assets.output import as_json
    from assets.restore import restore as lay_out

    settings = current_settings()
    try:
        name, manifest = lay_out(folder, settings.home, name)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    if machine:
        click.echo(as_json({"backup": name, **asdict(manifest), "files": len(manifest.files)}))
        return
    file = manifest.published or "尚未发布"
    click.echo(f"已把备份 {name} 恢复到 {settings.home}：{len(manifest.files)} 个文件，数据仓库 {file}。")
    if manifest.secrets:
        click.echo(f"密码等不在备份中，请重新设置：{'、'.join(f'JUESUAN_{one.upper()}' for one in manifest.secrets)}。")


@click.command()
@click.option("--dry-run", "dry", is_flag=True, help="只列出会删除什么，不删除。")
@JSON
def tidy(*, dry: bool, machine: bool) -> None:
    """清理超过 JUESUAN_KEEP_DAYS 天而不再需要的内容；夜间任务每晚自动清理。公开文件的任何版本都不会删除。"""
    import dagster as dg

    from assets.infrastructure import prepare_home
    from assets.output import as_json
    from assets.tidy import tidy as clean

    settings = current_settings()
    with dg.DagsterInstance.from_config(str(prepare_home(settings))) as instance:
        found = clean(settings, instance, dry=dry)
    if machine:
        click.echo(as_json([asdict(one) for one in found]))
    else:
        click.echo("\n".join(_told(one, dry=dry) for one in found))


@click.command()
@click.argument("name", default="")
@JSON
def switch(name: str, *, machine: bool) -> None:
    """换回前几夜的数据仓库文件；不给名称则列出现有的文件。下一夜照常发布新的。"""
    from assets.output import as_json
    from warehouse.publish import NotPublishedError, published
    from warehouse.publish import switch as make_current

    home = current_settings().warehouse
    names = sorted(path.name for path in home.glob("warehouse-*.duckdb"))
    if name and name not in names:
        raise click.ClickException(f"{home} 中没有 {name}；现有：{'、'.join(names) or '无'}。")
    if name:
        make_current(home / name, home)
    try:
        current = published(home).name
    except NotPublishedError:
        current = ""
    if machine:
        click.echo(as_json({"current": current, "files": names}))
    else:
        click.echo(
            "\n".join(f"{one}{'  ← 现行' if one == current else ''}" for one in names) or "还没有发布过数据仓库。"
        )


@click.command()
@JSON
def share(*, machine: bool) -> None:
    """把本机读出的结果加入各机共享的 DuckLake（JUESUAN_DUCKLAKE）；夜间任务每晚自动进行。"""
    from assets.ducklake import share as add
    from assets.output import as_json
    from warehouse.ducklake import DuckLakeError

    try:
        done = add(current_settings(), lambda text: click.echo(text, err=True))
    except DuckLakeError as error:
        raise click.ClickException(str(error)) from error
    new = f"新增 {done.documents} 份（其中重读 {done.replaced} 份），公开记录 {done.publications} 条"
    click.echo(as_json(asdict(done)) if machine else f"{new}；快照 {done.snapshot}。")


@click.command()
def daemon() -> None:
    """每天 02:00 启动夜间任务的后台进程；一直运行，由 systemd 或容器看管。"""
    from assets.infrastructure import become

    become(current_settings(), "dagster._daemon", "run", "-m", "assets.definitions", "--log-format", "json")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址；此界面没有登录，不要对外开放。")
@click.option("--port", default=3000, show_default=True, type=PORT, help="监听的端口。")
def console(host: str, port: int) -> None:
    """Dagster 界面：查看每夜的运行和检查结果，手工运行；一直运行，由 systemd 或容器看管。"""
    from assets.infrastructure import become

    where = ("-m", "assets.definitions", "-h", host, "-p", str(port))
    become(current_settings(), "dagster_webserver", *where, "--log-format", "json")


def _told(one: Tidied, *, dry: bool) -> str:
    did = "可清理" if dry or one.left else "已清理"
    examples = f"（如 {'、'.join(one.examples)}）" if one.examples and dry else ""
    return f"{one.sort}：{did} {one.count} 项，{_size(one.bytes)}{examples}{'；' if one.left else ''}{one.left}"


def _sound(names: list[str]) -> str:
    return f"{len(names)} 份备份完好，最近一份是 {names[-1]}。"


def _size(number: float) -> str:
    for unit in ("字节", "KB", "MB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} GB"


COMMANDS = (backup, restore, tidy, switch, share, daemon, console)
