"""Which glyphs of a PDF page do not show: invisible ones in the place of visible ones, and texts that are clipped away.

Asking costs some calls a glyph, so it is done only on pages where glyphs stand over one another. Invisible text alone,
as over a scan, is text; a text of which a part shows is a name too long for its cell.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

from pipeline.model import Box
from pipeline.read import pdfium_calls as calls
from pipeline.read.grid import run_starts
from pipeline.read.overprint import doubles

if TYPE_CHECKING:
    import pypdfium2
    from numpy.typing import NDArray

    from pipeline.read.affine import Affine
    from pipeline.read.glyphs import Glyphs, Integers

_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_EVERYWHERE = Box(float("-inf"), float("-inf"), float("inf"), float("inf"))


def showing(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, glyphs: Glyphs, places: Integers, display: Affine
) -> NDArray[np.bool_]:
    """False for glyphs that a reader of the page does not see; `places` are their indexes in its text."""
    items = [raw.FPDFText_GetTextObject(text, place) for place in places.tolist()]
    keys = np.array([calls.address(item) for item in items], dtype=np.uint64)
    own = {calls.address(raw.FPDFPage_GetObject(page, index)) for index in range(raw.FPDFPage_CountObjects(page))}
    firsts, objects = np.unique(keys, return_index=True, return_inverse=True)[1:]
    invisible = np.array([raw.FPDFTextObj_GetTextRenderMode(items[first]) in _INVISIBLE for first in firsts.tolist()])
    # clip paths of objects within forms are in the form's space
    clips = [_clip(items[first], display) if int(keys[first]) in own else _EVERYWHERE for first in firsts.tolist()]
    double = doubles(glyphs, invisible[objects])
    x0, top, x1, bottom = np.array(clips)[objects].T
    x, y = glyphs.centres
    cut_off = (x < x0) | (x > x1) | (y < top) | (y > bottom)
    doubled = np.bincount(objects, double) > np.bincount(objects) / 2
    starts = run_starts(glyphs)
    whole = np.repeat(np.logical_and.reduceat(cut_off, starts), np.diff(starts, append=len(glyphs)))
    hidden: NDArray[np.bool_] = doubled[objects] | whole
    return ~hidden


def _clip(item: Any, display: Affine) -> Box:
    """The rectangle of the displayed page in which an object may show."""
    path = raw.FPDFPageObj_GetClipPath(item)
    box = _EVERYWHERE
    for number in range(raw.FPDFClipPath_CountPaths(path) if path else 0):
        corners = _corners(path, number, display)
        if corners:
            xs, ys = zip(*corners, strict=True)
            box = Box(max(box.x0, min(xs)), max(box.top, min(ys)), min(box.x1, max(xs)), min(box.bottom, max(ys)))
    return box


def _corners(path: Any, number: int, display: Affine) -> list[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    corners = []
    for index in range(raw.FPDFClipPath_CountPathSegments(path, number)):
        raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(path, number, index), x, y)
        corners.append(display.point(x.value, y.value))
    return corners
