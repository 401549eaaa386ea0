"""Tables become forms: which statutory table a table is, by its title and its headings.

Numbers and ids of tables (公开01表, 表1, Z01) are never keys: they differ between places and years. The title decides
where the headings bear it out, the headings alone where they are like no other form's. A table that carries a
statutory title and cannot be understood is an issue; other tables of a report (lists of units, performance forms)
are none of ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms import FORMS
from pipeline.head import is_within, unit_in
from pipeline.issues import Issue, IssueKind
from pipeline.lift.grid import Grid, has_number
from pipeline.lift.headings import Header, read_header
from pipeline.lift.titles import CAPTION_LINES, below_contents, find_title, is_title, titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms import Form
    from pipeline.lift.slots import Slot
    from pipeline.lift.titles import Title
    from pipeline.model import RawTable, Table


@dataclass(slots=True)
class Part:
    """One raw table of a form: its columns as understood, and the row in which its data begin."""

    grid: Grid
    slots: tuple[Slot, ...]
    start: int
    heading_texts: frozenset[str]


@dataclass(slots=True)
class Found:
    """A statutory table of a document: the form, its title as printed, its parts, the lines around them."""

    form: Form
    title: str
    header: Header
    reader: str
    parts: list[Part] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def pages(self) -> tuple[int, int]:
        """First and last page."""
        return self.parts[0].grid.table.page, self.parts[-1].grid.table.page


def recognise(tables: Sequence[Table]) -> tuple[list[Found], list[Issue]]:
    """The statutory tables of final accounts, in reading order, pages of one form put together."""
    found: list[Found] = []
    issues: list[Issue] = []
    looked_at = [_Candidate.of(table) for table in tables]
    strong = {item.title.form.key for item in looked_at if item.title and not item.title.weak}
    strangers: list[_Candidate] = []
    for item in looked_at:
        last = found[-1] if found else None
        title = item.title if item.title and not (item.title.weak and item.title.form.key in strong) else None
        if title is None and last and not item.is_foreign and (header := _continued(item.grid, last)):
            _extend(last, item, header)
            continue
        if title is None and item.is_foreign:
            strangers.append(item)
            continue
        understood = _understand(item.grid, title.form if title else None)
        if understood is None:
            if title is None and last and _goes_on_without(last, item.grid):
                issues.append(_torn(found.pop(), item.grid.table))
            else:
                issues += _unread(item.title, item.grid)
            continue
        form, header = understood
        if last and last.form is form and not (title and _of_another_unit(last, item)):
            _extend(last, item, header)
        elif any(other.form is form for other in found):
            issues.append(_repeated(form, item.grid.table))
        else:
            new = Found(form, title.printed if title else form.title, header, item.table.reader)
            _extend(new, item, header)
            found.append(new)
    known = {other.form.key for other in found} | {issue.form for issue in issues}
    return found, issues + _doubtful(strangers, known)


class _Candidate(NamedTuple):
    """A table with the lines above it. `is_foreign`: they are the title of a table that is none of ours."""

    table: Table
    grid: Grid
    captions: list[str]
    title: Title | None
    is_foreign: bool

    @classmethod
    def of(cls, table: Table) -> _Candidate:
        grid = Grid.of(table.parts[0])
        captions = below_contents([line.text for line in table.captions])
        captions = [*captions[-CAPTION_LINES:], *_caption_cells(grid)]
        title = find_title(captions)
        return cls(table, grid, captions, title, any(is_title(text) and not titled(text) for text in captions))


def _caption_cells(grid: Grid) -> list[str]:
    return [cell.text for row in range(grid.caption_rows()) for cell in grid.starting[row] if cell.text.strip()]


def _understand(grid: Grid, form: Form | None) -> tuple[Form, Header] | None:
    """The form that the headings bear out: the one that the title names, else the only one that they can be.

    Against another form's title no two-sided one is taken: their headings are those of many tables.
    """
    if form is not None and (header := read_header(form, grid)).fits(form):
        return form, header
    fitting = [
        (other, header)
        for other in FORMS.values()
        if not (other.title_needed or (form and other.sides_by_position))
        and (header := read_header(other, grid)).fits(other)
        and _suffices(other, header)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _suffices(form: Form, header: Header) -> bool:
    """True if headings alone say that it is this form: nothing unknown, two sides named, a mark of the form."""
    sides = {slot.side for slot in header.slots if slot.role == "money"}
    printed = "".join(header.texts)
    return (
        not any(slot.role == "unknown" for slot in header.slots)
        and header.measures >= set(form.required)
        and (not form.sides_by_position or len(sides) > 1)
        and (not form.marks or any(mark in printed for mark in form.marks))
    )


def _unread(title: Title | None, grid: Grid) -> list[Issue]:
    if title is None:
        return [_untitled(grid.table)] if _looks_statutory(grid) else []
    return [] if title.weak else [_not_understood(title.form, title.printed, grid.table)]


def _looks_statutory(grid: Grid) -> bool:
    """True for the headings of a form that cannot be told from another's without a title."""
    for form in FORMS.values():
        header = read_header(form, grid) if form.codes else None
        if header and header.fits(form) and any(slot.role == "code" for slot in header.slots):
            return True
    return False


def _continued(grid: Grid, last: Found) -> Header | None:
    """The headings of a table without title that goes on with the form before it, on the same or the next page.

    It repeats the headings, or has none and as many columns.
    """
    if grid.table.page - last.pages[1] not in {0, 1}:
        return None
    header = read_header(last.form, grid)
    if header.fits(last.form):
        return header if header.measures == last.header.measures else None
    bare_part = grid.table.columns == last.header.columns and header.rows <= grid.caption_rows()
    return header if bare_part and grid.table.page > last.pages[1] else None


def _of_another_unit(last: Found, item: _Candidate) -> bool:
    """True if the lines over two tables of one form name two units: a file may hold the accounts of several."""
    mine, other = ({unit for text in texts if (unit := unit_in(text))} for texts in (last.captions, item.captions))
    return bool(mine and other) and not any(is_within(a, b) or is_within(b, a) for a in mine for b in other)


def _goes_on_without(last: Found, grid: Grid) -> bool:
    """True if a form has only headings at the foot of a page, and what follows on the next cannot be told."""
    has_rows = any(part.start < part.grid.table.rows for part in last.parts)
    return not has_rows and grid.table.page == last.pages[1] + 1 and any(has_number(row) for row in grid.starting)


def _extend(found: Found, item: _Candidate, header: Header) -> None:
    """Adds the parts of a table; a part without headings of its own has the columns of the part before it.

    `header` is that of its first part.
    """
    found.captions += item.captions
    found.notes += [line.text for line in item.table.notes]
    for raw in item.table.parts:
        grid = item.grid
        if raw is not grid.table:
            grid = Grid.of(raw)
            header = read_header(found.form, grid)
        if header.fits(found.form):
            found.header = header
            found.parts.append(Part(grid, header.slots, header.rows, header.texts))
        else:
            found.parts.append(Part(grid, found.header.on(grid), grid.caption_rows(), found.header.texts))


def _not_understood(form: Form, title: str, table: RawTable) -> Issue:
    text = f"第{table.page}页的表格题为“{title}”，但栏目与《{form.title}》不符，未能读取，请核对原表。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, cell=title, box=table.box)


def _torn(last: Found, table: RawTable) -> Issue:
    form = last.form
    text = f"《{form.title}》的表头在第{last.pages[1]}页，数据在第{table.page}页，未能接上，该表没有读取，请核对原表。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, cell=last.title, box=table.box)


def _doubtful(strangers: Sequence[_Candidate], known: set[str]) -> list[Issue]:
    """Tables under other titles whose headings are those of a form that was found nowhere else."""
    issues = []
    for item in strangers:
        understood = _understand(item.grid, None)
        if understood and understood[0].key not in known:
            form, table = understood[0], item.grid.table
            text = f"第{table.page}页的表格栏目像是《{form.title}》，但标题不同，不能确定，未能读取，请核对原表。"
            issues.append(Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, box=table.box))
    return issues


def _untitled(table: RawTable) -> Issue:
    text = f"第{table.page}页有一张没有标题的表格，栏目像是决算表，但不能确定是哪一张，未能读取，请核对原表。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, box=table.box)


def _repeated(form: Form, table: RawTable) -> Issue:
    text = f"第{table.page}页又出现一张《{form.title}》，文件可能含有多个单位的决算；只采用了第一张，请拆分后分别收录。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, box=table.box)
