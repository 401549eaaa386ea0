"""How the command line puts rows before people and machines."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from expectations.model import Severity
from warehouse.titles import word_of

if TYPE_CHECKING:
    from pathlib import Path

    from assets.settings import Settings
    from assets.told import Told
    from expectations.digest.wording import Message
    from warehouse.letters.folder import Written
    from warehouse.letters.select import ReportKey

Row = Mapping[str, Any]
_NUMBER = re.compile(r"-?[\d,]+\.\d+")

STATUSES = {
    "new": "新发现",
    "changed": "有变化",
    "persisting": "仍存在",
    "resolved": "已消除",
    "unverified": "未能核实",
}
EVENTS = {
    "new": "首次发现",
    "changed": "内容变化",
    "resolved": "不再出现",
    "returned": "再次出现",
    "merged": "并入另一问题",
    "waived": "豁免",
    "waiver_expired": "豁免终止",
    "acknowledged": "知悉",
}
NEXT_COMMANDS = (
    ("findings", "查看核对发现"),
    ('sql "SELECT * FROM 决算.报告"', "查看报告目录"),
    ("check 报告.pdf", "核对一份报告"),
    ("serve", "在浏览器中查看单位、问题、科目"),
    ("dev", "打开运行界面"),
)


def plain(value: object) -> object:
    """A value as JSON takes it: amounts as decimal strings without loss, dates in ISO form."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def as_json(value: object) -> str:
    """Indented JSON, Chinese readable."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)


def as_csv(rows: Iterable[Row], columns: Sequence[str]) -> str:
    """RFC 4180 text with a header line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_flat(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def as_table(rows: Sequence[Row], titles: Mapping[str, str]) -> None:
    """Print a table with Chinese headings; where the terminal is too narrow for it, one record after another."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    texts = [[_shown(row[column]) for column in titles] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(titles.values(), *texts, strict=True)]
    needed = sum(widths) + 2 * len(widths)
    console = Console(highlight=False, markup=False)
    if console.is_terminal and needed > console.width:
        for text in texts:
            for title, value in zip(titles.values(), text, strict=True):
                console.print(f"{title}：{value}")
            console.print()
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column, title in titles.items():
        number = any(_is_number(row[column]) for row in rows)
        table.add_column(title, justify="right" if number else "left", no_wrap=True)
    for text in texts:
        table.add_row(*text)
    Console(highlight=False, markup=False, width=max(needed, console.width)).print(table)


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and (
        isinstance(value, int | float | Decimal) or bool(_NUMBER.fullmatch(_flat(value)))
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return _flat(value)


def _flat(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(plain(value), ensure_ascii=False) if isinstance(value, list | tuple | dict) else str(value)


def write_facts(rows: Sequence[Row], form: str, target: Path | None) -> None:
    """Write facts as `table`, `json`, `csv` or `parquet`, to a file or to the terminal."""
    if form == "parquet" and target:
        import polars as pl

        with target.open("wb") as file:  # whose errors have the path, those of polars have not
            pl.DataFrame(rows, infer_schema_length=None).write_parquet(file)
        return
    if form == "table":
        for (file, title), facts in groupby(rows, key=lambda row: (row["file"], row["form"])):
            _as_printed(file, title, list(facts))
        return
    text = as_json(rows) if form == "json" else as_csv(rows, list(rows[0]) if rows else [])
    if target:
        target.write_text(text, encoding="utf-8-sig" if form == "csv" else "utf-8")
    else:
        click.echo(text.rstrip("\n"))


def _as_printed(file: str, title: str, facts: list[Row]) -> None:
    """Print one statutory table much as it stands in the report: a row a line, a column a measure."""
    measures = {fact["measure"]: fact["column"] for fact in facts}
    lines: dict[object, dict[str, object]] = {}
    for fact in facts:
        line = lines.setdefault((fact["row_no"], fact["code"]), dict.fromkeys(measures, ""))
        code = fact["code"] if fact["code"].isdigit() else ""
        line |= {"code": code, "label": fact["label"], "page": fact["page"], fact["measure"]: fact["printed"]}
    unit = "元" if facts[0]["money_unit"] == 1 else "万元"
    click.secho(f"{file}《{title}》（{unit}）", bold=True)
    as_table(list(lines.values()), {"page": "页", "code": "科目编码", "label": "项目", **measures})


def write_check(result: Row) -> None:
    """Print findings, what was not checked and what was not read, report by report."""
    for report in result["reports"]:
        name = report["file"]
        click.secho(f"{name}  {report['unit']}  {report['fiscal_year'] or '年度不明'}", bold=True)
        if not report["checked"]:
            click.echo("  没有核对：没有读出决算表。")
        elif report["is_narrative"]:
            click.echo("  文字说明：与报表分为两个文件，已一并核对。")
        else:
            click.echo(
                f"  {report['forms']} 张表，印有 {report['numbers']} 个数字，读出 {report['lifted']} 个；"
                f"勾稽关系成立 {report['passed']} 项，不成立 {report['failed']} 项，"
                f"未核对 {report['not_evaluated']} 项。"
            )
        for finding in _of(result["findings"], name):
            click.echo(f"  [{Severity(finding['severity']).label}] {finding['identity']} {finding['sentence']}")
        for issue in _of(result["issues"], name):
            click.echo(f"  （未读懂）{issue['title']}：{issue['text']}")
        reasons: Counter[str] = Counter()
        for skipped in _of(result["not_evaluated"], name):
            reasons[skipped["reason_title"]] += skipped["instances"]
        if reasons:
            click.echo(
                "  未核对的原因：" + "；".join(f"{reason} {count} 项" for reason, count in reasons.most_common())
            )


def write_findings(rows: Sequence[Row]) -> None:
    """Print findings of the warehouse, one a paragraph, and their number."""
    for row in rows:
        where = f"{row['unit']} {row['fiscal_year']}{row['scope'] and '（' + row['scope'] + '）'}"
        mark = f"[{Severity(row['severity']).label}·{STATUSES[row['status']]}]"
        click.echo(f"{mark} {where}  {row['identity']}  首见 {row['first_seen']}  {row['file'] or ''}")
        click.echo(f"    {row['sentence']}")
        click.echo("    " + "；".join(_circumstances(row)))
    click.echo(f"共 {len(rows)} 条。", err=True)


def write_letters(written: Sequence[Written], settings: Settings, nothing: Sequence[ReportKey] = ()) -> None:
    """Print which letters were written, and for which reports there was `nothing` to write."""
    for one in written:
        letter = one.letter
        counts = f"需更正 {len(letter.wrong)} 处，需说明 {len(letter.doubtful)} 处，提示 {len(letter.hints)} 条"
        click.echo(f"{one.report}：{counts}")
        for file in one.files:
            click.echo(f"  {file}" + ("" if file in one.changed else "（内容未变）"))
        for note, count in Counter(item.note for item in letter.items if item.note).items():
            click.echo(f"  {note}（{count} 处）")
    for report in nothing:
        click.echo(f"{report}：没有尚未解决的错误或警告，不必发函。")
    click.echo(f"共 {len(written)} 份函。", err=True)
    if written and not settings.office:
        click.echo("尚未设置发文机关（JUESUAN_OFFICE），函中未署名。", err=True)


def write_previews(found: Iterable[tuple[str, Message | None]]) -> None:
    """Print what each channel would be told now."""
    for channel, text in found:
        click.secho(channel or "没有设置通知渠道（JUESUAN_ALERTS）；新设的渠道首先会收到：", bold=True)
        click.echo(f"{text.title}\n{text.body}" if text else "没有新情况，不发送。")


def write_channels(standing: Mapping[str, Told], problems: Iterable[str]) -> None:
    """Print how each channel stands."""
    for channel, told in standing.items():
        sent = f"上次送达 {told.sent_at}" if told.sent_at else "还没有发送过"
        failed = f"；自 {told.failed_since} 未送达：{told.failed}" if told.failed else ""
        click.echo(f"{channel}  {sent}{failed}")
    _problems(problems, nothing="" if standing else "没有设置通知渠道（JUESUAN_ALERTS）。")


def write_delivery(sent: Iterable[str], failed: Mapping[str, str], problems: Iterable[str]) -> None:
    """Print one line a channel: whether the message was accepted."""
    for channel in sent:
        click.echo(f"{channel}  已送达")
    for channel, reason in failed.items():
        click.secho(f"{channel}  未送达：{reason}", fg="red")
    _problems(problems, nothing="" if sent or failed else "没有设置通知渠道（JUESUAN_ALERTS）。")


def _problems(problems: Iterable[str], nothing: str) -> None:
    for text in problems or filter(None, [nothing]):
        click.secho(text, fg="red", err=True)


def _circumstances(row: Row) -> Iterable[str]:
    """What else there is to know of a finding: its number first."""
    yield f"编号 {row['finding_id']}"
    if row["changed_on"]:
        yield f"{row['changed_on']} 有变化"
    if row["acknowledged_on"]:
        yield f"{row['acknowledged_on']} {row['acknowledged_by']}已知悉"
    if row["waived_until"]:
        yield f"{row['waived_by']}批准豁免至 {row['waived_until']}：{row['waived_for']}"


def write_history(rows: Sequence[Row]) -> None:
    """Print the life of one finding, an event a line; `rows` as `assets.life.history` gives them."""
    first = rows[0]
    where = f"{first['unit']} {first['fiscal_year']}{first['scope'] and '（' + first['scope'] + '）'}"
    click.secho(f"问题 {first['finding_id']}  {where}  {first['identity']}", bold=True)
    click.echo(f"  {first['sentence']}")
    for row in rows:
        parts = [row["person"], row["note"], _figures(row), row["file"]]
        click.echo(f"  {row['on_date']}  {EVENTS[row['event']]}  " + "；".join(part for part in parts if part))


def _figures(row: Row) -> str:
    if row["event"] not in {"new", "changed", "returned"} or row["stated"] is None or row["expected"] is None:
        return ""
    word = word_of(row["form"], row["measure"])
    return f"所列 {row['stated']:,.2f}{word}，应为 {row['expected']:,.2f}{word}"


def write_night(result: Row) -> None:
    """Print what the night did and what to type next."""
    for title, text in _night_lines(result):
        click.echo(f"{title}  {text}")
    for text in result.get("collect_issues", []):
        click.echo(f"  未能收集：{text}")
    for text in (*result.get("alert_failures", []), *result.get("alert_problems", [])):
        click.echo(f"  未能通知：{text}")
    for text in result.get("idle_waivers", []):
        click.echo(f"  豁免清单：{text}")
    for text in result.get("idle_entries", []):
        click.echo(f"  名录：{text}")
    for text in result.get("lost", []):
        click.echo(f"  未能读取：{text}")
    if result["failed_step"]:
        click.secho(f"任务没有完成，已发布的数据仓库保持不变。{result['failed_step']}", fg="red")
        return
    click.echo(f"完成，用时 {result['seconds']} 秒。已发布 {result['published']}")
    click.echo("接着可以：")
    for command, meaning in NEXT_COMMANDS:
        click.echo(f"  {_program()} {command}    {meaning}")


def _program() -> str:
    """How to call this program from here: by its name, or by its path where that is not on the PATH."""
    return "juesuan" if shutil.which("juesuan") else os.path.relpath(sys.argv[0])


def _night_lines(result: Row) -> list[tuple[str, str]]:
    def get(key: str) -> int:
        return int(result.get(key, 0))  # counts of steps that were not reached

    return [
        ("收集", f"新文件 {get('collected_files')} 份，未变 {get('collected_unchanged')} 份"),
        (
            "读取",
            (
                f"{get('read_documents')} 份 {get('read_pages')} 页，印有 {get('printed_numbers')} 个数字，"
                f"读出 {get('lifted_numbers')} 个，未读懂 {get('read_issues')} 处"
            ),
        ),
        ("建库", f"{get('units')} 个单位，{get('reports')} 份报告，{get('facts')} 个事实"),
        (
            "核对",
            (
                f"{get('exact') + get('rounding') + get('fail')} 项关系：相等 {get('exact')}，"
                f"四舍五入之内 {get('rounding')}，不成立 {get('fail')}；未核对 {get('not_evaluated')}"
            ),
        ),
        (
            "发现",
            (
                f"新 {get('findings_new')}，有变化 {get('findings_changed')}，仍存在 {get('findings_persisting')}，"
                f"已消除 {get('findings_resolved')}，这次未能核实 {get('findings_unverified')}，"
                f"已豁免 {get('findings_waived')}"
            ),
        ),
        (
            "通知",
            f"已送达 {get('alerts_sent')} 个渠道，没有新情况 {get('alerts_quiet')}，未送达 {get('alerts_failed')}",
        ),
    ]


def _of(rows: Iterable[Row], file: str) -> list[Row]:
    return [row for row in rows if row["file"] == file]
