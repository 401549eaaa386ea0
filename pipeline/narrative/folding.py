"""Text folded for comparison: one width of brackets and digits, no quotes, no white space.

Every character remembers where it stood in the text as printed.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_DROPPED = frozenset("“”\"‘’'＂＇「」『』《》〈〉\u200b\u200c\u200d\ufeff")


class _Folding(dict[int, str]):
    """Characters as they are compared, found once each: "" for those that carry no meaning."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        kept = "" if char in _DROPPED or char.isspace() else folded if len(folded) == 1 else char
        self[code] = kept
        return kept


# a comma between clauses is none between thousands
_FOLDING = _Folding({ord("，"): "，", ord("！"): "。", **{ord(dash): "-" for dash in "－−–—―─﹣‐‑‒"}})


class Folded(NamedTuple):
    """A text for comparison, and for each of its characters the index of it in the text as printed."""

    text: str
    at: Sequence[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Where the characters `start` to `stop` stand in the text as printed."""
        return self.at[start], self.at[stop - 1] + 1


def fold(text: str) -> Folded:
    """The text in one width, without quotes and white space."""
    folded = text.translate(_FOLDING)
    if len(folded) == len(text):
        return Folded(folded, range(len(text)))
    return Folded(folded, [index for index, char in enumerate(text) if _FOLDING[ord(char)]])
