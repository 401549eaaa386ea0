"""The printed lines of a page from top to bottom: pieces that stand side by side joined, tables in their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Box, TextLine
from pipeline.narrative.prose_tables import prose_in, width_of
from pipeline.read.ink import turn_box
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.model import Page, RawTable

_OVERLAP = 0.5  # share of the lower one's height in which two pieces of one printed line overlap


@dataclass(frozen=True, slots=True)
class Raw:
    """A line before its column is known; its box is upright.

    The height of a box says little of the size of its letters, `em`: it spans whatever fonts the line is set in.
    """

    pieces: tuple[TextLine, ...]
    box: Box
    text: str
    em: float
    fresh: bool = False


def rows_of(page: Page, is_furniture: Callable[[TextLine], bool]) -> list[Raw | RawTable]:
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
    items: list[tuple[float, Raw | RawTable]] = []
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
            items.append((box.top, Raw(lines, box, text, em, fresh=not first.isdisjoint(lines))))
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
