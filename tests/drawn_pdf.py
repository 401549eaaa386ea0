"""Tiny PDFs drawn for tests: text and rules at exact places, in points from the top left corner."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Drawing:
    """A document under construction; `bytes()` ends it."""

    def __init__(self, width: float = 595, height: float = 842) -> None:
        self.buffer = io.BytesIO()
        self.width, self.height = width, height
        self.canvas = Canvas(self.buffer, pagesize=(width, height), invariant=1)

    def text(self, x: float, y: float, text: str, size: float = 10, spacing: float = 0) -> None:
        """Text whose baseline begins at (x, y)."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - y, text, charSpace=spacing)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def box(
        self, x0: float, top: float, x1: float, bottom: float, color: object = None, *, stroke: bool = False
    ) -> None:
        """A rectangle filled with a grey value (0 black, 1 white), or only stroked."""
        if color is not None:
            self.canvas.setFillGray(color)
        self.canvas.rect(x0, self.height - bottom, x1 - x0, bottom - top, stroke=stroke, fill=color is not None)
        self.canvas.setFillGray(0)

    def grid(self, xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]] = ()) -> None:
        """A fully ruled table, with a text at the left of each cell."""
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        self.texts(xs, ys, texts)

    def texts(self, xs: Sequence[float], ys: Sequence[float], texts: Sequence[Sequence[str]]) -> None:
        for bottom, row in zip(ys[1:], texts, strict=False):
            for x, text in zip(xs, row, strict=False):
                self.text(x + 4, bottom - 6, text)

    def next_page(self, rotation: int = 0) -> None:
        self.canvas.setPageRotation(rotation)
        self.canvas.showPage()

    def bytes(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()
