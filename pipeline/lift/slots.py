"""Columns of a table as its headings mean them: the value that passes from headings to rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.lift.vocabulary import KEYS

if TYPE_CHECKING:
    from pipeline.forms import Column
    from pipeline.lift.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Slot:
    """One column as the headings mean it; it may be several columns of the grid, `first` to before `stop`.

    `start` and `end` are its sides as `Grid.across` gives them; `path` are its headings from top to bottom; `block`
    counts the groups of keys and money from the left.
    """

    first: int
    stop: int
    start: float
    end: float
    path: tuple[str, ...]
    role: Role = "empty"
    column: Column | None = None
    block: int = 0
    side: str = ""

    @property
    def heading(self) -> str:
        """The lowest heading as printed, less white space."""
        return self.path[-1] if self.path else ""

    @property
    def is_key(self) -> bool:
        """True for what tells a row: codes, names, ordinals."""
        return self.role in KEYS

    @property
    def is_money(self) -> bool:
        """True for a column under headings that are no key's."""
        return self.role in {"money", "unknown"}
