"""Failed runs: in Chinese what failed, and the file `failures.jsonl` in which they are kept for the alerts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assets.clock import now
from expectations.digest.subjects import State, Subject

if TYPE_CHECKING:
    from pathlib import Path

REMEMBERED = timedelta(days=30)
"""Failed runs that are older are told no more."""

_STEPS = {
    "published_files": "收集",
    "readings": "读取",
    "candidate": "建库",
    "findings": "核对",
    "suites": "结构检查",
    "published_warehouse": "发布",
    "alerts": "通知",
    "shared_readings": "共享",
    "upkeep": "清理",
}
_AFTER = "数据仓库已发布，通知已完成。"
_KEPT = {"alerts": "数据仓库已发布，但通知没有完成。", "shared_readings": _AFTER, "upkeep": _AFTER}
_KINDS = {
    "MemoryError": "内存不足",
    "DagsterAssetCheckFailedError": "结构检查没有通过",
    "DagsterExecutionInterruptedError": "运行被中断",
    "OSError": "磁盘、网络或文件故障",
    "IOException": "数据库文件故障",
}


def kind_of(error: BaseException | None) -> str:
    """The kind of an error in Chinese, with the name of its class; never its text, which may say anything."""
    error = getattr(error, "__cause__", None) or error  # what was tried again is wrapped
    if error is None:
        return "运行异常终止"
    names = [cls.__name__ for cls in type(error).__mro__]
    return f"{next((_KINDS[name] for name in names if name in _KINDS), '程序错误')}（{names[0]}）"


def record(home: Path, run: str, step: str, kind: str, error: str = "") -> None:
    """Append a failed step, or a run that ended without one (`step` is empty)."""
    home.mkdir(parents=True, exist_ok=True)
    entry = {"at": now().isoformat(timespec="seconds"), "run": run, "step": step, "kind": kind, "error": error}
    with (home / "failures.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(entry, ensure_ascii=False) + "\n")


def failed_runs(home: Path) -> list[Subject]:
    """The failed runs of the last weeks as subjects of a digest: of each the step that failed first."""
    oldest = now() - REMEMBERED
    return [_subject(entry) for entry in _entries(home) if datetime.fromisoformat(entry["at"]) > oldest]


def last_failure(home: Path) -> tuple[datetime, str] | None:
    """The run that failed last: when, and a Chinese sentence on it."""
    entries = _entries(home)
    return (datetime.fromisoformat(entries[-1]["at"]), _text(entries[-1])) if entries else None


def _entries(home: Path) -> list[dict[str, Any]]:
    """Of every run what was recorded first, in the order of the runs."""
    path = home / "failures.jsonl"
    entries: dict[str, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.endswith("}"):  # not one that a killed process left unfinished
            entry = json.loads(line)
            entries.setdefault(entry["run"], entry)
    return [*entries.values()]


def _subject(entry: dict[str, Any]) -> Subject:
    since = datetime.fromisoformat(entry["at"]).date()
    return Subject(f"run:{entry['run']}", State.FAILED, _text(entry), since=since)


def _text(entry: dict[str, Any]) -> str:
    step = _STEPS.get(entry["step"], entry["step"])
    where = f"在“{step}”一步失败" if step else "没有完成"
    kept = _KEPT.get(entry["step"], "已发布的数据仓库保持不变。")
    return f"夜间任务{where}：{entry.get('kind') or '程序错误'}。{kept}"
