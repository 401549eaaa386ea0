"""The pages on a port: what the explorer needs out of the settings, and the server."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import uvicorn

from assets.asking import asking
from assets.connections import watched
from assets.failures import last_failure
from assets.letters import office_of, pages
from pipeline.lake import Lake
from warehouse.explorer.access import Access, networks
from warehouse.explorer.app import create_app
from warehouse.explorer.model import Explorer, Failure
from warehouse.explorer.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.applications import Starlette

    from assets.settings import Settings

MEGABYTE = 2**20
HEAD_BYTES = 65_536
"""Of a request, its address and headers, that are taken."""

SECONDS = 20
"""That a page may take to be drawn while somebody waits for it."""

LIMITS = {"threads": "1", "memory_limit": "512MB"}
"""Of DuckDB, for the questions of the pages: these are small, many at once, and more threads cost twice as much.

Without a limit to its memory all of the file comes to stand in it, which the system keeps at hand anyway: the pages
were as fast with half of a file, and each of them was drawn with an eighth.
"""

_CLOSED = {
    errno.EADDRINUSE: "端口已被占用，请用 --port 另选一个",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.EACCES: "没有权限使用这个端口，请用 --port 另选一个",
    socket.EAI_NONAME: "没有这个地址",
}
"""Why an address cannot be listened on."""

CONNECTIONS = 500
"""That are answered side by side; one more is told to come again."""


@contextmanager
def application(settings: Settings) -> Iterator[Starlette]:
    """The pages of these settings, as an ASGI application; raises ValueError for settings that cannot be used."""
    with pages(settings, SECONDS) as source, asking(settings) as ask:
        yield create_app(
            Explorer(
                settings.warehouse,
                source,
                title=settings.title,
                originals=Lake(settings.lake).path,
                drawn=settings.cache / "pages",
                drawn_bytes=settings.drawn * MEGABYTE,
                office=office_of(settings),
                access=_access(settings),
                hosts=settings.hosts,
                audit=settings.audit,
                failed=lambda: _failed(settings),
                stale_after=timedelta(hours=settings.night_hours),
                ask=ask,
                turns=Turns(settings.asked_at_once),
                questions=settings.questions,
                limits=LIMITS,
            )
        )


def _access(settings: Settings) -> Access:
    if settings.user_header and not settings.trusted_proxies:
        raise ValueError("JUESUAN_USER_HEADER 须与 JUESUAN_TRUSTED_PROXIES 一同设置")
    try:
        return Access(settings.token, settings.user_header, networks(settings.trusted_proxies))
    except ValueError as error:
        raise ValueError(f"JUESUAN_TRUSTED_PROXIES：{error}") from None


def is_exposed(settings: Settings, host: str) -> bool:
    """Whether everybody on the network may look."""
    return host not in ("127.0.0.1", "localhost", "::1") and not settings.token and not settings.user_header


def serve(settings: Settings, host: str, port: int, ready: Callable[[], None]) -> None:
    """Answer requests until the process is stopped; calls `ready` as soon as they are taken.

    Raises ValueError for settings that cannot be used, and for an address on which no request can be taken.
    """
    with application(settings) as app, listening(host, port) as line:
        ready()
        gc.collect()
        gc.freeze()  # the program stays: each time Python looked through it for waste, all pages stood for 0.1 s
        config = uvicorn.Config(
            app,
            log_level="info",
            http="h11",  # the other implementation takes heads of requests of any size
            h11_max_incomplete_event_size=HEAD_BYTES,
            server_header=False,
            proxy_headers=False,  # the application itself decides whom it believes
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=10,
        )
        asyncio.run(_serve(uvicorn.Server(config), line))


def listening(host: str, port: int) -> socket.socket:
    """A socket that takes connections to an address; raises ValueError with a Chinese sentence if none can be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        line = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ValueError(f"不能在 {host}:{port} 提供网页：{_CLOSED.get(error.errno or 0, error.strerror)}。") from error
    # asyncio does this only on sockets that it has opened: without it the body of an answer waits 40 ms for its head
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


async def _serve(server: uvicorn.Server, line: socket.socket) -> None:
    async with watched(server):
        await server.serve([line])


def _failed(settings: Settings) -> Failure | None:
    known = last_failure(settings.home)
    return Failure(*known) if known else None
