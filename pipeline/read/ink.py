"""What is printed on a page, before anybody asks what it means: glyphs, rules, fills and pictures.

Both readers give this same value, so that everything after them (grids, lines, stitching) is written once.
Coordinates are points from the top left corner of the page; `Ink.turned` turns the whole page by quarters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pipeline.read.glyphs import Floats, Glyphs

RULE_THICKNESS = 3.0
"""A painted shape thinner than this (points) is a rule, whatever operator drew it."""

LEVEL_TOLERANCE = 1.0
"""A side that strays no further than this (points) runs along an axis."""

SLANT_TOLERANCE = 8.0
"""Text turned further than this (degrees) from the four quarters is a watermark, not part of a table."""


class Rule(NamedTuple):
    """A straight line along one axis: `at` is its place across it, `start` and `stop` its ends."""

    at: float
    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class Ink:
    """All marks of one page as it is displayed, or turned from there.

    `across` are horizontal rules (at y, from x to x), `down` vertical ones; `fills` coloured areas;
    `outlines` counts the painted shapes that are none of these.
    """

    number: int
    width: float
    height: float
    glyphs: Glyphs
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    fills: tuple[Box, ...]
    pictures: tuple[Box, ...]
    outlines: int = 0

    @classmethod
    def of(cls, number: int, width: float, height: float, glyphs: Glyphs, shapes: Shapes) -> Ink:
        """The marks that show on a page of this size; what lies beyond its edges does not."""
        return cls(
            number,
            width,
            height,
            glyphs.within(width, height),
            tuple(Rule(r.at, max(r.start, 0), min(r.stop, width)) for r in shapes.across if 0 <= r.at <= height),
            tuple(Rule(r.at, max(r.start, 0), min(r.stop, height)) for r in shapes.down if 0 <= r.at <= width),
            tuple(shapes.fills),
            tuple(shapes.pictures),
            shapes.outlines,
        )

    def turned(self, quarter: int) -> Ink:
        """The same page turned clockwise by a multiple of 90 degrees."""
        if quarter == 0:
            return self
        width, height = self.width, self.height
        rules = [Box(r.start, r.at, r.stop, r.at) for r in self.across]
        rules += [Box(r.at, r.start, r.at, r.stop) for r in self.down]
        boxes = [turn_box(box, quarter, width, height) for box in rules]
        return replace(
            self,
            width=width if quarter == 180 else height,
            height=height if quarter == 180 else width,
            glyphs=self.glyphs.turned(quarter, width, height),
            across=tuple(Rule(b.top, b.x0, b.x1) for b in boxes if b.x1 > b.x0),
            down=tuple(Rule(b.x0, b.top, b.bottom) for b in boxes if b.bottom > b.top),
            fills=tuple(turn_box(box, quarter, width, height) for box in self.fills),
            pictures=tuple(turn_box(box, quarter, width, height) for box in self.pictures),
        )


class Shapes:
    """Collects what a page paints other than text; each painted shape becomes rules or an area by its size alone."""

    def __init__(self) -> None:
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.fills: list[Box] = []
        self.pictures: list[Box] = []
        self.outlines = 0
        self.objects = 0  # looked at, painted or not

    def rule(self, box: Box) -> None:
        """A straight line, whatever its thickness."""
        if box.x1 - box.x0 >= box.bottom - box.top:
            self.across.append(Rule((box.top + box.bottom) / 2, box.x0, box.x1))
        else:
            self.down.append(Rule((box.x0 + box.x1) / 2, box.top, box.bottom))

    def rules(self, boxes: Floats) -> None:
        """Straight lines, one row (x0, top, x1, bottom) each."""
        x0, top, x1, bottom = boxes.T
        level = x1 - x0 >= bottom - top
        self.across += _rules((top + bottom) / 2, x0, x1, level)
        self.down += _rules((x0 + x1) / 2, top, bottom, ~level)

    def fill(self, box: Box) -> None:
        """A painted rectangle: rules are often drawn as thin ones."""
        self.rule(box) if is_thin(box) else self.fills.append(box)

    def picture(self, box: Box) -> None:
        """An image; print drivers draw rules as images of one pixel."""
        self.rule(box) if is_thin(box) else self.pictures.append(box)

    def stroke(self, points: Sequence[tuple[float, float]]) -> None:
        """A line drawn through these points: its level and upright sides are rules."""
        for (x0, y0), (x1, y1) in pairwise(points):
            if min(abs(x1 - x0), abs(y1 - y0)) <= LEVEL_TOLERANCE:
                self.rule(Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _rules(at: Floats, start: Floats, stop: Floats, chosen: NDArray[np.bool_]) -> Iterable[Rule]:
    return map(Rule, at[chosen].tolist(), start[chosen].tolist(), stop[chosen].tolist())


def is_thin(box: Box) -> bool:
    """True for what is seen as a line."""
    return min(box.x1 - box.x0, box.bottom - box.top) <= RULE_THICKNESS


def frame_of(boxes: Sequence[Box]) -> Box:
    """The smallest box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def turn_box(box: Box, quarter: int, width: float, height: float) -> Box:
    """A box of a page of this size after the page was turned clockwise by `quarter` degrees."""
    match quarter:
        case 90:
            return Box(height - box.bottom, box.x0, height - box.top, box.x1)
        case 180:
            return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
        case 270:
            return Box(box.top, width - box.x1, box.bottom, width - box.x0)
        case _:
            return box


def quarter_of(degrees: float) -> int | None:
    """The quarter turn nearest to an angle, or None if the text stands aslant."""
    quarter = round(degrees / 90) * 90
    return quarter % 360 if abs(degrees - quarter) <= SLANT_TOLERANCE else None
