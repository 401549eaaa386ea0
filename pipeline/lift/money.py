"""The unit of money and the number of decimals that a table prints."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pipeline.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.lift.numbers import Number

_YUAN = {"元": 1, "千元": 1000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
# "单位:元" may be glued to what follows, and a place may be called 元谋: after 元 only the known labels may stand
_STATED = re.compile(
    r"(?:(?:金额|^)单位[:,]?|单位:)为?(?:人民币)?[:(]?(百万元|万元|千元|亿元|元(?![\u4e00-\u9fff])"
    r"|元(?=单位|部门|编制|编报|填报|预算|财决|公开|金额|表|项目))",
    re.MULTILINE,
)
_BRACKETED = re.compile(r"[(\[](?:单位[:]?)?(?:人民币)?(百万元|万元|千元|亿元|元)[)\]]")
_ALONE = re.compile(r"(?:^|[^\d\s.]\s+)[(（]?(百万元|万元|千元|元)[)）]?$")  # at the end of a unit line, apart


_MANY, _SOME = Fraction(1, 3), Fraction(1, 20)


def stated_unit(texts: Iterable[str]) -> int:
    """Yuan per printed unit as stated in these lines (captions, headings, notes); 0 if nothing or two things are."""
    texts = list(texts)
    joined = "\n".join(plain(text) for text in texts)
    for pattern in (_STATED, _BRACKETED):
        found = {_YUAN[word] for word in pattern.findall(joined)} or {
            _YUAN[word] for word in pattern.findall(joined.replace("\n", ""))
        }
        if len(found) == 1:
            return found.pop()
        if found:
            return 0
    found = {_YUAN[unit[1]] for text in texts if (unit := _ALONE.search(text.strip()))}
    return found.pop() if len(found) == 1 else 0


def common_unit(units: Iterable[int]) -> int:
    """The unit of a document whose tables state these; 0 if none states one or they differ."""
    known = {unit for unit in units if unit}
    return known.pop() if len(known) == 1 else 0


def settle_decimals(tables: list[tuple[int, list[Number]]]) -> list[int]:
    """How many decimals each table of a document stands for, given the money unit and the numbers of each.

    A table stands for what a third of its numbers show: the odd finer one (a formula that nobody rounded, or two
    numbers read as one) speaks for itself alone. A table tells nothing if all its numbers are zero, and where a
    document drops trailing zeros (5 beside 5.13 in one table), a table of round numbers tells nothing either. Such a
    table is taken to be as fine as the document's others in the same unit.
    """
    shown = [[number.decimals for number in numbers if number.value] for _, numbers in tables]
    drops_zeros = any(len(set(decimals)) > 1 for decimals in shown)
    by_unit: dict[int, list[int]] = {}
    for (unit, _), decimals in zip(tables, shown, strict=True):
        by_unit.setdefault(unit, []).extend(decimals)
    finest = {unit: _shown_by(_SOME, decimals) for unit, decimals in by_unit.items() if decimals}
    settled = []
    for (unit, numbers), decimals in zip(tables, shown, strict=True):
        own = _shown_by(_MANY, decimals or [number.decimals for number in numbers])
        if not decimals or drops_zeros:
            own = max(own, finest.get(unit, max(finest.values(), default=own)))
        settled.append(own)
    return settled


def _shown_by(share: Fraction, decimals: list[int]) -> int:
    """The most decimals that more than this share of the numbers show, and more than one of several; 0 without any."""
    alone = len(decimals) > len("ab")
    return sorted(decimals, reverse=True)[max(alone, int(len(decimals) * share))] if decimals else 0


def precision_of(unit: int, decimals: int) -> Decimal:
    """The value in yuan of the last digit."""
    return unit * Decimal(1).scaleb(-decimals)
