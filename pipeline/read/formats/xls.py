"""The reader of .xls and .et: BIFF workbooks by xlrd, with the number formats that they store."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import xlrd
from xlrd.compdoc import CompDocError

from pipeline.issues import Issue, IssueKind
from pipeline.read.formats.number_format import GENERAL, number_of, shown
from pipeline.read.formats.sheets import BLANK_ROWS, MAX_CELLS, Area, Sheet, merge, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.page import Pages

# what xlrd raises where a file is damaged: it checks little, and trips over what it finds
_TRIPS = (
    xlrd.XLRDError, CompDocError, struct.error, AssertionError, LookupError, ValueError, TypeError, AttributeError,
    OverflowError, RuntimeError, EOFError,
)  # fmt: skip
_LOCKED = ("encrypted", "password")


def read_xls(data: bytes, source_name: str) -> Pages:
    """Pages of a workbook, one for each sheet that is shown."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )  # fmt: skip
        sheets = [_sheet(book, number) for number in range(book.nsheets)]
    except _TRIPS as error:
        if any(word in str(error).lower() for word in _LOCKED):
            text = f"文件“{source_name}”需要密码才能打开，请向公开单位索取未加密的文件。"
            return (), (Issue(IssueKind.ENCRYPTED, text),)
        text = f"文件“{source_name}”的内容已损坏，无法读取，请重新下载或用Excel另存为.xlsx后再收录。"
        return (), (Issue(IssueKind.DAMAGED_FILE, text),)
    return read_workbook(sheets, "xls", source_name)


def _sheet(book: Any, number: int) -> Sheet:
    stored = book.sheet_by_index(number)
    sheet = Sheet(stored.name, hidden=stored.visibility != 0)
    sheet.hidden_rows = {row + 1 for row, info in stored.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column + 1 for column, info in stored.colinfo_map.items() if info.hidden}
    cells: dict[tuple[int, int], tuple[str, bool]] = {}
    blank_rows = 0
    for row in range(stored.nrows):
        found = {(row + 1, column + 1): cell for column, cell in _cells(book, stored, row)}
        blank_rows = 0 if any(text for text, _ in found.values()) else blank_rows + 1
        if blank_rows <= BLANK_ROWS:
            sheet.cut = sheet.cut or len(cells) + len(found) > MAX_CELLS
            cells |= {} if sheet.cut else found
    # a merged area is stored with the rows and columns behind its last ones
    sheet.cells = merge(cells, [Area(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in stored.merged_cells])
    return sheet


def _cells(book: Any, stored: Any, row: int) -> Iterator[tuple[int, tuple[str, bool]]]:
    """Column, and (text, ruled), of the cells of a row that have either."""
    for column in range(stored.row_len(row)):
        kind = stored.cell_type(row, column)
        if kind == xlrd.XL_CELL_EMPTY:
            continue
        style = book.xf_list[stored.cell_xf_index(row, column)]
        ruled = bool(style.border.left_line_style or style.border.right_line_style)
        text = _shown(book, stored, kind, stored.cell_value(row, column), style)
        if text or ruled:
            yield column, (text, ruled)


def _shown(book: Any, stored: Any, kind: int, value: Any, style: Any) -> str:
    plain = {
        xlrd.XL_CELL_BLANK: "",
        xlrd.XL_CELL_BOOLEAN: "TRUE" if value else "FALSE",
        xlrd.XL_CELL_ERROR: str(xlrd.error_text_from_code.get(value, "#VALUE!")),
    }
    if kind in plain:
        return plain[kind]
    form = book.format_map.get(style.format_key)
    code = form.format_str if form else GENERAL
    if kind == xlrd.XL_CELL_TEXT:
        return shown(str(value), code)
    number = number_of(repr(float(value)))
    if number is None:
        return str(value)
    if not number and not stored.show_zero_values:
        return ""
    return shown(number, code, since_1904=book.datemode == 1)
