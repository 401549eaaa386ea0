"""One document read: the composition of all stages."""

from __future__ import annotations

import logging
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.bundle import unpack
from pipeline.displayed import reading_as_displayed
from pipeline.doubt import second_opinion
from pipeline.head import read_head
from pipeline.issues import Issue, IssueKind
from pipeline.lift.facts import lift
from pipeline.lift.recognise import recognise
from pipeline.lift.settle import settle
from pipeline.model import BUNDLE, Reading, ReportHead
from pipeline.narrative.read import read_narrative
from pipeline.performance.read import read_evaluations
from pipeline.read import limits
from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.model import Fact, FormReading, Page, Source, Table

_log = logging.getLogger(__name__)


def read_document(data: bytes, source: Source, doubt: float = 0) -> Reading:
    """Everything that one file says. What could not be read is in `issues`; nothing is raised but MemoryError.

    `doubt` is the share of its pages, 0 to 1, that are read again by other means (`pipeline.doubt`).

    A mistake of ours costs this document alone: it becomes an issue, with its traceback in the log.
    """
    try:
        return _read(data, source, doubt)
    except MemoryError:  # whoever limits it knows what to say of it
        raise
    except Exception as error:  # noqa: BLE001 - the one net per document; what it catches is told, and logged
        _log.exception("reading %s", source.name)
        what = f"{type(error).__name__}：{error}"
        text = f"读取“{source.name}”时程序出错（{what}），请将文件交给开发者；其他文件不受影响。"
        return unreadable(sha256(data).hexdigest(), source, Issue(IssueKind.READER_FAILED, text))


def _read(data: bytes, source: Source, doubt: float) -> Reading:
    pages, unread = read_pages(data, source.name)
    tables = stitch(pages)
    head, unclear = read_head(pages, tables, source)
    projects, unclear_forms, others = read_evaluations(tables) if head.kind != "预算" else ((), (), tables)
    forms, facts, unlifted = read_forms(others, head)
    narrative, untold = read_narrative(pages, tables, head, facts) if _may_tell(pages, head) else (None, ())
    second = second_opinion(data, pages, doubt)
    issues = _bounded((*unread, *(unclear if pages else ()), *unlifted, *unclear_forms, *untold, *second.disagreements))
    counts = second.compared, second.not_comparable
    reading = Reading(
        sha256(data).hexdigest(), source, len(pages), head, forms, facts, issues, *counts, narrative, projects
    )
    return reading_as_displayed(reading, pages)


def _may_tell(pages: Sequence[Page], head: ReportHead) -> bool:
    """True for final accounts, and for a document that speaks of them without saying that it is some."""
    return head.kind == "决算" or (not head.kind and any("决算" in line.text for page in pages for line in page.lines))


def _bounded(issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """The issues that are told one by one, those that cost the whole document first, and how many more there are."""
    if len(issues) <= limits.ISSUES:
        return issues
    first = sorted(issues, key=lambda issue: not issue.kind.loses_document)[: limits.ISSUES]
    text = f"这份文件另有 {len(issues) - limits.ISSUES} 处问题没有逐一列出，请打开原文件核对。"
    return (*first, Issue(IssueKind.ISSUES_OMITTED, text))


def read_bundle(data: bytes, source: Source, keep: Callable[[str, bytes], None]) -> Reading:
    """The reading of an archive: its files go to `keep` as (path, bytes) and are documents of their own.

    What was refused is in `issues`; nothing is raised but what `keep` raises.
    """
    _, refused = unpack(data, source.name, keep)
    head = ReportHead("", "", "", None, "", "", BUNDLE)
    return Reading(sha256(data).hexdigest(), source, 0, head, (), (), refused)


def read_forms(
    tables: Sequence[Table], head: ReportHead
) -> tuple[tuple[FormReading, ...], tuple[Fact, ...], tuple[Issue, ...]]:
    """The statutory tables of final accounts; a budget has tables much like them, and gives none."""
    if tables and head.kind != "决算":
        what = "是预算公开文件" if head.kind == "预算" else "没有印明是决算"
        return (), (), (Issue(IssueKind.NOT_FINAL_ACCOUNTS, f"这份文件{what}，没有读取其中的表格。"),)
    found, unknown = recognise(tables)
    if tables and not found and not unknown:
        text = f"这份文件中的 {len(tables)} 张表格没有一张认得出是法定决算表，请打开原文件核对。"
        unknown = [Issue(IssueKind.NO_TABLES, text)]
    forms, facts, unlifted = settle([lift(form) for form in found])
    return forms, facts, (*unknown, *unlifted)


def unreadable(document: str, source: Source, issue: Issue) -> Reading:
    """The reading of a document of which nothing is known but why: its reader crashed or ran out of time."""
    return Reading(document, source, 0, ReportHead("", "", "", None, "", "", ""), (), (), (issue,))
