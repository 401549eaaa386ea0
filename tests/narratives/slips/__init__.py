"""Slips in what a report says. Those in numbers are put into the story before it is worded: every phrasing that tells
the number has them; those in words into the paragraphs.

A slip that no reader could tell from a right number, because rounding allows both, is none: it is drawn anew.
"""

from __future__ import annotations

from tests.narratives.slips import amounts, contents, ratios
from tests.narratives.slips.base import Slip, Unfit
from tests.narratives.slips.words import TEXT_SLIPS, TextSlip

SLIPS = {**amounts.SLIPS, **ratios.SLIPS, **contents.SLIPS}

__all__ = ["SLIPS", "TEXT_SLIPS", "Slip", "TextSlip", "Unfit"]
