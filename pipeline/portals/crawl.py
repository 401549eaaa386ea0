"""The walk over one site: lists, then detail pages, then their files, each as a step that can be stored at once.

A page that has not changed (304) is read again from the bytes kept of it, so that its links are followed every
night; a file that has not changed is not sent again. A file that failed stays unknown and is tried the next night.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.portals.base import CollectedFile, Link, Listing, Publication
from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.families import families
from pipeline.portals.html import FILE_EXTENSIONS, is_file_url
from pipeline.portals.state import url_key
from pipeline.portals.titles import Verdict, judge, names_a_unit, only_final_accounts
from pipeline.portals.verify import fault_of, is_file
from pipeline.read.formats.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from pipeline.issues import Issue
    from pipeline.portals.base import Detail, Site
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import Known

_DEPTH = 2
"""How far a detail page may lead to further ones: from a city's page to a department's to a unit's."""
_BESIDE_THE_REPORT = ("绩效", "自评")
"""Attachments by these names accompany a report; they do not replace one that stands in the page itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one page or one file gave. To be stored in this order: `page` and `file.data`, publication, fetches.

    `page` are the bytes of a page that the next night needs. `counts` add up over the steps: "pages", "files",
    "unchanged"; of what lists and hub pages link to, the values of `Verdict`; of what a report's page attaches,
    "attachments" and, for those left alone, "attachments_left".
    """

    fetches: tuple[Fetch, ...] = ()
    page: bytes | None = None
    file: CollectedFile | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What went wrong, with the addresses."""
        return tuple(issue for fetch in self.fetches if (issue := fetch.issue))


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


@dataclass(frozen=True, slots=True)
class _Opened:
    """A page's answer; `data` is empty if it gave nothing. `fetches` ends with the page's own record."""

    fetches: tuple[Fetch, ...]
    data: bytes = b""

    @property
    def url(self) -> str:
        """Where the page really is: its links are relative to that."""
        return self.fetches[-1].final_url

    @property
    def address(self) -> str:
        """The same with the fields of the form that was sent, where one was: what the family is told of a page."""
        parts, posted = urlsplit(self.url), self.fetches[-1].posted
        return parts._replace(query="&".join(filter(None, (parts.query, posted)))).geturl()

    @property
    def html(self) -> str:
        return decode(self.data, self.fetches[-1].content_type)

    def step(self, counts: Mapping[str, int], fault: Fault = Fault.NONE, note: str = "") -> Step:
        """The page's step. What is wrong with its content goes into its evidence: it is fetched anew next night."""
        own = self.fetches[-1]
        keep = self.data if own.has_validators and own.status == 200 and not fault else None
        if fault:
            own = replace(own, fault=fault, note=note)
        return Step((*self.fetches[:-1], own), page=keep, counts=counts)


def crawl(site: Site, fetcher: Fetcher, known: Known, now: datetime) -> Iterator[Step]:
    """Collect what is new or changed on a site since the nights that `known` tells of.

    Each step stands alone: whatever has been stored when the night is cut off need not be fetched again.
    Raises ValueError for a site without addresses, KeyError for an unknown family.
    """
    return _Crawl(site, fetcher, known, now).run()


class _Crawl:
    """One night at one site: what is still to be visited, and what has been."""

    def __init__(self, site: Site, fetcher: Fetcher, known: Known, now: datetime) -> None:
        self._site, self._fetcher, self._known, self._now = site, fetcher, known, now
        self._family = families()[site.family]
        self._lists: deque[_Task] = deque()
        self._details: deque[_Task] = deque()
        self._seen: set[str] = set()
        self._left: set[str] = set()
        self._counts: dict[_Task, tuple[int, set[str]]] = {}
        self._barren: dict[str, tuple[_Task, bool]] = {}
        # accounts are published in the year after theirs
        self._lists.extend(_Task(Kind.LIST, link) for link in self._new(site.starts(now.year - 1)))

    def run(self) -> Iterator[Step]:
        """All steps: every list page, then every detail page, each followed by its files."""
        for _ in range(self._site.max_pages):
            if self._lists:
                yield self._list(self._lists.popleft())
        yield from [self._amiss(self._lists[0], Fault.LIMIT)] if self._lists else self._lacking()
        while self._details:
            task = self._details.popleft()
            yield from self._detail(task) if task.kind is Kind.DETAIL else self._file(task)

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
        """What is wrong with a list as a whole, as evidence of no request."""
        link = task.link
        evidence = Fetch(
            self._site.id, Kind.LIST, link.url, task.page_url, self._now, fault=fault, note=note, posted=link.posted
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
        wanted = self._wanted(listing.items, counts, inside=only_final_accounts(listing.column))
        self._details.extend(_Task(self._kind(link), link, opened.url) for link in self._new(wanted))
        columns = [c for c in listing.columns if self._judge(c) in (Verdict.WANTED, Verdict.SILENT)]
        pages = self._new(listing.pages)
        self._lists.extend(_Task(Kind.LIST, link, opened.url, first=first, start=start) for link in pages)
        self._lists.extend(_Task(Kind.COLUMN, link, opened.url, start=start) for link in self._new(columns))
        if listing.issues:
            return opened.step(counts, Fault.NOT_UNDERSTOOD, "；".join(listing.issues)), listing
        found = listing.items or listing.pages or listing.columns or task.kind is Kind.COLUMN
        return opened.step(counts, Fault.NONE if found else Fault.NO_ITEMS), listing

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
        files = [file for file in detail.attachments if self._judge(file, inherited=True) is Verdict.WANTED]
        counts.update(attachments=len(files), attachments_left=len(detail.attachments) - len(files))
        pages = self._wanted(detail.pages, counts, inside=True) if task.depth < _DEPTH else []
        own = "" if pages or any(_is_report(file) for file in files) else detail.article
        yield opened.step(counts, Fault.NONE if files or pages or own else Fault.NO_REPORT)
        if own:
            yield self._publish(replace(task, link=Link(title, task.link.url, published_on)), (), own.encode())
        self._details.extendleft(
            _Task(Kind.FILE, replace(link, published_on=published_on), opened.url, title)
            for link in reversed(list(self._new(files)))
        )
        self._details.extend(_Task(Kind.DETAIL, link, opened.url, depth=task.depth + 1) for link in self._new(pages))

    def _file(self, task: _Task) -> Iterator[Step]:
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
            yield self._collect(task, _Opened(fetches, fetched.data))

    def _open(self, task: _Task) -> _Opened:
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
        return _Opened((*fetched.robots, record), b"" if record.fault else data)

    def _collect(self, task: _Task, opened: _Opened) -> Step:
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

    def _wanted(self, links: Iterable[Link], counts: Counter[str], *, inside: bool) -> list[Link]:
        """The links to reports of final accounts; `inside`: they stand where bare unit names are enough.

        Every address counts once, by what its name says.
        """
        wanted = []
        for link in links:
            verdict = self._judge(link, inherited=inside and names_a_unit(link.title))
            key = url_key(link.url, link.posted)
            if verdict is Verdict.WANTED:
                wanted.append(link)
            if key not in self._seen and key not in self._left:
                counts[verdict.value] += 1
            if verdict is not Verdict.WANTED:
                self._left.add(key)
        return wanted

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
