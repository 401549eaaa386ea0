"""The subjects of a digest: each thing of which the bureau may be told, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class State(StrEnum):
    """How a subject stands. Only some changes from one to another are told, see `compare`."""

    OPEN = "open"
    WAIVED = "waived"
    RESOLVED = "resolved"
    UNVERIFIED = "unverified"
    CURRENT = "current"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"
    REGISTERED = "registered"
    UNREAD = "unread"
    AMISS = "amiss"
    AS_USUAL = "as_usual"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Subject:
    """One finding, report, duty to publish, unreadable file, sign of a site or failed run.

    `key` is its name for ever, the part before the colon its sort; `mark` stands for what it says, so that another
    mark in the same state is a change (of a report: the file that is current). `text` is a Chinese sentence, `url`
    where it was published, `source` the name of the file; `weight` orders subjects of the same gravity.
    """

    key: str
    state: State
    text: str = ""
    mark: str = ""
    severity: str = ""
    unit: str = ""
    fiscal_year: int | None = None
    scope: str = ""
    page: int | None = None
    since: date | None = None
    url: str = ""
    source: str = ""
    weight: float = 0.0

    @property
    def sort(self) -> str:
        """What sort of subject it is: finding, report, punctuality, register, file, site or run."""
        return self.key.partition(":")[0]

    @property
    def told(self) -> str:
        """What is remembered of it once it has been told."""
        return f"{self.state}|{self.mark}"
