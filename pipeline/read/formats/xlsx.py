"""The reader of .xlsx and its kin (.xlsm, .et saved as such): SpreadsheetML read as it streams by.

Read from the XML and not through openpyxl, which refuses workbooks whose styles it does not like (WPS writes such), and
builds every formatted empty cell of a sheet; only values, number formats, rules and what is hidden matter here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.read.formats.number_format import BUILT_IN, GENERAL, number_of, shown
from pipeline.read.formats.package import (
    Package,
    UnreadableError,
    attribute,
    child,
    children,
    damaged,
    is_true,
    local,
    whole,
)  # fmt: skip
from pipeline.read.formats.sheets import BLANK_ROWS, MAX_CELLS, Area, Sheet, column_name, merge, read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.read.page import Pages

_T = TypeVar("_T")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_HIDDEN_STATES = {"hidden", "veryHidden"}
_SHEET_TAGS = ("sheetView", "col", "row", "mergeCell")
_MAX_COLUMN = 16_384


def read_xlsx(data: bytes, source_name: str) -> Pages:
    """Pages of a workbook, one for each sheet that is shown."""
    try:
        package = Package(data)
        return read_workbook(_sheets(package), "xlsx", source_name)
    except UnreadableError as error:
        return (), (error.issue(source_name),)


@dataclass(frozen=True, slots=True)
class _Style:
    """What of a cell's format matters: its number format, and whether it has a rule at its left or right side."""

    code: str = GENERAL
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a workbook share."""

    strings: tuple[str, ...]
    styles: tuple[_Style, ...]
    since_1904: bool

    def style(self, index: str) -> _Style:
        number = whole(index, 0)
        return self.styles[number] if number < len(self.styles) else _Style()


def _sheets(package: Package) -> list[Sheet]:
    main = package.main_part("xl/workbook.xml")
    root = package.tree(main)
    relations = package.relations(main)
    parts = dict(relations.values())
    properties = child(root, "workbookPr")
    since_1904 = properties is not None and is_true(attribute(properties, "date1904"))
    book = _Book(_strings(package, parts.get("sharedStrings")), _styles(package, parts.get("styles")), since_1904)
    sheets = []
    for entry in children(child(root, "sheets") if child(root, "sheets") is not None else root, "sheet"):
        kind, part = relations.get(attribute(entry, "id"), ("", ""))
        sheet = Sheet(attribute(entry, "name"), attribute(entry, "state") in _HIDDEN_STATES)
        if kind == "worksheet":
            _SheetReader(package, part, book, sheet).read()
        sheets.append(sheet)
    if not sheets:
        raise damaged(main)
    return sheets


def _strings(package: Package, part: str | None) -> tuple[str, ...]:
    if part is None or part not in package:
        return ()
    return tuple(_text(element) for element in package.stream(part, ["si"]))


def _text(element: Any) -> str:
    """The text of a string: its runs, without the pronunciation that may stand beside them."""
    return "".join(
        node.text or "" for node in element.iter() if local(node) == "t" and local(node.getparent()) != "rPh"
    )


def _styles(package: Package, part: str | None) -> tuple[_Style, ...]:
    if part is None or part not in package:
        return ()
    root = package.tree(part)
    codes = dict(BUILT_IN)
    for element in _list(root, "numFmts"):
        codes[whole(attribute(element, "numFmtId"), -1)] = attribute(element, "formatCode")
    borders = [_is_ruled(border, "left", "right", "start", "end") for border in _list(root, "borders")]
    styles = []
    for xf in _list(root, "cellXfs"):
        border = whole(attribute(xf, "borderId"), 0)
        code = codes.get(whole(attribute(xf, "numFmtId"), 0), GENERAL)
        styles.append(_Style(code, border < len(borders) and borders[border]))
    return tuple(styles)


def _list(root: Any, name: str) -> list[Any]:
    found = child(root, name)
    return [] if found is None else [element for element in found if local(element)]


def _is_ruled(border: Any, *names: str) -> bool:
    sides = [side for name in names if (side := child(border, name)) is not None]
    return any(attribute(side, "style") not in {"", "none"} for side in sides)


class _Known(dict[str, _T]):
    """What a function makes of the few texts that recur in the cells of a sheet."""

    def __init__(self, make: Callable[[str], _T]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, text: str) -> _T:
        self[text] = made = self.make(text)
        return made


class _SheetReader:
    """Fills one sheet from its part."""

    def __init__(self, package: Package, part: str, book: _Book, sheet: Sheet) -> None:
        self.package, self.part, self.book, self.sheet = package, part, book, sheet
        self.shows_zeros = True
        self.blank_rows = self.hidden_to = 0
        self.cells: dict[tuple[int, int], tuple[str, bool]] = {}
        self.areas: list[Area] = []
        self.styles = _Known(book.style)
        self.columns = _Known(_column_number)

    def read(self) -> None:
        row = 0
        for element in self.package.stream(self.part, _SHEET_TAGS):
            name = local(element)
            if name == "row":
                row = whole(attribute(element, "r"), row + 1)
                self._read_row(element, row)
            elif name == "col" and is_true(attribute(element, "hidden")):
                self._hide(whole(attribute(element, "min"), 1, _MAX_COLUMN), element)
            elif name == "mergeCell":
                self._read_merge(attribute(element, "ref"))
            elif name == "sheetView" and attribute(element, "showZeros") in {"0", "false"}:
                self.shows_zeros = False
        self.sheet.cells = merge(self.cells, self.areas)

    def _hide(self, first: int, element: Any) -> None:
        """Stretches of columns follow each other: what comes again would only cost time."""
        last = whole(attribute(element, "max"), first, _MAX_COLUMN)
        self.sheet.hidden_columns.update(range(max(first, self.hidden_to + 1), last + 1))
        self.hidden_to = max(self.hidden_to, last)

    def _read_row(self, element: Any, row: int) -> None:
        if is_true(attribute(element, "hidden")) or attribute(element, "ht") == "0":
            self.sheet.hidden_rows.add(row)
        holds = next(element.iter("{*}v", "{*}f", "{*}is"), None) is not None
        self.blank_rows = 0 if holds else self.blank_rows + 1
        if self.sheet.cut or self.blank_rows > BLANK_ROWS:
            return
        column, found = 0, {}
        for cell in element.iterchildren("{*}c"):
            column = self._column(cell.get("r", ""), column)
            style = self.styles[cell.get("s", "")]
            text = self._shown(cell, style, row, column) if len(cell) else ""
            if text or style.ruled:
                found[row, column] = text, style.ruled
        self.sheet.cut = self.sheet.cut or len(self.cells) + len(found) > MAX_CELLS
        if not self.sheet.cut:
            self.cells.update(found)

    def _column(self, reference: str, before: int) -> int:
        """The column of a cell by its reference, such as D5; it stands behind the one before if it has none."""
        letters = reference.rstrip("0123456789")
        return self.columns[letters] if letters else before + 1

    def _shown(self, cell: Any, style: _Style, row: int, column: int) -> str:
        kind = cell.get("t", "")
        if kind == "inlineStr":
            return shown(_text(cell), style.code)
        value, formula = child(cell, "v"), child(cell, "f")
        stored = (value.text or "") if value is not None else ""
        if not stored and formula is not None and kind != "str":
            self.sheet.unsaved.append(f"{column_name(column)}{row}")
            return f"={formula.text or '…'}"  # no number: nobody may take it for an empty cell
        if kind in {"s", "b", "str", "e", "d"}:
            return shown(self._stored_text(kind, stored), style.code)
        number = number_of(stored)
        if number is None:
            return stored
        return shown(number, style.code, since_1904=self.book.since_1904) if number or self.shows_zeros else ""

    def _stored_text(self, kind: str, stored: str) -> str:
        if kind == "b":
            return "TRUE" if stored == "1" else "FALSE"
        if kind != "s" or not stored:
            return stored
        index = whole(stored, -1)
        if not 0 <= index < len(self.book.strings):
            raise damaged(self.part)
        return self.book.strings[index]

    def _read_merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, stop = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if start and stop:
            self.areas.append(Area(int(start[2]), _column_number(start[1]), int(stop[2]), _column_number(stop[1])))


def _column_number(letters: str) -> int:
    """A column by its letters, at most the last that a sheet can have."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return min(max(number, 1), _MAX_COLUMN)
