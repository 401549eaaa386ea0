"""The application: all pages found in `pages`, static files, errors, and the gate before all of it."""

from __future__ import annotations

import socket
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from warehouse.explorer import pages
from warehouse.explorer.access import Doorkeeper
from warehouse.explorer.audit import Audit
from warehouse.explorer.drawn import Drawn
from warehouse.explorer.gate import Gate, TooLargeError
from warehouse.explorer.html import failure
from warehouse.explorer.kept import Kept
from warehouse.explorer.originals import Originals
from warehouse.explorer.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

    from warehouse.explorer.model import Explorer

_REASONS = {
    404: "没有这个网页。",
    405: "这个网页不接受这种请求。",
    413: "提交的内容过长。",
    500: "出错了，已记入日志。其他网页不受影响。",
}


class _Guarded(Starlette):
    """An application with a gate before all of it, its errors included."""

    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.gate(scope, receive, send)


def create_app(explorer: Explorer) -> Starlette:
    """The pages as an ASGI application."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        yield
        app.state.store.close()
        app.state.audit.close()

    static = Mount("/static", StaticFiles(directory=str(files(__package__) / "static")), name="static")
    app = _Guarded(
        routes=[*_routes(), static],
        exception_handlers={HTTPException: _refused, TooLargeError: _too_large, Exception: _broken},
        lifespan=life,
    )
    app.state.explorer = explorer
    app.state.store = Store(explorer.home, explorer.limits)
    app.state.misfit = ""  # the edition that was found to lack what a page needs
    app.state.kept = Kept(explorer.kept_bytes)
    app.state.originals = Originals(explorer.source, explorer.originals, Drawn(explorer.drawn, explorer.drawn_bytes))
    app.state.audit = Audit(explorer.audit)
    app.state.doorkeeper = Doorkeeper(explorer.access)
    app.gate = Gate(super(_Guarded, app).__call__, app.state.doorkeeper, explorer.hosts, _own_names())
    return app


def _routes() -> list[BaseRoute]:
    names = sorted(module.name for module in iter_modules(pages.__path__))
    return [route for name in names for route in import_module(f"{pages.__name__}.{name}").ROUTES]


def _own_names() -> list[str]:
    return ["localhost", socket.gethostname(), socket.getfqdn()]


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure(request, HTTPStatus(status), _REASONS.get(status, HTTPStatus(status).phrase))


def _too_large(request: Request, _error: Exception) -> Response:
    return failure(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _REASONS[413])


def _broken(request: Request, _error: Exception) -> Response:
    return failure(request, HTTPStatus.INTERNAL_SERVER_ERROR, _REASONS[500])
