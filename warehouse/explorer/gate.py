"""What every request meets before a page is asked, and what every answer carries.

Sizes, the name under which the server is addressed, who may look; strict headers. The pages behind it need not think
of any of this. An answer's own headers win over those set here.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from warehouse.explorer.access import COOKIE, Verdict
from warehouse.explorer.html import failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from warehouse.explorer.access import Doorkeeper

ADDRESS_BYTES, BODY_BYTES = 8_192, 262_144
POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
STATIC = "/static/"
OPEN_TO_ALL = ("/login", "/health")
"""Addresses that, like static files, say nothing of the accounts."""

_PLAIN_NAME = re.compile(r"[a-z0-9_-]+")
_FOREVER = "public, max-age=31536000, immutable"


class TooLargeError(Exception):
    """The body of a request is larger than any page needs."""


class Gate:
    """Stands before an application. `hosts` are the names under which it may be addressed: none for this machine's."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, hosts: Sequence[str], own: Sequence[str]) -> None:
        self._app, self._doorkeeper = app, doorkeeper
        self._hosts, self._own = {host.lower() for host in hosts}, {host.lower() for host in own}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, send = Request(scope), _with_headers(scope, send)
        refused = self._refused(request)
        if refused:
            await refused(scope, receive, send)
            return
        await self._app(scope, _bounded(receive), send)

    def _refused(self, request: Request) -> Response | None:
        if len(request.scope.get("raw_path") or b"") + len(request.scope["query_string"]) > ADDRESS_BYTES:
            return failure(request, HTTPStatus.REQUEST_URI_TOO_LONG, "地址过长。")
        if not self._is_ours(request.headers.get("host", "")):
            return PlainTextResponse("本机不以这个名称提供网页；如需使用，请在 JUESUAN_HOSTS 中列出。", 421)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > BODY_BYTES:
            return failure(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "提交的内容过长。")
        if request.method == "POST" and not _is_from_here(request):
            return failure(request, HTTPStatus.FORBIDDEN, "只接受从本网站的网页提交的内容。")
        return self._stranger(request)

    def _stranger(self, request: Request) -> Response | None:
        """What to tell who is not let in; notes for all others who they are."""
        headers = request.headers
        visitor = self._doorkeeper.visitor(headers, request.client.host if request.client else "", request.url.scheme)
        request.state.visitor = visitor
        if request.url.path in OPEN_TO_ALL or request.url.path.startswith(STATIC):
            return None
        verdict = self._doorkeeper.judge(visitor, headers, request.cookies.get(COOKIE, ""))
        if verdict is Verdict.WELCOME:
            return None
        if verdict is Verdict.THROTTLED:
            return failure(
                request, HTTPStatus.TOO_MANY_REQUESTS, "口令错误次数过多，请稍后再试。", {"Retry-After": "60"}
            )
        if not self._doorkeeper.access.token:
            return failure(request, HTTPStatus.FORBIDDEN, "请从单位的统一入口登录后访问。")
        if request.method == "GET" and "text/html" in headers.get("accept", ""):
            back = quote(f"{request.url.path}?{request.url.query}".rstrip("?"), safe="/")
            return RedirectResponse(f"/login?to={back}", HTTPStatus.SEE_OTHER)
        return failure(request, HTTPStatus.UNAUTHORIZED, "请先登录。", {"WWW-Authenticate": "Bearer"})

    def _is_ours(self, host: str) -> bool:
        """Whether the server may be addressed so.

        Unless its names are given, by any name that a stranger's name server cannot make point here: a number, a name
        without a domain, one of this machine's.
        """
        name = _host_name(host)
        if self._hosts:
            return name in self._hosts
        return name in self._own or bool(_PLAIN_NAME.fullmatch(name)) or _is_number(name)


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours; programs other than browsers do not say."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()


def _with_headers(scope: Scope, send: Send) -> Send:
    static = scope["path"].startswith(STATIC) and scope["query_string"].startswith(b"v=")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if static and message["status"] == HTTPStatus.OK:
                headers["Cache-Control"] = _FOREVER
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


def _bounded(receive: Receive) -> Receive:
    """The body of a request that does not say how long it is, up to the most that is taken."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > BODY_BYTES:
            raise TooLargeError
        return message

    return receiving
