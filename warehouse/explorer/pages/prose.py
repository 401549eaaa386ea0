"""The figures that the prose of a report names, topic by topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.accounts import report_head
from warehouse.explorer.places import as_printed, cell_address
from warehouse.explorer.routes import page
from warehouse.titles import form_titles, measure_titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked

    Row = dict[str, Any]


def prose(asked: Asked) -> Mapping[str, Any]:
    """The figures of the current version's prose by topic, in the order in which the topics appear."""
    head = report_head(asked, asked.path("report_id"))
    told: dict[str, list[Row]] = {}
    for row in asked.rows(_CLAIMS, [head["report_id"]]):
        told.setdefault(row["topic"], []).append(_told(row))
    titles = form_titles()
    return {"head": head, "told": [(topic, titles.get(topic, "其他"), rows) for topic, rows in told.items()]}


def _told(claim: Row) -> Row:
    what = measure_titles().get((claim["topic"], claim["measure"]), claim["measure"])
    return {**claim, "what": what, "href": cell_address(claim), "shown": as_printed(claim)}


_CLAIMS = """
    SELECT topic, measure, label, unit, value AS amount, printed, money_unit, precision, reason,
        document, page, x0, top, x1, bottom
    FROM core.claim
    WHERE report_id = $1
    ORDER BY document, claim_no
"""

ROUTES = (page("/reports/{report_id}/prose", prose, "prose.html"),)
