"""Cells become a grid: each rectangle gets its row, column and spans, and the text printed inside it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.model import Box, Cell, RawTable
from pipeline.read.ink import frame_of
from pipeline.read.text import Line, lines_by_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.read.glyphs import Floats, Glyphs, Integers

RUN_GAP = 0.1
"""Glyphs no further apart than this share of their height were set as one text."""

SEAM = 5.0
"""Edges nearer than this (points), with no text between them, are one: no type is so small, but rules are doubled."""

_MARK_STARTS = frozenset("-—–－‐·~第")
_NOWHERE = -1  # no cell
_DIGITS = re.compile(r"-?\d[\d,]*")
_PAGE_MARK = re.compile(r"[-—–－‐·~]+\s*\d{1,4}\s*[-—–－‐·~]+|第\s*\d{1,4}\s*页(\s*[,，/]?\s*共\s*\d{1,4}\s*页)?")


class Filled(NamedTuple):
    """A grid with its text, and the lines inside its frame that belong to no cell.

    `furniture` are page numbers printed over the table, `lost` everything else.
    """

    table: RawTable
    furniture: tuple[Line, ...]
    lost: tuple[Line, ...]


def is_page_mark(text: str) -> bool:
    """True for a page number in its usual dress: `— 13 —`, `第 3 页`, `第3页 共9页`."""
    return text.lstrip()[:1] in _MARK_STARTS and _PAGE_MARK.fullmatch(text.strip()) is not None


def fill(boxes: Sequence[Box], glyphs: Glyphs, page: int) -> Filled:
    """The grid of these cell boxes of one table, with the text of the glyphs that lie in its frame."""
    boxes, xs, ys = _without_seams(boxes, glyphs)
    owners, places = _owners(boxes, xs, ys)
    lines = lines_by_place(glyphs, _settled(glyphs, _cell_at(glyphs, owners, xs, ys)))
    furniture: list[Line] = []
    cells: list[Cell] = []
    for index, (box, row, column, *spans) in sorted(enumerate(places), key=lambda place: place[1][1:3]):
        own = lines.get(index, ())
        furniture += [line for line in own if is_page_mark(line.text)]
        text = "\n".join([line.text for line in own if not is_page_mark(line.text)])
        cells.append(Cell(page, box, row, column, text, *spans))
    table = RawTable(page, frame_of(boxes), len(ys) - 1, len(xs) - 1, tuple(cells))
    outside = lines.get(_NOWHERE, [])
    furniture += [line for line in outside if is_page_mark(line.text)]
    return Filled(table, tuple(furniture), tuple(line for line in outside if not is_page_mark(line.text)))


def _without_seams(boxes: Sequence[Box], glyphs: Glyphs) -> tuple[Sequence[Box], list[float], list[float]]:
    """The boxes, and the edges of their columns and rows, where no blank strips part these any more."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    sides, levels = sorted({*lefts, *rights}), sorted({*tops, *bottoms})
    at_x, at_y = (_one_for_seams(*edges) for edges in zip((sides, levels), glyphs.centres, strict=True))
    if not at_x and not at_y:
        return boxes, sides, levels
    moved = [Box(*(at.get(edge, edge) for at, edge in zip((at_x, at_y) * 2, box, strict=True))) for box in boxes]
    kept = [box for box in moved if box.x0 < box.x1 and box.top < box.bottom]
    return kept, sorted({at_x.get(x, x) for x in sides}), sorted({at_y.get(y, y) for y in levels})


def _one_for_seams(edges: Sequence[float], centres: Floats) -> dict[float, float]:
    """For the edges beside blank strips, the one that stands for them."""
    one_for: dict[float, float] = {}
    for low, high in pairwise(edges):
        if high - low < SEAM and not ((low <= centres) & (centres < high)).any():
            one_for[high] = one_for.get(low, low)
    return one_for


def _owners(
    boxes: Sequence[Box], xs: Sequence[float], ys: Sequence[float]
) -> tuple[Integers, list[tuple[Box, int, int, int, int]]]:
    """Which cell covers each place of the grid (_NOWHERE: none); and each cell's box, row, column and spans."""
    column_at, row_at = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    owners = [[_NOWHERE] * (len(xs) - 1) for _ in ys[1:]]
    places: list[tuple[Box, int, int, int, int]] = []
    for box in sorted(boxes, key=_area):
        row, column = row_at[box.top], column_at[box.x0]
        bottom, right = row_at[box.bottom], column_at[box.x1]
        covered, free = owners[row:bottom], [_NOWHERE] * (right - column)
        # crooked rules can make a large rectangle around smaller ones: the smaller ones are the cells
        if all(line[column:right] == free for line in covered):
            for line in covered:
                line[column:right] = [len(places)] * (right - column)
            places.append((box, row, column, bottom - row, right - column))
    return np.array(owners, dtype=np.intp), places


def _cell_at(glyphs: Glyphs, owners: Integers, xs: Sequence[float], ys: Sequence[float]) -> Integers:
    """The cell in which the middle of each glyph lies."""
    x, y = glyphs.centres
    row, column = np.searchsorted(ys, y, side="right") - 1, np.searchsorted(xs, x, side="right") - 1
    inside = (row >= 0) & (column >= 0) & (row < owners.shape[0]) & (column < owners.shape[1])
    return np.where(inside, owners[np.where(inside, row, 0), np.where(inside, column, 0)], _NOWHERE)


def run_starts(glyphs: Glyphs) -> Integers:
    """Where the runs begin: glyphs that were printed one right behind the other."""
    gaps = np.abs(glyphs.boxes[1:, 0] - glyphs.boxes[:-1, 2])
    apart = (np.diff(glyphs.baselines) != 0) | (gaps > RUN_GAP * glyphs.heights[:-1])
    return np.flatnonzero(np.concatenate(([True], apart)))


def _settled(glyphs: Glyphs, cells: Integers) -> Integers:
    """The cell of each glyph: a name too long for its cell runs on beneath the next one, where spreadsheets hide it.

    Glyphs that were printed one behind the other, as one text with Han characters or as one number, belong to one cell.
    """
    if not len(cells):
        return cells
    starts = run_starts(glyphs)
    parted = np.minimum.reduceat(cells, starts) != np.maximum.reduceat(cells, starts)
    ends = np.append(starts[1:], len(cells))
    settled = cells.copy()
    for start, end in zip(starts[parted].tolist(), ends[parted].tolist(), strict=True):
        for first, last in _whole("".join(glyphs.texts[start:end]), end - start):
            own = slice(start + first, start + last)
            settled[own] = Counter(cells[own].tolist()).most_common(1)[0][0]
    return settled


def _whole(text: str, length: int) -> list[tuple[int, int]]:
    """The parts of a run, from and to which of its glyphs, that no cell's edge can part: words, or each number."""
    if any("\u4e00" <= char <= "\u9fff" for char in text) or _DIGITS.fullmatch(text):
        return [(0, length)]
    # numbers that fill their cells touch: all of a table print as many decimals
    decimals = len(text) - 1 - text.rfind(".")
    amount = rf"-?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)\.\d{{{decimals}}}"
    if len(text) == length and decimals and re.fullmatch(f"(?:{amount})+", text):
        return [found.span() for found in re.finditer(amount, text)]
    return []


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)
