"""What every page has: an edition to ask, the request's words, a template; errors become pages in Chinese."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import duckdb
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from warehouse.explorer.access import Access, Visitor
from warehouse.explorer.html import failure, render, rendered
from warehouse.explorer.kept import Kept, Page, mark, unchanged
from warehouse.explorer.text import BUREAU_TIME
from warehouse.explorer.turns import Turns
from warehouse.letters.model import Office
from warehouse.query import BusyError, QueryError, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from starlette.requests import Request

    from warehouse.ask.model import Answer as Rows
    from warehouse.ask.model import Ask, Limits
    from warehouse.explorer.lane import Lane
    from warehouse.explorer.originals import Originals
    from warehouse.explorer.store import Store
    from warehouse.letters.evidence import PageSource

    Answer = Callable[["Asked"], Mapping[str, Any] | Response]
    """What a page shows: the values of its template, or a response of another kind; raises `MissingError`."""

T = TypeVar("T")

__all__ = ["Asked", "Explorer", "Failure", "MissingError", "failure", "page", "render"]

_FIELDS, _SECONDS = 100, 30
_KNOWN = 100  # answers of an edition that are kept; the order of all findings takes half a megabyte


class MissingError(LookupError):
    """There is nothing under this address; its text is a Chinese sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A night that failed: when, and a Chinese sentence on what."""

    at: datetime
    text: str


def _none() -> None:
    return None


def no_answer(_sql: str, _limits: Limits, _parameters: Mapping[str, object]) -> Rows:
    """Refuse every question in SQL: what an explorer does that was given no way to answer them safely."""
    raise QueryError("这里没有开通 SQL 查询。")


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the pages stand on.

    `home` is the directory of the published files, `source` draws pages for letters, `originals` says where the lake
    keeps a document. `drawn` is a folder for pictures, of `drawn_bytes` at most; without it every picture is drawn
    anew. `audit` is the folder of the log, `hosts` are the names under which the server may be addressed, `failed`
    tells the last night that failed. A publication older than `stale_after` is told by /health. `ask` answers
    strangers' SQL, `turns` says whose is next, `questions` is the folder of the bureau's own saved questions. `limits`
    are settings of DuckDB for what the pages ask.
    """

    home: Path
    source: PageSource
    title: str = "决算公开数据"
    originals: Callable[[str], Path] | None = None
    drawn: Path | None = None
    drawn_bytes: int = 2**30
    kept_bytes: int = 2**25
    office: Office = field(default_factory=Office)
    access: Access = field(default_factory=Access)
    hosts: Sequence[str] = ()
    audit: Path | None = None
    failed: Callable[[], Failure | None] = _none
    stale_after: timedelta = timedelta(hours=36)
    ask: Ask = no_answer
    turns: Turns = field(default_factory=Turns)
    questions: Path | None = None
    limits: Mapping[str, str] = field(default_factory=dict)


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


def page(
    path: str,
    answer: Answer,
    template: str = "",
    *,
    methods: Sequence[str] = ("GET",),
    fresh: bool = False,
    beside: Callable[[Explorer], object] | None = None,
    lane: Lane | None = None,
) -> Route:
    """A route whose answer is read from one edition and shown in a template; runs in a thread, or in those of a `lane`.

    A page is kept as long as the edition is the same, unless it is `fresh`; `beside` gives what else it depends on.
    """

    async def endpoint(request: Request) -> Response:
        sent = await posted(request)
        basis = ("", "", "") if fresh or not template or request.method == "POST" else _basis(request, beside)
        known = _known(request, basis)
        if known:
            return known

        def work() -> Response:
            if not basis[0]:
                return _answered(request, answer, template, sent, None)
            with request.app.state.kept.once.each(basis):
                return _known(request, basis) or _answered(request, answer, template, sent, basis[1:])

        try:
            return await (lane.run(work) if lane else run_in_threadpool(work))
        except BusyError as error:
            return failure(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error), {"Retry-After": "10"})

    return Route(path, endpoint, methods=[*methods], name=answer.__name__)


def _basis(request: Request, beside: Callable[[Explorer], object] | None) -> tuple[str, str, str]:
    """What a page that may be kept depends on: the edition, its address, and what is told beside them."""
    state = request.app.state
    told = repr(beside(state.explorer)) if beside else ""
    return state.store.published(), f"{request.url.path}?{request.url.query}", told


def _known(request: Request, basis: tuple[str, str, str]) -> Response | None:
    """The answer that needs no work: the sender has the page, or it is kept."""
    edition, address, told = basis
    if not edition:
        return None
    if unchanged(request, mark(edition, address, told)):
        headers = {
            "ETag": mark(edition, address, told),
            "Vary": "Accept-Encoding",
            "Cache-Control": "private, no-cache",
        }
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    kept: Kept = request.app.state.kept
    known = kept.get(basis)
    return known.response(request) if known else None


def _answered(
    request: Request, answer: Answer, template: str, sent: Mapping[str, str], place: tuple[str, str] | None
) -> Response:
    """The answer out of the edition that is published now; kept under the name of just that one if it has a `place`."""
    store: Store = request.app.state.store
    try:
        with store.edition() as edition:
            explorer = request.app.state.explorer
            asked = Asked(edition.con, edition.known, edition.name, edition.published_at, explorer, request, sent)
            answered = answer(asked)
            if isinstance(answered, Response):
                return answered
            if place is None:
                return render(request, template, answered)
            made = Page.of(mark(edition.name, *place), rendered(request, template, answered))
            request.app.state.kept.put((edition.name, *place), made)
            return made.response(request)
    except MissingError as error:
        return failure(request, HTTPStatus.NOT_FOUND, str(error))
    except BusyError:
        raise
    except QueryError as error:
        return failure(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    except (duckdb.CatalogException, duckdb.BinderException):
        logging.getLogger(__name__).exception("%s does not fit %s", store.published(), request.url.path)
        text = "已发布的数据仓库由另一版本的程序生成，没有这个网页所需的内容；下一次发布后即可打开。"
        return failure(request, HTTPStatus.SERVICE_UNAVAILABLE, text)


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; who sends too many, or too slowly, has sent none."""
    if request.method != "POST":
        return {}
    try:
        body = await asyncio.wait_for(request.body(), _SECONDS)
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS))
    except (ValueError, TimeoutError, ClientDisconnect):
        return {}


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor
