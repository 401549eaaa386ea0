"""The narratives of real reports, number by number, against what a reader took from their pages."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from pipeline.forms import FORMS
from pipeline.narrative.read import read_narrative
from pipeline.narrative.topics import MEASURES, TOPICS
from pipeline.read.document import read_pages
from tests import seed_pages
from tests.test_goldens import reading_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.narrative.model import Claim, Narrative

CLAIMS = Path(__file__).parent / "goldens" / "claims"
REPORTS = ("seed", "putuo_finance_2024", "central_xinfangju_2024", "foshan_rail_transit_2019")
OVERVIEW = ("headcount", "institution", "covered_unit")

each_report = pytest.mark.parametrize("report", REPORTS)


class Golden(NamedTuple):
    """What a reader took from one number, or one word that stands for a number; `lines` and `measures` are choices."""

    page: int
    topic: str
    lines: tuple[str, ...]
    measures: tuple[str, ...]
    value: Decimal
    printed: str
    year: str

    @property
    def number(self) -> bool:
        return self.printed[0].isdigit()

    @property
    def optional(self) -> bool:
        return self.lines[0] == "-"

    def is_met_by(self, claim: Claim) -> bool:
        return (
            (claim.page, claim.topic, claim.value) == (self.page, self.topic, self.value)
            and claim.measure in self.measures
            and any(_fits(line, claim.line) for line in self.lines)
        )


def _fits(pattern: str, line: str) -> bool:
    return line.startswith(pattern[:-1]) if pattern.endswith("*") else line == pattern


def rows(report: str) -> list[dict[str, str]]:
    with (CLAIMS / f"{report}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def goldens(report: str) -> tuple[Golden, ...]:
    return tuple(
        Golden(
            int(row["page"]), row["topic"], tuple(row["line"].split("|")), tuple(row["measure"].split("|")),
            Decimal(row["value"]), row["printed"], row["year"],
        )
        for row in rows(report)
        if row["topic"] not in OVERVIEW
    )  # fmt: skip


@cache
def narrative_of(path: Path) -> Narrative:
    if path.suffix == ".txt":
        pages, _ = read_pages(seed_pages.drawn(path.read_text(encoding="utf-8")), "seed.pdf")
        narrative, _ = read_narrative(pages, (), seed_pages.HEAD, seed_pages.facts())
    else:
        narrative = reading_of(path).narrative
    assert narrative is not None
    return narrative


@pytest.fixture
def read(shared_reports):
    def narrative(report: str) -> Narrative:
        path = shared_reports / ("seed.txt" if report == "seed" else f"final/{report}.pdf")
        if not path.is_file():
            pytest.skip(f"the real report {path.name} is not there")
        return narrative_of(path)

    return narrative


def matched(golden: Sequence[Golden], claims: Sequence[Claim]) -> tuple[list[tuple[Golden, Claim]], list[Golden]]:
    """Each golden with a claim of its own, those with the fewest choices first; and the goldens left without."""
    free, pairs, missed = list(claims), [], []
    for one in sorted(golden, key=lambda one: (one.optional, len(one.lines) * len(one.measures))):
        claim = next((claim for claim in free if one.is_met_by(claim)), None)
        if claim is None:
            missed.append(one)
        else:
            free.remove(claim)
            pairs.append((one, claim))
    return pairs, missed


def contradictions(golden: Sequence[Golden], claims: Sequence[Claim]) -> list[Claim]:
    """Claims with a subject that no reader makes on that page, or makes less often."""
    pairs, _ = matched(golden, claims)
    taken = Counter(id(claim) for _, claim in pairs)
    return [claim for claim in claims if claim.line and not taken[id(claim)]]


def shown(claims: Sequence[Claim]) -> str:
    return "\n".join(
        f"  p.{claim.page} {claim.topic} {claim.line} {claim.measure} {claim.value} | {claim.printed} | {claim.sentence}"
        for claim in claims
    )


@each_report
def test_goldens_use_declared_keys(report):
    for golden in goldens(report):
        topic = TOPICS[golden.topic]
        form = FORMS[topic.form] if topic.form else None
        known = {"-", *topic.lines}
        if form:
            known |= {line.key for line in form.lines} | {column.measure for column in form.columns}
        assert set(golden.measures) <= set(MEASURES), golden
        assert any(line in known or line.isdigit() or ":" in line for line in golden.lines), golden


@each_report
@pytest.mark.parametrize(("numbers", "share"), [(True, 0.95), (False, 0.9)], ids=["numbers", "words"])
def test_share_of_claims_with_the_right_subject(report, numbers, share, read):
    asked = [golden for golden in goldens(report) if golden.number == numbers and not golden.optional]
    pairs, missed = matched(goldens(report), read(report).claims)
    met = sum(golden.number == numbers and not golden.optional for golden, _ in pairs)
    print(f"{report}: {met} of {len(asked)} {'numbers' if numbers else 'words'} ({met / len(asked):.1%})")
    text = "\n".join(f"  {golden}" for golden in missed if golden in asked)
    assert met >= share * len(asked), f"{report}: {met} of {len(asked)}\n{text}"


@each_report
def test_no_claim_contradicts_the_page(report, read):
    wrong = contradictions(goldens(report), read(report).claims)
    assert not wrong, f"{report}: {len(wrong)}\n{shown(wrong)}"


@each_report
def test_claims_carry_what_was_printed_and_the_year(report, read):
    pairs, _ = matched(goldens(report), read(report).claims)
    wrong = [
        (golden, claim.printed, claim.year)
        for golden, claim in pairs
        if (golden.number and golden.printed not in claim.printed)
        or (golden.year and claim.year is not None and claim.year != int(golden.year))
    ]
    assert not wrong


@each_report
def test_headcounts(report, read):
    expected = {
        (row["line"], int(row["value"]), int(row["page"])) for row in rows(report) if row["topic"] == "headcount"
    }
    assert {(one.kind, one.value, one.page) for one in read(report).headcounts} == expected


@each_report
def test_covered_units(report, read):
    expected = [(row["line"], row["printed"]) for row in rows(report) if row["topic"] == "covered_unit"]
    assert [(unit.name, unit.remark) for unit in read(report).covered] == expected
