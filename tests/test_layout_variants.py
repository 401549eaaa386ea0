"""The same tables drawn differently give the same facts: merged cells lost, columns doubled, names letter-spaced."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from pipeline.document import read_forms
from pipeline.head import read_head
from pipeline.model import Box, Cell, Source
from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch
from tests.city.make import REPORTS

FILES = [
    "2024/hotline.pdf",
    "2022/petition.pdf",
    "2023/bureau.pdf",
    "2023/library.pdf",
    "2022/theatre.pdf",
    "2022/rescue.pdf",
]
"""One report of each layout of the sample city."""


@cache
def tables_of(file):
    data = (REPORTS / file).read_bytes()
    pages, _ = read_pages(data, file)
    tables = stitch(pages)
    return tables, read_head(pages, tables, Source(file))[0]


def facts_of(tables, head):
    return sorted((fact.form, fact.line, fact.measure, fact.printed, fact.page) for fact in read_forms(tables, head)[1])


def not_merged(table, _):
    """Merged cells as empty cells drawn one by one."""
    cells = []
    for cell in table.cells:
        places = [
            (row, column)
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        ]
        cells += [
            replace(cell, row=row, column=column, row_span=1, column_span=1, text=cell.text if first else "")
            for (row, column), first in ((place, place == places[0]) for place in places)
        ]
    return replace(table, cells=tuple(cells))


def moved(cells, place):
    """Cells with one grid column more at a place; those that begin further left reach over it."""
    for cell in cells:
        if cell.column >= place:
            yield replace(cell, column=cell.column + 1)
        elif cell.column + cell.column_span > place:
            yield replace(cell, column_span=cell.column_span + 1)
        else:
            yield cell


def with_a_doubled_rule(table, rng):
    """A column of no width between two others, as a rule drawn twice makes it."""
    place = rng.randrange(1, table.columns)
    left = min(cell.box.x0 for cell in table.cells if cell.column == place)
    cells = list(moved(table.cells, place))
    covered = {row for cell in cells if cell.column < place + 1 and cell.column + cell.column_span > place
               for row in range(cell.row, cell.row + cell.row_span)}  # fmt: skip
    empty = Box(left, table.box.top, left + 0.5, table.box.bottom)
    cells += [Cell(table.page, empty, row, place, "") for row in range(table.rows) if row not in covered]
    return replace(table, columns=table.columns + 1, cells=tuple(cells))


def with_a_split_column(table, rng):
    """Every cell of one column over two columns of the grid, as an edge further up or down makes it."""
    place = rng.randrange(1, table.columns + 1)
    return replace(table, columns=table.columns + 1, cells=tuple(
        replace(cell, column_span=cell.column_span + 1) if cell.column + cell.column_span == place else cell
        for cell in moved(table.cells, place)
    ))  # fmt: skip


def letter_spaced(table, _):
    return replace(table, cells=tuple(replace(cell, text=" ".join(cell.text)) for cell in table.cells))


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("change", [not_merged, with_a_doubled_rule, with_a_split_column, letter_spaced])
def test_the_same_facts(file, change):
    tables, head = tables_of(file)
    expected = facts_of(tables, head)
    assert len(expected) > 300
    rng = random.Random(file)
    changed = [replace(table, parts=tuple(change(part, rng) for part in table.parts)) for table in tables]
    assert facts_of(changed, head) == expected
