"""One finding: what does not add up, where it stands, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from pipeline.read.picture import NoPictureError
from warehouse.explorer.base import MissingError, number, page
from warehouse.explorer.pages.documents import PICTURES, no_picture
from warehouse.letters.evidence import Evidence
from warehouse.letters.select import OPEN, suspects
from warehouse.letters.text import KINDS, column_titles, row_name
from warehouse.titles import is_prose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.explorer.base import Asked
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
    own = suspects(asked.con, found)
    evidence, views, remark = _views(asked, found, own)
    events = asked.rows(_EVENTS, [found["finding_id"]])
    shown = [(view, _excerpt(asked, evidence, view)) for view in views]
    return {
        "found": found,
        "kind": KINDS.get(found["kind"] or "", ""),
        "is_waived": found["waived_until"] is not None and found["waived_until"] >= asked.day,
        "has_letter": found["status"] in OPEN and found["severity"] in ("E", "W"),
        "cells": _cells(asked, found, own, events),
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
    found = asked.rows(_FINDING, [asked.path("finding_id")])
    if not found:
        raise MissingError("没有这个编号的问题。")
    return found[0]


def _views(asked: Asked, found: Row, cells: Sequence[Row]) -> tuple[Evidence, Sequence[View], str]:
    evidence = Evidence(asked.con, found["report_id"], found["document"], asked.originals.picture)
    return evidence, *evidence.views(cells)


def _excerpt(asked: Asked, evidence: Evidence, view: View) -> Surroundings | None:
    """In the place of a picture: of a file that has no pages."""
    return None if asked.originals.has_pages(view.place.document) else evidence.excerpt(view)


def _cells(asked: Asked, found: Row, own: Sequence[Row], events: Sequence[Row]) -> list[Row]:
    """Its numbers, the suspect ones first, with the file and page where each stands and the names of row and column.

    What its report no longer prints stands in the file in which it was told.
    """
    placed = {
        (cell["form"], cell["line"], cell["measure"], cell["page"], cell["x0"], cell["top"]): cell for cell in own
    }
    told = next((event["document"] for event in reversed(events) if event["is_told"]), found["document"])
    titles: dict[str, dict[str, str]] = {}
    cells = asked.rows(_CELLS, {"finding": found["finding_id"], "report": found["report_id"], "told": told})
    for cell in cells:
        key = (cell["form"], cell["line"], cell["measure"], cell["page"], cell["x0"], cell["top"])
        if key in placed:
            cell["document"] = placed[key]["document"]
        elif is_prose(cell["form"]) and cell["narrative"]:
            cell["document"] = cell["narrative"]
        if cell["form"] not in titles:
            titles[cell["form"]] = column_titles(asked.con, cell["form"])
        cell["row"] = row_name(cell["line"], cell["label"] or "")
        cell["column"] = titles[cell["form"]].get(cell["measure"], "")
        cell["box"] = [_box(cell)] if cell["x0"] is not None else []
    return cells


def _box(cell: Row) -> tuple[float, float, float, float]:
    return cell["x0"], cell["top"], cell["x1"], cell["bottom"]


_FINDING = """
    SELECT f.*, r.document, i.title AS identity_title, i.family, t.title AS form_title, u.department
    FROM quality.finding f
    LEFT JOIN core.report r USING (report_id)
    LEFT JOIN quality.identity i USING (identity)
    LEFT JOIN ref.form t ON t.form = f.form
    LEFT JOIN core.unit u ON u.unit_id = f.unit_id
    WHERE f.finding_id = $1
"""
_CELLS = """
    SELECT e.role, e.form, t.title AS form_title, e.line, e.measure, e.label, e.printed, e.amount, e.page,
        e.x0, e.top, e.x1, e.bottom, e.of_report <> $report AS is_elsewhere, r.report_id, r.unit,
        r.fiscal_year, r.scope,
        if(is_elsewhere, r.document, $told) AS document, if(is_elsewhere, v.narrative, '') AS narrative
    FROM quality.finding_cell e
    LEFT JOIN core.report r ON r.report_id = e.of_report
    LEFT JOIN core.version v ON v.report_id = r.report_id AND v.document = r.document
    LEFT JOIN ref.form t ON t.form = e.form
    WHERE e.finding_id = $finding
    ORDER BY e.role = 'compared', e.role, is_elsewhere, r.unit, e.form, e.page, e.top, e.x0
"""
_SYMPTOMS = """
    SELECT s.identity, s.sentence, i.title FROM quality.finding_symptom s
    LEFT JOIN quality.identity i USING (identity)
    WHERE s.finding_id = $1 ORDER BY s.identity, s.instance
"""
_EVENTS = """
    SELECT e.on_date, e.event, e.note, e.person, e.document, e.snapshot IS NOT NULL AS is_told, d.name
    FROM quality.finding_event e
    LEFT JOIN raw.document d USING (document)
    WHERE e.finding_id = $1 ORDER BY e.event_no
"""

ROUTES = (
    page("/findings/{finding_id}", finding, "finding.html"),
    page("/findings/{finding_id}/pictures/{number}.png", finding_picture, lane=PICTURES),
)
