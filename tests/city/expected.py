"""What the committed reports print, drawn again from the books: no file of expected data is kept."""

from __future__ import annotations

from functools import cache

from tests.city.faults import FAULTS, Sheets, printed
from tests.city.plan import reports
from tests.city.report import Report, statutory_sheets

PrintedFact = tuple[str, str, str, str]
"""(form, line, measure, printed text); the text of a blank money cell is ""."""
WrongCell = tuple[str, str, str, str, str]
"""(form, line, measure, printed text, the text that it should have been)."""


def report_of(file: str) -> Report:
    """The report published as this file, a path under tests/city/reports such as "2024/hotline.pdf"."""
    return next(report for report in reports() if report.file == file)


def printed_sheets(report: Report) -> Sheets:
    """The nine tables as printed, the report's fault included."""
    sheets = statutory_sheets(report)
    return FAULTS[report.fault].apply(sheets) if report.fault else sheets


@cache
def expected_facts(file: str) -> tuple[PrintedFact, ...]:
    """Every money cell of the file's nine tables, once, in reading order.

    Cells of a printed row that are blank stand with the text "". Rows that a table repeats on every page stand
    once. The blank filler rows of an empty table have no line and are left out.
    """
    facts = printed(printed_sheets(report_of(file)))
    return tuple((*key, text) for key, text in facts.items())


def expected_notes(file: str) -> dict[str, tuple[str, ...]]:
    """The notes printed under each table, by form."""
    return {sheet.form: sheet.notes for sheet in printed_sheets(report_of(file))}


def wrong_cells(file: str) -> tuple[WrongCell, ...]:
    """The cells that the report's fault made wrong; none for a clean report."""
    report = report_of(file)
    right = printed(statutory_sheets(report))
    wrong = printed(printed_sheets(report))
    return tuple((*key, text, right[key]) for key, text in wrong.items() if text != right[key])
