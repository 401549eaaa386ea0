"""Lines of text cut into pieces where white space parts them: what stands in the cells of a table without rules."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read.text import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.read.glyphs import Glyph, Glyphs

PIECE_GAP = 0.3
"""A gap wider than this share of the glyph height may part two cells; the space between Han and digits is narrower."""

_ABOVE, _BELOW = 0.85, 0.12  # of the type size: ink above and below the baseline, whatever box the font gives
_BOX = 1.15  # the usual height of a glyph's box, in type sizes
_LETTER_SPACED = re.compile(r"[合总小共]计|项目|科目|名称|金额|收入|支出|栏次|行次|备注|摘要|单位|编码|代码")
_BREAK = 0.08
"""A gap wider than this share of the glyph height, and not wide enough to part cells, parts an amount from words."""

_WIDEST_LETTER_SPACE = 6.0  # of the type size

_NUMBER = re.compile(r"[(（]?[-+−－]?[¥￥]?(\d{1,3}([,，]\d{3})+|\d+)([.．]\d+)?[%％]?[)）]?")
_NOTHING = re.compile(r"[-—–－*/]{1,4}")
_AMOUNT_AT_END = re.compile(r"(^|[^\d.,．，])(-?\d{1,3}([,，]?\d{3})*[.．]\d+|-)$")
_AMOUNT_AT_START = re.compile(r"-?\d{1,3}([,，]?\d{3})*[.．]\d+($|[^\d.,．，])")
_NUMERIC = frozenset("0123456789.,．，%")
_DECIMALS = re.compile(r"-?[\d,]+\.(\d+)")
_CUT = re.compile(r"-?[\d,]+\d(?:\.(\d*))?")
_AMOUNT = re.compile(r".*([,，.．]\d|\d{4})")


@lru_cache(maxsize=10_000)
def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


class Piece(NamedTuple):
    """Text without wide gaps in it. `size` is that of its type; `top` and `bottom` follow from baseline and size.

    `breaks` are narrow gaps beside an amount, (index in the text, left end, right end): cells that touch have these.
    `is_tail` says that it is the end of the number above, broken over two lines.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    breaks: tuple[tuple[int, float, float], ...] = ()
    is_tail: bool = False

    @property
    def middle(self) -> float:
        """The x half way."""
        return (self.x0 + self.x1) / 2

    @property
    def is_number(self) -> bool:
        """True for digits set as a number, whatever they count."""
        return not self.is_tail and _is_number(self.text)

    @property
    def is_figure(self) -> bool:
        """True for a number or a dash in its place."""
        return self.is_number or _NOTHING.fullmatch(self.text) is not None

    @property
    def may_be_code(self) -> bool:
        """True for digits without separators, more than one: a code, or an amount in whole yuan."""
        return len(self.text) > 1 and self.text.isdecimal()

    @property
    def is_amount(self) -> bool:
        """True for a number that is no page number and no ordinal."""
        return self.is_number and _AMOUNT.match(self.text) is not None


class Row(NamedTuple):
    """The pieces on one baseline, from left to right."""

    pieces: tuple[Piece, ...]

    @property
    def baseline(self) -> float:
        """The y of the first piece's baseline."""
        return self.pieces[0].baseline

    @property
    def size(self) -> float:
        """Of the largest piece."""
        return max(piece.size for piece in self.pieces)

    @property
    def top(self) -> float:
        """Upper edge of the ink."""
        return min(piece.top for piece in self.pieces)

    @property
    def bottom(self) -> float:
        """Lower edge of the ink."""
        return max(piece.bottom for piece in self.pieces)

    @property
    def text(self) -> str:
        """All text, pieces parted by a space."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def numbers(self) -> int:
        """How many pieces are numbers."""
        return sum(piece.is_number for piece in self.pieces)


def rows_of_pieces(glyphs: Glyphs) -> list[Row]:
    """The upright text of these glyphs, from top to bottom."""
    return [Row(tuple(_pieces(row))) for row in rows_of(glyphs.where(glyphs.turns == 0))]


def _pieces(row: Sequence[Glyph]) -> list[Piece]:
    parts: list[list[Glyph]] = [[row[0]]]
    for left, right in pairwise(row):
        if right.x0 - left.x1 > PIECE_GAP * min(left.bottom - left.top, right.bottom - right.top):
            parts.append([])
        parts[-1].append(right)
    pieces: list[Piece] = []
    for part in parts:
        piece = _piece(part)
        if pieces and _is_letter_spaced(pieces[-1], piece):
            last = pieces.pop()
            piece = Piece(last.text + piece.text, last.x0, last.top, piece.x1, piece.bottom, last.baseline, last.size)
        pieces.append(piece)
    return pieces


def _piece(part: Sequence[Glyph]) -> Piece:
    baseline = part[0].baseline
    # a Han character is as wide as its type is large, whatever the font says of its height
    widest = max((glyph.x1 - glyph.x0 for glyph in part if "\u4e00" <= glyph.text <= "\u9fff"), default=0.0)
    size = widest or max(glyph.bottom - glyph.top for glyph in part) / _BOX
    text = "".join(glyph.text for glyph in part)
    x1 = max(glyph.x1 for glyph in part)
    breaks = tuple(_breaks(text, part)) if any(mark in text for mark in ".．-") else ()
    return Piece(text, part[0].x0, baseline - _ABOVE * size, x1, baseline + _BELOW * size, baseline, size, breaks)


def _breaks(text: str, part: Sequence[Glyph]) -> Iterator[tuple[int, float, float]]:
    """Where an amount with decimals or separators ends or begins, if there is any gap."""
    for index, (left, right) in enumerate(pairwise(part), 1):
        # digits of one number may be set apart a little
        digits = text[index - 1] in _NUMERIC and text[index] in _NUMERIC
        gap = (PIECE_GAP / 2 if digits else _BREAK) * min(left.bottom - left.top, right.bottom - right.top)
        if right.x0 - left.x1 <= gap:
            continue
        if _AMOUNT_AT_END.search(text[:index]) or _AMOUNT_AT_START.match(text[index:]):
            yield index, left.x1, right.x0


def split(row: Row, edges: Sequence[float]) -> Row:
    """The row with its pieces cut where an edge lies in one of their breaks."""
    pieces: list[Piece] = []
    for whole in row.pieces:
        piece, done = whole, 0
        for index, stop, start in whole.breaks:
            if any(stop - 1 <= edge <= start + 1 for edge in edges):
                pieces.append(piece._replace(text=piece.text[: index - done], x1=stop, breaks=()))
                piece, done = piece._replace(text=piece.text[index - done :], x0=start), index
        pieces.append(piece)
    return Row(tuple(pieces))


def with_tails(rows: Sequence[Row]) -> list[Row]:
    """The rows with the ends of amounts told that a narrow column broke: 10,689,926.8 above 9.

    They stand flush below an amount that has fewer decimals than most, and make it have as many.
    """
    decimals = Counter(len(found[1]) for row in rows for p in row.pieces if (found := _DECIMALS.fullmatch(p.text)))
    if not decimals or decimals.most_common(1)[0][0] == 0:
        return list(rows)
    usual = decimals.most_common(1)[0][0]
    cut = [p for row in rows for p in row.pieces if (end := _CUT.fullmatch(p.text)) and len(end[1] or "") < usual]
    return [Row(tuple(p._replace(is_tail=_ends(p, cut, usual)) for p in row.pieces)) for row in rows]


def _ends(tail: Piece, heads: Sequence[Piece], usual: int) -> bool:
    for head in heads:
        below = 0 < tail.baseline - head.baseline <= 2 * tail.size
        flush = min(abs(tail.x1 - head.x1), abs(tail.middle - head.middle), abs(tail.x0 - head.x0)) <= 1
        whole = _DECIMALS.fullmatch(head.text + tail.text)
        if tail.text.isdecimal() and below and flush and whole and len(whole[1]) == usual:
            return True
    return False


def _is_letter_spaced(left: Piece, right: Piece) -> bool:
    """True for the two characters of a word that was spread to fill its cell: 合　　计."""
    gap = right.x0 - left.x1
    return gap <= _WIDEST_LETTER_SPACE * left.size and _LETTER_SPACED.fullmatch(left.text + right.text) is not None
