"""A file becomes pages, by the reader that knows its format.

A reader is a function (bytes, name of the file) → (pages, issues); READERS names them by what the file is. Whoever
works on the pages does not know which reader they came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.read import limits, sniff
from pipeline.read.formats.doc import read_doc
from pipeline.read.formats.docx import read_docx
from pipeline.read.formats.html import read_html
from pipeline.read.formats.ods import read_ods
from pipeline.read.formats.ofd import read_ofd
from pipeline.read.formats.xls import read_xls
from pipeline.read.formats.xlsx import read_xlsx
from pipeline.read.image import read_image
from pipeline.read.pdf import read_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.read.page import Pages

    Reader = Callable[[bytes, str], Pages]

READERS: dict[str, Reader] = {
    sniff.PDF: read_pdf,
    sniff.OFD: read_ofd,
    sniff.XLSX: read_xlsx,
    sniff.XLS: read_xls,
    sniff.ODS: read_ods,
    sniff.DOCX: read_docx,
    sniff.DOC: read_doc,
    sniff.HTML: read_html,
    sniff.PNG: read_image,
    sniff.JPEG: read_image,
    sniff.TIFF: read_image,
}


def read_pages(data: bytes, source_name: str) -> Pages:
    """Pages of a document and what could not be read of it. `source_name` only appears in sentences.

    A file of another format, a damaged one, or one that asks for a password gives no pages and one issue.
    """
    kind = sniff.kind_of(data)
    if not kind:
        return (), (Issue(IssueKind.EMPTY_FILE, f"文件“{source_name}”是空的，请重新下载。"),)
    if kind in {sniff.BROKEN_ZIP, sniff.BROKEN_OLE}:
        text = f"文件“{source_name}”是{kind}，不完整或已损坏，无法打开，请重新下载。"
        return (), (Issue(IssueKind.DAMAGED_FILE, text),)
    if kind == sniff.LOCKED:
        text = f"文件“{source_name}”需要密码才能打开，请向公开单位索取未加密的文件。"
        return (), (Issue(IssueKind.ENCRYPTED, text),)
    reader = READERS.get(kind)
    if reader is None:
        return (), (Issue(IssueKind.UNSUPPORTED_FORMAT, _unsupported(kind, source_name)),)
    try:
        return reader(data, source_name)
    except limits.OverLimitError as error:
        text = f"文件“{source_name}”{error}，没有读取；请核对文件，必要时拆分后重新收录。"
        return (), (Issue(IssueKind.OVER_LIMIT, text),)


def _unsupported(kind: str, source_name: str) -> str:
    text = f"文件“{source_name}”看上去是{kind}，无法读取；"
    if "压缩" in kind:
        return text + "请解压后把其中的决算报告放入。"
    return text + "请取得PDF、Word或Excel版，或转换为PDF后再放入。"
