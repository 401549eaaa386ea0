"""Raw tables written down as lists of rows, for tests of what is made of tables."""

from __future__ import annotations

from itertools import count

from pipeline.model import Box, Cell, RawTable, Table, TextLine

LEFT, ABOVE = "<", "^"
"""Places covered by the cell to the left or above."""

WIDTH, HEIGHT = 60.0, 15.0


def raw_table(rows, page=1, edges=None):
    """A raw table; rows are lists of texts or one text with `|` between the cells."""
    rows = [[text.strip(" ") for text in row.split("|")] if isinstance(row, str) else row for row in rows]
    columns = max(map(len, rows))
    edges = edges or [50 + WIDTH * column for column in range(columns + 1)]
    cells = []
    for r, row in enumerate(rows):
        assert len(row) == columns, row
        for c, text in enumerate(row):
            if text in {LEFT, ABOVE}:
                continue
            right = next((n for n in range(c + 1, columns) if row[n] != LEFT), columns)
            down = next((n for n in count(r + 1) if n == len(rows) or any(t != ABOVE for t in rows[n][c:right])), r + 1)
            box = Box(edges[c], 100 + HEIGHT * r, edges[right], 100 + HEIGHT * down)
            cells.append(Cell(page, box, r, c, text, down - r, right - c))
    return RawTable(page, Box(edges[0], 100, edges[-1], 100 + HEIGHT * len(rows)), len(rows), columns, tuple(cells))


def lines(*texts, page=1, top=20.0):
    return tuple(TextLine(page, Box(50, top + 12 * n, 500, top + 12 * n + 10), text) for n, text in enumerate(texts))


def table(rows, *captions, notes=(), page=1):
    """A table of one part with the lines above and below it."""
    part = raw_table(rows, page)
    return Table((part,), lines(*captions, page=page), lines(*notes, page=page, top=part.box.bottom + 5))
