"""The walk over one site: lists, then detail pages, each with its files, as steps that can be stored at once.

A file that failed stays unknown and is tried the next night. Where the time of a night is not enough, it ends between
two requests, and the next one begins with what is left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.portals.base import Link
from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.families import families
from pipeline.portals.links import Links, wanted
from pipeline.portals.lists import Lists
from pipeline.portals.queue import Queue
from pipeline.portals.state import url_key
from pipeline.portals.steps import Step, Task
from pipeline.portals.titles import Verdict, judge
from pipeline.portals.verify import is_file
from pipeline.portals.visits import Visits, file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from pipeline.portals.base import Detail, Site
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import Known
    from pipeline.portals.steps import Opened

_DEPTH = 2
"""How far a detail page may lead to further ones: from a city's page to a department's to a unit's."""
_LISTS_SHARE = 0.5
"""The share of a night that lists may take at most, so that some of what they list is visited every night."""
_BESIDE_THE_REPORT = ("绩效", "自评")
"""Attachments by these names accompany a report; they do not replace one that stands in the page itself."""


def crawl(
    site: Site,
    fetcher: Fetcher,
    known: Known,
    now: datetime,
    *,
    spent: Callable[[], float] = lambda: 0.0,
    dry: bool = False,
) -> Iterator[Step]:
    """Collect what is new or changed on a site since the nights that `known` tells of.

    Each step stands alone: whatever has been stored when the night is cut off need not be fetched again. `spent` tells
    the share of the night's time that has passed: from 1 on nothing more is asked for. A `dry` run asks for no file
    that can be told by its link; it says which it would.
    Raises ValueError for a site without addresses, KeyError for an unknown family.
    """
    return _Crawl(site, fetcher, known, now, spent, dry=dry).run()


class _Crawl:
    """One night at one site: what is still to be visited, and what has been."""

    def __init__(
        self, site: Site, fetcher: Fetcher, known: Known, now: datetime, spent: Callable[[], float], *, dry: bool
    ) -> None:
        self._site, self._spent, self._dry = site, spent, dry
        self._family = families()[site.family]
        self._visits, self._links = Visits(site, fetcher, known, now), Links(site.since)
        self._details: Queue[Task] = Queue(known.asked)
        # accounts are published in the year after theirs
        starts = site.starts(now.year - 1)
        self._lists = Lists(self._family, self._visits, self._links, starts, self._follow)

    def run(self) -> Iterator[Step]:
        """All steps: every list page, then every detail page, each followed by its files."""
        for _ in range(self._site.max_pages):
            if self._lists and self._spent() < _LISTS_SHARE:
                yield self._lists.visit()
        yield from [self._lists_left()] if self._lists else self._lists.lacking()
        while self._details and self._spent() < 1:
            task = self._details.pop()
            yield from self._detail(task) if task.kind is Kind.DETAIL else [self._file(task)]
        if left := len(self._details):
            note = f"{Fault.TIME_UP.label}：已知尚有 {left} 个网页和文件，自此起"
            yield replace(self._visits.amiss(self._details.peek(), Fault.TIME_UP, note), counts={"left": left})

    def _lists_left(self) -> Step:
        """That lists were not seen to their end: there are too many pages, or the time was not enough."""
        if self._spent() < _LISTS_SHARE:
            return self._lists.left(Fault.LIMIT)
        return replace(self._lists.left(Fault.TIME_UP), counts={"left": len(self._lists)})

    def _follow(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            self._details.add(url_key(task.link.url, task.link.posted), task)

    def _detail(self, task: Task) -> Iterator[Step]:
        opened = self._visits.page(task)
        if not opened.data:
            yield opened.step({})
        elif is_file(opened.data):
            yield self._visits.taken(task, opened)
        else:
            yield from self._read(task, opened)

    def _read(self, task: Task, opened: Opened) -> Iterator[Step]:
        """A detail page's step, and that of the report which it is itself; its files and further pages are queued."""
        detail = self._family.detail(opened.html, opened.address)
        counts = Counter({"pages": 1})
        if self._disowned(task, detail):
            yield opened.step(counts)
            return
        title = detail.title if "决算" in detail.title else task.link.title or detail.title
        stated = Link(title, task.link.url, detail.published_on or task.link.published_on, unit=detail.unit)
        attached = [(file, self._links.judge(file, inherited=True)) for file in detail.attachments]
        files = wanted(attached)
        counts.update(attachments=len(files), attachments_left=len(attached) - len(files))
        judged = self._links.judged(detail.pages if task.depth < _DEPTH else (), inside=True)
        told, pages = self._links.first_time(judged), wanted(judged)
        counts.update(verdict.value for _, verdict in told)
        own = "" if pages or any(_is_report(file) for file in files) else detail.article
        items = len(files) + len(pages) + bool(own)
        yield opened.step(counts, Fault.NONE if items else Fault.NO_REPORT, judged=(*told, *attached), items=items)
        if own:
            yield self._visits.published(replace(task, link=stated), (), own.encode())
        self._details.add_next(
            Task(Kind.FILE, replace(link, published_on=stated.published_on, unit=stated.unit), opened.url, title)
            for link in self._links.new(files)
        )
        self._follow(Task(Kind.DETAIL, link, opened.url, depth=task.depth + 1) for link in self._links.new(pages))

    def _file(self, task: Task) -> Step:
        if self._dry:
            return Step(planned=replace(task.link, title=file_name(task.link, task.title, "")))
        return self._visits.file(task)

    def _disowned(self, task: Task, detail: Detail) -> bool:
        """Whether a page that was followed only for where it was linked says itself that it is something else."""
        silent = judge(task.link.title) is Verdict.SILENT
        return silent and judge(detail.title, inherited=True, since=self._site.since) is not Verdict.WANTED


def _is_report(file: Link) -> bool:
    return not any(word in file.title for word in _BESIDE_THE_REPORT)
