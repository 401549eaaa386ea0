"""The reader of .ods: OpenDocument stores of every cell the text that it shows, number formats applied."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pipeline.read.formats.number_format import GENERAL, number_of, shown
from pipeline.read.formats.package import Package, UnreadableError, attribute, child, children, damaged, local, whole
from pipeline.read.formats.parting import SheetCell
from pipeline.read.formats.sheets import BLANK_ROWS, MAX_CELLS, Sheet, column_name, read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.read.page import Pages

_SKIPPED = frozenset({"annotation", "shapes", "frame", "custom-shape", "ruby-text", "note", "tracked-changes"})
_COVERING = frozenset({"collapse", "filter"})
_MAX_REPEATS = 100  # of a row or cell with text; what repeats more often is no report


def read_ods(data: bytes, source_name: str) -> Pages:
    """Pages of a workbook, one for each sheet that is shown."""
    try:
        package = Package(data)
        root = package.tree("content.xml")
        styles = _Styles.of(root)
        body = child(child(root, "body"), "spreadsheet") if child(root, "body") is not None else None
        if body is None:
            raise damaged("content.xml")
        sheets = [_SheetReader(table, styles).read() for table in children(body, "table")]
        return read_workbook(sheets, "ods", source_name)
    except UnreadableError as error:
        return (), (error.issue(source_name),)


@dataclass(slots=True)
class _Styles:
    """Names of styles: of cells with rules at their sides, of tables that are not shown."""

    ruled: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Any) -> _Styles:
        found = cls()
        automatic = child(root, "automatic-styles")
        for style in automatic if automatic is not None else ():
            name = attribute(style, "name")
            for properties in style:
                if attribute(properties, "display") == "false":
                    found.hidden.add(name)
                if any(attribute(properties, side) not in {"", "none"} for side in _SIDES):
                    found.ruled.add(name)
        return found


_SIDES = ("border", "border-left", "border-right")


class _SheetReader:
    """Walks one table element. Rows and cells may stand for many, by a count of repeats."""

    def __init__(self, table: Any, styles: _Styles) -> None:
        self.table, self.styles = table, styles
        self.sheet = Sheet(attribute(table, "name"), hidden=attribute(table, "style-name") in styles.hidden)
        self.column_styles: list[tuple[int, str]] = []  # the column behind a stretch, and the style of its cells

    def read(self) -> Sheet:
        column = 1
        for element in _within(self.table, "table-column"):
            stop = column + whole(attribute(element, "number-columns-repeated"), 1)
            if attribute(element, "visibility") in _COVERING:
                self.sheet.hidden_columns.update(range(column, min(stop, 20_000)))
            self.column_styles.append((stop, attribute(element, "default-cell-style-name")))
            column = stop
        row, blank_rows = 1, 0
        for element in _within(self.table, "table-row"):
            repeats = whole(attribute(element, "number-rows-repeated"), 1)
            cells = list(self._cells(element, row))
            texts = any(cell.text for cell in cells)
            blank_rows = 0 if texts else blank_rows + repeats
            copies = min(repeats, _MAX_REPEATS if texts else BLANK_ROWS)
            if attribute(element, "visibility") in _COVERING:
                self.sheet.hidden_rows.update(range(row, row + copies))
            if cells and (texts or blank_rows - repeats < BLANK_ROWS):
                self._add(cells, copies)
                self.sheet.cut = self.sheet.cut or (texts and repeats > copies)
            row += repeats
        bottom = max((cell.row for cell in self.sheet.cells), default=0)
        right = max((cell.column for cell in self.sheet.cells), default=0)
        self.sheet.cells = [  # a title may be merged over all columns that a sheet can have
            cell._replace(
                row_span=max(1, min(cell.row_span, bottom - cell.row + 1)),
                column_span=max(1, min(cell.column_span, right - cell.column + 1)),
            )
            for cell in self.sheet.cells
        ]
        return self.sheet

    def _add(self, cells: list[SheetCell], copies: int) -> None:
        for copy in range(copies):
            if len(self.sheet.cells) + len(cells) > MAX_CELLS:
                self.sheet.cut = True
                return
            self.sheet.cells += [cell._replace(row=cell.row + copy) for cell in cells]

    def _cells(self, row: Any, number: int) -> Iterator[SheetCell]:
        column = 1
        for element in row:
            if (name := local(element)) not in {"table-cell", "covered-table-cell"}:
                continue
            repeats = whole(attribute(element, "number-columns-repeated"), 1)
            if name == "table-cell":
                text = self._shown(element, number, column)
                ruled = (attribute(element, "style-name") or self._style_of(column)) in self.styles.ruled
                spans = (
                    whole(attribute(element, "number-rows-spanned"), 1),
                    whole(attribute(element, "number-columns-spanned"), 1),
                )
                if text or ruled:
                    copies = repeats if text and repeats <= _MAX_REPEATS else min(repeats, BLANK_ROWS)
                    for copy in range(copies):
                        yield SheetCell(number, column + copy, text, *spans, ruled)
            column += repeats

    def _style_of(self, column: int) -> str:
        at = bisect_right(self.column_styles, column, key=itemgetter(0))
        return self.column_styles[at][1] if at < len(self.column_styles) else ""

    def _shown(self, cell: Any, row: int, column: int) -> str:
        paragraphs = [_text(paragraph) for paragraph in children(cell, "p")]
        stored = attribute(cell, "value")
        if not paragraphs and stored:
            number = number_of(stored)  # written without what it shows, as some exports are; 0 may be hidden
            return shown(number, GENERAL) if number else ""
        text = "\n".join(paragraphs)
        if not text and attribute(cell, "formula") and not paragraphs and not attribute(cell, "value-type"):
            self.sheet.unsaved.append(f"{column_name(column)}{row}")
            return "=…"
        return text


def _within(element: Any, name: str) -> Iterator[Any]:
    """The rows or columns of a table, also those in groups and headings, but not those of tables inside its cells."""
    for inner in element:
        found = local(inner)
        if found == name:
            yield inner
        elif found.startswith(("table-row", "table-column", "table-header")):
            yield from _within(inner, name)


def _text(element: Any) -> str:
    """The text of a paragraph; runs of spaces, tabs and line breaks are elements."""
    parts = [element.text or ""]
    for inner in element:
        name = local(inner)
        if name == "s":
            parts.append(" " * whole(attribute(inner, "c"), 1, 1000))
        elif name == "tab":
            parts.append(" ")
        elif name == "line-break":
            parts.append("\n")
        elif name and name not in _SKIPPED:
            parts.append(_text(inner))
        parts.append(inner.tail or "")
    return "".join(parts)
