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
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from pipeline.grid import Grid
from pipeline.headings import Header, Slot, read_header
from pipeline.issues import Issue, IssueKind
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.forms import Form
    from pipeline.model import RawTable, Table

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
_YEAR = re.compile(r"^.*?(?:\d{4}|[〇○零一二三四五六七八九]{4})年度?")
_FILLERS = re.compile(r"预?决算|明细|部门|单位|本级|汇总|公开|总体|情况|总")
_FUNDS = re.compile(r"公共预算|财政预算|基金预算|经营预算|保险预算|预决算|预算绩效|预算单位")
# what may stand before a title is the name of who reports: an organisation, by its last character
_ORGANISATION = re.compile(
    r".*[局委办厅部院校学会队所站馆室处团社署司台园场库府镇乡县区市省州盟旗心司大协联科组站道村店协]$"
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
    leave out (决算, 明细, 总, 部门, 情况); 收支 is written out.
    """
    text = _LABELS.sub("", _BRACKETS.sub("", plain(text)))
    text = _TRAILING.sub("", bare(_LEADING.sub("", bare(text))))
    text = _YEAR.sub("", text, count=1).replace("收支", "收入支出")
    return _FILLERS.sub("", text)


def is_budget_title(text: str) -> bool:
    """True if a title speaks of a budget and not of final accounts; the names of the three budgets do not count."""
    text = _FUNDS.sub("", plain(text))
    return "预算" in text and "决算" not in text


@lru_cache(maxsize=10_000)
def _titled(text: str) -> tuple[Form, int] | None:
    """The form whose title a line is, and how long that title is: the longest one fits best."""
    stem = title_stem(text)
    if not stem.endswith("表") or is_budget_title(text):
        return None
    best: tuple[Form, int] | None = None
    for form in FORMS.values():
        for title in form.titles:
            before = stem.removesuffix(title)
            if before == stem or (before and not _ORGANISATION.fullmatch(before)):
                continue
            if best is None or len(title) > best[1]:
                best = form, len(title)
    return best


def find_title(lines: Sequence[str]) -> tuple[Form, str] | None:
    """The form that the lines above a table name, and the title as printed; a title may be broken over lines.

    Of several titles the longest wins (支出决算表 is the end of five others), then the one nearest to the table.
    """
    best: tuple[int, Form, str] | None = None
    lines = lines[-_CAPTION_LINES:]
    for start in range(len(lines)):
        for stop in range(start + 1, min(len(lines), start + _TITLE_LINES) + 1):
            text = "".join(lines[start:stop])
            if (found := _titled(text)) and (best is None or found[1] >= best[0]):
                same = best is not None and found[1] == best[0] and found[0] is best[1] and stop - start > 1
                best = best if same else (found[1], found[0], text)
    return (best[1], " ".join(best[2].split())) if best else None


def recognise(tables: Iterable[Table]) -> tuple[list[Found], list[Issue]]:
    """The statutory tables of final accounts, in reading order, pages of one form put together."""
    found: list[Found] = []
    issues: list[Issue] = []
    for table in tables:
        first = Grid.of(table.parts[0])
        captions = [line.text for line in table.captions] + _caption_cells(first)
        titled = find_title(captions)
        if titled is None and any(is_budget_title(text) and plain(text).endswith("表") for text in captions):
            continue
        last = found[-1] if found else None
        if titled is None and last and _continues(table.parts[0], first, last):
            _extend(last, table, captions, first, read_header(last.form, first))
            continue
        understood = _understand(first, titled[0] if titled else None)
        if understood is None:
            if titled:
                issues.append(_not_understood(titled[0], titled[1], table.parts[0]))
            continue
        form, header = understood
        if last and last.form is form:
            _extend(last, table, captions, first, header)
        elif any(other.form is form for other in found):
            issues.append(_repeated(form, table.parts[0]))
        else:
            new = Found(form, titled[1] if titled else form.title, header, table.reader)
            _extend(new, table, captions, first, header)
            found.append(new)
    return found, issues


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
    """True if headings alone say that it is this form: nothing unknown, every side named, a mark of the form."""
    sides = {slot.side for slot in header.slots if slot.role == "money"}
    printed = "".join(header.texts)
    return (
        not any(slot.role == "unknown" for slot in header.slots)
        and {slot.column.measure for slot in header.slots if slot.column} >= set(form.required)
        and (not form.sides_by_position or sides == {side for side, _ in form.sides})
        and (not form.marks or any(mark in printed for mark in form.marks))
    )


def _continues(table: RawTable, grid: Grid, last: Found) -> bool:
    """True for a table without title on the same or the next page that repeats the headings, or has none at all."""
    if table.page - last.pages[1] not in {0, 1}:
        return False
    header = read_header(last.form, grid)
    if header.fits(last.form):
        return header.measures == last.header.measures
    return table.columns == last.header.columns and header.rows <= grid.caption_rows() and table.page > last.pages[1]


def _extend(found: Found, table: Table, captions: list[str], grid: Grid, header: Header) -> None:
    """Adds the parts of a table; a part without headings of its own has the columns of the part before it.

    `grid` and `header` are those of its first part.
    """
    found.captions += captions
    found.notes += [line.text for line in table.notes]
    for raw in table.parts:
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


def _repeated(form: Form, table: RawTable) -> Issue:
    text = f"第{table.page}页又出现一张《{form.title}》，文件可能含有多个单位的决算；只采用了第一张，请拆分后分别收录。"
    return Issue(IssueKind.UNKNOWN_TABLE, text, page=table.page, form=form.key, box=table.box)
