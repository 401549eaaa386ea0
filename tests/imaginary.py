"""Imaginary sites over imaginary nights: real walks over pages that are made up day by day, without a server.

A night on which nothing has happened at a site is the night before once more, with every page and file unchanged.
"""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.portals import watch
from pipeline.portals.base import Site
from pipeline.portals.crawl import crawl
from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.portals.fetch import Fetched
from pipeline.portals.night import Crawl, End, crawl_frame
from pipeline.portals.signs import Outcome
from pipeline.portals.state import fetch_frame, known, publication_frame
from pipeline.schema import FETCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.portals.base import Publication
    from pipeline.portals.signs import SignKind

BASE = "http://www.town.gov.cn"
SITE = Site("town", "某市", "某市", "trs", f"{BASE}/", ("",), 2022, delay=0.0)
FIRST = date(2026, 8, 12)
"""The first night; what was published before is found in it."""


@dataclass(frozen=True)
class Report:
    """What a unit publishes on a day: files by name on a page, in a column, as the portal has it from then on."""

    unit: str
    day: date
    files: int = 1
    edition: int = 1
    place: str = "bmjs"
    printed: date | None = None

    @property
    def year(self) -> int:
        return self.day.year - 1

    @property
    def title(self) -> str:
        return f"{self.unit}{self.year}年度部门决算"

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.unit}{self.year}".encode()).hexdigest()[:8]


def season(count: int, first: date, *, files: int = 1, names: str = "第{}局", span: int = 21) -> list[Report]:
    """So many units that publish on working days from a day on, within some weeks."""
    days = (first + timedelta(days=n * span // count) for n in range(count))
    working = (day - timedelta(days=max(0, day.weekday() - 4)) for day in days)
    return [Report(names.format(n), day, files) for n, day in enumerate(working)]


Pages = dict[str, bytes | Fault]


def pages(reports: Iterable[Report], columns: Iterable[str] = ("bmjs",)) -> Pages:
    """All pages and files of a portal that shows these reports, newest first, fifteen on a list page."""
    return _pages(tuple(reports), tuple(columns))


@lru_cache(maxsize=1000)
def _pages(reports: tuple[Report, ...], columns: tuple[str, ...]) -> Pages:
    shown = sorted(reports, key=lambda report: report.day, reverse=True)
    found: Pages = {"/": "".join(f'<a href="/{name}/">{name}</a>' for name in columns).encode()}
    for column in columns:
        own = [report for report in shown if report.place == column]
        groups = [own[n : n + 15] for n in range(0, len(own), 15)] or [[]]
        for number, group in enumerate(groups):
            items = "".join(_item(report) for report in group)
            script = f'<script>createPageHTML({len(groups)}, {number}, "index", "html")</script>'
            path = f"/{column}/index_{number}.html" if number else f"/{column}/"
            found[path] = f"<ul>{items}</ul>{script}".encode()
        for report in own:
            names = [f"{report.key}_{n}.pdf" for n in range(report.files)]
            links = "".join(f'<a href="{name}">{report.title}（{n}）</a>' for n, name in enumerate(names))
            head = (
                f'<meta name="ArticleTitle" content="{report.title}"><meta name="PubDate" content="{_printed(report)}">'
            )
            found[f"/{column}/t20260101_{int(report.key, 16)}.html"] = (
                f'{head}<div class="TRS_Editor">{links}</div>'.encode()
            )
            text = f"{report.title} {report.edition}"
            found |= {f"/{column}/{name}": f"%PDF-1.4 {text} {name[-5]} %%EOF".encode() for name in names}
    return found


def _item(report: Report) -> str:
    address = f"t20260101_{int(report.key, 16)}.html"
    return f'<li><span>{_printed(report)}</span><a href="{address}">{report.title}</a></li>'


def _printed(report: Report) -> date:
    return report.printed or report.day


@dataclass
class Life:
    """A site's life: `shows` gives its pages on a day. `ends` are nights whose crawl did not end as it should."""

    shows: Callable[[date], Pages]
    ends: Callable[[date], End] = lambda day: End.DONE
    site: Site = SITE
    fetches: list[pl.DataFrame] = field(default_factory=list)
    published: list[Publication] = field(default_factory=list)
    crawls: list[Crawl] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    before: Pages = field(default_factory=dict)

    def live(self, until: date, judged: Callable[[date], bool]) -> dict[date, dict[SignKind, str]]:
        """Every night until a day; what was amiss on the days that are judged."""
        told = {}
        day = FIRST + timedelta(days=len(self.crawls))
        while day <= until:
            self._night(day)
            if judged(day):
                frames = pl.concat(self.fetches), publication_frame(self.published), crawl_frame(self.crawls)
                signs = watch.signs(self.site.id, *frames, day)
                told[day] = {sign.kind: sign.text for sign in signs if sign.outcome is Outcome.AMISS}
            day += timedelta(days=1)
        return told

    def copy(self, **changed: Any) -> Life:
        """Another life that was the same until now."""
        same = {name: copy(value) for name, value in vars(self).items()}
        return Life(**{**same, **changed})

    def _night(self, day: date) -> None:
        now = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=6)  # two o'clock at the bureau
        shown = self.shows(day)
        if self.fetches and shown == self.before:
            again = self.fetches[-1].with_columns(
                fetched_at=pl.lit(now, FETCH["fetched_at"]),
                status=pl.when(status=200).then(304).otherwise("status").cast(FETCH["status"]),
            )
            self.fetches.append(again)
        else:
            self._walk(shown, now)
        self.before = shown
        end = self.ends(day)
        self.crawls.append(Crawl(self.site.id, now, now + timedelta(hours=1) if end else None, end))

    def _walk(self, shown: Pages, now: datetime) -> None:
        evidence = pl.concat(self.fetches) if self.fetches else fetch_frame([])
        state = known(self.site, publication_frame(self.published), evidence, self.blobs.__getitem__)
        rows = []
        for step in crawl(self.site, _Portal(shown, now), state, now):
            for data in filter(None, (step.page, step.file and step.file.data)):
                self.blobs[hashlib.sha256(data).hexdigest()] = data
            self.published += [step.file.publication] if step.file else []
            rows += step.fetches
        self.fetches.append(fetch_frame(rows))


@dataclass(frozen=True)
class _Portal:
    """Answers as a polite client would find a portal that shows these pages."""

    shown: Pages
    now: datetime

    def fetch(
        self, site: Site, url: str, kind: Kind, *, posted: str = "", page_url: str = "", last: Fetch | None = None
    ) -> Fetched:
        body = self.shown.get(url.removeprefix(BASE), Fault.MISSING)
        record = Fetch(site.id, kind, url, page_url, self.now, 200, url, posted=posted, attempts=1)
        if isinstance(body, Fault):
            status = {Fault.MISSING: 404, Fault.DENIED: 412}.get(body)
            return Fetched(replace(record, status=status, fault=body), b"")
        sha256 = hashlib.sha256(body).hexdigest()
        record = replace(record, etag=sha256, size=len(body), sha256=sha256)
        if last is not None and last.etag == sha256:
            return Fetched(replace(record, status=304), b"")
        return Fetched(record, body)
