"""One request to a page: the edition it is answered from, the words of its address, what was sent with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from warehouse.explorer.text import BUREAU_TIME
from warehouse.query import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from starlette.requests import Request

    from warehouse.explorer.access import Visitor
    from warehouse.explorer.model import Explorer
    from warehouse.explorer.originals import Originals

T = TypeVar("T")

_KNOWN = 100  # answers of an edition that are kept; the order of all findings takes half a megabyte


class MissingError(LookupError):
    """There is nothing under this address; its text is a Chinese sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a page: the edition that answers it, and what stands in its address or was sent with it."""

    con: Any  # duckdb.DuckDBPyConnection
    known: dict[str, Any]
    edition: str
    published_at: datetime
    explorer: Explorer
    request: Request
    sent: Mapping[str, str] = field(default_factory=dict)

    def rows(self, sql: str, parameters: object = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        return rows(self.con, sql, parameters)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What many pages need, made once an edition; nobody changes it."""
        found: T | None = self.known.get(key)
        if found is None:
            found = make()
            if len(self.known) >= _KNOWN:
                self.known.clear()
            self.known[key] = found
        return found

    def same(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a query that many pages put: asked once an edition."""
        return self.once(f"{sql}{parameters}", lambda: self.rows(sql, parameters))

    def one(self, sql: str, *values: object) -> dict[str, Any]:
        """The first row of a query, nothing if it has none: the row of a key is found much faster than by a join."""
        return next(iter(self.rows(f"{sql} LIMIT 1", [*values])), {})

    def path(self, name: str) -> str:
        """A part of the address's path."""
        return str(self.request.path_params[name])

    def word(self, name: str, default: str = "") -> str:
        """A word of the address's query, trimmed."""
        return self.request.query_params.get(name, default).strip()

    def number(self, name: str, default: int) -> int:
        """A number of the address's query; raises MissingError if it is none."""
        return number(name, self.word(name) or str(default))

    @property
    def day(self) -> date:
        """The day of the publication at the bureau: what is waived up to then, and the date of letters."""
        return self.published_at.astimezone(BUREAU_TIME).date()

    @property
    def originals(self) -> Originals:
        """The published files and their pages."""
        originals: Originals = self.request.app.state.originals
        return originals

    @property
    def user(self) -> str:
        """Who asks, as a reverse proxy names them; "" if nobody does."""
        return _visitor(self.request).user

    @property
    def address(self) -> str:
        """The network address that asks."""
        return _visitor(self.request).address

    def audit(self, what: str, **particulars: object) -> None:
        """Write down that it was asked."""
        self.request.app.state.audit.record(self.user, self.address, what, **particulars)


def number(name: str, text: str) -> int:
    """A number that stands in an address; raises MissingError if it is none."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise MissingError(f"{name} 应为数字，现为“{text[:40]}”。")
    return int(text)


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor
