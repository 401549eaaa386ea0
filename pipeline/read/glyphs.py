"""Printed characters, one by one and by the page: a page's glyphs are columns: what is done to one is done to all.

Coordinates are points from the top left corner of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]

_ALONG_Y = 90  # turns of 90 and 270 degrees read along y


class Glyph(NamedTuple):
    """One printed character.

    `turn` is the quarter (0, 90, 180, 270 degrees clockwise) by which its reading direction is turned from left to
    right; `baseline` the coordinate of its baseline across that direction: y if it reads along x, else x.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    turn: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """The glyphs of a page in the order in which they were printed, as columns.

    `boxes` has one row (x0, top, x1, bottom) a glyph; for the rest see `Glyph`.
    """

    texts: list[str]
    boxes: Floats
    baselines: Floats
    turns: Integers

    @classmethod
    def of(cls, glyphs: Iterable[Glyph]) -> Glyphs:
        """Glyphs given one by one."""
        rows = list(glyphs)
        boxes = np.array([glyph[1:5] for glyph in rows], dtype=np.float64).reshape(-1, 4)
        baselines = np.array([glyph.baseline for glyph in rows], dtype=np.float64)
        return cls([g.text for g in rows], boxes, baselines, np.array([g.turn for g in rows], dtype=np.intp))

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Glyph]:
        columns = self.texts, *self.boxes.T.tolist(), self.baselines.tolist(), self.turns.tolist()
        return map(Glyph, *columns)

    @property
    def heights(self) -> Floats:
        """Heights of the boxes."""
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def centres(self) -> tuple[Floats, Floats]:
        """The x and y of the middles of the boxes."""
        return (self.boxes[:, 0] + self.boxes[:, 2]) / 2, (self.boxes[:, 1] + self.boxes[:, 3]) / 2

    def reading_turn(self) -> int:
        """Quarter turn, clockwise degrees, that brings most of the text upright."""
        counts = np.bincount(self.turns // 90, minlength=4)
        return -90 * int(counts.argmax()) % 360

    def take(self, indexes: Integers) -> Glyphs:
        """The glyphs at these places, in this order."""
        texts = [self.texts[index] for index in indexes.tolist()]
        return Glyphs(texts, self.boxes[indexes], self.baselines[indexes], self.turns[indexes])

    def where(self, chosen: NDArray[np.bool_]) -> Glyphs:
        """The glyphs for which `chosen` is true."""
        return self if chosen.all() else self.take(np.flatnonzero(chosen))

    def within(self, width: float, height: float) -> Glyphs:
        """The glyphs that show on a page of this size; what lies beyond its edges does not."""
        x0, top, x1, bottom = self.boxes.T
        return self.where((x1 > 0) & (bottom > 0) & (x0 < width) & (top < height))

    def turned(self, quarter: int, width: float, height: float) -> Glyphs:
        """The glyphs of a page of this size after the page was turned clockwise by `quarter` degrees."""
        x0, top, x1, bottom = self.boxes.T
        along_x, place = self.turns % 180 != _ALONG_Y, self.baselines
        match quarter:
            case 90:
                sides, place = (height - bottom, x0, height - top, x1), np.where(along_x, height - place, place)
            case 180:
                sides = width - x1, height - bottom, width - x0, height - top
                place = np.where(along_x, height, width) - place
            case 270:
                sides, place = (top, width - x1, bottom, width - x0), np.where(along_x, place, width - place)
            case _:
                return self
        return Glyphs(self.texts, np.column_stack(sides), place, (self.turns + quarter) % 360)
