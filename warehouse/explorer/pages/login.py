"""Coming in with a token, and going out again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.routing import Route

from warehouse.explorer.access import COOKIE, SECONDS, Verdict
from warehouse.explorer.html import render
from warehouse.explorer.routes import posted

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_TOLD = {
    Verdict.STRANGER: (HTTPStatus.UNAUTHORIZED, "口令不对。"),
    Verdict.THROTTLED: (HTTPStatus.TOO_MANY_REQUESTS, "口令错误次数过多，请稍后再试。"),
}


async def login(request: Request) -> Response:
    """The form for the token; with the right one a cookie, and back to the page that was asked for."""
    state = request.app.state
    sent = await posted(request)
    to = _inside(sent.get("to") or request.query_params.get("to", ""))
    if not state.explorer.access.token:
        return RedirectResponse(to, HTTPStatus.SEE_OTHER)
    if request.method != "POST":
        return render(request, "login.html", {"to": to, "wrong": ""})
    visitor = request.state.visitor
    verdict = state.doorkeeper.try_token(visitor, sent.get("token", ""))
    state.audit.record(visitor.user, visitor.address, "login", verdict=verdict.value)
    if verdict is not Verdict.WELCOME:
        status, wrong = _TOLD[verdict]
        return render(request, "login.html", {"to": to, "wrong": wrong}, status)
    answer = RedirectResponse(to, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        COOKIE, state.doorkeeper.cookie(), max_age=SECONDS, httponly=True, samesite="strict", secure=visitor.is_secure
    )
    return answer


async def logout(request: Request) -> Response:
    """Forget the cookie."""
    answer = RedirectResponse("/login" if request.app.state.explorer.access.token else "/", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _inside(to: str) -> str:
    """An address of ours, or the first page: nobody is sent elsewhere from here."""
    parts = urlsplit(to)
    is_ours = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return to if is_ours and "\\" not in to and to.isprintable() else "/"


ROUTES = (
    Route("/login", login, methods=["GET", "POST"]),
    Route("/logout", logout, methods=["POST"]),
)
