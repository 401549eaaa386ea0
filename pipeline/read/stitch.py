"""Tables that run over several pages become one.

A table continues the last one of the page before if nothing but furniture stands between them and their columns are
the same. A table under a title of its own stays a table of its own: whether it is the same form is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.model import Page, RawTable, Table, TextLine
from pipeline.read.furniture import Furniture
from pipeline.read.ink import turn_box
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Box

COLUMN_TOLERANCE = 3.0
"""Column edges nearer than this (points) are the same, measured from the table's side: margins may alternate."""

ORPHAN_LINES = 4
"""So many lines at the end of the page before may be the title of a table that begins its page without one."""

_CONTINUED = re.compile(r"[（(]?(续表?|接上表|续上表|接上页)[\d一二三四五六七八九十]*[）)]?[:：]?")
_NOTE = re.compile(r"(注|备注|说明|附注)\d?[:：.、]?.*")
_TITLE = re.compile(r".*表([（(].*[）)])?[:：]?")


@dataclass(slots=True)
class _Growing:
    """A table to which later pages may still add, and the lines since its last part."""

    captions: list[TextLine]
    parts: list[RawTable]
    reader: str
    after: list[TextLine] = field(default_factory=list)

    def closed(self) -> Table:
        """The table, with the lines after it on its last page as notes."""
        last = self.parts[-1].page
        notes = tuple(line for line in self.after if line.page == last)
        return Table(tuple(self.parts), tuple(self.captions), notes, self.reader)


def stitch(pages: Sequence[Page]) -> tuple[Table, ...]:
    """All tables of a document in reading order, joined over pages, with the lines before and after them."""
    by_number = {page.number: page for page in pages}
    furniture = Furniture(pages)
    tables: list[_Growing] = []
    since: list[TextLine] = []  # lines since the last table
    for page in pages:
        for item in _in_order(page):
            if isinstance(item, TextLine):
                if not furniture.is_page_number(item):
                    since.append(item)
                continue
            if tables:
                tables[-1].after = since
            if tables and _continues(item, tables[-1], since, by_number, furniture):
                tables[-1].parts.append(item)
            else:
                tables.append(_Growing(_captions(item, since), [item], page.reader))
            since = []
    if tables:
        tables[-1].after = since
    return tuple(table.closed() for table in tables)


def _in_order(page: Page) -> Iterator[TextLine | RawTable]:
    """Lines and tables of a page from top to bottom as it is read; a page may be read turned."""
    items: list[TextLine | RawTable] = [*page.lines, *page.tables]
    return iter(sorted(items, key=lambda item: _upright(item.box, page).top))


def _captions(table: RawTable, since: Sequence[TextLine]) -> list[TextLine]:
    own = [line for line in since if line.page == table.page]
    # a title may stand alone at the foot of the page before
    return own or [line for line in since if line.page == table.page - 1][-ORPHAN_LINES:]


def _continues(
    table: RawTable,
    growing: _Growing,
    since: Sequence[TextLine],
    pages: dict[int, Page],
    furniture: Furniture,
) -> bool:
    last = growing.parts[-1]
    if table.page == last.page or not _same_columns(last, pages[last.page], table, pages[table.page]):
        return False
    above = {squeeze(line.text) for line in growing.captions}
    return all(
        furniture.is_running(line)
        or _CONTINUED.fullmatch(squeeze(line.text))
        or (line.page == last.page and _NOTE.fullmatch(squeeze(line.text)))
        or (line.page == table.page and squeeze(line.text) in above and not _TITLE.fullmatch(squeeze(line.text)))
        for line in since
    )


def _same_columns(one: RawTable, one_page: Page, other: RawTable, other_page: Page) -> bool:
    """True if the coarser grid's column edges are all edges of the finer: one part may lack the header's."""
    edges = sorted((_column_edges(one, one_page), _column_edges(other, other_page)), key=len)
    coarse, fine = edges
    return (
        len(coarse) > 2
        and abs(coarse[-1] - fine[-1]) <= COLUMN_TOLERANCE
        and all(any(abs(x - edge) <= COLUMN_TOLERANCE for edge in fine) for x in coarse)
    )


def _column_edges(table: RawTable, page: Page) -> list[float]:
    """Column edges from the table's left side, as it is read."""
    boxes = [_upright(cell.box, page) for cell in table.cells]
    xs = sorted({x for box in boxes for x in (box.x0, box.x1)})
    return [x - xs[0] for x in xs]


def _upright(box: Box, page: Page) -> Box:
    return turn_box(box, page.rotation, page.width, page.height)
