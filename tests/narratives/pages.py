"""Narratives as pages of text lines, as the reader gives them: wrapped, over several pages, with page numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import Box, Page, TextLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.city.narrative import Line
    from tests.narratives.wording import Style

_WIDTH, _HEIGHT, _MARGIN, _BOTTOM = 595.0, 842.0, 72.0, 760.0
_SIZE = {"cover": 26.0, "part": 18.0, "heading": 15.0}
_CLOSING = "，。；：、）”》！？％%"
_PIECE = re.compile(rf"(?:[\d.,]*\d|.)[{_CLOSING}]*")
_CHINESE_DIGIT = re.compile(r"(?<=[\u4e00-\u9fff])(?=\d)|(?<=\d)(?=[\u4e00-\u9fff])")


def pages_of(lines: Iterable[Line], style: Style, *, tables: int = 0) -> tuple[Page, ...]:
    """Pages with these lines; `tables` pages without any text of their own stand after the heading of part two."""
    sheets: list[list[TextLine]] = [[]]
    top = _MARGIN
    for line in lines:
        if line.kind == "break":
            if sheets[-1]:
                sheets.append([])
            top = _MARGIN
            continue
        size = _SIZE.get(line.kind, (_WIDTH - 2 * _MARGIN) / style.per_line)
        text = _CHINESE_DIGIT.sub(" ", line.text) if style.spaced else line.text
        for piece, left, width in _wrapped(text, size, style, centred=line.kind in {"cover", "part"}):
            if top + size > _BOTTOM:
                sheets.append([])
                top = _MARGIN
            box = Box(left, top, left + width, top + size)
            sheets[-1].append(TextLine(len(sheets), box, piece))
            top += size * 1.7
        if line.kind == "part" and line.text.startswith("第二部分"):
            sheets += [[] for _ in range(tables)]
    return tuple(
        Page(number, _WIDTH, _HEIGHT, 0, (*own, *_number(number, style)), (), "pdfium")
        for number, own in enumerate(sheets, 1)
    )


def _width(text: str, size: float) -> float:
    return sum(size if ord(char) > 0x2E7F or char in "“”（）—" else size / 2 for char in text)


def _wrapped(text: str, size: float, style: Style, *, centred: bool) -> Iterator[tuple[str, float, float]]:
    """The printed lines of a paragraph with left edge and width: the first indented by two characters, or all centred.

    A number is never parted, closing marks are pressed into the line; lines that go on are justified, or ragged.
    """
    indent = 0.0 if centred else 2 * size
    room = _WIDTH - 2 * _MARGIN
    line, width = "", 0.0
    for piece in _PIECE.findall(text):
        wide = _width(piece, size)
        if line and width + _width(piece.rstrip(_CLOSING), size) > room - indent + 0.01:
            drawn = min(width, room - indent) if style.ragged or centred else room - indent
            yield line, (_WIDTH - width) / 2 if centred else _MARGIN + indent, drawn
            line, width, indent = "", 0.0, 0.0
        line += piece
        width += wide
    width = min(width, room - indent)
    yield line, (_WIDTH - width) / 2 if centred else _MARGIN + indent, width


def _number(number: int, style: Style) -> Iterator[TextLine]:
    if number > 1:
        text = style.page_number.format(number)
        left = (_WIDTH - _width(text, 9)) / 2
        yield TextLine(number, Box(left, 795, left + _width(text, 9), 804), text)
