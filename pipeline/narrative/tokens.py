"""Tokens of a Chinese sentence about money: numbers with their units, and the words that say what a number means.

Nothing here knows a line of any table, a unit's name or a place. The text is folded (`pipeline.narrative.folding`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.patterns import FIRST, FULL, INITIAL, KINDS, LAST, MONEY, MONEY_UNITS, NUMBER, PLAIN_BUDGET, UP

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: `value` and `precision` in yuan, percent points or pieces; `unit` as in `Claim`."""

    value: Decimal
    precision: Decimal
    unit: str
    money_unit: int = 0


class Token(NamedTuple):
    """An operator of a folded text.

    `key` says what it means within its kind: the unit of a number, which budget or last year ("prior"), up, down or
    same of a direction; `word` is the word itself, the whole of a share.
    """

    kind: str
    start: int
    stop: int
    key: str = ""
    word: str = ""
    number: Number | None = None
    year: int | None = None


_OPERATORS = re.compile(
    f"(?=[{FIRST}])(?:" + "|".join(f"(?P<{kind}>{'|'.join(patterns)})" for kind, patterns in KINDS) + ")"
)
_WHICH = re.compile(f"(?:(?P<initial_budget>{INITIAL})|(?P<full_budget>{FULL})|){PLAIN_BUDGET}")
_LAST, _UP, _NUMBER, _MONEY = re.compile(LAST), re.compile(UP), re.compile(NUMBER), re.compile(f"{MONEY}|%")


def tokens(text: str) -> Iterator[Token]:
    """The operators of a folded text from left to right; what lies between them is left to the reader."""
    for found in _OPERATORS.finditer(text):
        kind = found.lastgroup or ""  # of groups within each other, the outermost
        token = Token(kind, found.start(), found.end(), "", found.group())
        if kind == "number":
            yield token._replace(key=found["unit"], number=read_number(found["digits"], found["unit"]))
        elif kind in {"up", "down", "same"}:
            yield token._replace(kind="direction", key=kind)
        elif kind == "base":
            yield from _base(token)
        elif kind != "plain":
            yield _operator(token, found)


def _operator(token: Token, found: re.Match[str]) -> Token:
    match token.kind:
        case "either":
            return token._replace(kind="direction", key="up" if _UP.match(token.word) else "down")
        case "compare":
            return token._replace(key=_budget(token.word), word=found["way"])
        case "completion":
            return token._replace(key=_budget(token.word) or "budget")
        case "share":
            return token._replace(word=found["whole"] or "")
        case "measure":
            return token._replace(key="final" if found["final"] else _budget(token.word))
        case _:
            return token


def _base(token: Token) -> Iterator[Token]:
    """What differences are from: a budget, another year, or nothing of both."""
    when = _LAST.search(token.word)
    year = int(when.group()[:4]) if when and when.group()[0].isdigit() else None
    if key := _budget(token.word) or ("prior" if when or token.word == "同比" else ""):
        yield token._replace(key=key, year=year)


def _budget(word: str) -> str:
    """Which budget a word names, "" for none."""
    found = _WHICH.search(word)
    return (found.lastgroup or "budget") if found else ""


def shared_unit(text: str, lump: Token) -> list[Token]:
    """The numbers of a list that has one unit at its end: 1,200和300万元."""
    unit = _MONEY.match(text, lump.stop)
    return [
        Token("number", one.start(), one.end(), unit.group(), one.group(), read_number(one.group(), unit.group()))
        for one in _NUMBER.finditer(text, lump.start, lump.stop)
        if unit
    ]


def read_number(digits: str, unit: str) -> Number:
    """A number in yuan, percent points or pieces. A bare 0 of money is exact, and so are pieces."""
    plain = digits.replace(",", "").replace("，", "").replace("负", "-")
    value = Decimal(plain)
    digit = Decimal(1).scaleb(int(value.as_tuple().exponent))
    if factor := MONEY_UNITS.get(unit):
        exact = not value and "." not in plain
        return Number(value * factor, Decimal(0) if exact else digit * factor, "yuan", 1 if factor == 1 else 10_000)
    if unit == "%" or unit.endswith("百分点"):
        return Number(value, digit, "percent")
    return Number(value, digit if unit == "分" else Decimal(0), "piece")
