"""What became of a site's crawl: one row when it begins, one when it ends. A crawl without an end was killed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import polars as pl

from pipeline.schema import CRAWL

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class End(StrEnum):
    """How a crawl ended; `label` is what the bureau reads. NONE: it runs still, or its process was killed."""

    NONE = ""
    DONE = "done"
    TIME_UP = "time_up"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        """What the bureau reads."""
        return _LABELS[self]


_LABELS = {
    End.NONE: "没有结束（正在收集，或进程被终止）",
    End.DONE: "已收集完",
    End.TIME_UP: "时间已到，其余下次继续",
    End.BROKEN: "程序错误，中断",
}


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl of one site: one row of `pipeline.schema.CRAWL`. `started_at` and `site` are its key.

    `pages` were read, `files` published anew, `unchanged` files not sent again; `faults` are issues, `left` pages and
    files that are known and were not visited. `note` says what broke it.
    """

    site: str
    started_at: datetime
    ended_at: datetime | None = None
    end: End = End.NONE
    pages: int = 0
    files: int = 0
    unchanged: int = 0
    faults: int = 0
    left: int = 0
    note: str = ""


def crawl_frame(rows: Iterable[Crawl]) -> pl.DataFrame:
    """Crawls as a frame of schema `CRAWL`."""
    return pl.DataFrame([asdict(row) for row in rows], schema=CRAWL)


def crawls(rows: pl.DataFrame) -> pl.DataFrame:
    """Every crawl once (`CRAWL`), with its end if it has one; in order of their beginning."""
    return (
        rows.sort("ended_at", nulls_last=True).unique(["site", "started_at"], keep="first").sort("started_at", "site")
    )


def finished(site: str, rows: pl.DataFrame) -> datetime | None:
    """When the last crawl of a site ended that left nothing, None if none has."""
    ends = rows.filter(site=site, end=End.DONE.value)["ended_at"].to_list()
    return max(ends, default=None)
