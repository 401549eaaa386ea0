"""Whose report a document is, for which year and of which kind, by what the report prints of itself.

Sources are the cover, the headings of its parts, and the unit lines over its tables; the reading that most of them
support wins. File name and link title are only compared, and used where the report says nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import Issue, IssueKind
from pipeline.lift.titles import titled
from pipeline.model import ReportHead
from pipeline.normalise.units import split_scope
from pipeline.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.model import Page, RawTable, Source, Table

_NUMERALS = "一二三四五六七八九十"
_YEAR = r"(?P<year>20\d{2}|二[〇○零0][〇○零一二三四五六七八九]{2})年?度?"
_COVER, _HEADING, _TABLE = 3, 2, 1  # how much a mention counts; a table's line is repeated on every table

_PART = re.compile(rf"第([{_NUMERALS}])部分")
_LEADER = re.compile(r"[.…·]{3,}\d*|(?<=[\u4e00-\u9fff])\d{1,3}$")
_YEAR_FIRST = re.compile(rf"^(?:关于)?{_YEAR}(?P<unit>[^,，。;；:]*?)(?P<level>部门|单位)?(?P<kind>决算|预算)")
_UNIT_FIRST = re.compile(rf"^(?:关于)?(?P<unit>[^,，。;；:]*?){_YEAR}(?P<level>部门|单位)?(?P<kind>决算|预算)")
_OVERVIEW = re.compile(r"^(?P<unit>[^,，。;；:]{4,40}?)(?:单位|部门)?(?:概况|基本情况|简介)")
_MONEY = re.compile(
    r"\(?(?:金额)?单位[:,]?(?:人民币)?[:]?(?:百万|万|千|亿)?元(?![\u4e00-\u9fff])\)?"
    r"|(?:金额)?单位[:,]?(?:人民币)?[:]?(?:(?:百万|万|千|亿)元|元(?=单位|部门|编制|编报|填报|预算|公开|表))"
)
_UNIT_LINE = re.compile(
    r"(?:单位名称|部门名称|(?:编制|编报|填报|公开|预算|报送)(?:单位|部门)(?:名称)?|部门|单位):(?P<unit>[^|:]+)"
)
_AFTER_NAME = re.compile(
    r"(?:金额|公开|财决|附)?(?:\d{1,2}表|表\d{1,2}|表[一二三四五六七八九]).*$|(?:编制|填报)?日期.*$|20\d{2}年.*$|金额$|\(?(?:盖章|公章)\)?"
)
_CODED = re.compile(r"[\[(]?(?P<code>\d{3,})[\])]?[-_]*(?P<name>[^\d\W].*)")
_FUNDS = re.compile(
    r"公共预算|财政预算|基金预算|经营预算|保险预算|预决算|预算绩效|预算单位|(?:年初|全年|调整)预算|预算(?:数|管理|执行|收入|支出)"
)
_TITLE_NOISE = re.compile(r"^(?:附件\d*[:：]?|关于|公开|公布|\d+[、._-]?)+")
_NAME = re.compile(
    r"[^\W_]{2,}?(?:[局委办厅部院校会队所站馆室社署司台园府]|中心|法院|大学|中学|小学|街道|镇|乡|政协|人大)"
)
_ATTACHMENT = re.compile(r"^附件\d{0,2}[:：.、]?")
_NO_NAME = re.compile(r"(?:部门|单位|综合|本级|汇总|收支|收入|支出|年度|[省市区县]级|财政|总|公开)+")
_COVER_NAME = re.compile(r"(?!.*(?:年|决算|预算|报告|目录|公开|附件|月))[\u4e00-\u9fff\d()]{4,40}")
_TITLE_YEAR = re.compile(r"(?<!\d)20\d{2}(?=年)")
_DIGITS = {char: str(index) for index, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}


class _Said(NamedTuple):
    """One statement of a report about itself; what it does not say is empty."""

    weight: int
    unit: str = ""
    year: int = 0
    level: str = ""
    kind: str = ""


def read_head(pages: Sequence[Page], tables: Sequence[Table], source: Source) -> tuple[ReportHead, tuple[Issue, ...]]:
    """The head of a report, and issues where it says too little or its source says something else."""
    said = [*_on_cover(pages), *_in_headings(pages), *_over_tables(tables)]
    labelled = _labelled_cells(tables)
    kind = _most((item.kind, item.weight) for item in said) or _kind_of_columns(tables)
    said_units = [_CODED.fullmatch(item.unit) or item.unit for item in said]
    names = [found if isinstance(found, str) else found["name"] for found in said_units]
    printed = _most((name, item.weight) for name, item in zip(names, said, strict=True))
    unit, scope = split_scope(printed)
    codes = Counter(found["code"] for found in said_units if not isinstance(found, str))
    codes.update(code for label, code, name in labelled if code and "实施" in label and split_scope(name)[0] == unit)
    scope = scope or _most((split_scope(name)[1], 1) for name in names if split_scope(name)[0] == unit)
    head = ReportHead(
        unit=unit,
        unit_code=codes.most_common(1)[0][0] if codes else "",
        department=_most((name, 1) for label, _, name in labelled if label == "主管部门"),
        fiscal_year=int(_most((str(item.year or ""), item.weight) for item in said) or 0) or None,
        level=_most((item.level, item.weight) for item in said),
        scope=scope,
        kind=kind,
        parts=_parts(pages),
    )
    return _compared(head, source)


def _most(votes: Iterable[tuple[str, int]]) -> str:
    """The text with the greatest weight; the first one where several are equal, "" if there is none."""
    counts: Counter[str] = Counter()
    for text, weight in votes:
        if text:
            counts[text] += weight
    return counts.most_common(1)[0][0] if counts else ""


def _year(text: str) -> int:
    return int("".join(_DIGITS.get(char, char) for char in text))


def _statement(text: str, weight: int) -> _Said | None:
    """What a heading such as `X局2024年度部门决算` says."""
    for pattern in (_YEAR_FIRST, _UNIT_FIRST):
        if found := pattern.search(_ATTACHMENT.sub("", text)):
            unit = "" if _NO_NAME.fullmatch(found["unit"]) else found["unit"]
            return _Said(weight, unit, _year(found["year"]), found["level"] or "", found["kind"])
    return None


def _on_cover(pages: Sequence[Page]) -> Iterator[_Said]:
    """Statements of the first page, whose lines are one sentence set large; a first page of prose says nothing."""
    if not pages or pages[0].tables or len(pages[0].lines) > 12:
        return
    lines = [plain(line.text) for line in pages[0].lines]
    for start in range(len(lines)):
        if said := _statement("".join(lines[start:]), _COVER):
            yield said if said.unit else said._replace(unit=next(filter(_COVER_NAME.fullmatch, lines), ""))
            return
    kind = _most((word, 1) for line in lines for word in ("决算", "预算") if word in _FUNDS.sub("", line))
    yield _Said(_COVER, kind=kind)


def _in_headings(pages: Sequence[Page]) -> Iterator[_Said]:
    """Statements of the headings 第X部分, which may run over three lines."""
    for page in pages:
        lines = [_LEADER.sub("", plain(line.text)) for line in page.lines]
        for index, line in enumerate(lines):
            if not (found := _PART.match(line)):
                continue
            rest = line[found.end() :].lstrip(":、")
            for more in range(3):
                text = rest + "".join(lines[index + 1 : index + 1 + more])
                if said := _statement(text, _HEADING):
                    yield said
                    break
                if overview := _OVERVIEW.match(text):
                    yield _Said(_HEADING, overview["unit"])
                    break


def _over_tables(tables: Sequence[Table]) -> Iterator[_Said]:
    """Unit lines and titles over the tables."""
    for table in tables:
        texts = [line.text for line in table.captions][-8:]
        texts += [cell.text for cell in table.parts[0].cells if cell.row < 3]  # they may stand inside the grid
        for text in map(plain, texts):
            if unit := unit_in(text):
                yield _Said(_TABLE, unit)
            elif len(text) < 60 and (text.endswith("表") or titled(text)):
                yield _Said(_TABLE, kind=_kind_in(text))
                if said := _statement(text, _TABLE):
                    yield said._replace(unit="", kind="")


def _kind_in(text: str) -> str:
    """Which accounts a title speaks of."""
    words = _FUNDS.sub("", text)
    return "决算" if "决算" in words else "预算" if "预算" in words else ""


def unit_in(text: str) -> str:
    """The name of who reports in a unit line, "" if the line is none."""
    found = _UNIT_LINE.search(_MONEY.sub("|", plain(text)))
    return _AFTER_NAME.sub("", found["unit"]).rstrip("([") if found else ""


def _kind_of_columns(tables: Sequence[Table]) -> str:
    """A document of bare tables says what it is in its columns."""
    words = Counter(plain(cell.text) for table in tables for cell in table.parts[0].cells if cell.row < 5)
    return "决算" if any("决算" in word for word in words) else ""


def _labelled_cells(tables: Sequence[Table]) -> list[tuple[str, str, str]]:
    """(label, code, name) for cells such as 主管部门 | 103-某某办公室 of the performance forms."""
    found = []
    for table in tables:
        for part in table.parts:
            for label, value in _neighbours(part):
                coded = _CODED.fullmatch(value)
                found.append((label, coded["code"] if coded else "", coded["name"] if coded else value))
    return found


def _neighbours(table: RawTable) -> Iterator[tuple[str, str]]:
    cells = sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    for cell, right in pairwise(cells):
        label = plain(cell.text)
        if label in {"主管部门", "实施单位", "项目实施单位"} and right.row == cell.row and right.text.strip():
            yield label, plain(right.text)


def _parts(pages: Sequence[Page]) -> tuple[int, ...]:
    """Numbers of the parts whose headings stand in the text; a page that names three of them is a list of contents.

    Where a document has no pages, all stand on one: a heading is then what has prose or a table below it.
    """
    found: set[int] = set()
    for page in pages:
        parts = [(line, _NUMERALS.index(part[1]) + 1) for line in page.lines if (part := _PART.match(plain(line.text)))]
        if len({number for _, number in parts}) < 3:
            found |= {number for _, number in parts}
            continue
        ends = [line.box.top for line, _ in parts[1:]] + [page.height]
        texts = [line.box.top for line in page.lines if "。" in line.text] + [table.box.top for table in page.tables]
        for (line, number), end in zip(parts, ends, strict=True):
            found |= {number} if any(line.box.top < top < end for top in texts) else set()
    return tuple(sorted(found))


def _compared(head: ReportHead, source: Source) -> tuple[ReportHead, tuple[Issue, ...]]:
    """The head with its gaps filled from the source, and where the two disagree."""
    issues: list[Issue] = []
    titles = [_TITLE_NOISE.sub("", plain(text.rpartition("/")[2])) for text in (source.title, source.name) if text]
    outside = next((said for title in titles if (said := _statement(title, 0))), _Said(0))
    if not head.unit:
        text = f"报告中没有找到单位名称{f'，暂按标题记为“{outside.unit}”' if outside.unit else ''}，请核对。"
        issues.append(Issue(IssueKind.UNIT_UNKNOWN, text))
    else:
        other = next((name for title in titles if (name := other_unit(head.unit, title))), "")
        if other:
            text = f"报告中的单位是“{head.unit}”，公开标题或文件名写的是“{other}”，请核对文件是否放错。"
            issues.append(Issue(IssueKind.UNIT_DISAGREES, text, cell=other))
    if head.fiscal_year is None:
        text = f"报告中没有找到决算年度{f'，暂按标题记为{outside.year}年' if outside.year else ''}，请核对。"
        issues.append(Issue(IssueKind.YEAR_UNKNOWN, text))
    else:
        years = {int(year) for title in titles if "决算" in title for year in _TITLE_YEAR.findall(title)}
        if years and head.fiscal_year not in years:
            printed = "、".join(f"{year}年" for year in sorted(years))
            text = f"报告中的决算年度是{head.fiscal_year}年，公开标题或文件名写的是{printed}，请核对文件是否放错。"
            issues.append(Issue(IssueKind.YEAR_DISAGREES, text, cell=printed))
    unit, scope = split_scope(outside.unit)
    filled = ReportHead(
        unit=head.unit or unit,
        unit_code=head.unit_code,
        department=head.department,
        fiscal_year=head.fiscal_year or outside.year or None,
        level=head.level or outside.level,
        scope=head.scope or (scope if unit == head.unit or not head.unit else ""),
        kind=head.kind or next(filter(None, map(_kind_in, titles)), ""),
        parts=head.parts,
    )
    return filled, tuple(issues)


def other_unit(unit: str, title: str) -> str:
    """The name in a title if it is hardly the unit's, else "".

    Titles shorten names (市住建局 for 某市住房和城乡建设局) and decorate them; a shortened name keeps some of the
    characters in their order. Only a name of which that is not true, either way, is another unit's.
    """
    unit = plain(unit)
    if unit in title:
        return ""
    before = re.split(r"20\d{2}年|部门|单位|决算|预算", title)[0]
    names = [name for piece in re.split(r"[_\-\s]", before) if (name := "".join(_NAME.findall(piece)[:6]))]
    for name in names:
        if len(name) >= 4 and not is_within(name, unit) and not is_within(unit, name):
            return name
    return ""


def is_within(short: str, long: str) -> bool:
    """True if the characters of `short` stand in `long` in the same order."""
    rest = iter(long)
    return all(char in rest for char in short)
