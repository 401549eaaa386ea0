"""Whether a picture on a page is worth recognising: a look at its rules, without the models of text recognition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.read.glyphs import Glyphs
from pipeline.read.ocr import picture, rules
from pipeline.read.ocr.picture import Picture
from pipeline.read.ruling import find_tables

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from pipeline.model import Box
    from pipeline.read.ink import Ink

_DPI = 150  # thin rules fade at less
_CELLS = 4  # of the smallest grid; a chart in its frame is one cell
_LEVELS = 3  # rules; a chart's frame has two
_ALIKE = 6.0  # points
_LEAST = 100  # pixels; in less there is no table


def shows_table(document: PdfDocument, ink: Ink) -> bool:
    """See `pipeline.read.ocr.shows_table`."""
    seen = picture.render(document, ink.number, ink.pictures, _DPI)
    return any(_is_table(Picture(seen.gray[_pixels(place, seen.scale)], seen.dpi), ink) for place in ink.pictures)


def _pixels(place: Box, scale: float) -> tuple[slice, slice]:
    x0, top, x1, bottom = (max(0, round(side * scale)) for side in place)
    return slice(top, bottom), slice(x0, x1)


def _is_table(seen: Picture, ink: Ink) -> bool:
    """True for rules that make a grid, and for several of one extent: a table without vertical rules has them."""
    if min(seen.gray.shape) < _LEAST:
        return False
    found = rules.find_rules(seen)
    grid = replace(ink, glyphs=Glyphs.of(()), across=found.across, down=found.down)
    alike = Counter((round(rule.start / _ALIKE), round(rule.stop / _ALIKE)) for rule in found.across)
    return any(len(cells) >= _CELLS for cells in find_tables(grid)) or max(alike.values(), default=0) >= _LEVELS
