"""The first reader: the marks of a page through PDFium's raw calls.

PDFium is some ten times faster than pdfminer, but every call through ctypes costs more than what it does. So the
calls that are made per character or per object go through plain prototypes on integers, mapped over ranges, and
answers shared by neighbours (direction, baseline) are asked for once. PDFium is not thread-safe.
"""

from __future__ import annotations

import ctypes
from collections import deque
from contextlib import contextmanager
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pypdfium2
from pypdfium2 import raw

from pipeline.model import Box
from pipeline.read.characters import printed
from pipeline.read.glyphs import Glyphs
from pipeline.read.ink import SLANT_TOLERANCE, Ink, Shapes, is_thin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.read.glyphs import Floats, Integers

_POINTER, _INT, _FLOAT, _DOUBLE = ctypes.c_void_p, ctypes.c_int, ctypes.c_float, ctypes.c_double
_WHITE = 250  # of 255: paper, and what spreadsheets paint behind cells
_RECTANGLE_SEGMENTS = 6
_ASLANT = -1  # instead of a quarter turn
_MAXIMUM_DEPTH = 8  # forms within forms; guards against files that nest without end


def _prototype(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function, taking and giving plain numbers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(_address(function))


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, _POINTER).value or 0


_loose_box = _prototype(raw.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_page_object = _prototype(raw.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
_form_object = _prototype(raw.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
_object_type = _prototype(raw.FPDFPageObj_GetType, _INT, _POINTER)
_bounds = _prototype(raw.FPDFPageObj_GetBounds, _INT, *[_POINTER] * 5)
_text_matrix = _prototype(raw.FPDFText_GetMatrix, _INT, _POINTER, _INT, _POINTER)
_origin = _prototype(raw.FPDFText_GetCharOrigin, _INT, _POINTER, _INT, _POINTER, _POINTER)
_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, _INT, *[_POINTER] * 3)
_fill_color = _prototype(raw.FPDFPageObj_GetFillColor, _INT, *[_POINTER] * 5)
_stroke_color = _prototype(raw.FPDFPageObj_GetStrokeColor, _INT, *[_POINTER] * 5)


class Affine(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def boxes(self, memory: ctypes.Array[ctypes.c_float]) -> Floats:
        """`box` for rectangles that follow each other in memory as left, top, right, bottom; a row for each."""
        x0, y0, x1, y1 = _rows(memory, 4).T
        xs = np.stack([self.a * x + self.c * y + self.e for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))])
        ys = np.stack([self.b * x + self.d * y + self.f for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))])
        return np.column_stack((xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)))

    def after(self, first: Affine) -> Affine:
        """The map that does `first` and then this one."""
        a, b = self.a * first.a + self.c * first.b, self.b * first.a + self.d * first.b
        c, d = self.a * first.c + self.c * first.d, self.b * first.c + self.d * first.d
        return Affine(a, b, c, d, *self.point(first.e, first.f))


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
            glyphs = _glyphs(text, display)
            painter = _Painter(width, height)
            painter.take(_objects(page), display)
        finally:
            text.close()
    finally:
        page.close()
    return Ink.of(number, width, height, glyphs, painter.shapes)


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


def _glyphs(text: pypdfium2.PdfTextPage, display: Affine) -> Glyphs:
    count = max(raw.FPDFText_CountChars(text), 0)
    handle, every = repeat(_address(text.raw)), range(count)
    boxes, matrices, origins = (_FLOAT * (4 * count))(), (_FLOAT * (6 * count))(), (_DOUBLE * (2 * count))()
    deque(map(_loose_box, handle, every, _steps(boxes, 4)), maxlen=0)
    deque(map(_text_matrix, handle, every, _steps(matrices, 6)), maxlen=0)
    deque(map(_origin, handle, every, _steps(origins, 2), _steps(origins, 2, 1)), maxlen=0)
    seen = [printed(char) for char in (_characters(text, count) if count else ())]
    baselines, turns = _directions(display, _rows(matrices, 6), _rows(origins, 2))
    glyphs = Glyphs(seen, display.boxes(boxes), baselines, turns)
    return glyphs.where(np.array([bool(char) for char in seen], dtype=np.bool_) & (turns != _ASLANT))


def _steps(memory: Any, size: int, offset: int = 0) -> range:
    """Addresses of every `size`-th value of an array, from the one at `offset`."""
    start, width = ctypes.addressof(memory), ctypes.sizeof(memory._type_)
    return range(start + offset * width, start + offset * width + len(memory) * width, size * width)


def _rows(memory: Any, size: int) -> Floats:
    """An array of C numbers as rows of so many."""
    return np.ctypeslib.as_array(memory).astype(np.float64).reshape(-1, size)


def _directions(display: Affine, matrices: Floats, origins: Floats) -> tuple[Floats, Integers]:
    """Baseline and turn of each glyph; _ASLANT for those that stand so."""
    # the first column of the text matrix is the reading direction; an italic slant stands in the second
    along, down = matrices[:, 0], matrices[:, 1]
    degrees = np.degrees(np.arctan2(display.b * along + display.d * down, display.a * along + display.c * down))
    turns = np.rint(degrees / 90).astype(np.intp) * 90
    turns = np.where(np.abs(degrees - turns) <= SLANT_TOLERANCE, turns % 360, _ASLANT)
    x, y = display.point(*origins.T)
    return np.where(turns % 180 == 0, y, x), turns


def _characters(text: pypdfium2.PdfTextPage, count: int) -> list[str]:
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return [chr(code) for code in buffer[:count]]
    # characters beyond the basic plane, or left out of the text: the indexes differ, so ask one by one
    return [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]


def _objects(page: pypdfium2.PdfPage) -> list[int]:
    handle = _address(page.raw)
    return list(map(_page_object, repeat(handle), range(raw.FPDFPage_CountObjects(page))))


class _Painter:
    """Walks the objects of a page, and of the forms in it, and adds what they paint to `shapes`."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes = Shapes()
        self._mode = (_INT * 2)()
        self._mode_at = _addresses(self._mode)
        self._rgba = (ctypes.c_uint * 4)()
        self._rgba_at = _addresses(self._rgba)

    def take(self, objects: list[int], display: Affine, depth: int = 0) -> None:
        """Add objects of a page or form, whose space `display` maps to the displayed page."""
        kinds = list(map(_object_type, objects))
        for kind, take_one in ((raw.FPDF_PAGEOBJ_PATH, self._path), (raw.FPDF_PAGEOBJ_IMAGE, self._image)):
            items = [item for item, its_kind in zip(objects, kinds, strict=True) if its_kind == kind]
            for item, box in zip(items, _bounds_of(items, display), strict=True):
                if box.x1 >= 0 and box.bottom >= 0 and box.x0 <= self.width and box.top <= self.height:
                    take_one(item, box, display)
        if depth < _MAXIMUM_DEPTH:
            for item, kind in zip(objects, kinds, strict=True):
                if kind == raw.FPDF_PAGEOBJ_FORM:
                    handle = _handle(item)
                    children = map(_form_object, repeat(item), range(raw.FPDFFormObj_CountObjects(handle)))
                    self.take(list(children), display.after(_matrix(handle)), depth + 1)

    def _image(self, _item: int, box: Box, _display: Affine) -> None:
        self.shapes.picture(box)

    def _path(self, item: int, box: Box, display: Affine) -> None:
        filled, stroked = self._paint(item)
        if not (filled or stroked):
            return
        handle = _handle(item)
        segments = raw.FPDFPath_CountSegments(handle)
        if is_thin(box) and segments <= _RECTANGLE_SEGMENTS:
            self.shapes.rule(box)
            return
        for points, straight in _outlines(handle, segments, display.after(_matrix(handle))):
            if stroked:
                self.shapes.stroke(points)
            elif straight and len(points) in (4, 5):
                xs, ys = [x for x, _ in points], [y for _, y in points]
                self.shapes.fill(Box(min(xs), min(ys), max(xs), max(ys)))
            else:
                self.shapes.outlines += 1

    def _paint(self, item: int) -> tuple[bool, bool]:
        """Whether a path leaves colour on the paper by filling, and by stroking."""
        if not _draw_mode(item, *self._mode_at):
            return False, False
        fill, stroke = self._mode
        return (
            bool(fill) and self._visible(_fill_color(item, *self._rgba_at)),
            bool(stroke) and self._visible(_stroke_color(item, *self._rgba_at)),
        )

    def _visible(self, known: int) -> bool:
        red, green, blue, alpha = self._rgba
        return not known or (alpha > 0 and min(red, green, blue) < _WHITE)


def _addresses(array: Any) -> list[int]:
    size = ctypes.sizeof(array._type_)
    return [ctypes.addressof(array) + size * index for index in range(len(array))]


def _handle(item: int) -> Any:
    return ctypes.cast(item, raw.FPDF_PAGEOBJECT)


def _bounds_of(items: list[int], display: Affine) -> list[Box]:
    values = (_FLOAT * (4 * len(items)))()
    start = ctypes.addressof(values)
    # PDFium names the sides left, bottom, right, top; in memory they shall follow each other as in its rectangles
    sides = [range(start + offset, start + offset + 16 * len(items), 16) for offset in (0, 12, 8, 4)]
    deque(map(_bounds, items, *sides), maxlen=0)
    return list(starmap(Box, display.boxes(values).tolist()))


def _matrix(handle: Any) -> Affine:
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, matrix):
        return Affine()
    return Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _outlines(handle: Any, segments: int, display: Affine) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The sub-paths of a path: corner points on the displayed page, and whether all sides are straight."""
    x, y = _FLOAT(), _FLOAT()
    points: list[tuple[float, float]] = []
    straight = True
    for index in range(segments):
        segment = raw.FPDFPath_GetPathSegment(handle, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO and points:
            yield points, straight
            points, straight = [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        points.append(display.point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and points[-1] != points[0]:
            points.append(points[0])
    if points:
        yield points, straight
