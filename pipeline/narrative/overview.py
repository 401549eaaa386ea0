"""What the first part of a report says of who reports: how many posts and people it has, and which units it covers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.narrative.model import CoveredUnit, Headcount
from pipeline.narrative.ordinals import ordinal_of
from pipeline.narrative.titles import OVERVIEW
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Box, Cell, RawTable, Table
    from pipeline.narrative.model import Paragraph, Section, Structure

_COUNT = re.compile(r"(?<![\d.])(?P<count>\d{1,6})(?:人|名|个(?=编制|[，。；、）)]|$))")
_PHRASE = re.compile(r"[^，。；：、（）(),;:\d]*$")
_BEHIND = re.compile(r"[^，。；：、（）(),;:\d]{2,10}")
_PEOPLE = re.compile(
    r"编制|在[职编岗]|实有|离休|退休|聘用|编外|遗属|人员|人数|职工|教师|学生|工勤|公务员|^(?:行政|事业|参公)$"
)
_NOT_PEOPLE = re.compile(r"职数|领导|内设|科室|股室|下设|次|编制(?:范围|部门|单位)")
_LEAD = re.compile(
    r"^(?:截[至止].*?(?:底|末|日)|20\d\d年.{0,3}?|年末|其中|核定|核批|批准|现有|共有|另有|目前|我[局校院单部委办][位门]?"
    r"|本[局校院单部委办][位门]?|共|有|现|的|为)+"
)
_TAIL = re.compile(r"(?:合计|共计|总计|共有|分别|共|为|(?<!实)有|是|:|：)+$")
_INTEGER = re.compile(r"(\d{1,6})(?:人|名|个)?")

_UNIT_HEADING = re.compile(r"(?:(?:所属|下属|预算|决算|基层|二级|纳入)*单位|部门)(?:全?称|名称)?|名称")
_HEADING_ROWS = 2
_REMARK_HEADING = re.compile(r"备注|说明")
_COVERS = re.compile(
    r"(?:编制范围|决算|预算)的?.{0,12}?单位|(?:决算|预算).{0,6}(?:包括|由)|(?:下属|所属|二级|基层|直属)(?:预算|事业|行政)*单位"
)
_SENTENCE = re.compile(r"[^。；;]+")
_LIST = re.compile(r"(?:分别|具体|主要)?(?:包括|包含|如下|分别[是为])[:：]?|[:：]|单位(?:共?有|[是为])")
_BETWEEN = re.compile(
    r"[、，,；;]|(?<=[算局会心所站队处校院馆室级])(?:和|以及|及)(?=.{3})|(?=(?<!\d)\d{1,2}[.．、](?!\d))"
)
_ACCOUNTS = re.compile(r"(?:部门|单位)?(?:决算|预算)$")
_REMARK = re.compile(r"[（(](?P<remark>[^（）()]*(?:预算|决算|单列|并入|独立|编制|拨款|性质|单位)[^（）()]*)[）)]$")
_NAME = re.compile(
    r"(?!下属|所属|其[他它])[\w（）()“”·]{1,40}?(?:[局委办厅院校会队所站馆室社署司台府心处团园部库场关庭]|本级|大学|[中小]学|医院)(?:[（(].*[）)])?"
)


def headcounts_of(structure: Structure, tables: Sequence[Table]) -> tuple[Headcount, ...]:
    """Posts and people, each kind as printed."""
    told = (
        Headcount(kind, int(match["count"]), *paragraph.place(*match.span()))
        for paragraph in _paragraphs(structure)
        for match in _COUNT.finditer(paragraph.text)
        if (kind := _kind(paragraph.text, match.start(), match.end()))
    )
    return (*told, *(count for table in _tables(structure, tables) for part in table.parts for count in _counted(part)))


def covered_of(structure: Structure, tables: Sequence[Table]) -> tuple[CoveredUnit, ...]:
    """The units that a report covers: of a table of them, else of what the text lists."""
    listed = [unit for table in _tables(structure, tables) for unit in _units_in(table)]
    if not listed:
        listed = sorted(_told(structure), key=lambda unit: (unit.page, unit.box.top, unit.box.x0))
    return tuple({unit.name: unit for unit in reversed(listed)}.values())[::-1]


def _sections(structure: Structure) -> dict[int, Section]:
    return {section.number: section for section in structure.sections if section.part == OVERVIEW}


def _paragraphs(structure: Structure) -> list[Paragraph]:
    sections = _sections(structure)
    return [paragraph for paragraph in structure.paragraphs if paragraph.section in sections]


def _tables(structure: Structure, tables: Sequence[Table]) -> Iterator[Table]:
    """The tables that stand in the overview."""
    stretches = list(_stretches(structure))
    for table in tables:
        at = (table.parts[0].page, table.parts[0].box.top)
        if any(first <= at and (last is None or at < last) for first, last in stretches):
            yield table


def _stretches(structure: Structure) -> Iterator[tuple[tuple[int, float], tuple[int, float] | None]]:
    """Where the overview begins and ends, as page and height; it may be no part of its own."""
    begin: tuple[int, float] | None = None
    for section in structure.sections:
        at = section.page, section.box.top
        if section.part == OVERVIEW:
            begin = begin or at
        elif begin:
            yield begin, at
            begin = None
    if begin:
        yield begin, None


def _kind(text: str, start: int, stop: int) -> str:
    """What is counted: the phrase before a number, or the one behind it (`10名在职人员`); "" if no posts or people."""
    before = _PHRASE.search(_TAIL.sub("", text[:start]))
    told = before is not None and not text[: before.start()][-1:].isdigit()  # or what the number before counts
    kind = _TAIL.sub("", _LEAD.sub("", before[0])) if before and told else ""
    if _PEOPLE.search(kind) and not _NOT_PEOPLE.search(kind):
        return kind
    behind = _BEHIND.match(text, stop)
    if behind and _PEOPLE.search(behind[0]) and not _NOT_PEOPLE.search(behind[0]):
        return behind[0].rstrip("和及")
    return ""


def _counted(table: RawTable) -> Iterator[Headcount]:
    """Whole numbers in cells below or right of the name of a kind."""
    at = {(cell.row, cell.column): cell for cell in table.cells}
    for cell in table.cells:
        number = _INTEGER.fullmatch(squeeze(cell.text))
        if not number:
            continue
        left: Cell | None = next(
            (at[cell.row, column] for column in range(cell.column - 1, -1, -1) if (cell.row, column) in at), None
        )
        above = [
            other
            for row in range(cell.row - 1, -1, -1)
            for other in table.cells
            if other.row == row and other.column <= cell.column < other.column + other.column_span
        ]
        for label in (left, *above):
            kind = squeeze(label.text) if label else ""
            if len(kind) <= 16 and _PEOPLE.search(kind) and not _NOT_PEOPLE.search(kind):
                yield Headcount(kind, int(number[1]), cell.page, cell.box)
                break


def _units_in(table: Table) -> Iterator[CoveredUnit]:
    """The rows of a table that has a heading for the names of units in one of its first rows; it may run over pages."""
    first = table.parts[0].cells
    heading = next((cell for cell in first if cell.row < _HEADING_ROWS and _is_heading(cell, _UNIT_HEADING)), None)
    if heading is None:
        return
    remarks = {cell.column for cell in first if cell.row == heading.row and _is_heading(cell, _REMARK_HEADING)}
    for part in table.parts:
        for cell in part.cells:
            above = part is table.parts[0] and cell.row <= heading.row
            if cell.column != heading.column or above or not squeeze(cell.text) or _is_heading(cell, _UNIT_HEADING):
                continue
            beside = (other for other in part.cells if other.row == cell.row and other.column in remarks)
            yield CoveredUnit(squeeze(cell.text), "".join(squeeze(other.text) for other in beside), cell.page, cell.box)


def _is_heading(cell: Cell, words: re.Pattern[str]) -> bool:
    return words.fullmatch(plain(cell.text)) is not None


def _told(structure: Structure) -> Iterator[CoveredUnit]:
    """Units of sentences such as `决算编制范围的单位包括：甲、乙`, and of the items that follow one that ends there."""
    sections = _sections(structure)
    open_lists: set[int] = set()  # sections in which a list has been announced
    for paragraph in _paragraphs(structure):
        if paragraph.section in open_lists:
            yield from _names(paragraph, 0, len(paragraph.text))
        elif sections[paragraph.section].parent in open_lists:
            yield from _unit(paragraph.text, *paragraph.place(0, len(paragraph.text)))
        for sentence in _SENTENCE.finditer(paragraph.text):
            covers = _COVERS.search(sentence[0])
            listed = _LIST.search(sentence[0], covers.start()) if covers else None
            if listed is None:
                continue
            if not sentence[0][listed.end() :].strip("：:"):
                open_lists.add(paragraph.section)
            yield from _names(paragraph, sentence.start() + listed.end(), sentence.end())
    told = {paragraph.section for paragraph in structure.paragraphs}
    for section in sections.values():
        if section.parent in open_lists and section.number not in told:
            yield from _unit(section.title, section.page, section.box)


def _names(paragraph: Paragraph, start: int, stop: int) -> Iterator[CoveredUnit]:
    """The units that a stretch of a paragraph lists."""
    at = start
    for piece in _BETWEEN.split(paragraph.text[start:stop]):
        begin = paragraph.text.find(piece, at)
        at = begin + len(piece)
        if piece:
            yield from _unit(piece, *paragraph.place(begin, at))


def _unit(text: str, page: int, box: Box) -> Iterator[CoveredUnit]:
    """The unit that a text names, less what accounts of it are meant, with its remark; none if it names none."""
    ordinal = ordinal_of(text)
    name = _ACCOUNTS.sub("", text[len(ordinal.text) if ordinal else 0 :].strip("。；;，,、"))
    remark = ""
    if found := _REMARK.search(name):
        name, remark = _ACCOUNTS.sub("", name[: found.start()]), found["remark"]
    if _NAME.fullmatch(name):
        yield CoveredUnit(name, remark, page, box)
