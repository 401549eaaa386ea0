"""Questions in the visitor's own SQL: the text, what may be asked, and the answer."""

from __future__ import annotations

from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import RedirectResponse

from warehouse.explorer.asking import ADDRESS, LANE, LIMITS, answered
from warehouse.explorer.catalogue import catalogue
from warehouse.explorer.html import render, rendered
from warehouse.explorer.routes import page
from warehouse.explorer.shown import shown
from warehouse.query import BusyError, QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.responses import Response

    from warehouse.explorer.asked import Asked


class _Browser:
    """The tables that may be asked, as HTML, of the edition that was asked for last: the same for all who ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[Path, str] | None = None
        self._html = Markup()

    def of(self, asked: Asked) -> Markup:
        edition = asked.explorer.home, asked.edition
        with self._lock:
            if self._of != edition:
                html = rendered(asked.request, "schemas.html", {"schemas": catalogue(asked.con)})
                self._html, self._of = Markup(html), edition  # noqa: S704 - it is HTML
            return self._html


_browser = _Browser()


def sql(asked: Asked) -> Mapping[str, Any] | Response:
    """The box alone, or with an answer. What was sent as a body is answered under an address, if it fits into one."""
    text = (asked.sent.get("q") or asked.word("q")).strip()
    address = f"/sql?q={quote(text)}"
    short = len(address) <= ADDRESS
    if asked.request.method == "POST" and text and short:
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)
    values = {"text": text, "short": short, "schemas": _browser.of(asked), "error": "", "answer": None}
    if not text:
        return values
    try:
        answer = answered(asked, text, LIMITS, {})
    except BusyError as error:
        response = render(asked.request, "sql.html", values | {"error": str(error)}, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = "10"
        return response
    except QueryError as error:
        return render(asked.request, "sql.html", values | {"error": str(error)}, HTTPStatus.BAD_REQUEST)
    return values | {"answer": answer, "shown": shown(answer)}


ROUTES = (page("/sql", sql, "sql.html", methods=("GET", "POST"), fresh=True, lane=LANE),)
