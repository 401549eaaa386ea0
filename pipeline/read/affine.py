"""Maps from one plane to another: from the space of a page, or of an object on it, to the page as it is displayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.model import Box

if TYPE_CHECKING:
    from pipeline.read.glyphs import Floats


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

    def points(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Where points go."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The smallest box around where a rectangle goes."""
        corners = [self.point(x, y) for x, y in ((x0, y0), (x1, y1), (x0, y1), (x1, y0))]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

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
