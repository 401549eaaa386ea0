"""The pages on a port: what the explorer needs out of the settings, and the server."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from assets.asking import asking
from assets.letters import pages
from warehouse.explorer.app import create_app
from warehouse.explorer.base import Explorer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from assets.settings import Settings


@contextmanager
def application(settings: Settings) -> Iterator[Starlette]:
    """The pages of these settings, as an ASGI application."""
    with pages(settings) as source, asking(settings) as ask:
        yield create_app(Explorer(settings.warehouse, source, ask=ask))


def serve(settings: Settings, host: str, port: int) -> None:
    """Answer requests until the process is stopped."""
    with application(settings) as app:
        config = uvicorn.Config(app, host=host, port=port, log_level="info", server_header=False)
        asyncio.run(uvicorn.Server(config).serve())
