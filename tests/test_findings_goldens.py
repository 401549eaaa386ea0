"""What is told of four real reports: all that a reader objects to, and nothing else (`goldens/claims/findings.csv`)."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from assets.inspect import check
from pipeline.forms import FORMS
from pipeline.model import FormReading, Reading, Source
from tests import seed_pages
from tests.test_claims_goldens import REPORTS, narrative_of
from tests.test_goldens import reading_of

EXPECTED = Path(__file__).parent / "goldens" / "claims" / "findings.csv"
NO_DATA = "故本表无数据"


def rows(report: str) -> list[dict[str, str]]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["report"] == report]


def seed(path: Path) -> Reading:
    """The seed as if it had been read: its text from drawn pages, its tables from their figures."""
    facts = defaultdict(list)
    for fact in seed_pages.facts():
        facts[fact.form].append(fact)
    forms = tuple(
        FormReading(
            form, FORMS[form].title, (found[0].page, found[0].page), 10_000, Decimal(100),
            tuple(dict.fromkeys(fact.measure for fact in found)), len(found), len(found), len(found),
            not any(fact.amount for fact in found), "" if any(fact.amount for fact in found) else NO_DATA,
        )
        for form, found in facts.items()
    )  # fmt: skip
    source, narrative = Source(name="seed.pdf"), narrative_of(path)
    return Reading("5eed" * 16, source, 24, seed_pages.HEAD, forms, seed_pages.facts(), (), narrative=narrative)


@pytest.fixture(scope="module")
def told(shared_reports):
    """Findings by file, of all four reports judged together."""
    folder = shared_reports
    paths = [folder / ("seed.txt" if report == "seed" else f"final/{report}.pdf") for report in REPORTS]
    if not all(path.is_file() for path in paths):
        pytest.skip("the four real reports are not there")
    result = check([seed(path) if path.suffix == ".txt" else reading_of(path) for path in paths])
    assert sum(row["passed"] for row in result["reports"]) > 2800
    findings = defaultdict(list)
    for finding in result["findings"]:
        findings[Path(finding["file"]).stem].append(finding)
    return findings


@pytest.mark.parametrize("report", REPORTS)
def test_findings_are_what_a_reader_objects_to(report, told):
    expected, found, surprises = rows(report), Counter(), []
    for finding in told[report]:
        fitting = [number for number, row in enumerate(expected) if fits(finding, row)]
        found.update(fitting[:1])
        if not fitting:
            surprises.append(finding["sentence"])
    assert not surprises, "\n".join(surprises)
    for number, row in enumerate(expected):
        assert int(row["at_least"]) <= found[number] <= int(row["at_most"]), (row, found[number])


def fits(finding: dict[str, object], row: dict[str, str]) -> bool:
    places = ((finding["row"], row["lines"]), (finding["column"], row["measure"]))
    return (
        finding["form"] == row["form"]
        and finding["severity"] in row["severity"].split()
        and all((said or "") in (wanted.split() or [""]) for said, wanted in places)
    )
