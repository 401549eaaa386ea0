"""The statutory tables of one report as they are printed: rows in their order, their columns, findings marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from pipeline.forms import FORMS
from warehouse.explorer.places import BOX, Figure, figure
from warehouse.explorer.text import plain, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.forms import Form
    from warehouse.explorer.asked import Asked

    Record = Mapping[str, Any]
    Doubts = Mapping[tuple[str, str, str], Mapping[str, list[str]]]
    """Findings by form, line and measure of a cell, and by what they say of it: doubted or compared."""

_FLAG = Markup('<a class="flag" href="/findings/{}" title="这个数字疑有误">疑</a>')
_SIDES = ("income", "expenditure", "nature", "")


@dataclass(slots=True)
class Row:
    """A printed row: code of its subject ("" if it is none), its printed name, the HTML of its cells by measure."""

    code: str
    name: str
    level: int
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a table, or all of a table that has no sides; `measures` are titles of its columns by key.

    Its rows are HTML already: a report has hundreds, of which a template would make thousands of small pieces.
    """

    side: str
    measures: Mapping[str, str]
    body: Markup


@dataclass(frozen=True, slots=True)
class Table:
    """A form of the report: how it was read (rows of core.form_reading, none if it was not found), and its halves."""

    form: Form
    readings: Sequence[Mapping[str, Any]]
    halves: Sequence[Half]

    @property
    def is_narrow(self) -> bool:
        """Whether its halves have room beside one another."""
        return all(len(half.measures) <= 2 for half in self.halves)


def report_tables(asked: Asked, report_id: str, findings: Sequence[str]) -> list[Table]:
    """The tables of a report, in the order in which they are printed; those that were not found at the end.

    The cells of these `findings` are marked.
    """
    readings = defaultdict(list)
    for row in asked.rows(_READINGS, [report_id]):
        readings[row["form"]].append(row)
    cells = defaultdict(list)
    for row in sorted(asked.rows(_CELLS, [report_id]), key=itemgetter("form", "row_no", "line")):
        cells[row["form"]].append(row)
    doubts = _doubts(asked, report_id, findings) if findings else {}
    order = [*readings, *(form for form in FORMS if form not in readings)]
    return [
        Table(FORMS[form], readings.get(form, []), _halves(FORMS[form], cells[form], doubts))
        for form in order
        if form in FORMS
    ]


def _halves(form: Form, cells: Sequence[Record], doubts: Doubts) -> list[Half]:
    halves, sides = [], {line.key: line.side for line in form.lines}
    for side in _SIDES:
        here = [cell for cell in cells if sides.get(cell["line"], "") == side]
        if here:
            found = {cell["measure"] for cell in here}
            measures = {key: title for key, title in form.measures.items() if key in found}
            rows = _rows(form, _in_order(form, here), doubts)
            write = _of_side if side else _of_subject
            body = Markup("".join([write(row, measures) for row in rows]))  # noqa: S704 - names are escaped
            halves.append(Half(side, measures, body))
    return halves


def _of_side(row: Row, measures: Iterable[str]) -> str:
    return f'<tr><th scope="row">{escape(row.name)}</th>{_cells(row, measures)}</tr>\n'


def _of_subject(row: Row, measures: Iterable[str]) -> str:
    code = f'<span class="soft">{row.code}</span> ' if row.code else ""
    return f'<tr class="level{row.level}"><th scope="row">{code}{escape(row.name)}</th>{_cells(row, measures)}</tr>\n'


def _cells(row: Row, measures: Iterable[str]) -> str:
    return "".join([row.cells.get(measure, "<td></td>") for measure in measures])


def _rows(form: Form, cells: Iterable[Record], doubts: Doubts) -> list[Row]:
    rows: dict[str, Row] = {}
    titles = {line.key: line.title for line in form.lines}
    for cell in cells:
        line = cell["line"]
        if line not in rows:
            code = line if line.isdecimal() else ""
            # a heading of a column ("小计") is no name for a line
            name = cell["label"] if form.sides or code else titles.get(line) or cell["label"]
            rows[line] = Row(code, plain(name or ""), cell["level"] or 0)
        rows[line].cells[cell["measure"]] = _cell(figure(cell), doubts.get((form.key, line, cell["measure"])))
    return [*rows.values()]


def _cell(shown: Figure, doubt: Mapping[str, list[str]] | None) -> str:
    """A figure, flagged where it is doubted, marked where a doubted one was compared with it."""
    if not doubt:
        return f'<td class="money">{shown.link}</td>'
    if "doubted" not in doubt:
        return f'<td class="money compared">{shown.link}</td>'
    flags = "".join(_FLAG.format(segment(finding)) for finding in doubt["doubted"])
    return f'<td class="money doubted">{shown.link}{flags}</td>'


def _in_order(form: Form, cells: Sequence[Record]) -> Sequence[Record]:
    """Cells in the order of their rows; where lines stand beside one another, subjects by code and then the others."""
    lines = {(cell["row_no"], cell["line"]) for cell in cells}
    if len({row_no for row_no, _ in lines}) == len(lines):
        return cells
    declared = {line.key: place for place, line in enumerate(form.lines)}

    def place(cell: Record) -> tuple[bool, str, int]:
        is_subject = cell["line"].isdecimal()
        return not is_subject, cell["line"] if is_subject else "", declared.get(cell["line"], len(declared))

    return sorted(cells, key=place)


def _doubts(asked: Asked, report_id: str, findings: Sequence[str]) -> Doubts:
    doubts: dict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in asked.rows(_DOUBTS, [report_id, [*findings]]):
        kind = "compared" if row["role"] == "compared" else "doubted"
        doubts[row["form"], row["line"], row["measure"]][kind].append(row["finding_id"])
    return doubts


_READINGS = """
    SELECT form, document, first_page, last_page, money_unit, blank, note
    FROM core.form_reading
    WHERE report_id = $1
    ORDER BY first_page, form
"""

_CELLS = f"""
    SELECT form, line, measure, label, level, row_no, amount, printed, {BOX}
    FROM core.cell
    WHERE report_id = $1
"""
"""Not in order: to sort wide rows costs DuckDB as much again."""

_DOUBTS = """
    SELECT DISTINCT form, line, measure, role, finding_id
    FROM quality.finding_cell
    WHERE of_report = $1 AND finding_id IN (SELECT unnest($2::VARCHAR[]))
"""
