"""A file becomes pages, by the reader that knows its format.

A reader is a function (bytes, name of the file) → (pages, issues); READERS names them by what the file is. Whoever
works on the pages does not know which reader they came from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.read import sniff
from pipeline.read.image import read_image
from pipeline.read.pdf import read_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.read.page import Pages

    Reader = Callable[[bytes, str], Pages]

READERS: dict[str, Reader] = {
    sniff.PDF: read_pdf,
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
    reader = READERS.get(kind)
    if reader is None:
        return (), (Issue(IssueKind.UNSUPPORTED_FORMAT, _unsupported(kind, source_name)),)
    return reader(data, source_name)


def _unsupported(kind: str, source_name: str) -> str:
    text = f"文件“{source_name}”看上去是{kind}，不是PDF，无法读取；"
    if kind == sniff.HTML:
        return text + "链接可能指向网页或下载已失效，请核对下载地址。"
    if "压缩" in kind:
        return text + "请解压后把其中的决算报告PDF放入。"
    return text + "请取得PDF版，或转换为PDF后再放入。"
