"""Figures on pages: what is shown of a cell, and the address of the page image on which it is marked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from warehouse.explorer.text import segment, wan
from warehouse.money import Style, money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

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
            return Markup(f'<a class="blank" href="{self.href}" aria-label="空格">·</a>')  # noqa: S704 - see cell_address
        return Markup(f'<a class="figure" href="{self.href}">{wan(self.amount)}</a>')  # noqa: S704 - and a number


def figure(row: Mapping[str, Any]) -> Figure:
    """The figure of a row that has amount, printed and the columns of `BOX`."""
    return Figure(row["amount"], cell_address(row), row["printed"])


def cell_address(cell: Mapping[str, Any]) -> str:
    """The image of the page on which a cell stands, with the cell marked: nothing in it has to be escaped."""
    page = page_address(cell["document"], cell["page"])
    return f"{page}?mark={cell['x0']:.1f},{cell['top']:.1f},{cell['x1']:.1f},{cell['bottom']:.1f}"


def as_printed(row: Mapping[str, Any]) -> str:
    """A figure (amount, unit, money_unit, precision, printed) in the unit and with the decimals of its place."""
    if row["unit"] == "flag":
        return str(row["printed"])
    style = Style.of(row["money_unit"] if row["unit"] == "yuan" else 1, row["precision"], row["unit"])
    return money(row["amount"], style)


@lru_cache(4096)  # a report's figures stand on few pages
def page_address(document: str, page: int | None) -> str:
    """A page of a document."""
    return f"/documents/{segment(document)}/pages/{page or 1}"


def web_link(address: str | None) -> str:
    """An address that a page may link to, "" if it is none of the web: what was collected is not trusted."""
    return address if address and address.startswith(("http://", "https://")) else ""
