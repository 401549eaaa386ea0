"""The plain values that pass between the stages of the pipeline.

Coordinates are PDF points (1/72 inch) from the top left corner of the page *as it is displayed*
(after /Rotate); documents without paper have nominal places (`pipeline.read.formats.flow`). Pages count from 1: in a
workbook the sheets that are shown, in order. Rows and columns of a grid count from 0. Money is Decimal yuan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from pipeline.issues import Issue
    from pipeline.narrative.model import Narrative
    from pipeline.performance.model import Project


BUNDLE = "压缩包"
"""The kind of a document that only holds other documents."""


class Box(NamedTuple):
    """A rectangle on a page, in points from the top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a document from outside it: the file's name and what the portal says of it."""

    name: str
    url: str = ""
    title: str = ""
    site: str = ""
    region: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text outside every table."""

    page: int
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a raw table. A merged cell stands once, at its top left position, with its spans.

    `text` keeps the line breaks of a wrapped cell; an empty cell has the text "". `confidence` (0 to 1) is 1 for text
    that the file itself gives, and less for what was recognised from a picture.
    """

    page: int
    box: Box
    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class RawTable:
    """A grid of strings found on one page; every grid position is covered by at most one cell."""

    page: int
    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read: its lines outside tables, top to bottom, and its tables, top to bottom.

    `rotation` is the clockwise turn in degrees that brings the text of the displayed page upright (0 for most pages,
    whatever their /Rotate); "top to bottom" is meant after it. `reader` names who read it: "pdfium", "pdfplumber",
    "rapidocr", or the format ("xlsx", "docx"). `skew` is the angle in degrees, clockwise, at which a scanned sheet
    lies: all boxes are those of the page set straight around its middle, and `pipeline.read.skew` turns them back.
    """

    number: int
    width: float
    height: float
    rotation: int
    lines: tuple[TextLine, ...]
    tables: tuple[RawTable, ...]
    reader: str
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table joined over its pages.

    `parts` are the raw tables in reading order, `captions` the lines between the preceding table
    (or page start) and the first part, `notes` the lines after the last part, up to the next table
    or the end of the page.
    """

    parts: tuple[RawTable, ...]
    captions: tuple[TextLine, ...]
    notes: tuple[TextLine, ...]
    reader: str = "pdfium"


@dataclass(frozen=True, slots=True)
class ReportHead:
    """What a report says of itself.

    `unit` is the name as printed, less its scope; `level` is 部门 | 单位 | "" ; `scope` is 本级 | 汇总 | "" ;
    `kind` is 决算 | 预算 | 压缩包 | "" ; `parts` the numbers of the parts found (第一部分 → 1).
    """

    unit: str
    unit_code: str
    department: str
    fiscal_year: int | None
    level: str
    scope: str
    kind: str
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FormReading:
    """One statutory table as found in one document.

    `money_unit` is 1 or 10000 yuan (0: not stated), `precision` the value in yuan of the last printed
    digit. `numbers` counts the numbers printed in money cells, `lifted` those that became facts.
    `blank` says that no money cell holds anything; `note` is the printed note of emptiness, if any.
    `measures` are the keys of the columns found.
    """

    form: str
    title: str
    pages: tuple[int, int]
    money_unit: int
    precision: Decimal
    measures: tuple[str, ...]
    rows: int
    numbers: int
    lifted: int
    blank: bool
    note: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One money cell of a statutory table.

    (`form`, `line`, `measure`) says what it is: `line` is a subject code ("2010301"), or the key of a
    declared line ("opening_carryover"); `measure` the key of a declared column. `amount` is in yuan,
    0 for a blank cell (`printed` == ""). `precision` is the value in yuan of the last digit that the
    table prints, 0 for a blank cell. `label` is the row's printed name without white space,
    `row_no` the row's ordinal in the form, from 1.
    """

    form: str
    line: str
    measure: str
    label: str
    amount: Decimal
    printed: str
    money_unit: int
    precision: Decimal
    page: int
    box: Box
    row_no: int
    reader: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read of one document.

    `compared` counts the pages that were read a second time (`pipeline.doubt`), `not_comparable` those for which that
    proved nothing. `narrative` is None where a document has no prose that was read.
    """

    document: str
    source: Source
    pages: int
    head: ReportHead
    forms: tuple[FormReading, ...]
    facts: tuple[Fact, ...]
    issues: tuple[Issue, ...] = field(default=())
    compared: int = 0
    not_comparable: int = 0
    narrative: Narrative | None = None
    projects: tuple[Project, ...] = ()
