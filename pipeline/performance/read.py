"""Self-evaluation forms among the tables of a report become projects.

A form is read row by row: a row heads the columns of money or of indicators, or stands under such headings, or holds
labels with their values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.lift.money import common_unit, settle_decimals, stated_unit
from pipeline.lift.numbers import is_nothing
from pipeline.performance.entries import Entries
from pipeline.performance.figures import Printed, figure_of, number_in
from pipeline.performance.forms import Form, forms_of, list_heading
from pipeline.performance.funds import Column, Funds, ends_funds, fund_columns, paired_columns
from pipeline.performance.indicators import Indicators, indicator_columns
from pipeline.performance.model import Project
from pipeline.performance.words import FUND_COLUMNS, LABELS, POINT_MEASURES, SOURCES, key_in, label_of
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.lift.numbers import Number
    from pipeline.model import Cell, Table
    from pipeline.performance.layout import Spot

FULL = Decimal(100)
"""The weights of a form add up to so many points."""

_WAN = re.compile(r"\d\s*万元")
_GENERIC = re.compile(r"(部门|单位|项目|支出|整体|预算|绩效|政策|专项|资金|财政|本级|年度|\d{4}年?|[（(）)])*")
_NAMED_BY_TITLE = re.compile(r"(?:\d{4}年度?)?(?P<name>.+?)(?:项目)?(?:支出)?(?:绩效)?(?:自评|自我评价|绩效评价).*表.*")


@dataclass(slots=True)
class _Draft:
    """A project under construction; `printed` are its numbers, for which the unit of money is still to be found."""

    kind: str
    pages: tuple[int, int]
    texts: dict[str, str]
    printed: list[Printed]
    unit: int
    indicators: Indicators = field(default_factory=Indicators)
    strange: list[Spot] = field(default_factory=list)
    unreadable: list[Spot] = field(default_factory=list)

    @property
    def unknown(self) -> list[tuple[str, Cell]]:
        """Sources of money that are none of the known ones, with a cell of each."""
        first = {p.label: p.cell for p in reversed(self.printed) if p.line.partition("_")[0] == "source"}
        return list(first.items())

    @property
    def name(self) -> str:
        return self.texts.get("name", "")

    @property
    def amounts(self) -> list[Number]:
        return [printed.number for printed in self.printed if printed.is_money and squeeze(printed.cell.text)]


def read_projects(tables: Sequence[Table]) -> tuple[tuple[Project, ...], tuple[Issue, ...]]:
    """The projects of all self-evaluation forms, in reading order, and what of these forms could not be understood.

    Forms that nobody filled in give no project.
    """
    projects, issues, _ = read_evaluations(tables)
    return projects, issues


def read_evaluations(
    tables: Sequence[Table],
) -> tuple[tuple[Project, ...], tuple[Issue, ...], tuple[Table, ...]]:
    """The same as `read_projects`, and the tables that are none of these forms."""
    forms = forms_of(tables)
    if not forms:
        return (), (), tuple(tables)
    drafts = [
        draft for form in forms for draft in (_listed(form) if form.listed else [_drafted(form)]) if draft.printed
    ]
    known = common_unit(draft.unit for draft in drafts) or common_unit(
        stated_unit(line.text for line in table.captions) for table in tables
    )
    for draft in drafts:
        draft.unit = draft.unit or known
    settled = settle_decimals([(draft.unit, draft.amounts) for draft in drafts])
    projects = tuple(_project(draft, decimals) for draft, decimals in zip(drafts, settled, strict=True))
    taken = {id(table) for form in forms for table in form.tables}
    issues = tuple(issue for draft in drafts for issue in _issues(draft))
    return projects, issues, tuple(table for table in tables if id(table) not in taken)


def _drafted(form: Form) -> _Draft:
    """One form, read row by row."""
    funds, indicators, entries = Funds(), Indicators(), Entries()
    reading = ""
    for row, below in zip(form.rows, [*form.rows[1:], None], strict=True):
        if heading := indicator_columns(row):
            indicators.head(heading)
            reading = "indicators"
            indicators.executed = any(printed.measure == "score" for s in funds.sources for printed in s.printed)
        elif columns := fund_columns(row):
            funds.head(columns, row)
            reading = "funds"
        elif reading != "indicators" and (columns := paired_columns(row)):
            funds.head(columns, row)
            funds.add(row)
            reading = "funds"
        elif reading == "indicators" and indicators.is_total(row):
            entries.add(row, below, scores=not indicators.add_total(row))
            reading = ""
        elif reading == "indicators" and not indicators.is_closed_by(row):
            indicators.add(row)
        elif reading == "funds" and not ends_funds(row):
            funds.add(row)
        else:
            reading = reading if reading == "indicators" else ""
            entries.add(row, below)
    printed = _once([*funds.printed(), *indicators.printed, *entries.printed])
    texts = entries.texts
    if not texts.get("name") and (found := _name_in(form.titles)):
        texts["name"] = found
    whole = any("整体" in text for text in [*form.titles, texts.get("name", "")]) or not (
        entries.seen | texts.keys()
    ) & {"name"}
    kind = "部门整体" if whole else "项目"
    pages = form.rows[0].page, form.rows[-1].page
    return _Draft(
        kind, pages, texts, printed, _unit_of(form), indicators, [*funds.strange, *indicators.strange],
        [*funds.unreadable, *indicators.unreadable],
    )  # fmt: skip


def _once(printed: Iterable[Printed]) -> list[Printed]:
    """The first of several numbers for one line and measure: a form may say its total twice."""
    first: dict[tuple[str, str], Printed] = {}
    for number in printed:
        first.setdefault((number.line, number.measure), number)
    return list(first.values())


def _name_in(titles: Sequence[str]) -> str:
    for text in reversed(titles):
        found = _NAMED_BY_TITLE.fullmatch(plain(text))
        if found and not _GENERIC.fullmatch(found["name"]):
            return found["name"]
    return ""


def _unit_of(form: Form) -> int:
    """The unit of money that the form states in its headings, or the one in which its text speaks of ten thousands."""
    texts = [spot.text for row in form.rows for spot in row.printed]
    stated = stated_unit(form.captions) or stated_unit(text for text in texts if len(text) < 25)
    return stated or (10_000 if any(_WAN.search(text) for text in texts) else 0)


def _listed(form: Form) -> Iterator[_Draft]:
    """A list of projects: one draft for each row."""
    number = list_heading(form.rows)
    if number is None:
        return
    heading = form.rows[number]
    spans = {key: spot.span for spot in heading.printed if (key := key_in(LABELS, spot.text))}
    columns = [
        Column(key, spot.span, "%" in spot.text)
        for spot in heading.printed
        if (key := key_in(FUND_COLUMNS, spot.text)) and spot.span is not spans.get("name")
    ]
    unit = _unit_of(form)
    for row in form.rows[number + 1 :]:
        texts = {key: "".join(s.text for s in row.under(span)) for key, span in spans.items() if key != "score"}
        if not texts["name"] or key_in(LABELS, texts["name"]) or label_of(texts["name"]) in {"合计", "总计"}:
            continue
        printed, unreadable = [], []
        for column in columns:
            for spot in row.under(column.span)[:1]:
                line = "score" if column.measure in {"score", "weight"} else "total"
                if found := number_in(spot.text):
                    args = (line, column.measure, texts["name"], *found, column.percent, spot.cell)
                    printed.append(Printed(*args))
                elif not is_nothing(spot.text):
                    unreadable.append(spot)
        yield _Draft("清单", (row.page, row.page), texts, printed, unit, unreadable=unreadable)


def _project(draft: _Draft, decimals: int) -> Project:
    kept = [printed for printed in _with_parts(draft.printed) if draft.unit or not printed.is_money]
    finest = max((p.number.decimals for p in kept if p.measure == "score" and p.line != "score"), default=0)
    figures = tuple(
        figure_of(printed, draft.unit, decimals, rounded=printed.line == "score" and finest > 0) for printed in kept
    )
    text = draft.texts.get
    return Project(
        draft.kind, draft.name, text("code", ""), text("unit", ""), text("department", ""),
        label_of(text("grade", "")), text("goals", ""), text("results", ""), figures,
        tuple(draft.indicators.found), draft.pages,
    )  # fmt: skip


def _with_parts(printed: Sequence[Printed]) -> list[Printed]:
    """Says which points are parts of the totals.

    All weights are of the total weight; scores only of the total score where each line has both, and weights that add
    up to a hundred show that no indicator was lost.
    """
    points = [
        p for p in printed if p.line != "score" and p.measure in POINT_MEASURES and p.line not in SOURCES.patterns
    ]
    weights = {p.line: p.number.value for p in points if p.measure == "weight"}
    scored = {p.line for p in points if p.measure == "score"}
    whole = scored == weights.keys() and abs(sum(weights.values()) - FULL) < Decimal(1) / 2
    measures = {"weight", "score"} if whole else {"weight"}
    parts = {id(point) for point in points if point.measure in measures}
    return [replace(p, part_of="score") if id(p) in parts else p for p in printed]


def _issues(draft: _Draft) -> Iterator[Issue]:
    name, page = draft.name or "未写明名称", draft.pages[0]
    for spot in draft.unreadable:
        text = f"第{spot.cell.page}页绩效自评表（{name}）中的“{spot.text}”应为数字，无法读取，请核对原表。"
        yield Issue(IssueKind.UNREADABLE_NUMBER, text, spot.cell.page, "performance", spot.text, spot.cell.box)
    if draft.strange:
        spot = draft.strange[0]
        shown = "、".join(spot.text for spot in draft.strange[:3])
        text = (
            f"第{spot.cell.page}页绩效自评表（{name}）有{len(draft.strange)}个数字（{shown}）"
            "所在的栏目认不出，没有采用，请核对原表。"
        )
        yield Issue(IssueKind.UNKNOWN_HEADING, text, spot.cell.page, "performance", spot.text, spot.cell.box)
    for label, cell in draft.unknown:
        text = (
            f"第{cell.page}页绩效自评表（{name}）的资金来源“{label}”认不出，金额已照录，"
            "该表资金合计与各来源之和没有核对，请核对原表。"
        )
        yield Issue(IssueKind.UNKNOWN_LINE, text, cell.page, "performance", label, cell.box)
    if not draft.unit and draft.amounts:
        text = f"第{page}页绩效自评表（{name}）没有印明金额单位（万元或元），该表金额没有采用，请核对原表。"
        yield Issue(IssueKind.MONEY_UNIT_UNKNOWN, text, page, "performance")
