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
    x, y = glyphs.centres
    stamps = np.rint(x / _STAMP[0]) + 1e5 * np.rint(y / _STAMP[1])
    order = np.argsort(stamps, kind="stable")
    stamps, start, stop = stamps[order], glyphs.boxes[order, 0], glyphs.boxes[order, 2]
    width = stop - start
    pairs: list[tuple[int, int]] = []
    for step in _NEXT:
        shared = np.minimum(stop[step:], stop[:-step]) - np.maximum(start[step:], start[:-step])
        over = shared > _SHARE * np.minimum(width[step:], width[:-step])
        found = np.flatnonzero(over & (stamps[step:] == stamps[:-step]))
        pairs += zip(order[found].tolist(), order[found + step].tolist(), strict=True)
    differ = [pair for pair in pairs if _is_level(glyphs, *pair) and not _is_bold(glyphs, *pair)]
    one, other = np.array(differ, dtype=np.intp).reshape(-1, 2).T
    return one, other


def _is_level(glyphs: Glyphs, one: int, other: int) -> bool:
    _, top, _, bottom = glyphs.boxes[one].tolist()
    _, high, _, low = glyphs.boxes[other].tolist()
    return bool(min(bottom, low) - max(top, high) > _SHARE * min(bottom - top, low - high))


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
