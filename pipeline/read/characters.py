"""Single characters as fonts give them: made comparable, and judged for being improbable."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Some producers map glyphs back to radicals that only look like the common character. The supplement block has no
# decomposition in Unicode, so the simplified ones that carry a meaning of their own are listed.
_RADICALS = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_UNMAPPED = frozenset(map(chr, (0, *range(0x04, 0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)))) - {"\x85"}
"""A glyph that the font maps to no character comes as its number in the font. 1 to 3 are white space in most fonts."""

_HYPHENS = {"\x02": "-", "\ufffe": "-", "\xad": "-"}  # PDFium's marks for a hyphen at a line's end


@cache
def printed(text: str) -> str:
    """The character that a reader sees: no control codes, no radical in place of its Han character, no white space."""
    if text in _HYPHENS:
        return "-"
    if text in _UNMAPPED or "\ud800" <= text <= "\udfff":  # half a character
        return "\ufffd"
    if not text or text.isspace() or unicodedata.category(text[0]) in {"Cc", "Cf"}:
        return ""
    if any("\u2e80" <= char <= "\u2fdf" or "\uf900" <= char <= "\ufaff" for char in text):
        return "".join(_RADICALS.get(char) or unicodedata.normalize("NFKC", char) for char in text)
    return text


def improbable_share(texts: Iterable[str]) -> float:
    """Share of characters, 0 to 1, that are hardly what is printed.

    A font without a map to Unicode yields the numbers of its glyphs for characters: private, undefined or control
    codes, letters of any script, or Han characters as if drawn at random, of which two thirds stand outside the 6,763
    of GB 2312. In published reports one Han character in a hundred does, and letters are Latin, rarely Greek.
    """
    text = "".join(texts)
    return sum(text.count(char) for char in set(text) if _is_improbable(char)) / len(text) if text else 0.0


@cache
def _is_improbable(char: str) -> bool:
    if "\u4e00" <= char <= "\u9fff":
        return not is_common(char)
    if char == "\ufffd":
        return True
    kind = unicodedata.category(char)
    return kind in {"Co", "Cn", "Cs"} or (kind[0] in "LM" and not (char.isascii() or "α" <= char.lower() <= "ω"))


def is_common(char: str) -> bool:
    """True for the Han characters of GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
