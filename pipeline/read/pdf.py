"""The reader of PDF: every page climbs a ladder of its own.

PDFium, then plain pdfplumber, then an issue: a page that cannot be read is never a reason to lose the others. Where
text recognition of pictures is added, it is one more rung.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits, pdfium, plumber, sniff
from pipeline.read.characters import improbable_share
from pipeline.read.grid import is_page_mark
from pipeline.read.page import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdfplumber.pdf import PDF

    from pipeline.model import Page
    from pipeline.read.ink import Ink
    from pipeline.read.page import Pages

    _Rung = tuple[str, Callable[[int], Ink]]

_log = logging.getLogger(__name__)

_DOUBT = 0.05  # share of improbable characters above which the next rung is tried; rare names stay below it
_HOPELESS = 0.3  # share above which the text is no text
_PICTURE_SHARE = 0.05  # of the page; smaller pictures are emblems
_OUTLINES = 50  # shapes that are neither rules nor rectangles; more of them, and no glyph, are drawn text


def read_pdf(data: bytes, source_name: str) -> Pages:
    """Pages of a PDF."""
    if sniff.is_cut_off(data):
        return (), (Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”不完整（缺少结尾），请重新下载。"),)
    try:
        with pdfium.opened(data) as document:
            return _read_opened(document, data, source_name)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            text = f"文件“{source_name}”需要密码才能打开，请向公开单位索取未加密的文件。"
            return (), (Issue(IssueKind.ENCRYPTED, text),)
        return (), (Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”已损坏，无法打开，请重新下载。"),)


def _read_opened(document: pypdfium2.PdfDocument, data: bytes, source_name: str) -> Pages:
    if len(document) > limits.PAGES:
        text = f"文件“{source_name}”有 {len(document)} 页，超过上限 {limits.PAGES} 页，没有读取；请按单位拆分后放入。"
        return (), (Issue(IssueKind.OVER_LIMIT, text),)
    pages: list[Page] = []
    issues: list[Issue] = []

    @cache
    def plumber_document() -> PDF:
        return plumber.opened(data)

    rungs: tuple[_Rung, ...] = (
        ("pdfium", partial(pdfium.read_ink, document)),
        ("pdfplumber", lambda number: plumber.read_ink(plumber_document(), number)),
    )
    for number in range(1, len(document) + 1):
        page, page_issues = _read_page(rungs, number, pages[-1] if pages else None)
        pages += [page] if page is not None else []
        issues += page_issues
    if not len(document):
        issues.append(Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”没有任何页面，请重新下载。"))
    elif not any(page.tables for page in pages):
        issues.append(no_tables(source_name))
    return tuple(pages), tuple(issues)


def _read_page(rungs: tuple[_Rung, ...], number: int, before: Page | None) -> tuple[Page | None, tuple[Issue, ...]]:
    """The page by the first rung that reads it well, else by the one that reads it least badly."""
    best: tuple[float, Ink, Page, tuple[Issue, ...]] | None = None
    for reader, read_ink in rungs:
        try:
            ink = read_ink(number)
            page, issues = recognise(ink, reader, before)
        except MemoryError:  # the document's whole worker is in want of it
            raise
        except limits.OverLimitError as error:
            text = f"第{number}页{error}，没有读取，请打开原文件核对。"
            return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
        except Exception:  # noqa: BLE001 - damage leads libraries to any error; other rungs and pages go on
            _log.warning("page %d could not be read by %s", number, reader, exc_info=True)
            continue
        doubt = improbable_share(ink.glyphs.texts)
        if best is None or doubt < best[0]:
            best = doubt, ink, page, issues
        if doubt <= _DOUBT:
            break
    if best is None:
        text = f"第{number}页无法读取，请打开原文件核对；如原文件正常，请重新下载。"
        return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
    _, ink, page, issues = best
    reason = why_unread(ink, page)
    return unread(page, reason) if reason else (page, issues)


def no_tables(source_name: str) -> Issue:
    """That no page of a file has a table."""
    return Issue(IssueKind.NO_TABLES, f"文件“{source_name}”中没有找到表格，请打开原文件确认是否为决算报告。")


def unread(page: Page, reason: str) -> tuple[Page, tuple[Issue, ...]]:
    """The page without its text, which says something else than it shows."""
    text = f"第{page.number}页{reason}，需人工查看或用文字识别处理。"
    return replace(page, lines=(), tables=()), (Issue(IssueKind.NO_TEXT, text, page=page.number),)


def why_unread(ink: Ink, page: Page) -> str:
    """Why the page's text does not say what it shows, as a clause of a Chinese sentence; "" if it does."""
    if improbable_share(ink.glyphs.texts) > _HOPELESS:
        return "字体没有文字编码，读出的文字不可信"
    return _without_text(ink, page)


def _without_text(ink: Ink, page: Page) -> str:
    """Why a page that shows something has no text of its own, page numbers apart; "" if it has some or is blank."""
    if any(cell.text for table in page.tables for cell in table.cells):
        return ""
    if any(not is_page_mark(line.text) for line in page.lines):
        return ""
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in ink.pictures)
    if area > _PICTURE_SHARE * ink.width * ink.height:
        return "只有图片（疑为扫描件），没有文字"
    return "的文字已转为图形，没有可读的文字" if ink.outlines > _OUTLINES else ""
