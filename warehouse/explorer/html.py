"""Templates as HTML: all values are escaped, and lose what would turn the writing about or no page can hold."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from warehouse.explorer.kept import code_version, compressed, takes_gzip
from warehouse.explorer.text import FILTERS, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http import HTTPStatus

    from starlette.requests import Request

    from warehouse.explorer.model import Explorer


def rendered(request: Request, template: str, values: Mapping[str, Any]) -> str:
    """A template with these values; it also knows `site`, `request` and whether one can log out (`has_login`)."""
    explorer: Explorer = request.app.state.explorer
    frame = {"site": explorer.title, "request": request, "has_login": bool(explorer.access.token)}
    return _environment().get_template(template).render(frame | {**values})


def render(request: Request, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
    """A template as an answer that nobody keeps."""
    html, headers = rendered(request, template, values), {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if takes_gzip(request):
        return HTMLResponse(compressed(html), status, headers | {"Content-Encoding": "gzip"})
    return HTMLResponse(html, status, headers)


def failure(request: Request, status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """A page that says what is wrong."""
    answer = render(request, "failure.html", {"text": text}, status)
    answer.headers.update(headers or {})
    return answer


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters |= FILTERS
    environment.globals["version"] = code_version()
    return environment


def _harmless(value: Any) -> Any:
    """Text out of reports; what is HTML already passes."""
    return plain(value) if type(value) is str else value
