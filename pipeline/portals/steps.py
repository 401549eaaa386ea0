"""What a crawl is to visit and what it gives, a page or a file at a time, and a page's answer on the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.portals.evidence import Fault
from pipeline.read.formats.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.issues import Issue
    from pipeline.portals.base import CollectedFile, Link
    from pipeline.portals.evidence import Fetch, Kind
    from pipeline.portals.titles import Verdict


@dataclass(frozen=True, slots=True)
class Task:
    """A link to follow, the page that holds it, that page's title, and how many detail pages lead to it.

    `first` is the first page of the list that a list page belongs to, `start` the site's start that led to that list;
    None for those pages themselves.
    """

    kind: Kind
    link: Link
    page_url: str = ""
    title: str = ""
    depth: int = 0
    first: Task | None = None
    start: Task | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one page or one file gave. To be stored in this order: `page` and `file.data`, publication, fetches.

    `page` are the bytes of a page that the next night needs. `counts` add up over the steps: "pages", "files",
    "unchanged"; of what lists and hub pages link to, the values of `Verdict`; of what a report's page attaches,
    "attachments" and, for those left alone, "attachments_left"; "left" are pages and files for which the time was not
    enough. `judged` is what lists, hub pages and reports' pages link to and what its name says, `planned` a file that
    a dry run does not ask for.
    """

    fetches: tuple[Fetch, ...] = ()
    page: bytes | None = None
    file: CollectedFile | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    judged: tuple[tuple[Link, Verdict], ...] = ()
    planned: Link | None = None

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What went wrong, with the addresses."""
        return tuple(issue for fetch in self.fetches if (issue := fetch.issue))


@dataclass(frozen=True, slots=True)
class Opened:
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
        """The page as characters."""
        return decode(self.data, self.fetches[-1].content_type)

    def step(
        self,
        counts: Mapping[str, int],
        fault: Fault = Fault.NONE,
        note: str = "",
        judged: Iterable[tuple[Link, Verdict]] = (),
        items: int | None = None,
    ) -> Step:
        """The page's step. What is wrong with its content goes into its evidence: it is fetched anew next night.

        `items` is how much it gave to follow (see `evidence.Fetch`).
        """
        own = replace(self.fetches[-1], items=items)
        keep = self.data if own.has_validators and own.status == 200 and not fault else None
        if fault:
            own = replace(own, fault=fault, note=note)
        return Step((*self.fetches[:-1], own), page=keep, counts=counts, judged=tuple(judged))
