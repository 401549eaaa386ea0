"""The lines of a document's prose in reading order, and where each stands in the column of text.

Left out are furniture, tables with their titles and notes, and captions of pictures. Tables that hold a report's prose
are read as prose. Nothing here knows what the lines say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.head import unit_in
from pipeline.lift.titles import is_title
from pipeline.model import Box, TextLine
from pipeline.narrative.ordinals import CLOSED, PART, SENTENCE_MARK, ordinal_of
from pipeline.narrative.prose_tables import prose_in, width_of
from pipeline.read.furniture import Furniture
from pipeline.read.ink import turn_box
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.model import Page, RawTable

PAPERLESS = frozenset({"docx", "doc", "html", "xlsx", "xls", "ods"})
"""Readers whose boxes are nominal: a line is a whole paragraph, and its place says nothing about it."""

_LARGE = 1.25  # set in letters so much larger than the body, text is a title
_OVERLAP = 0.5  # share of the lower one's height in which two pieces of one printed line overlap
_CENTRED = 3.0  # em of room on both sides, at least and at most so much more on one

_SHORT = 3  # characters; the rest of a title that is broken over lines
_FULL_LINES = 3  # so many show where a page's column ends, which need not be where it ends on other pages

_CAPTION = re.compile(r"(?:附?图|图表|附?表)\d{1,2}(?:[-.]\d{1,2})?[:：、.]?[^。；]{2,40}")
# a sector of a pie, a bar: a name with its figure, or several of them side by side
_LABEL = re.compile(r"(?:[\u4e00-\u9fff（）]{0,16}[:：,，;；]?\d[\d,.]*(?:%|％|万?元)[,，;；]?)+")
_FIRST_LINE = 2.5  # em; further in begins nothing that is read on

_NOTE = re.compile(r"[（(]?(?:附?注|备注|说明|资料来源)\d{0,2}[:：.、].*")
_BESIDE_TABLE = re.compile(
    r"(?:(?:公开|附)?表|公开|附件|财决|Z)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:-\d)?表?"
    r"|[(（]?(?:20\d\d|二[〇○零]..)年?度?[)）]?"
    r"|(?:编制|填报|公开|预算)?(?:单位|部门)(?:名称)?[:：].*"
)
_MONEY_UNIT = re.compile(r"单位[:：]?(?:人民币)?[百千万亿]*元")


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


@dataclass(frozen=True, slots=True)
class _Raw:
    """A line before its column is known; its box is upright.

    The height of a box says little of the size of its letters, `em`: it spans whatever fonts the line is set in.
    """

    pieces: tuple[TextLine, ...]
    box: Box
    text: str
    em: float
    fresh: bool = False


class _Column(NamedTuple):
    """Left and right side of the text of a page, in points."""

    left: float
    right: float


def printed_lines(pages: Sequence[Page]) -> list[Line]:
    """All lines of prose."""
    furniture, headers = Furniture(pages), Furniture(pages, share=0.0)

    def is_furniture(line: TextLine) -> bool:
        # a part's title may run over its pages, fewer than half of all; the end of a sentence may look alike thrice
        text = squeeze(line.text)
        runs = len(text) > _SHORT and not SENTENCE_MARK.search(text) and headers.is_running(line)
        return furniture.is_page_number(line) or furniture.is_running(line) or runs

    by_page: list[tuple[Page, list[_Raw]]] = []
    fresh = False
    for page in pages:
        lines, fresh = _page_lines(page, is_furniture, fresh=fresh)
        by_page.append((page, lines))
    columns = _columns(by_page)
    lines = [line for (page, raw), column in zip(by_page, columns, strict=True) for line in _placed(page, raw, column)]
    return [line for line in lines if not (line.drawn and line.indent > _FIRST_LINE and _LABEL.fullmatch(line.text))]


def _page_lines(page: Page, is_furniture: Callable[[TextLine], bool], *, fresh: bool) -> tuple[list[_Raw], bool]:
    """The lines of prose on a page, pieces side by side joined, those around tables and pictures left out.

    `fresh` says whether a table stands before the first of them, and whether one stands behind the last.
    """
    items = _in_order(page, is_furniture)
    beside = _beside_tables(items, page)
    lines: list[_Raw] = []
    for index, item in enumerate(items):
        if not isinstance(item, _Raw):
            fresh = True
        elif index not in beside:
            lines.append(replace(item, fresh=item.fresh or fresh))
            fresh = False
    return lines, fresh


def _in_order(page: Page, is_furniture: Callable[[TextLine], bool]) -> list[_Raw | RawTable]:
    """Lines and tables from top to bottom of the page as it is read."""
    kept = [line for line in page.lines if not is_furniture(line)]
    tables: list[RawTable] = []
    first: set[TextLine] = set()
    for table in page.tables:
        if prose := prose_in(table):
            kept += prose.lines
            first |= prose.first
        else:
            tables.append(table)
    upright = sorted(
        ((turn_box(line.box, page.rotation, page.width, page.height), line) for line in kept),
        key=lambda pair: pair[0].top,
    )
    items: list[tuple[float, _Raw | RawTable]] = []
    for row in _rows(upright):
        pieces = sorted(row, key=lambda pair: pair[0].x0)
        box = Box(
            pieces[0][0].x0,
            min(box.top for box, _ in row),
            max(box.x1 for box, _ in row),
            max(box.bottom for box, _ in row),
        )
        text = "".join(squeeze(line.text) for _, line in pieces)
        if text:
            em = max(box.x1 - box.x0, 1.0) / width_of(text)
            lines = tuple(line for _, line in pieces)
            items.append((box.top, _Raw(lines, box, text, em, fresh=not first.isdisjoint(lines))))
    items += [(turn_box(table.box, page.rotation, page.width, page.height).top, table) for table in tables]
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _rows(boxed: list[tuple[Box, TextLine]]) -> Iterator[list[tuple[Box, TextLine]]]:
    """Pieces that stand side by side: some producers set digits on a baseline of their own, some part a line."""
    row: list[tuple[Box, TextLine]] = []
    for box, line in boxed:
        if row and not all(_side_by_side(box, other) for other, _ in row):
            yield row
            row = []
        row.append((box, line))
    if row:
        yield row


def _side_by_side(one: Box, other: Box) -> bool:
    """True for pieces of one printed line: they share most of their height and do not stand over each other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    apart = max(one.x0, other.x0) - min(one.x1, other.x1)
    return shared > _OVERLAP * lower and apart > -_OVERLAP * lower


def _beside_tables(items: Sequence[_Raw | RawTable], page: Page) -> set[int]:
    """Indexes of lines that are a table's title, unit line or note, or the caption of a picture."""
    middle = page.width / 2 if page.rotation % 180 == 0 else page.height / 2
    found = {
        index
        for index, item in enumerate(items)
        if isinstance(item, _Raw) and _CAPTION.fullmatch(item.text) and _is_amid(item, middle)
    }
    for index, item in enumerate(items):
        if isinstance(item, _Raw):
            continue
        for above in range(index - 1, -1, -1):
            line = items[above]
            if not isinstance(line, _Raw) or not _is_caption(line, middle):
                break
            found.add(above)
        noted = False
        for below in range(index + 1, len(items)):
            line = items[below]
            if not isinstance(line, _Raw) or not (
                _NOTE.fullmatch(line.text) or (noted and _goes_on(items[below - 1], line))
            ):
                break
            noted = True
            found.add(below)
    return found


def _is_amid(line: _Raw, middle: float) -> bool:
    return abs((line.box.x0 + line.box.x1) / 2 - middle) < 2 * line.em


def _is_caption(line: _Raw, middle: float) -> bool:
    """True for what stands over a table and is no prose: its title, its number, its unit line."""
    if PART.match(line.text) or SENTENCE_MARK.search(line.text):
        return False
    if _BESIDE_TABLE.fullmatch(line.text) or _MONEY_UNIT.search(line.text) or unit_in(line.text) or is_title(line.text):
        return True
    return (
        len(line.text) > _SHORT
        and not ordinal_of(line.text)
        and _is_amid(line, middle)
        and line.text.endswith(("表", ")", "）", "年度"))
    )


def _goes_on(last: _Raw | RawTable, line: _Raw) -> bool:
    """True if a line is the next one of a note that fills its line."""
    if not isinstance(last, _Raw) or ordinal_of(line.text) or PART.match(line.text):
        return False
    em = last.em
    return line.box.x0 <= last.box.x0 + em and last.box.x1 >= line.box.x1 - 2 * em and line.em < _LARGE * em


def _columns(by_page: Sequence[tuple[Page, list[_Raw]]]) -> list[_Column]:
    """The column of text of each page. Continued lines begin at its left and full ones end at its right side.

    A page may hold too few of either; then the document's pages of its width tell.
    """
    usual: dict[int, _Column] = {}
    widths = {_width(page) for page, _ in by_page}
    for width in widths:
        lines = [line for page, raw in by_page if _width(page) == width for line in raw]
        usual[width] = _column(lines, 20) or _Column(0.0, float(width))
    columns = []
    for page, lines in by_page:
        own, known = _column(lines, 8), usual[_width(page)]
        if own is None:
            columns.append(known)
            continue
        em = sorted(line.em for line in lines)[len(lines) // 2]
        over = [(last, line) for last, line in pairwise(lines) if _goes_over(last, line)]
        full = sum(last.box.x1 > own.right - em for last, _ in over)
        right = known.right if own.right < known.right - 2 * em and full < _FULL_LINES else own.right
        # all lines of the page may be first lines; one on which a full line goes on is none
        flush = any(line.box.x0 < own.left + em and last.box.x1 > right - 3 * em for last, line in over)
        left = known.left if own.left > known.left + 1.5 * em and not flush else own.left
        columns.append(_Column(left, right))
    return columns


def _goes_over(last: _Raw, line: _Raw) -> bool:
    """True if one line may go on in the next, by what they say."""
    ended = CLOSED.search(last.text) or last.text.endswith(("：", ":"))
    return not (ended or ordinal_of(line.text) or PART.match(line.text))


def _width(page: Page) -> int:
    return round(page.width if page.rotation % 180 == 0 else page.height)


def _column(lines: Sequence[_Raw], share: int) -> _Column | None:
    """The outermost left side that one line of so many (`share`) shares, and the right side that so many reach."""
    if not lines:
        return None
    support = max(1, min(2, len(lines) // 8), len(lines) // share)  # of a few lines, one must do
    step = 6.0  # points, half a letter
    lefts = Counter(round(line.box.x0 / step) for line in lines)
    left = min((at for at in lefts if lefts[at] + lefts[at + 1] >= support), default=None)
    if left is None:
        return None
    return _Column(
        min(line.box.x0 for line in lines if round(line.box.x0 / step) == left),
        sorted(line.box.x1 for line in lines)[-support],
    )


def _placed(page: Page, raw: Sequence[_Raw], column: _Column) -> Iterator[Line]:
    last: _Raw | None = None
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
