"""The column in which the text of a page is set, told from where its lines begin and end."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.ordinals import CLOSED, PART, ordinal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page
    from pipeline.narrative.rows import Raw

_FULL_LINES = 3  # so many show where a page's column ends, which need not be where it ends on other pages


class Column(NamedTuple):
    """Left and right side of the text of a page, in points."""

    left: float
    right: float


def columns_of(by_page: Sequence[tuple[Page, list[Raw]]]) -> list[Column]:
    """The column of text of each page. Continued lines begin at its left and full ones end at its right side.

    A page may hold too few of either; then the document's pages of its width tell.
    """
    usual: dict[int, Column] = {}
    widths = {_width(page) for page, _ in by_page}
    for width in widths:
        lines = [line for page, raw in by_page if _width(page) == width for line in raw]
        usual[width] = _column(lines, 20) or Column(0.0, float(width))
    columns = []
    for page, lines in by_page:
        own, known = _column(lines, 8), usual[_width(page)]
        if own is None:
            columns.append(known)
            continue
        em = sorted(line.em for line in lines)[len(lines) // 2]
        over = [(last, line) for last, line in pairwise(lines) if _goes_over(last, line)]
        full = sum(last.box.x1 > own.right - em for last, _ in over)
        right = known.right if own.right < known.right - 2 * em and full < _FULL_LINES else own.right
        # all lines of the page may be first lines; one on which a full line goes on is none
        flush = any(line.box.x0 < own.left + em and last.box.x1 > right - 3 * em for last, line in over)
        left = known.left if own.left > known.left + 1.5 * em and not flush else own.left
        columns.append(Column(left, right))
    return columns


def _goes_over(last: Raw, line: Raw) -> bool:
    """True if one line may go on in the next, by what they say."""
    ended = CLOSED.search(last.text) or last.text.endswith(("：", ":"))
    return not (ended or ordinal_of(line.text) or PART.match(line.text))


def _width(page: Page) -> int:
    return round(page.width if page.rotation % 180 == 0 else page.height)


def _column(lines: Sequence[Raw], share: int) -> Column | None:
    """The outermost left side that one line of so many (`share`) shares, and the right side that so many reach."""
    if not lines:
        return None
    support = max(1, min(2, len(lines) // 8), len(lines) // share)  # of a few lines, one must do
    step = 6.0  # points, half a letter
    lefts = Counter(round(line.box.x0 / step) for line in lines)
    left = min((at for at in lefts if lefts[at] + lefts[at + 1] >= support), default=None)
    if left is None:
        return None
    return Column(
        min(line.box.x0 for line in lines if round(line.box.x0 / step) == left),
        sorted(line.box.x1 for line in lines)[-support],
    )
