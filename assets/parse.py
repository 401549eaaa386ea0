"""Documents that this version of the reader has not read yet become readings in the lake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.workers import Limits, Lost, map_documents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from assets.settings import Settings
    from pipeline.lake import Lake
    from pipeline.model import Source

BATCH = 200
"""Documents written at once: what a crash can cost is the reading of so many."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: where its bytes are, and what is known of it from outside."""

    document: str
    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """What reading did: documents read, pages, facts, issues, numbers printed and lifted.

    `lost` are sentences on documents that gave nothing at all.
    """

    documents: int = 0
    pages: int = 0
    facts: int = 0
    issues: int = 0
    numbers: int = 0
    lifted: int = 0
    lost: tuple[str, ...] = ()

    def as_metadata(self) -> dict[str, int | list[str]]:
        """The counts by the names under which a run shows them."""
        return {
            "read_documents": self.documents,
            "read_pages": self.pages,
            "read_facts": self.facts,
            "read_issues": self.issues,
            "printed_numbers": self.numbers,
            "lifted_numbers": self.lifted,
            "lost": list(self.lost),
        }

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
            (*self.lost, *_losses(frames)),
        )


def read_task(task: Task) -> dict[str, pl.DataFrame]:
    """Read one file; runs in a worker process."""
    from pipeline.document import frames, read_document

    return frames([read_document(task.path.read_bytes(), task.source)])


def parse(settings: Settings, *, progress: Callable[[str], None]) -> ParseSummary:
    """Read what is new in the lake; `progress` hears a sentence now and then.

    A document that is lost is recorded like any other, under the version of the reader that it was too much for, and
    read again by the next version.
    """
    import polars as pl

    from pipeline.document import READER_VERSION
    from pipeline.lake import Lake

    lake = Lake(settings.lake)
    limits = Limits(settings.seconds, settings.memory)
    tasks = _unread(lake, READER_VERSION)
    summary = ParseSummary()
    waiting: list[dict[str, pl.DataFrame]] = []
    results = map_documents(
        read_task,
        tasks,
        workers=settings.workers,
        seconds=lambda task: limits.seconds_for(task.path.stat().st_size),
        memory=limits.memory,
    )
    for done, (task, result) in enumerate(results, start=1):
        waiting.append(_lost(task, result) if isinstance(result, Lost) else result)
        if len(waiting) == BATCH or done == len(tasks):
            batch = {table: pl.concat(frames[table] for frames in waiting) for table in waiting[0]}
            lake.append(batch)
            summary = summary.plus(batch)
            waiting.clear()
        if done % 20 == 0 or done == len(tasks):
            progress(f"已读 {done}/{len(tasks)} 份")
    return summary


def _losses(frames: dict[str, pl.DataFrame]) -> list[str]:
    from pipeline.issues import IssueKind

    names = dict(frames["document"].select("document", "name").iter_rows())
    issues = frames["issue"].select("document", "kind", "text").iter_rows()
    return [f"{names[doc]}：{text}" for doc, kind, text in issues if IssueKind(kind).loses_document]


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

    kind = IssueKind.OVER_LIMIT if lost.over_limit else IssueKind.READER_FAILED
    text = f"文件“{task.source.name}”{lost.why}，没有读取；其他文件不受影响。请打开原文件核对，或取得另一份副本。"
    return frames([unreadable(task.document, task.source, Issue(kind, text))])
