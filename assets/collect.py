"""What the portals and folders have published since last night goes into the lake, with its evidence."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from assets.settings import Settings
    from pipeline.lake import Lake
    from pipeline.portals.base import Site
    from pipeline.portals.crawl import Step

STEPS_AT_ONCE = 20
"""Steps of a crawl recorded together: what a crash can cost is that many requests made again."""


@dataclass(slots=True)
class CollectSummary:
    """What collecting did: counts of pages, files, unchanged …; issues as Chinese sentences."""

    counts: Counter[str] = field(default_factory=Counter)
    issues: list[str] = field(default_factory=list)


def collect(settings: Settings, paths: Sequence[Path], *, progress: Callable[[str], None]) -> CollectSummary:
    """Collect from `paths`, or, if there are none, from the folders and sites of the settings."""
    from pipeline.lake import Lake

    lake = Lake(settings.lake)
    lake.sweep()
    sites = [] if paths else configured_sites(settings)
    parts = [
        from_paths(lake, paths or settings.folders),
        *(from_site(lake, site, contact=settings.contact, progress=progress) for site in sites),
    ]
    return CollectSummary(
        sum((part.counts for part in parts), Counter()), [issue for part in parts for issue in part.issues]
    )


def from_site(lake: Lake, site: Site, *, contact: str, progress: Callable[[str], None]) -> CollectSummary:
    """Crawl one site; every file is in the lake as soon as it has arrived."""
    from pipeline.portals.crawl import crawl
    from pipeline.portals.exchange import Clock
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import fetch_frame, known, publication_frame

    summary = CollectSummary()
    state = known(site, lake.publications(), lake.fetches(), lake.get)
    steps: list[Step] = []

    def record() -> None:
        lake.add_publications(publication_frame(step.file.publication for step in steps if step.file))
        lake.add_fetches(fetch_frame(fetch for step in steps for fetch in step.fetches))
        steps.clear()

    try:
        with Fetcher(Clock(now=_now, monotonic=time.monotonic, sleep=time.sleep), contact=contact) as fetcher:
            for step in crawl(site, fetcher, state, _now()):
                for data in (step.page, step.file.data if step.file else None):
                    if data is not None:
                        lake.put(data)
                if step.file:
                    progress(f"{site.name}：{step.file.publication.name}")
                steps.append(replace(step, page=None, file=step.file and replace(step.file, data=b"")))
                summary.counts.update(step.counts)
                summary.issues += [issue.text for issue in step.issues]
                if len(steps) >= STEPS_AT_ONCE:
                    record()
    finally:
        record()
    return summary


def from_paths(lake: Lake, paths: Iterable[Path]) -> CollectSummary:
    """Take in files and folders. Raises FileNotFoundError for a path that does not exist."""
    from pipeline.issues import Issue
    from pipeline.portals import folder
    from pipeline.portals.state import publication_frame

    summary = CollectSummary()
    before = lake.publications().filter(site=folder.SITE).sort("fetched_at")
    held = dict(before.select("url", "document").iter_rows())
    publications = []
    for found in folder.collect(paths, modified=_modified, fetched_at=_now(), known=held):
        if isinstance(found, Issue):
            summary.issues.append(found.text)
        else:
            lake.put(found.data)
            publications.append(found.publication)
            summary.counts["files"] += 1
    lake.add_publications(publication_frame(publications))
    return summary


def configured_sites(settings: Settings) -> list[Site]:
    """The sites of the settings; raises ValueError for an id that is not declared."""
    from pipeline.portals.sites import sites

    declared = sites()
    unknown = [site for site in settings.sites if site not in declared]
    if unknown:
        raise ValueError(f"未登记的站点：{'、'.join(unknown)}；已登记：{'、'.join(declared)}")
    chosen = [declared[site] for site in settings.sites]
    return [site.at(settings.local_site) if site.local else site for site in chosen]


def _now() -> datetime:
    return datetime.now(UTC)


def _modified(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
