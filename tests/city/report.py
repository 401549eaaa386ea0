"""One report as a sequence of blocks, from the cover to the glossary, ready for any renderer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.city.books import Book, books
from tests.city.code_tables import code_table
from tests.city.item_tables import basic_expenditure, three_public
from tests.city.narrative import GLOSSARY, Line, Narrator
from tests.city.sheets import Cell, Printer, Sheet, head
from tests.city.style import STYLES, Style
from tests.city.summary_tables import fiscal_appropriation, income_expenditure, ordinal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page; `landscape` is its orientation."""

    landscape: bool = False


Block = Line | Sheet | PageBreak


@dataclass(frozen=True, slots=True)
class Report:
    """One published file. `file` is its path under reports/, `fault` the key of a known fault or ""."""

    file: str
    unit: str
    year: int
    scope: str
    style: str
    published_on: str
    list_title: str
    fault: str = ""

    @property
    def book(self) -> Book:
        return books()[self.unit, self.year, self.scope]

    @property
    def level(self) -> str:
        return "部门" if self.scope == "汇总" else "单位"

    @property
    def layout(self) -> Style:
        return STYLES[self.style]

    @property
    def name(self) -> str:
        """The unit's name as the cover prints it: a department's own report carries no scope in its name."""
        book = self.book
        return book.unit.name if self.scope == "汇总" else Printer(book, self.layout).name


def statutory_sheets(report: Report) -> tuple[Sheet, ...]:
    """The nine tables in the layout's order, faults not yet in them."""
    printer = Printer(report.book, report.layout)
    makers: dict[str, Callable[[Printer], Sheet]] = {
        "income_expenditure": income_expenditure,
        "fiscal_appropriation": fiscal_appropriation,
        "basic_expenditure": basic_expenditure,
        "three_public": three_public,
    }
    return tuple(makers[form](printer) if form in makers else code_table(printer, form) for form in report.layout.order)


def blocks(report: Report, sheets: tuple[Sheet, ...]) -> Iterator[Block]:
    """The whole report. A table of the members of a department stands in its overview."""
    book, style, name = report.book, report.layout, report.name
    before = books()[report.unit, report.year - 1, report.scope]
    narrator = Narrator(book, before, f"本{report.level}", level=report.level)
    yield Line("cover", name)
    yield Line("cover", f"{report.year}年度{report.level}决算")
    yield PageBreak()
    parts = (
        f"第一部分　{name}概况",
        f"第二部分　{name}{report.year}年度{report.level}决算表",
        f"第三部分　{name}{report.year}年度{report.level}决算情况说明",
        "第四部分　名词解释",
    )
    explanation = tuple(narrator.explanation())
    yield Line("part", "目　录")
    for part in parts:
        yield Line("text", part)
        if part == parts[1]:
            for number, sheet in enumerate(sheets, 1):
                yield Line("text", f"{ordinal(number)}、{style.title(sheet.form, report.year)}")
    yield PageBreak()
    yield Line("part", parts[0])
    yield from narrator.overview()
    if book.members:
        yield _members(book)
    for number, sheet in enumerate(sheets):
        yield PageBreak(sheet.landscape)
        if not number:
            yield Line("part", parts[1])
        yield sheet
    yield PageBreak()
    yield Line("part", parts[2])
    yield from explanation
    yield PageBreak()
    yield Line("part", parts[3])
    for number, (term, meaning) in enumerate(GLOSSARY, 1):
        yield Line("text", f"{ordinal(number)}、{term}：{meaning}")


def _members(book: Book) -> Sheet:
    rows = tuple(
        (head(str(number)), Cell(name + ("（本级）" if number == 1 else "")), Cell("独立编报"))
        for number, name in enumerate(book.members, 1)
    )
    header = ((head("序号"), head("单位名称"), head("备注")),)
    return Sheet("", "", "", "", "", header, rows, (8.0, 40.0, 20.0))
