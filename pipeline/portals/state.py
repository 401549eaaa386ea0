"""What earlier nights know, read from the lake's two tables, and rows for them.

A crawl keeps no state of its own: which files stand where is what the publications say, what the servers said of
them is what the evidence says. A night that was cut off is thus resumed by simply beginning again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zlib import crc32

import polars as pl

from pipeline.portals.evidence import Fault, Fetch, Kind
from pipeline.schema import FETCH, PUBLICATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from pipeline.portals.base import Publication, Site


_FETCH_VALUES, _PUBLICATION_VALUES = attrgetter(*FETCH.names()), attrgetter(*PUBLICATION.names())


_TWO = 2


def _nothing(sha256: str) -> bytes:
    raise FileNotFoundError(sha256)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a site's addresses (keys: `url_key`).

    `fetches` is the last good fetch of each, `documents` the sha256 of the file that it published last, `asked` the day
    on which it was asked for since the last crawl that came to its end, in vain or not, `sent` when its bytes came
    last, new or not. `body` gives the bytes of a page by sha256 and raises FileNotFoundError if they are lost
    (`Lake.get`).
    """

    fetches: Mapping[str, Fetch] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, date] = field(default_factory=dict)
    sent: Mapping[str, datetime] = field(default_factory=dict)
    body: Callable[[str], bytes] = _nothing


@lru_cache(maxsize=10_000)
def url_key(url: str, posted: str = "") -> str:
    """What makes two requests the same page: neither the scheme nor a spelled-out index.html matters.

    `posted` is the form that is sent, if one is.
    """
    parts = urlsplit(url)
    path = parts.path or "/"
    folder, _, name = path.rpartition("/")
    if name.partition(".")[0] == "index" and name.rpartition(".")[2] in ("html", "htm", "shtml"):
        path = f"{folder}/"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower()}{path}{query}" + (f" {posted}" if posted else "")


def known(
    site: Site,
    publications: pl.DataFrame,
    fetches: pl.DataFrame,
    body: Callable[[str], bytes],
    finished: datetime | None = None,
) -> Known:
    """The state of one site from all publications (`PUBLICATION`) and all evidence (`FETCH`).

    `finished` is when the last crawl ended that left nothing for the next, None if none has.
    """
    documents = publications.filter(site=site.id).sort("fetched_at")
    fetches = fetches.filter(site=site.id).sort("fetched_at")
    last: dict[str, Fetch] = {}
    sent: dict[str, datetime] = {}
    for row in newest(fetches).iter_rows(named=True):
        fetch = Fetch(**{**row, "kind": Kind(row["kind"]), "fault": Fault(row["fault"])})
        key = url_key(fetch.url, fetch.posted)
        in_vain = key in sent and _in_vain(site, key, fetch, last[key], sent[key])
        if fetch.status == 200:
            sent[key] = fetch.fetched_at
        last[key] = replace(fetch, etag="", last_modified="") if in_vain else fetch
    return Known(
        fetches=last,
        sent=sent,
        documents={url_key(url): sha for url, sha in documents.select("url", "document").iter_rows()},
        asked=_asked(fetches if finished is None else fetches.filter(pl.col("fetched_at") > finished)),
        body=body,
    )


def newest(fetches: pl.DataFrame) -> pl.DataFrame:
    """Of each address the last two good answers and the last two that brought its bytes, in order of time.

    Years of evidence say no more.
    """
    good = fetches.filter(fault="").unique(["url", "posted", "fetched_at"], keep="last", maintain_order=True)
    ago = pl.int_range(pl.len(), 0, -1).over("url", "posted")
    bytes_ago = (pl.col("status") == 200).cum_sum(reverse=True).over("url", "posted")
    brought = (pl.col("status") == 200).fill_null(value=False) & (bytes_ago <= _TWO)
    return good.filter((ago <= _TWO) | brought)


def _in_vain(site: Site, key: str, fetch: Fetch, before: Fetch, sent: datetime) -> bool:
    """Whether a server that was asked for changes sent the same bytes again.

    Such a server would send every file every night; without validators a file waits for its recheck, and then the
    server gets another chance.
    """
    same = fetch.status == 200 and fetch.sha256 == before.sha256
    soon = fetch.fetched_at - before.fetched_at < timedelta(days=site.recheck_days)
    return same and soon and before.has_validators and not is_due(site, key, sent, fetch.fetched_at)


def is_due(site: Site, key: str, sent: datetime, now: datetime) -> bool:
    """Whether an address (`url_key`) is to be asked for as if it were new: its bytes came long ago.

    What came in one night falls due over half the time again, a few addresses every night.
    """
    days = site.renew_days * (1 + crc32(key.encode()) % 100 / 200)
    return now - sent >= timedelta(days=days)


def _asked(fetches: pl.DataFrame) -> dict[str, date]:
    """When each address was asked for; the page read last is left out, since its files may still be due."""
    asked = fetches.filter(pl.col("attempts") > 0)
    due = asked.filter(kind=Kind.DETAIL.value).tail(1)
    rows = asked.join(due, on=["url", "posted"], how="anti").select("url", "posted", pl.col("fetched_at").dt.date())
    return {url_key(url, posted): day for url, posted, day in rows.iter_rows()}


def fetch_frame(rows: Iterable[Fetch]) -> pl.DataFrame:
    """Evidence as a frame of schema `FETCH`."""
    return pl.DataFrame([_FETCH_VALUES(row) for row in rows], schema=FETCH, orient="row")


def publication_frame(rows: Iterable[Publication]) -> pl.DataFrame:
    """Publications as a frame of schema `PUBLICATION`."""
    return pl.DataFrame([_PUBLICATION_VALUES(row) for row in rows], schema=PUBLICATION, orient="row")
