"""Pictures of a page: what was recognised on it, or one place of it for a letter or a report.

Coordinates are those of the model: points from the top left corner of the page as displayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from pipeline.model import Box
from pipeline.read import pdfium
from pipeline.read.document import read_pages
from pipeline.read.skew import as_displayed

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

    from pipeline.model import Page

CROP_MARGIN = 24.0
"""Points shown around a cropped box, so that its row and column can be recognised."""

_TABLE, _CELL, _INDEX, _LINE = (200, 30, 30), (40, 110, 220), (200, 30, 30), (30, 150, 60)
_POINTS_PER_INCH = 72


def draw_page(data: bytes, number: int, dpi: int = 110) -> Image.Image:
    """Page `number` (from 1) of a PDF with its tables, cells ("row,column"), and lines outside tables, as it is read.

    Raises pypdfium2.PdfiumError if the file cannot be opened, IndexError if it has no such page.
    """
    with pdfium.opened(data) as document:
        picture = _render(document, number, dpi)
    for page in read_pages(data, "")[0]:
        if page.number == number:
            _draw(page, ImageDraw.Draw(picture), dpi / _POINTS_PER_INCH)
    return picture


def _draw(page: Page, pen: ImageDraw.ImageDraw, scale: float) -> None:
    for line in page.lines:
        pen.rectangle(_scaled(as_displayed(line.box, page), scale), outline=_LINE)
    for table in page.tables:
        for cell in table.cells:
            x0, top, x1, bottom = _scaled(as_displayed(cell.box, page), scale)
            pen.rectangle((x0, top, x1, bottom), outline=_CELL)
            pen.text((x0 + 2, top + 1), f"{cell.row},{cell.column}", fill=_INDEX)
        pen.rectangle(_scaled(as_displayed(table.box, page), scale), outline=_TABLE, width=3)


def crop(data: bytes, page: int, box: Box, dpi: int = 150) -> Image.Image:
    """The place `box` of page `page` (from 1), framed, with a margin around it.

    Raises pypdfium2.PdfiumError if the file cannot be opened, IndexError if it has no such page.
    """
    with pdfium.opened(data) as document:
        picture = _render(document, page, dpi)
    scale = dpi / _POINTS_PER_INCH
    ImageDraw.Draw(picture).rectangle(_scaled(box, scale), outline=_TABLE, width=2)
    around = Box(box.x0 - CROP_MARGIN, box.top - CROP_MARGIN, box.x1 + CROP_MARGIN, box.bottom + CROP_MARGIN)
    x0, top, x1, bottom = _scaled(around, scale)
    return picture.crop((max(0, x0), max(0, top), min(picture.width, x1), min(picture.height, bottom)))


def _render(document: PdfDocument, number: int, dpi: int) -> Image.Image:
    if not 1 <= number <= len(document):
        raise IndexError(f"the document has pages 1 to {len(document)}, not {number}")
    page = document[number - 1]
    try:
        bitmap = page.render(scale=dpi / _POINTS_PER_INCH)
        try:
            # the copy owns its pixels; PDFium's are freed with the bitmap
            picture: Image.Image = bitmap.to_pil().convert("RGB").copy()
        finally:
            bitmap.close()
    finally:
        page.close()
    return picture


def _scaled(box: Box, scale: float) -> tuple[int, int, int, int]:
    return round(box.x0 * scale), round(box.top * scale), round(box.x1 * scale), round(box.bottom * scale)
