"""A raw table as a matrix, and what its rows are before any form is known: captions, numbering, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.lift.notes import emptiness_note
from pipeline.lift.numbers import is_nothing, read_number
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box, Cell, RawTable

_NUMBERING = re.compile(
    r"\(?\d{1,2}\)?|\d{1,2}\(?=.*|\(?\d{1,2}=[\d+\-()]+\)?|[甲乙丙丁]|[-×xX]|[A-Za-z]|[一二三四五六七八九十]{1,2}|[①-⑳]"
)
_NUMBERING_LABEL = re.compile(r"栏次|列次|栏目|行次|序号|项目")
_SPLIT_CODE = frozenset({"类", "款", "项"})
_CAPTION = re.compile(
    r"(金额)?单位[:].*|.*单位:(百万|万|千)?元.*|(编制|填报|编报|预算|公开)?(单位|部门)(名称)?:.*|(公开|附|财决|批复|预算)?(\d{1,2}(-\d)?表|表\d{1,2}(-\d)?|表[一二三四五六七八九十]+)"
    r"|\d{4}年度?|.*表(\(.*\))?|(编制|填报|填表)?日期.*|\(续\)|续表"
)
_NOTE = re.compile(r"(注|备注|说明|附注|注释|注意)\d?[:.、].*|\*+.*|备注.*")
_SIGNATURE = re.compile(r".*(负责人|制表|填表人|经办人|审核人|联系电话|复核)[:(].*")
_SHORT = 12  # headings that span a whole table (预算数) are shorter than titles
_WORD = 3  # 无 alone stands for a number
_LONG = 25  # names of subjects are shorter, sentences are longer


@dataclass(frozen=True, slots=True)
class Grid:
    """A raw table whose merged cells cover every place that they span. `places[row][column]` is None where none is.

    `starting[row]` are the cells that begin in a row, from left to right.
    """

    table: RawTable
    places: tuple[tuple[Cell | None, ...], ...]
    starting: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, table: RawTable) -> Grid:
        """The matrix of a raw table."""
        places: list[list[Cell | None]] = [[None] * table.columns for _ in range(table.rows)]
        starting: list[list[Cell]] = [[] for _ in range(table.rows)]
        for cell in sorted(table.cells, key=attrgetter("column")):
            starting[cell.row].append(cell)
            for row in places[cell.row : cell.row + cell.row_span]:
                for column in range(cell.column, min(cell.column + cell.column_span, table.columns)):
                    row[column] = cell
        return cls(table, tuple(map(tuple, places)), tuple(map(tuple, starting)))

    def across(self, box: Box) -> tuple[float, float]:
        """From where to where a box reaches in the direction of reading, in points from the table's first column.

        On a page that reads sideways the columns follow each other down or up the page.
        """
        axis, sign = self._direction
        ends = sorted((sign * box[axis], sign * box[axis + 2]))
        start = min(sign * self.table.box[axis], sign * self.table.box[axis + 2])
        return ends[0] - start, ends[1] - start

    @property
    def _direction(self) -> tuple[int, int]:
        """Along which coordinate of a box the columns follow each other (0: x, 1: y), and upwards or downwards."""
        for cells in self.starting:
            if len(cells) > 1:
                first, last = cells[0].box, cells[-1].box
                right, down = last.x0 - first.x0, last.top - first.top
                return (0, 1 if right >= 0 else -1) if abs(right) >= abs(down) else (1, 1 if down >= 0 else -1)
        return 0, 1

    def text_at(self, row: int, column: int) -> str:
        """The text, less white space, of the cell that covers a place, "" if there is none."""
        cell = self.places[row][column]
        return squeeze(cell.text) if cell else ""

    def is_continued(self, row: int) -> bool:
        """True if the first place of a row is covered by a cell of a row above."""
        first = self.places[row][0]
        return first is not None and first.row < row

    def caption_rows(self) -> int:
        """How many rows at the top are title, table number and unit lines drawn inside the grid."""
        count = 0
        while count < self.table.rows and self._is_caption(count):
            count += 1
        return count

    def _is_caption(self, row: int) -> bool:
        cells = [cell for cell in self.starting[row] if cell.text.strip()]
        if not cells:
            return row + 1 < self.table.rows and self._is_caption(row + 1) if row == 0 else False
        if len(cells) == 1 and cells[0].column_span >= self.table.columns > 2 and len(plain(cells[0].text)) > _SHORT:
            return not is_note(cells[0].text)
        return all(_CAPTION.fullmatch(plain(cell.text)) for cell in cells)


def texts_of(cells: Iterable[Cell]) -> list[str]:
    """The texts of the cells that are not empty, comparable."""
    return [text for cell in cells if (text := plain(cell.text))]


def is_numbering(cells: Iterable[Cell]) -> bool:
    """True for the row that numbers the columns: 栏次 1 2 3, or 1 2 … 12 under the headings.

    A column number is one more than the one before it; amounts are not.
    """
    texts = texts_of(cells)
    texts = [text for text in texts if text not in _SPLIT_CODE]
    labels = [text for text in texts if _NUMBERING_LABEL.fullmatch(text)]
    others = [text for text in texts if not _NUMBERING_LABEL.fullmatch(text)]
    if not others or not all(_NUMBERING.fullmatch(text) for text in others):
        return False
    if labels and labels[0] in {"栏次", "列次"}:
        return True
    numbers = [int(found[0]) for text in others if (found := re.match(r"\d+", text.strip("()")))]
    return len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 1


@lru_cache(maxsize=10_000)
def is_note(text: str) -> bool:
    """True for a remark under or inside a table."""
    return _NOTE.fullmatch(plain(text)) is not None


def is_remark(cells: Sequence[Cell]) -> bool:
    """True for a row that is a remark, a sentence or a line for signatures rather than a line of the table."""
    texts = texts_of(cells)
    if not texts:
        return False
    if is_note(texts[0]) or _SIGNATURE.fullmatch("".join(texts)):
        return True
    if len(texts) == 1 and len(texts[0]) > _WORD and emptiness_note(texts):
        return True
    return len(texts) == 1 and len(texts[0]) > _LONG and cells[0].column_span > 2 and "。" in texts[0]


def has_number(cells: Iterable[Cell]) -> bool:
    """True if any cell prints a number."""
    return any(not is_nothing(cell.text) and read_number(cell.text) is not None for cell in cells)
