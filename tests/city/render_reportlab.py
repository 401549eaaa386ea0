"""Draws a report with reportlab: full rules, rows repeated on continuation pages, TrueType subset."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    LongTable,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
)
from reportlab.platypus import PageBreak as NewPage

from tests.city.narrative import Line
from tests.city.report import Block, PageBreak
from tests.city.sheets import Sheet, place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FONT = "city"
_FONT_FILE = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"
_MARGIN = 45
_ALIGN = {"l": TA_LEFT, "c": TA_CENTER, "r": TA_RIGHT}


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    pdfmetrics.registerFont(TTFont(_FONT, _FONT_FILE))
    document = BaseDocTemplate(str(target), pagesize=A4, title=title, author="", invariant=1)
    document.addPageTemplates([_page("portrait", A4), _page("landscape", landscape(A4))])
    story: list[Flowable] = [Spacer(1, 200)]
    for block in blocks:
        if isinstance(block, PageBreak):
            story += [NextPageTemplate("landscape" if block.landscape else "portrait"), NewPage()]
        elif isinstance(block, Line):
            story.append(_text(block))
        else:
            story += _table(block, landscape(A4)[0] if block.landscape else A4[0])
    document.build(story, canvasmaker=partial(Canvas, initialFontName=_FONT))


def _page(name: str, size: tuple[float, float]) -> PageTemplate:
    frame = Frame(_MARGIN, _MARGIN, size[0] - 2 * _MARGIN, size[1] - 2 * _MARGIN, 0, 0, 0, 0)

    def number(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(_FONT, 9)
        canvas.drawCentredString(size[0] / 2, 24, f"- {document.page} -")

    return PageTemplate(name, [frame], onPage=number, pagesize=size)


def _text(line: Line) -> Flowable:
    size, align, indent = {
        "cover": (24, TA_CENTER, 0),
        "part": (17, TA_CENTER, 0),
        "heading": (14, TA_LEFT, 28),
        "text": (13, TA_LEFT, 26),
    }[line.kind]
    style = ParagraphStyle(
        line.kind, fontName=_FONT, fontSize=size, leading=size * 1.7, alignment=align, firstLineIndent=indent,
        wordWrap="CJK", spaceAfter=4 if line.kind != "cover" else 30,
    )  # fmt: skip
    return Paragraph(escape(line.text), style)


def _small(text: str, align: str, size: float = 8.5) -> Paragraph:
    bare = text.lstrip("　")  # reportlab drops white space at a paragraph's start: indent by measure instead
    style = ParagraphStyle(
        "cell", fontName=_FONT, fontSize=size, leading=size * 1.2, alignment=_ALIGN[align], wordWrap="CJK",
        leftIndent=(len(text) - len(bare)) * size,
    )  # fmt: skip
    return Paragraph(escape(bare), style)


def _table(sheet: Sheet, page_width: float) -> list[Flowable]:
    width = page_width - 2 * _MARGIN
    rows = sheet.rows
    grid: list[list[object]] = [[""] * len(sheet.widths) for _ in rows]
    commands: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1.2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    size = 7.5 if len(rows) > 30 else 8.5
    for row, column, cell in place(rows):
        grid[row][column] = _small(cell.text, cell.align, size)
        if cell.rows > 1 or cell.columns > 1:
            commands.append(("SPAN", (column, row), (column + cell.columns - 1, row + cell.rows - 1)))
    scale = width / sum(sheet.widths)
    table = LongTable(
        grid, colWidths=[weight * scale for weight in sheet.widths], repeatRows=len(sheet.header), style=commands
    )
    head: list[Flowable] = []
    if sheet.title:
        title = ParagraphStyle("title", fontName=_FONT, fontSize=15, leading=22, alignment=TA_CENTER)
        glued = f"{sheet.money_line}{sheet.unit_line}"
        head = [_small(glued, "l"), _small(sheet.number, "r"), Paragraph(escape(sheet.title), title), Spacer(1, 4)]
    return [*head, table, Spacer(1, 3), *(_small(note, "l") for note in sheet.notes)]
