"""What a portal is: a site's declaration, and what a family of page structures must tell of a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=10_000)
def host_of(url: str) -> str:
    """The host of an http(s) address in lower case, with its port unless that is the scheme's own.

    "" for anything that we never fetch: other schemes, no host, a user name in the address, a broken port.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return ""
    return parts.hostname if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{parts.hostname}:{port}"


@dataclass(frozen=True, slots=True)
class Site:
    """One portal. `start` are the list pages to begin with, relative to `base_url` or absolute.

    A start may hold `{year}`, which stands for every year wanted, and, behind a space, a form (urlencoded) to be sent.

    `since` is the first fiscal year wanted. `hosts` are further hosts where pages or attachments lie; one that
    begins with a dot stands for all hosts under it. `delay` is the least time in seconds between two requests to
    one host (the site's robots.txt may ask for more; there is never more than one request at a time). `max_pages`
    bounds the list pages of one night. A file whose server names neither ETag nor Last-Modified is fetched again
    after `recheck_days`, everything else after `renew_days`, whatever its server says of it. `local` allows loopback
    and private addresses. `insecure` says why the certificate of the site's own host (that of `base_url`, no other) is
    not verified, "" where it is. `verified` says that somebody has seen these addresses answer; `base_url` is "" where
    it is given at run time.
    """

    id: str
    name: str
    region: str
    family: str
    base_url: str
    start: tuple[str, ...]
    since: int
    hosts: tuple[str, ...] = ()
    delay: float = 1.0
    max_pages: int = 400
    recheck_days: int = 7
    renew_days: int = 60
    local: bool = False
    insecure: str = ""
    verified: bool = False

    def at(self, base_url: str) -> Site:
        """This site under a base address known only at run time."""
        return replace(self, base_url=base_url if base_url.endswith("/") else f"{base_url}/")

    def starts(self, last: int) -> tuple[Link, ...]:
        """The start pages, of fiscal years up to `last`; raises ValueError if the base address is still to be given."""
        years = range(self.since, last + 1)
        filled = (page.format(year=year) for page in self.start for year in (years if "{year}" in page else years[:1]))
        parted = (page.partition(" ") for page in filled)
        links = tuple(Link(self.name, urljoin(self.base_url, address), posted=form) for address, _, form in parted)
        if not all(host_of(link.url) for link in links):
            raise ValueError(f"站点 {self.id} 没有可用的网址（{self.base_url!r}），须在运行时给出")
        return links

    def unverified(self, url: str) -> str:
        """Why the certificate behind an address is not verified, "" where it is."""
        own = self.insecure and urlsplit(url).scheme == "https" and host_of(url) == host_of(self.base_url)
        return self.insecure if own else ""

    def allows(self, url: str) -> bool:
        """Whether the address is on one of the site's declared hosts."""
        host = host_of(url)
        if not host:
            return False
        own = {host_of(self.base_url), *map(host_of, self.start), *self.hosts}
        return host in own or any(h.startswith(".") and f".{host}".endswith(h) for h in self.hosts)


@dataclass(frozen=True, slots=True)
class Link:
    """Something a page links to: its name on the page, its full address, the date printed beside it.

    `posted` is the form (urlencoded) that is sent to the address to get it, "" where it is only asked for. `unit` is
    who publishes it, as the portal states it, "" where that is not said with the link.
    """

    title: str
    url: str
    published_on: date | None = None
    posted: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list page holds: the items, the other pages of the same list, the columns below it.

    `column` is the list's own name, `count` how many items the whole list is said to have, if it is said, `issues` what
    in the page was not understood (Chinese sentences).
    """

    items: tuple[Link, ...]
    pages: tuple[Link, ...] = ()
    columns: tuple[Link, ...] = ()
    column: str = ""
    count: int | None = None
    issues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """What a detail page holds: its title, date and publisher, its attachments, other detail pages it links to.

    `pages` are those in its own text, and elsewhere on the page those whose name says 决算. `article` is the HTML of
    the page's text where the report stands in the page itself, else "".
    """

    title: str
    published_on: date | None
    unit: str
    attachments: tuple[Link, ...]
    pages: tuple[Link, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """The page structure of one vendor: pure functions of a decoded page (HTML, JSON, XML) and its address."""

    key: str
    title: str
    listing: Callable[[str, str], Listing]
    detail: Callable[[str, str], Detail]


@dataclass(frozen=True, slots=True)
class Publication:
    """That a document stood at an address at a time: one row of `pipeline.schema.PUBLICATION`.

    `title`, `unit` (who publishes) and `published_on` are as the portal states them: the unit may be an office of it,
    or one that publishes for others.
    """

    document: str
    site: str
    region: str
    url: str
    page_url: str
    title: str
    name: str
    published_on: date | None
    fetched_at: datetime
    size: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CollectedFile:
    """A file as collected: its bytes, and the record of its publication."""

    publication: Publication
    data: bytes
