"""Reports looked at without a warehouse: what `juesuan read`, `check` and `show` work on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb
    import polars as pl

    from pipeline.model import Fact, Reading


_FEW = 10
"""So many reports are checked faster by one thread than several threads get to work."""


def readings(files: Sequence[Path]) -> Iterator[Reading]:
    """Read files one after another; folders are searched for files, archives opened."""
    from pipeline.portals.folder import files_of

    for path in (path for given in files for path in files_of(given)):
        yield from _readings(path)


def _readings(path: Path) -> Iterator[Reading]:
    """The reading of a file; of an archive, those of the files in it, and its own where it has something to say."""
    from pipeline.bundle import SEPARATOR, is_bundle
    from pipeline.document import read_bundle, read_document
    from pipeline.model import Source

    data = path.read_bytes()
    if not is_bundle(data):
        yield read_document(data, Source(path.name, path.as_posix()))
        return
    with TemporaryDirectory() as folder:  # a member at a time in memory
        held: list[tuple[Path, str]] = []

        def keep(member: str, content: bytes) -> None:
            held.append((Path(folder, str(len(held))), member))
            held[-1][0].write_bytes(content)

        archive = read_bundle(data, Source(path.name, path.as_posix()), keep)
        if archive.issues:
            yield archive
        for file, member in held:
            place = f"{path.as_posix()}{SEPARATOR}{member}"
            yield read_document(file.read_bytes(), Source(f"{path.name}{SEPARATOR}{member}", place))


def fact_rows(reading: Reading) -> list[dict[str, Any]]:
    """The facts of one reading, each with the titles of its form and column."""
    from pipeline.forms import FORMS

    return [_fact_row(reading, FORMS[fact.form].title, FORMS[fact.form].measures, fact) for fact in reading.facts]


def _fact_row(reading: Reading, title: str, measures: dict[str, str], fact: Fact) -> dict[str, Any]:
    return {
        "file": reading.source.name,
        "document": reading.document,
        "unit": reading.head.unit,
        "fiscal_year": reading.head.fiscal_year,
        "form_key": fact.form,
        "form": title,
        "code": fact.line,
        "label": fact.label,
        "measure": fact.measure,
        "column": measures[fact.measure],
        "amount_yuan": fact.amount,
        "printed": fact.printed,
        "money_unit": fact.money_unit,
        "precision": fact.precision,
        "page": fact.page,
        "box": [round(value, 2) for value in fact.box],
        "row_no": fact.row_no,
        "reader": fact.reader,
        "confidence": fact.confidence,
    }


def issue_rows(reading: Reading) -> list[dict[str, Any]]:
    """What could not be read in one document."""
    return [
        {
            "file": reading.source.name,
            "kind": issue.kind.value,
            "title": issue.kind.label,
            "text": issue.text,
            "page": issue.page,
            "form": issue.form,
            "cell": issue.cell,
            "box": [round(value, 2) for value in issue.box] if issue.box else None,
        }
        for issue in reading.issues
    ]


def check(found: Sequence[Reading]) -> dict[str, Any]:
    """Judge readings in a database in memory, with the rules of the nightly job.

    `reports` tells of every file whether it was checked and how many identities held; `findings` are the
    contradictions, gravest first; `not_evaluated` counts what could not be checked, by reason; `issues`
    is what could not be read.
    """
    from assets.clock import today
    from expectations.evaluate import evaluate
    from expectations.findings import judge
    from warehouse.query import rows

    distinct = list({reading.document: reading for reading in reversed(found)}.values())  # one file, many names
    with _loaded(distinct) as con:
        evaluate(con)
        judge(con, None, today(), comments=False, events=False)
        checked = {row["document"]: row for row in rows(con, _CHECKED)}
        issues = {(row["document"], row["kind"]) for row in rows(con, "SELECT document, kind FROM core.issue")}
        return {
            "reports": [_report_row(reading, checked.get(reading.document)) for reading in found],
            "findings": rows(con, _FINDINGS),
            "not_evaluated": rows(con, _NOT_EVALUATED),
            "issues": [
                row
                for reading in found
                for row in issue_rows(reading)
                if (reading.document, row["kind"]) in issues  # the other file of a report may have settled it
            ],
        }


def _loaded(distinct: Sequence[Reading]) -> duckdb.DuckDBPyConnection:
    """A warehouse in memory with these readings; those that are no reports as they are get a unit and a year."""
    con = _warehouse(distinct)
    found = con.execute("SELECT document FROM core.document WHERE report_id IS NOT NULL").fetchall()
    reports = {document for (document,) in found}
    named = [one if one.document in reports else _named(one) for one in distinct]
    if named == list(distinct):
        return con
    con.close()
    return _warehouse(named)


def _warehouse(distinct: Sequence[Reading]) -> duckdb.DuckDBPyConnection:
    import duckdb

    from warehouse.load import load_frames

    con = duckdb.connect(config={"threads": 1} if len(distinct) <= _FEW else {})
    load_frames(con, _frames(distinct))
    return con


def _frames(found: Sequence[Reading]) -> dict[str, pl.DataFrame]:
    """Readings as if they had been published where they lie."""
    from assets.clock import now
    from pipeline.frames import frames
    from pipeline.portals.base import Publication
    from pipeline.portals.folder import SITE
    from pipeline.portals.state import publication_frame

    moment = now().astimezone(UTC)
    published = [
        Publication(one.document, SITE, "", one.source.url, "", "", one.source.name, None, moment, 0) for one in found
    ]
    return {**frames(found), "publication": publication_frame(published)}


def _named(reading: Reading) -> Reading:
    """The reading with a unit and a year to go by: a report that does not state them can still be checked in itself."""
    head = reading.head
    unit = head.unit or Path(reading.source.name).stem
    return replace(reading, head=replace(head, unit=unit, fiscal_year=head.fiscal_year or 0))


def _report_row(reading: Reading, checked: dict[str, Any] | None) -> dict[str, Any]:
    counts = checked or {"passed": 0, "failed": 0, "not_evaluated": 0, "is_narrative": False}
    return {
        "file": reading.source.name,
        "unit": reading.head.unit,
        "fiscal_year": reading.head.fiscal_year,
        "pages": reading.pages,
        "forms": len(reading.forms),
        "numbers": sum(form.numbers for form in reading.forms),
        "lifted": sum(form.lifted for form in reading.forms),
        "is_narrative": counts["is_narrative"],
        "checked": bool(reading.facts or counts["is_narrative"]) and checked is not None,
        **{key: counts[key] for key in ("passed", "failed", "not_evaluated")},
    }


_CHECKED = """
    -- the narrative of a report in two files is checked with its tables, which have the counts
    SELECT d.document, d.document <> r.document AS is_narrative,
        count(*) FILTER (d.document = r.document AND i.outcome IN ('exact', 'rounding')) AS passed,
        count(*) FILTER (d.document = r.document AND i.outcome = 'fail') AS failed,
        count(*) FILTER (d.document = r.document AND i.outcome = 'not_evaluated') AS not_evaluated
    FROM quality.identity_result i
    JOIN core.report r USING (report_id)
    JOIN core.document d ON d.report_id = r.report_id AND d.status = 'current'
    GROUP BY ALL
"""
_FINDINGS = """
    SELECT d.name AS file, f.unit, f.fiscal_year, f.identity, f.severity, f.form, t.title AS form_title, f.line AS row,
        f.measure AS column, f.page, f.box, f.stated, f.expected, f.difference, f.kind, f.sentence,
        (
            SELECT list({'identity': s.identity, 'instance': s.instance, 'sentence': s.sentence})
            FROM quality.finding_symptom s WHERE s.finding_id = f.finding_id
        ) AS symptoms,
        (
            SELECT list({'role': c.role, 'of_report': c.of_report, 'form': c.form, 'row': c.line,
                         'column': c.measure, 'printed': c.printed, 'page': c.page,
                         'box': [c.x0, c.top, c.x1, c.bottom]})
            FROM quality.finding_cell c WHERE c.finding_id = f.finding_id
        ) AS cells
    FROM quality.finding f
    JOIN core.report r USING (report_id)
    JOIN raw.document d ON d.document = r.document
    LEFT JOIN ref.form t ON t.form = f.form
    ORDER BY file, CASE f.severity WHEN 'E' THEN 0 WHEN 'W' THEN 1 ELSE 2 END, f.page, f.identity
"""
_NOT_EVALUATED = """
    SELECT d.name AS file, i.identity, y.title AS identity_title, i.reason, s.title AS reason_title,
        count(*) AS instances
    FROM quality.identity_result i
    JOIN core.report r USING (report_id)
    JOIN raw.document d ON d.document = r.document
    LEFT JOIN quality.identity y ON y.identity = i.identity
    LEFT JOIN quality.reason s ON s.reason = i.reason
    WHERE i.outcome = 'not_evaluated' GROUP BY ALL ORDER BY ALL
"""
