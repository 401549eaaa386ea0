"""Prints the city's reports anew: `python -m tests.city.make [part of a file name ...]`.

Needs what only developers have: Chromium, LibreOffice, the fonts named in the render modules, and the packages
reportlab, python-docx, openpyxl, weasyprint and fpdf2. Tests use the committed files.
"""

from __future__ import annotations

import csv
import sys
from importlib import import_module
from pathlib import Path

from tests.city.expected import printed_sheets
from tests.city.plan import reports
from tests.city.report import Report, blocks

HERE = Path(__file__).parent
REPORTS = HERE / "reports"
INDEX_COLUMNS = (
    "file", "unit", "year", "scope", "level", "department", "layout", "producer", "published_on", "list_title", "fault",
)  # fmt: skip
_RENDERERS = {
    "reportlab": "render_reportlab",
    "chromium": "render_chromium",
    "libreoffice-writer": "render_word",
    "libreoffice-calc": "render_excel",
    "weasyprint": "render_weasyprint",
    "fpdf2": "render_fpdf2",
}


def index_rows() -> list[dict[str, str]]:
    """The rows of index.csv."""
    return [
        {
            "file": report.file,
            "unit": report.book.unit.name,
            "year": str(report.year),
            "scope": report.scope,
            "level": report.level,
            "department": report.book.unit.department,
            "layout": report.style,
            "producer": report.layout.producer,
            "published_on": report.published_on,
            "list_title": report.list_title,
            "fault": report.fault,
        }
        for report in reports()
    ]


def print_report(report: Report) -> int:
    """Render one report into its place and give the size of the file."""
    target = REPORTS / report.file
    target.parent.mkdir(parents=True, exist_ok=True)
    renderer = import_module(f"tests.city.{_RENDERERS[report.layout.producer]}")
    title = f"{report.name}{report.year}年度{report.level}决算"
    renderer.render(blocks(report, printed_sheets(report)), target, title)
    return target.stat().st_size


def main(parts: list[str]) -> None:
    chosen = [report for report in reports() if not parts or any(part in report.file for part in parts)]
    for report in chosen:
        print(f"{report.file} {report.style} {print_report(report):,} bytes")
    with (HERE / "index.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, INDEX_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(index_rows())


if __name__ == "__main__":
    main(sys.argv[1:])
