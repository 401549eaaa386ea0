"""What was recognised on a page, drawn on its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import ImageDraw

from pipeline.read import pdfium
from pipeline.read.document import read_pages
from pipeline.read.picture import render
from pipeline.read.skew import as_displayed

if TYPE_CHECKING:
    from PIL import Image

    from pipeline.model import Box, Page

_TABLE, _CELL, _INDEX, _LINE = (200, 30, 30), (40, 110, 220), (200, 30, 30), (30, 150, 60)


def draw_page(data: bytes, number: int, dpi: int = 110) -> Image.Image:
    """Page `number` (from 1) of a PDF with its tables, cells ("row,column"), and lines outside tables, as it is read.

    Raises pypdfium2.PdfiumError if the file cannot be opened, IndexError if it has no such page.
    """
    with pdfium.opened(data) as document:
        picture = render(document, number, dpi)
    for page in read_pages(data, "")[0]:
        if page.number == number:
            _draw(page, ImageDraw.Draw(picture.image), picture.scale)
    return picture.image


def _draw(page: Page, pen: ImageDraw.ImageDraw, scale: float) -> None:
    for line in page.lines:
        pen.rectangle(_scaled(as_displayed(line.box, page), scale), outline=_LINE)
    for table in page.tables:
        for cell in table.cells:
            x0, top, x1, bottom = _scaled(as_displayed(cell.box, page), scale)
            pen.rectangle((x0, top, x1, bottom), outline=_CELL)
            pen.text((x0 + 2, top + 1), f"{cell.row},{cell.column}", fill=_INDEX)
        pen.rectangle(_scaled(as_displayed(table.box, page), scale), outline=_TABLE, width=3)


def _scaled(box: Box, scale: float) -> tuple[int, int, int, int]:
    return round(box.x0 * scale), round(box.top * scale), round(box.x1 * scale), round(box.bottom * scale)
