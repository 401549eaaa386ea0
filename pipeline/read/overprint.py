"""Glyphs printed over one another: a reader sees one of them, a program both.

Fake bold, the same character drawn again beside itself, is no overprint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.read.text import REPEAT_DISTANCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.read.glyphs import Glyphs, Integers

_STAMP = (5.0, 10.0)  # points; glyphs are compared with the next ones in the same rectangle of this size
_NEXT = (1, 2)
_SHARE = 0.5  # of the narrower and of the lower glyph; neighbours overlap a little in many fonts
_BOLD = 1.0  # points between the baselines of fake bold, at most


def overprinted(glyphs: Glyphs) -> tuple[Integers, Integers]:
    """Pairs of different glyphs in one place: some of each place, not all."""
    stamps = np.rint(np.column_stack(glyphs.centres) / _STAMP) @ (1.0, 1e5)
    order = np.argsort(stamps, kind="stable")
    stamps = stamps[order]
    pairs = [np.flatnonzero(stamps[step:] == stamps[:-step]) for step in _NEXT]
    one = order[np.concatenate(pairs)]
    other = order[np.concatenate([index + step for index, step in zip(pairs, _NEXT, strict=True)])]
    first, second = glyphs.boxes[one], glyphs.boxes[other]
    shared = np.minimum(first[:, 2:], second[:, 2:]) - np.maximum(first[:, :2], second[:, :2])
    least = np.minimum(first[:, 2:] - first[:, :2], second[:, 2:] - second[:, :2])
    over = np.flatnonzero((shared > _SHARE * least).all(axis=1))
    differ = [index for index in over.tolist() if not _is_bold(glyphs, one[index], other[index])]
    return one[differ], other[differ]


def _is_bold(glyphs: Glyphs, one: int, other: int) -> bool:
    if glyphs.texts[one] != glyphs.texts[other]:
        return False
    x0, _, x1, _ = glyphs.boxes[one].tolist()
    near = abs(x0 - glyphs.boxes[other, 0]) <= REPEAT_DISTANCE * (x1 - x0)
    return bool(near and abs(glyphs.baselines[one] - glyphs.baselines[other]) <= _BOLD)


def doubles(glyphs: Glyphs, suspects: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the suspects have one of the other glyphs in their place."""
    x, y = glyphs.centres
    found = np.zeros(len(glyphs), dtype=np.bool_)
    x0, top, x1, bottom = glyphs.boxes[~suspects].T
    for index in np.flatnonzero(suspects).tolist():
        found[index] = ((x0 <= x[index]) & (x[index] <= x1) & (top <= y[index]) & (y[index] <= bottom)).any()
    return found
