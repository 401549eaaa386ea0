"""One report: its tables as printed, what its prose says, its self-evaluation, its files, what was not read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from pipeline.issues import IssueKind
from warehouse.explorer.accounts import among, report_head, within
from warehouse.explorer.base import page
from warehouse.explorer.places import cell_address, page_address, web_link
from warehouse.explorer.report_tables import report_tables
from warehouse.explorer.text import plain
from warehouse.money import Style, money
from warehouse.titles import form_titles, measure_titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.base import Asked

    Row = dict[str, Any]

_KINDS: dict[str, str] = {kind.value: kind.label for kind in IssueKind}
_MONEY = ("initial", "adjustment", "adjusted", "actual")


def report(asked: Asked) -> Mapping[str, Any]:
    """All of a report's current version."""
    head = report_head(asked, asked.path("report_id"))
    key = [head["report_id"]]
    files = head["document"], head["narrative"]
    findings = asked.rows(_FINDINGS, key)
    return {
        "head": head,
        "tables": report_tables(asked, head["report_id"], [row["finding_id"] for row in findings]),
        "findings": findings,
        "issues": [_placed(row) for row in asked.rows(_ISSUES, key) if row["document"] in files],
        "told": _told(asked, key),
        "projects": _projects(asked, key),
        "files": _files(asked, key),
        "others": asked.rows(
            "SELECT report_id, fiscal_year, scope FROM core.report WHERE unit_id = $1 AND report_id <> $2 "
            "ORDER BY fiscal_year DESC, scope",
            [head["unit_id"], head["report_id"]],
        ),
    }


def _placed(row: Row) -> Row:
    href = cell_address(row) if row["page"] and row["x0"] is not None else page_address(row["document"], row["page"])
    return {
        **row,
        "href": href,
        "kind": _KINDS.get(row["kind"], row["kind"]),
        "form": form_titles().get(row["form"], ""),
    }


def _files(asked: Asked, key: list[str]) -> list[Row]:
    """The files of all versions, newest first, each as often as it was published."""
    versions = asked.rows(_VERSIONS, key)
    held = within([file for version in versions for file in (version["document"], version["narrative"]) if file])
    documents = {row["document"]: row for row in asked.rows(_DOCUMENTS, held)}
    published: dict[str, list[Row]] = defaultdict(list)
    for row in asked.rows(_PUBLICATIONS, held):
        links = {"url": web_link(row["url"]), "page_url": web_link(row["page_url"])}
        published[row["document"]].append(row | links)
    return [
        version | documents[file] | place
        for version in versions
        for file in dict.fromkeys((version["document"], version["narrative"]))
        if file in documents
        for place in published[file] or [_NOWHERE]
    ]


def _told(asked: Asked, key: list[str]) -> list[tuple[str, list[Markup]]]:
    """The figures of the prose by topic, as rows of a table, in the order in which the topics appear."""
    topics = form_titles()
    told: dict[str, list[Markup]] = {}
    for row in asked.rows(_CLAIMS, key):
        told.setdefault(row["topic"], []).append(_row(row))
    return [(topics.get(topic, "其他"), rows) for topic, rows in told.items()]


def _row(claim: Row) -> Markup:
    """What one figure of the prose says. Not in the template: a report has hundreds."""
    what = measure_titles().get((claim["topic"], claim["measure"]), claim["measure"])
    label, reason = (escape(plain(claim[name] or "")) for name in ("label", "reason"))
    return Markup(  # noqa: S704 - escaped, or ours
        f'<tr><td>{label or "未弄清所说事项"}</td><td>{escape(what)}</td><td class="money"><a class="figure" '
        f'href="{cell_address(claim)}">{escape(plain(_value(claim)))}</a></td><td class="reason">{reason}</td></tr>'
    )


def _value(claim: Row) -> str:
    if claim["unit"] == "flag":
        return str(claim["printed"])
    style = Style.of(claim["money_unit"] if claim["unit"] == "yuan" else 1, claim["precision"], claim["unit"])
    return money(claim["value"], style)


def _projects(asked: Asked, key: list[str]) -> list[Row]:
    """The self-evaluation forms: money and score of each project."""
    projects = asked.rows(
        "SELECT document, project, kind, name, code, grade, first_page FROM core.project WHERE report_id = $1 "
        "ORDER BY document, project",
        key,
    )
    figures: dict[tuple[str, int], dict[tuple[str, str], Row]] = defaultdict(dict)
    for row in asked.rows(_PROJECT_FIGURES, key) if projects else ():
        figures[row["document"], row["project"]][row["line"], row["measure"]] = {**row, "href": cell_address(row)}
    return [
        {
            **project,
            "href": page_address(project["document"], project["first_page"]),
            "money": [figures[project["document"], project["project"]].get(("total", measure)) for measure in _MONEY],
            "rate": figures[project["document"], project["project"]].get(("total", "rate")),
            "score": figures[project["document"], project["project"]].get(("score", "score")),
        }
        for project in projects
    ]


_FINDINGS = """
    SELECT finding_id, severity, status, sentence
    FROM quality.finding
    WHERE report_id = $1 AND status <> 'resolved' AND waived_until IS NULL
    ORDER BY severity, page, finding_id
"""

_ISSUES = """
    SELECT kind, text, form, page, cell, document, x0, top, x1, bottom
    FROM core.issue
    WHERE report_id = $1
    ORDER BY document, page, top
"""

_CLAIMS = """
    SELECT topic, line, measure, label, unit, value, printed, money_unit, precision, reason,
        document, page, x0, top, x1, bottom
    FROM core.claim
    WHERE report_id = $1
    ORDER BY document, claim_no
"""

_PROJECT_FIGURES = """
    SELECT document, project, line, measure, value, printed, unit, page, x0, top, x1, bottom
    FROM core.project_figure
    WHERE report_id = $1 AND (line, measure) IN (
        ('total', 'initial'), ('total', 'adjustment'), ('total', 'adjusted'), ('total', 'actual'), ('total', 'rate'),
        ('score', 'score'))
"""

_VERSIONS = """
    SELECT version_no, is_current, document, narrative FROM core.version WHERE report_id = $1 ORDER BY version_no DESC
"""
_DOCUMENTS = f"SELECT document, name, pages, fetched_at FROM core.document WHERE {among('document')}"
_PUBLICATIONS = f"""
    SELECT document, published_on, title, site, url, page_url
    FROM raw.publication
    WHERE {among("document")}
    ORDER BY published_on, fetched_at, url
"""
_NOWHERE: Row = {"published_on": None, "title": None, "site": None, "url": "", "page_url": ""}

ROUTES = (page("/reports/{report_id}", report, "report.html"),)
