"""Retention: what grows night by night and is of no use any more goes, every night by itself, or by `juesuan tidy`.

Never a version of a published file, a reading by this version of the program, the evidence of a request, an event of a
finding or a letter. What the lake can do without is told by `pipeline.retention`; here are also Dagster's runs and the
log of what was sent.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from assets.clock import now
from assets.told import exclusive
from pipeline.lake import Lake
from pipeline.retention import merge_batches, superseded_pages, superseded_readings
from pipeline.staging import commit, staged
from pipeline.version import READER_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import dagster as dg

    from assets.settings import Settings
    from pipeline.retention import Superseded

RUNS_KEPT = 30
"""The last runs stay, however old they are."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What of one sort can go, or went: how many, bytes, and examples; `left` says why it stays for now."""

    sort: str
    count: int
    bytes: int
    examples: tuple[str, ...] = ()
    left: str = ""


def tidy(settings: Settings, instance: dg.DagsterInstance, *, dry: bool) -> list[Tidied]:
    """Remove what is older than the settings keep and not needed; if `dry`, only tell. Raises OSError."""
    before = now() - timedelta(days=settings.keep_days)
    lake = Lake(settings.lake)
    found = [
        _lake(
            "由旧版程序读出、已由现行版本重读的结果", lake, superseded_readings(lake, READER_VERSION, before), dry=dry
        ),
        _lake("网站上已被新内容替换的列表页和说明页", lake, superseded_pages(lake, before), dry=dry),
        _runs(settings, instance, before, dry=dry),
        _sent(settings, before, dry=dry),
    ]
    if not dry and (merged := merge_batches(lake, READER_VERSION)):
        found.append(Tidied("合并的小批次", merged, 0))
    return found


def _lake(sort: str, lake: Lake, found: Superseded, *, dry: bool) -> Tidied:
    size, names = found.bytes, tuple(path.relative_to(lake.root).as_posix() for path in found.paths)
    stays = bool(names) and not dry and not found.remove(lake)
    return Tidied(sort, len(names), size, names[:5], "数据湖正在使用（备份或建库），下次再整理" if stays else "")


def _runs(settings: Settings, instance: dg.DagsterInstance, before: datetime, *, dry: bool) -> Tidied:
    """Runs that have ended long ago: their record, events and logs."""
    ended = [record for record in instance.get_run_records()[RUNS_KEPT:] if record.dagster_run.is_finished]
    old = [record.dagster_run.run_id for record in ended if record.create_timestamp.astimezone(UTC) < before]
    home = settings.home / "dagster"
    size = sum(file.stat().st_size for run in old for path in _of_run(home, run) for file in (path, *path.rglob("*")))
    for run in () if dry else old:
        instance.delete_run(run)
        for path in _of_run(home, run):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if old and not dry:
        _forget_checks(home / "history" / "runs" / "index.db", old)
    return Tidied("运行记录", len(old), size, tuple(old[:5]))


def _of_run(home: Path, run: str) -> list[Path]:
    """Files and folders of one run, which Dagster leaves behind when the run is deleted."""
    return [*(home / "history" / "runs").glob(f"{run}.db*"), *(home / "storage").glob(run)]


def _forget_checks(index: Path, runs: Sequence[str]) -> None:
    """Remove the results of checks of deleted runs, which Dagster leaves behind; they are half of its index."""
    if index.exists():
        with closing(sqlite3.connect(index, timeout=60)) as con, con:
            con.executemany("DELETE FROM asset_check_executions WHERE run_id = ?", [(run,) for run in runs])


def _sent(settings: Settings, before: datetime, *, dry: bool) -> Tidied:
    """Old lines of the log of what was sent; what each channel knows stands elsewhere."""
    path = settings.alerts_home / "sent.jsonl"
    if not path.exists():
        return Tidied("通知发送记录", 0, 0)
    with exclusive(settings.alerts_home):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        new = [line for line in lines if _sent_at(line) >= before]
        if len(new) < len(lines) and not dry:
            with staged(settings.alerts_home) as directory:
                part = directory / path.name
                part.write_text("".join(new), encoding="utf-8")
                commit(part, path)
    return Tidied("通知发送记录", len(lines) - len(new), sum(map(len, lines)) - sum(map(len, new)))


def _sent_at(line: str) -> datetime:
    """When a line was written; a line that a killed process left unfinished is as old as can be."""
    return datetime.fromisoformat(json.loads(line)["at"]) if line.endswith("}\n") else datetime.min.replace(tzinfo=UTC)
