"""The walk over one site: lists, then detail pages, each with its files, as steps that can be stored at once.

A page that has not changed (304) is read again from the bytes kept of it, so that its links are followed every
night; a file that has not changed is not sent again. A file that failed stays unknown and is tried the next night.
Where the time of a night is not enough, it ends between two requests, and the next one begins with what is left.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.portals.base import CollectedFile, Link, Listing, Publication
from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.families import families
from pipeline.portals.html import FILE_EXTENSIONS, is_file_url
from pipeline.portals.queue import Queue
from pipeline.portals.state import url_key
from pipeline.portals.steps import Opened, Step
from pipeline.portals.titles import Verdict, judge, names_a_unit, only_final_accounts
from pipeline.portals.verify import fault_of, is_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from pipeline.portals.base import Detail, Site
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import Known

_DEPTH = 2
"""How far a detail page may lead to further ones: from a city's page to a department's to a unit's."""
_LISTS_SHARE = 0.5
"""The share of a night that lists may take at most, so that some of what they list is visited every night."""
_BESIDE_THE_REPORT = ("绩效", "自评")
"""Attachments by these names accompany a report; they do not replace one that stands in the page itself."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A link to follow, the page that holds it, that page's title, and how many detail pages lead to it.

    `first` is the first page of the list that a list page belongs to, `start` the site's start that led to that list;
    None for those pages themselves.
    """

    kind: Kind
    link: Link
    page_url: str = ""
    title: str = ""
    depth: int = 0
    first: _Task | None = None
    start: _Task | None = None


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
        self._site, self._fetcher, self._known, self._now = site, fetcher, known, now
        self._spent, self._dry = spent, dry
        self._family = families()[site.family]
        self._lists: deque[_Task] = deque()
        self._details: Queue[_Task] = Queue(known.asked)
        self._seen: set[str] = set()
        self._left: set[str] = set()
        self._counts: dict[_Task, tuple[int, set[str]]] = {}
        self._barren: dict[str, tuple[_Task, bool]] = {}
        # accounts are published in the year after theirs
        self._lists.extend(_Task(Kind.LIST, link) for link in self._new(site.starts(now.year - 1)))

    def run(self) -> Iterator[Step]:
        """All steps: every list page, then every detail page, each followed by its files."""
        for _ in range(self._site.max_pages):
            if self._lists and self._spent() < _LISTS_SHARE:
                yield self._list(self._lists.popleft())
        yield from [self._lists_left()] if self._lists else self._lacking()
        while self._details and self._spent() < 1:
            task = self._details.pop()
            yield from self._detail(task) if task.kind is Kind.DETAIL else self._file(task)
        if left := len(self._details):
            note = f"{Fault.TIME_UP.label}：已知尚有 {left} 个网页和文件，自此起"
            yield replace(self._amiss(self._details.peek(), Fault.TIME_UP, note), counts={"left": left})

    def _lists_left(self) -> Step:
        """That lists were not seen to their end: there are too many pages, or the time was not enough."""
        if self._spent() < _LISTS_SHARE:
            return self._amiss(self._lists[0], Fault.LIMIT)
        return replace(self._amiss(self._lists[0], Fault.TIME_UP), counts={"left": len(self._lists)})

    def _lacking(self) -> Iterator[Step]:
        """Once all lists were seen: those that gave less than they claim, and starts under which there is nothing."""
        for first, (claimed, given) in self._counts.items():
            if len(given) < claimed:
                note = f"{Fault.INCOMPLETE.label}：声称 {claimed} 条，读到 {len(given)} 条"
                yield self._amiss(first, Fault.INCOMPLETE, note)
        for start, barren in self._barren.values():
            if barren:
                yield self._amiss(start, Fault.NO_ITEMS)

    def _amiss(self, task: _Task, fault: Fault, note: str = "") -> Step:
        """What is wrong with a list as a whole, or with the night, as evidence of no request."""
        link = task.link
        kind = Kind.LIST if task.kind is Kind.COLUMN else task.kind
        evidence = Fetch(
            self._site.id, kind, link.url, task.page_url, self._now, fault=fault, note=note, posted=link.posted
        )
        return Step((evidence,))

    def _list(self, task: _Task) -> Step:
        step, listing = self._listing(task)
        start = task.start or task
        key = url_key(start.link.url)  # starts that differ in their form only are the years of one
        known, barren = self._barren.get(key, (start, True))
        self._barren[key] = known, barren and not listing.items and not step.issues
        return step

    def _listing(self, task: _Task) -> tuple[Step, Listing]:
        """The step of a list page, and what it lists; what it leads to is queued."""
        opened = self._open(task)
        if not opened.data or is_file(opened.data):
            return opened.step({}, Fault.NOT_UNDERSTOOD if opened.data else Fault.NONE), Listing(())
        listing = self._family.listing(opened.html, opened.address)
        counts = Counter({"pages": 1})
        first, start = task.first or task, task.start or task
        self._count(first, listing)
        judged = self._judged(listing.items, inside=only_final_accounts(listing.column))
        told = self._first_time(judged)
        counts.update(verdict.value for _, verdict in told)
        self._follow(_Task(self._kind(link), link, opened.url) for link in self._new(_wanted(judged)))
        columns = [c for c in listing.columns if self._judge(c) in (Verdict.WANTED, Verdict.SILENT)]
        pages = self._new(listing.pages)
        self._lists.extend(_Task(Kind.LIST, link, opened.url, first=first, start=start) for link in pages)
        self._lists.extend(_Task(Kind.COLUMN, link, opened.url, start=start) for link in self._new(columns))
        items = len(listing.items) + len(listing.columns)
        if listing.issues:
            return opened.step(counts, Fault.NOT_UNDERSTOOD, "；".join(listing.issues), told, items), listing
        found = items or listing.pages or task.kind is Kind.COLUMN
        return opened.step(counts, Fault.NONE if found else Fault.NO_ITEMS, judged=told, items=items), listing

    def _count(self, first: _Task, listing: Listing) -> None:
        """Note what a list claims to hold and what its pages have given so far."""
        claimed, given = self._counts.get(first, (0, set()))
        given |= {url_key(item.url, item.posted) for item in listing.items}
        self._counts[first] = max(claimed, listing.count or 0), given

    def _detail(self, task: _Task) -> Iterator[Step]:
        opened = self._open(task)
        if not opened.data:
            yield opened.step({})
            return
        if is_file(opened.data):
            yield self._collect(task, opened)
            return
        detail = self._family.detail(opened.html, opened.address)
        counts = Counter({"pages": 1})
        if self._disowned(task, detail):
            yield opened.step(counts)
            return
        title = detail.title if "决算" in detail.title else task.link.title or detail.title
        published_on = detail.published_on or task.link.published_on
        attached = [(file, self._judge(file, inherited=True)) for file in detail.attachments]
        files = _wanted(attached)
        counts.update(attachments=len(files), attachments_left=len(attached) - len(files))
        judged = self._judged(detail.pages if task.depth < _DEPTH else (), inside=True)
        told, pages = self._first_time(judged), _wanted(judged)
        counts.update(verdict.value for _, verdict in told)
        own = "" if pages or any(_is_report(file) for file in files) else detail.article
        items = len(files) + len(pages) + bool(own)
        yield opened.step(counts, Fault.NONE if items else Fault.NO_REPORT, judged=(*told, *attached), items=items)
        if own:
            yield self._publish(replace(task, link=Link(title, task.link.url, published_on)), (), own.encode())
        self._details.add_next(
            _Task(Kind.FILE, replace(link, published_on=published_on), opened.url, title) for link in self._new(files)
        )
        self._follow(_Task(Kind.DETAIL, link, opened.url, depth=task.depth + 1) for link in self._new(pages))

    def _follow(self, tasks: Iterable[_Task]) -> None:
        for task in tasks:
            self._details.add(url_key(task.link.url, task.link.posted), task)

    def _file(self, task: _Task) -> Iterator[Step]:
        if self._dry:
            yield Step(planned=replace(task.link, title=_file_name(task.link, task.title, "")))
            return
        key = url_key(task.link.url)
        last = self._known.fetches.get(key)
        if last is not None and self._known.documents.get(key) != last.sha256:
            last = None
        if last is not None and not last.has_validators and self._now - last.fetched_at < self._recheck:
            yield Step(counts={"unchanged": 1})
            return
        fetched = self._fetcher.fetch(self._site, task.link.url, Kind.FILE, page_url=task.page_url, last=last)
        fetches = (*fetched.robots, fetched.record)
        if fetched.record.status == 304:
            yield Step(fetches, counts={"unchanged": 1})
        else:
            yield self._collect(task, Opened(fetches, fetched.data))

    def _open(self, task: _Task) -> Opened:
        """The page as it stands: sent anew, or as kept if the server says that nothing has changed."""
        link = task.link
        last = self._known.fetches.get(url_key(link.url, link.posted))
        kept = b""
        if last is not None and last.has_validators:
            try:
                kept = self._known.body(last.sha256)
            except FileNotFoundError:
                last = None  # without its bytes an unchanged page would be of no use
        fetched = self._fetcher.fetch(
            self._site, link.url, task.kind, posted=link.posted, page_url=task.page_url, last=last
        )
        record, data = fetched.record, kept if fetched.record.status == 304 else fetched.data
        if not record.fault and not data.strip():
            record = replace(record, fault=Fault.EMPTY)
        return Opened((*fetched.robots, record), b"" if record.fault else data)

    def _collect(self, task: _Task, opened: Opened) -> Step:
        """The step of an address that should have given a file."""
        own = opened.fetches[-1]
        fault = own.fault or fault_of(opened.data)
        if fault:
            return Step((*opened.fetches[:-1], replace(own, fault=fault)))
        return self._publish(task, opened.fetches, opened.data)

    def _publish(self, task: _Task, fetches: tuple[Fetch, ...], data: bytes) -> Step:
        """The step of a file: a new publication unless these bytes are what stood there last."""
        document = sha256(data).hexdigest()
        link = task.link
        if self._known.documents.get(url_key(link.url)) == document:
            return Step(fetches, counts={"unchanged": 1})
        publication = Publication(
            document=document,
            site=self._site.id,
            region=self._site.region,
            url=link.url,
            page_url=task.page_url,
            title=task.title or link.title,
            name=_file_name(link, task.title, fetches[-1].file_name if fetches else ""),
            published_on=link.published_on,
            fetched_at=fetches[-1].fetched_at if fetches else self._now,
            size=len(data),
        )
        return Step(fetches, file=CollectedFile(publication, data), counts={"files": 1})

    def _judged(self, links: Iterable[Link], *, inside: bool) -> list[tuple[Link, Verdict]]:
        """What the links' names say; `inside`: they stand where bare unit names are enough."""
        return [(link, self._judge(link, inherited=inside and names_a_unit(link.title))) for link in links]

    def _first_time(self, judged: Iterable[tuple[Link, Verdict]]) -> list[tuple[Link, Verdict]]:
        """Those whose address has not been met before tonight: every address counts once."""
        first = []
        for link, verdict in judged:
            key = url_key(link.url, link.posted)
            if key not in self._seen and key not in self._left:
                first.append((link, verdict))
            if verdict is not Verdict.WANTED:
                self._left.add(key)
        return first

    def _judge(self, link: Link, *, inherited: bool = False) -> Verdict:
        return judge(link.title, inherited=inherited, since=self._site.since, published_on=link.published_on)

    def _disowned(self, task: _Task, detail: Detail) -> bool:
        """Whether a page that was followed only for where it was linked says itself that it is something else."""
        silent = judge(task.link.title) is Verdict.SILENT
        return silent and judge(detail.title, inherited=True, since=self._site.since) is not Verdict.WANTED

    def _new(self, links: Iterable[Link]) -> Iterator[Link]:
        """The links to addresses not yet visited tonight; they are from now on."""
        for link in links:
            key = url_key(link.url, link.posted)
            if key not in self._seen:
                self._seen.add(key)
                yield link

    def _kind(self, link: Link) -> Kind:
        """A file by its address, or because what stood there last was published as it was sent."""
        key = url_key(link.url, link.posted)
        last = self._known.fetches.get(key)
        was_file = last is not None and self._known.documents.get(key) == last.sha256
        return Kind.FILE if is_file_url(link.url) or was_file else Kind.DETAIL

    @property
    def _recheck(self) -> timedelta:
        return timedelta(days=self._site.recheck_days)


def _wanted(judged: Iterable[tuple[Link, Verdict]]) -> list[Link]:
    return [link for link, verdict in judged if verdict is Verdict.WANTED]


def _is_report(file: Link) -> bool:
    return not any(word in file.title for word in _BESIDE_THE_REPORT)


def _file_name(link: Link, title: str, sent: str) -> str:
    """The name on the page, with the extension of the address or of the name that the server sends.

    A name that is only the address's gives way to the title.
    """
    stem, _, extension = urlsplit(link.url).path.rpartition("/")[2].rpartition(".")
    extensions = (extension.lower(), sent.rpartition(".")[2].lower())
    name = link.title if link.title and not link.title.startswith(stem or "\n") else title
    known = (own for own in extensions if own in FILE_EXTENSIONS)
    return name if is_file_url(name) else f"{name}.{next(known, 'html')}"
