"""A statement: what a reader makes of one number or one word of a paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from pipeline.narrative.subjects import Subject
    from pipeline.narrative.tokens import Token


@dataclass(slots=True)
class Statement:
    """A number, or a word that stands for one, as read; places are those of the folded paragraph.

    `value` is signed, and given where it is not that of the number as printed (a decrease, 持平, 大于).
    """

    token: Token
    subject: Subject
    measure: str
    direction: str = ""
    year: int | None = None
    value: Decimal | None = None
    sentence: tuple[int, int] = (0, 0)
    reason: tuple[int, int] | None = None

    @property
    def understood(self) -> bool:
        """True if it says what of which line."""
        return bool(self.subject.line and self.measure)
