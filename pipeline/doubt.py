"""Standing doubt: a sample of pages is read again by plain pdfplumber, and the two readings are compared cell by cell.

pdfplumber shares no code with our reading of a page: it has its characters from pdfminer and a finder of tables of its
own. It is no better a reader, so only what it is good at is compared: tables with drawn rules on pages that stand
upright. A page on which it sees no table, or another grid altogether, is not comparable, and counted as such; nothing
is said of a cell where it sees none (one that a page break leaves open). Everything else must agree:

* every number stands in the same cell with the same digits;
* every cell of one reading is one cell of the other;
* cells of the same box that stand side by side hold the same words: these may run over the rule between two of them.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import Issue, IssueKind
from pipeline.model import Box
from pipeline.read import plumber, sniff
from pipeline.read.characters import improbable_share, printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.pdf import PDF

    from pipeline.model import Page

_log = logging.getLogger(__name__)

_TOLD = 5  # disagreements of one page that are told one by one
_SAME_GRID = 0.5  # share of our cells with text that must be cells of pdfplumber as well
_UNREADABLE = 0.05  # share of improbable characters from which on pdfplumber could not read the font
_EDGES, _CELLS = 10_000, 3_000  # of a page, from which on finding or comparing its cells takes too long for a sample
_SAME_BOX = 3.0  # points by which the sides of one cell may lie apart
_SAME_GLYPH = 0.5  # points by which a character printed twice lies apart
_MISSED = 4  # amounts from which on what pdfplumber found beside our tables is one more: a chart has its labels too
_AMOUNT = re.compile(r"[-+(（]?\d[\d,，]*[.．]\d+[)）%]?")
_NO_DIGIT = re.compile(r"[^0-9.\-]")


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What a second reading gave: pages compared, pages that could not be, and what differs."""

    compared: int = 0
    not_comparable: int = 0
    disagreements: tuple[Issue, ...] = ()


class _Cell(NamedTuple):
    box: Box
    text: str  # without white space


def second_opinion(data: bytes, pages: Sequence[Page], share: float) -> SecondOpinion:
    """Read a sample of these pages of a PDF again; of other files nothing.

    The sample is `share` (0 to 1) of the pages, the same ones every time: chosen by the hash of the file and the
    number of the page.
    """
    document = sha256(data).hexdigest()
    sample = [page for page in pages if page.reader == "pdfium" and _drawn(document, page.number) < share]
    if not sample or sniff.kind_of(data) != sniff.PDF:
        return SecondOpinion()
    found = [_compared(page, cells) for page, cells in zip(sample, _read_again(data, sample), strict=True)]
    compared = [issues for issues in found if issues is not None]
    return SecondOpinion(len(compared), len(found) - len(compared), tuple(issue for one in compared for issue in one))


def _drawn(document: str, page: int) -> float:
    """A number from 0 to 1, as if drawn by lot."""
    return int(sha256(f"{document}/{page}".encode()).hexdigest()[:8], 16) / 2**32


def _read_again(data: bytes, pages: Iterable[Page]) -> Iterator[list[_Cell] | None]:
    """The cells that pdfplumber finds on each page; None where it fails or would take long."""
    document: PDF | None = None
    for page in pages:
        try:
            document = document or plumber.opened(data)
            yield _cells(document.pages[page.number - 1])
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - the net of the second reader: that it fails proves nothing
            _log.warning("page %d could not be read again", page.number, exc_info=True)
            yield None


def _cells(page: PlumberPage) -> list[_Cell] | None:
    x, y = (float(value) for value in page.cropbox[:2])
    # the two things that pdfplumber leaves to its user: watermarks, and characters printed twice for boldness
    cleared = page.filter(lambda item: item["object_type"] != "char" or item["upright"]).dedupe_chars(
        tolerance=_SAME_GLYPH
    )
    try:
        if len(cleared.edges) > _EDGES:
            return None
        return [
            _Cell(Box(box[0] - x, box[1] - y, box[2] - x, box[3] - y), _plain(text or ""))
            for table in cleared.find_tables()
            for row, texts in zip(table.rows, table.extract(), strict=True)
            for box, text in zip(row.cells, texts, strict=True)
            if box is not None
        ]
    finally:
        page.close()


def _plain(text: str) -> str:
    return "".join(printed(char) for char in text)


def _compared(page: Page, theirs: list[_Cell] | None) -> list[Issue] | None:
    """What differs on a page, or None if the readings cannot be compared."""
    if (
        theirs is None
        or len(theirs) > _CELLS
        or page.rotation
        or improbable_share(cell.text for cell in theirs) > _UNREADABLE
    ):
        return None
    if any("(cid:" in cell.text for cell in theirs):
        return None
    ours = [_Cell(cell.box, _plain(cell.text)) for table in page.tables for cell in table.cells]
    if any(cell.text for cell in ours) and not theirs:
        return None
    pairs, missed = _paired(ours, theirs)
    alike = sum(len(group) == 1 for mine, group in pairs if mine.text)
    if alike < _SAME_GRID * sum(bool(mine.text) for mine, _ in pairs):
        return None
    return _told(page.number, [*_differences(pairs), *((cell.box, "", cell.text) for cell in missed)])


def _paired(ours: list[_Cell], theirs: list[_Cell]) -> tuple[list[tuple[_Cell, list[_Cell]]], list[_Cell]]:
    """Each of our cells with those of pdfplumber in its place, if there are any; and amounts where we have no cell."""
    missed = [cell for cell in theirs if _AMOUNT.fullmatch(cell.text) and not any(_holds(mine, cell) for mine in ours)]
    pairs = []
    for mine in ours:
        inside = [cell for cell in theirs if _holds(mine, cell)]
        group = [cell for cell in inside if cell.text] or inside or [cell for cell in theirs if _holds(cell, mine)]
        if group:
            pairs.append((mine, group))
    return pairs, missed if len(missed) >= _MISSED else []


def _holds(cell: _Cell, other: _Cell) -> bool:
    """True if the middle of `other` lies in `cell`."""
    x, y = (other.box.x0 + other.box.x1) / 2, (other.box.top + other.box.bottom) / 2
    return cell.box.x0 <= x < cell.box.x1 and cell.box.top <= y < cell.box.bottom


def _differences(pairs: list[tuple[_Cell, list[_Cell]]]) -> Iterator[tuple[Box, str, str]]:
    """Cells that differ: where, our text, the other one."""
    words: list[tuple[_Cell, _Cell]] = []
    for mine, group in pairs:
        if len(group) > 1:
            yield mine.box, mine.text, "｜".join(cell.text for cell in group)
        elif _digits(mine) != _digits(group[0]) and not (_is_word(mine) and _is_word(group[0])):
            yield mine.box, mine.text, group[0].text
        elif mine.text != group[0].text and _is_near(mine.box, group[0].box):
            words.append((mine, group[0]))
    for row in _side_by_side(words):
        here, there = Counter("".join(mine.text for mine, _ in row)), Counter("".join(other.text for _, other in row))
        # of words that run over each other, pdfplumber drops a character that both of them have in the same spot
        if there - here or (here - there and (len(row) == 1 or here.keys() != there.keys())):
            yield from ((mine.box, mine.text, other.text) for mine, other in row)


def _side_by_side(words: list[tuple[_Cell, _Cell]]) -> Iterator[list[tuple[_Cell, _Cell]]]:
    """Groups of cells that lie beside each other, in full or in part."""
    row: list[tuple[_Cell, _Cell]] = []
    for pair in sorted(words, key=lambda pair: pair[0].box.top):
        if row and pair[0].box.top >= max(mine.box.bottom for mine, _ in row) - _SAME_BOX:
            yield row
            row = []
        row.append(pair)
    if row:
        yield row


def _is_near(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _SAME_BOX for a, b in zip(one, other, strict=True))


def _digits(cell: _Cell) -> str:
    return _NO_DIGIT.sub("", cell.text)


def _is_word(cell: _Cell) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in cell.text)


def _told(page: int, differences: list[tuple[Box, str, str]]) -> list[Issue]:
    issues = []
    for box, mine, other in differences[:_TOLD]:
        text = f"第{page}页一格读作“{mine}”，由另一程序复读作“{other}”，请对照原文核对。"
        issues.append(Issue(IssueKind.SECOND_READING_DIFFERS, text, page=page, cell=mine, box=box))
    if len(differences) > _TOLD:
        text = f"第{page}页另有 {len(differences) - _TOLD} 格与另一程序复读的结果不同，请对照原文核对该页。"
        issues.append(Issue(IssueKind.SECOND_READING_DIFFERS, text, page=page))
    return issues
