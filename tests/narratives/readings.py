"""Whole readings without any file: the tables' facts straight from the books, the prose read from its pages."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from pipeline.model import Box, Fact, FormReading, Reading, ReportHead, Source
from pipeline.narrative.read import read_narrative
from pipeline.reference import subjects
from tests.accounts import MEASURES
from tests.narratives.pages import pages_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.model import Page
    from tests.city.ledger import Key
    from tests.city.narrative import Line
    from tests.narratives.books import Books
    from tests.narratives.wording import Style

TABLE_PAGES = len(MEASURES)


def head_of(books: Books, *, year: int = 0) -> ReportHead:
    return ReportHead(books.unit, "", "", year or books.year, books.level, "", "决算", (1, 2, 3, 4))


def reading_of(key: str, books: Books, lines: Iterable[Line], style: Style) -> tuple[Reading, tuple[Page, ...]]:
    """A report of these books with this prose, and its pages."""
    head = head_of(books)
    pages = pages_of(lines, style, tables=TABLE_PAGES)
    forms, facts = tables_of(books.cells, wan=style.wan)
    narrative, issues = read_narrative(pages, (), head, facts)
    source = Source(f"{key}.pdf", region="柳州市")
    return Reading(key, source, len(pages), head, forms, facts, issues, narrative=narrative), pages


def year_before(key: str, books: Books, *, wan: bool) -> Reading:
    """Last year's report, of which only the tables were read."""
    forms, facts = tables_of(books.last, wan=wan)
    head = head_of(books, year=books.year - 1)
    return Reading(key, Source(f"{key}.pdf", region="柳州市"), 20, head, forms, facts)


@cache
def _label(form: str, line: str) -> str:
    declared = {item.key: item.title for item in FORMS[form].lines}
    if line in declared or not line.isdigit():
        return declared.get(line, "合计")
    return subjects("economic" if form == "basic_expenditure" else "functional")[line].name


def tables_of(cells: Mapping[Key, int], *, wan: bool) -> tuple[tuple[FormReading, ...], tuple[Fact, ...]]:
    """The nine tables as read: every amount rounded by itself."""
    unit = 10_000 if wan else 1
    precision = Decimal(unit) / 100
    facts, forms = [], []
    for page, (form, measures) in enumerate(MEASURES.items(), 5):
        own = sorted(key for key in cells if key[0] == form)
        rows = {line: number for number, line in enumerate(dict.fromkeys(key[1] for key in own), 1)}
        for key in own:
            printed = (Decimal(cells[key]) / (100 * unit)).quantize(Decimal("0.01"), ROUND_HALF_UP)
            facts.append(
                Fact(form, key[1], key[2], _label(form, key[1]), printed * unit, str(printed), unit, precision, page,
                     Box(1, 2, 3, 4), rows[key[1]], "pdfium")
            )  # fmt: skip
        empty = not any(cells[key] for key in own)
        note = "注：无此项收支，故本表无数据。" if empty else ""
        forms.append(
            FormReading(form, FORMS[form].title, (page, page), unit, precision, tuple(measures), len(rows), len(own),
                        len(own), blank=False, note=note)
        )  # fmt: skip
    return tuple(forms), tuple(facts)
