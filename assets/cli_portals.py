"""The commands about portals: their state, collecting one now, trying one out, declaring a new one."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from assets.cli_common import JSON, current_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assets.portals import Plan
    from assets.settings import Settings
    from pipeline.portals.base import Site

SINCE = click.option("--since", type=click.IntRange(2000, 2100), help="自哪一年度的决算起，默认按站点登记。")
SITE = click.argument("site_id", metavar="SITE")
_SHOWN = 20
"""Links of one kind that a person is shown; JSON has all."""


@click.command()
@JSON
def portals(*, machine: bool) -> None:
    """各网站的状况：上次何时收集、收到多少、有何问题、何时起没有回音。"""
    from assets.output import as_json
    from assets.portals import states

    rows = states(current_settings())
    if machine:
        click.echo(as_json(rows))
    else:
        _write_states(rows)


@click.command()
@SITE
@SINCE
@JSON
def collect(site_id: str, since: int | None, *, machine: bool) -> None:
    """立即收集一个网站的新文件，只存入数据湖，不建库。收集中断或时间不够时退出码为 1。"""
    from assets.crawls import from_sites
    from assets.output import as_json
    from pipeline.lake import Lake

    settings = current_settings()
    site = _site(settings, site_id, since)
    summary = from_sites(Lake(settings.lake), [site], settings, progress=lambda text: click.echo(f"  {text}", err=True))
    if machine:
        click.echo(as_json({"counts": summary.counts, "issues": summary.issues, "broken": summary.broken}))
    else:
        pages, files, unchanged = (summary.counts[name] for name in ("pages", "files", "unchanged"))
        click.echo(f"{site.name}：看过 {pages} 个网页，新收文件 {files} 个，未变 {unchanged} 个。")
        _write_issues(summary.issues)
        click.echo("".join(summary.broken.values()), err=True, nl=False)
    sys.exit(1 if summary.broken or _in_vain(summary.counts) else 0)


def _in_vain(counts: Mapping[str, int]) -> bool:
    """Whether a crawl gave no page at all, or was cut off."""
    return not counts.get("pages") or bool(counts.get("left"))


@click.group()
def portal() -> None:
    """试访问一个网站，或登记一个新网站。"""


@portal.command("try")
@SITE
@SINCE
@JSON
def try_out(site_id: str, since: int | None, *, machine: bool) -> None:
    """试访问一个网站：走一遍列表和网页，列出会收集什么、不收集什么及原因；不下载文件，不存入数据湖。"""
    from assets.output import as_json
    from assets.portals import plan

    settings = current_settings()
    site = _site(settings, site_id, since)
    found = plan(settings, site, progress=lambda text: click.echo(f"  {text}", err=True))
    if machine:
        click.echo(as_json(_plan_row(found)))
    else:
        _write_plan(site, found)
    sys.exit(1 if _in_vain(found.counts) else 0)


@portal.command()
@click.option("--id", "key", prompt="编号（小写字母、数字、下划线，例如 liuzhou）", help="站点编号，也是文件名。")
@click.option("--name", prompt="名称（例如 柳州市部门决算公开）", help="站点名称。")
@click.option("--region", prompt="地区（例如 广西壮族自治区柳州市）", help="所属地区的全称。")
@click.option("--family", help="网站类型，即网页由哪种软件制作。")
@click.option("--base-url", prompt="网址（以 / 结尾）", help="网站的网址，以 / 结尾。")
@click.option("--start", "starts", multiple=True, help="列表页，相对于网址；可给多次，可含 {year}。")
@click.option("--host", "hosts", multiple=True, help="附件所在的其他主机；可给多次。")
@click.option("--since", type=click.IntRange(2000, 2100), prompt="自哪一年度的决算起", help="起始年度。")
@click.option("--source", prompt="这些网址从何得知（由谁、从哪里）", help="网址的来源，写入文件。")
def new(**given: Any) -> None:
    """登记一个新网站：写出站点文件和它的测试。未给的选项会逐项询问；已有的文件不会改动。"""
    from assets.scaffold import ROOT, scaffold
    from pipeline.portals.base import Site
    from pipeline.portals.families import families

    kinds = families()
    family = given["family"] or click.prompt("网站类型", type=click.Choice([*kinds]))
    starts = given["starts"] or (click.prompt("列表页（相对于网址）", default="", show_default=False),)
    site = Site(
        given["key"], given["name"], given["region"], family, given["base_url"], starts, given["since"], given["hosts"]
    )
    try:
        found = scaffold(site, given["source"])
        found.write()
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    declaration, test = (path.relative_to(ROOT) for path in found.texts)
    click.echo(f"已写出：\n  {declaration}\n  {test}\n\n接下来：")
    click.echo(f"  1. 运行测试：python -m pytest {test}")
    click.echo(f"  2. 设置 JUESUAN_CONTACT（写入 User-Agent 的邮箱或网址），试访问：juesuan portal try {site.id}")
    click.echo("  3. 核对所列文件无误后，在站点文件中写明由谁、何时核实，并加上 verified=True")
    click.echo(f"  4. 在 JUESUAN_SITES 中加上 {site.id}，今后每夜收集")


COMMANDS = (portals, collect, portal)


def _site(settings: Settings, key: str, since: int | None) -> Site:
    from assets.portals import site_of

    try:
        return site_of(settings, key, since)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _write_states(rows: Sequence[Mapping[str, Any]]) -> None:
    from assets.clock import BUREAU_TIME
    from assets.output import as_table

    def moment(value: Any) -> str:
        return f"{value.astimezone(BUREAU_TIME):%Y-%m-%d %H:%M}" if value else ""

    titles = {
        "site": "编号", "name": "名称", "nightly": "每夜", "verified": "核实", "started_at": "上次收集",
        "end_label": "结果", "pages": "网页", "files": "新文件", "unchanged": "未变", "faults": "问题",
        "left": "未及", "documents": "共有文件", "amiss": "异常", "next_recheck": "下次复查",
    }  # fmt: skip
    shown = [
        dict(row)
        | {"nightly": "是" if row["nightly"] else "", "verified": "是" if row["verified"] else "未核实"}
        | {"started_at": moment(row["started_at"]), "end_label": row["end_label"] or "从未收集"}
        | {
            "amiss": "、".join(text.partition("：")[0] for text in row["amiss"]),
            "next_recheck": moment(row["next_recheck"]),
        }
        for row in rows
    ]
    as_table(shown, titles)


def _write_plan(site: Site, found: Plan) -> None:
    fresh = sum(not seen for _, seen in found.files)
    click.echo(f"{site.name}：看了 {found.counts.get('pages', 0)} 个网页。")
    click.echo(f"会收集 {len(found.files)} 个文件，其中 {fresh} 个的网址未收集过：")
    for link, seen in found.files[:_SHOWN]:
        click.echo(f"  {'已有' if seen else '新'}  {link.published_on or '日期不明'}  {link.title}  {link.url}")
    _and_more(len(found.files))
    reasons = Counter(verdict for _, verdict in found.left)
    click.echo(f"不收集 {len(found.left)} 个链接：" if found.left else "没有不收集的链接。")
    for verdict, count in reasons.most_common():
        click.echo(f"  {verdict.label}（{count} 个）：")
        for link in [link for link, own in found.left if own is verdict][:_SHOWN]:
            click.echo(f"    {link.title}  {link.url}")
        _and_more(count)
    _write_issues(found.issues)


def _plan_row(found: Plan) -> dict[str, Any]:
    def row(link: Any) -> dict[str, Any]:
        return {"title": link.title, "url": link.url, "published_on": link.published_on}

    return {
        "files": [row(link) | {"known": seen} for link, seen in found.files],
        "left": [row(link) | {"verdict": verdict.value, "reason": verdict.label} for link, verdict in found.left],
        "counts": found.counts,
        "issues": list(found.issues),
    }


def _and_more(count: int) -> None:
    if count > _SHOWN:
        click.echo(f"    …… 其余 {count - _SHOWN} 个从略（--json 列出全部）")


def _write_issues(issues: Sequence[str]) -> None:
    for text in issues:
        click.echo(f"  问题：{text}")
