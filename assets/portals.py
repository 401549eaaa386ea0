"""What is known of the portals as people ask for it: the state of each site, and what a visit would bring."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from assets.settings import Settings
    from pipeline.portals.base import Link, Site
    from pipeline.portals.titles import Verdict


def site_of(settings: Settings, key: str, since: int | None = None) -> Site:
    """A declared site with its address, from another fiscal year if one is given.

    Raises ValueError, a Chinese sentence, for one that is not declared or cannot be visited as things are set.
    """
    from assets.collect import configured_sites

    (site,) = configured_sites(replace(settings, sites=(key,)))
    site.starts(datetime.now(UTC).year)
    if not site.local and not settings.contact:
        raise ValueError("访问外部网站须先设置联系方式（JUESUAN_CONTACT），写入 User-Agent")
    return site if since is None else replace(site, since=since)


def states(settings: Settings) -> list[dict[str, Any]]:
    """What is known of every declared site, those that are collected every night first."""
    from assets.clock import today
    from pipeline.lake import Lake
    from pipeline.portals.night import crawls
    from pipeline.portals.signs import Outcome
    from pipeline.portals.sites import sites
    from pipeline.portals.watch import signs

    lake = Lake(settings.lake)
    nights = crawls(lake.crawls())
    rows = []
    for site in sorted(sites().values(), key=lambda site: (site.id not in settings.sites, site.id)):
        files, fetches = lake.publications(site.id), lake.fetches(site.id)  # one site's evidence at a time
        found = signs(site.id, fetches, files, nights, today())
        rows.append(
            {
                "site": site.id,
                "name": site.name,
                "region": site.region,
                "family": site.family,
                "nightly": site.id in settings.sites,
                "verified": site.verified,
                "insecure": site.insecure,
                **_last_night(nights.filter(site=site.id)),
                "published": files.height,
                "documents": files["document"].n_unique(),
                "amiss": [f"{one.kind.label}：{one.text}" for one in found if one.outcome is Outcome.AMISS],
                "next_recheck": _next_recheck(site, fetches, set(files["document"])),
            }
        )
    return rows


_COUNTS = ("pages", "files", "unchanged", "faults", "left")


def _last_night(nights: pl.DataFrame) -> dict[str, Any]:
    """The last crawl: when, how it ended, and its counts; all None for a site that was never crawled."""
    from pipeline.portals.night import End

    if nights.is_empty():
        return dict.fromkeys(("started_at", "ended_at", "end", "end_label", *_COUNTS, "note"))
    row = nights.row(-1, named=True)
    told = {key: row[key] for key in ("started_at", "ended_at", "end", *_COUNTS, "note")}
    return told | {"end_label": End(row["end"]).label}


def _next_recheck(site: Site, fetches: pl.DataFrame, documents: set[str]) -> datetime | None:
    """When the first file is due that its server cannot be asked about; None if every file can be asked about."""
    import polars as pl

    last = fetches.filter(pl.col("fault") == "", pl.col("sha256").is_in(list(documents)))
    last = last.sort("fetched_at").unique("url", keep="last").filter(etag="", last_modified="")
    oldest = last["fetched_at"].to_list()
    return min(oldest) + timedelta(days=site.recheck_days) if oldest else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a visit would bring: files, whether each address has given one before; links left alone, and why.

    `counts` are those of the crawl, `issues` Chinese sentences.
    """

    files: tuple[tuple[Link, bool], ...]
    left: tuple[tuple[Link, Verdict], ...]
    counts: dict[str, int]
    issues: tuple[str, ...]


def plan(settings: Settings, site: Site, *, progress: Callable[[str], None]) -> Plan:
    """Walk a site's lists and pages, politely, without asking for files and without keeping anything.

    What is only seen to be a file when it comes is asked for, and thrown away.
    """
    from collections import Counter

    from assets.crawls import known_of
    from pipeline.lake import Lake
    from pipeline.portals.base import Link
    from pipeline.portals.crawl import crawl
    from pipeline.portals.exchange import Clock
    from pipeline.portals.fetch import Fetcher
    from pipeline.portals.state import url_key
    from pipeline.portals.titles import Verdict

    known = known_of(Lake(settings.lake), site)
    begin, now = time.monotonic(), datetime.now(UTC)
    files: list[Link] = []
    left: list[tuple[Link, Verdict]] = []
    counts: Counter[str] = Counter()
    issues: list[str] = []
    clock = Clock(lambda: datetime.now(UTC), time.monotonic, time.sleep)
    with Fetcher(clock, contact=settings.contact) as fetcher:
        spent = settings.crawl_minutes * 60.0
        for step in crawl(site, fetcher, known, now, spent=lambda: (time.monotonic() - begin) / spent, dry=True):
            for fetch in step.fetches:
                progress(f"{fetch.status or '——'} {fetch.url}")
            if step.file:
                published = step.file.publication
                files.append(Link(published.name, published.url, published.published_on))
            files += [step.planned] if step.planned else []
            left += [(link, verdict) for link, verdict in step.judged if verdict is not Verdict.WANTED]
            counts.update(step.counts)
            issues += [issue.text for issue in step.issues]
    seen = tuple((link, url_key(link.url, link.posted) in known.documents) for link in files)
    counts["files"] = len(files)
    return Plan(seen, tuple(left), dict(counts), tuple(issues))
