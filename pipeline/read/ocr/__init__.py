"""Pages that are pictures: scans, text drawn as outlines, fonts whose codes say nothing.

Belongs here: what makes the marks of a page (`pipeline.read.ink.Ink`) out of its picture, and how far they can be
trusted. Not here: anything of tables or forms; from the marks on, such a page is read like any other.

The libraries (rapidocr, onnxruntime, OpenCV) are an optional extra and take some hundred megabytes: nothing outside
this package imports them, and this package is entered through `read_page` and `read_picture` alone, which load it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument

    from pipeline.issues import Issue
    from pipeline.model import Page
    from pipeline.read.ink import Ink

READER = "rapidocr"
"""Names pages read by text recognition."""

NOT_INSTALLED = "本机没有安装文字识别组件（juesuan[ocr]）"


def is_installed() -> bool:
    """True if the libraries of text recognition are there."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def read_page(document: PdfDocument, ink: Ink, before: Page | None) -> tuple[Page, tuple[Issue, ...]]:
    """A page of a PDF by its picture; of `ink`, its marks as the file gives them, the rules are kept.

    `before` is the page before, from which a table without vertical rules may go on.
    """
    from pipeline.read.ocr import page  # noqa: PLC0415 - a PDF with text must not pay for these libraries

    return page.read_page(document, ink, before)


def shows_table(document: PdfDocument, ink: Ink) -> bool:
    """True if a page's picture shows the rules of a table; a chart or a photograph is not worth recognising."""
    from pipeline.read.ocr import glance  # noqa: PLC0415 - as above

    return glance.shows_table(document, ink)


def read_pictures(data: bytes) -> Iterator[tuple[Page, tuple[Issue, ...]]]:
    """The pages of an image file, one after another. Raises PIL's errors for one that is damaged or too large."""
    from pipeline.read.ocr import page  # noqa: PLC0415 - as above

    return page.read_pictures(data)
