"""Rows of a table become segments: a key (codes and a name) with the money cells that belong to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.lift.codes import is_digits, split_glued
from pipeline.lift.grid import has_number, is_note, is_numbering, is_remark, texts_of
from pipeline.lift.numbers import is_nothing
from pipeline.lift.vocabulary import names_of
from pipeline.reference import codes_of_names
from pipeline.wording import bare, plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.forms import Form
    from pipeline.lift.grid import Grid
    from pipeline.lift.recognise import Found, Part
    from pipeline.lift.slots import Slot
    from pipeline.model import Cell

    CodePlaces = dict[int, tuple[float, ...]]

_HEADING_LEFTOVERS = frozenset({"类", "款", "项", "类款项", "类款"})
_FILLER = frozenset({"", "...", "......", "…", "……", "-", "--", "---"})
_APART = 5.0  # points; columns of codes are wider, edges of one column are not so far off
_CAPTION_WORDS = ("单位:", "部门:", "续表")


@dataclass(slots=True)
class Segment:
    """What one row prints in one block: `codes` one a column in use, the `name`, and the money cells by column.

    `confidence` is that of the least sure of the cells that print codes and name.
    """

    row: int
    block: int
    side: str
    codes: list[str] = field(default_factory=list)
    name: str = ""
    unreadable_code: str = ""
    cells: list[tuple[Slot, Cell]] = field(default_factory=list)
    confidence: float = 1.0

    @property
    def has_key(self) -> bool:
        """True if a code or a name is printed."""
        return bool(self.name or any(self.codes) or self.unreadable_code)

    @property
    def has_number(self) -> bool:
        """True if a money cell prints anything but a sign for nothing."""
        return any(not is_nothing(cell.text) for _, cell in self.cells)


def read_rows(found: Found) -> tuple[list[Segment], list[str]]:
    """All segments of a form in reading order, and the remarks that stand inside its grid.

    `Segment.row` counts the printed rows of the form from 1.
    """
    places = _code_places(found) if found.form.codes else {}
    segments: list[Segment] = []
    remarks: list[str] = []
    number = 0
    for part in found.parts:
        slots = _by_column(part)
        goes_on = bool(segments)
        for row in range(part.start, part.grid.table.rows):
            cells = part.grid.starting[row]
            if is_remark(cells) or _only_notes(cells):
                remarks += [cell.text for cell in cells if cell.text.strip()]
            elif not _says_nothing(cells) and not _is_heading(cells, part):
                new = _segments(found.form, part.grid, row, slots, places)
                if goes_on:
                    new = _without_torn(segments, new)
                goes_on = False
                for segment in new:
                    segment.row = number + 1
                number += bool(new)
                segments += new
    return _joined(found.form, segments), remarks


def _without_torn(before: Sequence[Segment], first: list[Segment]) -> list[Segment]:
    """The first segments of a page, less those that are the rest of a row whose name ends the page before.

    Where a page breaks within a row, the name may stand on the one page and amounts on the other: amounts without a
    name, none of them under a heading where the row already has one.
    """
    last = {segment.block: segment for segment in before if segment.row == before[-1].row}
    kept = []
    for segment in first:
        name = last.get(segment.block)
        here = [(slot, cell) for slot, cell in segment.cells if not is_nothing(cell.text)]
        taken = {slot.start for slot, cell in name.cells if not is_nothing(cell.text)} if name else set()
        if name and name.has_key and here and not segment.has_key and not any(slot.start in taken for slot, _ in here):
            torn = {slot.start for slot, _ in here}
            name.cells = [(slot, cell) for slot, cell in name.cells if slot.start not in torn] + here
        else:
            kept.append(segment)
    return kept


def _only_notes(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if cell.text.strip()]
    return bool(filled) and all(is_note(cell.text) for cell in filled)


def _says_nothing(cells: Iterable[Cell]) -> bool:
    return all(text in _FILLER for text in texts_of(cells))


def _is_heading(cells: Sequence[Cell], part: Part) -> bool:
    """True for headings and captions repeated between the data, and for a second row of column numbers."""
    texts = texts_of(cells)
    if has_number(cells):
        return is_numbering(cells) and ("栏次" in texts or set(texts) <= part.heading_texts)
    repeated = len(texts) > 1 and set(texts) <= part.heading_texts
    return repeated or any(text.startswith(_CAPTION_WORDS) or "单位:" in text for text in texts)


def _by_column(part: Part) -> dict[int, Slot]:
    return {column: slot for slot in part.slots for column in range(slot.first, slot.stop)}


def _code_places(found: Found) -> CodePlaces:
    """Where in each block codes or parts of codes are printed, from left to right: 类 | 款 | 项 may share a heading.

    Told by their place across the table, since pages of one table may be cut into columns differently.
    """
    middles: dict[int, list[float]] = defaultdict(list)
    for part in found.parts:
        slots = _by_column(part)
        for row in range(part.start, part.grid.table.rows):
            for cell in part.grid.starting[row]:
                slot = slots.get(cell.column)
                if slot and slot.role in {"code", "name", "key"} and is_digits(cell.text):
                    middles[slot.block].append(_middle(part.grid, cell))
    return {
        block: tuple(place for before, place in pairwise([-_APART, *sorted(places)]) if place - before >= _APART)
        for block, places in middles.items()
    }


def _middle(grid: Grid, cell: Cell) -> float:
    return sum(grid.across(cell.box)) / 2


def _segments(form: Form, grid: Grid, row: int, slots: dict[int, Slot], places: CodePlaces) -> list[Segment]:
    """The segments of one row.

    A block whose key is covered by a name that begins further left belongs to that name: 公用经费合计 is drawn over
    two blocks and has its amount in the second. A name over both sides of a table with codes is on none of them.
    """
    segments: dict[int, Segment] = {}
    placed = [(slot, cell) for cell in grid.starting[row] if (slot := slots.get(cell.column))]
    keyed = {slot.block for slot, _ in placed if slot.is_key}
    with_keys = {slot.block for slot in slots.values() if slot.is_key}
    current: Segment | None = None
    for slot, cell in placed:
        if current is None or slot.block in keyed or slot.block not in with_keys:
            current = segments.setdefault(slot.block, Segment(row, slot.block, slot.side))
        if slot.is_key:
            if cell.text.strip():
                current.confidence = min(current.confidence, cell.confidence)
            if form.codes:
                if _names_row(form, slot, cell):
                    if len({other.side for other in _keys_under(cell, slots)}) > 1:
                        current.side = ""
                    _add_key(current, slot, cell, _middle(grid, cell), places.get(slot.block, ()))
            elif _names_row(form, slot, cell) and cell.text.strip() and not is_digits(cell.text):
                current.name = squeeze(cell.text)
        elif slot.role not in {"remark", "aside"}:
            current.cells.append((slot, cell))
    found = [segment for segment in segments.values() if segment.has_key or segment.has_number]
    return _with_far_totals(form, found)


def _keys_under(cell: Cell, slots: dict[int, Slot]) -> list[Slot]:
    columns = range(cell.column, cell.column + cell.column_span)
    return [slots[column] for column in columns if column in slots and slots[column].is_key]


def _names_row(form: Form, slot: Slot, cell: Cell) -> bool:
    """True for a key that tells the line. Ordinals and units' names do not, but 合计 may begin in their column.

    Where rows have no codes, the unit's name says whose row it is.
    """
    if slot.role == "entity" and not form.codes:
        return True
    return slot.role not in {"ordinal", "entity"} or bare(cell.text) in names_of(form)


def _add_key(segment: Segment, slot: Slot, cell: Cell, middle: float, places: tuple[float, ...]) -> None:
    text = plain(cell.text)
    if not text or text in _HEADING_LEFTOVERS:
        return
    code, name = split_glued(cell.text)
    if is_digits(text):
        segment.codes = segment.codes or [""] * len(places)
        nearest = min(range(len(places)), key=lambda index: abs(places[index] - middle))
        segment.codes[nearest] = text
    elif code:
        segment.codes = [code]
        segment.name = name
    elif slot.role == "code" and any(char.isdecimal() for char in text):
        segment.unreadable_code = text
    else:
        segment.name = squeeze(cell.text)


def _with_far_totals(form: Form, segments: list[Segment]) -> list[Segment]:
    """A total whose amount stands in the last of several blocks, with cells drawn but not merged between."""
    kept: list[Segment] = []
    for segment in segments:
        before = kept[-1] if kept else None
        if (
            form.codes
            and before
            and not segment.has_key
            and not before.has_number
            and bare(before.name) in names_of(form)
        ):
            before.cells = segment.cells
            before.side = before.side if before.side == segment.side else ""
        else:
            kept.append(segment)
    return kept


def _joined(form: Form, segments: list[Segment]) -> list[Segment]:
    """Names that wrap over rows of the grid, put together where the whole is a known name.

    A row with nothing but an unknown piece of a name belongs to the row above or below it; which one is known only
    from the names that the two then make.
    """
    blocks: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        if segment.has_key:
            blocks[segment.block].append(segment)
    dropped: set[int] = set()
    for column in blocks.values():
        for index, piece in enumerate(column):
            if any(piece.codes) or piece.has_number or not piece.name or _is_known(form, piece.name):
                continue
            above = column[index - 1] if index else None
            below = column[index + 1] if index + 1 < len(column) else None
            if above and id(above) not in dropped and _is_known(form, above.name + piece.name):
                above.name += piece.name
            elif below and any(
                _is_known(form, "".join(other.name for other in column[index : index + count])) for count in (2, 3)
            ):
                below.name = piece.name + below.name
            else:
                continue
            dropped.add(id(piece))
    return [segment for segment in segments if id(segment) not in dropped]


def _is_known(form: Form, name: str) -> bool:
    return bare(name) in names_of(form) or (bool(form.codes) and bare(name) in codes_of_names(form.codes))
