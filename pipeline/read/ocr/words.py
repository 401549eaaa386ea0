"""Where the words of a page stand: found by the detector, cut at the borders of cells, closed around their ink.

Ink in a cell that the detector passed over is a word as well: what nobody looked at would look like a blank.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.model import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


CONTRAST = 50
"""Of 255, by which print is darker than the paper around it."""

SMALLEST = 3.4
"""Points. Digits and characters are higher than this, specks and dashes are not."""

LARGEST = 40.0
"""Points. Marks in a cell that are higher than this are no print."""

_INSIDE = 1.2  # points from a cell's border within which the rests of rules lie
_OVERLAP = 1.5  # points by which a word must reach into a cell to have a part there
_SHARE = 0.35  # of the height of a word or a cell, whichever is lower, by which they must overlap
_CONTAINED = 0.6  # of a word's box; what lies so much in another word's box is a part of that word
_EDGE = 0.3  # of the height of a detected line; what lies in it and is cut by the edge is another line's
_DASH = 2.2  # points; no character is so low, alone in its cell
_SPECK = 0.35  # square points of ink; a decimal point has twice of it


class Place(NamedTuple):
    """Where a word stands: `box` around its ink, `room` what may be cropped with it, `cell` its cell, if any.

    `seen` says that the detector took it for text, `dash` that it is a single level stroke, which the recogniser
    takes for anything; all in pixels.
    """

    box: Box
    room: Box
    cell: Box | None
    seen: bool
    dash: bool = False


def without_rules(gray: NDArray[np.uint8], paper: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with paper in place of the masked pixels."""
    return np.where(mask > 0, paper, gray)


def ink_of(gray: NDArray[np.uint8], paper: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Pixels of print (255), without specks."""
    dark = (gray.astype(np.int16) < paper.astype(np.int16) - CONTRAST).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[1:] = np.where(stats[1:, cv2.CC_STAT_AREA] >= max(2, _SPECK * scale**2), 255, 0)
    return np.asarray(kept[labels], np.uint8)


def places_of(
    found: Sequence[tuple[float, float, float, float]], ink: NDArray[np.uint8], cells: Sequence[Box], scale: float
) -> list[Place]:
    """The words of a page; `found` are the detector's boxes and `cells` those of the tables, in pixels."""
    places: list[Place] = []
    for x0, top, x1, bottom in found:
        for part, cell in _parts(Box(x0, top, x1, bottom), cells, scale):
            box = _closed(part, ink)
            if box is not None:
                dash = cell is not None and box.bottom - box.top <= _DASH * scale
                places.append(Place(box, part, cell, seen=True, dash=dash))
    places = list(_whole(places))
    return places + list(_passed_over(places, ink, cells, scale))


def _whole(places: Sequence[Place]) -> Iterator[Place]:
    """The words without those that are a part of another one: a line found in the next cell may reach into theirs."""
    by_cell: dict[Box | None, list[Place]] = defaultdict(list)
    for place in places:
        by_cell[place.cell].append(place)
    for own in by_cell.values():
        own.sort(key=lambda place: -_area(place.box))
        kept: list[Place] = []
        for place in own:
            part = _CONTAINED * _area(place.box)
            if not any(_area(_within(place.box, other.box)) > part for other in kept):
                kept.append(place)
        yield from kept


def _area(box: Box) -> float:
    return max(0.0, box.x1 - box.x0) * max(0.0, box.bottom - box.top)


def _parts(box: Box, cells: Sequence[Box], scale: float) -> Iterator[tuple[Box, Box | None]]:
    """A detected line cut into what lies in each cell, and what lies in none."""
    met = []
    for cell in cells:
        wide = min(box.x1, cell.x1) - max(box.x0, cell.x0)
        high = min(box.bottom, cell.bottom) - max(box.top, cell.top)
        if wide > _OVERLAP * scale and high > _SHARE * min(box.bottom - box.top, cell.bottom - cell.top):
            met.append(cell)
            yield _within(box, cell), cell
    if not met:
        yield box, None
        return
    left, right = min(cell.x0 for cell in met), max(cell.x1 for cell in met)
    beyond = 3 * _OVERLAP * scale
    if left - box.x0 > beyond:
        yield box._replace(x1=left), None
    if box.x1 - right > beyond:
        yield box._replace(x0=right), None


def _within(box: Box, cell: Box) -> Box:
    return Box(max(box.x0, cell.x0), max(box.top, cell.top), min(box.x1, cell.x1), min(box.bottom, cell.bottom))


def _closed(box: Box, ink: NDArray[np.uint8]) -> Box | None:
    """The box closed around the ink in it; None if there is none."""
    x0, top = max(0, round(box.x0)), max(0, round(box.top))
    part = ink[top : round(box.bottom), x0 : round(box.x1)]
    rows = _own_rows(np.flatnonzero(part.any(axis=1)), part.shape[0])
    if not rows.size:
        return None
    columns = np.flatnonzero(part[rows[0] : rows[-1] + 1].any(axis=0))
    return Box(float(x0 + columns[0]), float(top + rows[0]), float(x0 + columns[-1] + 1), float(top + rows[-1] + 1))


def _tall(ink: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """The marks that are as high as characters."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[1:] = np.where(stats[1:, cv2.CC_STAT_HEIGHT] >= height, 255, 0)
    return np.asarray(kept[labels], np.uint8)


def _own_rows(rows: NDArray[np.intp], height: int) -> NDArray[np.intp]:
    """Rows with ink, less those of the lines above and below, of which the box may hold an edge."""
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    if len(groups) > 1 and groups[0][0] == 0 and groups[0][-1] < height * _EDGE:
        groups = groups[1:]
    if len(groups) > 1 and groups[-1][-1] == height - 1 and groups[-1][0] > height * (1 - _EDGE):
        groups = groups[:-1]
    return np.concatenate(groups) if groups else rows


def _passed_over(
    places: Sequence[Place], ink: NDArray[np.uint8], cells: Sequence[Box], scale: float
) -> Iterator[Place]:
    """Print that lies in no word found so far, its marks joined to lines; in no line are marks of two cells."""
    left = ink.copy()
    inside = _INSIDE * scale
    for cell in cells:
        left[max(0, round(cell.top)) : round(cell.bottom), max(0, round(cell.x0)) : round(cell.x1)] = 0
    for cell in cells:
        top, bottom = round(cell.top + inside), round(cell.bottom - inside)
        x0, x1 = round(cell.x0 + inside), round(cell.x1 - inside)
        if bottom > top and x1 > x0:
            left[top:bottom, x0:x1] = ink[top:bottom, x0:x1]
    for place in places:
        top, x0 = max(0, round(place.room.top - inside)), max(0, round(place.room.x0 - inside))
        left[top : round(place.room.bottom + inside), x0 : round(place.room.x1 + inside)] = 0
    left = _tall(left, round(SMALLEST * scale))
    if not left.any():
        return
    joined = cv2.dilate(left, np.ones((1, 2 * round(3 * scale) + 1), np.uint8))
    count, _, stats, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for label in range(1, count):
        x, y, width, height, _ = (int(value) for value in stats[label])
        if not SMALLEST * scale <= height <= LARGEST * scale:
            continue
        middle_x, middle_y = middles[label]
        owner = next((c for c in cells if c.x0 <= middle_x < c.x1 and c.top <= middle_y < c.bottom), None)
        part = Box(x, y, x + width, y + height)
        closed = _closed(_within(part, owner) if owner else part, left)
        if closed is not None:
            yield Place(closed, closed, owner, seen=False)
