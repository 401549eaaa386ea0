"""The application: all pages found in `pages`, static files, errors, what every answer carries."""

from __future__ import annotations

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
from warehouse.explorer.base import failure
from warehouse.explorer.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from warehouse.explorer.base import Explorer

_REASONS = {404: "没有这个网页。", 405: "这个网页不接受这种请求。", 500: "出错了，已记入日志。其他网页不受影响。"}


def create_app(explorer: Explorer) -> Starlette:
    """The pages as an ASGI application."""

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        yield
        app.state.store.close()

    static = Mount("/static", StaticFiles(directory=str(files(__package__) / "static")), name="static")
    app = Starlette(
        routes=[*_routes(), static],
        exception_handlers={HTTPException: _refused, Exception: _broken},
        lifespan=life,
    )
    app.state.explorer = explorer
    app.state.store = Store(explorer.home)
    return app


def _routes() -> list[BaseRoute]:
    names = sorted(module.name for module in iter_modules(pages.__path__))
    return [route for name in names for route in import_module(f"{pages.__name__}.{name}").ROUTES]


def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return failure(request, HTTPStatus(status), _REASONS.get(status, HTTPStatus(status).phrase))


def _broken(request: Request, _error: Exception) -> Response:
    return failure(request, HTTPStatus.INTERNAL_SERVER_ERROR, _REASONS[500])
