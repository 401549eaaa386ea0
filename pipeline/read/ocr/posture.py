"""How a page lies on the scanner: askew by some degrees, and perhaps turned by quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.read.ocr.picture import Picture

LARGEST = 6.0
"""Degrees; sheets fed by hand lie no more askew than this."""

NEGLIGIBLE = 0.04
"""Degrees; half a pixel over the width of a page."""

_LONG_SIDES = (500, 900, 900)  # pixels; enough to see lines of text, first roughly, then to a pixel
_PRINT = 40  # of 255; lighter than this is paper
_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def skew_of(picture: Picture) -> float:
    """Degrees, clockwise, by which rows of print run aslant; 0 for a page without print.

    Where they lie level the sums of dark pixels along rows (and columns) change most from one to the next.
    """
    best = 0.0
    for long_side, (step, reach) in zip(_LONG_SIDES, ((0.5, LARGEST), (0.1, 0.5), (0.02, 0.1)), strict=True):
        factor = long_side / max(picture.gray.shape)
        dark = cv2.resize(255 - picture.gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        small = np.where(dark > _PRINT, dark, 0).astype(np.uint8)
        if not small.any():
            return 0.0
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _levelness(small, float(angle))))
    return best if abs(best) >= NEGLIGIBLE else 0.0


def _levelness(dark: NDArray[np.uint8], angle: float) -> float:
    turned = rotated(dark, -angle, 0, cv2.INTER_LINEAR)
    return sum(float((np.diff(turned.sum(axis=axis, dtype=np.int64)) ** 2).sum()) for axis in (0, 1))


def rotated(pixels: NDArray[np.uint8], degrees: float, paper: int, method: int = cv2.INTER_CUBIC) -> NDArray[np.uint8]:
    """Pixels turned clockwise around the middle, in the same frame; what comes in from outside is `paper`."""
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1)
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=method, borderValue=float(paper))
    return np.asarray(turned, np.uint8)


def quartered(pixels: NDArray[np.uint8], quarter: int) -> NDArray[np.uint8]:
    """Pixels turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.asarray(cv2.rotate(pixels, _QUARTERS[quarter]), np.uint8) if quarter else pixels
