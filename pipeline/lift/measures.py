"""Which declared column each money column of a table is, by the headings above it."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.lift.vocabulary import YEAR, heading_word, match_column, sides_of
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.forms import Column, Form
    from pipeline.lift.grid import Grid
    from pipeline.lift.slots import Slot


def with_measures(form: Form, slots: list[Slot], grid: Grid, rows: Sequence[int]) -> list[Slot]:
    """The slots with the side of their block and, where their headings are known, the declared column."""
    sides = sides_of_blocks(form, slots)
    found = []
    for slot in slots:
        side, path = sides[slot.block], slot.path
        match = match_column(form, path, side) if slot.role == "unknown" else None
        if slot.role == "unknown" and slot.heading and (match is None or _says(match[1]) < 2):
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


def with_near_groups(form: Form, slots: list[Slot]) -> list[Slot]:
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


def unique_columns(form: Form, slots: list[Slot]) -> tuple[Slot, ...]:
    """Where two columns of a block fit the same declared one, the later year and the preferred path win.

    Columns of earlier years stand aside; others that lose are unknown, and so are all that nothing tells apart.
    """
    ranks: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    own: list[tuple[int, int, int]] = []
    for slot in slots:
        match = match_column(form, slot.path, slot.side) if slot.column else None
        unknown = sum(not heading_word(form, text) for text in slot.path)
        own.append((-_year_of(slot.path), unknown, match[0] if match else 0))
        ranks.setdefault((slot.block, id(slot.column)), []).append(own[-1])
    found = []
    for slot, rank in zip(slots, own, strict=True):
        others = ranks[slot.block, id(slot.column)]
        if slot.column is None or (rank == min(others) and others.count(rank) == 1):
            found.append(slot)
        else:
            is_older = rank[0] > min(others)[0]
            found.append(replace(slot, column=None, role="aside" if is_older else "unknown"))
    return tuple(found)


def _filled_from_left(grid: Grid, rows: Sequence[int], column: int) -> tuple[str, ...]:
    """The headings of a column where merged cells were drawn without merging: a gap over a heading is what stands left.

    Only above the column's own lowest heading, below which an empty place is empty; and not from outside the group
    that the heading above begins.
    """
    texts = [grid.text_at(row, column) for row in rows]
    lowest = max((index for index, text in enumerate(texts) if text), default=-1)
    begin = 0
    for index, row in enumerate(rows[:lowest]):
        source = next((other for other in range(column, begin - 1, -1) if grid.text_at(row, other)), None)
        if source is not None:
            texts[index], begin = grid.text_at(row, source), source
    return tuple(dict.fromkeys(text for text in texts if text))


def _year_of(path: Iterable[str]) -> int:
    return max((int(found["year"]) for text in path if (found := YEAR.search(plain(text)))), default=0)
