"""Draws a report with fpdf2: three-line tables without vertical rules; wide tables stand sideways, with /Rotate."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from tests.city.finish import without_moment
from tests.city.narrative import Line
from tests.city.report import Block, PageBreak
from tests.city.sheets import Cell, Row, Sheet, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_FACE = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
_WIDTH, _HEIGHT = 595.28, 841.89
_MARGIN, _ROW, _SIZE, _GAP = 50.0, 15.0, 8.0, 5.0
_ALIGN = {"l": Align.L, "c": Align.C, "r": Align.R}


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    pdf = FPDF(unit="pt", format=(_WIDTH, _HEIGHT))
    pdf.set_title(title)
    pdf.set_creation_date(datetime(2025, 8, 15, 9, tzinfo=UTC))
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    with tempfile.TemporaryDirectory() as folder:
        face = Path(folder) / "city.ttf"  # fpdf2 does not open font collections
        TTFont(_FACE, fontNumber=0, recalcTimestamp=False).save(face)
        _draw_all(pdf, blocks, face, target)


def _draw_all(pdf: FPDF, blocks: Iterable[Block], face: Path, target: Path) -> None:
    pdf.add_font("city", fname=str(face))
    pdf.set_font("city", size=12)
    pdf.add_page()
    sideways: list[int] = []
    wide = False
    for block in blocks:
        if isinstance(block, PageBreak):
            wide = block.landscape
            if not wide:
                pdf.add_page()
        elif isinstance(block, Line):
            _text(pdf, block)
        elif wide:
            sideways += _sideways(pdf, block)
        else:
            _upright(pdf, block)
    pdf.output(str(target))
    _rotate(target, sideways)


def _rotate(target: Path, pages: Sequence[int]) -> None:
    document = pypdfium2.PdfDocument(target.read_bytes())
    for number in pages:
        document[number - 1].set_rotation(90)
    document.save(str(target))
    document.close()
    target.write_bytes(without_moment(target.read_bytes()))


def _text(pdf: FPDF, line: Line) -> None:
    size, align, indent = {
        "cover": (26, Align.C, ""),
        "part": (18, Align.C, ""),
        "heading": (15, Align.L, "　　"),
        "text": (13, Align.L, "　　"),
    }[line.kind]
    if line.kind == "cover":
        pdf.ln(150)
    pdf.set_font("city", size=size)
    pdf.multi_cell(
        0, size * 1.8, indent + line.text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode="CHAR"
    )  # fmt: skip


def _upright(pdf: FPDF, sheet: Sheet) -> None:
    top = pdf.get_y()
    for position, rows in enumerate(_pages(sheet, _HEIGHT - top, _HEIGHT)):
        if position:
            pdf.add_page()
        _draw(pdf, sheet, rows, _WIDTH, top if not position else _MARGIN, first=not position)
    pdf.set_y(min(_HEIGHT - _MARGIN, top + 60 + _ROW * (len(sheet.rows) + len(sheet.notes))))


def _sideways(pdf: FPDF, sheet: Sheet) -> Iterator[int]:
    """Draws turned by 90 degrees on upright pages and gives their numbers: /Rotate turns them back for display."""
    for position, rows in enumerate(_pages(sheet, _WIDTH - _MARGIN, _WIDTH)):
        pdf.add_page()
        yield pdf.page_no()
        pdf.set_auto_page_break(auto=False)
        with pdf.rotation(90, _HEIGHT / 2, _HEIGHT / 2):
            _draw(pdf, sheet, rows, _HEIGHT, _MARGIN, first=not position)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN)


def _pages(sheet: Sheet, first: float, later: float) -> Iterator[tuple[Row, ...]]:
    """The body's rows page by page; the heading is drawn on each."""
    heading = 75 + _ROW * len(sheet.header)
    body = list(sheet.body)
    room = int((first - heading - _MARGIN) / _ROW)
    while True:
        yield tuple(body[:room])
        body = body[room:]
        if not body:
            return
        room = int((later - heading - 2 * _MARGIN) / _ROW)


def _draw(pdf: FPDF, sheet: Sheet, body: tuple[Row, ...], page_width: float, top: float, *, first: bool) -> None:
    width = page_width - 2 * _MARGIN
    edges = [_MARGIN]
    for weight in sheet.widths:
        edges.append(edges[-1] + width * weight / sum(sheet.widths))
    y = top
    if sheet.title and first:
        _put(pdf, Cell(sheet.number, align="r"), edges[0], y, width, _ROW, 9)
        _put(pdf, Cell(sheet.title, align="c"), edges[0], y + 15, width, 22, 15)
        _put(pdf, Cell(sheet.unit_line), edges[0], y + 40, width, _ROW, 9)
        _put(pdf, Cell(sheet.money_line, align="r"), edges[0], y + 40, width, _ROW, 9)
        y += 58
    rows = sheet.header + body
    rules = (0, len(sheet.header), len(rows))
    for number in rules:
        pdf.set_line_width(1.2 if number in (0, len(rows)) else 0.5)
        pdf.line(edges[0], y + number * _ROW, edges[-1], y + number * _ROW)
    for row, column, cell in place(rows):
        left, right = edges[column], edges[column + cell.columns]
        _put(pdf, cell, left + _GAP, y + row * _ROW, right - left - 2 * _GAP, cell.rows * _ROW, _SIZE)
    if body and sheet.body and body[-1] is sheet.body[-1]:
        for number, note in enumerate(sheet.notes):
            _put(pdf, Cell(note), edges[0], y + (len(rows) + number) * _ROW + 3, width, _ROW, 9)


def _put(  # noqa: PLR0917 - a box and what stands in it
    pdf: FPDF, cell: Cell, x: float, y: float, width: float, height: float, size: float
) -> None:
    """One line of text in a box, made smaller until it fits."""
    if not cell.text:
        return
    pdf.set_font("city", size=size)
    while pdf.get_string_width(cell.text) > width and size > 5:
        size -= 0.5
        pdf.set_font("city", size=size)
    pdf.set_xy(x, y)
    pdf.cell(width, height, cell.text, align=_ALIGN[cell.align])
