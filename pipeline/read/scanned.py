"""Why a page cannot be read by the text that its file gives: there is none, it means nothing, or it is not printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pypdfium2 import raw

from pipeline.issues import Issue, IssueKind
from pipeline.read.characters import improbable_share, is_common
from pipeline.read.grid import is_page_mark

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from pipeline.model import Page
    from pipeline.read.ink import Ink

DOUBT = 0.05
"""Share of improbable characters above which another reader is tried; rare names stay below it."""

HOPELESS = 0.15
"""Share above which the text is no text."""

_EMBLEM = 0.05  # of the page; smaller pictures are emblems
_SHEET = 0.8  # of the page; a picture as large is the page
_TABLE = 0.3  # of the page; a picture as large may be a table, where the page has none in its text
_LINES = 12  # of text beside such a picture; a page of prose with a photograph has more
_WORDS = 4  # Han characters; less was never a page's text
_OUTLINES = 50  # shapes that are neither rules nor rectangles; more of them, and no glyph, are drawn text


def doubt_of(ink: Ink) -> float:
    """Share of improbable characters, 0 to 1."""
    return improbable_share(ink.glyphs.texts)


def why_unread(doubt: float, ink: Ink, page: Page, document: PdfDocument | None = None) -> str:
    """Why the page's text does not say what it shows, as a clause of a Chinese sentence; "" if it does.

    `doubt` is `doubt_of` its text; `document` the PDF, whose text may be drawn with no ink.
    """
    if doubt > HOPELESS:
        return "字体没有文字编码，读出的文字不可信"
    has_text = any(cell.text for table in page.tables for cell in table.cells) or any(
        not is_page_mark(line.text) for line in page.lines
    )
    covered = picture_share(ink)
    if not has_text:
        if covered > _EMBLEM:
            return "只有图片（疑为扫描件），没有文字"
        return "的文字已转为图形，没有可读的文字" if ink.outlines > _OUTLINES else ""
    if covered > _SHEET and document is not None and _is_hidden(document, ink.number):
        return "是扫描件，所附文字为他人识别所得，不是原文"
    return ""


def unread(page: Page, reason: str, what: str) -> tuple[Page, tuple[Issue, ...]]:
    """The page without its text, which says something else than it shows; `reason` and `what` to do are clauses."""
    issue = Issue(IssueKind.NO_TEXT, f"第{page.number}页{reason}；{what}。", page=page.number)
    return replace(page, lines=(), tables=()), (issue,)


def has_words(page: Page) -> bool:
    """True for a page on which words were recognised: photographs and dirt give stray characters, hardly Han ones."""
    return sum("\u4e00" <= char <= "\u9fff" and is_common(char) for line in page.lines for char in line.text) >= _WORDS


def may_picture_a_table(ink: Ink, page: Page) -> bool:
    """True for a page of few lines and no table around a large picture: the table may be in the picture."""
    return not page.tables and len(page.lines) <= _LINES and picture_share(ink) > _TABLE


def picture_share(ink: Ink) -> float:
    """How much of the page is covered by pictures, 0 to 1 (more where they lie over one another)."""
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in ink.pictures)
    return area / (ink.width * ink.height)


def _is_hidden(document: PdfDocument, number: int) -> bool:
    """True if most text of a page is drawn with no ink: what scanners lay over their pictures for searching."""
    page = document[number - 1]
    try:
        modes = [raw.FPDFTextObj_GetTextRenderMode(item) for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT])]
    finally:
        page.close()
    return 2 * modes.count(raw.FPDF_TEXTRENDERMODE_INVISIBLE) > len(modes)
