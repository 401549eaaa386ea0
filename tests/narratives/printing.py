"""Pages of text drawn as a PDF, character by character where their boxes are."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from tests.drawn_pdf import FONT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Page


def pdf_of(pages: Iterable[Page]) -> bytes:
    """A PDF of these pages; a line's characters are as far apart as its box allows."""
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        for line in page.lines:
            size = line.box.bottom - line.box.top
            canvas.setFont(FONT, size)
            natural = pdfmetrics.stringWidth(line.text, FONT, size)
            apart = (line.box.x1 - line.box.x0 - natural) / max(1, len(line.text) - 1)
            canvas.drawString(line.box.x0, page.height - line.box.bottom + 0.14 * size, line.text, charSpace=apart)
        canvas.showPage()
    canvas.save()
    return target.getvalue()
