"""What a site's lists and detail pages give tonight, against what they gave on earlier nights."""

from __future__ import annotations

import polars as pl

from pipeline.portals.evidence import Fault, Kind
from pipeline.portals.history import BAD, FEW, NIGHTS, ON_LISTS, earliest, latest
from pipeline.portals.signs import Outcome, Sign, SignKind

LOST_SHARE = 0.1
"""Of the detail pages that had files: units do take down single reports, not a tenth of all in one night."""
NEW_DAYS = 30
"""New detail pages show a new layout, while the old ones stay as they are."""
NEW_EMPTY, OLD_EMPTY, OLD_PAGES = 0.5, 0.25, 10
"""New pages are held against the old ones: half of the new without files, where of (enough) old ones few are."""

_ADDRESS = ("url", "posted")
_STRUCTURE = (Fault.NO_ITEMS, Fault.NOT_UNDERSTOOD)
_WORDS = {Fault.NO_ITEMS: "没有条目", Fault.NOT_UNDERSTOOD: "页面结构未能识别", Fault.INCOMPLETE: "条目不全"}


def layout(answers: pl.DataFrame, lacking: pl.DataFrame) -> Sign:
    """Lists that gave all their items on an earlier night, and for some nights give none or are not understood.

    `lacking` is what was found wrong with lists as a whole: that they are INCOMPLETE, or have NO_ITEMS anywhere.
    """
    whole = lacking.select("night", *_ADDRESS, whole="fault").unique(["night", *_ADDRESS], keep="last")
    lists = (
        answers.filter(ON_LISTS & (pl.col("fault").is_in(_STRUCTURE) | (~BAD & pl.col("items").is_not_null())))
        .join(whole, on=["night", *_ADDRESS], how="left")
        .with_columns(good=~BAD & (pl.col("items") > 0).fill_null(value=False) & pl.col("whole").is_null())
        .with_columns(last=pl.col("night").filter(pl.col("good")).max().over(_ADDRESS))
        .with_columns(bad_nights=(pl.col("night") > pl.col("last")).sum().over(_ADDRESS))
    )
    night = latest(answers["night"])
    tonight = lists.filter(pl.col("night") == night)
    if tonight.is_empty():
        return Sign(SignKind.LAYOUT, Outcome.NOT_JUDGED, "最近一夜没有打开过列表页。")
    wrong = tonight.filter(~pl.col("good") & pl.col("last").is_not_null())
    changed = wrong.filter(pl.col("bad_nights") >= NIGHTS)
    if changed.is_empty() and not wrong.is_empty():
        text = f"最近一夜（{night}）打开{tonight.height}个列表页，{wrong.height}个不如以前，连续{NIGHTS}夜才提示。"
        return Sign(SignKind.LAYOUT, Outcome.NOT_JUDGED, text)
    if changed.is_empty():
        compared = (
            lists.filter(pl.col("night") < night).join(tonight, on=_ADDRESS, how="semi").select(_ADDRESS).n_unique()
        )
        if not compared:
            return Sign(SignKind.LAYOUT, Outcome.NOT_JUDGED, "没有更早一夜的列表页可比。")
        return Sign(SignKind.LAYOUT, Outcome.AS_USUAL, f"与以前可比的{compared}个列表页都给出条目。")
    since = earliest(lists.join(changed, on=_ADDRESS, how="semi").filter(pl.col("night") > pl.col("last"))["night"])
    why = changed.select(why=pl.coalesce("whole", "fault"))["why"].replace(Fault.NONE, Fault.NO_ITEMS)
    told = {fault: (why == fault).sum() for fault in _WORDS}
    parts = "，".join(f"{count}个{_WORDS[fault]}" for fault, count in told.items() if count)
    text = f"以前给出条目的列表页，最近一夜（{night}）打开{tonight.height}个，其中{parts}。"
    return Sign(SignKind.LAYOUT, Outcome.AMISS, text, since, changed["url"][0], changed.height.bit_length())


def no_files(answers: pl.DataFrame) -> Sign:
    """Detail pages that give less than half of the files that they gave, or new ones without any, unlike old ones."""
    night = latest(answers["night"])
    pages = answers.filter((pl.col("kind") == Kind.DETAIL) & pl.col("items").is_not_null()).with_columns(
        before=pl.col("items").filter(pl.col("night") < night).max().over(_ADDRESS),
        first=pl.col("night").min().over(_ADDRESS),
    )
    tonight = pages.filter(pl.col("night") == night)
    if tonight.is_empty():
        return Sign(SignKind.NO_FILES, Outcome.NOT_JUDGED, "最近一夜没有打开过详情页。")
    held = tonight.filter(pl.col("before") > 0)
    less = 2 * pl.col("items") < pl.col("before")
    kept = pl.col("night").filter(~less).max().over(_ADDRESS)
    gone = pages.with_columns(kept=kept).filter(pl.col("night") > pl.col("kept"))
    lost = held.filter(less).join(
        gone.group_by(_ADDRESS).len().filter(pl.col("len") >= NIGHTS), on=_ADDRESS, how="semi"
    )
    old = pl.col("first") < pl.lit(night) - pl.duration(days=NEW_DAYS)
    known, new = tonight.filter(old), tonight.filter(~old)
    empty = new.filter(pl.col("items") == 0, pl.col("first") < night)
    if lost.height >= max(FEW, LOST_SHARE * held.height):
        since = earliest(gone.join(lost, on=_ADDRESS, how="semi")["night"])
        text = (
            f"最近一夜（{night}）打开{held.height}个以前有文件的详情页，其中{lost.height}个现在的文件不到以前的一半"
            f"（以前共{lost['before'].sum()}个，现在{lost['items'].sum()}个）。"
        )
        return Sign(SignKind.NO_FILES, Outcome.AMISS, text, since, lost["url"][0], lost.height.bit_length())
    bare = known.filter(items=0).height
    if (
        known.height >= OLD_PAGES
        and bare <= OLD_EMPTY * known.height
        and empty.height >= max(FEW, NEW_EMPTY * new.height)
    ):
        text = (
            f"近{NEW_DAYS}天新出现的{new.height}个详情页中，{empty.height}个没有文件；"
            f"更早的{known.height}个中只有{bare}个没有文件。"
        )
        return Sign(SignKind.NO_FILES, Outcome.AMISS, text, earliest(empty["first"]), empty["url"][0])
    if (lost := held.filter(less)).height >= max(FEW, LOST_SHARE * held.height):
        text = f"最近一夜（{night}）打开的详情页中，有{lost.height}个的文件不到以前的一半，连续{NIGHTS}夜才提示。"
        return Sign(SignKind.NO_FILES, Outcome.NOT_JUDGED, text)
    if held.is_empty() and known.height < OLD_PAGES:
        return Sign(SignKind.NO_FILES, Outcome.NOT_JUDGED, f"打开{tonight.height}个详情页，没有更早一夜的可比。")
    text = f"最近一夜（{night}）打开{tonight.height}个详情页，共给出{tonight['items'].sum()}个文件。"
    return Sign(SignKind.NO_FILES, Outcome.AS_USUAL, text)
