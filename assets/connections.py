"""Connections that hold a place and do nothing with it: whoever does not say what he wants, or does not take it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import uvicorn

HEAD_SECONDS = 10
"""In which the head of a request must have come; uvicorn itself waits for ever."""

ANSWER_SECONDS = 600
"""In which an answer must have been made and taken, a large file over a slow line too."""

_LOOK = 2


@asynccontextmanager
async def watched(server: uvicorn.Server) -> AsyncIterator[None]:
    """Close such connections of a server as long as this lasts."""
    task = asyncio.create_task(_watch(server))
    try:
        yield
    finally:
        task.cancel()


async def _watch(server: uvicorn.Server) -> None:
    clock = asyncio.get_running_loop().time
    since: dict[Any, tuple[_State, float]] = {}
    while True:
        await asyncio.sleep(_LOOK)
        before, since, now = since, {}, clock()
        for connection in tuple(server.server_state.connections):
            state = _state(connection)
            known = before.get(connection)
            since[connection] = known if known is not None and known[0] == state else (state, now)
            if now - since[connection][1] > (ANSWER_SECONDS if state.answering else HEAD_SECONDS):
                connection.transport.abort()  # closing it would wait for what he does not take


class _State(NamedTuple):
    request: object  # the last one that came
    answering: bool


def _state(connection: Any) -> _State:
    request = getattr(connection, "cycle", None)
    return _State(request, request is not None and not request.response_complete)
