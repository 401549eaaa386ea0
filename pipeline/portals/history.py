"""The evidence of a site's nights as one frame: the last answer of every address in every night (`night`: its day)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.portals.evidence import Kind

if TYPE_CHECKING:
    from datetime import date

FEW = 5
"""Addresses of which a share says something: below, single dead links and mistakes make any share."""
NIGHTS = 2
"""Nights in a row before something is a sign: in one night anything may go wrong, and be told as an issue."""
BAD = pl.col("fault") != ""
ON_LISTS = pl.col("kind").is_in((Kind.LIST, Kind.COLUMN))


def earliest(days: pl.Series) -> date | None:
    """The first of some days, None if there are none."""
    found: date | None = days.sort()[0] if len(days) else None
    return found


def latest(days: pl.Series) -> date | None:
    """The last of some days, None if there are none."""
    return earliest(days.sort(descending=True)[:1])


def day(column: str) -> pl.Expr:
    """The day at the bureau of a time."""
    return pl.col(column).dt.convert_time_zone("Asia/Shanghai").dt.date()
