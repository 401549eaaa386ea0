"""Figures on pages: what is shown of a cell, and the address of the page image on which it is marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from warehouse.explorer.text import marked, segment, wan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

_FILLED = Markup('<a class="figure" href="{}">{}</a>')
_BLANK = Markup('<a class="blank" href="{}" aria-label="空格">·</a>')

BOX = "page, x0, top, x1, bottom, document"
"""The columns that say where a figure stands."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a report: its value (amounts in 元), and the address where it can be seen."""

    amount: Decimal
    href: str
    printed: str

    @property
    def link(self) -> Markup:
        """The amount in 万元, which leads to its place; a dot for an empty cell. Not a macro: a report has hundreds."""
        if not self.printed and not self.amount:
            return _BLANK.format(self.href)
        return _FILLED.format(self.href, wan(self.amount))


def figure(row: Mapping[str, Any]) -> Figure:
    """The figure of a row that has amount, printed and the columns of `BOX`."""
    return Figure(row["amount"], cell_address(row), row["printed"])


def cell_address(*cells: Mapping[str, Any]) -> str:
    """The image of the page of the first of these cells, with all of them marked that stand there."""
    first = cells[0]
    here = [cell for cell in cells if (cell["document"], cell["page"]) == (first["document"], first["page"])]
    return page_address(first["document"], first["page"], [_box(cell) for cell in here])


def page_address(document: str, page: int | None, boxes: Sequence[Sequence[float]] = ()) -> str:
    """A page of a document, with boxes framed: left, upper, right and lower side in points from the top left corner."""
    return f"/documents/{segment(document)}/pages/{page or 1}{marked(boxes)}"


def web_link(address: str | None) -> str:
    """An address that a page may link to, "" if it is none of the web: what was collected is not trusted."""
    return address if address and address.startswith(("http://", "https://")) else ""


def _box(cell: Mapping[str, Any]) -> list[float]:
    return [cell[side] for side in ("x0", "top", "x1", "bottom")]
