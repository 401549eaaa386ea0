"""The first reader: the marks of a page through PDFium, some ten times faster than pdfminer.

PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from pypdfium2 import raw

from pipeline.read import pdfium_calls as calls
from pipeline.read.characters import printed
from pipeline.read.glyphs import Glyphs
from pipeline.read.ink import SLANT_TOLERANCE, Ink
from pipeline.read.overprint import overprinted
from pipeline.read.pdfium_calls import Affine, Memory
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
            if len(overprinted(glyphs)[0]):
                glyphs = glyphs.where(showing(page, text, glyphs, places, display))
            shapes = shapes_of(page, display, width, height)
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
    handle = calls.address(text.raw)
    boxes = calls.asked(calls.loose_box, calls.of_each(handle, count), Memory(np.float32, 4, count))
    matrices = calls.asked(calls.text_matrix, calls.of_each(handle, count), Memory(np.float32, 6, count))
    origins = calls.asked(calls.origin, calls.of_each(handle, count), Memory(np.float64, 2, count, (0, 1)))
    seen = [printed(char) for char in (_characters(text, count) if count else ())]
    baselines, turns = _directions(display, matrices.astype(np.float64), origins)
    glyphs = Glyphs(seen, display.boxes(boxes), baselines, turns)
    places = np.flatnonzero(np.array([bool(char) for char in seen], dtype=np.bool_) & (turns != _ASLANT))
    return glyphs.take(places), places


def _directions(display: Affine, matrices: Floats, origins: Floats) -> tuple[Floats, Integers]:
    """Baseline and turn of each glyph; _ASLANT for those that stand so."""
    # the first column of the text matrix is the reading direction; an italic slant stands in the second
    along, down = matrices[:, 0], matrices[:, 1]
    degrees = np.degrees(np.arctan2(display.b * along + display.d * down, display.a * along + display.c * down))
    turns = np.rint(degrees / 90).astype(np.intp) * 90
    turns = np.where(np.abs(degrees - turns) <= SLANT_TOLERANCE, turns % 360, _ASLANT)
    x, y = display.points(*origins.T)
    return np.where(turns % 180 == 0, y, x), turns


def _characters(text: pypdfium2.PdfTextPage, count: int) -> list[str]:
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return [chr(code) for code in buffer[:count]]
    # characters beyond the basic plane, or left out of the text: the indexes differ, so ask one by one
    return [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]
