"""Rules seen in a picture: long thin dark runs, whole or broken, black or grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.read.ink import Rule
from pipeline.read.ocr import pale
from pipeline.read.ocr.picture import paper_of

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
_HALF = 0.8  # points; half of a rule's thickness, where it is broken
_BESIDE = 1.5  # points; the breaks that this leaves in grey rules where black ones cross them are shorter than GAP
_CONTRAST = 18  # of 255, against the surroundings: a thin grey line after JPEG


class Rules(NamedTuple):
    """Rules of a page in points, and the pixels that they cover (255), for taking them out of the picture."""

    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    mask: NDArray[np.uint8]


class _Seen(NamedTuple):
    """A level run: where it is (points), its label among the runs, and whether no stroke of text is so long."""

    rule: Rule
    label: int
    sure: bool


class _Runs(NamedTuple):
    """The level runs of a picture, the picture of their labels, and the pixels of those that no text makes."""

    seen: list[_Seen]
    labels: NDArray[np.int32]
    long: NDArray[np.uint8]


def find_rules(picture: Picture) -> Rules:
    """All rules of a page that lies straight."""
    scale = picture.scale
    paper = paper_of(picture)
    level = _dark(picture.gray, paper, scale)
    steep = _dark(np.ascontiguousarray(picture.gray.T), np.ascontiguousarray(paper.T), scale)
    level_runs, steep_runs = _runs(level, SHORTEST_ACROSS, scale), _runs(steep, SHORTEST_DOWN, scale)
    across, down = _tied(level_runs.seen, steep_runs.seen)
    level_rules, steep_rules = [seen.rule for seen in across], [seen.rule for seen in down]
    bridges_across, bridges_down = pale.bridges(level_rules, steep_rules), pale.bridges(steep_rules, level_rules)
    level_rules, steep_rules = [*level_rules, *bridges_across], [*steep_rules, *bridges_down]
    pale_across = pale.stretches(level_rules, steep_rules, picture.gray, paper, scale)
    pale_down = pale.stretches(steep_rules, level_rules, picture.gray.T, paper.T, scale)
    level_mask = _with_stretches(_pixels(across, level_runs, scale), (*bridges_across, *pale_across), scale)
    steep_mask = _with_stretches(_pixels(down, steep_runs, scale), (*bridges_down, *pale_down), scale)
    mask = cv2.bitwise_or(level_mask, np.ascontiguousarray(steep_mask.T))
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return Rules((*level_rules, *pale_across), (*steep_rules, *pale_down), np.asarray(mask, np.uint8))


def _dark(gray: NDArray[np.uint8], paper: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    """Pixels (255) that are dark against the paper, and against what stands beside them on their row.

    So grey lines count, shaded areas do not, and the gaps between dark characters stay open.
    """
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    beside = cv2.erode(smooth, np.ones((1, 2 * round(_BESIDE * scale) + 1), np.uint8)).astype(np.int16)
    depth = np.maximum(_CONTRAST, (paper.astype(np.int16) - beside) // 2)
    return np.where(smooth.astype(np.int16) < paper.astype(np.int16) - depth, 255, 0).astype(np.uint8)


def _runs(dark: NDArray[np.uint8], shortest: float, scale: float) -> _Runs:
    """Level runs; all is thickened a little, so that a line that climbs by a pixel stays whole."""
    thickest, length = THICKEST * scale, round(shortest * scale)
    thick = np.asarray(cv2.dilate(dark, np.ones((3, 1), np.uint8)), np.uint8)
    level = _without_blots(_opened(thick, length), thickest)
    long = _opened(level, round(SURE * scale))
    joined = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((1, round(GAP * scale)), np.uint8))
    _, labels, stats, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sure = set(np.unique(labels[long > 0]).tolist())
    runs: list[_Seen] = []
    for label, (x, _, width, height, _) in enumerate(stats.tolist()):
        # a rule that is bent climbs a little over a long way
        if label and width >= length and height <= thickest + 2 + width * _BENT:
            rule = Rule((float(middles[label][1]) + 0.5) / scale, x / scale, (x + width) / scale)
            runs.append(_Seen(rule, label, label in sure))
    return _Runs(runs, np.asarray(labels, np.int32), long)


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
            abs(other.at - end) <= MEETS and other.start - MEETS <= rule.at <= other.stop + MEETS
            for other, *_ in others
        )

    return met(rule.start) and met(rule.stop)


def _with_stretches(mask: NDArray[np.uint8], stretches: Sequence[Rule], scale: float) -> NDArray[np.uint8]:
    half = round(_HALF * scale)
    for rule in stretches:
        y = round(rule.at * scale - 0.5)
        mask[max(0, y - half) : y + half + 1, max(0, round(rule.start * scale)) : round(rule.stop * scale)] = 255
    return mask


def _pixels(chosen: Sequence[_Seen], runs: _Runs, scale: float) -> NDArray[np.uint8]:
    """The pixels (255) of the chosen runs, without those of text that touches them."""
    places = np.full(int(runs.labels.max()) + 1, -np.inf, np.float32)
    for seen in chosen:
        places[seen.label] = seen.rule.at * scale - 0.5
    rows = np.arange(runs.labels.shape[0], dtype=np.float32)[:, None]
    own = places[runs.labels]
    near = np.abs(rows - own) <= _HALF * scale
    return np.where(near | ((runs.long > 0) & np.isfinite(own)), 255, 0).astype(np.uint8)
