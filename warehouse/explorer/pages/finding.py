"""One finding: what does not add up, where it stands, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from pipeline.read.picture import NoPictureError
from warehouse.explorer.asked import MissingError, number
from warehouse.explorer.pages.documents import PICTURES, no_picture
from warehouse.explorer.routes import page
from warehouse.letters.evidence import Evidence
from warehouse.letters.select import OPEN, suspects
from warehouse.letters.text import KINDS, row_name
from warehouse.titles import form_titles, is_prose, measure_titles

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from warehouse.explorer.asked import Asked
    from warehouse.letters.evidence import View
    from warehouse.letters.model import Surroundings

    Row = dict[str, Any]

EVENTS = {
    "new": "首次发现",
    "changed": "内容有变",
    "returned": "改正后再次出现",
    "resolved": "已改正",
    "unverified": "未能再核对",
    "merged": "并入其他问题",
    "acknowledged": "已知悉",
    "waived": "豁免",
    "waiver_expired": "豁免到期",
}


def finding(asked: Asked) -> Mapping[str, Any]:
    """All that is known of it."""
    found = _finding(asked)
    cells = asked.rows(_CELLS, [found["finding_id"], found["report_id"]])
    own = suspects(asked.con, found, cells)
    evidence, views, remark = _views(asked, found, own)
    events = asked.rows(_EVENTS, [found["finding_id"]])
    shown = [(view, _excerpt(asked, evidence, view)) for view in views]
    return {
        "found": found,
        "kind": KINDS.get(found["kind"] or "", ""),
        "is_waived": found["waived_until"] is not None and found["waived_until"] >= asked.day,
        "has_letter": found["status"] in OPEN and found["severity"] in ("E", "W"),
        "cells": _placed(asked, found, cells, own, events),
        "shown": shown,
        "remark": remark,
        "symptoms": asked.rows(_SYMPTOMS, [found["finding_id"]]),
        "events": events,
        "event_names": EVENTS,
        "boxes_of": lambda view: [_box(cell) for cell in view.marked or view.beside],
    }


def finding_picture(asked: Asked) -> Response:
    """One of its pictures: the cut of a page, with the numbers framed."""
    found = _finding(asked)
    chosen = number("图号", asked.path("number"))
    evidence, views, _ = _views(asked, found, suspects(asked.con, found))
    if not 1 <= chosen <= len(views):
        raise MissingError("这个问题没有这张图。")
    words = ("finding", asked.edition, found["finding_id"], chosen)
    try:
        png = asked.originals.drawn.get(words, lambda: evidence.picture(views[chosen - 1]).png)
    except NoPictureError as error:
        return no_picture(str(error))
    return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


def _finding(asked: Asked) -> Row:
    found = asked.one("FROM quality.finding WHERE finding_id = $1", asked.path("finding_id"))
    if not found:
        raise MissingError("没有这个编号的问题。")
    report = asked.one("SELECT document FROM core.report WHERE report_id = $1", found["report_id"])
    identity = asked.one(
        "SELECT title AS identity_title, family FROM quality.identity WHERE identity = $1", found["identity"]
    )
    return _UNKNOWN | found | report | identity | {"form_title": form_titles().get(found["form"], "")}


def _views(asked: Asked, found: Row, cells: Sequence[Row]) -> tuple[Evidence, Sequence[View], str]:
    evidence = Evidence(asked.con, found["report_id"], found["document"], asked.originals.picture)
    return evidence, *evidence.views(cells)


def _excerpt(asked: Asked, evidence: Evidence, view: View) -> Surroundings | None:
    """In the place of a picture: of a file that has no pages."""
    return None if asked.originals.has_pages(view.place.document) else evidence.excerpt(view)


def _placed(asked: Asked, found: Row, cells: Sequence[Row], own: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """Its numbers, the suspect ones first, with the file and page where each stands and the names of row and column.

    What its report no longer prints stands in the file in which it was told.
    """
    placed = {_key(cell): cell["document"] for cell in own}
    told = next((event["document"] for event in reversed(events) if event["is_told"]), found["document"])
    reports = _reports(asked, {cell["of_report"] for cell in cells if cell["is_elsewhere"]})
    for cell in cells:
        report = reports.get(cell["of_report"], _NO_REPORT)
        cell["report"] = report if cell["is_elsewhere"] else None
        cell["document"] = _file(cell["form"], report) if cell["is_elsewhere"] else placed.get(_key(cell), told)
        cell["form_title"] = form_titles().get(cell["form"], "")
        cell["row"] = row_name(cell["line"], cell["label"] or "")
        cell["column"] = measure_titles().get((cell["form"], cell["measure"]), "")
        cell["box"] = [_box(cell)] if cell["x0"] is not None else []
    return sorted(cells, key=lambda cell: (cell["role"] == "compared", cell["is_elsewhere"]))


def _reports(asked: Asked, wanted: Collection[str]) -> dict[str, Row]:
    """Other reports that numbers stand in, by their ids."""
    if not wanted:
        return {}
    found = asked.rows(_REPORTS, {"reports": [*wanted]})
    return {report["report_id"]: report for report in found}


def _file(form: str, report: Row) -> str:
    """The file of a report in which a form stands: its prose may have one of its own."""
    return str(report["narrative"] if is_prose(form) and report["narrative"] else report["document"])


def _key(cell: Row) -> tuple[object, ...]:
    return tuple(cell[name] for name in ("form", "line", "measure", "page", "x0", "top"))


def _box(cell: Row) -> tuple[float, float, float, float]:
    return cell["x0"], cell["top"], cell["x1"], cell["bottom"]


_UNKNOWN: Row = {"document": "", "identity_title": "", "family": ""}
_NO_REPORT: Row = {"report_id": "", "unit": "", "fiscal_year": "", "scope": "", "document": "", "narrative": ""}
_CELLS = """
    SELECT role, form, line, measure, label, printed, amount, page, x0, top, x1, bottom, of_report,
        of_report <> $2 AS is_elsewhere
    FROM quality.finding_cell
    WHERE finding_id = $1
    ORDER BY role, of_report, form, page, top, x0
"""
_REPORTS = """
    SELECT r.report_id, r.unit, r.fiscal_year, r.scope, r.document, v.narrative
    FROM (FROM core.report WHERE report_id IN (SELECT unnest($reports))) r
    LEFT JOIN core.version v USING (report_id, document)
"""
_SYMPTOMS = """
    SELECT identity, sentence FROM quality.finding_symptom WHERE finding_id = $1 ORDER BY identity, instance
"""
_EVENTS = """
    SELECT on_date, event, note, person, document, snapshot IS NOT NULL AS is_told
    FROM quality.finding_event
    WHERE finding_id = $1 ORDER BY event_no
"""

ROUTES = (
    page("/findings/{finding_id}", finding, "finding.html"),
    page("/findings/{finding_id}/pictures/{number}.png", finding_picture, lane=PICTURES),
)
