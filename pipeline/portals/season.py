"""A site's files of this year against last year's until the same day, by the dates that the portal prints.

Accounts of a fiscal year are published in the next one, most of them within a few weeks that move by some days from
year to year. So this year is held against last year as it was `SLACK` days earlier: a season that begins that much
later is no sign.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from pipeline.portals.signs import Outcome, Sign, SignKind
from pipeline.portals.titles import fiscal_year

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 14
"""Days by which a season may move."""
QUIET = 30
"""Days without a new file; more than twice `SLACK`, by which the same time of last year is cut at both ends."""
HANDFUL = 5
"""Files that last year's same time must have had: fewer come at any day."""
ENOUGH = 10
"""Files of last year of which a share says something."""
SHARE = 0.6
"""Units merge, and a few are always late: four fifths are no sign."""
UNDATED = 0.2
"""Share of files without a date beyond which nothing can be said of days."""
FIRST_WALK = 7
"""Days of a new site in which what arrives need not be new."""


@dataclass(frozen=True, slots=True)
class Years:
    """The days, sorted, on which something was published, of this year and of last year."""

    this: Sequence[date]
    last: Sequence[date]

    def ours(self, day: date) -> int:
        """How much of this year until a day of this year."""
        return bisect_right(self.this, day)

    def theirs(self, day: date, slack: int = 0) -> int:
        """How much of last year until the same day, less some days."""
        return bisect_right(self.last, _year_before(day) - timedelta(days=slack))

    def short(self, day: date, share: float) -> bool:
        """Whether this year has less than a share of last year."""
        return self.ours(day) < share * self.theirs(day, SLACK)


@dataclass(frozen=True, slots=True)
class Season:
    """Files, the pages that they stand on, and the last day on which any file was published.

    Units may put all in one file that they put in five last year, and portals all units on one page: fewer is what is
    fewer in files and, where there are many, in pages.
    """

    files: Years
    pages: Years
    latest: date

    def short(self, day: date, share: float) -> bool:
        """Whether this year has less than a share of last year."""
        many = len(self.pages.last) >= ENOUGH  # all in all, however few there were by this day
        return self.files.short(day, share) and (not many or self.pages.short(day, share))

    def behind(self, day: date) -> bool:
        """Whether this year has clearly less than last year, which had enough."""
        return self.files.theirs(day, SLACK) >= ENOUGH and self.short(day, SHARE)


def season_signs(published: pl.DataFrame, today: date, first_night: date, incomparable: str) -> tuple[Sign, Sign]:
    """The signs of kinds NOTHING_NEW and FEWER.

    `published` are the `PUBLICATION` rows of the site with the day `fetched_on`; it was first asked at `first_night`.
    `incomparable` is why nothing can be said tonight, if so.
    """
    files = published.sort("fetched_on").unique("document", keep="first", maintain_order=True)
    files = files.unique("url", keep="first", maintain_order=True)
    undated = files["published_on"].null_count()
    if not incomparable and undated > UNDATED * files.height:
        incomparable = f"{files.height}份文件中有{undated}份没有公开日期，无从与去年比较。"
    if incomparable:
        first, second = SignKind.NOTHING_NEW, SignKind.FEWER
        return Sign(first, Outcome.NOT_JUDGED, incomparable), Sign(second, Outcome.NOT_JUDGED, incomparable)
    season = _season(files, published, today, first_night)
    quiet = _nothing_new(season, today)
    if quiet.outcome is Outcome.AMISS and not season.files.this:
        return quiet, Sign(SignKind.FEWER, Outcome.NOT_JUDGED, f"今年还没有文件，见“{quiet.kind.label}”。")
    return quiet, _fewer(season, today)


def _season(files: pl.DataFrame, published: pl.DataFrame, today: date, first_night: date) -> Season:
    dated = files.drop_nulls("published_on").filter(pl.col("published_on") <= today).sort("published_on")
    # a site that moves prints the day of the move on what it publishes anew, whatever its year
    own = [
        (fiscal_year(title) or fiscal_year(name) or day.year - 1) == day.year - 1
        for day, title, name in dated.select("published_on", "title", "name").iter_rows()
    ]
    dated = dated.filter(pl.Series(own, dtype=pl.Boolean))
    known = published.filter(pl.col("fetched_on") > first_night + timedelta(days=FIRST_WALK))["fetched_on"]
    seen = (day for day in (*published["published_on"].drop_nulls(), *known) if day <= today)
    latest = max(seen, default=date.min)
    pages = dated.unique(["page_url", "title"], keep="first", maintain_order=True)
    return Season(_years(dated, today), _years(pages, today), max(latest, date(today.year, 1, 1)))


def _years(dated: pl.DataFrame, today: date) -> Years:
    days = dated["published_on"]
    return Years(
        days.filter(days.dt.year() == today.year).to_list(), days.filter(days.dt.year() == today.year - 1).to_list()
    )


def _nothing_new(season: Season, today: date) -> Sign:
    """Nothing for a while in which last year brought something, though this year is not through yet."""
    begin, end = season.latest + timedelta(days=SLACK), today - timedelta(days=SLACK)
    theirs = max(season.files.theirs(end) - season.files.theirs(begin), 0)
    quiet = (today - season.latest).days
    if quiet >= QUIET and theirs >= HANDFUL and season.short(today, 1):
        text = (
            f"列表页照常回答，但自{season.latest}起{quiet}天没有新的决算文件；"
            f"去年同一时段（{_year_before(begin)}之后至{_year_before(end)}）公开了{theirs}份。"
        )
        return Sign(SignKind.NOTHING_NEW, Outcome.AMISS, text, season.latest)
    if not season.files.last:
        return Sign(SignKind.NOTHING_NEW, Outcome.NOT_JUDGED, "没有去年公开的文件可比。")
    text = f"自{season.latest}起{quiet}天没有新的决算文件，去年同一时段（两端各减{SLACK}天）公开了{theirs}份。"
    return Sign(SignKind.NOTHING_NEW, Outcome.AS_USUAL, text)


def _fewer(season: Season, today: date) -> Sign:
    files, pages = season.files, season.pages
    text = (
        f"今年至{today}公开{today.year - 1}年度决算文件{files.ours(today)}份（{pages.ours(today)}个页面），"
        f"去年同期公开上一年度的{files.theirs(today)}份（{pages.theirs(today)}个页面）"
    )
    if files.theirs(today, SLACK) < ENOUGH:
        return Sign(SignKind.FEWER, Outcome.NOT_JUDGED, f"{text}；去年同期太少，不作比较。")
    if not season.behind(today):
        return Sign(SignKind.FEWER, Outcome.AS_USUAL, f"{text}。")
    since = today
    while since.timetuple().tm_yday > 1 and season.behind(since - timedelta(days=1)):
        since -= timedelta(days=1)
    return Sign(SignKind.FEWER, Outcome.AMISS, f"{text}。", since)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
