"""How far each cell of a recognised page can be trusted, and the sentences on those that cannot."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.read.ocr import numbers
from pipeline.read.ocr.misfits import misfits
from pipeline.read.ocr.reading import DOUBTFUL, READ_TWICE, UNREAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Cell, Page, RawTable
    from pipeline.read.ocr.reading import Word

_DIGITS = 3
_USUAL = 0.7  # share of a column's figures that have the usual decimals


def with_confidence(page: Page, words: Sequence[Word]) -> tuple[Page, tuple[Issue, ...]]:
    """The page with a confidence on every cell, and an issue for every figure that is in doubt."""
    tables: list[RawTable] = []
    issues: list[Issue] = []
    for table in page.tables:
        inside = {cell: _in_cell(cell, words) for cell in table.cells}
        without_point, misplaced = _without_point(table), misfits(inside)
        cells = []
        for cell in table.cells:
            found = inside[cell]
            if cell in without_point or cell in misplaced:
                found = [word._replace(confidence=DOUBTFUL) for word in found]
            confidence = min((word.confidence for word in found), default=READ_TWICE)
            cells.append(replace(cell, confidence=confidence))
            doubtful = [word for word in found if word.confidence < READ_TWICE and _counts(word)]
            if doubtful:
                issues.append(_doubt(table, cell, doubtful[0], misplaced=cell in misplaced))
        tables.append(replace(table, cells=tuple(cells)))
    return replace(page, tables=tuple(tables)), tuple(issues)


def _without_point(table: RawTable) -> set[Cell]:
    """Cells whose figures have fewer decimals than nearly all others of their column, or of their row.

    The point is the smallest thing that is printed. Without it a number of two decimals has three digits or more.
    """
    found: set[Cell] = set()
    columns, rows = defaultdict(list), defaultdict(list)
    for cell in table.cells:
        text = numbers.figures(cell.text)
        if text and sum(char.isdecimal() for char in text) >= _DIGITS:
            columns[cell.column].append((cell, numbers.decimals(text)))
            rows[cell.row].append((cell, numbers.decimals(text)))
    for column in columns.values():
        groups = [column] if len(column) > 1 else [column, rows[column[0][0].row]]
        for group in groups:
            usual = Counter(decimals for _, decimals in group).most_common(1)[0][0]
            share = sum(decimals == usual for _, decimals in group) / len(group)
            if usual and share >= _USUAL and len(group) > 2:
                found |= {cell for cell, decimals in column if decimals < usual}
    return found


def _in_cell(cell: Cell, words: Sequence[Word]) -> list[Word]:
    box = cell.box
    return [
        word
        for word in words
        if box.x0 <= (word.box.x0 + word.box.x1) / 2 < box.x1
        and box.top <= (word.box.top + word.box.bottom) / 2 < box.bottom
    ]


def _counts(word: Word) -> bool:
    """True for figures, and for print that nobody could read; names are made sure of by the lists of names."""
    return word.text == UNREAD or any(numbers.figures(text) for text in (word.text, *word.readings))


def _doubt(table: RawTable, cell: Cell, word: Word, *, misplaced: bool) -> Issue:
    row = next((other.text for other in table.cells if other.row == cell.row and _is_name(other.text)), "")
    where = f"“{''.join(row.split())}”一行" if row else f"第{cell.row + 1}行"
    said = list(dict.fromkeys(text or "（无）" for text in word.readings))
    if misplaced:
        what = f"的数字“{word.text}”可能属于别的单元格（表格线识别存疑）"
    elif word.text == UNREAD:
        what = "有字迹而未能识别"
    elif len(said) > 1:
        what = "的数字识别存疑，几次识别为" + "、".join(f"“{text}”" for text in said)
    else:
        what = f"的数字“{word.text}”识别存疑"
    text = f"第{cell.page}页表格{where}第{cell.column + 1}列{what}，请对照原件核对；涉及该数字的核对不作结论。"
    return Issue(IssueKind.DOUBTFUL_CELL, text, page=cell.page, cell=word.text, box=cell.box)


def _is_name(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)
