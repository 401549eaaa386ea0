"""Headings become columns: which of a grid's columns are codes, names and money, and of which measure.

The engine knows no form by name; what a heading means is looked up in the form that is asked about. A column is known
by the set of headings above it, read through merged cells; the order of the levels does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.codes import is_code
from pipeline.grid import Grid, has_number, is_numbering, texts_of
from pipeline.vocabulary import KEYS, YEAR, heading_word, key_role, match_column, names_of, sides_of
from pipeline.wording import bare, plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.forms import Column, Form
    from pipeline.model import Cell
    from pipeline.vocabulary import Role

MAX_HEADER_ROWS = 8
_SPLIT_CODE = frozenset({"类", "款", "项"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One column as the headings mean it; it may be several columns of the grid, `first` to before `stop`.

    `start` and `end` are its sides as `Grid.across` gives them; `path` are its headings from top to bottom; `block`
    counts the groups of keys and money from the left.
    """

    first: int
    stop: int
    start: float
    end: float
    path: tuple[str, ...]
    role: Role = "empty"
    column: Column | None = None
    block: int = 0
    side: str = ""

    @property
    def heading(self) -> str:
        """The lowest heading as printed, less white space."""
        return self.path[-1] if self.path else ""

    @property
    def is_key(self) -> bool:
        """True for what tells a row: codes, names, ordinals."""
        return self.role in KEYS

    @property
    def is_money(self) -> bool:
        """True for a column under headings that are no key's."""
        return self.role in {"money", "unknown"}


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table as a form understands them. Data begin in row `rows` of the grid."""

    rows: int
    columns: int
    slots: tuple[Slot, ...]
    texts: frozenset[str]

    @property
    def measures(self) -> frozenset[str]:
        """Keys of the measures found."""
        return frozenset(slot.column.measure for slot in self.slots if slot.column)

    def fits(self, form: Form) -> bool:
        """True if every measure that the form requires was found, or is left to the rows."""
        return self.measures >= set(form.required) or "" in self.measures

    def on(self, grid: Grid) -> tuple[Slot, ...]:
        """The slots as they lie on another part of the same table, which prints no headings.

        Columns are found by their place from the side where reading begins; where that gives not all of them, the
        same number of columns is the same grid.
        """
        found: list[Slot] = []
        for column in range(grid.table.columns):
            cells = [cell for row in grid.places if (cell := row[column]) is not None]
            if not cells:
                continue
            start, stop = grid.across(min(cells, key=attrgetter("column_span")).box)
            slot = next((slot for slot in self.slots if slot.start <= (start + stop) / 2 <= slot.end), None)
            if slot is None:
                continue
            if found and found[-1].start == slot.start:
                found[-1] = replace(found[-1], stop=column + 1)
            else:
                found.append(replace(slot, first=column, stop=column + 1))
        missing = {slot.start for slot in self.slots if slot.path} - {slot.start for slot in found}
        if missing and grid.table.columns == self.columns:
            return self.slots
        return tuple(found)


def is_header_like(form: Form, cells: Sequence[Cell]) -> bool:
    """True if a cell is a heading that cannot be the name of a line as well."""
    names = names_of(form)
    return any(
        key_role(text) is not None or (heading_word(form, text) != "" and bare(text) not in names)
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
        or any(is_code(cell.text) for cell in filled)
        or (row > 0 and any(_stands_under_name(grid, row, cell) for cell in filled))
        or _names_a_line(form, grid, row, filled)
    )


def _names_a_line(form: Form, grid: Grid, row: int, filled: Sequence[Cell]) -> bool:
    """True if a row of the names of lines, and not of headings: some words are both (合计, 一般公共预算财政拨款)."""
    # 合计 may stand beside 类 | 款 | 项, the lowest headings of a column of codes
    own = [cell for cell in filled if plain(cell.text) not in _SPLIT_CODE]
    named = [cell for cell in own if bare(cell.text) in names_of(form)]
    if not named or grid.is_continued(row):
        return False
    if len(own) < len(filled):
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


def read_header(form: Form, grid: Grid) -> Header:
    """The headings of one raw table in the terms of a form; `Header.fits` says whether they are understood."""
    start = grid.caption_rows()
    stop = count_header_rows(form, grid, start)
    rows = [row for row in range(start, stop) if not is_numbering(grid.starting[row])]
    slots = _grouped(grid, rows, stop)
    texts = frozenset(text for row in range(start, stop) for text in texts_of(grid.starting[row]))
    slots = _with_near_groups(form, _with_measures(form, _with_roles(slots), grid, rows))
    return Header(stop, grid.table.columns, _unique(form, slots), texts)


def _grouped(grid: Grid, rows: Sequence[int], stop: int) -> list[Slot]:
    """Columns of the grid under the same lowest heading are one slot."""
    slots: list[Slot] = []
    last: Cell | None = None
    for column in range(grid.table.columns):
        above = [cell for row in rows if (cell := grid.places[row][column]) is not None]
        cells = list(dict.fromkeys(cell for cell in above if plain(cell.text)))
        box = min((cell.box for cell in above), key=lambda box: box.x1 - box.x0, default=grid.table.box)
        if cells and _is_spurious(grid, cells[-1], column, rows, stop):
            cells = []
        leaf = cells[-1] if cells else None
        if leaf is not None and leaf is last:
            slots[-1] = replace(slots[-1], stop=column + 1, end=grid.across(box)[1])
            continue
        last = leaf
        path = tuple(squeeze(cell.text) for cell in cells)
        slots.append(Slot(column, column + 1, *grid.across(box), path))
    return slots


def _is_spurious(grid: Grid, group: Cell, column: int, rows: Sequence[int], stop: int) -> bool:
    """True for an empty column, drawn by a doubled rule, under the heading of a group whose columns have their own."""
    if group.column_span == 1:
        return False
    below = [row for row in rows if row >= group.row + group.row_span]
    columns = range(group.column, group.column + group.column_span)
    if not any(_text_at(grid, row, other) for row in below for other in columns):
        return False
    data = (grid.places[row][column] for row in range(stop, grid.table.rows))
    return not any(cell is not None and cell.column == column and plain(cell.text) for cell in data)


def _filled_from_left(grid: Grid, rows: Sequence[int], column: int) -> tuple[str, ...]:
    """The headings of a column where merged cells were drawn without merging: a gap over a heading is what stands left.

    Only above the column's own lowest heading, below which an empty place is empty; and not from outside the group
    that the heading above begins.
    """
    texts = [_text_at(grid, row, column) for row in rows]
    lowest = max((index for index, text in enumerate(texts) if text), default=-1)
    begin = 0
    for index, row in enumerate(rows[:lowest]):
        source = next((other for other in range(column, begin - 1, -1) if _text_at(grid, row, other)), None)
        if source is not None:
            texts[index], begin = _text_at(grid, row, source), source
    return tuple(dict.fromkeys(text for text in texts if text))


def _text_at(grid: Grid, row: int, column: int) -> str:
    cell = grid.places[row][column]
    return squeeze(cell.text) if cell else ""


def _year_of(path: Iterable[str]) -> int:
    return max((int(found["year"]) for text in path if (found := YEAR.search(plain(text)))), default=0)


def _with_roles(slots: list[Slot]) -> list[Slot]:
    """Keys are told by their lowest heading; then blocks, and with them the sides, follow from their order."""
    found: list[Slot] = []
    block, after_money = 0, False
    for slot in slots:
        role = key_role(slot.heading) or "unknown" if slot.path else slot.role
        if role in KEYS:
            block += after_money
            after_money = False
        elif role == "unknown":
            after_money = True
        found.append(replace(slot, role=role, block=block))
    if not any(slot.is_key for slot in found):
        return found
    # a column without a heading left of the first amounts of a block holds keys
    money = {slot.block: slot.first for slot in reversed(found) if slot.role == "unknown"}
    return [
        replace(slot, role="key") if slot.role == "empty" and slot.first < money.get(slot.block, 0) else slot
        for slot in found
    ]


def _with_measures(form: Form, slots: list[Slot], grid: Grid, rows: Sequence[int]) -> list[Slot]:
    sides = sides_of_blocks(form, slots)
    found = []
    for slot in slots:
        side, path = sides[slot.block], slot.path
        match = match_column(form, path, side) if slot.role == "unknown" else None
        if slot.role == "unknown" and (match is None or _says(match[1]) < 2):
            filled = _filled_from_left(grid, rows, slot.first)
            better = match_column(form, filled, side)
            if better and (match is None or _says(better[1]) > _says(match[1])):
                match, path = better, filled
        if match:
            found.append(replace(slot, side=side, path=path, role="money", column=match[1]))
        else:
            found.append(replace(slot, side=side))
    return found


def _says(column: Column) -> int:
    """How much a column's headings say: the measure, the line, or both."""
    return bool(column.measure) + bool(column.line)


def _with_near_groups(form: Form, slots: list[Slot]) -> list[Slot]:
    """Columns that lack the heading of a group get that of the nearest column that has one.

    A group's heading is centred over its columns; where no rule shows how far it reaches, it may seem to reach too
    few. Only a declared column that no other heading has taken is given out like this.
    """
    taken = {(slot.block, id(slot.column)) for slot in slots if slot.column and slot.column.measure}
    if not taken:
        return slots  # the rows say the measure
    grouped = [slot for slot in slots if slot.column and slot.column.measure and len(slot.path) > 1]
    found = []
    for slot in slots:
        if not slot.is_money or not slot.path or (slot.column and slot.column.measure):
            found.append(slot)
            continue
        placed = replace(slot, role="unknown", column=None)
        for near_slot in sorted(grouped, key=lambda other: abs(other.first - slot.first)):
            if near_slot.block != slot.block:
                continue
            match = match_column(form, (near_slot.path[0], *slot.path), slot.side)
            if match and match[1].measure and (slot.block, id(match[1])) not in taken:
                taken.add((slot.block, id(match[1])))
                placed = replace(slot, path=(near_slot.path[0], *slot.path), role="money", column=match[1])
                break
        found.append(placed)
    return found


def sides_of_blocks(form: Form, slots: Sequence[Slot]) -> list[str]:
    """The side of each block by the headings over its keys, of several the one declared last; else by its position."""
    declared = [side for side, _ in form.sides]
    blocks: list[set[str]] = [set() for _ in range(max((slot.block for slot in slots), default=0) + 1)]
    for slot in filter(attrgetter("is_key"), slots):
        blocks[slot.block] |= {side for text in slot.path if (side := sides_of(form).get(bare(text), ""))}
    found = []
    for position, words in enumerate(blocks):
        headed = [side for side in declared if side in words]
        placed = form.sides_by_position and len(blocks) > 1
        found.append(headed[-1] if headed else declared[min(position, len(declared) - 1)] if placed else "")
    return found


def _unique(form: Form, slots: list[Slot]) -> tuple[Slot, ...]:
    """Where two columns of a block fit the same declared one, the later year and the preferred path win."""
    best: dict[tuple[int, int], tuple[int, int, int]] = {}
    for index, slot in enumerate(slots):
        match = match_column(form, slot.path, slot.side) if slot.column else None
        if match:
            rank = -_year_of(slot.path), match[0], index
            key = slot.block, id(match[1])
            best[key] = min(best.get(key, rank), rank)
    winners = {index for _, _, index in best.values()}
    return tuple(
        slot if slot.column is None or index in winners else replace(slot, column=None, role="unknown")
        for index, slot in enumerate(slots)
    )
