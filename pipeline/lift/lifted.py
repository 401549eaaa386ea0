"""A fact of one form before the whole document is known: the value that passes from lifting to settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.lift.numbers import Number
    from pipeline.model import Box

SURE = 1.0
INFERRED = 0.9
"""Confidence of a line that was found by a name one character off, cut, or without its code."""

UNCONFIRMED = 0.8
"""Confidence of a line whose code and name were recognised from a picture, and do not bear each other out."""


class Lifted(NamedTuple):
    """A fact before the document's money unit is known; `number` is None for a cell that prints nothing."""

    line: str
    measure: str
    label: str
    number: Number | None
    printed: str
    page: int
    box: Box
    row_no: int
    confidence: float
    recognised: bool
    """True for what was read from a picture, where digits may be misread."""
