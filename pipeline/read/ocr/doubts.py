"""How far each cell of a recognised page can be trusted, and the sentences on those that cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.read.ocr import numbers
from pipeline.read.ocr.reading import DOUBTFUL, READ_TWICE, UNREAD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Cell, Page, RawTable
    from pipeline.read.ocr.reading import Word


def with_confidence(page: Page, words: Sequence[Word]) -> tuple[Page, tuple[Issue, ...]]:
    """The page with a confidence on every cell, and an issue for every figure that is in doubt."""
    tables: list[RawTable] = []
    issues: list[Issue] = []
    for table in page.tables:
        own = {id(cell): _in_cell(cell, words) for cell in table.cells}
        cells = []
        for cell in table.cells:
            found = own[id(cell)]
            confidence = min((word.confidence for word in found), default=READ_TWICE)
            cells.append(replace(cell, confidence=confidence))
            doubtful = [word for word in found if word.confidence < READ_TWICE and _counts(word)]
            if doubtful:
                issues.append(_doubt(table, cell, doubtful[0]))
        tables.append(replace(table, cells=tuple(cells)))
    return replace(page, tables=tuple(tables)), tuple(issues)


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


def _doubt(table: RawTable, cell: Cell, word: Word) -> Issue:
    row = next((other.text for other in table.cells if other.row == cell.row and _is_name(other.text)), "")
    where = f"“{''.join(row.split())}”一行" if row else f"第{cell.row + 1}行"
    said = list(dict.fromkeys(text or "（无）" for text in word.readings))
    if word.text == UNREAD:
        what = "有字迹而未能识别"
    elif len(said) > 1:
        what = "的数字识别存疑，几次识别为" + "、".join(f"“{text}”" for text in said)
    else:
        what = f"的数字“{word.text}”识别存疑"
    text = f"第{cell.page}页表格{where}第{cell.column + 1}列{what}，请对照原件核对；涉及该数字的核对不作结论。"
    return Issue(IssueKind.DOUBTFUL_CELL, text, page=cell.page, cell=word.text, box=cell.box)


def _is_name(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)
