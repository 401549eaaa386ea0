"""One report: its tables as printed, its self-evaluation, its files, what was not read."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from pipeline.issues import IssueKind
from warehouse.explorer.accounts import among, report_head, within
from warehouse.explorer.places import cell_address, page_address, web_link
from warehouse.explorer.report_tables import report_tables
from warehouse.explorer.routes import page
from warehouse.titles import form_titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.explorer.asked import Asked

    Row = dict[str, Any]

_KINDS: dict[str, str] = {kind.value: kind.label for kind in IssueKind}
_MONEY = ("initial", "adjustment", "adjusted", "actual")


def report(asked: Asked) -> Mapping[str, Any]:
    """All of a report's current version."""
    head = report_head(asked, asked.path("report_id"))
    key = [head["report_id"]]
    files = head["document"], head["narrative"]
    findings = asked.rows(_FINDINGS, key) if head["open_findings"] else []
    issues = asked.rows(_ISSUES, key) if head["issues"] else []
    return {
        "head": head,
        "tables": report_tables(asked, head["report_id"], [row["finding_id"] for row in findings]),
        "findings": findings,
        "issues": [_placed(row) for row in issues if row["document"] in files],
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
    names = {version["document"]: version["name"] for version in versions}
    if narratives := [version["narrative"] for version in versions if version["narrative"]]:
        names |= {row["document"]: row["name"] for row in asked.rows(_NAMES, within(narratives))}
    published: dict[str, list[Row]] = defaultdict(list)
    for row in asked.rows(_PUBLICATIONS, within([*names])):
        links = {"url": web_link(row["url"]), "page_url": web_link(row["page_url"])}
        published[row["document"]].append(row | links)
    return [
        version | {"document": file, "name": names[file]} | place
        for version in versions
        for file in dict.fromkeys((version["document"], version["narrative"]))
        if file in names
        for place in published[file] or [_NOWHERE]
    ]


def _told(asked: Asked, key: list[str]) -> list[Row]:
    """Of what the prose tells figures, and how many."""
    counted, titles = Counter(row["topic"] for row in asked.rows(_TOPICS, key)), form_titles()
    order = [topic for topic in titles if topic in counted] + [topic for topic in counted if topic not in titles]
    return [{"topic": topic, "title": titles.get(topic, "其他"), "claims": counted[topic]} for topic in order]


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

_TOPICS = "SELECT topic FROM core.claim WHERE report_id = $1"

_PROJECT_FIGURES = """
    SELECT document, project, line, measure, value, printed, unit, page, x0, top, x1, bottom
    FROM core.project_figure
    WHERE report_id = $1 AND (line, measure) IN (
        ('total', 'initial'), ('total', 'adjustment'), ('total', 'adjusted'), ('total', 'actual'), ('total', 'rate'),
        ('score', 'score'))
"""

_VERSIONS = """
    SELECT version_no, is_current, document, name, narrative
    FROM core.version
    WHERE report_id = $1
    ORDER BY version_no DESC
"""
_NAMES = f"SELECT document, name FROM core.document WHERE {among('document')}"
_PUBLICATIONS = f"""
    SELECT document, published_on, title, site, url, page_url
    FROM raw.publication
    WHERE {among("document")}
    ORDER BY published_on, fetched_at, url
"""
_NOWHERE: Row = {"published_on": None, "title": None, "site": None, "url": "", "page_url": ""}

ROUTES = (page("/reports/{report_id}", report, "report.html"),)
