"""PDFium's raw calls, made for many objects at once.

Every call through ctypes costs more than what it does. So calls that are made per character or per object go through
plain prototypes on integers, mapped over ranges of addresses, and their answers are arrays.
"""

from __future__ import annotations

import ctypes
from collections import deque
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

from pipeline.read.affine import Affine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.read.glyphs import Integers

POINTER, INT = ctypes.c_void_p, ctypes.c_int


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


def matrix_of(handle: Any) -> Affine:
    """The matrix of a page object."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, matrix):
        return Affine()
    return Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
