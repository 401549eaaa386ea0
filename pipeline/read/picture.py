"""The picture of one page as it is displayed, for whoever has to show where something stands on it."""

from __future__ import annotations

from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image
from pypdfium2 import PdfiumError

from pipeline.read import pdfium, sniff
from pipeline.read.photo import MAXIMUM_PIXELS, photos

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

POINTS_PER_INCH = 72
_IMAGES = {sniff.PNG, sniff.JPEG, sniff.TIFF}


class NoPictureError(Exception):
    """A document or page that cannot be shown; the message is a Chinese clause."""


class PagePicture(NamedTuple):
    """A page in colours; `scale` are pixels per point of the coordinates of the model."""

    image: Image.Image
    scale: float


def picture_page(data: bytes, number: int, dpi: float = 150) -> PagePicture:
    """Page `number` (from 1) of a PDF or an image file, at `dpi` or less; raises NoPictureError."""
    kind = sniff.kind_of(data)
    try:
        if kind == sniff.PDF:
            with pdfium.opened(data) as document:
                return render(document, number, dpi)
        if kind in _IMAGES:
            image, own = next(islice(photos(BytesIO(data), dpi), number - 1, None))
            return PagePicture(image, own / POINTS_PER_INCH)
    except (IndexError, StopIteration):
        raise NoPictureError(f"原文件没有第{number}页") from None
    except (PdfiumError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        raise NoPictureError(f"原文件第{number}页无法显示") from None
    raise NoPictureError(f"原文件是{kind}，没有固定的版面" if kind else "原文件是空的")


def render(document: PdfDocument, number: int, dpi: float) -> PagePicture:
    """Page `number` (from 1) of a PDF, at `dpi` or, for a page as large as a placard, less; raises IndexError."""
    if not 1 <= number <= len(document):
        raise IndexError(f"the document has pages 1 to {len(document)}, not {number}")
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(dpi / POINTS_PER_INCH, (MAXIMUM_PIXELS / max(1.0, width * height)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            # converting copies the pixels, also of an image in colours; PDFium's are freed with the bitmap
            image: Image.Image = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    finally:
        page.close()
    return PagePicture(image, scale)
