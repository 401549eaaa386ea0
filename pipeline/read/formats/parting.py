"""The rows of a sheet parted into tables and the lines above and below them.

Rows whose cells have rules at their sides are rows of a table. Where there are no rules, rows with several texts are,
unless their words are those of a caption or a note.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.read import limits
from pipeline.read.formats.flow import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence


class SheetCell(NamedTuple):
    """One cell as shown: row and column from 1, its spans. `ruled`: it has a rule at its left or right side."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    ruled: bool = False


FIGURE = re.compile(r"[-(（]?[\d,，]+(\.\d+)?%?[)）]?|[-—]+")
"""What an amount looks like; a dash stands for none."""

_CAPTION = re.compile(
    r"(编制|填报|编报|预算|公开|报送)?(单位|部门)(名称)?\s*[:：].*|.*单位\s*[:：].*|.*表(\s*[（(].*[）)])?"
    r"|(公开|附|财决)?\s*(\d{1,2}\s*表|表\s*[\d一二三四五六七八九十]{1,2}|[A-Z]{1,2}\d{2}(-\d)?\s*表?)|[（(]?续表?[）)]?"
    r"|[（(](金额)?(单位)?\s*[:：]?\s*(人民币)?[百千万亿]*元[）)]|\d{4}\s*年度?"
    r"|.*(负责人|制表|填表|审核|复核|经办|日期)人?\s*[:：].*"
)
_NOTE = re.compile(r"(注|备注|说明|附注|注释)\d?\s*[:：.、].*")
_LONG = 25  # names of lines are shorter, remarks longer
_LONGEST_CAPTION = 200
_GAP = "  "


@dataclass(slots=True)
class Row:
    """One row of a sheet: the cells with text that begin in it, and what it is.

    `number` is that of the sheet, `at` counts the rows that are shown.
    """

    number: int
    at: int
    texts: list[SheetCell] = field(default_factory=list)
    ruled: int = 0
    in_table: bool = False

    @property
    def is_ruled(self) -> bool:
        """Rules part it: a single framed cell is a box around a text."""
        return self.ruled > 1

    @property
    def is_blank(self) -> bool:
        """Nothing stands in it."""
        return not self.texts and not self.is_ruled

    @property
    def says_what(self) -> bool:
        """True if a caption, a note or a line for signatures."""
        return any(_is_caption(c.text) or _NOTE.match(c.text.strip()) for c in self.texts)

    @property
    def width(self) -> int:
        """Columns that its texts cover."""
        return sum(cell.column_span for cell in self.texts)

    @property
    def line(self) -> str:
        """Its texts as one line, apart."""
        return _GAP.join(" ".join(cell.text.split()) for cell in self.texts)


def _is_caption(text: str) -> bool:
    return len(text) <= _LONGEST_CAPTION and _CAPTION.fullmatch(text.strip()) is not None


def rows_of(cells: Iterable[SheetCell], hidden: Collection[int]) -> list[Row]:
    """The rows that hold anything; a merged cell counts as ruled in all its rows, and has its text in the first.

    Rows of the numbers `hidden` are not shown: those around them stand next to each other. Raises OverLimitError for
    cells that cover too many rows.
    """
    cells = list(cells)
    limits.check("被单元格占用的行", sum(cell.row_span for cell in cells), limits.SPANNED_ROWS)
    rows: dict[int, Row] = {}
    not_shown = sorted(hidden)
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        for number in range(cell.row, cell.row + cell.row_span):
            if number not in hidden:
                row = rows.setdefault(number, Row(number, number - bisect_left(not_shown, number)))
                row.ruled += cell.ruled
        if cell.text.strip():
            shown = next(number for number in range(cell.row, cell.row + cell.row_span) if number not in hidden)
            rows[shown].texts.append(cell)
    return [rows[number] for number in sorted(rows)]


def tables_among(rows: list[Row]) -> list[list[Row]]:
    """The rows of each table, marked as such."""
    for row in rows:
        row.in_table = row.is_ruled or (len(row.texts) > 1 and not row.says_what)
    _settle_framed(rows)
    _settle_edges(rows)
    _settle_free(rows)
    groups: list[list[Row]] = []
    for index, row in enumerate(rows):
        if not row.in_table:
            continue
        before = rows[index - 1] if index else None
        goes_on = before and before.in_table and (row.at == before.at + 1 or not (row.is_ruled or row.ruled))
        if goes_on and not _begins_table(rows, index):
            groups[-1].append(row)
        else:
            groups.append([row])
    return [table for group in groups if _is_table(group) and (table := _without_captions(group))]


def _settle_framed(rows: list[Row]) -> None:
    """One merged cell over most of the width, with rules like the rows next to it, heads columns or lines."""
    for row, other in [*pairwise(rows), *((below, above) for above, below in pairwise(rows))]:
        if row.ruled == 1 and other.is_ruled and len(row.texts) == 1 and not row.says_what:
            row.in_table = row.in_table or (abs(row.at - other.at) == 1 and 2 * row.width >= _columns(other))


def _settle_edges(rows: list[Row]) -> None:
    """Rows without rules right above and below ruled ones: headings and lines of the table, or what stands around it.

    A heading covers half of the table's columns; a line has a figure behind its name.
    """
    for above, below in pairwise(rows):
        if below.is_ruled and not above.is_ruled and above.in_table:
            above.in_table = 2 * above.width >= _columns(below)
    for row, among_rules in zip(rows, _among_rules(rows), strict=True):
        if among_rules and not row.ruled and row.in_table:
            row.in_table = any(FIGURE.fullmatch(cell.text.strip()) for cell in row.texts[1:])


def _among_rules(rows: list[Row]) -> list[bool]:
    """Whether the table that ends above each row has rules."""
    found, ruled = [], False
    for row in rows:
        found.append(ruled)
        ruled = row.is_ruled or (ruled and row.in_table)
    return found


def _columns(row: Row) -> int:
    return max(cell.column + cell.column_span for cell in row.texts) - row.texts[0].column if row.texts else row.ruled


def _settle_free(rows: list[Row]) -> None:
    """In tables without rules a name may stand alone on its line: its amounts are blank."""
    among_rules = _among_rules(rows)
    for index in range(1, len(rows)):
        above, row = rows[index - 1], rows[index]
        if len(row.texts) == 1 and not (row.in_table or row.ruled or row.says_what or among_rules[index]):
            near = above.in_table and above.at + 1 == row.at
            row.in_table = near and len(row.line) <= _LONG and not row.line.endswith(("。", "：", ":"))


def _begins_table(rows: list[Row], index: int) -> bool:
    """True for a title within framed rows, over the whole width: a table of its own stands below it."""
    row, before = rows[index], rows[index - 1]
    alone = len(row.texts) == 1 and not before.says_what
    return alone and _is_caption(row.line) and 2 * row.width > _columns(before)


def _is_table(group: list[Row]) -> bool:
    """A single row without rules is a line whose parts stand apart."""
    if len(group) > 1 or group[0].is_ruled:
        return True
    group[0].in_table = False
    return False


def _without_captions(group: list[Row]) -> list[Row]:
    """The table less captions at its top and notes at its bottom that share its frame."""
    start, stop = 0, len(group)
    while start < stop and _is_framed_caption(group[start], group[start + 1 :]):
        group[start].in_table = False
        start += 1
    while stop > start and group[stop - 1].texts and _NOTE.match(group[stop - 1].line):
        group[stop - 1].in_table = False
        stop -= 1
    return group[start:stop]


def _is_framed_caption(row: Row, below: list[Row]) -> bool:
    """True for a row at the top of a frame that is no heading: captions, or one text beside a caption."""
    says = [_is_caption(cell.text) for cell in row.texts]
    alone = len(row.texts) == 1 and row.width == 1 and max(map(_columns, below), default=0) > 2
    return row.is_blank or all(says) or alone or (any(says) and len(says) == 2)


def blocks_of(cells: Sequence[SheetCell]) -> Iterator[str | list[Place]]:
    """A table of running text as lines and tables: as it is, or parted if it holds its own captions, as sheets do."""
    rows = rows_of(cells, ())
    if not any(row.says_what for row in rows):
        yield [Place(*cell[:5]) for cell in cells]
        return
    begins = {group[0].number: group for group in tables_among(rows)}
    for row in rows:
        if row.number in begins:
            yield places_of(cells, begins[row.number], (), ())
        elif not row.in_table:
            yield row.line


def places_of(
    cells: Iterable[SheetCell], table: Sequence[Row], hidden_rows: Collection[int], hidden_columns: Collection[int]
) -> list[Place]:
    """The cells of the rows of one table, without hidden rows and columns, which take no part in any span.

    Ruled rows without text at its end, and ruled columns without text at its right, are left out.
    """
    last = max((row.number for row in table if row.texts), default=0)
    numbers = {row.number for row in table if row.number <= last}
    inside: list[tuple[SheetCell, list[int]]] = []
    for cell in cells:
        rows = [row for row in range(cell.row, cell.row + cell.row_span) if row not in hidden_rows and row <= last]
        if rows and rows[0] in numbers:
            inside.append((cell, rows))
    right = max((cell.column + cell.column_span for cell, _ in inside if cell.text.strip()), default=0)
    places = []
    for cell, rows in inside:
        stop = min(cell.column + cell.column_span, right)
        columns = [column for column in range(cell.column, stop) if column not in hidden_columns]
        if columns:
            spans = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
            places.append(Place(rows[0], columns[0], cell.text.strip(" \n"), *spans))
    return places
