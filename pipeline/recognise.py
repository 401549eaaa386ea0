"""Tables become forms: which statutory table a table is, by its title and its headings.

Numbers and ids of tables (公开01表, 表1, Z01) are never keys: they differ between places and years. The title decides
where the headings bear it out, the headings alone where they are like no other form's. A table that carries a
statutory title and cannot be understood is an issue; other tables of a report (lists of units, performance forms)
are none of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms import FORMS
from pipeline.grid import Grid, is_note
from pipeline.headings import Header, read_header
from pipeline.issues import Issue, IssueKind
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms import Form
    from pipeline.model import RawTable, Table
    from pipeline.slots import Slot

_CAPTION_LINES = 8  # title, id and unit lines; further up is prose
_TITLE_LINES = 3  # over which a long title is broken

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_LABELS = re.compile(
    r"(?:金额)?单位(?:名称)?:.*|(?:编制|编报|填报|公开|预算)(?:单位|部门)(?:名称)?:.*|部门(?:名称)?:.*|单位:?(?:万元|元)$"
)
_TABLE_ID = (
    r"(?:(?:公开|附|财决|批复|部门决算)?(?:表\d{1,2}(?:-\d{1,2})?|\d{1,2}(?:-\d{1,2})?表|附表)"
    r"|附件\d*|[A-Z]{1,2}\d{2}(?:-\d)?表?)"
)
_LEADING = re.compile(rf"^(?:{_TABLE_ID}|(?:附|公开)?表(?:十[一二三]?|[一二三四五六七八九])(?=[:、.]|\D))[:、.]?")
_TRAILING = re.compile(
    r"(?<=表)(?:公开|附|财决|批复|预算)?(?:\d{1,2}(?:-\d{1,2})?表|表[\d一二三四五六七八九十]{1,2}|[A-Z]\d{2}表?)$"
    r"|(?<=表)续表?$"
)
_SAYS_OF_TABLE = re.compile(r"[本此该空]表")
_YEAR = re.compile(r"^.*?(?:\d{4}|[〇○零一二三四五六七八九]{4})年度?")
_FILLERS = re.compile(r"预?决算|部门|单位|本级|汇总|公开|总体|情况|总")
_PUBLIC = re.compile(r"(?:一般)?公共(?:财政)?预算")  # as it was called until 2015, in between, and since
_FUNDS = re.compile(r"公共预算|财政预算|基金预算|经营预算|保险预算|预决算|预算绩效|预算单位")
# before a title may stand an ordinal, or the name of who reports: an organisation, by its last character
_BEFORE = re.compile(
    r".*[局委办厅部院校学会队所站馆室处团社署司台园场库府镇乡县区市省州盟旗心大协联科组道村店]|.*[一二三四五六七八九十\d][、.:]"
)


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


@lru_cache(maxsize=10_000)
def title_stem(text: str) -> str:
    """A line as a title, less everything in which titles of one table differ.

    Table ids, ordinals, the year and all before it, unit labels, brackets and quotes, and the words that places add or
    leave out (决算, 总, 部门, 情况); 收支 is written out; the general budget has one name.
    """
    text = _LABELS.sub("", _BRACKETS.sub("", plain(text)))
    text = _TRAILING.sub("", bare(_LEADING.sub("", bare(text))))
    text = _PUBLIC.sub("一般公共预算", _YEAR.sub("", text, count=1).replace("收支", "收入支出"))
    return _FILLERS.sub("", text)


def is_budget_title(text: str) -> bool:
    """True if a title speaks of a budget and not of final accounts; the names of the three budgets do not count."""
    text = _FUNDS.sub("", plain(text))
    return "预算" in text and "决算" not in text


class Title(NamedTuple):
    """A line that is the title of a form: how much of it, and whether other tables bear the same."""

    form: Form
    printed: str
    length: int
    weak: bool


@lru_cache(maxsize=10_000)
def _titled(text: str) -> Title | None:
    """The form whose title a line is; the longest of its titles fits best."""
    stem = title_stem(text)
    if not stem.endswith("表") or is_budget_title(text):
        return None
    best: Title | None = None
    printed = " ".join(text.split())
    for form in FORMS.values():
        for title in (*form.titles, *form.weak_titles):
            before = stem.removesuffix(title)
            if before == stem or (before and not _BEFORE.fullmatch(before)):
                continue
            if best is None or len(title) > best.length:
                best = Title(form, printed, len(title), title in form.weak_titles)
        if best is None and form.title_word and form.title_word in stem:
            best = Title(form, printed, len(form.title_word), weak=True)
    return best


def find_title(lines: Sequence[str]) -> Title | None:
    """The title in the lines above a table; it may be broken over lines.

    Of several titles the longest wins (支出决算表 is the end of five others), then the one nearest to the table.
    """
    best: Title | None = None
    lines = lines[-_CAPTION_LINES:]
    for start in range(len(lines)):
        for stop in range(start + 1, min(len(lines), start + _TITLE_LINES) + 1):
            found = _titled("".join(lines[start:stop]))
            if found is None or (best is not None and found.length < best.length):
                continue
            if best is None or found.length > best.length or found.form is not best.form or stop == start + 1:
                best = found
    return best


def is_title(text: str) -> bool:
    """True for a line that is the title of some table, ours or not: it says more than that it is a table."""
    stem = title_stem(text)
    return len(stem) > 3 and stem.endswith("表") and not is_note(text) and not _SAYS_OF_TABLE.search(stem)


def recognise(tables: Sequence[Table]) -> tuple[list[Found], list[Issue]]:
    """The statutory tables of final accounts, in reading order, pages of one form put together."""
    found: list[Found] = []
    issues: list[Issue] = []
    looked_at = [_Candidate.of(table) for table in tables]
    strong = {item.title.form.key for item in looked_at if item.title and not item.title.weak}
    for item in looked_at:
        last = found[-1] if found else None
        title = item.title if item.title and not (item.title.weak and item.title.form.key in strong) else None
        if title is None and last and not item.is_foreign and (header := _continued(item.grid, last)):
            _extend(last, item, header)
            continue
        if title is None and item.is_foreign:
            continue
        understood = _understand(item.grid, title.form if title else None)
        if understood is None:
            if title and not title.weak:
                issues.append(_not_understood(title.form, title.printed, item.grid.table))
            elif title is None and _looks_statutory(item.grid):
                issues.append(_untitled(item.grid.table))
            continue
        form, header = understood
        if last and last.form is form:
            _extend(last, item, header)
        elif any(other.form is form for other in found):
            issues.append(_repeated(form, item.grid.table))
        else:
            new = Found(form, title.printed if title else form.title, header, item.table.reader)
            _extend(new, item, header)
            found.append(new)
    return found, issues


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
        captions = [line.text for line in table.captions][-_CAPTION_LINES:] + _caption_cells(grid)
        title = find_title(captions)
        return cls(table, grid, captions, title, any(is_title(text) and not _titled(text) for text in captions))


def _caption_cells(grid: Grid) -> list[str]:
    return [cell.text for row in range(grid.caption_rows()) for cell in grid.starting[row] if cell.text.strip()]


def _understand(grid: Grid, form: Form | None) -> tuple[Form, Header] | None:
    """The form that the headings bear out: the one that the title names, else the only one that they can be."""
    if form is not None and (header := read_header(form, grid)).fits(form):
        return form, header
    fitting = [
        (other, header)
        for other in FORMS.values()
        if not other.title_needed and (header := read_header(other, grid)).fits(other) and _suffices(other, header)
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


def _looks_statutory(grid: Grid) -> bool:
    """True for the headings of a form that cannot be told from another's without a title."""
    for form in FORMS.values():
        header = read_header(form, grid) if form.title_needed else None
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


def _untitled(table: RawTable) -> Issue:
    text = f"第{table.page}页有一张没有标题的表格，栏目像是决算表，但不能确定是哪一张，未能读取，请核对原表。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, box=table.box)


def _repeated(form: Form, table: RawTable) -> Issue:
    text = f"第{table.page}页又出现一张《{form.title}》，文件可能含有多个单位的决算；只采用了第一张，请拆分后分别收录。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, box=table.box)
