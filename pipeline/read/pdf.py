"""The reader of PDF: every page climbs a ladder of its own.

PDFium, then plain pdfplumber, then recognition of its picture, then an issue: a page that cannot be read is never a
reason to lose the others.
"""

from __future__ import annotations

import logging
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pypdfium2
from pypdfium2 import raw

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits, ocr, pdfium, plumber, scanned, sniff
from pipeline.read.page import recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdfplumber.pdf import PDF

    from pipeline.model import Page
    from pipeline.read.ink import Ink
    from pipeline.read.page import Pages

    _Rung = tuple[str, Callable[[int], Ink]]

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


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
        page, page_issues = _read_page(document, rungs, number, pages[-1] if pages else None)
        pages += [page] if page is not None else []
        issues += page_issues
    if not len(document):
        issues.append(Issue(IssueKind.DAMAGED_FILE, f"文件“{source_name}”没有任何页面，请重新下载。"))
    elif not any(page.tables for page in pages):
        issues.append(no_tables(source_name))
    return tuple(pages), tuple(issues)


def _read_page(
    document: pypdfium2.PdfDocument, rungs: tuple[_Rung, ...], number: int, before: Page | None
) -> tuple[Page | None, tuple[Issue, ...]]:
    """The page by its text where that is what it shows, else by its picture."""
    try:
        best = _by_text(rungs, number, before)
    except limits.OverLimitError as error:
        text = f"第{number}页{error}，没有读取，请打开原文件核对。"
        return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
    if best is None:
        text = f"第{number}页无法读取，请打开原文件核对；如原文件正常，请重新下载。"
        return None, (Issue(IssueKind.PAGE_UNREADABLE, text, page=number),)
    reason = scanned.why_unread(best.doubt, best.ink, best.page, document)
    if not reason and best.doubt <= scanned.DOUBT and not _pictures_table(document, best):
        return best.page, best.issues
    if not ocr.is_installed():
        what = f"{ocr.NOT_INSTALLED}，请安装后重新读取，或人工查看"
    else:
        what = "文字识别也没有读出内容，需人工查看"
        try:
            seen = _guarded(ocr.READER, number, lambda: ocr.read_page(document, best.ink, before))
        except limits.OverLimitError as error:
            seen, what = None, f"{error}，没有识别，需人工查看"
        if seen is not None and (seen[0].tables or (reason and scanned.has_words(seen[0]))):
            return seen
    return scanned.unread(best.page, reason, what) if reason else (best.page, best.issues)


def _pictures_table(document: pypdfium2.PdfDocument, best: _Attempt) -> bool:
    """True for a page whose table is in a picture beside its text; looking is much cheaper than recognising."""
    ink = best.ink
    if not scanned.may_picture_a_table(ink, best.page):
        return False
    return not ocr.is_installed() or bool(_guarded(ocr.READER, ink.number, lambda: ocr.shows_table(document, ink)))


def no_tables(source_name: str) -> Issue:
    """That no page of a file has a table."""
    return Issue(IssueKind.NO_TABLES, f"文件“{source_name}”中没有找到表格，请打开原文件确认是否为决算报告。")


class _Attempt(NamedTuple):
    """A page as one reader gives it; `doubt` is the share of characters that are hardly what is printed."""

    doubt: float
    ink: Ink
    page: Page
    issues: tuple[Issue, ...]


def _by_text(rungs: tuple[_Rung, ...], number: int, before: Page | None) -> _Attempt | None:
    """The page by the first rung that reads it well, else by the one that reads it least badly."""
    best: _Attempt | None = None
    for reader, read_ink in rungs:

        def attempt(reader: str = reader, read_ink: Callable[[int], Ink] = read_ink) -> _Attempt:
            ink = read_ink(number)
            return _Attempt(scanned.doubt_of(ink), ink, *recognise(ink, reader, before))

        new = _guarded(reader, number, attempt)
        if new is not None and (best is None or new.doubt < best.doubt):
            best = new
        if new is not None and new.doubt <= scanned.DOUBT:
            break
    return best


def _guarded(reader: str, number: int, read: Callable[[], _T]) -> _T | None:
    """What a reader gives of a page; None if it fails on it."""
    try:
        return read()
    except (MemoryError, limits.OverLimitError):  # the document's whole worker is in want; too much is too much for all
        raise
    except Exception:  # noqa: BLE001 - damage leads libraries to any error; other rungs and pages go on
        _log.warning("page %d could not be read by %s", number, reader, exc_info=True)
        return None
