"""Tables without vertical rules: where on the page they are, from heading to last row.

Rows in which white space parts figures from other pieces are the body; the lines above them, up to a caption or to
prose, are the heading. Whether it is a table at all is decided by `evidence`, what its cells are by `columns` and
`lattice`. A table that goes on from the page before has the columns that it had there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.read import ruling
from pipeline.read.blocks import LINE_PITCH, NEARER, Region
from pipeline.read.columns import Interval, column_edges, columns_of
from pipeline.read.evidence import Signs, is_table
from pipeline.read.grid import is_page_mark
from pipeline.read.lattice import cells_of
from pipeline.read.pieces import rows_of_pieces, split, with_tails

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box
    from pipeline.read.glyphs import Glyphs
    from pipeline.read.ink import Ink, Rule
    from pipeline.read.pieces import Piece, Row
    from pipeline.read.text import Line

ROW_STEP = 4.5
"""Rows of one table stand no further apart than this many times their type size."""

PROSE = 0.5
"""A piece wider than this share of the page is a sentence, not what stands in a cell."""

ALIGNED = 1.5
"""Sides and middles of pieces nearer than this (points) are one."""

_UNIT = re.compile(r".*(金额)?单位[:：].*元.*|.*[(（](单位|金额)?[:：]?(人民币)?[百千万亿]*元[)）].*")
_CAPTION = re.compile(
    r"(编制|填报|编报|预算|公开)?(单位|部门)(名称)?[:：].*|.*单位[:：].*|.*表([（(].*[）)])?"
    r"|(公开|附|财决)?\s?(\d{1,2}\s?表|表\s?[\d一二三四五六七八九十]{1,2})"
)
_NOTE = re.compile(r"(注|备注|说明|附注|注释)\d?\s?[:：.、].*")
_LEADERS = re.compile(r"[.．·…。]{4,}")
_WIDE = "  "


@dataclass(frozen=True, slots=True)
class Earlier:
    """The last table of the page before, turned upright: its columns' edges and the texts of its cells."""

    edges: tuple[float, ...]
    texts: frozenset[str]

    def fits(self, rows: Sequence[Row]) -> bool:
        """True if all pieces of these rows lie side by side in these columns."""
        for row in rows:
            places = [columns_of(piece, self.edges) for piece in split(row, self.edges).pieces]
            if any(one.stop > other.start for one, other in pairwise(places)):
                return False
            if row.pieces[0].x0 < self.edges[0] - ruling.SNAP or row.pieces[-1].x1 > self.edges[-1] + ruling.SNAP:
                return False
        return len(self.edges) > len("abc")

    def repeats(self, row: Row) -> bool:
        """True if a row prints nothing but what is printed there too."""
        return all(any(piece.text in text for text in self.texts) for piece in row.pieces)


def may_hold_table(lines: Sequence[Line], *, continues: bool) -> bool:
    """False for pages of prose, at once: a table has two lines, at least, with wide white space in them.

    One line at the top will do if a table may go on from the page before.
    """
    wide = [index for index, line in enumerate(lines) if _WIDE in line.text]
    return len(wide) > 1 or (continues and wide[:1] in ([0], [1]))


def find_tables(ink: Ink, glyphs: Glyphs, frames: Sequence[Box], earlier: Earlier | None = None) -> list[list[Box]]:
    """The cells of each table that the glyphs outside the ruled tables' frames make, on an upright page."""
    rows = [row for row in rows_of_pieces(glyphs) if not is_page_mark(row.text)]
    rules = [
        rule
        for rule in ruling.merge(ink.across)
        if not any(f.x0 < rule.stop and f.x1 > rule.start and f.top - 1 <= rule.at <= f.bottom + 1 for f in frames)
    ]
    found = [_table(rows, start, stop, rules, ink, earlier) for start, stop in _groups(rows, ink.width, frames)]
    return [cells for cells in found if cells]


def _groups(rows: Sequence[Row], width: float, frames: Sequence[Box]) -> list[tuple[int, int]]:
    """Runs of rows that may be one table, from its first row with pieces side by side to its last."""
    groups: list[tuple[int, int]] = []
    start, last = -1, -1
    for index, row in enumerate(rows):
        ends = _is_caption(row) or _is_prose(row, width)
        if start >= 0 and (ends or not _follows(rows[index - 1], row, frames)):
            groups.append((start, last + 1))
            start = -1
        if not ends and _has_columns(row):
            start = index if start < 0 else start
            last = index
    return [*groups, (start, last + 1)] if start >= 0 else groups


def _has_columns(row: Row) -> bool:
    return len(row.pieces) > len("ab") or (len(row.pieces) > 1 and row.numbers > 0)


def _follows(above: Row, below: Row, frames: Sequence[Box]) -> bool:
    step = below.baseline - above.baseline
    between = any(above.baseline < (frame.top + frame.bottom) / 2 < below.baseline for frame in frames)
    return step <= ROW_STEP * max(above.size, below.size) and not between


def _is_caption(row: Row) -> bool:
    return any(_CAPTION.fullmatch(piece.text) or _NOTE.fullmatch(piece.text) for piece in row.pieces)


def _is_prose(row: Row, width: float) -> bool:
    return any(piece.x1 - piece.x0 > PROSE * width for piece in row.pieces) or bool(_LEADERS.search(row.text))


def _table(  # noqa: PLR0917 - a stretch of rows, and what else is on the page
    rows: Sequence[Row], start: int, stop: int, rules: Sequence[Rule], ink: Ink, earlier: Earlier | None
) -> list[Box]:
    """The cells of one group of rows, with the heading above and the rows without figures below; [] if no table."""
    first = next((i for i in range(start, stop) if rows[i].numbers), stop)
    top = start
    while top > 0 and _leads(rows[top - 1], rows[top], ink.width):
        top -= 1
    money_unit = any(_UNIT.search(row.text) for row in rows[max(0, top - 3) : top])
    bars = _rules_around(rules, rows[top:stop])
    sides = Interval(bars[0].start, bars[0].stop) if bars else None
    continues = earlier is not None and top <= 1 and earlier.fits(rows[top:stop])
    if earlier is not None and continues:
        first = next((i for i in range(top, first) if not earlier.repeats(rows[i])), first)
        edges = list(earlier.edges)
    else:
        first = _first_of_body(rows[:stop], top, first, bars)
        edges = column_edges(rows[top:first], rows[first:stop], sides)
    header, body = rows[top:first], [split(row, edges) for row in rows[first:stop]]
    signs = Signs(money_unit, bool(bars) and bars[0].at < rows[top].bottom, continues)
    if not is_table(header, body, edges, signs):
        return []
    end = bars[-1].at if bars and bars[-1].at > rows[stop - 1].bottom - 1 else ink.height
    below = [split(row, edges) for row in rows[stop:] if row.baseline < end]
    if trailing := _trailing(below, [*header, *body], edges, ink.width):
        body += trailing
        edges = edges if continues else column_edges(header, body, sides)
    body = with_tails(body)
    return cells_of(_region(header, body, edges, bars, rules, ink))


def _first_of_body(rows: Sequence[Row], top: int, numbered: int, bars: Sequence[Rule]) -> int:
    """The first row below the heading: that of the first figures, or the first line of the name that they belong to.

    A rule parts heading and body; where there is none, the lines of a name stand flush, and nearer than the heading.
    """
    if numbered == len(rows):
        return numbered
    between = [bar.at for bar in bars if rows[top].baseline < bar.at < rows[numbered].baseline]
    if between:
        return next(i for i in range(top, numbered + 1) if rows[i].baseline > max(between))
    names = [piece for row in rows[numbered : numbered + 2] for piece in row.pieces if not piece.is_figure]
    first = numbered
    while first > top and _is_line_above(rows[first - 1], rows[first], names):
        first -= 1
    if top < first < numbered and _step(rows, first) > _step(rows, first + 1) + NEARER:
        return first
    return numbered


def _is_line_above(row: Row, below: Row, names: Sequence[Piece]) -> bool:
    near = below.baseline - row.baseline <= LINE_PITCH * row.size
    return near and all(any(abs(piece.x0 - name.x0) <= ALIGNED for name in names) for piece in row.pieces)


def _step(rows: Sequence[Row], index: int) -> float:
    """How far a row stands below the one before."""
    return rows[index].baseline - rows[index - 1].baseline


def _region(  # noqa: PLR0917 - rows, columns and what is drawn around them
    header: Sequence[Row],
    body: Sequence[Row],
    edges: Sequence[float],
    bars: Sequence[Rule],
    rules: Sequence[Rule],
    ink: Ink,
) -> Region:
    low, high = (header or body)[0].top, (body or header)[-1].bottom
    ys = [rule.at for rule in bars]
    shades = _shades(ink.fills, edges, body[0].top, high) if body else []
    ys += [y for y in shades if all(abs(y - bar) > ruling.SNAP for bar in ys)]
    partial = [
        rule
        for rule in rules
        if low < rule.at < high and rule not in bars and rule.start < edges[-1] and rule.stop > edges[0]
    ]
    return Region(tuple(header), tuple(body), tuple(edges), tuple(sorted(ys)), tuple(partial))


def _shades(fills: Sequence[Box], edges: Sequence[float], low: float, high: float) -> list[float]:
    """The upper and lower sides of shaded rows; a row may be shaded cell by cell."""
    width: dict[tuple[int, int], float] = {}
    for fill in fills:
        if fill.bottom > low and fill.top < high:
            row = round(fill.top), round(fill.bottom)
            width[row] = width.get(row, 0.0) + fill.x1 - fill.x0
    rows = [row for row, total in width.items() if total > 0.8 * (edges[-1] - edges[0])]
    sides = sorted({float(y) for row in rows for y in row})
    return [y for index, y in enumerate(sides) if not index or y - sides[index - 1] > ruling.SNAP]


def _leads(row: Row, below: Row, width: float) -> bool:
    """True for a line of the heading above another."""
    if _is_caption(row) or _is_prose(row, width) or not _follows(row, below, ()):
        return False
    return row.size <= 1.3 * below.size and not re.search(r"[。：:；]$", row.text)


def _rules_around(rules: Sequence[Rule], rows: Sequence[Row]) -> list[Rule]:
    """The most level rules of one length, as long as these rows or longer, above, in and below them; [] if but one."""
    best: list[Rule] = []
    reach = 2.5 * max(rows[0].size, rows[-1].size)
    start = min(row.pieces[0].x0 for row in rows) + ruling.SNAP
    stop = max(row.pieces[-1].x1 for row in rows) - ruling.SNAP
    near = [
        rule
        for rule in rules
        if rows[0].top - reach < rule.at < rows[-1].bottom + reach and rule.start <= start and rule.stop >= stop
    ]
    for rule in near:
        same = [r for r in near if abs(r.start - rule.start) <= ruling.SNAP and abs(r.stop - rule.stop) <= ruling.SNAP]
        best = max(best, same, key=len)
    return best if len(best) > 1 else []


def _trailing(below: Iterable[Row], above: Sequence[Row], edges: Sequence[float], width: float) -> list[Row]:
    """Rows below the last with pieces side by side that stand like those above: names without amounts, or with one."""
    found: list[Row] = []
    steps = [lower.baseline - upper.baseline for upper, lower in pairwise(above)]
    reach = 1.4 * max(steps, default=2 * above[-1].size)
    pieces = [piece for row in above for piece in row.pieces]
    last = above[-1]
    for row in below:
        if _is_caption(row) or _is_prose(row, width) or row.baseline - last.baseline > reach:
            break
        if not all(any(_stands_like(piece, other) for other in pieces) for piece in row.pieces):
            break
        if any(_reaches_over(piece, pieces, edges) for piece in row.pieces):
            break
        found.append(row)
        last = row
    return found


def _reaches_over(piece: Piece, others: Sequence[Piece], edges: Sequence[float]) -> bool:
    """True for what stands across columns, and not only across an edge that could as well lie further right."""
    columns = columns_of(piece, edges)
    return len(columns) > 1 and any(
        other.x0 < piece.x1 and columns_of(other, edges).start > columns.start for other in others
    )


def _stands_like(piece: Piece, other: Piece) -> bool:
    if piece.is_number and other.is_number and abs(piece.x1 - other.x1) <= ALIGNED:
        return True
    return abs(piece.x0 - other.x0) <= ALIGNED or abs(piece.middle - other.middle) <= ALIGNED
