"""What the recogniser takes for one another, where only digits can stand."""

from __future__ import annotations

import re

from pipeline.lift.numbers import read_number
from pipeline.wording import plain

_ALIKE = str.maketrans({"O": "0", "o": "0", "〇": "0", "l": "1", "I": "1", "|": "1", "。": ".", "·": ".", "、": ","})
_FIGURES = re.compile(r"[-(▲△▼]?[\d.,]*\d[\d.,]*\)?")
_LOOKS = frozenset("0123456789OolI|.,-()")


def figures(text: str) -> str:
    """The text as a number or a code, "" if it is neither: full width and look-alikes become digits and marks."""
    half = plain(text)
    digits = sum(char.isdecimal() for char in half)
    if not digits or 2 * digits < len(half) - half.count(",") - half.count(".") or not set(half) <= _LOOKS | set(_ALIKE_TEXT):
        return ""
    half = half.translate(_ALIKE)
    return half if _FIGURES.fullmatch(half) else ""


_ALIKE_TEXT = "〇。·、▲△▼"


def is_legal(text: str) -> bool:
    """True for figures whose separators stand where those of a number stand."""
    return read_number(text) is not None


def decimals(text: str) -> int:
    """Digits after the decimal point."""
    return len(text.rpartition(".")[2]) if "." in text else 0
