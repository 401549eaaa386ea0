"""The walk over a site's lists: their pages and columns, what they list, and whether they give what they claim."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from pipeline.portals.base import Listing
from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.links import wanted
from pipeline.portals.state import url_key
from pipeline.portals.steps import Step, Task
from pipeline.portals.titles import Verdict, only_final_accounts
from pipeline.portals.verify import is_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipeline.portals.base import Family, Link
    from pipeline.portals.links import Links
    from pipeline.portals.visits import Visits


class Lists:
    """The list pages still to be visited; false if there are none. What they list is given to `follow`."""

    def __init__(
        self,
        family: Family,
        visits: Visits,
        links: Links,
        starts: Iterable[Link],
        follow: Callable[[Iterable[Task]], None],
    ) -> None:
        self._family, self._visits, self._links, self._follow = family, visits, links, follow
        self._pages = deque(Task(Kind.LIST, link) for link in links.new(starts))
        self._counts: dict[Task, tuple[int, set[str]]] = {}
        self._barren: dict[str, tuple[Task, bool]] = {}

    def __len__(self) -> int:
        return len(self._pages)

    def visit(self) -> Step:
        """The step of the next page. Raises IndexError if there is none."""
        task = self._pages.popleft()
        step, listing = self._visit(task)
        start = task.start or task
        key = url_key(start.link.url)  # starts that differ in their form only are the years of one
        known, barren = self._barren.get(key, (start, True))
        self._barren[key] = known, barren and not listing.items and not step.issues
        return step

    def left(self, fault: Fault) -> Step:
        """That lists were not seen to their end, and why."""
        return self._visits.amiss(self._pages[0], fault)

    def lacking(self) -> Iterator[Step]:
        """Once all lists were seen: those that gave less than they claim, and starts under which there is nothing."""
        for first, (claimed, given) in self._counts.items():
            if len(given) < claimed:
                note = f"{Fault.INCOMPLETE.label}：声称 {claimed} 条，读到 {len(given)} 条"
                yield self._visits.amiss(first, Fault.INCOMPLETE, note)
        for start, barren in self._barren.values():
            if barren:
                yield self._visits.amiss(start, Fault.NO_ITEMS)

    def _visit(self, task: Task) -> tuple[Step, Listing]:
        """The step of a list page, and what it lists; what it leads to is queued."""
        opened = self._visits.page(task)
        if not opened.data or is_file(opened.data):
            return opened.step({}, Fault.NOT_UNDERSTOOD if opened.data else Fault.NONE), Listing(())
        listing = self._family.listing(opened.html, opened.address)
        counts = Counter({"pages": 1})
        first, start = task.first or task, task.start or task
        self._count(first, listing)
        judged = self._links.judged(listing.items, inside=only_final_accounts(listing.column))
        told = self._links.first_time(judged)
        counts.update(verdict.value for _, verdict in told)
        self._follow(Task(self._visits.kind(link), link, opened.url) for link in self._links.new(wanted(judged)))
        columns = [c for c in listing.columns if self._links.judge(c) in (Verdict.WANTED, Verdict.SILENT)]
        pages = self._links.new(listing.pages)
        self._pages.extend(Task(Kind.LIST, link, opened.url, first=first, start=start) for link in pages)
        self._pages.extend(Task(Kind.COLUMN, link, opened.url, start=start) for link in self._links.new(columns))
        items = len(listing.items) + len(listing.columns)
        if listing.issues:
            return opened.step(counts, Fault.NOT_UNDERSTOOD, "；".join(listing.issues), told, items), listing
        found = items or listing.pages or task.kind is Kind.COLUMN
        return opened.step(counts, Fault.NONE if found else Fault.NO_ITEMS, judged=told, items=items), listing

    def _count(self, first: Task, listing: Listing) -> None:
        """Note what a list claims to hold and what its pages have given so far."""
        claimed, given = self._counts.get(first, (0, set()))
        given |= {url_key(item.url, item.posted) for item in listing.items}
        self._counts[first] = max(claimed, listing.count or 0), given
