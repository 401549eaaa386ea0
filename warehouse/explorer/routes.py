"""Routes whose answer is read from one edition: run in threads, kept, and with errors as pages in Chinese."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import duckdb
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from warehouse.explorer.asked import Asked, MissingError
from warehouse.explorer.html import failure, render, rendered
from warehouse.explorer.kept import Kept, Page, mark, marked, unchanged
from warehouse.query import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from starlette.requests import Request

    from warehouse.explorer.lane import Lane
    from warehouse.explorer.model import Explorer
    from warehouse.explorer.store import Store

    Answer = Callable[[Asked], Mapping[str, Any] | Response]
    """What a page shows: the values of its template, or a response of another kind; raises `MissingError`."""

_FIELDS, _SECONDS = 100, 30


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
    tag = mark(edition, address, told)
    if unchanged(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=marked(tag))
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
        request.app.state.misfit = store.published()
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
