"""A letter as values: all that is printed in it, in order. Its texts are cleaned, but not escaped for any format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes, and how.

    `number` is the pattern of its document numbers, with places {year} and {number}; `contact` whom to call; `dated`
    the date under the letter (None: that of the publication); `days` how long the unit has to answer.
    """

    name: str = ""
    number: str = ""
    contact: str = ""
    dated: date | None = None
    days: int = 15


@dataclass(frozen=True, slots=True)
class Picture:
    """A cut of the page: PNG bytes and the size in pixels; `width` is the natural width in millimetres."""

    png: bytes
    pixels: tuple[int, int]
    width: float
    caption: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A number among its neighbours, where a document has no pages: `marked` are (row, column) positions in `rows`."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[tuple[int, int]]
    caption: str


@dataclass(frozen=True, slots=True)
class Item:
    """One finding. `values` are its particulars by name; `relations` the broken identities that it explains."""

    finding_id: str
    sentence: str
    values: tuple[tuple[str, str], ...]
    relations: tuple[str, ...]
    evidence: tuple[Picture | Surroundings, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter on one report: `wrong` must be corrected, `doubtful` explained, `hints` are for the unit's use only.

    `title` has one line or two, broken where its sense allows.
    """

    report_id: str
    title: tuple[str, ...]
    number: str
    to: str
    opening: tuple[str, ...]
    wrong: tuple[Item, ...]
    doubtful: tuple[Item, ...]
    requests: tuple[str, ...]
    hints: tuple[str, ...]
    enclosures: tuple[str, ...]
    closing: str
    office: str
    dated: date
    contact: str

    @property
    def name(self) -> str:
        """The title in one line."""
        return "".join(self.title)

    @property
    def items(self) -> tuple[Item, ...]:
        """All findings that ask for an answer, in the order of their numbers."""
        return self.wrong + self.doubtful
