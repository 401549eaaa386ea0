"""Writes the tables as sheets of an Excel workbook, texts as wide cells, and converts with LibreOffice Calc.

Every table is one sheet with its title inside; title, heading and total repeat on continuation pages, and the
sheets have paper of different sizes, as workbooks glued together from several hands have.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from tests.city.narrative import Line
from tests.city.office import to_pdf
from tests.city.report import Block, PageBreak
from tests.city.sheets import Sheet, place

if TYPE_CHECKING:
    from collections.abc import Iterable

_FACE = "WenQuanYi Zen Hei"
_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_ALIGN = {"l": "left", "c": "center", "r": "right"}
_A4, _A3 = 9, 8
_WIDE_ON_A3 = ("fiscal_appropriation", "three_public")
_TEXT_WIDTH = 74
_HAN_PER_LINE = 31
_LINE_HEIGHT = 24


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.xlsx"
        workbook(blocks, title).save(source)
        to_pdf(source, target)


def workbook(blocks: Iterable[Block], title: str) -> Workbook:
    """The report as a workbook: a sheet for every page break."""
    book = Workbook()
    book.properties.title = title
    page = book.active
    row = 1
    for block in blocks:
        if isinstance(block, PageBreak):
            page, row = book.create_sheet(), 1
        elif isinstance(block, Line):
            row = _text(page, block, row)
        else:
            row = _table(page, block, row)
    for empty in [sheet for sheet in book.worksheets if sheet.max_row == 1 and sheet["A1"].value is None]:
        book.remove(empty)
    return book


def _write(
    page: Any, row: int, column: int, text: str, *, align: str = "l", size: float = 9, wrap: bool = False
) -> None:
    cell = page.cell(row, column, text)
    cell.font = Font(name=_FACE, size=size)
    cell.alignment = Alignment(horizontal=_ALIGN[align], vertical="center", wrap_text=wrap)


def _text(page: Any, line: Line, row: int) -> int:
    size, align = {"cover": (26, "c"), "part": (17, "l"), "heading": (15, "l"), "text": (13, "l")}[line.kind]
    page.column_dimensions["A"].width = _TEXT_WIDTH
    indent = "　　" if line.kind in ("heading", "text") else ""
    _write(page, row, 1, indent + line.text, align=align, size=size, wrap=line.kind == "text")
    lines = (len(line.text) + 2) // _HAN_PER_LINE + 1
    page.row_dimensions[row].height = 160 if line.kind == "cover" else _LINE_HEIGHT * lines
    page.page_setup.paperSize = _A4
    return row + 1


def _table(page: Any, sheet: Sheet, row: int) -> int:
    first = row
    if sheet.title:
        row = _heading(page, sheet, row)
    _grid(page, sheet, row)
    if sheet.title:
        with_total = 1 if any("合" in cell.text for row in sheet.body[:1] for cell in row[:2]) else 0
        page.print_title_rows = f"{first}:{row + len(sheet.header) - 1 + with_total}"
        _paper(page, sheet)
    row += len(sheet.rows)
    for note in sheet.notes:
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(sheet.widths))
        _write(page, row, 1, note)
        row += 1
    return row


def _heading(page: Any, sheet: Sheet, row: int) -> int:
    columns = len(sheet.widths)
    scale = (118 if sheet.landscape else 84) / sum(sheet.widths)
    for number, weight in enumerate(sheet.widths, 1):
        page.column_dimensions[get_column_letter(number)].width = weight * scale
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
    _write(page, row, 1, sheet.title, align="c", size=16)
    _write(page, row + 1, columns, sheet.number, align="r")
    _write(page, row + 2, columns, sheet.money_line, align="r")
    page.merge_cells(start_row=row + 2, end_row=row + 2, start_column=1, end_column=columns // 2)
    _write(page, row + 2, 1, sheet.unit_line)
    return row + 3


def _grid(page: Any, sheet: Sheet, top: int) -> None:
    for down, right, cell in place(sheet.rows):
        row, column = top + down, 1 + right
        for below in range(cell.rows):
            for beside in range(cell.columns):
                page.cell(row + below, column + beside).border = _BORDER
        _write(page, row, column, cell.text, align=cell.align, wrap=True)
        if cell.rows > 1 or cell.columns > 1:
            last_row, last_column = row + cell.rows - 1, column + cell.columns - 1
            page.merge_cells(start_row=row, end_row=last_row, start_column=column, end_column=last_column)
    for row in range(top, top + len(sheet.rows)):
        page.row_dimensions[row].height = 20


def _paper(page: Any, sheet: Sheet) -> None:
    page.page_setup.orientation = "landscape" if sheet.landscape else "portrait"
    page.page_setup.paperSize = _A3 if sheet.form in _WIDE_ON_A3 else _A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "&P"
