"""The versions of a report, and what differs between two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.explorer.accounts import report_head
from warehouse.explorer.asked import MissingError
from warehouse.explorer.differences import differences
from warehouse.explorer.places import as_printed, cell_address, web_link
from warehouse.explorer.routes import page
from warehouse.titles import form_titles, line_titles, measure_titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.explorer.asked import Asked
    from warehouse.explorer.differences import Change, Differences, Fact

    Row = dict[str, Any]


def versions(asked: Asked) -> Mapping[str, Any]:
    """All versions, and the differences between `from` and `to`: without these, of the current one and that before."""
    head = report_head(asked, asked.path("report_id"))
    known = [{**row, "url": web_link(row["url"])} for row in asked.rows(_VERSIONS, [head["report_id"]])]
    pair = _chosen(asked, known)
    return {"head": head, "versions": known, "pair": pair, "told": _told(asked, head["report_id"], pair)}


def _chosen(asked: Asked, known: Sequence[Row]) -> tuple[Row, Row] | None:
    """The two versions that are compared; None if there is but one."""
    if len(known) == 1:
        return None
    by_number = {row["version_no"]: row for row in known}
    current = next(row["version_no"] for row in known if row["is_current"])
    newer = asked.number("to", current)
    older = asked.number("from", max((number for number in by_number if number < newer), default=newer + 1))
    if not {older, newer} <= by_number.keys():
        raise MissingError(f"这份报告没有第 {older if older not in by_number else newer} 个版本。")
    return by_number[older], by_number[newer]


def _told(asked: Asked, report_id: str, pair: tuple[Row, Row] | None) -> Mapping[str, Any] | None:
    if pair is None:
        return None
    old, new = (version["document"] for version in pair)
    facts = asked.rows(_FACTS, [report_id, old, new])
    tables = differences(*([fact for fact in facts if fact["document"] == document] for document in (old, new)))
    prose = differences(*(_claims(asked, report_id, version) for version in pair))
    before, after = (_forms(asked, version) for version in pair)
    titles = form_titles()
    return {
        "tables": _shown(tables),
        "prose": _shown(prose),
        "same": tables.same,
        "same_prose": prose.same,
        "renamings": [
            {
                "form": titles.get(one.new["form"], one.new["form"]),
                "code": one.new["line"] if one.new["line"].isdecimal() else "",
                "old": {"text": one.old["label"], "href": cell_address(one.old)},
                "new": {"text": one.new["label"], "href": cell_address(one.new)},
            }
            for one in tables.renamings
        ],
        "gone": [titles[form] for form in before if form not in after and form in titles],
        "come": [titles[form] for form in after if form not in before and form in titles],
        "mended": asked.rows(_MENDED, [report_id]) if pair[1]["is_current"] else [],
    }


def _claims(asked: Asked, report_id: str, version: Row) -> list[Row]:
    table = "core.claim" if version["is_current"] else "core.earlier_claim"
    files = [version["document"], version["narrative"] or version["document"]]
    return asked.rows(_CLAIMS.format(table=table), [report_id, *files])


def _forms(asked: Asked, version: Row) -> list[str]:
    return [row["form"] for row in asked.rows(_FORMS, [version["document"]])]


def _shown(found: Differences) -> list[Row]:
    return [_row(change) for change in found.changes]


def _row(change: Change) -> Row:
    form, line, measure = change.key
    fact = change.new or change.old or {}
    name = fact["label"] if line.isdecimal() else line_titles().get((form, line)) or fact["label"]
    grown = change.new["amount"] - change.old["amount"] if change.old and change.new else None
    return {
        "form": form_titles().get(form, form or "其他"),
        "code": line if line.isdecimal() else "",
        "line": name,
        "measure": measure_titles().get((form, measure), measure),
        "old": _side(change.old),
        "new": _side(change.new),
        "difference": "" if grown is None else as_printed({**fact, "amount": grown}),
    }


def _side(fact: Fact | None) -> Row | None:
    return {"text": as_printed(fact) if fact["printed"] else "（空）", "href": cell_address(fact)} if fact else None


_VERSIONS = """
    SELECT v.version_no, v.is_current, v.document, v.narrative, v.published_on, v.fetched_at, v.name, d.pages,
        (SELECT arg_min(nullif(url, ''), (fetched_at, url)) FROM raw.publication p WHERE p.document = v.document) AS url
    FROM core.version v
    JOIN core.document d ON d.document = v.document
    WHERE v.report_id = $1
    ORDER BY v.version_no DESC
"""

_FACTS = """
    SELECT form, line, measure, label, amount, printed, money_unit, precision, 'yuan' AS unit,
        page, x0, top, x1, bottom, document
    FROM core.fact
    WHERE report_id = $1 AND document IN ($2, $3)
    ORDER BY page, form, row_no, line, x0
"""

_CLAIMS = """
    SELECT topic AS form, line, measure, label, value AS amount, printed, money_unit, precision, unit,
        page, x0, top, x1, bottom, document
    FROM {table}
    WHERE report_id = $1 AND document IN ($2, $3)
    ORDER BY document, claim_no
"""

_FORMS = "SELECT form FROM raw.form_reading WHERE document = $1 GROUP BY form ORDER BY min(first_page)"

_MENDED = """
    SELECT finding_id, severity, sentence, resolved_on
    FROM quality.finding
    WHERE report_id = $1 AND status = 'resolved'
    ORDER BY severity, page, finding_id
"""

ROUTES = (page("/reports/{report_id}/versions", versions, "versions.html"),)
