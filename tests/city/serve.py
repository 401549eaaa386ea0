"""Serves the city's portal on the loopback interface, for a limited time.

In tests: `with serving() as portal: ... portal.base ...`; from a shell: `python -m tests.city.serve --seconds 600`.
"""

from __future__ import annotations

import argparse
import hashlib
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tests.city.site import FOLDER, Resource, site

if TYPE_CHECKING:
    from collections.abc import Iterator

LIFETIME = 900.0
"""Seconds after which a server stops by itself, whatever became of the one who started it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that was answered; `at` and `until` are seconds of a monotonic clock."""

    path: str
    status: int
    at: float
    until: float
    user_agent: str


class CityPortal:
    """The running portal: its address, what was asked of it, and the switch for corrected versions."""

    def __init__(self, port: int, *, corrected: bool = False) -> None:
        self.base = f"http://127.0.0.1:{port}{FOLDER}"
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._pages = site(corrected=corrected)

    def publish_corrections(self) -> None:
        """Put the corrected versions in place of the first ones, under the same addresses."""
        self._pages = site(corrected=True)

    def resource(self, path: str) -> Resource | None:
        return self._pages.get(path)

    def asked(self, *, suffix: str = "", status: int | None = None) -> list[str]:
        """The paths asked for, in order; of those with this ending and this answer if given."""
        return [
            request.path
            for request in self.requests
            if request.path.endswith(suffix) and status in (None, request.status)
        ]

    def most_at_once(self) -> int:
        """The greatest number of requests that overlapped: 1 for a polite collector."""
        moments = sorted(
            [(request.at, 1) for request in self.requests] + [(request.until, -1) for request in self.requests]
        )
        open_now, most = 0, 0
        for _, step in moments:
            open_now += step
            most = max(most, open_now)
        return most


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: CityPortal

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error of the server."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        at = time.monotonic()
        path = unquote(urlsplit(self.path).path)
        resource = self.server.portal.resource(path)
        status, content = HTTPStatus.OK, b""
        headers = {}
        if resource is None:
            status, content = HTTPStatus.NOT_FOUND, b"<html><body>404</body></html>"
            headers["Content-Type"] = "text/html"
        else:
            tag = f'"{hashlib.sha256(resource.content).hexdigest()[:24]}"'
            headers |= {"ETag": tag, "Last-Modified": format_datetime(resource.modified, usegmt=True)}
            if self._unchanged(tag, resource):
                status = HTTPStatus.NOT_MODIFIED
            else:
                content = resource.content
                headers["Content-Type"] = resource.content_type
        self.send_response(status)
        if status is not HTTPStatus.NOT_MODIFIED:
            headers["Content-Length"] = str(len(content))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        # Noted before the last byte leaves: a client that has read it may look at once.
        request = Request(path, status, at, time.monotonic(), self.headers.get("User-Agent", ""))
        self.server.portal.requests.append(request)
        if body:
            self.wfile.write(content)

    def _unchanged(self, tag: str, resource: Resource) -> bool:
        """If-None-Match counts before If-Modified-Since, as the protocol says."""
        tags = self.headers.get("If-None-Match")
        if tags:
            return tag in tags
        since = self.headers.get("If-Modified-Since")
        if not since:
            return False
        try:
            moment: datetime = parsedate_to_datetime(since)
        except ValueError:
            return False
        return resource.modified <= moment.replace(tzinfo=moment.tzinfo or UTC)

    def log_message(self, *_: object) -> None:
        """Requests are counted, not printed."""


@contextmanager
def serving(*, port: int = 0, corrected: bool = False, seconds: float = LIFETIME) -> Iterator[CityPortal]:
    """A portal that answers until the block ends, or until `seconds` have passed."""
    server = _Server(("127.0.0.1", port), _Handler)
    portal = server.portal = CityPortal(server.server_port, corrected=corrected)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        portal.stopped.set()

    end = threading.Timer(seconds, stop)
    end.daemon = True
    thread.start()
    end.start()
    try:
        yield portal
    finally:
        end.cancel()
        stop()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the sample city's portal on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=LIFETIME)
    parser.add_argument("--corrected", action="store_true", help="publish the corrected versions")
    options = parser.parse_args()
    with serving(port=options.port, corrected=options.corrected, seconds=options.seconds) as portal:
        print(portal.base, flush=True)
        with suppress(KeyboardInterrupt):
            portal.stopped.wait()


if __name__ == "__main__":
    main()
