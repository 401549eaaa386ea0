"""Whether a site is as it was: signs from the evidence of all its nights.

A night is a day at the bureau; of an address that was asked twice in it, the last answer counts. A walk visits every
list and every detail page each night, so that one night can be held against another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.history import BAD, FEW, NIGHTS, ON_LISTS, day, earliest, latest
from pipeline.portals.night import End
from pipeline.portals.night import crawls as each_once
from pipeline.portals.season import season_signs
from pipeline.portals.signs import Outcome, Sign, SignKind
from pipeline.portals.structure import layout, no_files

if TYPE_CHECKING:
    from datetime import date

SILENT_NIGHTS = 3
"""Nights without one good answer, or with many errors: portals are serviced at night, now and then for two."""
UNFINISHED_NIGHTS, FIRST_WALK_NIGHTS = 3, 7
"""Nights without an end: the next one takes up what is left; the first walk through a large site takes some more."""
FIRST_NIGHTS = 3
"""Nights with answers before files are compared with last year's: the first ones may not get through a whole site."""
ERROR_SHARE = 0.2
"""Dead links and slow answers are some percent of any portal; a fifth means that reports are not collected."""
CHALLENGE_SHARE = 0.1
"""Less than of errors: a firewall that has noticed us closes more every night."""
CALM = 0.5
"""A share is over only when it has fallen to half of its limit: around the limit it would begin and end every night."""

_CHALLENGED = (405, 412, 521)
"""What the portals' firewalls answer with a challenge page."""
_WHOLE = pl.col("fault").is_in((Fault.LIMIT, Fault.INCOMPLETE, Fault.TIME_UP)) | (
    (pl.col("fault") == Fault.NO_ITEMS) & pl.col("status").is_null()
)
"""Said of a list or a night as a whole, not answers to requests."""
_PARTLY = "最近一夜没有收集完，只看了一部分，无从判断。"
_CHALLENGE = (pl.col("fault") == Fault.NOT_A_FILE) | (
    (pl.col("fault") == Fault.DENIED) & pl.col("status").is_in(_CHALLENGED).fill_null(value=False)
)
_ERROR = (
    BAD
    & ~_CHALLENGE
    & ~pl.col("fault").is_in((Fault.NO_ITEMS, Fault.NO_REPORT))
    & ~(ON_LISTS & (pl.col("fault") == Fault.NOT_UNDERSTOOD))
)


def signs(
    site: str, fetches: pl.DataFrame, publications: pl.DataFrame, crawls: pl.DataFrame, today: date
) -> tuple[Sign, ...]:
    """How a site (its id) stands until `today`, one sign of each kind, from all rows of the lake's tables."""
    rows = fetches.filter(
        (pl.col("site") == site)
        & (pl.col("kind") != Kind.ROBOTS)
        & ~((pl.col("kind") == Kind.COLUMN) & (pl.col("fault") == Fault.ROBOTS))  # the site's wish
    ).with_columns(night=day("fetched_at"))
    rows = rows.filter(pl.col("night") <= today).sort("fetched_at")
    answers = rows.filter(~_WHOLE).unique(["night", "url", "posted"], keep="last", maintain_order=True)
    walks = crawls.filter(pl.col("site") == site)
    unfinished = _unfinished(walks, today)
    if answers.is_empty():
        never = (Sign(kind, Outcome.NOT_JUDGED, "尚未访问过这个网站。") for kind in SignKind)
        return tuple(unfinished if sign.kind is unfinished.kind else sign for sign in never)
    night = latest(answers["night"])
    over = not rows.filter((pl.col("night") == night) & (pl.col("fault") == Fault.TIME_UP)).is_empty()
    partly = over or (not walks.is_empty() and unfinished.outcome is not Outcome.AS_USUAL)
    published = publications.filter(pl.col("site") == site).with_columns(fetched_on=day("fetched_at"))
    return (
        _silent(answers),
        unfinished,
        _seen(
            layout(answers, rows.filter(_WHOLE & pl.col("fault").is_in((Fault.INCOMPLETE, Fault.NO_ITEMS)))),
            partly=partly,
        ),
        _share(SignKind.CHALLENGE, answers, _CHALLENGE, CHALLENGE_SHARE, NIGHTS),
        _share(SignKind.ERRORS, answers, _ERROR, ERROR_SHARE, SILENT_NIGHTS),
        _seen(no_files(answers), partly=partly),
        *season_signs(
            published, today, answers.sort("night")["night"][0], _PARTLY if partly else _incomparable(answers)
        ),
    )


def _silent(answers: pl.DataFrame) -> Sign:
    """Nights since the last good answer; an answer that robots.txt gave is none."""
    last = latest(answers.filter(~BAD)["night"])
    silent = answers.filter(pl.col("night") > last if last else pl.lit(value=True))
    count, since = silent["night"].n_unique(), earliest(silent["night"])
    if not count:
        return Sign(SignKind.SILENT, Outcome.AS_USUAL, f"最近一夜（{last}）有可用的回答。")
    if count < SILENT_NIGHTS:
        text = f"已有{count}夜没有给出可用的页面，连续{SILENT_NIGHTS}夜才提示。"
        return Sign(SignKind.SILENT, Outcome.NOT_JUDGED, text)
    fault, _, url = _most(silent)
    return Sign(SignKind.SILENT, Outcome.AMISS, f"已连续{count}夜没有给出可用的页面，多为：{fault.label}。", since, url)


def _unfinished(rows: pl.DataFrame, today: date) -> Sign:
    """Nights since the last crawl that came to its end; an error of ours is told at once."""
    rows = each_once(rows).with_columns(night=day("started_at")).filter(pl.col("night") <= today)
    if rows.is_empty():
        return Sign(SignKind.UNFINISHED, Outcome.NOT_JUDGED, "没有收集过程的记录。")
    last = rows.row(-1, named=True)
    done = latest(rows.filter(pl.col("end") == End.DONE)["night"])
    open_nights = rows.filter(pl.col("night") > done if done else pl.lit(value=True))["night"]
    count, since = open_nights.n_unique(), earliest(open_nights)
    told = f"最近一次（{last['night']}）{End(last['end']).label}"
    told += f"，尚有{last['left']}个网页和文件" if last["left"] else ""
    if last["end"] == End.BROKEN:
        return Sign(SignKind.UNFINISHED, Outcome.AMISS, f"{told}：{last['note']}。", since or last["night"])
    if not count:
        return Sign(SignKind.UNFINISHED, Outcome.AS_USUAL, f"最近一次（{done}）{End.DONE.label}。")
    limit = UNFINISHED_NIGHTS if done else FIRST_WALK_NIGHTS
    if count < limit:
        return Sign(SignKind.UNFINISHED, Outcome.NOT_JUDGED, f"{told}；连续{limit}夜才提示。")
    return Sign(SignKind.UNFINISHED, Outcome.AMISS, f"已连续{count}夜没有收集完，{told}。", since)


def _seen(sign: Sign, *, partly: bool) -> Sign:
    """The sign, unless it says that all is as usual of a night that did not get through."""
    return (
        replace(sign, outcome=Outcome.NOT_JUDGED, text=_PARTLY) if partly and sign.outcome is Outcome.AS_USUAL else sign
    )


def _share(kind: SignKind, answers: pl.DataFrame, bad: pl.Expr, limit: float, nights: int) -> Sign:
    """The share of addresses that gave `bad` answers, night by night, from its limit until it is calm again.

    It is a sign after so many nights. Nights without one good answer are another sign's.
    """
    since, lasted = None, 0
    nightly = answers.group_by("night").agg(pl.len().alias("asked"), bad.sum().alias("bad"), good=(~BAD).any())
    if not nightly.sort("night")["good"][-1]:
        return Sign(kind, Outcome.NOT_JUDGED, "最近一夜没有一个可用的回答。")
    nightly = nightly.filter("good").drop("good").sort("night")
    for night, asked, count in nightly.iter_rows():
        if count >= FEW and count >= limit * asked:
            since = since or night
        elif count < CALM * limit * asked or not count:
            since, lasted = None, 0
        lasted += since is not None
    night, asked, count = nightly.row(-1)
    text = f"最近一夜（{night}）访问{asked}个网址，{count}个属于{kind.label}（{count / asked:.0%}）"
    if since is None:
        return Sign(kind, Outcome.AS_USUAL, f"{text}。")
    if lasted < nights:
        return Sign(kind, Outcome.NOT_JUDGED, f"{text}，连续{nights}夜才提示。")
    fault, often, url = _most(answers.filter((pl.col("night") == night) & bad))
    return Sign(kind, Outcome.AMISS, f"{text}，最多的是：{fault.label}（{often}个）。", since, url)


def _incomparable(answers: pl.DataFrame) -> str:
    """Why the site's files cannot be held against last year's, "" if they can: a sentence."""
    good = answers.filter(~BAD)["night"].n_unique()
    if good < FIRST_NIGHTS:
        return f"刚开始收集（有回答的第{good}夜），尚无可比。" if good else "从未有过可用的回答，尚无可比。"
    lists = answers.filter(ON_LISTS & (pl.col("night") == pl.col("night").max()))
    answered = lists.filter(~BAD).height
    if 2 * answered <= lists.height:
        return f"最近一夜{lists.height}个列表页只有{answered}个可用，文件多少无从判断。"
    return ""


def _most(answers: pl.DataFrame) -> tuple[Fault, int, str]:
    """The most frequent fault of some answers, how often it is, and one of the addresses."""
    counts = (
        answers.group_by("fault").agg(pl.len(), pl.col("url").first()).sort("len", "fault", descending=[True, False])
    )
    fault, often, url = counts.row(0)
    return Fault(fault), often, url
