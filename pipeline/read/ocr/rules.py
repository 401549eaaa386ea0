"""Rules seen in a picture: long thin dark runs, whole or broken, black or grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.read.ink import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.read.ocr.picture import Picture

SHORTEST_ACROSS, SHORTEST_DOWN = 18.0, 11.0
"""Points. Columns are wider and rows higher than this; strokes of text that are longer end at no rules."""

SURE = 36.0
"""Points. No stroke of text is as long."""

THICKEST = 3.2
"""Points. Longer marks that are thicker are areas."""

GAP = 5.0
"""Points. Breaks of this length, as faint print and specks make them, do not end a rule; cells are wider."""

MEETS = 1.8
"""Points between the end of a rule and the one that it meets."""

_BENT = 0.006  # points that a bent rule climbs for each of its length
_CONTRAST = 18  # of 255, against the surroundings: a thin grey line after JPEG


class Rules(NamedTuple):
    """Rules of a page in points, and the pixels that they cover (255), for taking them out of the picture."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    mask: NDArray[np.uint8]


class _Seen(NamedTuple):
    """A level run: where it is (points), its label among the runs, and whether no stroke of text is so long.

    `reach` is how far its pixels may lie from its middle; further off are marks that touch it.
    """

    rule: Rule
    label: int
    sure: bool
    reach: float


def find_rules(picture: Picture) -> Rules:
    """All rules of a page that lies straight."""
    scale = picture.scale
    dark = _dark(picture)
    across, across_labels = _runs(dark, SHORTEST_ACROSS, scale)
    down, down_labels = _runs(np.ascontiguousarray(dark.T), SHORTEST_DOWN, scale)
    across, down = _tied(across, down)
    level, upright = _pixels(across, across_labels, scale), _pixels(down, down_labels, scale)
    mask = cv2.bitwise_or(level, np.ascontiguousarray(upright.T))
    mask = cv2.dilate(cv2.bitwise_and(mask, cv2.dilate(dark, np.ones((3, 3), np.uint8))), np.ones((3, 3), np.uint8))
    return Rules(tuple(seen.rule for seen in across), tuple(seen.rule for seen in down), np.asarray(mask, np.uint8))


def _dark(picture: Picture) -> NDArray[np.uint8]:
    """Pixels (255) darker than their surroundings, so that grey lines count and shaded areas do not."""
    gray = cv2.GaussianBlur(picture.gray, (3, 3), 0)
    size = 2 * round(6 * picture.scale) + 1
    surroundings = cv2.blur(cv2.dilate(gray, np.ones((5, 5), np.uint8)), (size, size))
    return np.where(gray.astype(np.int16) < surroundings.astype(np.int16) - _CONTRAST, 255, 0).astype(np.uint8)


def _runs(dark: NDArray[np.uint8], shortest: float, scale: float) -> tuple[list[_Seen], NDArray[np.int32]]:
    """Level runs and the picture of their labels; thickened a little, so that a line that climbs stays whole."""
    thickest, length = THICKEST * scale, round(shortest * scale)
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    level = _without_blots(_opened(thick, length), thickest)
    long = _opened(level, round(SURE * scale))
    joined = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((1, round(GAP * scale)), np.uint8))
    _, labels, stats, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sure = set(np.unique(labels[long > 0]).tolist())
    runs: list[_Seen] = []
    for label, (x, _, width, height, area) in enumerate(stats.tolist()):
        # a rule that is bent climbs a little over a long way
        if label and width >= length and height <= thickest + 2 + width * _BENT:
            rule = Rule((float(middles[label][1]) + 0.5) / scale, x / scale, (x + width) / scale)
            runs.append(_Seen(rule, label, label in sure, area / width / 2 + 1.5 + 0.0015 * width))
    return runs, np.asarray(labels, np.int32)


def _opened(pixels: NDArray[np.uint8], length: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_OPEN, np.ones((1, length), np.uint8)), np.uint8)


def _without_blots(level: NDArray[np.uint8], thickest: float) -> NDArray[np.uint8]:
    """Less what is thicker than a rule: the rest of areas and of bold print."""
    core = cv2.morphologyEx(level, cv2.MORPH_OPEN, np.ones((round(thickest) + 3, 1), np.uint8))
    return np.asarray(cv2.subtract(level, core), np.uint8)


def _tied(across: Sequence[_Seen], down: Sequence[_Seen]) -> tuple[list[_Seen], list[_Seen]]:
    """Rules that are long, or that end at other rules on both sides: what remains are strokes of text."""
    down = [seen for seen in down if seen.sure or _ends_at(seen.rule, [other for other in across if other.sure])]
    across = [seen for seen in across if seen.sure or _ends_at(seen.rule, down)]
    return across, down


def _ends_at(rule: Rule, others: Sequence[_Seen]) -> bool:
    def met(end: float) -> bool:
        return any(
            abs(other.at - end) <= MEETS and other.start - MEETS <= rule.at <= other.stop + MEETS for other, *_ in others
        )

    return met(rule.start) and met(rule.stop)


def _pixels(runs: Sequence[_Seen], labels: NDArray[np.int32], scale: float) -> NDArray[np.uint8]:
    """The pixels (255) of these runs."""
    places, reaches = np.zeros((2, int(labels.max()) + 1), np.float32)
    reaches -= 1
    for seen in runs:
        places[seen.label], reaches[seen.label] = seen.rule.at * scale - 0.5, seen.reach
    rows = np.arange(labels.shape[0], dtype=np.float32)[:, None]
    return np.where(np.abs(rows - places[labels]) <= reaches[labels], 255, 0).astype(np.uint8)
