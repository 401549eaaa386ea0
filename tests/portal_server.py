"""A small portal on the loopback interface that answers as told and notes when it was asked what."""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True)
class Reply:
    """`announce` is a Content-Length that may lie; `tagged` replies carry an ETag and honour If-None-Match.

    `tag` is one that does not change with the body.
    """

    body: bytes = b""
    content_type: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    announce: int | None = None
    tagged: bool = True
    pause: float = 0.0
    tag: str = ""


@dataclass(frozen=True)
class Hit:
    path: str
    at: float
    until: float
    headers: Mapping[str, str]
    status: int
    posted: str = ""


class Portal:
    """`replies` by path, or by path and the form that is sent to it ("/list.do page=2"); else what `answers` makes.

    A list is answered one after the other, its last element for ever. `clock` is whose seconds the hits note.
    """

    def __init__(self, port: int) -> None:
        self.replies: dict[str, Reply | list[Reply]] = {}
        self.answers: Callable[[str, str], Reply | None] = lambda path, posted: None
        self.clock: Callable[[], float] = time.monotonic
        self.hits: list[Hit] = []
        self._lock = threading.Lock()
        self.base = f"http://127.0.0.1:{port}/"

    def page(self, path: str, html: str, *, encoding: str = "utf-8", **more) -> None:
        self.replies[path] = Reply(html.encode(encoding), f"text/html; charset={encoding}", **more)

    def pdf(self, path: str, text: str, **more) -> bytes:
        body = b"%PDF-1.4\n" + text.encode() + b"\n%%EOF\n"
        self.replies[path] = Reply(body, "application/pdf", **more)
        return body

    def paths(self, *, status: int | None = None) -> list[str]:
        return [hit.path for hit in self.hits if status in (None, hit.status)]

    def next(self, path: str, posted: str = "") -> Reply:
        key = f"{path} {posted}" if posted else path
        reply = self.replies.get(key) or self.answers(path, posted)
        reply = reply or Reply(b"<html><body>404</body></html>", status=404)
        if isinstance(reply, list):
            return reply.pop(0) if len(reply) > 1 else reply[0]
        return reply

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer as the next reply to this path says. The hit is noted first: the client may look at once."""
        at = self.clock()
        posted = request.rfile.read(int(request.headers.get("Content-Length") or 0)).decode()
        with self._lock:
            reply = self.next(request.path, posted)
        time.sleep(reply.pause)
        tag = reply.tag or f'"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
        tag = tag if reply.status == 200 and reply.tagged else ""
        unchanged = bool(tag) and request.headers.get("If-None-Match") == tag
        status = 304 if unchanged else reply.status
        length = len(reply.body) if reply.announce is None else reply.announce
        content = {} if unchanged else {"Content-Type": reply.content_type, "Content-Length": str(length)}
        self.hits.append(Hit(request.path, at, self.clock(), dict(request.headers), status, posted))
        request.send_response(status)
        for name, value in ({"ETag": tag} if tag else {}).items() | reply.headers.items() | content.items():
            request.send_header(name, value)
        request.end_headers()
        if not unchanged:
            request.wfile.write(reply.body)
        request.close_connection = reply.announce is not None


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are part of the play."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Portal]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # headers and body are two writes, 40 ms apart otherwise

        def do_GET(self) -> None:
            portal.answer(self)

        def do_POST(self) -> None:
            portal.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    portal = Portal(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
