"""Documents that this version of the reader has not read yet become readings in the lake."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from assets.infrastructure import infrastructure
from assets.settings import Settings
from assets.workers import Lost, map_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from pipeline.lake import Lake
    from pipeline.model import Source

BATCH = 200
"""Documents written at once: what a crash can cost is the reading of so many."""

SECONDS_PER_DOCUMENT = 120.0


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: where its bytes are, and what is known of it from outside."""

    document: str
    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """What reading did: documents read, pages, facts, issues, and numbers printed and lifted."""

    documents: int = 0
    pages: int = 0
    facts: int = 0
    issues: int = 0
    numbers: int = 0
    lifted: int = 0

    def plus(self, frames: dict[str, pl.DataFrame]) -> ParseSummary:
        """This summary with the readings of `frames` added."""
        forms = frames["form_reading"]
        return ParseSummary(
            self.documents + frames["document"].height,
            self.pages + int(frames["document"]["pages"].sum()),
            self.facts + frames["fact"].height,
            self.issues + frames["issue"].height,
            self.numbers + int(forms["numbers"].sum()),
            self.lifted + int(forms["lifted"].sum()),
        )


def read_task(task: Task) -> dict[str, pl.DataFrame]:
    """Read one file; runs in a worker process."""
    from pipeline.document import frames, read_document

    return frames([read_document(task.path.read_bytes(), task.source)])


def parse(lake: Lake, *, workers: int, progress: Callable[[int, int], None]) -> ParseSummary:
    """Read what is new in the lake; `progress` is told (done, of how many) after every document."""
    import polars as pl

    from pipeline.document import READER_VERSION

    tasks = _unread(lake, READER_VERSION)
    summary = ParseSummary()
    waiting: list[dict[str, pl.DataFrame]] = []
    for done, (task, result) in enumerate(
        map_documents(read_task, tasks, workers=workers, seconds=SECONDS_PER_DOCUMENT), start=1
    ):
        waiting.append(_lost(task, result) if isinstance(result, Lost) else result)
        if len(waiting) == BATCH or done == len(tasks):
            batch = {table: pl.concat(frames[table] for frames in waiting) for table in waiting[0]}
            lake.append(batch)
            summary = summary.plus(batch)
            waiting.clear()
        progress(done, len(tasks))
    return summary


def _unread(lake: Lake, version: str) -> list[Task]:
    from pipeline.model import Source

    known = lake.known(version)
    newest = lake.publications().sort("fetched_at").unique("document", keep="last", maintain_order=True)
    return [
        Task(
            row["document"],
            lake.path(row["document"]),
            Source(row["name"], row["url"], row["title"], row["site"], row["region"], row["published_on"]),
        )
        for row in newest.iter_rows(named=True)
        if row["document"] not in known
    ]


def _lost(task: Task, lost: Lost) -> dict[str, pl.DataFrame]:
    from pipeline.document import frames, unreadable
    from pipeline.issues import Issue, IssueKind

    return frames([unreadable(task.document, task.source, Issue(IssueKind.READER_FAILED, lost.why))])


@dg.asset(group_name="nightly", deps=["published_files"])
def readings(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult:
    """新文件读成事实：每个数字带页码和位置；已由同一版本读过的不再读。"""
    from pipeline.lake import Lake

    def progress(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            context.log.info(f"读取 {done}/{total}")

    with infrastructure():
        summary = parse(Lake(settings.lake), workers=settings.workers, progress=progress)
    return dg.MaterializeResult(
        metadata={
            "documents": summary.documents,
            "pages": summary.pages,
            "facts": summary.facts,
            "issues": summary.issues,
            "numbers": summary.numbers,
            "lifted": summary.lifted,
        }
    )
