"""Tables of a web page as cells with their places: which of them hold data, and where they have rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.read import limits
from pipeline.read.formats.parting import SheetCell

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_RULE_SET = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIDE = re.compile(r"border(-left|-right)?\s*:\s*(?!none|0(?!\.))", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)\s*$")
_MAX_SPAN = 200
_MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What a page's style sheets draw rules around: cells of these classes, or all."""

    classes: frozenset[str]
    every_cell: bool

    @classmethod
    def of(cls, tree: LexborHTMLParser) -> Rules:
        """The rules of the styles in a page, before they are taken out of it."""
        found, every_cell = set(), False
        for style in tree.css("style"):
            for selectors, declarations in _RULE_SET.findall(style.text() or ""):
                if _SIDE.search(declarations):
                    for selector in selectors.split(","):
                        every_cell = every_cell or selector.strip().lower() in {"td", "th", "table td", "table th"}
                        found |= {name[1]} if (name := _CLASS.search(selector.strip())) else set()
        return cls(frozenset(found), every_cell)

    def around(self, cell: LexborNode) -> bool:
        """True if a cell has rules at its sides."""
        classes = (cell.attributes.get("class") or "").split()
        own = _SIDE.search(cell.attributes.get("style") or "") is not None
        return own or self.every_cell or not self.classes.isdisjoint(classes)


def data_cells(table: LexborNode, rules: Rules, text_of: Callable[[LexborNode], str]) -> list[SheetCell]:
    """The cells of a table of data; none if it is a list of links, or a frame around other tables.

    Raises OverLimitError for one of too many columns.
    """
    rows = table.css("tr")[:_MAX_ROWS]
    linked = sum(row.css_first("a[href], input, img") is not None for row in rows)
    if len(table.css("table")) > 1 or len(rows) < 2 or 2 * linked > len(rows):
        return []
    all_ruled = (table.attributes.get("border") or "0").strip() not in {"", "0"}
    cells: list[SheetCell] = []
    taken: dict[int, int] = {}  # column → the row below the cell that stands there
    for number, row in enumerate(rows):
        column = 0
        for cell in row.css("td, th"):
            while taken.get(column, 0) > number:
                column += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            down = min(down or len(rows), len(rows) - number)  # 0 means down to the end
            across = next((i for i in range(across) if taken.get(column + i, 0) > number), max(1, across))
            limits.check("栏", column + across, limits.COLUMNS)
            taken |= dict.fromkeys(range(column, column + across), number + down)
            ruled = all_ruled or rules.around(cell)
            cells.append(SheetCell(number + 1, column + 1, text_of(cell), down, across, ruled))
            column += across
    return cells if len({cell.column for cell in cells}) > 1 else []


def _span(cell: LexborNode, name: str) -> int:
    text = (cell.attributes.get(name) or "1").strip()
    return min(int(text), _MAX_ROWS if name == "rowspan" else _MAX_SPAN) if text.isascii() and text.isdigit() else 1
