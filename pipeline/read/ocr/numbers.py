"""What the recogniser takes for one another, where only digits can stand."""

from __future__ import annotations

import re

from pipeline.wording import plain

_ALIKE = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "。": ".", "·": ".", "、": ","})
_FIGURES = re.compile(r"[-(▲△▼]?[\d.,]*\d[\d.,]*\)?")
_COMMA_FOR_POINT = re.compile(r"(?<=\d),(?=\d{1,2}\)?$)")
"""Separators part groups of three: a comma before the last two digits is a point seen badly."""

_POINT_FOR_COMMA = re.compile(r"(?<=\d)\.(?=\d{3}[,.])")
"""So is a point before three digits and another separator a comma seen badly."""


def figures(text: str) -> str:
    """The text as a number or a code, "" if it is neither: full width and look-alikes become digits and marks."""
    half = plain(text)
    if 2 * sum(char.isdecimal() for char in half) < sum(char not in ".," for char in half):
        return ""
    half = half.translate(_ALIKE)
    if not _FIGURES.fullmatch(half):
        return ""
    half = _POINT_FOR_COMMA.sub(",", half)
    return half if "." in half else _COMMA_FOR_POINT.sub(".", half)


def has_misread_mark(text: str) -> bool:
    """True if a point stands where only a comma can."""
    return _POINT_FOR_COMMA.search(plain(text).translate(_ALIKE)) is not None


def decimals(text: str) -> int:
    """Digits after the decimal point."""
    return len(text.rpartition(".")[2]) if "." in text else 0
