"""Reports of the city in the formats that units publish beside PDF, rendered into bytes.

xlsx, docx and html need nothing but packages; xls, ods and doc LibreOffice makes of the former.
`python -m tests.city.formats` makes the committed samples of these anew.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from tests.city import html_pages, render_excel, render_word
from tests.city.expected import printed_sheets, report_of
from tests.city.narrative import Line
from tests.city.render_excel import _BORDER as FRAME
from tests.city.report import PageBreak, blocks
from tests.city.sheets import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.city.report import Block, Report
    from tests.city.sheets import Cell, Sheet

SOURCES = {"xls": "xlsx", "ods": "xlsx", "doc": "docx"}
"""What LibreOffice makes of what."""
FILTERS = {"xls": "xls:MS Excel 97", "ods": "ods", "doc": "doc:MS Word 97"}


def title_of(report: Report) -> str:
    return f"{report.name}{report.year}年度{report.level}决算"


def blocks_of(report: Report) -> Iterator[Block]:
    return blocks(report, printed_sheets(report))


def rendered(report: Report, kind: str) -> bytes:
    """The report as a file of this kind: xlsx, docx or html."""
    return rendered_blocks(blocks_of(report), kind, title_of(report))


def rendered_blocks(content: Iterator[Block], kind: str, title: str) -> bytes:
    if kind == "html":
        page = html_pages.document(content, title, font="serif", repeat_header=False)
        return page.encode()
    buffer = io.BytesIO()
    document = render_excel.workbook(content, title) if kind == "xlsx" else render_word.document_of(content, title)
    document.save(buffer)
    return buffer.getvalue()


def converted(data: dict[str, bytes], source: str, kind: str) -> dict[str, bytes]:
    """Files of one format (by any name) in another, by LibreOffice, all in one start."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in data.items():
            (Path(folder) / f"{name}.{source}").write_bytes(content)
        command = [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", FILTERS[kind],
            "--outdir", f"{folder}/out", *(f"{folder}/{name}.{source}" for name in data),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return {name: (Path(folder) / "out" / f"{name}.{kind}").read_bytes() for name in data}


@dataclass(frozen=True, slots=True)
class Variant:
    """A way in which hands lay out workbooks. `apart` columns of nothing stand left of everything."""

    one_sheet: bool = False
    merged: bool = True
    ruled: bool = True
    numbers: bool = False
    titled_by_tab: bool = False
    framed_captions: bool = False
    apart: int = 0


def varied(report: Report, variant: Variant) -> bytes:
    """The nine tables alone as a workbook of the given layout."""
    book = Workbook()
    page: Any = book.active
    row = 1
    for number, sheet in enumerate(printed_sheets(report)):
        if number and not variant.one_sheet:
            page, row = book.create_sheet(), 1
        row = _varied_sheet(page, sheet, row, variant) + 2
        if variant.titled_by_tab:
            page.title = sheet.title.replace("\u201c", "").replace("\u201d", "")[:31]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _varied_sheet(page: Any, sheet: Sheet, row: int, variant: Variant) -> int:
    first, width = 1 + variant.apart, len(sheet.widths)
    captions = [] if variant.titled_by_tab else [[sheet.title], ["", sheet.number]]
    for texts in (*captions, [sheet.unit_line, sheet.money_line]):
        for column, text in zip((first, first + width - 1), texts, strict=False):
            page.cell(row, column, text)
        if len(texts) == 1 and variant.merged:
            page.merge_cells(start_row=row, end_row=row, start_column=first, end_column=first + width - 1)
        if variant.framed_captions:
            for column in range(first, first + width):
                page.cell(row, column).border = FRAME
        row += 1
    for down, right, cell in place(sheet.rows):
        _varied_cell(page, row + down, first + right, cell, variant)
    for note in sheet.notes:
        page.cell(row + len(sheet.rows), first, note)
        row += 1
    return row + len(sheet.rows)


def _varied_cell(page: Any, row: int, column: int, cell: Cell, variant: Variant) -> None:
    target = page.cell(row, column, cell.text or None)
    amount = cell.text.replace(",", "")
    if variant.numbers and cell.key and cell.text not in {"", "-"}:
        target.value = float(amount)
        decimals = len(amount.partition(".")[2])
        target.number_format = ("#,##0" if "," in cell.text or decimals else "0") + (
            "." + "0" * decimals if decimals else ""
        )
        if "," not in cell.text:
            target.number_format = target.number_format.replace("#,##", "")
    for below in range(cell.rows if variant.ruled else 0):
        for beside in range(cell.columns):
            page.cell(row + below, column + beside).border = FRAME
    if variant.merged and (cell.rows > 1 or cell.columns > 1):
        page.merge_cells(
            start_row=row, end_row=row + cell.rows - 1, start_column=column, end_column=column + cell.columns - 1
        )


SAMPLES = Path(__file__).parent / "office"
SAMPLED = "2024/hotline.pdf"
"""The report of which samples are kept, its tables as numbers with formats; of doc only the first three."""


def main() -> None:
    """Make the samples."""
    report = report_of(SAMPLED)
    book = varied(report, Variant(numbers=True))
    few: list[Block] = [PageBreak(), *printed_sheets(report)[:3], Line("text", "（以下略）")]  # no table may come last
    document = rendered_blocks(iter([Line("cover", title_of(report)), *few]), "docx", title_of(report))
    for kind, source in SOURCES.items():
        made = converted({"hotline": document if source == "docx" else book}, source, kind)
        (SAMPLES / f"hotline.{kind}").write_bytes(made["hotline"])


if __name__ == "__main__":
    main()
