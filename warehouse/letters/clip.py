"""Cutting a number out of the picture of its page so that its row and column can still be read.

The cut is the head of the table, then, if they stand further down, the rows around the number; the number is framed.
What is known of the table are the boxes of its money cells: its head stands above them, the names of its rows beside
them. Coordinates are points of the page as displayed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageOps

from pipeline.model import Box
from pipeline.read.ink import turn_box
from warehouse.packing import BLUE, RED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NEIGHBOURS = 2  # rows shown on either side
_HEAD = 175.0  # points above the first row: the title and four lines of headings
_NEAR = 50.0  # points between head and rows that are rather shown than cut out
_DARK = 140  # of 255; ink
_CUT = 26  # pixels between head and rows
_MARGIN = 4.0  # points
_LINES = 5.0  # heights of a line shown above and below a place in running text


class Sheet(NamedTuple):
    """A page with a table on it: its picture, pixels per point, and the table's cells as (row, box)."""

    image: Image.Image
    scale: float
    cells: tuple[tuple[int, Box], ...]
    above: tuple[Box, ...] = ()
    """Cells of other tables on the page."""


class Cut(NamedTuple):
    """A cut-out picture; `width` in points."""

    image: Image.Image
    width: float


def clip(sheet: Sheet, first: Sheet | None, marked: Iterable[Box], compared: Iterable[Box]) -> Cut:
    """The marked cells (red) and those beside them that they are compared with (blue), under the head of their table.

    Without marked cells the compared ones are what it is about. `first` is the page on which the table begins, if that
    is another one.
    """
    upright, boxes, others = _upright(sheet, [*marked], [*compared])
    near = [_neighbourhood(upright.cells, box) for box in boxes or others]
    top, bottom = min(start for start, _ in near) - _MARGIN, max(end for _, end in near) + _MARGIN
    first_row = _first_row(upright)
    left, right = _sides(upright)
    framed = upright.image.copy()
    pen = ImageDraw.Draw(framed)
    for box, color in [*((box, BLUE) for box in others), *((box, RED) for box in boxes)]:
        pen.rectangle(_pixels(box, upright.scale), outline=color, width=3 if color == RED else 2)
    head = _head(upright)
    if first is None and top - first_row < _NEAR:
        return _cut(framed, upright.scale, [(head, bottom)], left, right)
    if first is not None:
        begins, _, _ = _upright(first, [], [])
        if _same_columns(begins, upright):
            strip = _strip(begins.image, begins.scale, (_head(begins), _first_row(begins)), left, right)
            return _joined(strip, _strip(framed, upright.scale, (top, bottom), left, right), upright.scale)
        return _cut(framed, upright.scale, [(min(head, top), bottom)], left, right)
    return _cut(framed, upright.scale, [(head, first_row), (top, bottom)], left, right)


def clip_text(image: Image.Image, scale: float, marked: Iterable[Box], compared: Iterable[Box]) -> Cut:
    """The marked places in running text (red) and what they are compared with (blue), with the lines around them."""
    boxes, others = [*marked], [*compared]
    framed = image.copy()
    pen = ImageDraw.Draw(framed)
    for box, color in [*((box, BLUE) for box in others), *((box, RED) for box in boxes)]:
        pen.rectangle(_pixels(box, scale), outline=color, width=3 if color == RED else 2)
    around = _LINES * max(box.bottom - box.top for box in boxes or others)
    top = min(box.top for box in boxes or others) - around
    bottom = max(box.bottom for box in boxes or others) + around
    width = image.width / scale
    left, _, right, _ = _ink(_strip(framed, scale, (top, bottom), 0, width)).getbbox() or (0, 0, framed.width, 0)
    return _cut(framed, scale, [(top, bottom)], max(0.0, left / scale - _MARGIN), min(width, right / scale + _MARGIN))


def _upright(sheet: Sheet, marked: list[Box], compared: list[Box]) -> tuple[Sheet, list[Box], list[Box]]:
    """The sheet and boxes turned so that the rows of the table run down the page."""
    turn = turn_of(sheet.cells)
    if not turn:
        return sheet, marked, compared
    width, height = sheet.image.width / sheet.scale, sheet.image.height / sheet.scale

    def turned(box: Box) -> Box:
        return turn_box(box, turn, width, height)

    cells = tuple((row, turned(box)) for row, box in sheet.cells)
    image = sheet.image.rotate(-turn, expand=True)
    above = tuple(map(turned, sheet.above))
    return Sheet(image, sheet.scale, cells, above), [*map(turned, marked)], [*map(turned, compared)]


def turn_of(cells: Sequence[tuple[int, Box]]) -> int:
    """By how many degrees, clockwise, a displayed page is to be turned so that the rows of its table run downwards.

    Cells of money are wider than high; which end of the page is up is told by the order of the rows.
    """
    upright = 2 * sum(box.x1 - box.x0 >= box.bottom - box.top for _, box in cells) >= len(cells)
    places = [(row, box.top if upright else box.x0) for row, box in sorted(cells)]
    steps = [after[1] - before[1] for before, after in pairwise(places) if before[0] != after[0]]
    forward = sum(step > 0 for step in steps) >= sum(step < 0 for step in steps)
    return {(True, True): 0, (True, False): 180, (False, True): 90, (False, False): 270}[upright, forward]


def _neighbourhood(cells: Iterable[tuple[int, Box]], box: Box) -> tuple[float, float]:
    """From the top of the rows before a cell to the bottom of those after it, by its own column.

    In a scan that lies askew the cells of one row stand at different heights, and those of a column do not overlap.
    """
    column = sorted(((other.top, other.bottom) for _, other in cells if other.x0 < (box.x0 + box.x1) / 2 < other.x1))
    middle = (box.top + box.bottom) / 2
    above = [top for top, bottom in column if (top + bottom) / 2 < middle][-_NEIGHBOURS:]
    below = [bottom for top, bottom in column if (top + bottom) / 2 > middle][:_NEIGHBOURS]
    return min([box.top, *above]), max([box.bottom, *below])


def _first_row(sheet: Sheet) -> float:
    return min(box.top for _, box in sheet.cells)


def _head(sheet: Sheet) -> float:
    """Where the head of a table begins, in points: as far up as a title may stand, below what stands before it."""
    first = _first_row(sheet)
    start = max([0.0, first - _HEAD, *(box.bottom for box in sheet.above if box.bottom <= first)])
    strip = sheet.image.crop((0, round(start * sheet.scale), sheet.image.width, round(first * sheet.scale)))
    if not strip.height:
        return start
    ink = _ink(strip)
    for row in range(strip.height):  # a line of text is not cut in two
        if not ink.crop((0, row, ink.width, row + 1)).getbbox():
            rest = ink.crop((0, row, ink.width, ink.height)).getbbox()
            return start + (row + (rest[1] if rest else 0)) / sheet.scale - _MARGIN
    return start


def _sides(sheet: Sheet) -> tuple[float, float]:
    """The table's and its head's extent across, in points."""
    tops, bottoms = [box.top for _, box in sheet.cells], [box.bottom for _, box in sheet.cells]
    image = sheet.image
    band = image.crop((0, round(min(tops) * sheet.scale), image.width, round(max(bottoms) * sheet.scale)))
    found = _ink(band).getbbox() or (0, 0, image.width, 0)
    left = min(found[0] / sheet.scale, *(box.x0 for _, box in sheet.cells)) - _MARGIN
    right = max(found[2] / sheet.scale, *(box.x1 for _, box in sheet.cells)) + _MARGIN
    return max(0.0, left), min(image.width / sheet.scale, right)


def _ink(image: Image.Image) -> Image.Image:
    return ImageOps.grayscale(image).point(lambda value: 255 if value < _DARK else 0)


def _same_columns(one: Sheet, other: Sheet) -> bool:
    def extent(sheet: Sheet) -> tuple[float, float]:
        return min(box.x0 for _, box in sheet.cells), max(box.x1 for _, box in sheet.cells)

    return one.scale == other.scale and all(
        abs(a - b) < 2 * _MARGIN for a, b in zip(extent(one), extent(other), strict=True)
    )


def _strip(image: Image.Image, scale: float, rows: tuple[float, float], left: float, right: float) -> Image.Image:
    box = _pixels(Box(left, rows[0], right, rows[1]), scale)
    return image.crop((max(0, box[0]), max(0, box[1]), min(image.width, box[2]), min(image.height, box[3])))


def _cut(image: Image.Image, scale: float, parts: Sequence[tuple[float, float]], left: float, right: float) -> Cut:
    strips = [_strip(image, scale, part, left, right) for part in parts]
    if len(strips) == 1:
        return Cut(strips[0], strips[0].width / scale)
    return _joined(strips[0], strips[1], scale)


def _joined(head: Image.Image, rows: Image.Image, scale: float) -> Cut:
    """Two strips of a page over each other, and between them the sign that something was left out."""
    picture = Image.new("RGB", (max(head.width, rows.width), head.height + _CUT + rows.height), "white")
    picture.paste(head, (0, 0))
    picture.paste(rows, (0, head.height + _CUT))
    pen = ImageDraw.Draw(picture)
    step, middle = _CUT // 2, head.height + _CUT // 2
    zigzag = [(x, middle + (step // 2 if n % 2 else -step // 2)) for n, x in enumerate(range(0, picture.width, step))]
    pen.line(zigzag, fill=(150, 150, 150), width=1)
    return Cut(picture, picture.width / scale)


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    return round(box.x0 * scale), round(box.top * scale), round(box.x1 * scale), round(box.bottom * scale)
