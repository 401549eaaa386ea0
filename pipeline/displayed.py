"""All that was read of scanned sheets that lie aslant, with its boxes back on the sheets as they are displayed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pipeline.read.skew import as_displayed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Fact, Page, Reading
    from pipeline.narrative.model import Claim, CoveredUnit, Headcount, Narrative, Paragraph, Section
    from pipeline.performance.model import Figure, Indicator, Project

_Placed = TypeVar("_Placed", "Fact", "Section", "Claim", "Headcount", "CoveredUnit", "Figure", "Indicator")


def reading_as_displayed(reading: Reading, pages: Sequence[Page]) -> Reading:
    """The reading with every box where it is seen; itself where no page lies aslant."""
    if not any(page.skew for page in pages):
        return reading
    on = {page.number: page for page in pages}
    return replace(
        reading,
        facts=_turned(reading.facts, on),
        issues=tuple(
            replace(issue, box=as_displayed(issue.box, on[issue.page])) if issue.box and issue.page in on else issue
            for issue in reading.issues
        ),
        narrative=reading.narrative and _narrative(reading.narrative, on),
        projects=tuple(_project(project, on) for project in reading.projects),
    )


def _turned(items: Iterable[_Placed], on: dict[int, Page]) -> tuple[_Placed, ...]:
    return tuple(replace(item, box=as_displayed(item.box, on[item.page])) for item in items)


def _project(project: Project, on: dict[int, Page]) -> Project:
    return replace(project, figures=_turned(project.figures, on), indicators=_turned(project.indicators, on))


def _narrative(narrative: Narrative, on: dict[int, Page]) -> Narrative:
    told = narrative.structure
    return replace(
        narrative,
        structure=replace(
            told,
            sections=_turned(told.sections, on),
            paragraphs=tuple(_paragraph(paragraph, on) for paragraph in told.paragraphs),
        ),
        claims=_turned(narrative.claims, on),
        headcounts=_turned(narrative.headcounts, on),
        covered=_turned(narrative.covered, on),
    )


def _paragraph(paragraph: Paragraph, on: dict[int, Page]) -> Paragraph:
    marks = tuple(mark._replace(box=as_displayed(mark.box, on[mark.page])) for mark in paragraph.marks)
    return replace(paragraph, marks=marks)
