"""What the portals and folders have published since last night goes into the lake, with its evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from assets.crawls import CollectSummary, from_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from assets.settings import Settings
    from pipeline.lake import Lake
    from pipeline.portals.base import Site


def collect(settings: Settings, paths: Sequence[Path], *, progress: Callable[[str], None]) -> CollectSummary:
    """Collect from `paths`, or, if there are none, from the folders and sites of the settings."""
    from pipeline.lake import Lake

    lake = Lake(settings.lake)
    lake.sweep()
    lake.fold()
    sites = [] if paths else configured_sites(settings)
    summary = from_paths(lake, paths or settings.folders)
    summary.add(from_sites(lake, sites, settings, progress=progress))
    lake.fold()
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
    return [located(settings, declared[site]) for site in settings.sites]


def located(settings: Settings, site: Site) -> Site:
    """The site with its address, where that is given at run time."""
    return site.at(settings.local_site) if site.local and settings.local_site else site


def _now() -> datetime:
    return datetime.now(UTC)


def _modified(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
