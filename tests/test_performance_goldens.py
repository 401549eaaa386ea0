"""The self-evaluation forms of real reports against what their pages print, number by number, both ways."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.document import read_document
from pipeline.issues import IssueKind
from pipeline.model import Source

GOLDENS = Path(__file__).parent / "goldens"


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDENS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FIGURES, PROJECTS = rows("performance.csv"), rows("projects.csv")
REPORTS = sorted({row["report"] for row in PROJECTS})
each_report = pytest.mark.parametrize("report", REPORTS, ids=lambda report: Path(report).stem)


@cache
def reading_of(path: Path):
    return read_document(path.read_bytes(), Source(path.name))


@pytest.fixture
def read(shared_reports):
    def read_report(name: str):
        found = [path for path in shared_reports.rglob(name) if path.is_file()]
        if not found:
            pytest.skip(f"the real report {name} is not there")
        return reading_of(found[0])

    return read_report


@each_report
def test_every_figure_that_the_pages_print(report, read):
    golden = Counter(
        (int(row["project"]), row["line"], row["measure"], row["printed"], int(row["page"]))
        for row in FIGURES
        if row["report"] == report
    )
    found = Counter(
        (number, figure.line, figure.measure, figure.printed, figure.page)
        for number, project in enumerate(read(report).projects, 1)
        for figure in project.figures
        if figure.printed
    )
    assert (golden - found, found - golden) == (Counter(), Counter())


@each_report
def test_every_form_once_with_its_names(report, read):
    expected = [
        (row["kind"], row["name"], row["unit"], row["department"], row["grade"], int(row["indicators"]),
         (int(row["first_page"]), int(row["last_page"])))
        for row in PROJECTS
        if row["report"] == report
    ]  # fmt: skip
    assert [
        (one.kind, one.name, one.unit, one.department, one.grade, len(one.indicators), one.pages)
        for one in read(report).projects
    ] == expected


@each_report
def test_forms_are_no_unknown_tables(report, read):
    kinds = {IssueKind.UNKNOWN_TABLE, IssueKind.NO_TABLES, IssueKind.NOT_FINAL_ACCOUNTS, IssueKind.UNKNOWN_HEADING}
    assert not [issue for issue in read(report).issues if issue.kind in kinds or issue.form == "performance"]


def test_names_by_level_go_on_over_the_page(read):
    cut = read("central_xinfangju_2024.pdf").projects[3].indicators[4]
    assert (cut.first, cut.second, cut.target, cut.actual) == ("产出指标", "质量指标", "≥99.5%", "95%")
    assert cut.name == "系统持续稳定运行时间比率（运行小时数/全年总小时数）"
    assert cut.deviation.startswith("安可设备运行效率较低")
