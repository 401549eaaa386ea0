"""The life of single findings as people ask for it, and what they say of it: read from the lake and kept there.

No warehouse is needed: what happened to a finding is known even where the published file is lost.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from pipeline.lake import Lake
from pipeline.schema import FINDING_EVENT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

_CLOSED = {"resolved", "merged"}
_ACKNOWLEDGED = "acknowledged"
SHORTEST = 4
"""So many digits of a finding's number must be given at least."""


class UnknownFindingError(LookupError):
    """No finding, or more than one, has that number; the text is a Chinese sentence."""


def history(lake: Path, number: str) -> list[dict[str, Any]]:
    """What happened to a finding, in order, each event with the finding as it was first told and the file's name.

    `number` may be the beginning of its id. Raises UnknownFindingError.
    """
    store = Lake(lake)
    events = _of_one(store.finding_events(), number)
    names = dict(store.publications().select("document", "name").iter_rows())
    told: dict[str, Any] = {}
    rows = []
    for event in events.iter_rows(named=True):
        snapshot = event.pop("snapshot")
        if snapshot:
            (told,) = json.loads(snapshot)["finding"]
        about = {key: told[key] for key in ("unit", "fiscal_year", "scope", "identity", "form", "measure", "sentence")}
        rows.append({**event, **about, "file": names.get(event["document"], "")})
    return rows


def acknowledge(lake: Path, number: str, note: str, person: str, today: date) -> str:
    """Record that somebody has seen a finding, which does not close it; returns its id.

    Said again on the same day it is recorded once. Raises UnknownFindingError, also for a finding that is resolved.
    """
    store = Lake(lake)
    events = _of_one(store.finding_events(), number)
    finding_id = str(events["finding_id"][0])
    said = events.filter(pl.col("event") == _ACKNOWLEDGED).select("on_date", "note", "person").rows()
    state = events.filter(pl.col("event").is_in(["new", "changed", "returned", *_CLOSED]))["event"][-1]
    if state in _CLOSED:
        raise UnknownFindingError(f"问题 {finding_id} 已不再出现，无须登记知悉。")
    if (today, note, person) not in said:
        entry = {
            "finding_id": finding_id, "event_no": events["event_no"].to_list()[-1] + 1, "on_date": today,
            "event": _ACKNOWLEDGED, "document": events["document"][-1], "severity": events["severity"][-1],
            "note": note, "person": person,
        }  # fmt: skip
        store.add_finding_events(pl.DataFrame([entry], schema=FINDING_EVENT))
    return finding_id


def with_acknowledgements(lake: Path, findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings of the published warehouse with what was acknowledged since it was published."""
    events = Lake(lake).finding_events()
    last_told = pl.col("event_no").filter(pl.col("snapshot").is_not_null()).max().over("finding_id")
    seen = {
        finding_id: (on_date, person)
        for finding_id, on_date, person in events.filter(
            (pl.col("event") == _ACKNOWLEDGED) & (pl.col("event_no") > last_told)
        )
        .sort("event_no")
        .select("finding_id", "on_date", "person")
        .iter_rows()
    }
    return [
        row | dict(zip(("acknowledged_on", "acknowledged_by"), seen[row["finding_id"]], strict=True))
        if row["finding_id"] in seen
        else row
        for row in findings
    ]


def _of_one(events: pl.DataFrame, number: str) -> pl.DataFrame:
    if len(number) < SHORTEST:
        raise UnknownFindingError(f"问题编号至少给出前{SHORTEST}位，见 juesuan findings。")
    found = events.filter(pl.col("finding_id").str.starts_with(number)).sort("event_no")
    ids = found["finding_id"].unique().to_list()
    if not ids:
        raise UnknownFindingError(f"没有编号为 {number} 的问题，编号见 juesuan findings。")
    if len(ids) > 1:
        raise UnknownFindingError(f"以 {number} 开头的问题有{len(ids)}个，请给出更多位数：{'、'.join(sorted(ids))}")
    return found
