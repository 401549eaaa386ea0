"""What a page of a PDF paints besides text, through PDFium: paths and images, also those within forms."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

from pipeline.model import Box
from pipeline.read import limits
from pipeline.read import pdfium_calls as calls
from pipeline.read.ink import RULE_THICKNESS, Shapes
from pipeline.read.pdfium_calls import Memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pypdfium2
    from numpy.typing import NDArray

    from pipeline.read.affine import Affine
    from pipeline.read.glyphs import Floats

_WHITE = 250  # of 255: paper, and what spreadsheets paint behind cells
_UNKNOWN = 256
_RECTANGLE_SEGMENTS = 6
_MAXIMUM_DEPTH = 8  # forms within forms; guards against files that nest without end


def shapes_of(page: pypdfium2.PdfPage, display: Affine, width: float, height: float) -> Shapes:
    """The shapes of a page, whose space `display` maps to the displayed page of this size."""
    shapes = Shapes()
    handle = calls.address(page.raw)
    objects = list(map(calls.page_object, *calls.of_each(handle, raw.FPDFPage_CountObjects(page))))
    _take(objects, display, Box(0, 0, width, height), shapes)
    return shapes


def _take(objects: Sequence[int], display: Affine, page: Box, shapes: Shapes, depth: int = 0) -> None:
    """Add the objects of a page or form."""
    shapes.objects += len(objects)
    limits.check("图形对象", shapes.objects, limits.OBJECTS)
    kinds = calls.given(calls.object_type, objects)
    paths, images, forms = (
        [objects[index] for index in np.flatnonzero(kinds == kind).tolist()]
        for kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    )
    if paths:
        _take_paths(*_on_page(paths, display, page), display, shapes)
    for box in _on_page(images, display, page)[1].tolist() if images else ():
        shapes.picture(Box(*box))
    for form in forms if depth < _MAXIMUM_DEPTH else ():
        handle = _handle(form)
        children = list(map(calls.form_object, *calls.of_each(form, raw.FPDFFormObj_CountObjects(handle))))
        _take(children, display.after(calls.matrix_of(handle)), page, shapes, depth + 1)


def _on_page(items: Sequence[int], display: Affine, page: Box) -> tuple[list[int], Floats]:
    """Those of the objects that show on the page, and their boxes there."""
    # PDFium names the sides left, bottom, right, top; as a rectangle they are left, top, right, bottom
    boxes = display.boxes(calls.asked(calls.bounds, [items], Memory(np.float32, 4, len(items), (0, 3, 2, 1))))
    x0, top, x1, bottom = boxes.T
    seen = np.flatnonzero((x1 >= page.x0) & (bottom >= page.top) & (x0 <= page.x1) & (top <= page.bottom))
    return [items[index] for index in seen.tolist()], boxes[seen]


def _take_paths(items: Sequence[int], boxes: Floats, display: Affine, shapes: Shapes) -> None:
    """Add painted paths: thin ones are rules, whatever they were drawn with; others are looked at side by side."""
    filled, stroked = _painted(items)
    segments = calls.given(calls.count_segments, items)
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    thin = (np.minimum(width, height) <= RULE_THICKNESS) & (segments <= _RECTANGLE_SEGMENTS)
    painted = filled | stroked
    shapes.rules(boxes[painted & thin])
    for index in np.flatnonzero(painted & ~thin).tolist():
        handle = _handle(items[index])
        for points, straight in _outlines(handle, int(segments[index]), display.after(calls.matrix_of(handle))):
            if stroked[index]:
                shapes.stroke(points)
            elif straight and len(points) in (4, 5):
                xs, ys = [x for x, _ in points], [y for _, y in points]
                shapes.fill(Box(min(xs), min(ys), max(xs), max(ys)))
            else:
                shapes.outlines += 1


def _painted(items: Sequence[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which paths leave colour on the paper by filling, and which by stroking."""
    modes = calls.asked(calls.draw_mode, [items], Memory(np.intc, 2, len(items), (0, 1)))
    sides = []
    for mode, color in zip(modes.T, (calls.fill_color, calls.stroke_color), strict=True):
        # a pattern has no colour to tell, and is seen
        rgba = calls.asked(color, [items], Memory(np.uintc, 4, len(items), range(4), _UNKNOWN))
        sides.append((mode != 0) & (rgba[:, 3] > 0) & ((rgba[:, :3].min(axis=1) < _WHITE) | (rgba[:, 0] == _UNKNOWN)))
    return sides[0], sides[1]


def _handle(item: int) -> Any:
    return ctypes.cast(item, raw.FPDF_PAGEOBJECT)


def _outlines(handle: Any, segments: int, display: Affine) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The sub-paths of a path: corner points on the displayed page, and whether all sides are straight."""
    x, y = ctypes.c_float(), ctypes.c_float()
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
