"""What has become of the subjects since they were told: new, changed, resolved, replaced, late, amiss."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from expectations.digest.subjects import State, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Known = dict[str, str]
"""What a reader has been told: the `told` of subjects by their keys."""


class Change(StrEnum):
    """What is told of a subject; `label` is the word that the bureau reads."""

    FAILED = "failed"
    NEW = "new"
    EXPIRED = "expired"
    CHANGED = "changed"
    MISSING = "missing"
    LATE = "late"
    AMISS = "amiss"
    REPLACED = "replaced"
    RESOLVED = "resolved"
    AS_USUAL = "as_usual"
    REGISTERED = "registered"
    UNREAD = "unread"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    Change.FAILED: "任务失败",
    Change.NEW: "新发现",
    Change.EXPIRED: "豁免已到期",
    Change.CHANGED: "有变化",
    Change.MISSING: "逾期未公开",
    Change.LATE: "逾期公开",
    Change.AMISS: "网站异常",
    Change.REPLACED: "报告已更换",
    Change.RESOLVED: "已消除",
    Change.AS_USUAL: "网站已恢复",
    Change.REGISTERED: "新列入名录",
    Change.UNREAD: "文件未能读取",
}
FINDINGS = frozenset({Change.NEW, Change.EXPIRED, Change.CHANGED})
"""Changes after which a finding stands against the unit."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change of one subject; `before` is what was known of it, "" if nothing was."""

    change: Change
    subject: Subject
    before: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """All that one reader has not been told: the gravest first.

    `first`: this reader has never been told anything and is told how things stand. `vanished` findings that were told
    as open are in the list no more, neither open nor resolved. `known` is what the reader knows once this is told.
    """

    items: tuple[Item, ...]
    known: Known
    first: bool = False
    vanished: int = 0

    def __bool__(self) -> bool:
        return bool(self.items or self.vanished)


def compare(subjects: Iterable[Subject], known: Mapping[str, str] | None) -> News:
    """The news among `subjects` for a reader who knows what `known` says; None: who was never told anything."""
    before = known or {}
    # a reader who was told before there was a register has not been told of any unit in it
    enrolled = any(key.startswith("register:") for key in before)
    items: list[Item] = []
    now: Known = {}
    for subject in subjects:
        told = before.get(subject.key, "")
        change = _change(subject, told, first=known is None or (subject.state is State.REGISTERED and not enrolled))
        if change:
            items.append(Item(change, subject, told))
        if subject.state is not State.UNVERIFIED:
            now[subject.key] = subject.told
        elif told:  # what could not be checked today stands as it did
            now[subject.key] = told
    vanished = sum(
        1
        for key, told in before.items()
        if key.startswith("finding:") and told.startswith(State.OPEN) and key not in now
    )
    return News(tuple(sorted(items, key=_gravity)), now, known is None, vanished)


def _change(subject: Subject, told: str, *, first: bool) -> Change | None:
    if told == subject.told or (first and subject.state is State.REGISTERED):
        return None
    before = told.partition("|")[0]
    match subject.state:
        case State.OPEN:
            return _OPENED.get(before, Change.NEW)
        case State.RESOLVED:
            # found and corrected since: that is told too, unless nothing was told yet
            return None if first or before in (State.WAIVED, State.RESOLVED) else Change.RESOLVED
        case State.CURRENT:
            return Change.REPLACED if told else None
        case State.AS_USUAL:
            return Change.AS_USUAL if before == State.AMISS else None
        case _:
            return _ALWAYS.get(subject.state)


_OPENED = {State.OPEN.value: Change.CHANGED, State.WAIVED.value: Change.EXPIRED}
_ALWAYS = {
    State.LATE: Change.LATE,
    State.MISSING: Change.MISSING,
    State.UNREAD: Change.UNREAD,
    State.AMISS: Change.AMISS,
    State.REGISTERED: Change.REGISTERED,
    State.FAILED: Change.FAILED,
}
_RANKS = {
    (Change.FAILED, ""): 0,
    **{(change, "E"): 1 for change in FINDINGS},
    (Change.MISSING, ""): 2,
    (Change.AMISS, ""): 3,
    **{(change, "W"): 4 for change in FINDINGS},
    (Change.LATE, ""): 5,
    (Change.REPLACED, ""): 6,
    **{(change, "I"): 7 for change in FINDINGS},
    (Change.RESOLVED, "E"): 8,
    (Change.RESOLVED, "W"): 9,
}
_LAST = 10


def _gravity(item: Item) -> tuple[int, float, str, int, str]:
    subject = item.subject
    rank = _RANKS.get((item.change, subject.severity), _LAST)
    return rank, -subject.weight, subject.unit, subject.fiscal_year or 0, subject.key
