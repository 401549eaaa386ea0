"""Which tables of a report are self-evaluation forms, and where in them each form begins.

A form may fill part of a table or several tables; a list of projects with their scores is one table of many projects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.performance.funds import fund_columns, paired_columns
from pipeline.performance.indicators import indicator_columns
from pipeline.performance.layout import SLACK, Row, rows_of
from pipeline.performance.words import FUND_COLUMNS, LABELS, is_title, is_total_row, key_in, label_of
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Table

_MARKS = ("得分", "分值", "评分", "分数", "执行率", "自评", "权重", "完成值", "实现率")
_MARK = re.compile("|".join(r"\s*".join(mark) for mark in _MARKS))
_EVALUATION = re.compile(r"自评|自我评价|绩效评价")
_YEAR = re.compile(r"\(?\d{4}年度?\)?")
_UNIT_NAME = re.compile(r"(预算)?(部门|单位)(整体)?(支出)?名称")
_CAPTION_LINES = 6
_RUNNING = 30  # characters: running heads are shorter, prose fills its line
_SECTION = re.compile(r"(第?[一二三四五六七八九十]+[、部章节]|\([一二三四五六七八九十\d]+\)|\d+[.、]).*|.*[。;:]")
_RESULTS = frozenset({"actual", "score", "rate"})


@dataclass(slots=True)
class Form:
    """The rows of one form, with the lines above it. `listed` says that every row is a project of its own."""

    captions: list[str]
    rows: list[Row] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    listed: bool = False

    @property
    def titles(self) -> list[str]:
        """Its titles, above it or in the first cells that span it."""
        inside = [row.printed[0].text for row in self.rows[:3] if len(row.printed) == 1]
        return [text for text in [*self.captions, *inside] if is_title(text)]

    @property
    def name(self) -> str:
        """The name that it gives itself first, "" if it gives none."""
        return _named_first(self.rows) or ""

    @property
    def is_summed(self) -> bool:
        """True once its points have been summed up."""
        return _is_summed(self.rows)


def forms_of(tables: Sequence[Table]) -> list[Form]:
    """The self-evaluation forms among the tables of a report, in reading order."""
    forms: list[Form] = []
    grown: Form | None = None  # the form that the next table may go on with
    for table in tables:
        marked = any(_MARK.search("|".join(cell.text for cell in part.cells)) for part in table.parts)
        near = grown is not None and table.parts[0].page - grown.rows[-1].page in {0, 1}
        if not marked and not near:
            continue
        rows = rows_of(table)
        captions = [squeeze(line.text) for line in table.captions][-_CAPTION_LINES:]
        if _is_list(rows, captions):
            forms.append(Form(captions, rows, [table], listed=True))
            grown = None
            continue
        starts = _starts(rows)
        if starts and near and grown is not None and not grown.is_summed and _named_first(rows) == grown.name:
            starts.pop(0)  # its head is printed again on the next page
        begins = starts[0] if starts else len(rows)
        if grown is not None and near and begins and _goes_on(grown, table, rows[:begins]):
            grown.rows += rows[:begins]
            grown.tables.append(table)
        elif not starts and marked and _is_nameless(rows, captions):
            starts = [0]
        elif starts and not any(_is_heading(row) for row in rows[:begins]):
            starts[0] = 0
        new = [
            Form(captions if start == starts[0] else [], rows[start:stop], [table])
            for start, stop in zip(starts, [*starts[1:], len(rows)], strict=False)
        ]
        forms += new
        grown = new[-1] if new else grown if grown is not None and table in grown.tables else None
    return [form for form in forms if form.listed or _is_evaluation(form)]


def list_heading(rows: Sequence[Row]) -> int | None:
    """The row that heads a list of projects with figures, None if there is none."""
    for number, row in enumerate(rows[:4]):
        for spot in row.printed:
            beside = row.beside(spot)
            if key_in(LABELS, spot.text) == "name" and (
                beside is None or (beside.text and (key_in(FUND_COLUMNS, beside.text) or key_in(LABELS, beside.text)))
            ):
                return number
    return None


def _is_list(rows: Sequence[Row], captions: Sequence[str]) -> bool:
    """True for projects in rows with their scores, or with anything else under the title of an evaluation."""
    number = list_heading(rows)
    if number is None:
        return False
    keys = {key_in(FUND_COLUMNS, spot.text) for spot in rows[number].printed}
    below = rows[number + 1 :]
    if any(indicator_columns(row) or any(key_in(LABELS, spot.text) == "name" for spot in row.printed) for row in below):
        return False
    return "score" in keys or (bool(keys & _RESULTS) and any(_EVALUATION.search(text) for text in captions))


def _is_heading(row: Row) -> bool:
    return bool(fund_columns(row) or indicator_columns(row))


def _starts(rows: Sequence[Row]) -> list[int]:
    """The rows in which forms begin: they name a project, or a unit after the headings of the form before."""
    starts: list[int] = []
    names: list[str] = []
    headed = True
    for number, row in enumerate(rows):
        if headed and not fund_columns(row) and (name := _named(row)) is not None:
            if not names or name != names[-1] or _is_summed(rows[starts[-1] : number]):
                starts.append(_with_title(rows, number))
                names.append(name)
            headed = False
        elif _is_heading(row) or paired_columns(row):
            headed = True
    return starts


def _named(row: Row) -> str | None:
    """The name that a form gives itself in this row, None if it gives none."""
    for spot in row.printed:
        if key_in(LABELS, spot.text) == "name" or _UNIT_NAME.fullmatch(label_of(spot.text)):
            value = row.beside(spot)
            return value.text if value is not None and not key_in(LABELS, value.text) else ""
        label, colon, value_text = spot.text.replace("：", ":").partition(":")
        if colon and value_text and key_in(LABELS, label) == "name":
            return value_text
    return None


def _named_first(rows: Sequence[Row]) -> str | None:
    return next((name for row in rows if (name := _named(row)) is not None), None)


def _with_title(rows: Sequence[Row], number: int) -> int:
    """The row in which the title of a form begins that is drawn inside the grid."""
    while number and len(above := rows[number - 1].printed) == 1:
        if not is_title(above[0].text) and not _YEAR.fullmatch(plain(above[0].text)):
            break
        number -= 1
    return number


def _is_summed(rows: Sequence[Row]) -> bool:
    return any(row.printed and is_total_row(row.printed[0].text) for row in rows)


def _goes_on(form: Form, table: Table, rows: Sequence[Row]) -> bool:
    """True if these rows, which name no project, can be the rest of a form on the page before."""
    own = [squeeze(line.text) for line in table.captions if line.page == table.parts[0].page]
    if any(len(text) > _RUNNING or _begins_another(plain(text)) for text in own):
        return False
    if any(_is_heading(row) for row in rows):
        return not form.is_summed
    return abs(form.rows[-1].width - rows[0].width) <= SLACK + 1


def _begins_another(caption: str) -> bool:
    """True for a line that heads something else than the rest of a form: another table, a section, prose."""
    if is_title(caption) or caption.startswith("续"):
        return False
    return caption.endswith("表") or _SECTION.fullmatch(caption) is not None


def _is_nameless(rows: Sequence[Row], captions: Sequence[str]) -> bool:
    """True for a form that its title alone names."""
    return bool(Form([*captions], [*rows]).titles) and any(_is_heading(row) for row in rows)


def _is_evaluation(form: Form) -> bool:
    """True for a form that says what came of the project; goals alone are another form's."""
    for row in form.rows:
        keys = indicator_columns(row).keys() | {column.measure for column in (fund_columns(row) or paired_columns(row))}
        if keys & _RESULTS or any(key_in(LABELS, spot.text) == "score" for spot in row.printed):
            return True
    return False
