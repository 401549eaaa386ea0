"""Sites are crawled side by side: one thread a site, all through one client, every step into the lake at once.

What goes wrong at one site costs that site alone: its server's faults are evidence, an error of ours in reading it ends
its crawl and is told. Only a machine that fails (OSError: its disk) ends the night, after the other sites.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future

    from assets.settings import Settings
    from pipeline.lake import Lake
    from pipeline.portals.base import Site
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import Known
    from pipeline.portals.steps import Step

STEPS_AT_ONCE = 20
"""Steps of a crawl recorded together: what a crash can cost is that many requests made again."""


@dataclass(slots=True)
class CollectSummary:
    """What collecting did: counts of pages, files, unchanged …; issues as Chinese sentences.

    `broken` are the tracebacks of the sites whose crawl an error of ours has ended.
    """

    counts: Counter[str] = field(default_factory=Counter)
    issues: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    def add(self, other: CollectSummary) -> None:
        """Add what something else has collected."""
        self.counts.update(other.counts)
        self.issues += other.issues
        self.broken |= other.broken


class _SiteCrawl:
    """One site's crawl tonight."""

    def __init__(self, lake: Lake, site: Site, say: Callable[[str], None]) -> None:
        self.site, self.summary, self.started_at = site, CollectSummary(), _now()
        self._lake, self._say = lake, say
        self._steps: list[Step] = []

    def run(self, fetcher: Fetcher, seconds: float, stop: threading.Event) -> None:
        """Crawl until the site is done, its time is up, or `stop` is set."""
        from pipeline.portals.night import End

        with self._lake.claimed(self.site.id) as ours:
            if not ours:
                self.summary.issues.append(f"{self.site.name}：正由另一程序收集，本次跳过")
                return
            begin = time.monotonic()
            self.started_at = _now()
            known = known_of(self._lake, self.site)  # not earlier: another program may have been here
            self.tell(End.NONE)
            self._walk(fetcher, known, lambda: 1.0 if stop.is_set() else (time.monotonic() - begin) / seconds)
            self.tell(End.TIME_UP if self.summary.counts["left"] else End.DONE)

    def tell(self, end: str, note: str = "") -> None:
        """Record how far the crawl has come."""
        from pipeline.portals.night import Crawl, End, crawl_frame

        counts = self.summary.counts
        row = Crawl(
            self.site.id,
            self.started_at,
            _now() if end else None,
            End(end),
            pages=counts["pages"],
            files=counts["files"],
            unchanged=counts["unchanged"],
            faults=len(self.summary.issues),
            left=counts["left"],
            note=note,
        )
        self._lake.add_crawls(crawl_frame([row]))

    def _walk(self, fetcher: Fetcher, known: Known, spent: Callable[[], float]) -> None:
        from pipeline.portals.crawl import crawl

        try:
            for step in crawl(self.site, fetcher, known, self.started_at, spent=spent):
                self._keep(step)
                if len(self._steps) >= STEPS_AT_ONCE:
                    self._record()
        finally:
            self._record()

    def _keep(self, step: Step) -> None:
        for data in (step.page, step.file.data if step.file else None):
            if data is not None:
                self._lake.put(data)
        if step.file:
            self._say(f"{self.site.name}：{step.file.publication.name}")
        self._steps.append(replace(step, page=None, file=step.file and replace(step.file, data=b"")))
        self.summary.counts.update(step.counts)
        self.summary.issues += [issue.text for issue in step.issues]

    def _record(self) -> None:
        from pipeline.portals.state import fetch_frame, publication_frame

        steps = self._steps
        self._lake.add_publications(publication_frame(step.file.publication for step in steps if step.file))
        self._lake.add_fetches(fetch_frame(fetch for step in steps for fetch in step.fetches))
        steps.clear()


def from_sites(
    lake: Lake, sites: Sequence[Site], settings: Settings, *, progress: Callable[[str], None]
) -> CollectSummary:
    """Crawl sites side by side; every file is in the lake as soon as it has arrived.

    `progress` is called in this thread only. Raises OSError if the machine has failed, after the other sites' end.
    """
    from pipeline.portals.exchange import Clock
    from pipeline.portals.fetch import Fetcher

    said: SimpleQueue[str | None] = SimpleQueue()
    crawls = [_SiteCrawl(lake, site, said.put) for site in sites]
    stop, seconds = threading.Event(), settings.crawl_minutes * 60.0
    clock = Clock(now=_now, monotonic=time.monotonic, sleep=time.sleep)
    with (
        Fetcher(clock, contact=settings.contact) as fetcher,
        ThreadPoolExecutor(settings.sites_at_once, thread_name_prefix="site") as pool,
    ):
        try:
            running = [pool.submit(crawl.run, fetcher, seconds, stop) for crawl in crawls]
            for future in running:
                future.add_done_callback(lambda _: said.put(None))
            left = len(running)
            while left:
                text = said.get()
                left -= text is None
                if text is not None:
                    progress(text)
        finally:
            stop.set()  # whoever interrupts us waits for a request of each site at most
            pool.shutdown(cancel_futures=True)
    return _summed(zip(crawls, running, strict=True))


def known_of(lake: Lake, site: Site) -> Known:
    """What earlier nights know of a site."""
    from pipeline.portals.night import crawls, finished
    from pipeline.portals.state import known

    ended = finished(site.id, crawls(lake.crawls()))
    return known(site, lake.publications(site.id), lake.fetches(site.id), lake.get, ended)


def _summed(crawls: Iterable[tuple[_SiteCrawl, Future[None]]]) -> CollectSummary:
    """What all crawls did; what broke one is told, and raised if it was the machine."""
    from pipeline.portals.night import End

    total, failures = CollectSummary(), []
    for crawl, future in crawls:
        error = future.exception()
        if isinstance(error, OSError):
            failures.append(error)
        elif error is not None:
            said = str(error) if isinstance(error, ValueError) else repr(error)
            crawl.summary.issues.append(f"{crawl.site.name}：收集中断，其余站点不受影响，下次继续。原因：{said}")
            crawl.summary.broken[crawl.site.id] = "".join(traceback.format_exception(error))
            crawl.tell(End.BROKEN, said)
        total.add(crawl.summary)
    if failures:
        raise failures[0]
    return total


def _now() -> datetime:
    return datetime.now(UTC)
