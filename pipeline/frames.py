"""Readings as the frames in which they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipeline.schema import READING_TABLES
from pipeline.version import READER_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Reading
    from pipeline.narrative.model import Narrative
    from pipeline.performance.model import Project

Row = tuple[object, ...]
Tabled = tuple[str, Row]
"""The name of a table, and a row of it less the document."""


def frames(readings: Iterable[Reading]) -> dict[str, pl.DataFrame]:
    """Readings as the tables of `pipeline.schema.READING_TABLES`."""
    rows: dict[str, list[Row]] = {name: [] for name in READING_TABLES}
    for reading in readings:
        for table, row in _rows(reading):
            rows[table].append((reading.document, *row))
    return {name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in READING_TABLES.items()}


def _rows(reading: Reading) -> Iterator[Tabled]:
    head = reading.head
    yield "document", (
        READER_VERSION, reading.source.name, reading.pages, head.unit, head.unit_code, head.department,
        reading.source.region, head.fiscal_year, head.level, head.scope, head.kind, list(head.parts),
        reading.compared, reading.not_comparable,
    )  # fmt: skip
    for form in reading.forms:
        yield "form_reading", (
            form.form, form.title, *form.pages, form.money_unit, form.precision, list(form.measures),
            form.rows, form.numbers, form.lifted, form.blank, form.note,
        )  # fmt: skip
    for fact in reading.facts:
        yield "fact", (
            fact.form, fact.line, fact.measure, fact.label, fact.amount, fact.printed, fact.money_unit, fact.precision,
            fact.page, *fact.box, fact.row_no, fact.reader, fact.confidence,
        )  # fmt: skip
    for issue in reading.issues:
        box = issue.box or (None, None, None, None)
        yield "issue", (issue.kind.value, issue.text, issue.page, issue.form, issue.cell, *box)
    if reading.narrative:
        yield from _of_narrative(reading.narrative)
    for number, project in enumerate(reading.projects, start=1):
        yield from _of_project(number, project)


def _of_narrative(narrative: Narrative) -> Iterator[Tabled]:
    listed = set(narrative.structure.contents)
    for section, (amounts, claimed) in zip(narrative.structure.sections, narrative.amounts, strict=True):
        own = (part.text for part in narrative.structure.paragraphs if part.section == section.number)
        yield "section", (
            section.number, section.parent, section.part, section.level, section.ordinal, section.title, section.topic,
            "\n".join(own), amounts, claimed, section.title in listed if listed else None, section.page, *section.box,
        )  # fmt: skip
    for number, claim in enumerate(narrative.claims, start=1):
        yield "claim", (
            number, claim.section, claim.topic, claim.line, claim.measure, claim.label, claim.value, claim.unit,
            claim.printed, claim.money_unit, claim.precision, claim.direction, claim.year, claim.reason,
            claim.sentence, claim.page, *claim.box, claim.confidence,
        )  # fmt: skip
    for count in narrative.headcounts:
        yield "headcount", (count.kind, count.value, count.page, *count.box)
    for number, unit in enumerate(narrative.covered, start=1):
        yield "covered_unit", (number, unit.name, unit.remark, unit.page, *unit.box)


def _of_project(number: int, project: Project) -> Iterator[Tabled]:
    yield "project", (
        number, project.kind, project.name, project.code, project.unit, project.department, project.grade,
        project.goals, project.results, *project.pages,
    )  # fmt: skip
    for figure in project.figures:
        yield "project_figure", (
            number, figure.line, figure.measure, figure.label, figure.value, figure.unit, figure.printed,
            figure.money_unit, figure.precision, figure.page, *figure.box, figure.confidence,
            figure.part_of,
        )  # fmt: skip
    for indicator in project.indicators:
        yield "indicator", (
            number, indicator.line, indicator.first, indicator.second, indicator.name, indicator.target,
            indicator.actual, indicator.deviation, indicator.page, *indicator.box,
        )  # fmt: skip
