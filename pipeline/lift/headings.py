"""Headings become columns: which of a grid's columns are codes, names and money, and of which measure.

The engine knows no form by name; what a heading means is looked up in the form that is asked about. A column is known
by the set of headings above it, read through merged cells; the order of the levels does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.lift.codes import is_digits
from pipeline.lift.grid import Grid, has_number, is_numbering, texts_of
from pipeline.lift.header_rows import count_header_rows
from pipeline.lift.measures import unique_columns, with_measures, with_near_groups
from pipeline.lift.numbers import is_nothing
from pipeline.lift.slots import Slot
from pipeline.lift.vocabulary import KEYS, key_role, match_column, stands_aside
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms import Form
    from pipeline.lift.vocabulary import Role
    from pipeline.model import Cell


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


def read_header(form: Form, grid: Grid) -> Header:
    """The headings of one raw table in the terms of a form; `Header.fits` says whether they are understood."""
    start = grid.caption_rows()
    stop = count_header_rows(form, grid, start)
    rows = [row for row in range(start, stop) if not is_numbering(grid.starting[row])]
    slots = _grouped(grid, rows, stop)
    texts = frozenset(text for row in range(start, stop) for text in texts_of(grid.starting[row]))
    slots = with_near_groups(form, with_measures(form, _with_roles(form, grid, slots, stop), grid, rows))
    return Header(stop, grid.table.columns, unique_columns(form, slots), texts)


def _grouped(grid: Grid, rows: Sequence[int], stop: int) -> list[Slot]:
    """Columns of the grid under the same lowest heading are one slot."""
    slots: list[Slot] = []
    leaves: list[Cell | None] = []
    last: Cell | None = None
    for column in range(grid.table.columns):
        above = [cell for row in rows if (cell := grid.places[row][column]) is not None]
        cells = list(dict.fromkeys(cell for cell in above if plain(cell.text)))
        places = [grid.across(cell.box) for cell in above] or [grid.across(grid.table.box)]
        start, end = min(places, key=lambda place: place[1] - place[0])
        if cells and _is_spurious(grid, cells[-1], column, rows, stop):
            cells = []
        leaf = cells[-1] if cells else None
        if leaf is not None and leaf is last:
            slots[-1] = replace(slots[-1], stop=column + 1, end=end)
            continue
        last = leaf
        path = tuple(squeeze(cell.text) for cell in cells)
        slots.append(Slot(column, column + 1, start, end, path))
        leaves.append(leaf)
    return [_without_group(slot, leaf, slots, leaves) for slot, leaf in zip(slots, leaves, strict=True)]


def _without_group(slot: Slot, leaf: Cell | None, slots: Sequence[Slot], leaves: Sequence[Cell | None]) -> Slot:
    """A column under nothing but the heading of a group, where other columns of the group have headings of their own.

    The first one is the group's total; another one has no heading, nor has any in a group of keys and amounts.
    """
    if leaf is None:
        return slot
    reach = range(leaf.column, leaf.column + leaf.column_span)
    others = [
        other for other, own in zip(slots, leaves, strict=True) if own is not leaf and other.first in reach and own
    ]
    if any(key_role(other.heading) in KEYS for other in others):
        return replace(slot, path=())
    return replace(slot, path=(*slot.path, "")) if others and slot.first > leaf.column else slot


def _is_spurious(grid: Grid, group: Cell, column: int, rows: Sequence[int], stop: int) -> bool:
    """True for an empty column, drawn by a doubled rule, under the heading of a group whose columns have their own."""
    if group.column_span == 1:
        return False
    below = [row for row in rows if row >= group.row + group.row_span]
    columns = range(group.column, group.column + group.column_span)
    if not any(grid.text_at(row, other) for row in below for other in columns):
        return False
    data = (grid.places[row][column] for row in range(stop, grid.table.rows))
    return not any(cell is not None and cell.column == column and plain(cell.text) for cell in data)


def _with_roles(form: Form, grid: Grid, slots: list[Slot], stop: int) -> list[Slot]:
    """Keys are told by their lowest heading; then blocks, and with them the sides, follow from their order."""
    found: list[Slot] = []
    block, after_money = 0, False
    for slot, role in zip(slots, _roles(form, grid, slots, stop), strict=True):
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


def _roles(form: Form, grid: Grid, slots: Sequence[Slot], stop: int) -> list[Role]:
    """What each column is by its own headings.

    A heading that is not known stands over names where its column holds words: over keys if amounts follow on its
    right (按功能分类, 三公经费项目), else over remarks.
    """
    found: list[Role] = []
    money_follows = False
    for slot in reversed(slots):
        role: Role = "unknown" if not slot.path and _holds_amounts(grid, slot, stop) else slot.role
        if slot.path:
            role = key_role(slot.heading) or "unknown"
            if role == "unknown" and any(stands_aside(form, text) for text in slot.path):
                role = "aside"
            elif role == "unknown" and match_column(form, slot.path, "") is None and _holds_words(grid, slot, stop):
                role = "key" if money_follows else "remark"
        money_follows = (money_follows or role == "unknown") and role not in KEYS
        found.append(role)
    return found[::-1]


def _holds_amounts(grid: Grid, slot: Slot, stop: int) -> bool:
    """True if a column prints numbers that are no codes and no ordinals."""
    return any(has_number([cell]) and not is_digits(cell.text) for cell in _data_of(grid, slot, stop))


def _data_of(grid: Grid, slot: Slot, stop: int) -> list[Cell]:
    cells = (cell for row in grid.starting[stop:] for cell in row if slot.first <= cell.column < slot.stop)
    return [cell for cell in cells if not is_nothing(cell.text)]


def _holds_words(grid: Grid, slot: Slot, stop: int) -> bool:
    filled = _data_of(grid, slot, stop)
    return bool(filled) and not any(char.isdecimal() for cell in filled for char in cell.text)
