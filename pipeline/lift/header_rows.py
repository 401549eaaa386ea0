"""Where the headings of a table end and its data begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.lift.codes import is_code
from pipeline.lift.grid import Grid, has_number, is_numbering, is_remark, texts_of
from pipeline.lift.vocabulary import heading_word, key_role, names_of, stands_aside
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms import Form
    from pipeline.model import Cell

MAX_HEADER_ROWS = 8
_SPLIT_CODE = frozenset({"类", "款", "项"})


def is_header_like(form: Form, cells: Sequence[Cell]) -> bool:
    """True if a cell is a heading that cannot be the name of a line as well."""
    names = names_of(form)
    return any(
        key_role(text) is not None
        or stands_aside(form, text)
        or (heading_word(form, text) != "" and bare(text) not in names)
        for text in texts_of(cells)
    )


def count_header_rows(form: Form, grid: Grid, start: int) -> int:
    """The row in which data begin: the first one that has a code, an amount or the name of a line."""
    for row in range(start, min(grid.table.rows, start + MAX_HEADER_ROWS)):
        cells = grid.starting[row]
        if not is_numbering(cells) and _is_data(form, grid, row, cells):
            return row
    return min(grid.table.rows, start + MAX_HEADER_ROWS)


def _is_data(form: Form, grid: Grid, row: int, cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if plain(cell.text)]
    if not filled:
        return False
    return (
        has_number(cells)
        or (row > 0 and (is_remark(cells) or _parts_rows(grid, row, filled)))
        or any(is_code(cell.text) for cell in filled)
        or (row > 0 and any(_stands_under_name(grid, row, cell) for cell in filled))
        or _names_a_line(form, grid, row, filled)
    )


def _parts_rows(grid: Grid, row: int, filled: Sequence[Cell]) -> bool:
    """True for one text over the whole width below headings of columns: it heads the rows that follow."""
    above = [cell for cell in grid.starting[row - 1] if plain(cell.text)]
    return len(filled) == 1 and filled[0].column_span >= grid.table.columns and len(above) > 1


def _names_a_line(form: Form, grid: Grid, row: int, filled: Sequence[Cell]) -> bool:
    """True if a row of the names of lines, and not of headings: some words are both (合计, 一般公共预算财政拨款)."""
    # 合计 may stand beside 类 | 款 | 项, the lowest headings of a column of codes
    own = [cell for cell in filled if plain(cell.text) not in _SPLIT_CODE]
    named = [cell for cell in own if bare(cell.text) in names_of(form)]
    if not named or grid.is_continued(row):
        return False
    if len(own) == 1 < len(filled):
        return True
    if own[0] not in named or is_header_like(form, own):
        return False
    # names of lines have amounts between them, and no headings below
    below = grid.starting[row + 1] if row + 1 < grid.table.rows else ()
    neighbours = any(one.column + one.column_span == other.column for one in named for other in named)
    return not neighbours and (has_number(below) or not is_header_like(form, below))


def _stands_under_name(grid: Grid, row: int, cell: Cell) -> bool:
    """True for a text right below the heading 科目名称: below it stand names, be it only the first piece of one."""
    above = grid.places[row - 1][cell.column]
    under = above is not None and above is not cell and plain(above.text).endswith("名称")
    return under and key_role(cell.text) is None and not is_numbering([cell])
