"""The first reader: the marks of a page through PDFium, some ten times faster than pdfminer.

PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from pypdfium2 import raw

from pipeline.read import limits
from pipeline.read import pdfium_calls as calls
from pipeline.read.affine import Affine
from pipeline.read.characters import printed
from pipeline.read.glyphs import Glyphs
from pipeline.read.ink import SLANT_TOLERANCE, Ink
from pipeline.read.overprint import overprinted
from pipeline.read.pdfium_calls import Memory
from pipeline.read.pdfium_hidden import showing
from pipeline.read.pdfium_shapes import shapes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.glyphs import Floats, Integers

_ASLANT = -1  # instead of a quarter turn


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed afterwards; raises pypdfium2.PdfiumError if PDFium cannot open it."""
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def read_ink(document: pypdfium2.PdfDocument, number: int) -> Ink:
    """The marks of page `number` (from 1)."""
    page = document[number - 1]
    try:
        text = page.get_textpage()
        try:
            display, width, height = _display(page)
            glyphs, places = _glyphs(text, display)
            shapes = shapes_of(page, display, width, height)
            # pages of bare prose need no such care
            if (shapes.across or shapes.down or shapes.fills) and len(overprinted(glyphs)[0]):
                glyphs = glyphs.where(showing(page, text, glyphs, places, display))
        finally:
            text.close()
    finally:
        page.close()
    return Ink.of(number, width, height, glyphs, shapes)


def _display(page: pypdfium2.PdfPage) -> tuple[Affine, float, float]:
    """The map from the page's own space to the page as displayed, and its size there."""
    x0, y0, x1, y1 = page.get_bbox()
    width, height = x1 - x0, y1 - y0
    match page.get_rotation():
        case 90:
            return Affine(0, 1, 1, 0, -y0, -x0), height, width
        case 180:
            return Affine(-1, 0, 0, 1, x1, -y0), width, height
        case 270:
            return Affine(0, -1, -1, 0, y1, x1), height, width
        case _:
            return Affine(1, 0, 0, -1, -x0, y1), width, height


def _glyphs(text: pypdfium2.PdfTextPage, display: Affine) -> tuple[Glyphs, Integers]:
    """The upright or turned glyphs of a page, and their indexes in its text."""
    count = max(raw.FPDFText_CountChars(text), 0)
    limits.check("字符", count, limits.GLYPHS)
    handle = calls.address(text.raw)
    seen = [printed(char) for char in (_characters(text, count) if count else ())]
    visible = [index for index, char in enumerate(seen) if char]
    rectangles = calls.asked(calls.loose_box, [repeat(handle), visible], Memory(np.float32, 4, len(visible)))
    boxes = display.boxes(rectangles)
    # upright glyphs whose boxes share top and bottom stand on one line: the first of them is asked
    first: dict[tuple[float, float], int] = {}
    edges = zip(boxes[:, 1].tolist(), boxes[:, 3].tolist(), strict=True)
    asked = [first.setdefault(edge, index) for index, edge in enumerate(edges)]
    line = np.searchsorted(list(first.values()), np.array(asked, dtype=np.intp))
    places = _directions(handle, [visible[index] for index in first.values()], display)[line]
    others = np.flatnonzero(places[:, 1] != 0)
    if len(others):
        places[others] = _directions(handle, [visible[index] for index in others.tolist()], display)
    baselines, turns = places[:, 0], places[:, 1].astype(np.intp)
    glyphs = Glyphs([seen[index] for index in visible], boxes, baselines, turns)
    shown = np.flatnonzero(turns != _ASLANT)
    return glyphs.take(shown), np.array(visible, dtype=np.intp)[shown]


def _directions(handle: int, indexes: list[int], display: Affine) -> Floats:
    """Baseline and turn of each glyph, a row for each; _ASLANT instead of the turn for those that stand so."""
    matrices = calls.asked(calls.text_matrix, [repeat(handle), indexes], Memory(np.float32, 6, len(indexes)))
    origins = calls.asked(calls.origin, [repeat(handle), indexes], Memory(np.float64, 2, len(indexes), (0, 1)))
    # the first column of the text matrix is the reading direction; an italic slant stands in the second
    along, down = matrices[:, :2].astype(np.float64).T
    degrees = np.degrees(np.arctan2(display.b * along + display.d * down, display.a * along + display.c * down))
    turns = np.rint(degrees / 90).astype(np.intp) * 90
    turns = np.where(np.abs(degrees - turns) <= SLANT_TOLERANCE, turns % 360, _ASLANT)
    x, y = display.points(*origins.T)
    return np.column_stack((np.where(turns % 180 == 0, y, x), turns))


def _characters(text: pypdfium2.PdfTextPage, count: int) -> list[str]:
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return [chr(code) for code in buffer[:count]]
    # characters beyond the basic plane, or left out of the text: the indexes differ, so ask one by one
    return [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]
