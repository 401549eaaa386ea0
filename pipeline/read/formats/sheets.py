"""Spreadsheets: what is shown of a sheet becomes tables, and the lines above and below them.

Titles, unit lines and notes stand in cells like everything else; `parting` tells them from tables.
What is hidden is not shown, so it is not read; where it holds numbers an issue says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits
from pipeline.read.formats.flow import line_at, page_of, table_of
from pipeline.read.formats.parting import FIGURE, SheetCell, places_of, rows_of, tables_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Page
    from pipeline.read.page import Pages

MAX_CELLS = 200_000
"""Cells with text or rules that are read of one sheet; a report's largest tables have some ten thousand."""

BLANK_ROWS = 100
"""More ruled rows without any text than this, one after another, are paper prepared to be filled in."""

_DEFAULT_NAME = re.compile(r"(sheet|工作表|table)?\s*\d*", re.IGNORECASE)


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook: the name on its tab and its cells with text or rules, merged ones once.

    `unsaved` names the cells whose formula has no result in the file. `cut` says that it has more cells than are read.
    """

    name: str
    hidden: bool = False
    cells: list[SheetCell] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    unsaved: list[str] = field(default_factory=list)
    cut: bool = False

    def is_hidden(self, cell: SheetCell) -> bool:
        """True if nothing of a cell is shown."""
        return self.hidden_rows.issuperset(range(cell.row, cell.row + cell.row_span)) or (
            self.hidden_columns.issuperset(range(cell.column, cell.column + cell.column_span))
        )


def read_workbook(sheets: Sequence[Sheet], reader: str, source_name: str) -> Pages:
    """The sheets that a workbook shows, each as a page, numbered by their place among the tabs that are shown."""
    pages: list[Page] = []
    issues: list[Issue] = []
    for sheet in sheets:
        if sheet.hidden:
            issues += _hidden_sheet(sheet)
            continue
        number = len(pages) + 1
        pages.append(_page(sheet, number, reader))
        issues += _hidden_parts(sheet, number) + _unread(sheet, number)
    if not any(page.tables for page in pages):
        text = f"文件“{source_name}”的工作表中没有找到表格，请打开原文件确认是否为决算报告。"
        issues.append(Issue(IssueKind.NO_TABLES, text))
    return tuple(pages), tuple(issues)


class Area(NamedTuple):
    """A merged area: first row and column, last row and column, all inclusive, from 1."""

    top: int
    left: int
    bottom: int
    right: int


def merge(cells: dict[tuple[int, int], tuple[str, bool]], areas: Sequence[Area]) -> list[SheetCell]:
    """Cells by row and column, as (text, ruled), those of a merged area as one; what is stored under it is not shown.

    Areas are cut to where there are cells: a title may be merged over all columns that a sheet can have. Raises
    OverLimitError for areas that cover too many rows.
    """
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
    limits.check("被合并单元格占用的行", _rows_covered(areas, last_row), limits.SPANNED_ROWS)
    by_row: dict[int, dict[int, tuple[str, bool]]] = {}
    for (row, column), cell in cells.items():
        by_row.setdefault(row, {})[column] = cell
    found = []
    for area in areas:
        top, left, bottom, right = area.top, area.left, min(area.bottom, last_row), min(area.right, last_column)
        text = by_row.get(top, {}).get(left, ("", False))[0]
        ruled = False
        for row in range(top, bottom + 1):
            inside = by_row.get(row, {})
            covered = [column for column in inside if left <= column <= right]
            ruled = sum(inside.pop(column)[1] for column in covered) > 0 or ruled
        if (text or ruled) and bottom >= top and right >= left:
            found.append(SheetCell(top, left, text, bottom - top + 1, right - left + 1, ruled))
    found += [
        SheetCell(row, column, *cell[:1], ruled=cell[1]) for row in by_row for column, cell in by_row[row].items()
    ]
    return found


def _rows_covered(areas: Iterable[Area], last_row: int) -> int:
    return sum(max(1, min(area.bottom, last_row) - area.top + 1) for area in areas)


def column_name(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _page(sheet: Sheet, number: int, reader: str) -> Page:
    cells = [cell for cell in sheet.cells if not sheet.is_hidden(cell)]
    rows = rows_of(cells, sheet.hidden_rows)
    groups = tables_among(rows)
    tables = [
        table_of(places, number)
        for group in groups
        if (places := places_of(cells, group, sheet.hidden_rows, sheet.hidden_columns))
    ]
    lines = [
        line_at(row.line, number, row.number, row.texts[0].column, row.texts[-1].column + row.texts[-1].column_span)
        for row in rows
        if row.texts and not row.in_table
    ]
    first = groups[0][0].number if groups else 0
    titled = any(row.says_what and "表" in row.line for row in rows if row.number < first)
    if not titled and not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
        lines.append(line_at(sheet.name.strip(), number, 0, 0, 4))
    return page_of(number, lines, tables, reader)


def _hidden_sheet(sheet: Sheet) -> list[Issue]:
    count = _amounts(sheet.cells)
    if not count:
        return []
    text = f"工作表“{sheet.name}”是隐藏的，其中的{count}个数字没有读取；如是公开内容，请取消隐藏后重新收录。"
    return [Issue(IssueKind.HIDDEN_CONTENT, text, cell=sheet.name)]


def _hidden_parts(sheet: Sheet, number: int) -> list[Issue]:
    hidden = [cell for cell in sheet.cells if sheet.is_hidden(cell)]
    shown = [cell for cell in sheet.cells if not sheet.is_hidden(cell)]
    count = _amounts(sheet.cells) - _amounts(shown)
    if count <= 0:
        return []
    rows = sorted({cell.row for cell in hidden if cell.row in sheet.hidden_rows})
    columns = sorted({cell.column for cell in hidden if cell.column in sheet.hidden_columns})
    where = "、".join([f"第{row}行" for row in rows[:5]] + [f"{column_name(column)}列" for column in columns[:5]]) + (
        "等" if max(len(rows), len(columns)) > 5 else ""
    )
    text = f"工作表“{sheet.name}”隐藏了{where}，其中的{count}个数字没有读取；如是公开内容，请取消隐藏后重新收录。"
    return [Issue(IssueKind.HIDDEN_CONTENT, text, page=number, cell=sheet.name)]


def _amounts(cells: Iterable[SheetCell]) -> int:
    """How many of these cells hold an amount that is not zero. The first of a row is its code or ordinal."""
    first: dict[int, int] = {}
    cells = [cell for cell in cells if cell.text.strip()]
    for cell in cells:
        first[cell.row] = min(cell.column, first.get(cell.row, cell.column))
    texts = [cell.text.strip() for cell in cells if cell.column > first[cell.row]]
    return sum(FIGURE.fullmatch(text) is not None and re.search(r"[1-9]", text) is not None for text in texts)


def _unread(sheet: Sheet, number: int) -> list[Issue]:
    issues = []
    if sheet.unsaved:
        named = "、".join(sheet.unsaved[:5]) + (f"等{len(sheet.unsaved)}个" if len(sheet.unsaved) > 5 else "")
        text = (
            f"工作表“{sheet.name}”单元格{named}的公式没有保存计算结果，没有读取；请用Excel或WPS打开并保存后重新收录。"
        )
        issues.append(Issue(IssueKind.UNREADABLE_NUMBER, text, page=number, cell=sheet.unsaved[0]))
    if sheet.cut:
        text = f"工作表“{sheet.name}”过大，只读取了前{MAX_CELLS}个单元格，请拆分后重新收录。"
        issues.append(Issue(IssueKind.PAGE_UNREADABLE, text, page=number, cell=sheet.name))
    return issues
