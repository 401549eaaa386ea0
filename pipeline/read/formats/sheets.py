"""Spreadsheets: what is shown of a sheet becomes tables, and the lines above and below them.

Titles, unit lines and notes stand in cells like everything else. Rows whose cells have rules at their sides are rows of
a table; where there are none, rows with several texts are, unless their words are those of a caption or a note.
What is hidden is not shown, so it is not read; where it holds numbers an issue says so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import Issue, IssueKind
from pipeline.read.formats.flow import Place, line_at, page_of, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Page
    from pipeline.read.page import Pages

MAX_CELLS = 400_000
"""Cells with text or rules that are read of one sheet; a report's largest tables have some ten thousand."""

BLANK_ROWS = 100
"""More ruled rows without any text than this, one after another, are paper prepared to be filled in."""

_CAPTION = re.compile(
    r"(编制|填报|编报|预算|公开|报送)?(单位|部门)(名称)?\s*[:：].*|.*单位\s*[:：].*|.*表(\s*[（(].*[）)])?"
    r"|(公开|附|财决)?\s*(\d{1,2}\s*表|表\s*[\d一二三四五六七八九十]{1,2}|[A-Z]{1,2}\d{2}(-\d)?\s*表?)|[（(]?续表?[）)]?"
    r"|[（(](金额)?(单位)?\s*[:：]?\s*(人民币)?[百千万亿]*元[）)]|\d{4}\s*年度?"
    r"|.*(负责人|制表|填表|审核|复核|经办|日期)人?\s*[:：].*"
)
_NOTE = re.compile(r"(注|备注|说明|附注|注释)\d?\s*[:：.、].*")
_FIGURE = re.compile(r"[-(（]?[\d,，]+(\.\d+)?%?[)）]?|[-—]+")
_LONG = 25  # names of lines are shorter, remarks longer
_GAP = "  "
_DEFAULT_NAME = re.compile(r"(sheet|工作表|table)?\s*\d*", re.IGNORECASE)


class SheetCell(NamedTuple):
    """One cell as shown: row and column from 1, its spans. `ruled`: it has a rule at its left or right side."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    ruled: bool = False


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


def merge(cells: dict[tuple[int, int], tuple[str, bool]], areas: Iterable[Area]) -> list[SheetCell]:
    """Cells by row and column, as (text, ruled), those of a merged area as one; what is stored under it is not shown.

    Areas are cut to where there are cells: a title may be merged over all columns that a sheet can have.
    """
    last_row = max((row for row, _ in cells), default=0)
    last_column = max((column for _, column in cells), default=0)
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
            covered = [column for column in range(left, right + 1) if column in inside]
            ruled = sum(inside.pop(column)[1] for column in covered) > 0 or ruled
        if (text or ruled) and bottom >= top and right >= left:
            found.append(SheetCell(top, left, text, bottom - top + 1, right - left + 1, ruled))
    found += [
        SheetCell(row, column, *cell[:1], ruled=cell[1]) for row in by_row for column, cell in by_row[row].items()
    ]
    return found


def column_name(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(slots=True)
class _Row:
    """One row of a sheet: the cells with text that begin in it, and what it is."""

    number: int
    texts: list[SheetCell] = field(default_factory=list)
    ruled: int = 0
    in_table: bool = False

    @property
    def is_ruled(self) -> bool:
        """Rules part it: a single framed cell is a box around a text."""
        return self.ruled > 1

    @property
    def is_blank(self) -> bool:
        return not self.texts and not self.is_ruled

    @property
    def says_what(self) -> bool:
        """True if a caption, a note or a line for signatures."""
        return any(_CAPTION.fullmatch(c.text.strip()) or _NOTE.match(c.text.strip()) for c in self.texts)

    @property
    def width(self) -> int:
        """Columns that its texts cover."""
        return sum(cell.column_span for cell in self.texts)

    @property
    def line(self) -> str:
        return _GAP.join(" ".join(cell.text.split()) for cell in self.texts)


def _page(sheet: Sheet, number: int, reader: str) -> Page:
    cells = [cell for cell in sheet.cells if not sheet.is_hidden(cell)]
    rows = _rows(cells)
    groups = _tables(rows)
    tables = [table_of(places, number) for group in groups if (places := _places(cells, group, sheet))]
    lines = [
        line_at(row.line, number, row.number, row.texts[0].column, row.texts[-1].column + row.texts[-1].column_span)
        for row in rows
        if row.texts and not row.in_table
    ]
    first = groups[0][0].number if groups else 0
    titled = any(_CAPTION.fullmatch(row.line) and "表" in row.line for row in rows if row.number < first)
    if not titled and not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
        lines.append(line_at(sheet.name.strip(), number, 0, 0, 4))
    return page_of(number, lines, tables, reader)


def _rows(cells: Iterable[SheetCell]) -> list[_Row]:
    """The rows that hold anything; a merged cell counts as ruled in all its rows, and has its text in the first."""
    rows: dict[int, _Row] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        for number in range(cell.row, cell.row + cell.row_span):
            row = rows.setdefault(number, _Row(number))
            row.ruled += cell.ruled
        if cell.text.strip():
            rows[cell.row].texts.append(cell)
    return [rows[number] for number in sorted(rows)]


def _tables(rows: list[_Row]) -> list[list[_Row]]:
    """The rows of each table, marked as such."""
    for row in rows:
        row.in_table = row.is_ruled or (len(row.texts) > 1 and not row.says_what)
    _settle_framed(rows)
    _settle_edges(rows)
    _settle_free(rows)
    groups: list[list[_Row]] = []
    for index, row in enumerate(rows):
        if not row.in_table:
            continue
        before = rows[index - 1] if index else None
        goes_on = before and before.in_table and (row.number == before.number + 1 or not (row.is_ruled or row.ruled))
        if goes_on and not _begins_table(rows, index):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [table for group in groups if _is_table(group) and (table := _without_captions(group))]


def _settle_framed(rows: list[_Row]) -> None:
    """One merged cell over most of the width, with rules like the rows next to it, heads columns or lines."""
    for row, other in [*pairwise(rows), *((below, above) for above, below in pairwise(rows))]:
        if row.ruled == 1 and other.is_ruled and len(row.texts) == 1 and not row.says_what:
            row.in_table = row.in_table or (abs(row.number - other.number) == 1 and 2 * row.width >= _columns(other))


def _settle_edges(rows: list[_Row]) -> None:
    """Rows without rules right above and below ruled ones: headings and lines of the table, or what stands around it.

    A heading covers half of the table's columns; a line has a figure behind its name.
    """
    for above, below in pairwise(rows):
        if below.is_ruled and not above.is_ruled and above.in_table:
            above.in_table = 2 * above.width >= _columns(below)
    for above, below in pairwise(rows):
        if above.in_table and not below.ruled and below.in_table and _is_ruled_table(rows, above):
            below.in_table = any(_FIGURE.fullmatch(cell.text.strip()) for cell in below.texts[1:])


def _is_ruled_table(rows: list[_Row], row: _Row) -> bool:
    """True if a row belongs to a table that has rules, be it by the rows above it."""
    index = rows.index(row)
    while index and rows[index].in_table and not rows[index].is_ruled:
        index -= 1
    return rows[index].is_ruled


def _columns(row: _Row) -> int:
    return max(cell.column + cell.column_span for cell in row.texts) - row.texts[0].column if row.texts else row.ruled


def _settle_free(rows: list[_Row]) -> None:
    """In tables without rules a name may stand alone on its line: its amounts are blank."""
    for index, row in enumerate(rows):
        if row.in_table or not row.texts or row.is_ruled or row.says_what or not index:
            continue
        above = rows[index - 1]
        near = above.in_table and not above.is_ruled and not above.ruled and above.number + 1 == row.number
        row.in_table = near and len(row.line) <= _LONG and not row.line.endswith(("。", "：", ":"))


def _begins_table(rows: list[_Row], index: int) -> bool:
    """True for a title within framed rows, over the whole width: a table of its own stands below it."""
    row, before = rows[index], rows[index - 1]
    alone = len(row.texts) == 1 and not before.says_what
    return alone and _CAPTION.fullmatch(row.line) is not None and 2 * row.width > _columns(before)


def _is_table(group: list[_Row]) -> bool:
    """A single row without rules is a line whose parts stand apart."""
    if len(group) > 1 or group[0].is_ruled:
        return True
    group[0].in_table = False
    return False


def _without_captions(group: list[_Row]) -> list[_Row]:
    """The table less captions at its top and notes at its bottom that share its frame."""
    start, stop = 0, len(group)
    while start < stop and _is_framed_caption(group[start], group[start + 1 :]):
        group[start].in_table = False
        start += 1
    while stop > start and group[stop - 1].texts and _NOTE.match(group[stop - 1].line):
        group[stop - 1].in_table = False
        stop -= 1
    return group[start:stop]


def _is_framed_caption(row: _Row, below: list[_Row]) -> bool:
    """True for a row at the top of a frame that is no heading: captions, or one text beside a caption."""
    says = [bool(_CAPTION.fullmatch(cell.text.strip())) for cell in row.texts]
    alone = len(row.texts) == 1 and row.width == 1 and max(map(_columns, below), default=0) > 2
    return row.is_blank or all(says) or alone or (any(says) and len(says) == 2)


def _places(cells: Iterable[SheetCell], group: list[_Row], sheet: Sheet) -> list[Place]:
    """The cells of the rows of one table, without hidden rows and columns, which take no part in any span.

    Ruled rows without text at its end, and ruled columns without text at its right, are left out.
    """
    last = max((row.number for row in group if row.texts), default=0)
    numbers = {row.number for row in group if row.number <= last}
    inside = [cell for cell in cells if cell.row in numbers]
    if not inside:
        return []
    right = max(cell.column + cell.column_span for cell in inside if cell.text.strip())
    bottom = max(numbers) + 1
    places = []
    for cell in inside:
        if cell.column < right:
            stop = min(cell.row + cell.row_span, bottom)
            rows = [row for row in range(cell.row, stop) if row not in sheet.hidden_rows]
            columns = [
                column
                for column in range(cell.column, min(cell.column + cell.column_span, right))
                if column not in sheet.hidden_columns
            ]
            if rows and columns:
                spans = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
                places.append(Place(rows[0], columns[0], cell.text.strip(" \n"), *spans))
    return places


def _hidden_sheet(sheet: Sheet) -> list[Issue]:
    count = _figures(sheet.cells)
    if not count:
        return []
    text = f"工作表“{sheet.name}”是隐藏的，其中的{count}个数字没有读取；如是公开内容，请取消隐藏后重新收录。"
    return [Issue(IssueKind.HIDDEN_CONTENT, text, cell=sheet.name)]


def _hidden_parts(sheet: Sheet, number: int) -> list[Issue]:
    hidden = [cell for cell in sheet.cells if sheet.is_hidden(cell)]
    count = _figures(hidden)
    if not count:
        return []
    rows = sorted({cell.row for cell in hidden if cell.row in sheet.hidden_rows})
    columns = sorted({cell.column for cell in hidden if cell.column in sheet.hidden_columns})
    where = "、".join([f"第{row}行" for row in rows[:5]] + [f"{column_name(column)}列" for column in columns[:5]]) + (
        "等" if max(len(rows), len(columns)) > 5 else ""
    )
    text = f"工作表“{sheet.name}”隐藏了{where}，其中的{count}个数字没有读取；如是公开内容，请取消隐藏后重新收录。"
    return [Issue(IssueKind.HIDDEN_CONTENT, text, page=number, cell=sheet.name)]


def _figures(cells: Iterable[SheetCell]) -> int:
    """Cells with a number that is not zero."""
    texts = Counter(cell.text.strip() for cell in cells)
    return sum(n for text, n in texts.items() if _FIGURE.fullmatch(text) and re.search(r"[1-9]", text))


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
