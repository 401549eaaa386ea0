"""The reader of .docx: paragraphs and tables of the body in their order, over the pages that Word last laid out.

Read from the XML and not through python-docx, which passes over content controls (lists of contents, covers), tracked
insertions and text boxes. Insertions are text, deletions and hidden runs are not; headers, footers, footnotes and
comments are no part of the body. Numbers that Word only generates before paragraphs (1., 一、) are not in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.issues import Issue, IssueKind
from pipeline.read.formats.flow import Flow, Place
from pipeline.read.formats.package import (
    Package,
    UnreadableError,
    attribute,
    child,
    damaged,
    local,
    whole,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.page import Pages

_DROPPED = frozenset(
    {"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "tcPr", "trPr", "tblPr", "tblGrid", "sectPr",
     "sdtPr", "sdtEndPr", "oMath", "oMathPara", "footnoteReference", "endnoteReference", "commentReference"}
)  # fmt: skip
_OFF = frozenset({"0", "false", "off"})
_GAP = "  "
_MAX_DEPTH = 60  # of elements within each other, as no editor nests them
_MAX_SPAN = 200


class _Break:
    """A new page: `laid_out` where Word last put one by itself, which it also writes behind a break made by hand."""

    def __init__(self, *, laid_out: bool) -> None:
        self.laid_out = laid_out


_BY_HAND, _LAID_OUT = _Break(laid_out=False), _Break(laid_out=True)


@dataclass(slots=True)
class _Table:
    """A table: its cells, the rows before which a page begins, and the tables that stand in its cells."""

    places: list[Place] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    blocks: list[_Block] = field(default_factory=list)  # all that stands in its cells, one below the other

    @property
    def inner(self) -> list[_Table]:
        return [block for block in self.blocks if isinstance(block, _Table)]

    @property
    def is_layout(self) -> bool:
        """True for a frame around tables: more cells with text stand in those than beside them."""
        return sum(table.texts for table in self.inner) > self.texts

    @property
    def texts(self) -> int:
        return sum(bool(place.text.strip()) for place in self.places)


_Block = str | _Break | _Table


def read_docx(data: bytes, source_name: str, reader: str = "docx") -> Pages:
    """Pages of a Word document; `reader` is who the pages name as their reader."""
    try:
        package = Package(data)
        main = package.main_part("word/document.xml")
        body = child(package.tree(main), "body")
        if body is None:
            raise damaged(main)
        flow = Flow(reader)
        for block in _blocks(body, _Sections(body), 0):
            _lay(flow, block)
    except UnreadableError as error:
        return (), (error.issue(source_name),)
    pages = flow.closed()
    if any(page.tables for page in pages):
        return pages, ()
    text = f"文件“{source_name}”中没有找到表格，请打开原文件确认是否为决算报告。"
    return pages, (Issue(IssueKind.NO_TABLES, text),)


def _lay(flow: Flow, block: _Block) -> None:
    if isinstance(block, str):
        flow.add_text(block)
    elif isinstance(block, _Break):
        if not (block.laid_out and flow.is_fresh):
            flow.break_page()
    elif block.is_layout:
        for inner in block.blocks:
            _lay(flow, inner)
    else:
        if 0 in block.breaks and not flow.is_fresh:
            flow.break_page()
        flow.add_table(block.places, block.breaks)
        for inner in block.inner:
            _lay(flow, inner)


class _Sections:
    """Whether a page begins behind each section: how a section begins is said at its own end."""

    def __init__(self, body: Any) -> None:
        kinds = [_value(section, "type") for section in body.iter() if local(section) == "sectPr"]
        self._breaks = [kind not in {"continuous", "nextColumn"} for kind in kinds[1:]] + [False]
        self._next = 0

    def ends_page(self) -> bool:
        """Asked once at the end of each section, in order."""
        self._next += 1
        return self._breaks[min(self._next, len(self._breaks)) - 1]


def _value(element: Any, name: str) -> str:
    """The value of a property such as <w:gridSpan w:val="2"/>; "" if it has none."""
    found = child(element, name) if element is not None else None
    return "" if found is None else attribute(found, "val")


def _is_on(properties: Any, name: str) -> bool:
    found = child(properties, name) if properties is not None else None
    return found is not None and attribute(found, "val") not in _OFF


def _blocks(element: Any, sections: _Sections | None, depth: int) -> Iterator[_Block]:
    """What stands in a body, a cell, a text box or a content control, in order."""
    if depth > _MAX_DEPTH:
        raise damaged("嵌套过深")
    for inner in element:
        name = local(inner)
        if name == "p":
            yield from _paragraph(inner, sections, depth)
        elif name == "tbl":
            yield _table(inner, depth)
        elif name and name not in _DROPPED:
            yield from _blocks(inner, sections, depth + 1)


def _paragraph(element: Any, sections: _Sections | None, depth: int) -> Iterator[_Block]:
    properties = child(element, "pPr")
    if _is_on(properties, "pageBreakBefore"):
        yield _LAID_OUT
    line: list[str] = []
    boxes: list[_Block] = []
    for part in _runs(element, boxes, depth):
        if isinstance(part, str):
            line.append(part)
            continue
        yield "".join(line)
        line.clear()
        yield part
    yield "".join(line)
    yield from boxes
    if sections is not None and properties is not None and child(properties, "sectPr") is not None:
        if sections.ends_page():
            yield _BY_HAND


def _runs(element: Any, boxes: list[_Block], depth: int) -> Iterator[str | _Break]:
    """The text of a paragraph and the breaks in it; what stands in text boxes goes to `boxes`."""
    if depth > _MAX_DEPTH:
        raise damaged("嵌套过深")
    for inner in element:
        name = local(inner)
        if name == "t":
            yield inner.text or ""
        elif name in {"tab", "ptab"}:
            yield _GAP
        elif name == "br":
            kind = attribute(inner, "type")
            yield _BY_HAND if kind == "page" else "\n"
        elif name == "cr":
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "lastRenderedPageBreak":
            yield _LAID_OUT
        elif name == "txbxContent":
            boxes += _blocks(inner, None, depth + 1)
        elif name == "r" and _is_on(child(inner, "rPr"), "vanish"):
            continue
        elif name and name not in _DROPPED:
            yield from _runs(inner, boxes, depth + 1)


def _table(element: Any, depth: int) -> _Table:
    table = _Table()
    merged: dict[int, int] = {}  # column → index of the cell that goes on downwards from there
    row = 0
    for tr in _all(element, "tr"):
        properties = child(tr, "trPr")
        if properties is not None and child(properties, "del") is not None:
            continue
        column = whole(_value(properties, "gridBefore"), 0, _MAX_SPAN)
        above, merged = merged, {}
        for tc in _all(tr, "tc"):
            column = _cell(tc, table, (row, column), above, merged, depth)
        row += 1
    return table


def _cell(
    tc: Any, table: _Table, at: tuple[int, int], above: dict[int, int], merged: dict[int, int], depth: int
) -> int:
    """Takes one cell into the table; gives the column behind it."""
    row, column = at
    properties = child(tc, "tcPr")
    span = max(1, whole(_value(properties, "gridSpan"), 1, _MAX_SPAN))
    merge = child(properties, "vMerge") if properties is not None else None
    if merge is not None and attribute(merge, "val") != "restart" and column in above:
        place = table.places[above[column]]
        if place.column_span == span:
            table.places[above[column]] = Place(place.row, place.column, place.text, row + 1 - place.row, span)
            merged[column] = above[column]
            return column + span
    texts: list[str] = []
    for block in _blocks(tc, None, depth + 1):
        if not isinstance(block, _Break):
            table.blocks.append(block)
        elif block.laid_out:
            table.breaks.add(row if not any(texts) else row + 1)
        if isinstance(block, str):
            texts.append(block)
    if merge is not None:
        merged[column] = len(table.places)
    table.places.append(Place(row, column, "\n".join(text for text in texts if text.strip()), 1, span))
    return column + span


def _all(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls and tracked insertions."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found in {"sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"}:
            yield from _all(inner, name)
