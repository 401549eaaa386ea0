"""A published file: its pages as pictures with numbers framed, and the file itself."""

from __future__ import annotations

import re
from html import escape
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from starlette.responses import FileResponse, Response

from pipeline.read.picture import NoPictureError
from warehouse.explorer.asked import MissingError, number
from warehouse.explorer.lane import Lane
from warehouse.explorer.originals import boxes
from warehouse.explorer.routes import page
from warehouse.explorer.text import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.model import Box
    from warehouse.explorer.asked import Asked

PICTURES = Lane(width=3, waiting=60, seconds=50)
"""Pictures are drawn three at a time: one that takes long holds up no others, and all of them no pages."""

LASTING = {"Cache-Control": "private, max-age=604800"}
"""Pictures of a file's page: another file has another address."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]+')


def document_page(asked: Asked) -> Mapping[str, Any]:
    """One page of a file with what stands on it."""
    document = _document(asked)
    shown = _number(asked, document)
    return {
        "document": document,
        "url": asked.one(_PLACE, document["document"]).get("url", ""),
        "number": shown,
        "marks": _marks(asked),
        "is_wide": asked.word("wide") == "1",
        "has_pages": asked.originals.has_pages(document["document"]),
        "forms": asked.rows(_FORMS, [document["document"], shown]),
        "issues": asked.rows(_ISSUES, [document["document"], shown]),
    }


def document_picture(asked: Asked) -> Response:
    """The picture of a page; where there is none, one that says why."""
    document = _document(asked)
    try:
        png = asked.originals.framed(document["document"], _number(asked, document), _marks(asked))
    except NoPictureError as error:
        return no_picture(str(error))
    return Response(png, media_type="image/png", headers=LASTING)


def document_file(asked: Asked) -> Response:
    """The file as it was published, to be saved."""
    document = _document(asked)
    path = asked.originals.file(document["document"])
    if not path:
        raise MissingError("原文件不在数据湖中。")
    asked.audit("download", document=document["document"], name=document["name"])
    return FileResponse(path, media_type="application/octet-stream", filename=safe_name(document["name"]))


def no_picture(why: str) -> Response:
    """A picture of a sentence, where another one was expected."""
    text = escape(plain(why))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="120" viewBox="0 0 640 120">'
        '<rect width="640" height="120" fill="#f4f7f9"/><text x="320" y="66" font-size="18" fill="#5b6975" '
        f'text-anchor="middle" font-family="sans-serif">{text}</text></svg>'
    )
    return Response(svg, HTTPStatus.NOT_FOUND, media_type="image/svg+xml")


def safe_name(name: str) -> str:
    """The name of a file that was published, fit for any file system; of one out of an archive, its own."""
    own = _FORBIDDEN.sub("_", plain(PurePosixPath(name.replace("\\", "/")).name)).strip("._ ")
    return own[-120:] or "决算"


def _document(asked: Asked) -> dict[str, Any]:
    """What is known of the file that the address names, with the report that it is of."""
    name = asked.path("document")
    found = asked.one(
        "SELECT document, name, pages, status, report_id, unit, fiscal_year FROM core.document WHERE document = $1",
        name,
    )
    if not found:
        raise MissingError("数据仓库中没有这个文件。")
    report = asked.one("SELECT unit_id, unit, fiscal_year FROM core.report WHERE report_id = $1", found["report_id"])
    return found | {"unit_id": ""} | report


def _marks(asked: Asked) -> list[Box]:
    """The places to be framed; `mark` may stand in the address more than once."""
    return boxes(";".join(asked.request.query_params.getlist("mark")))


def _number(asked: Asked, document: Mapping[str, Any]) -> int:
    shown = number("页码", asked.path("number"))
    if not 1 <= shown <= max(1, document["pages"] or 1):
        raise MissingError(f"这个文件共{document['pages']}页，没有第{shown}页。")
    return shown


_PLACE = "SELECT url FROM raw.publication WHERE document = $1 AND starts_with(url, 'http') ORDER BY fetched_at DESC"
_FORMS = """
    SELECT f.form, f.title, f.first_page, f.last_page
    FROM raw.form_reading f
    WHERE f.document = $1 AND $2 BETWEEN f.first_page AND f.last_page
    ORDER BY f.first_page, f.form
"""
_ISSUES = "SELECT text FROM core.issue WHERE document = $1 AND page = $2 ORDER BY ALL"

ROUTES = (
    page("/documents/{document}/pages/{number}.png", document_picture, lane=PICTURES),
    page("/documents/{document}/pages/{number}", document_page, "document.html"),
    page("/documents/{document}/file", document_file),
)
