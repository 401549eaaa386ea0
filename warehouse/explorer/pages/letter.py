"""The letter to a unit on what does not add up in its report, to be read or taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from warehouse.explorer.asked import MissingError
from warehouse.explorer.pages.documents import PICTURES
from warehouse.explorer.routes import page
from warehouse.explorer.text import attachment
from warehouse.letters.compose import compose
from warehouse.letters.folder import asked_about, file_stem
from warehouse.letters.select import ReportKey, open_findings_of

if TYPE_CHECKING:
    from warehouse.explorer.asked import Asked

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OWN_STYLE = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""A letter carries its style and pictures in itself; it has no scripts and no links."""


def letter(asked: Asked) -> Response:
    """The letter on the report of a finding, as HTML, or as a Word document (?format=docx)."""
    found = asked.rows(_REPORT, [asked.path("finding_id")])
    if not found:
        raise MissingError("没有这个编号的问题。")
    report = ReportKey(*found[0].values())
    kind = "docx" if asked.word("format") == "docx" else "html"
    words = ("letter", asked.edition, report.report_id, kind, repr(asked.explorer.office))
    data = asked.originals.drawn.get(words, lambda: _written(asked, report, kind))
    if kind == "html":
        return Response(data, media_type="text/html", headers={"Content-Security-Policy": _OWN_STYLE})
    asked.audit("download", letter=report.report_id)
    name = f"{file_stem(report)}.docx"
    return Response(data, media_type=_WORD, headers={"Content-Disposition": attachment(name)})


def _written(asked: Asked, report: ReportKey, kind: str) -> bytes:
    about = asked_about(open_findings_of(asked.con, report.report_id, asked.day), "W")
    if not about:
        raise MissingError("这份报告没有需要去函核实的问题。")
    composed = compose(asked.con, about, asked.explorer.office, asked.day, asked.originals.picture)
    if kind == "docx":
        from warehouse.letters.word import to_docx  # noqa: PLC0415 - only who wants Word pays for its library

        return to_docx(composed)
    from warehouse.letters.web import to_html  # noqa: PLC0415

    return to_html(composed).encode()


_REPORT = """
    SELECT r.report_id, r.unit, r.fiscal_year, r.scope
    FROM quality.finding f JOIN core.report r USING (report_id) WHERE f.finding_id = $1
"""

ROUTES = (page("/findings/{finding_id}/letter", letter, lane=PICTURES),)
