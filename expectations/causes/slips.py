"""What sort of slip makes one number of another: what typists, spreadsheets and copiers do to figures."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from expectations.causes.problem import Echo

_UNITS = 4  # powers of ten between 元 and 万元
_POWERS = (_UNITS, -_UNITS, 1, -1, 2, -2, 3, -3)
_NEAR = Decimal("0.001")
_DIGITS = "0123456789"
_DIGIT_RUN = re.compile(r"\d[\d,，]*(\.\d+)?")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d*)?")


class Kind(StrEnum):
    """The closed set of slips, the more telling ones first; `label` is the Chinese clause that the bureau reads."""

    OMITTED = "omitted"
    SIGN = "sign"
    UNIT = "unit"
    POINT = "point"
    COPIED = "copied"
    STALE = "stale"
    OTHER_CELL = "other_cell"
    TRANSPOSED = "transposed"
    DOUBLED = "doubled"
    DROPPED = "dropped"
    DIGIT = "digit"
    STALE_TOTAL = "stale_total"
    MISPRINT = "misprint"
    SWAPPED = "swapped"
    SHIFTED = "shifted"
    MISSING_ROW = "missing_row"

    @property
    def label(self) -> str:
        """The clause."""
        return _LABELS[self]


_LABELS = {
    Kind.OMITTED: "漏填",
    Kind.SIGN: "正负号相反",
    Kind.UNIT: "元与万元混用",
    Kind.POINT: "小数点错位",
    Kind.COPIED: "与相邻单元格的数字相同，疑为误抄",
    Kind.STALE: "与上年决算的数字相同，疑为沿用上年文字",
    Kind.OTHER_CELL: "与报表中另一数字相同，疑为误取",
    Kind.TRANSPOSED: "相邻两位数字颠倒",
    Kind.DOUBLED: "多写一位数字",
    Kind.DROPPED: "漏写一位数字",
    Kind.DIGIT: "一位数字写错",
    Kind.STALE_TOTAL: "合计数与各分项之和不符，疑为未更新",
    Kind.MISPRINT: "数字有误",
    Kind.SWAPPED: "数字互换位置",
    Kind.SHIFTED: "整块错行",
    Kind.MISSING_ROW: "疑漏列一行",
}


class Wanted(NamedTuple):
    """What the other numbers ask of a cell, in yuan: bounds, and the amount that most of them ask for."""

    low: Decimal
    high: Decimal
    best: Decimal


class Slip(NamedTuple):
    """A kind of slip, and the amount (yuan) that should stand there."""

    kind: Kind
    meant: Decimal


def kind_of(amount: Decimal, printed: str, money_unit: int, wanted: Wanted, neighbours: Collection[Decimal]) -> Slip:
    """The slip that made `amount` (yuan, printed like this) of what is wanted, and what should stand there.

    `neighbours` are the amounts of the cells beside it. The kind is MISPRINT where no slip explains the number.
    """
    if amount == 0:
        return Slip(Kind.OMITTED, wanted.best)
    if amount in neighbours:
        return Slip(Kind.COPIED, wanted.best)
    return _misprint(amount, printed, money_unit, wanted)


def claim_kind(amount: Decimal, printed: str, money_unit: int, wanted: Wanted, echo: Echo | None) -> Slip:
    """The slip that made a claimed number of what is wanted: `printed` has no sign, a word beside it says 增加 or 减少.

    `echo` is where the number stands as well, and means something there.
    """
    if echo:
        return Slip(Kind.STALE if echo.is_last_year else Kind.OTHER_CELL, wanted.best)
    digits = _DIGIT_RUN.search(printed)
    sign = "-" if amount < 0 else ""
    return _misprint(amount, sign + (digits.group() if digits else ""), money_unit or 1, wanted)


def _misprint(amount: Decimal, printed: str, money_unit: int, wanted: Wanted) -> Slip:
    guesses = [guess for guess in _guesses(amount, printed, money_unit) if guess.value != amount]
    for kind, value, blur in guesses:
        if abs(value - wanted.best) <= blur:
            return Slip(kind, value if blur == _NEAR else wanted.best)
    for kind, value, _ in guesses:
        if wanted.low <= value <= wanted.high:
            return Slip(kind, value)
    return Slip(Kind.MISPRINT, wanted.best)


class _Guess(NamedTuple):
    """What may have been meant, in yuan; what is off by powers of ten was rounded before it was printed."""

    kind: Kind
    value: Decimal
    blur: Decimal = _NEAR


def _guesses(amount: Decimal, printed: str, money_unit: int) -> Iterator[_Guess]:
    text = printed.replace(",", "").replace("，", "")
    precision = money_unit * Decimal(1).scaleb(-len(text.partition(".")[2]))
    yield _Guess(Kind.SIGN, -amount)
    for power in _POWERS:
        kind = Kind.UNIT if abs(power) == _UNITS else Kind.POINT
        blur = precision.scaleb(power) if power > 0 else Decimal(money_unit) / 100
        yield _Guess(kind, amount.scaleb(power), blur / 2)
    for kind, texts in _written(text):
        yield from (_Guess(kind, Decimal(t) * money_unit) for t in dict.fromkeys(texts) if _NUMBER.fullmatch(t))


def _written(text: str) -> Iterator[tuple[Kind, list[str]]]:
    """What may have been meant by these digits, slip by slip."""
    places = [index for index, char in enumerate(text) if char.isdigit()]
    pairs = [(one, next_) for one, next_ in pairwise(places) if text[one] != text[next_]]
    yield Kind.TRANSPOSED, [text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :] for a, b in pairs]
    yield Kind.DIGIT, [text[:i] + d + text[i + 1 :] for i in places for d in _DIGITS]
    yield Kind.DOUBLED, [text[:i] + text[i + 1 :] for i in places]
    whole, point, decimals = text.partition(".")
    yield Kind.DROPPED, [whole[:i] + d + whole[i:] + point + decimals for i in range(len(whole) + 1) for d in _DIGITS]
    if point:  # what follows a digit left out behind the point moves up, and a zero may fill the end
        longer = [decimals[:i] + d + decimals[i:] for i in range(len(decimals) + 1) for d in _DIGITS]
        yield Kind.DROPPED, [f"{whole}.{more}" for one in longer for more in (one, one[:-1])]
