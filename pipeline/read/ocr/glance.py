"""Whether a picture on a page is worth recognising: a look at its rules, without the models of text recognition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.read.glyphs import Glyphs
from pipeline.read.ocr import picture, rules
from pipeline.read.ruling import find_tables

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from pipeline.model import Box
    from pipeline.read.ink import Ink

_DPI = 150  # thin rules fade at less
_CELLS = 4  # of the smallest grid; a chart in its frame is one cell
_LEVELS = 3  # rules; a chart's frame has two
_ALIKE = 6.0  # points


def shows_table(document: PdfDocument, ink: Ink) -> bool:
    """See `pipeline.read.ocr.shows_table`."""
    found = rules.find_rules(picture.render(document, ink.number, ink.pictures, _DPI))
    grid = replace(ink, glyphs=Glyphs.of(()), across=found.across, down=found.down)
    gridded = any(len(cells) >= _CELLS for cells in find_tables(grid))
    return gridded or any(_levels(found, place) >= _LEVELS for place in ink.pictures)


def _levels(found: rules.Rules, place: Box) -> int:
    """How many level rules of one extent lie in a picture: a table without vertical rules has three or more."""
    within = (rule for rule in found.across if place.top <= rule.at <= place.bottom)
    alike = Counter((round(rule.start / _ALIKE), round(rule.stop / _ALIKE)) for rule in within)
    return max(alike.values(), default=0)
