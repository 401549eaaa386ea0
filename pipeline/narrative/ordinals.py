"""Ordinals of headings: 第一部分, 一、 （一） 1. （1） ①, and the marks that end a sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMERAL = "一二三四五六七八九十"
PART = re.compile(rf"第(?P<number>[{_NUMERAL}]|\d)(?:部分|章)[:：、.．]?")
"""The beginning of the heading of a part, in text without white space."""

SENTENCE_MARK = re.compile(r"[。；;，,！？]")
"""What stands in sentences and not in titles."""

CLOSED = re.compile(r"[。；;！？][”’）)」』]*$")
"""The end of a text that is complete."""

TITLE_END = re.compile(
    r"(?:说明|情况|概况|解释|职责|职能|构成|设置|结果|报告|报表|附件|简介|[总明细]表)(?:[（(][^（）()]*[）)])?$"
)
"""How titles end; behind it may stand a remark in brackets (详见表4)."""

# A mark or brackets set an ordinal apart: "一般" holds none, and "1.5万元" is an amount, but "1.2024年度…" is item 1.
_LEVELS = (
    (1, re.compile(rf"(?:第[{_NUMERAL}]{{1,3}}节|[{_NUMERAL}]{{1,3}}[、.．，,])")),
    (2, re.compile(rf"(?:[（(][{_NUMERAL}]{{1,3}}[）)][、.．]?|第[{_NUMERAL}]{{1,3}}条)")),
    (3, re.compile(r"\d{1,2}(?:、|[.．](?!\d)|[.．](?=20\d\d年))")),
    (4, re.compile(r"[（(]\d{1,2}[）)][、.．]?")),
    (5, re.compile(r"(?:\d{1,2}[）)]|[①-⑳])[、.．]?")),
)


class Ordinal(NamedTuple):
    """An ordinal at the beginning of a text, as printed; `level` is that of `Section`."""

    level: int
    text: str


def ordinal_of(text: str) -> Ordinal | None:
    """The ordinal that a text without white space begins with, if anything follows it."""
    for level, pattern in _LEVELS:
        if (found := pattern.match(text)) and found.end() < len(text):
            return Ordinal(level, found[0])
    return None
