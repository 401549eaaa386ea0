"""Documents that this version of the reader has not read yet become readings in the lake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


DOUBTED_PAGES, USUAL_PAGES = 10, 20
"""So many pages of a night, of documents of so many, are read a second time even if that is more than the share."""


MEMBER = "member"
"""The frame of files that came out of archives: the archive, the path in it, the file's sha256 and size."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read: its sha256, the lake that has its bytes, and what is known of it from outside.

    `doubt` is the share of its pages that are read twice.
    """

    document: str
    lake: Lake
    source: Source
    doubt: float = 0.0

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return self.lake.path(self.document)


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """What reading did: documents read, pages, facts, issues, numbers printed and lifted.

    `lost` are sentences on documents that gave nothing at all. Of `compared` pages, read a second time by other
    means, some places differ (`disagreements`); on `not_comparable` ones that proves nothing.
    """

    documents: int = 0
    pages: int = 0
    facts: int = 0
    issues: int = 0
    numbers: int = 0
    lifted: int = 0
    compared: int = 0
    not_comparable: int = 0
    disagreements: int = 0
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
            "doubt_pages": self.compared,
            "doubt_not_comparable": self.not_comparable,
            "doubt_disagreements": self.disagreements,
            "lost": list(self.lost),
        }

    def plus(self, frames: dict[str, pl.DataFrame]) -> ParseSummary:
        """This summary with the readings of `frames` added."""
        from pipeline.issues import IssueKind

        documents, forms, issues = frames["document"], frames["form_reading"], frames["issue"]
        return ParseSummary(
            self.documents + documents.height,
            self.pages + int(documents["pages"].sum()),
            self.facts + frames["fact"].height,
            self.issues + issues.height,
            self.numbers + int(forms["numbers"].sum()),
            self.lifted + int(forms["lifted"].sum()),
            self.compared + int(documents["compared"].sum()),
            self.not_comparable + int(documents["not_comparable"].sum()),
            self.disagreements + issues.filter(kind=IssueKind.SECOND_READING_DIFFERS.value).height,
            (*self.lost, *_losses(frames)),
        )


def read_task(task: Task) -> dict[str, pl.DataFrame]:
    """Read one file; runs in a worker process.

    The files in an archive go into the lake as they come out; the frame "member" tells which they are.
    """
    from pipeline.bundle import is_bundle
    from pipeline.document import read_bundle, read_document
    from pipeline.frames import frames

    data = task.path.read_bytes()
    members: list[tuple[str, str, str, int]] = []
    if is_bundle(data):
        reading = read_bundle(
            data,
            task.source,
            lambda path, content: members.append((task.document, path, task.lake.put(content), len(content))),
        )
    else:
        reading = read_document(data, task.source, task.doubt)
    return {**frames([reading]), MEMBER: _members(members)}


def parse(settings: Settings, *, progress: Callable[[str], None]) -> ParseSummary:
    """Read what is new in the lake, and what comes out of archives; `progress` hears a sentence now and then.

    A document that is lost is recorded like any other, under the version of the reader that it was too much for, and
    read again by the next version. Raises RuntimeError if the workers turn out to run another version than this one.
    """
    from pipeline.lake import Lake
    from pipeline.version import READER_VERSION

    lake = Lake(settings.lake)
    summary = ParseSummary()
    while tasks := _unread(lake, READER_VERSION, settings.doubt):
        summary = _parse(lake, tasks, summary, settings, progress)
    return summary


def _parse(
    lake: Lake, tasks: list[Task], summary: ParseSummary, settings: Settings, progress: Callable[[str], None]
) -> ParseSummary:
    import polars as pl

    from pipeline.version import READER_VERSION

    limits = Limits(settings.seconds, settings.memory)
    waiting: list[dict[str, pl.DataFrame]] = []
    results = map_documents(
        read_task,
        tasks,
        workers=settings.workers,
        seconds=lambda task: limits.seconds_for(task.path.stat().st_size),
        memory=limits.memory,
        scheduler=settings.dask,
    )
    for done, (task, result) in enumerate(results, start=1):
        waiting.append(_lost(task, result) if isinstance(result, Lost) else result)
        if len(waiting) == BATCH or done == len(tasks):
            batch = {table: pl.concat(frames[table] for frames in waiting) for table in waiting[0]}
            if set(batch["document"]["reader_version"]) != {READER_VERSION}:
                raise RuntimeError("读取进程的程序与本次运行的不同（程序在运行中被更新）；没有发布，请重新运行。")
            lake.add_publications(published_members(lake.publications(), batch.pop(MEMBER)))
            lake.append(batch)
            summary = summary.plus(batch)
            waiting.clear()
        if done % 20 == 0 or done == len(tasks):
            progress(f"已读 {done}/{len(tasks)} 份")
    return summary


def published_members(publications: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The publications of files that came out of archives: where and when their archives were published."""
    import polars as pl

    from pipeline.bundle import SEPARATOR

    return (
        publications.join(members.rename({"document": "archive"}), left_on="document", right_on="archive")
        .with_columns(
            document=pl.col("member"),
            url=pl.concat_str("url", pl.lit(SEPARATOR), "path"),
            name=pl.col("path").str.split("/").list.last(),
            size=pl.col("bytes"),
        )
        .select(publications.columns)
    )


def _losses(frames: dict[str, pl.DataFrame]) -> list[str]:
    from pipeline.issues import IssueKind

    documents = {row["document"]: row for row in frames["document"].iter_rows(named=True)}
    return [
        f"{documents[document]['name']}：{text}"
        for document, kind, text in frames["issue"].select("document", "kind", "text").iter_rows()
        if IssueKind(kind).loses_document and not (kind == IssueKind.NO_TABLES and _is_narrative(documents[document]))
    ]


def _is_narrative(document: dict[str, Any]) -> bool:
    """True if a file says whose accounts it explains: its tables may well be in another file."""
    return document["kind"] == "决算" and bool(document["unit"] and document["fiscal_year"] and document["parts"])


def _unread(lake: Lake, version: str, doubt: float) -> list[Task]:
    from pipeline.model import Source

    known = lake.known(version)
    newest = (
        lake.publications()
        .sort("fetched_at", "url", descending=[False, True])
        .unique("document", keep="last", maintain_order=True)
    )
    rows = [row for row in newest.iter_rows(named=True) if row["document"] not in known]
    if doubt and rows:
        doubt = min(1, max(doubt, DOUBTED_PAGES / USUAL_PAGES / len(rows)))
    return [
        Task(
            row["document"],
            lake,
            Source(row["name"], row["url"], row["title"], row["site"], row["region"], row["published_on"]),
            doubt,
        )
        for row in rows
    ]


def _lost(task: Task, lost: Lost) -> dict[str, pl.DataFrame]:
    from pipeline.document import unreadable
    from pipeline.frames import frames
    from pipeline.issues import Issue, IssueKind

    kind = IssueKind.OVER_LIMIT if lost.over_limit else IssueKind.READER_FAILED
    text = f"文件“{task.source.name}”读取时{lost.why}，没有读取；其他文件不受影响。请打开原文件核对，或取得另一份副本。"
    return {**frames([unreadable(task.document, task.source, Issue(kind, text))]), MEMBER: _members([])}


def _members(rows: list[tuple[str, str, str, int]]) -> pl.DataFrame:
    import polars as pl

    columns = {"document": pl.String, "path": pl.String, "member": pl.String, "bytes": pl.Int64}
    return pl.DataFrame(rows, schema=columns, orient="row")
