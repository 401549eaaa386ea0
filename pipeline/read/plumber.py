"""The second reader: the same marks through plain pdfplumber, for pages on which PDFium fails.

pdfminer reads some fonts that PDFium cannot map to characters, and some damaged streams; it is slow.
"""

from __future__ import annotations

import io
from math import atan2, degrees
from typing import TYPE_CHECKING, Any

import pdfplumber

from pipeline.model import Box
from pipeline.read import limits
from pipeline.read.characters import printed
from pipeline.read.glyphs import Glyph, Glyphs
from pipeline.read.ink import Ink, Shapes, is_thin, quarter_of

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF

_WHITE = 0.98


def opened(data: bytes) -> PDF:
    """The document; raises pdfminer's own errors.

    It needs no closing: nothing is open but the bytes, and closing it would look for all pages of a damaged file again.
    """
    return pdfplumber.open(io.BytesIO(data))


def read_ink(document: PDF, number: int) -> Ink:
    """The marks of page `number` (from 1)."""
    page = document.pages[number - 1]
    try:
        limits.check("字符", len(page.chars), limits.GLYPHS)
        box = Box(*page.cropbox)
        glyphs = [glyph for char in page.chars if (glyph := _glyph(char, box, float(page.height))) is not None]
        shapes = _shapes(page, box)
    finally:
        page.close()
    width, height = box.x1 - box.x0, box.bottom - box.top
    return Ink.of(number, width, height, Glyphs.of(glyphs), shapes)


def _moved(item: dict[str, Any], origin: Box) -> Box:
    return Box(
        float(item["x0"] - origin.x0),
        float(item["top"] - origin.top),
        float(item["x1"] - origin.x0),
        float(item["bottom"] - origin.top),
    )


def _glyph(char: dict[str, Any], origin: Box, height: float) -> Glyph | None:
    seen = "\ufffd" if char["text"].startswith("(cid:") else printed(char["text"])
    a, b, _, _, x, y = char["matrix"]
    turn = quarter_of(-degrees(atan2(b, a)))  # pdfminer's matrix has y upwards, and the page's rotation in it
    if not seen or turn is None:
        return None
    baseline = height - y - origin.top if turn in (0, 180) else x - origin.x0
    return Glyph(seen, *_moved(char, origin), baseline, turn)


def _shapes(page: Page, origin: Box) -> Shapes:
    shapes = Shapes()
    for item in (*page.rects, *page.lines, *page.curves):
        filled = item.get("fill") and _visible(item, "non_stroking_color")
        stroked = item.get("stroke") and _visible(item, "stroking_color")
        box = _moved(item, origin)
        if not (filled or stroked):
            continue
        if is_thin(box):
            shapes.rule(box)
        elif stroked and item["object_type"] == "rect":
            corners = [(box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)]
            shapes.stroke([*corners, corners[0]])
        elif stroked:
            shapes.stroke([(float(x) - origin.x0, float(y) - origin.top) for x, y in item["pts"]])
        elif item["object_type"] == "rect":
            shapes.fill(box)
        else:
            shapes.outlines += 1
    for item in page.images:
        shapes.picture(_moved(item, origin))
    return shapes


def _visible(item: dict[str, Any], key: str) -> bool:
    color = item.get(key)
    values = color if isinstance(color, (tuple, list)) else (color,)
    numbers = [float(value) for value in values if isinstance(value, (int, float))]
    if len(numbers) == 4:  # CMYK: white is no ink
        return max(numbers) > 1 - _WHITE
    return not numbers or min(numbers) < _WHITE
