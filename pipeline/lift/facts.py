"""Segments become facts: which line and measure every printed number is, and what could not be understood."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.lift.codes import CodeTrail, split_glued
from pipeline.lift.confirm import confirm, likeliest
from pipeline.lift.lifted import INFERRED, SURE, UNCONFIRMED, Lifted
from pipeline.lift.numbers import is_nothing, read_number
from pipeline.lift.repeats import check_repeats
from pipeline.lift.rows import read_rows
from pipeline.lift.vocabulary import names_of, sides_of
from pipeline.wording import bare, near, plain, squeeze

if TYPE_CHECKING:
    from pipeline.forms import Form, Line
    from pipeline.lift.numbers import Number
    from pipeline.lift.recognise import Found
    from pipeline.lift.rows import Segment
    from pipeline.lift.slots import Slot
    from pipeline.model import Cell

_YEAR = re.compile(r"^20\d{2}年度?|^本年度?")
_BARE_TOTALS = frozenset({"合计", "小计", "总计"})


@dataclass(slots=True)
class Lift:
    """What one form gave: facts, how many numbers its money cells print, remarks inside the grid, and issues."""

    found: Found
    facts: list[Lifted] = field(default_factory=list)
    printed: list[Number] = field(default_factory=list)
    unreadable: int = 0
    rows: int = 0
    blank: bool = True
    remarks: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    @property
    def numbers(self) -> int:
        """Numbers printed in money cells, the unreadable ones included."""
        return len(self.printed) + self.unreadable

    @property
    def lifted(self) -> int:
        """Numbers that became facts."""
        return sum(fact.number is not None for fact in self.facts)


def lift(found: Found) -> Lift:
    """Facts of one statutory table. Every number printed in it is a fact or is named in an issue."""
    segments, remarks = read_rows(found)
    result = Lift(found, rows=len({segment.row for segment in segments}), remarks=remarks)
    lines = _Lines(found.form)
    entities = {
        plain(segment.name) for segment in segments if _is_record(segment) and not _is_total(found.form, segment)
    }
    unknown_slots: set[tuple[int, str]] = set()
    measures = {name: measure for measure, names in found.form.row_measures for name in names}
    for segment in segments:
        money = _by_slot(segment)
        if any(plain(cell.text) for _, cells in money for cell in cells):
            result.blank = False
        if _is_beside(found.form, segment) or lines.begin_side(segment):
            continue
        line, confidence = "", SURE
        if _is_record(segment):
            understood = _is_our_record(segment, found.form, measures, only=len(entities) == 1)
        else:
            line, confidence = lines.of(segment)
            understood = bool(line)
        if not understood:
            _not_understood(result, segment, money)
            continue
        result.issues += _unconfirmed(result, segment, line, money) if confidence == UNCONFIRMED else ()
        for slot, cells in money:
            if slot.column is None:
                _unknown_heading(result, slot, cells, unknown_slots)
                continue
            measure = slot.column.measure or measures.get(_measure_name(segment), "")
            if not (slot.column.line or line):  # 预算数 without the heading that says of what
                _unknown_heading(result, slot, cells, unknown_slots)
            elif fact := _fact(result, segment, measure, slot, cells):
                sure = min(confidence, fact.confidence)
                result.facts.append(fact._replace(line=slot.column.line or line, confidence=sure))
    result.facts, repeated = check_repeats(found.form, result.facts)
    result.issues += repeated
    return result


def _is_record(segment: Segment) -> bool:
    """True if the headings say the line: a table of one row, whose name (if any) is the unit's."""
    return any(slot.column and slot.column.line for slot, _ in segment.cells)


def _is_total(form: Form, segment: Segment) -> bool:
    return bare(segment.name) in names_of(form)


def _measure_name(segment: Segment) -> str:
    return _YEAR.sub("", bare(segment.name))


def _is_our_record(segment: Segment, form: Form, measures: dict[str, str], *, only: bool) -> bool:
    """True if a row under such headings is the report's own: named by its measure, as the total, or not at all.

    Where rows are named by units, the only one is the report's.
    """
    name = bare(segment.name)
    if any(slot.column and not slot.column.measure for slot, _ in segment.cells):
        return _measure_name(segment) in measures
    return not name or name in names_of(form) or only


def _is_beside(form: Form, segment: Segment) -> bool:
    name = bare(segment.name)
    return bool(name) and name not in names_of(form) and any(word in name for word in form.beside)


def _by_slot(segment: Segment) -> list[tuple[Slot, list[Cell]]]:
    grouped: dict[int, tuple[Slot, list[Cell]]] = {}
    for slot, cell in segment.cells:
        grouped.setdefault(slot.first, (slot, []))[1].append(cell)
    return list(grouped.values())


def _fact(result: Lift, segment: Segment, measure: str, slot: Slot, cells: list[Cell]) -> Lifted | None:
    """The fact of one money cell, its line still open; None if the cell cannot be read, which becomes an issue."""
    cell, number, readable = _number_in(cells)
    if not readable:
        result.unreadable += 1
        result.issues.append(_unreadable(result.found.form, segment, cell))
        return None
    if number:
        result.printed.append(number)
    label = slot.heading if slot.column and slot.column.line else segment.name
    sure = min(SURE, *(cell.confidence for cell in cells))
    printed = squeeze(cell.text)
    return Lifted("", measure, label, number, printed, cell.page, cell.box, segment.row, sure, sure < SURE)


def _number_in(cells: list[Cell]) -> tuple[Cell, Number | None, bool]:
    """The cell that prints something under one heading, its number, and whether it could be read."""
    filled = [cell for cell in cells if not is_nothing(cell.text)]
    if not filled:
        return next((cell for cell in cells if plain(cell.text)), cells[0]), None, True
    number = read_number(filled[0].text) if len(filled) == 1 else None
    return filled[0], number, number is not None


class _Lines:
    """Which line a row is, with what the rows above it have said: codes of parents, lines already read."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.names = names_of(form)
        self.keys = {line.key for line in form.lines}
        self.trails: dict[int, CodeTrail] = defaultdict(lambda: CodeTrail(form.codes))
        self.seen: set[str] = set()
        self.side = ""
        self.labels: dict[str, str] = {}

    def begin_side(self, segment: Segment) -> bool:
        """True for a row that only says which side's rows follow, where the sides stand one below the other."""
        side = sides_of(self.form).get(bare(segment.name), "")
        if not side or segment.has_number or segment.side:
            return False
        self.side = side
        return True

    def of(self, segment: Segment) -> tuple[str, float]:
        """The key of a segment's line and how sure that is; "" if it is not known."""
        if segment.unreadable_code:
            return "", SURE
        if self.form.codes:
            return self._of_code(segment, self.trails[segment.block])
        code, _ = split_glued(segment.name)
        if code in self.keys:
            return code, SURE
        if line := self._named(segment):
            return line, SURE
        if (line := self._nearly_named(segment)) or segment.confidence == SURE:
            return line, INFERRED
        segment.name = likeliest(segment.name, self.names) or segment.name
        return self._named(segment), INFERRED

    def _of_code(self, segment: Segment, trail: CodeTrail) -> tuple[str, float]:
        """The line that a code means; of a code and a name recognised from a picture, the one that both mean."""
        if not any(segment.codes):
            line = self._named(segment)
            return (line, SURE) if line else (trail.find(segment.name), INFERRED)
        code, sure = trail.read(segment.codes, segment.name), True
        if code and segment.confidence < SURE:
            code, segment.name, sure = confirm(code, segment.name, trail.classification, self.labels)
            trail.last = code
        name = bare(segment.name)
        known = self.labels.setdefault(code, name)
        if known and name and known != name:
            return "", SURE  # one code under two names: a part of one of the codes is missing
        return code, SURE if sure else UNCONFIRMED

    def _named(self, segment: Segment) -> str:
        name = bare(segment.name)
        totals = [line for line in self.form.lines if line.total_of and line.total_of == segment.side]
        if totals and name in _BARE_TOTALS:
            return totals[0].key
        return self._choose(self.names.get(name, ()), segment.side)

    def _nearly_named(self, segment: Segment) -> str:
        """The line whose name differs by one character or is cut at the end, if it can be only one."""
        close = near(bare(segment.name), self.names)
        meant = {line for name in close for line in self.names[name] if segment.side in {"", line.side}}
        if len({line.key for line in meant}) != 1:
            return ""
        return self._choose(tuple(meant), segment.side)

    def _choose(self, lines: tuple[Line, ...], side: str) -> str:
        """Of the lines that bear one name, the one whose turn it is.

        On a side that is not told by its block, rows follow those of the same side. What must follow another line
        comes before what need not, once that line was read; then what was not read before.
        """
        side = side or (self.side if len({line.side for line in lines}) > 1 else "")
        possible = [
            line
            for line in lines
            if (not side or line.side in {"", side}) and (not line.after or line.after in self.seen)
        ]
        if not possible:
            return ""
        line = min(possible, key=lambda line: (line.key in self.seen, not line.after))
        self.seen.add(line.key)
        self.side = line.side
        return line.key


def _not_understood(result: Lift, segment: Segment, money: list[tuple[Slot, list[Cell]]]) -> None:
    """Counts the numbers of a row that is no known line, and names the row."""
    for _, cells in money:
        _, number, readable = _number_in(cells)
        if number:
            result.printed.append(number)
        elif not readable:
            result.unreadable += 1
    result.unreadable += read_number(segment.name) is not None  # an amount that stands where names do
    form, cells = result.found.form, [cell for _, cells in money for cell in cells]
    label = "".join(filter(None, [*segment.codes, segment.unreadable_code, segment.name])) or "（没有名称的行）"
    cell = next((cell for cell in cells if plain(cell.text)), cells[0] if cells else None)
    page = cell.page if cell else result.found.pages[0]
    text = f"第{page}页《{form.title}》中“{label}”一行未能识别，该行数字没有采用，请核对原表。"
    box = cell.box if cell else None
    result.issues.append(Issue(IssueKind.UNKNOWN_LINE, text, page=page, form=form.key, cell=label, box=box))


def _unconfirmed(result: Lift, segment: Segment, line: str, money: list[tuple[Slot, list[Cell]]]) -> tuple[Issue]:
    form = result.found.form
    cell = next((cell for _, cells in money for cell in cells), None)
    page, box = (cell.page, cell.box) if cell else (result.found.pages[0], None)
    text = (
        f"第{page}页《{form.title}》科目“{line}”与名称“{segment.name or '（无）'}”的识别结果不能互相印证，请对照原件"
        "核对；涉及该行的核对不作结论。"
    )
    return (Issue(IssueKind.DOUBTFUL_CELL, text, page=page, form=form.key, cell=line, box=box),)


def _unknown_heading(result: Lift, slot: Slot, cells: list[Cell], known: set[tuple[int, str]]) -> None:
    """Counts a number under a heading that the form does not know; the heading is named once a page."""
    cell, number, readable = _number_in(cells)
    if number:
        result.printed.append(number)
    elif not readable:
        result.unreadable += 1
    else:
        return
    heading = "／".join(slot.path) or "（没有栏目名称）"
    if (cell.page, heading) in known:
        return
    known.add((cell.page, heading))
    form = result.found.form
    text = f"第{cell.page}页《{form.title}》的栏目“{heading}”未能识别，该栏数字没有采用，请核对原表。"
    result.issues.append(
        Issue(IssueKind.UNKNOWN_HEADING, text, page=cell.page, form=form.key, cell=heading, box=cell.box)
    )


def _unreadable(form: Form, segment: Segment, cell: Cell) -> Issue:
    printed = squeeze(cell.text)
    row = segment.name or form.title
    text = f"第{cell.page}页《{form.title}》“{row}”一行的“{printed}”不是可以读取的数字，请核对原表。"
    return Issue(IssueKind.UNREADABLE_NUMBER, text, page=cell.page, form=form.key, cell=printed, box=cell.box)
