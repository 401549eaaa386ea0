"""Long lists, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.explorer.base import Asked

SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its rows, its number (from 1) of `pages`, and how many rows there are in `total`.

    `words` are those of the address that chose the list.
    """

    rows: Sequence[dict[str, Any]]
    number: int
    pages: int
    total: int
    words: tuple[tuple[str, str], ...] = ()

    def address(self, number: int) -> str:
        """The address of another page of the same list, from the question mark on."""
        return f"?{urlencode([*self.words, ('page', number)])}"

    @property
    def near(self) -> list[int]:
        """The numbers of the pages around this one, the first and the last."""
        return sorted({1, self.pages, *range(max(1, self.number - 2), min(self.pages, self.number + 2) + 1)})


def listed(asked: Asked, sql: str, parameters: Mapping[str, Any] | None = None, size: int = SIZE) -> Listing:
    """The page that the address asks for (`page`) of the rows of a query, which says their order.

    A number beyond the last page gives the last. Raises MissingError if the number is none.
    """
    values = dict(parameters or {})
    total = asked.same(f"SELECT count(*) AS total FROM ({sql})", values)[0]["total"]
    pages = max(1, -(-total // size))
    number = min(max(1, asked.number("page", 1)), pages)
    found = asked.rows(f"{sql}\nLIMIT {size} OFFSET {(number - 1) * size}", values)
    words = tuple((key, value) for key, value in asked.request.query_params.multi_items() if key != "page")
    return Listing(found, number, pages, total, words)
