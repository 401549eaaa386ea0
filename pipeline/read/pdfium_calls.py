"""PDFium's raw calls, made for many objects at once, and its coordinates.

Every call through ctypes costs more than what it does. So calls that are made per character or per object go through
plain prototypes on integers, mapped over ranges of addresses, and their answers are arrays.
"""

from __future__ import annotations

import ctypes
from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.read.glyphs import Floats, Integers

POINTER, INT, UINT, FLOAT, DOUBLE = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_float, ctypes.c_double


def address(pointer: Any) -> int:
    """The address of a handle."""
    return ctypes.cast(pointer, POINTER).value or 0


def _prototype(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function, taking and giving plain numbers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))


loose_box = _prototype(raw.FPDFText_GetLooseCharBox, INT, POINTER, INT, POINTER)
text_matrix = _prototype(raw.FPDFText_GetMatrix, INT, POINTER, INT, POINTER)
origin = _prototype(raw.FPDFText_GetCharOrigin, INT, POINTER, INT, POINTER, POINTER)
page_object = _prototype(raw.FPDFPage_GetObject, POINTER, POINTER, INT)
form_object = _prototype(raw.FPDFFormObj_GetObject, POINTER, POINTER, ctypes.c_ulong)
object_type = _prototype(raw.FPDFPageObj_GetType, INT, POINTER)
bounds = _prototype(raw.FPDFPageObj_GetBounds, INT, *[POINTER] * 5)
count_segments = _prototype(raw.FPDFPath_CountSegments, INT, POINTER)
draw_mode = _prototype(raw.FPDFPath_GetDrawMode, INT, *[POINTER] * 3)
fill_color = _prototype(raw.FPDFPageObj_GetFillColor, INT, *[POINTER] * 5)
stroke_color = _prototype(raw.FPDFPageObj_GetStrokeColor, INT, *[POINTER] * 5)


def asked(call: Callable[..., Any], subjects: Sequence[Iterable[int]], into: Memory) -> Any:
    """What a call writes for each subject, one row each; `subjects` are its leading arguments."""
    deque(map(call, *subjects, *into.places()), maxlen=0)
    return into.rows


class Memory:
    """Room for the answers of a call: rows of `size` numbers of a C type, which start as `otherwise` (else as 0).

    The call writes to one address in each row for every one of `sides`, in the order of its arguments.
    """

    def __init__(self, kind: Any, size: int, count: int, sides: Sequence[int] = (0,), otherwise: int = 0) -> None:
        self.rows = np.full((count, size), otherwise, dtype=kind)
        self.sides = sides

    def places(self) -> list[range]:
        """The addresses to be written to, one range for each of `sides`."""
        start, width = self.rows.ctypes.data, self.rows.itemsize
        step = width * self.rows.shape[1]
        return [range(start + width * side, start + width * side + step * len(self.rows), step) for side in self.sides]


def given(call: Callable[..., Any], subjects: Sequence[int]) -> Integers:
    """What a call returns for each subject."""
    return np.fromiter(map(call, subjects), dtype=np.intp, count=len(subjects))


def of_each(handle: int, count: int) -> tuple[Iterable[int], range]:
    """The leading arguments of a call about each of the `count` parts of one thing."""
    return repeat(handle), range(count)


class Affine(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    @classmethod
    def of(cls, handle: Any) -> Affine:
        """The matrix of a page object."""
        matrix = raw.FS_MATRIX()
        if not raw.FPDFPageObj_GetMatrix(handle, matrix):
            return cls()
        return cls(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where points go."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def boxes(self, rectangles: Floats) -> Floats:
        """The smallest boxes around where rectangles (left, top, right, bottom in a row) go."""
        x0, y0, x1, y1 = rectangles.astype(np.float64).T
        if self.b == 0 == self.c and self.a > 0 > self.d:  # a page that is not turned: by far most of them
            (left, top), (right, bottom) = self.points(x0, y0), self.points(x1, y1)
            if (y0 >= y1).all() and (x0 <= x1).all():
                return np.column_stack((left, top, right, bottom))
        corners = [self.points(x, y) for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))]
        xs, ys = np.stack([x for x, _ in corners]), np.stack([y for _, y in corners])
        return np.column_stack((xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)))

    def after(self, first: Affine) -> Affine:
        """The map that does `first` and then this one."""
        a, b = self.a * first.a + self.c * first.b, self.b * first.a + self.d * first.b
        c, d = self.a * first.c + self.c * first.d, self.b * first.c + self.d * first.d
        return Affine(a, b, c, d, *self.point(first.e, first.f))
