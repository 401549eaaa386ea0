"""The picture of a page: rendered from a PDF or taken from an image file, cleaned of what is not print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.read import limits
from pipeline.read.photo import MAXIMUM_PIXELS, PLAUSIBLE_DPI, photos

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BytesIO

    from numpy.typing import NDArray
    from pypdfium2 import PdfDocument, PdfPage

    from pipeline.model import Box

cv2.setNumThreads(1)  # documents are what runs side by side

POINTS = 72
"""Points per inch."""

DPI = 200
"""What a page is rendered at; a scan of more keeps its own resolution, up to MAXIMUM_DPI."""

MAXIMUM_DPI = 300

_COLOUR = 70  # of 255, between the strongest and the weakest channel: ink of a stamp, not paper grown yellow
_STAMP = 60.0  # points; a stamp is larger than this both ways, printed words are not
_STAMP_FILL = 0.55  # a stamp shows more paper than ink; painted cells do not
_RIM = 1.7  # times as much colour as JPEG leaves at the rim of a stroke
_AROUND = 5.0  # points around a pixel, most of which are paper
_REACH = 6.0  # points between strokes of one stamp


class Picture(NamedTuple):
    """A page as grey pixels, dark print on light paper; `dpi` are pixels per inch, the page 72 points per inch."""

    gray: NDArray[np.uint8]
    dpi: float

    @property
    def scale(self) -> float:
        """Pixels per point."""
        return self.dpi / POINTS

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        height, width = self.gray.shape
        return width / self.scale, height / self.scale


def render(document: PdfDocument, number: int, pictures: tuple[Box, ...], coarse: float = MAXIMUM_DPI) -> Picture:
    """Page `number` (from 1) of a PDF, at no more than `coarse`; `pictures` are the places of the images on it."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        dpi = min(coarse, _dpi(page, width, height, pictures))
        bitmap = page.render(scale=dpi / POINTS, rev_byteorder=False)
        try:
            array = bitmap.to_numpy()
            color = np.ascontiguousarray(array[:, :, :3] if array.ndim == 3 and array.shape[2] > 1 else array)
        finally:
            bitmap.close()
    finally:
        page.close()
    return Picture(clean(color, dpi), dpi)


def frames(data: BytesIO) -> Iterator[Picture]:
    """The pages of an image file; raises PIL's errors."""
    for image, dpi in photos(data, MAXIMUM_DPI):
        yield Picture(clean(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), dpi), dpi)


def _dpi(page: PdfPage, width: float, height: float, pictures: tuple[Box, ...]) -> float:
    """The resolution of the scan that covers the page, within bounds; DPI for a page that is drawn.

    Raises OverLimitError for pictures that would take gigabytes to unpack, and for pages as large as placards.
    """
    own = DPI
    for image in page.get_objects(filter=[3]) if pictures else ():
        limits.check("图片像素", math.prod(image.get_px_size()), limits.PIXELS)
        x0, y0, x1, y1 = image.get_bounds()
        if (x1 - x0) * (y1 - y0) > width * height / 2:
            pixels = max(image.get_px_size())
            own = max(own, round(pixels * POINTS / max(x1 - x0, y1 - y0)))
    largest = (MAXIMUM_PIXELS * POINTS**2 / (width * height)) ** 0.5
    if largest < PLAUSIBLE_DPI.start:
        message = f"尺寸过大（{width / POINTS:.0f}×{height / POINTS:.0f}英寸）"
        raise limits.OverLimitError(message)
    return float(min(own, MAXIMUM_DPI, largest))


def paper_of(picture: Picture) -> NDArray[np.uint8]:
    """The paper under the print, shaded areas included: the median brightness around each pixel."""
    half = cv2.resize(picture.gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(half, 2 * round(_AROUND * picture.scale / 2) + 1)
    height, width = picture.gray.shape
    return np.asarray(cv2.resize(median, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def clean(color: NDArray[np.uint8], dpi: float) -> NDArray[np.uint8]:
    """Grey pixels (of a picture in blue, green, red) without stamps: within one, coloured ink counts as paper.

    Elsewhere colour is print: units print negative amounts in red.
    """
    if color.ndim == 2 or color.shape[2] == 1:
        return color.reshape(color.shape[:2])
    gray = np.asarray(cv2.cvtColor(color, cv2.COLOR_BGR2GRAY), np.uint8)
    strongest = color.max(axis=2)
    inked = ((strongest - color.min(axis=2)) > _COLOUR).astype(np.uint8)
    if not inked.any():
        return gray
    for x, y, width, height in _stamps(inked, dpi / POINTS):
        place = slice(y, y + height), slice(x, x + width)
        gray[place] = _without_stamp(color[place], inked[place] > 0)
    return gray


def _without_stamp(color: NDArray[np.uint8], inked: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The place of a stamp, its ink as bright as paper: its strongest channel shows what is printed beneath.

    JPEG keeps colour at half the resolution: the rims of strokes are as dark as ink, and hardly half as coloured. They
    are taken for as coloured as the ink beside them, but for no more coloured than ink as dark can be.
    """
    strongest = color.max(axis=2).astype(np.float32)
    gray = np.maximum(1, cv2.cvtColor(color, cv2.COLOR_BGR2GRAY)).astype(np.float32)
    excess = strongest - gray
    beside = cv2.dilate(excess, np.ones((5, 5), np.uint8))
    pure = max(1.0, float(np.median((strongest / gray)[inked])))
    colour = np.minimum(np.minimum(beside, _RIM * excess), np.maximum(excess, gray * (pure - 1)))
    colour = np.where(cv2.dilate(inked.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, colour, excess)
    paper = float(np.median(strongest[~inked])) if not inked.all() else 255.0
    brighter = paper / max(1.0, float(np.median(strongest[inked])))
    share = np.clip(colour / max(1.0, float(np.median(excess[inked]))), 0, 1)
    lit = (gray + colour) * (1 + share * (brighter - 1))
    return np.asarray(np.minimum(lit, np.maximum(strongest, paper)), np.uint8)


def _stamps(inked: NDArray[np.uint8], scale: float) -> Iterator[tuple[int, int, int, int]]:
    """Places of stamps: large, about as high as wide, more paper than ink."""
    reach = max(1, round(_REACH * scale / 4))
    small = (cv2.resize(inked * 255, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA) > 30).astype(np.uint8)
    joined = cv2.dilate(small, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for label in range(1, count):
        x, y, width, height, _ = (int(value) for value in stats[label])
        own = labels[y : y + height, x : x + width] == label
        filled = small[y : y + height, x : x + width][own].sum() / (width * height)
        large = min(width, height) > _STAMP * scale / 4
        if large and max(width, height) < 2.5 * min(width, height) and filled < _STAMP_FILL:
            yield 4 * x, 4 * y, 4 * width, 4 * height
