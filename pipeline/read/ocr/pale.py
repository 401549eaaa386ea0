"""Stretches of rules too pale or too broken to be runs, told by the rules that they prolong.

A stamp over a thin grey rule, or a fold of the sheet, leaves of a stretch no more than that it is darker than the
paper on both its sides. Where a rule ends at no other, that is enough to see that it goes on to the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.read.ink import Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHORTEST = 4.0
"""Points. Rules that end nearer than this to the next one meet it anyway."""

_WIDEST = 36.0  # points; what two or three characters touch
_STRAY = 0.7  # points by which the darkest pixel of a stretch lies off the rule's line
_SIDES = 1.3, 2.6  # points from the line, where there is paper
_ALONG = 3.2  # points over which pixels are averaged along the line, against noise
_DEPTH = 7.0  # of 255, by which a pale stretch is darker than the paper beside it
_PRINT = 30.0  # of 255; what is darker than the paper by more is print beside the line
_SEEN = 0.3  # of a stretch, which must be free of print beside it
_DARK = 0.75  # of what is seen of a stretch, which must be dark
_ENDS = 1.1, 2.2  # points from the crossing rules, where print leaves paper and a rule does not


def stretches(
    rules: Sequence[Rule], crossing: Sequence[Rule], gray: NDArray[np.uint8], paper: NDArray[np.uint8], scale: float
) -> list[Rule]:
    """The pale stretches by which level rules go on to the next rules that cross their line, and on from there."""
    found: list[Rule] = []
    for rule in rules:
        line = [other for other in rules if abs(other.at - rule.at) < 2 * _STRAY]
        places = sorted(other.at for other in crossing if other.start - SHORTEST <= rule.at <= other.stop + SHORTEST)
        for ahead in (1, -1):
            end = rule.stop if ahead > 0 else rule.start
            steps = places[bisect_right(places, end) :] if ahead > 0 else places[: bisect_left(places, end)][::-1]
            reached = end
            for place in steps:
                start, stop = sorted((reached, place))
                if not _is_covered(start, stop, line):
                    if stop - start < SHORTEST or not _goes_on(rule.at, start, stop, gray, paper, scale):
                        break
                    found.append(Rule(rule.at, start, stop))
                reached = place
    return found


def bridges(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[Rule]:
    """What is missing between two level rules of one line that end in the air, facing each other.

    Rules end at rules: where characters touch one on both sides, nothing is left to be seen of it.
    """
    tied = sorted((rule for rule in rules if any(_meets(rule, other) for other in crossing)), key=lambda r: r.start)
    found: list[Rule] = []
    for left in tied:
        line = [rule for rule in tied if abs(rule.at - left.at) < 2 * _STRAY and rule.start > left.stop]
        right = min(line, key=lambda rule: rule.start, default=None)
        if right is None or right.start - left.stop > _WIDEST:
            continue
        gap = Rule((left.at + right.at) / 2, left.stop, right.start)
        if not any(_meets(gap, other) for other in crossing):
            found.append(gap)
    return found


def _meets(rule: Rule, other: Rule) -> bool:
    """True if two rules cross, or one ends at the other."""
    along = rule.start - SHORTEST <= other.at <= rule.stop + SHORTEST
    return along and other.start - SHORTEST <= rule.at <= other.stop + SHORTEST


def _is_covered(start: float, stop: float, line: Sequence[Rule]) -> bool:
    """True if a rule of this line runs from start to stop, or over all but so little that it meets both ends."""
    return any(other.start <= start + SHORTEST and other.stop >= stop - SHORTEST for other in line)


def _goes_on(  # noqa: PLR0917 - a stretch of a line, and the picture
    at: float, start: float, stop: float, gray: NDArray[np.uint8], paper: NDArray[np.uint8], scale: float
) -> bool:
    middle, reach = round(at * scale - 0.5), round(_SIDES[1] * scale)
    margin = round(_SIDES[0] * scale)
    x0, x1 = round(start * scale) + margin, round(stop * scale) - margin
    if middle < reach or middle + reach >= gray.shape[0] or x1 - x0 < margin:
        return False
    band = np.ascontiguousarray(gray[middle - reach : middle + reach + 1, x0:x1]).astype(np.float32)
    under = paper[middle - reach : middle + reach + 1, x0:x1].astype(np.float32)
    smooth = cv2.blur(under - band, (2 * round(_ALONG * scale / 2) + 1, 1))
    stray, inner = round(_STRAY * scale), reach - round(_SIDES[0] * scale)
    own = smooth[reach - stray : reach + stray + 1].max(axis=0)
    above, below = smooth[: inner + 1].mean(axis=0), smooth[-inner - 1 :].mean(axis=0)
    seen = np.maximum(above, below) < _PRINT
    dark = own > np.maximum(above, below) + _DEPTH
    if seen.mean() < _SEEN or dark[seen].mean() < _DARK:
        return False
    near, far = round(_ENDS[0] * scale), round(_ENDS[1] * scale)
    first, last = round(start * scale) + near, round(stop * scale) - far
    return all(_is_dark(gray[middle - reach : middle + reach + 1, x : x + far - near], stray) for x in (first, last))


def _is_dark(end: NDArray[np.uint8], stray: int) -> bool:
    """True if the middle row of a few columns, or one beside it, is darker than their outmost rows."""
    rows = end.mean(axis=1)
    middle = len(rows) // 2
    own = rows[middle - stray : middle + stray + 1].min()
    return bool(own < min(rows[:2].mean(), rows[-2:].mean()) - _DEPTH)
