"""Pages of prose as values: lines at the places where a word processor would break them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.model import Box, Cell, Page, RawTable, TextLine
from pipeline.narrative.prose_tables import width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE, LEFT, TOP, LEADING = 16.0, 90.0, 72.0, 28.0
WIDTH, HEIGHT, PER_LINE, PER_PAGE = 595.0, 842.0, 26, 24


class Layout:
    """Lines under construction; `pages()` numbers them through."""

    def __init__(self, *, indent: float = 2.0, per_page: int = PER_PAGE, reader: str = "pdfium") -> None:
        self.indent, self.per_page, self.reader = indent, per_page, reader
        self._pages: list[list[TextLine]] = [[]]
        self._tables: dict[int, list[RawTable]] = {}
        self._rows = 0

    def text(self, *paragraphs: str, indent: float | None = None, hanging: float = 0.0) -> Layout:
        """Paragraphs whose first line is indented, and all others by `hanging`, in em."""
        for text in paragraphs:
            start, rest = self.indent if indent is None else indent, text
            while rest:
                cut = _fitting(rest, PER_LINE - start)
                self._line(rest[:cut], LEFT + start * SIZE)
                start, rest = hanging, rest[cut:]
        return self

    def centred(self, *lines: str, size: float = SIZE) -> Layout:
        for text in lines:
            self._line(text, (WIDTH - width_of(text) * size) / 2, size)
        return self

    def pieces(self, *pieces: tuple[str, float]) -> Layout:
        """One printed line in pieces, each so many points lower than the first."""
        x = LEFT
        row = self._rows
        for text, lower in pieces:
            self._rows = row
            self._line(text, x, lower=lower)
            x += width_of(text) * SIZE
        return self

    def table(self, rows: Sequence[Sequence[str]]) -> Layout:
        page, top = len(self._pages), self._top()
        width = (WIDTH - 2 * LEFT) / max(map(len, rows))
        cells = tuple(
            Cell(
                page,
                Box(LEFT + x * width, top + y * LEADING, LEFT + (x + 1) * width, top + (y + 1) * LEADING),
                y,
                x,
                text,
            )
            for y, row in enumerate(rows)
            for x, text in enumerate(row)
        )
        box = Box(LEFT, top, WIDTH - LEFT, top + len(rows) * LEADING)
        self._tables.setdefault(page, []).append(RawTable(page, box, len(rows), max(map(len, rows)), cells))
        self._rows += len(rows)
        return self

    def next_page(self) -> Layout:
        self._pages.append([])
        self._rows = 0
        return self

    def pages(self, header: str = "", footer: str = "- {} -") -> tuple[Page, ...]:
        pages = []
        for number, lines in enumerate(self._pages, 1):
            around = [(header, 30.0)] * bool(header) + [(footer.format(number), 800.0)] * bool(footer)
            furniture = [TextLine(number, Box(280, top, 330, top + 10), text) for text, top in around]
            tables = tuple(self._tables.get(number, ()))
            pages.append(Page(number, WIDTH, HEIGHT, 0, (*lines, *furniture), tables, self.reader))
        return tuple(pages)

    def _top(self) -> float:
        return TOP + self._rows * LEADING

    def _line(self, text: str, x: float, size: float = SIZE, lower: float = 0.0) -> None:
        if self._rows >= self.per_page:
            self.next_page()
        top = self._top() + lower
        box = Box(x, top, x + width_of(text) * size, top + size)
        self._pages[-1].append(TextLine(len(self._pages), box, text))
        self._rows += 1


def flowing(texts: Iterable[str], reader: str = "docx") -> tuple[Page, ...]:
    """A page without paper: each paragraph is a line."""
    lines = tuple(TextLine(1, Box(72, 18 * row, 648, 18 * row + 18), text) for row, text in enumerate(texts, 1))
    return (Page(1, 720, 18 * (len(lines) + 2), 0, lines, (), reader),)


def turned(page: Page) -> Page:
    """The page as displayed lying on its side, its text to be read turned."""

    def turn(box: Box) -> Box:
        return Box(page.height - box.bottom, box.x0, page.height - box.top, box.x1)

    lines = tuple(replace(line, box=turn(line.box)) for line in page.lines)
    return replace(page, width=page.height, height=page.width, rotation=270, lines=lines)


def _fitting(text: str, width: float) -> int:
    """How many characters fit; no mark begins a line, and no number is parted."""
    cut = len(text)
    while cut > 1 and width_of(text[:cut]) > width:
        cut -= 1
    while 1 < cut < len(text) and (
        text[cut] in "，。、；：）”" or (text[cut - 1] in _NUMERIC and text[cut] in _NUMERIC)
    ):
        cut -= 1
    return cut


_NUMERIC = frozenset("0123456789.,%")
