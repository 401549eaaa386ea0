"""Single pages and files, asked for with what is known of them, and the steps that they give.

A page that has not changed (304) is read again from the bytes kept of it, so that its links are followed every night; a
file that has not changed is not sent again. Some servers say so for ever, whatever is put in a file's place with its
size and its date; so each address is asked for as if it were new once in `Site.renew_days`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.portals.base import CollectedFile, Publication
from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.html import FILE_EXTENSIONS, is_file_url
from pipeline.portals.state import is_due, url_key
from pipeline.portals.steps import Opened, Step
from pipeline.portals.verify import fault_of

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.portals.base import Link, Site
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import Known
    from pipeline.portals.steps import Task


class Visits:
    """One night's visits to the addresses of one site."""

    def __init__(self, site: Site, fetcher: Fetcher, known: Known, now: datetime) -> None:
        self._site, self._fetcher, self._known, self._now = site, fetcher, known, now

    def kind(self, link: Link) -> Kind:
        """A file by its address, or because what stood there last was published as it was sent; else a detail page."""
        key = url_key(link.url, link.posted)
        last = self._known.fetches.get(key)
        was_file = last is not None and self._known.documents.get(key) == last.sha256
        return Kind.FILE if is_file_url(link.url) or was_file else Kind.DETAIL

    def page(self, task: Task) -> Opened:
        """The page as it stands: sent anew, or as kept if the server says that nothing has changed."""
        link = task.link
        last = self._last(url_key(link.url, link.posted))
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

    def file(self, task: Task) -> Step:
        """The step of a file's address."""
        key = url_key(task.link.url)
        last = self._last(key)
        if last is not None and self._known.documents.get(key) != last.sha256:
            last = None
        if last is not None and not last.has_validators and self._now - last.fetched_at < self._recheck:
            return Step(counts={"unchanged": 1})
        fetched = self._fetcher.fetch(self._site, task.link.url, Kind.FILE, page_url=task.page_url, last=last)
        fetches = (*fetched.robots, fetched.record)
        if fetched.record.status == 304:
            return Step(fetches, counts={"unchanged": 1})
        return self.taken(task, Opened(fetches, fetched.data))

    def taken(self, task: Task, opened: Opened) -> Step:
        """The step of an address that should have given a file."""
        own = opened.fetches[-1]
        fault = own.fault or fault_of(opened.data)
        if fault:
            return Step((*opened.fetches[:-1], replace(own, fault=fault)))
        return self.published(task, opened.fetches, opened.data)

    def published(self, task: Task, fetches: tuple[Fetch, ...], data: bytes) -> Step:
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
            name=file_name(link, task.title, fetches[-1].file_name if fetches else ""),
            published_on=link.published_on,
            fetched_at=fetches[-1].fetched_at if fetches else self._now,
            size=len(data),
            unit=link.unit,
        )
        return Step(fetches, file=CollectedFile(publication, data), counts={"files": 1})

    def amiss(self, task: Task, fault: Fault, note: str = "") -> Step:
        """What is wrong with a list as a whole, or with the night, as evidence of no request."""
        link = task.link
        kind = Kind.LIST if task.kind is Kind.COLUMN else task.kind
        evidence = Fetch(
            self._site.id, kind, link.url, task.page_url, self._now, fault=fault, note=note, posted=link.posted
        )
        return Step((evidence,))

    def _last(self, key: str) -> Fetch | None:
        """The last good fetch of an address, None if it is to be asked for as if there were none."""
        sent = self._known.sent.get(key)
        due = sent is not None and is_due(self._site, key, sent, self._now)
        return None if due else self._known.fetches.get(key)

    @property
    def _recheck(self) -> timedelta:
        return timedelta(days=self._site.recheck_days)


def file_name(link: Link, title: str, sent: str) -> str:
    """The name on the page, with the extension of the address or of the name that the server sends.

    A name that is only the address's gives way to the title.
    """
    stem, _, extension = urlsplit(link.url).path.rpartition("/")[2].rpartition(".")
    extensions = (extension.lower(), sent.rpartition(".")[2].lower())
    name = link.title if link.title and not link.title.startswith(stem or "\n") else title
    known = (own for own in extensions if own in FILE_EXTENSIONS)
    return name if is_file_url(name) else f"{name}.{next(known, 'html')}"
