"""Connections that only hold a place are closed; those of visitors who ask and take are not."""

import asyncio
import contextlib
import socket
import threading
import time
from http.client import HTTPConnection

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from assets import connections
from assets.connections import watched
from assets.serve import listening
from tests.ports import free_port


async def endless():
    while True:
        yield b"x" * 65536
        await asyncio.sleep(0)


@pytest.fixture
def port(monkeypatch):
    for name, seconds in {"_LOOK": 0.05, "HEAD_SECONDS": 0.3, "ANSWER_SECONDS": 0.6}.items():
        monkeypatch.setattr(connections, name, seconds)
    app = Starlette(
        routes=[
            Route("/", lambda request: PlainTextResponse("here")),
            Route("/endless", lambda request: StreamingResponse(endless())),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=0, http="h11", log_level="critical", timeout_graceful_shutdown=1))

    async def serve():
        async with watched(server):
            await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(5)


@pytest.mark.parametrize(
    "beginning",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ", b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n"],
)
def test_who_does_not_ask_or_does_not_take_is_put_out(port, beginning):
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(beginning)
        time.sleep(1)
        with contextlib.suppress(ConnectionResetError):
            while line.recv(1 << 20):  # ends: the server has closed it
                pass


def test_who_asks_again_and_again_is_answered(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(8):
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"here"
        time.sleep(0.1)
    connection.close()


def test_what_is_written_is_sent_at_once():
    port = free_port()
    with listening("127.0.0.1", port) as line, socket.create_connection(("127.0.0.1", port)):
        answering, _ = line.accept()
        with answering:
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
