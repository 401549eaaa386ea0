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
from math import atan2, degrees
from struct import iter_unpack
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from pipeline.model import Box
from pipeline.read import limits
from pipeline.read.characters import printed
from pipeline.read.ink import Glyph, Ink, Shapes, is_thin, quarter_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POINTER, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
_WHITE = 250  # of 255: paper, and what spreadsheets paint behind cells
_RECTANGLE_SEGMENTS = 6
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

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The smallest box around where a rectangle goes."""
        (u, v), (s, t) = self.point(x0, y0), self.point(x1, y1)
        if self.b or self.a == 0:  # turned by other than half a turn: all corners count
            (p, q), (m, n) = self.point(x0, y1), self.point(x1, y0)
            return Box(min(u, s, p, m), min(v, t, q, n), max(u, s, p, m), max(v, t, q, n))
        return Box(min(u, s), min(v, t), max(u, s), max(v, t))

    def boxes(self, values: ctypes.Array[ctypes.c_float]) -> list[tuple[float, float, float, float]]:
        """`box` for rectangles that follow each other in memory as left, top, right, bottom."""
        rectangles = iter_unpack("4f", values)
        a, b, c, d, e, f = self
        if b == 0 and c == 0 and a > 0 > d:  # a page that is not turned: by far most of them
            return [(a * x0 + e, d * y0 + f, a * x1 + e, d * y1 + f) for x0, y0, x1, y1 in rectangles]
        return [self.box(*rectangle) for rectangle in rectangles]

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
            glyphs = list(_glyphs(text, display))
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


def _glyphs(text: pypdfium2.PdfTextPage, display: Affine) -> Iterator[Glyph]:
    count = raw.FPDFText_CountChars(text)
    if count <= 0:
        return
    limits.check("字符", count, limits.GLYPHS)
    handle = _address(text.raw)
    boxes = (_FLOAT * (4 * count))()
    start = ctypes.addressof(boxes)
    deque(map(_loose_box, repeat(handle), range(count), range(start, start + 16 * count, 16)), maxlen=0)
    directions = _Directions(text, handle, display)
    for index, (char, box) in enumerate(zip(_characters(text, count), display.boxes(boxes), strict=True)):
        seen = printed(char)
        place = directions.of(index, box) if seen else None
        if place is not None:
            yield Glyph(seen, *box, *place)


def _characters(text: pypdfium2.PdfTextPage, count: int) -> list[str]:
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(text, 0, count, buffer) == count + 1:
        return [chr(code) for code in buffer[:count]]
    # characters beyond the basic plane, or left out of the text: the indexes differ, so ask one by one
    return [chr(raw.FPDFText_GetUnicode(text, index)) for index in range(count)]


class _Directions:
    """Direction and baseline of glyphs, asked once for all glyphs whose boxes share an edge pair along a line."""

    def __init__(self, text: pypdfium2.PdfTextPage, handle: int, display: Affine) -> None:
        self.text, self.handle, self.display = text, handle, display
        self.known: dict[tuple[float, float, bool], tuple[float, int]] = {}
        self.x, self.y, self.matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()

    def of(self, index: int, box: tuple[float, float, float, float]) -> tuple[float, int] | None:
        """(baseline, turn), or None for a glyph that stands aslant."""
        x0, top, x1, bottom = box
        along_x, along_y = (top, bottom, True), (x0, x1, False)
        place = self.known.get(along_x) or self.known.get(along_y)
        if place is not None:
            return place
        # the first column of the text matrix is the reading direction; an italic slant stands in the second
        raw.FPDFText_GetMatrix(self.text, index, self.matrix)
        (x, y), (x0, y0) = self.display.point(self.matrix.a, self.matrix.b), self.display.point(0, 0)
        turn = quarter_of(degrees(atan2(y - y0, x - x0)))
        if turn is None:
            return None
        raw.FPDFText_GetCharOrigin(self.text, index, self.x, self.y)
        x, y = self.display.point(self.x.value, self.y.value)
        place = (y, turn) if turn in (0, 180) else (x, turn)
        self.known[along_x if turn in (0, 180) else along_y] = place
        return place


def _objects(page: pypdfium2.PdfPage) -> list[int]:
    handle = _address(page.raw)
    return list(map(_page_object, repeat(handle), range(raw.FPDFPage_CountObjects(page))))


class _Painter:
    """Walks the objects of a page, and of the forms in it, and adds what they paint to `shapes`."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes = Shapes()
        self.objects = 0
        self._mode = (_INT * 2)()
        self._mode_at = _addresses(self._mode)
        self._rgba = (ctypes.c_uint * 4)()
        self._rgba_at = _addresses(self._rgba)

    def take(self, objects: list[int], display: Affine, depth: int = 0) -> None:
        """Add objects of a page or form, whose space `display` maps to the displayed page."""
        self.objects += len(objects)
        limits.check("图形对象", self.objects, limits.OBJECTS)
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
    return list(starmap(Box, display.boxes(values)))


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
