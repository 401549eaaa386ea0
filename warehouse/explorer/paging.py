"""Long lists, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from warehouse.explorer.asked import Asked

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


def listed(
    asked: Asked,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    size: int = SIZE,
    total: int | None = None,
) -> Listing:
    """The page that the address asks for (`page`) of the rows of a query, which says their order.

    They are counted unless their `total` is known. A number beyond the last page gives the last. Raises MissingError
    if the number is none.
    """
    values = dict(parameters or {})
    if total is None:
        total = int(asked.same(f"SELECT count(*) AS total FROM ({sql})", values)[0]["total"])
    return _listing(asked, total, lambda start: asked.rows(f"{sql}\nLIMIT {size} OFFSET {start}", values), size)


def sorted_once(asked: Asked, order: str, sql: str, parameters: Mapping[str, Any]) -> Listing:
    """As `listed`, for a table so long that it is sorted but once an edition.

    `order` gives the rowid of every row of the list, `sql` the rows themselves, with their rowid, to which a condition
    is added.
    """

    def places() -> Any:
        return asked.con.execute(order, parameters).fetchnumpy()["rowid"].astype("uint32")

    known = asked.once(f"{order}{parameters}", places)

    def rows(start: int) -> list[dict[str, Any]]:
        wanted = [int(place) for place in known[start : start + SIZE]]
        found = asked.rows(f"{sql} WHERE rowid IN ({', '.join(map(str, wanted))})") if wanted else []
        return sorted(found, key=lambda row: wanted.index(row["rowid"]))

    return _listing(asked, len(known), rows, SIZE)


def _listing(asked: Asked, total: int, rows: Callable[[int], list[dict[str, Any]]], size: int) -> Listing:
    """The page that the address asks for; `rows` gives those from a place on."""
    pages = max(1, -(-total // size))
    number = min(max(1, asked.number("page", 1)), pages)
    words = tuple((key, value) for key, value in asked.request.query_params.multi_items() if key != "page")
    return Listing(rows((number - 1) * size), number, pages, total, words)
