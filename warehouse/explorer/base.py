"""What every page has: an edition to ask, the request's words, a template; errors become pages in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from warehouse.explorer.text import FILTERS
from warehouse.query import QueryError, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

    from warehouse.ask.model import Answer as Rows
    from warehouse.ask.model import Ask, Limits
    from warehouse.explorer.store import Store
    from warehouse.letters.evidence import PageSource

    Answer = Callable[["Asked"], Mapping[str, Any] | Response]
    """What a page shows: the values of its template, or a response of another kind; raises `Missing`."""


class MissingError(LookupError):
    """There is nothing under this address; its text is a Chinese sentence for the reader."""


def no_answer(_sql: str, _limits: Limits, _parameters: Mapping[str, object]) -> Rows:
    """Refuse every question in SQL: what an explorer does that was given no way to answer them safely."""
    raise QueryError("这里没有开通 SQL 查询。")


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the pages stand on: directory of the published files, pictures of pages, name over every page, SQL."""

    home: Path
    source: PageSource
    title: str = "决算公开数据"
    ask: Ask = no_answer


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a page: the edition that answers it, and what stands in its address."""

    con: Any  # duckdb.DuckDBPyConnection
    edition: str
    explorer: Explorer
    request: Request

    def rows(self, sql: str, parameters: object = None) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        return rows(self.con, sql, parameters)

    def path(self, name: str) -> str:
        """A part of the address's path."""
        return str(self.request.path_params[name])

    def word(self, name: str, default: str = "") -> str:
        """A word of the address's query, trimmed."""
        return self.request.query_params.get(name, default).strip()

    def number(self, name: str, default: int) -> int:
        """A number of the address's query; raises MissingError if it is none."""
        text = self.word(name, str(default))
        if not text.isdecimal() or len(text) > 9:
            raise MissingError(f"{name} 应为数字，现为“{text[:40]}”。")
        return int(text)


def page(path: str, answer: Answer, template: str = "") -> Route:
    """A route whose answer is read from one edition and shown in a template; runs in a thread of its own."""

    def endpoint(request: Request) -> Response:
        store: Store = request.app.state.store
        try:
            with store.edition() as edition:
                asked = Asked(edition.con, edition.name, request.app.state.explorer, request)
                answered = answer(asked)
                return answered if isinstance(answered, Response) else render(request, template, answered)
        except MissingError as error:
            return failure(request, HTTPStatus.NOT_FOUND, str(error))
        except QueryError as error:
            return failure(request, HTTPStatus.SERVICE_UNAVAILABLE, str(error))

    return Route(path, endpoint, name=answer.__name__)


def failure(request: Request, status: HTTPStatus, text: str) -> Response:
    """A page that says what is wrong."""
    return render(request, "failure.html", {"text": text}, status)


def render(request: Request, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
    """A template as HTML; all values are escaped."""
    explorer: Explorer = request.app.state.explorer
    html = _environment().get_template(template).render(site=explorer.title, request=request, **values)
    return HTMLResponse(html, status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    return environment
