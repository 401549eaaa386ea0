"""The reader of image files: each of their pages is a scan."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits, ocr

if TYPE_CHECKING:
    from pipeline.model import Page
    from pipeline.read.page import Pages

MAXIMUM_PAGES = 500
"""A TIFF can name millions of pages that are not there."""


def read_image(data: bytes, source_name: str) -> Pages:
    """Pages of a PNG, JPEG or TIFF file."""
    pages: list[Page] = []
    issues: list[Issue] = []
    if refused := _why_refused(data, source_name):
        return (), (refused,)
    try:
        for page, page_issues in ocr.read_pictures(data):
            pages.append(page)
            issues += page_issues
    except (OSError, SyntaxError, ValueError, EOFError):  # what PIL raises on damaged pixels
        if not pages:
            return (), (_damaged(source_name),)
        text = f"文件“{source_name}”第{len(pages) + 1}页起已损坏，无法读取，请重新下载。"
        issues.append(Issue(IssueKind.PAGE_UNREADABLE, text, page=len(pages) + 1))
    if not any(page.tables for page in pages):
        text = f"图片“{source_name}”中没有识别出表格，请打开原文件确认是否为决算报告。"
        issues.append(Issue(IssueKind.NO_TABLES, text))
    return tuple(pages), tuple(issues)


def _why_refused(data: bytes, source_name: str) -> Issue | None:
    """Why an image is not read at all; None if it is."""
    try:
        with Image.open(io.BytesIO(data)) as file:
            pixels, count = file.width * file.height, getattr(file, "n_frames", 1)
    except Image.DecompressionBombError:
        return _too_large(source_name)
    except (OSError, SyntaxError, ValueError, EOFError):
        return _damaged(source_name)
    if pixels > limits.PIXELS or count > MAXIMUM_PAGES:
        return _too_large(source_name)
    if not ocr.is_installed():
        text = f"文件“{source_name}”是图片；{ocr.NOT_INSTALLED}，请安装后重新读取，或取得PDF版。"
        return Issue(IssueKind.UNSUPPORTED_FORMAT, text)
    return None


def _too_large(source_name: str) -> Issue:
    return Issue(IssueKind.UNSUPPORTED_FORMAT, f"图片“{source_name}”像素或页数过多，没有读取，请核对文件。")


def _damaged(source_name: str) -> Issue:
    return Issue(IssueKind.DAMAGED_FILE, f"图片“{source_name}”已损坏，无法打开，请重新下载。")
