"""The reader of .docx: paragraphs and tables of the body in their order, over the pages that Word last laid out.

Read from the XML and not through python-docx, which passes over content controls (lists of contents, covers), tracked
insertions and text boxes. Insertions are text, deletions and hidden runs are not; headers, footers, footnotes and
comments are no part of the body. Numbers that Word only generates before paragraphs (1., 一、) are not in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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
from pipeline.read.formats.parting import SheetCell, blocks_of

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
        if block.breaks - {0}:
            flow.add_table(block.places, block.breaks)
        else:
            for part in blocks_of([_framed(place) for place in block.places]):
                flow.add(part)
        for inner in block.inner:
            _lay(flow, inner)


def _framed(place: Place) -> SheetCell:
    return SheetCell(place.row, place.column, place.text, place.row_span, place.column_span, ruled=True)


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
    ends_section = properties is not None and child(properties, "sectPr") is not None
    if sections is not None and ends_section and sections.ends_page():
        yield _BY_HAND


_MARKS: dict[str, str | _Break] = {
    "tab": _GAP, "ptab": _GAP, "cr": "\n", "noBreakHyphen": "-", "lastRenderedPageBreak": _LAID_OUT,
}  # fmt: skip


def _runs(element: Any, boxes: list[_Block], depth: int) -> Iterator[str | _Break]:
    """The text of a paragraph and the breaks in it; what stands in text boxes goes to `boxes`."""
    if depth > _MAX_DEPTH:
        raise damaged("嵌套过深")
    for inner in element:
        name = local(inner)
        if name == "t":
            yield inner.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name == "br":
            yield _BY_HAND if attribute(inner, "type") == "page" else "\n"
        elif name == "txbxContent":
            boxes += _blocks(inner, None, depth + 1)
        elif name and name not in _DROPPED and not (name == "r" and _is_on(child(inner, "rPr"), "vanish")):
            yield from _runs(inner, boxes, depth + 1)


def _table(element: Any, depth: int) -> _Table:
    reader = _TableReader(depth)
    for tr in _all(element, "tr"):
        properties = child(tr, "trPr")
        if properties is None or child(properties, "del") is None:
            reader.read_row(tr, whole(_value(properties, "gridBefore"), 0, _MAX_SPAN))
    return reader.table


class _TableReader:
    """Fills a table row by row. Cells merged downwards are stored in every row, marked to go on with the one above."""

    def __init__(self, depth: int) -> None:
        self.table, self.depth, self.row = _Table(), depth, 0
        self.above: dict[int, int] = {}  # column → place of the cell of the row above that may go on there

    def read_row(self, tr: Any, column: int) -> None:
        """Takes in a row that begins at a column of the grid."""
        merged: dict[int, int] = {}
        for tc in _all(tr, "tc"):
            properties = child(tc, "tcPr")
            span = max(1, whole(_value(properties, "gridSpan"), 1, _MAX_SPAN))
            merge = child(properties, "vMerge") if properties is not None else None
            goes_on = merge is not None and attribute(merge, "val") != "restart" and column in self.above
            if goes_on and self.table.places[self.above[column]].column_span == span:
                self._extend(self.above[column])
                merged[column] = self.above[column]
            else:
                if merge is not None:
                    merged[column] = len(self.table.places)
                self.table.places.append(Place(self.row, column, self._text(tc), 1, span))
            column += span
        self.above, self.row = merged, self.row + 1

    def _extend(self, index: int) -> None:
        place = self.table.places[index]
        self.table.places[index] = replace(place, row_span=self.row + 1 - place.row)

    def _text(self, tc: Any) -> str:
        """The text of a cell; tables in it, and pages that begin in it, go to the table."""
        texts: list[str] = []
        for block in _blocks(tc, None, self.depth + 1):
            if isinstance(block, _Break):
                if block.laid_out:
                    self.table.breaks.add(self.row + any(texts))
                continue
            self.table.blocks.append(block)
            texts += [block] if isinstance(block, str) and block.strip() else []
        return "\n".join(texts)


def _all(element: Any, name: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those in content controls and tracked insertions."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found in {"sdt", "sdtContent", "ins", "customXml", "smartTag", "moveTo"}:
            yield from _all(inner, name)
