"""The lines of a document's prose in reading order, and where each stands in the column of text.

Left out are furniture, tables, and what stands beside tables and pictures. Tables that hold a report's prose are read
as prose. Nothing here knows what the lines say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.captions import LABEL, beside_tables
from pipeline.narrative.columns import columns_of
from pipeline.narrative.ordinals import SENTENCE_MARK
from pipeline.narrative.rows import Raw, rows_of
from pipeline.read.furniture import Furniture
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.model import Page, TextLine
    from pipeline.narrative.columns import Column

PAPERLESS = frozenset({"docx", "doc", "html", "xlsx", "xls", "ods"})
"""Readers whose boxes are nominal: a line is a whole paragraph, and its place says nothing about it."""

_CENTRED = 3.0  # em of room on both sides, at least and at most so much more on one
_FIRST_LINE = 2.5  # em; further in begins nothing that is read on
_HEADER = 3  # characters, at least, and one more


class Line(NamedTuple):
    """A printed line: its text without white space, and the pieces that it was read in, left to right.

    Measures are in `em`, its letter size in points. `indent` and `short` tell how far it begins and ends from the sides
    of the column of text, `above` how far it stands below the line before on its page (None for the first).
    `fresh` says that a table stands between it and the line before, `drawn` that its place means something.
    """

    text: str
    pieces: tuple[TextLine, ...]
    em: float
    indent: float
    short: float
    above: float | None
    fresh: bool
    drawn: bool

    @property
    def is_centred(self) -> bool:
        """True for a line in the middle of its column that leaves room on both sides."""
        return self.drawn and min(self.indent, self.short) > _CENTRED and abs(self.indent - self.short) < _CENTRED


def printed_lines(pages: Sequence[Page]) -> list[Line]:
    """All lines of prose."""
    furniture, headers = Furniture(pages), Furniture(pages, share=0.0)

    def is_furniture(line: TextLine) -> bool:
        # a part's title may run over its pages, fewer than half of all; the end of a sentence may look alike thrice
        text = squeeze(line.text)
        runs = len(text) > _HEADER and not SENTENCE_MARK.search(text) and headers.is_running(line)
        return furniture.is_page_number(line) or furniture.is_running(line) or runs

    by_page: list[tuple[Page, list[Raw]]] = []
    fresh = False
    for page in pages:
        lines, fresh = _page_lines(page, is_furniture, fresh=fresh)
        by_page.append((page, lines))
    columns = columns_of(by_page)
    placed = [line for (page, raw), column in zip(by_page, columns, strict=True) for line in _placed(page, raw, column)]
    return [line for line in placed if not (line.drawn and line.indent > _FIRST_LINE and LABEL.fullmatch(line.text))]


def _page_lines(page: Page, is_furniture: Callable[[TextLine], bool], *, fresh: bool) -> tuple[list[Raw], bool]:
    """The lines of prose on a page, pieces side by side joined, those around tables and pictures left out.

    `fresh` says whether a table stands before the first of them, and whether one stands behind the last.
    """
    items = rows_of(page, is_furniture)
    beside = beside_tables(items, page)
    lines: list[Raw] = []
    for index, item in enumerate(items):
        if not isinstance(item, Raw):
            fresh = True
        elif index not in beside:
            lines.append(replace(item, fresh=item.fresh or fresh))
            fresh = False
    return lines, fresh


def _placed(page: Page, raw: Sequence[Raw], column: Column) -> Iterator[Line]:
    last: Raw | None = None
    for line in raw:
        yield Line(
            line.text,
            line.pieces,
            line.em,
            (line.box.x0 - column.left) / line.em,
            (column.right - line.box.x1) / line.em,
            None if last is None else (line.box.top - last.box.bottom) / line.em,
            line.fresh,
            page.reader not in PAPERLESS,
        )
        last = line
