"""Printed Chinese made comparable: one spelling for full and half width, white space, quotes and ordinals.

Belongs here: what is true of all printed text of such reports. Not here: any word of any form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_IGNORED = dict.fromkeys(map(ord, "“”\"‘’'＂＇「」『』《》〈〉\u200b\u200c\u200d\ufeff"))
_SPACE = re.compile(r"\s+")
_DASHES = {ord(dash): "-" for dash in "－−–—―─﹣‐‑‒"}

_NUMERAL = "一二三四五六七八九十"
# An ordinal is set apart from the name by a mark or by brackets: 一、 （一） (1) 1. 1、 1） ①; "一般" holds none.
_ORDINAL = re.compile(
    rf"(?:\((?:[{_NUMERAL}]{{1,3}}|\d{{1,2}})\)[、.,，]?"
    rf"|(?:[{_NUMERAL}]{{1,3}}|\d{{1,2}})(?:[、，,)]|[.．](?!\d))"
    r"|[①-⑳])"
)


@lru_cache(maxsize=100_000)
def squeeze(text: str) -> str:
    """The printed text without white space, otherwise as printed."""
    return _SPACE.sub("", text)


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """The text for comparison: half width, no white space, no quotes, one kind of dash.

    Letter-spacing, line breaks inside cells, indentation and the width of brackets carry no meaning in these tables.
    """
    if any("①" <= char <= "⑳" for char in text):  # NFKC would turn ① into a bare 1, which is no longer an ordinal
        text = "".join(f"({ord(char) - 0x245F})" if "①" <= char <= "⑳" else char for char in text)
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_IGNORED).translate(_DASHES)


@lru_cache(maxsize=100_000)
def bare(text: str) -> str:
    """`plain` without leading ordinals: the name of a line, which is the same under any numbering."""
    text = plain(text)
    while (found := _ORDINAL.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    return text.rstrip(":")


def differs_by_one(one: str, other: str) -> bool:
    """True if one character replaced, added or left out makes one text the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    tails = one[start:], other[start:]
    return tails[0][1:] == tails[1][1:] or tails[0][1:] == tails[1] or tails[0] == tails[1][1:]


_OPPOSED = frozenset(map(frozenset, ("预决", "上本", "去本", "初末", "收支", "入出", "增减", "内外", "购运")))


def _turns(one: str, other: str) -> bool:
    """True if the one character in which two texts of a length differ makes the one the opposite of the other."""
    return len(one) == len(other) and any(frozenset(pair) in _OPPOSED for pair in zip(one, other, strict=True))


def near(text: str, known: Iterable[str], shortest: int = 5) -> list[str]:
    """The known texts from which `text` differs by a single character, or of which it is the cut beginning.

    Misprints and names cut at a cell's edge are common. Texts shorter than `shortest` are never matched: too many of
    them are one character apart; nor are opposites (预算数, 决算数), which are no misprints of each other. Whoever asks
    must not choose among several meanings.
    """
    if len(text) < shortest:
        return []
    return [
        word
        for word in known
        if len(word) >= shortest and ((differs_by_one(text, word) and not _turns(text, word)) or word.startswith(text))
    ]
