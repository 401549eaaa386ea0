"""Mistakes of a reader, made on purpose: each takes a page as read and gives it back with one thing wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from pipeline.model import Cell, Page, RawTable

AMOUNT = re.compile(r"-?[\d,]*\d\.\d\d")


def changed_digit(page: Page, rng: random.Random) -> Page:
    cell = _one(page, rng, lambda cell: AMOUNT.fullmatch(cell.text))
    at = rng.choice([index for index, char in enumerate(cell.text) if char.isdigit()])
    digit = rng.choice([d for d in "0123456789" if d != cell.text[at]])
    return _with(page, {cell: cell.text[:at] + digit + cell.text[at + 1 :]})


def lost_digit(page: Page, rng: random.Random) -> Page:
    cell = _one(page, rng, lambda cell: AMOUNT.fullmatch(cell.text))
    at = rng.choice([index for index, char in enumerate(cell.text) if char.isdigit()])
    return _with(page, {cell: cell.text[:at] + cell.text[at + 1 :]})


def lost_sign(page: Page, rng: random.Random) -> Page:
    cell = _one(page, rng, lambda cell: AMOUNT.fullmatch(cell.text) and cell.text.startswith("-"))
    return _with(page, {cell: cell.text[1:]})


def lost_character(page: Page, rng: random.Random) -> Page:
    cell = _one(page, rng, lambda cell: re.search("[一-龥]{2}", cell.text))
    at = rng.choice([index for index, char in enumerate(cell.text) if "一" <= char <= "龥"])
    return _with(page, {cell: cell.text[:at] + cell.text[at + 1 :]})


def lost_number(page: Page, rng: random.Random) -> Page:
    return _with(page, {_one(page, rng, lambda cell: AMOUNT.fullmatch(cell.text)): ""})


def fused_numbers(page: Page, rng: random.Random) -> Page:
    left, right = _neighbours(page, rng, lambda cell: AMOUNT.fullmatch(cell.text))
    return _with(page, {left: left.text + right.text, right: ""})


def swapped_numbers(page: Page, rng: random.Random) -> Page:
    left, right = _neighbours(page, rng, lambda cell: AMOUNT.fullmatch(cell.text), differ=True)
    return _with(page, {left: right.text, right: left.text})


def merged_cells(page: Page, rng: random.Random) -> Page:
    left, right = _neighbours(page, rng, lambda cell: cell.text)
    box = left.box._replace(x1=right.box.x1)
    one = replace(left, box=box, text=left.text + right.text, column_span=left.column_span + right.column_span)
    return _with_cells(page, lambda cell: one if cell == left else None if cell == right else cell)


def shifted_row(page: Page, rng: random.Random) -> Page:
    """The texts of one row and the next change places."""
    table, row = rng.choice([(t, row) for t in page.tables for row in range(t.rows - 1) if _differ(t, row)])
    above, below = _row(table, row), _row(table, row + 1)
    return _with(page, {above[c]: below[c].text for c in above} | {below[c]: above[c].text for c in above})


def lost_table(page: Page, rng: random.Random) -> Page:
    return replace(page, tables=())


MISTAKES: tuple[Callable[[Page, random.Random], Page], ...] = (
    changed_digit, lost_digit, lost_sign, lost_character, lost_number, fused_numbers, swapped_numbers, merged_cells,
    shifted_row, lost_table,
)  # fmt: skip


def _row(table: RawTable, row: int) -> dict[int, Cell]:
    return {cell.column: cell for cell in table.cells if cell.row == row and cell.row_span == cell.column_span == 1}


def _differ(table: RawTable, row: int) -> bool:
    above, below = _row(table, row), _row(table, row + 1)
    return above.keys() == below.keys() and any(
        AMOUNT.fullmatch(c.text) and c.text != below[n].text for n, c in above.items()
    )


def _one(page: Page, rng: random.Random, fits: Callable[[Cell], object]) -> Cell:
    return rng.choice([cell for table in page.tables for cell in table.cells if fits(cell)])


def _neighbours(
    page: Page, rng: random.Random, fits: Callable[[Cell], object], *, differ: bool = False
) -> tuple[Cell, Cell]:
    return rng.choice(
        [
            (cell, other)
            for table in page.tables
            for cell, other in zip(table.cells, table.cells[1:], strict=False)
            if fits(cell) and fits(other) and cell.row == other.row and cell.row_span == other.row_span
            and not (differ and cell.text == other.text)
        ]
    )  # fmt: skip


def _with(page: Page, texts: dict[Cell, str]) -> Page:
    return _with_cells(page, lambda cell: replace(cell, text=texts[cell]) if cell in texts else cell)


def _with_cells(page: Page, change: Callable[[Cell], Cell | None]) -> Page:
    def changed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(new for cell in cells if (new := change(cell)) is not None)

    return replace(page, tables=tuple(replace(table, cells=changed(table.cells)) for table in page.tables))
