"""Writes a report with python-docx and converts it with LibreOffice Writer: headings repeat, names wrap."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt

from tests.city.narrative import Line
from tests.city.office import to_pdf
from tests.city.report import Block, PageBreak
from tests.city.sheets import Sheet, place

if TYPE_CHECKING:
    from collections.abc import Iterable

_HAN, _LATIN = "WenQuanYi Micro Hei", "Liberation Serif"
_ALIGN = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}
_SHORT, _LONG, _MARGIN = Cm(21.0), Cm(29.7), Cm(2.2)


def render(blocks: Iterable[Block], target: Path, title: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.docx"
        document_of(blocks, title).save(str(source))
        to_pdf(source, target)


def document_of(blocks: Iterable[Block], title: str) -> Any:
    """The report as a Word document."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    normal = document.styles["Normal"]
    normal.font.name = _LATIN
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _HAN)
    _orient(document.sections[0], wide=False)
    wide = False
    for block in blocks:
        if isinstance(block, PageBreak):
            if block.landscape == wide:
                document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            else:
                wide = block.landscape
                _orient(document.add_section(WD_SECTION.NEW_PAGE), wide=wide)
        elif isinstance(block, Line):
            _text(document, block)
        else:
            _table(document, block, (_LONG if wide else _SHORT) - 2 * _MARGIN)
    return document


def _orient(section: Any, *, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN


def _paragraph(document: Any, text: str, size: float, align: str = "l", indent: float = 0) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.first_line_indent = Pt(indent)
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(text).font.size = Pt(size)
    return paragraph


def _text(document: Any, line: Line) -> None:
    size, align, indent = {
        "cover": (26, "c", 0),
        "part": (18, "c", 0),
        "heading": (15, "l", 30),
        "text": (14, "l", 28),
    }[line.kind]
    paragraph = _paragraph(document, line.text, size, align, indent)
    if line.kind == "cover":
        paragraph.paragraph_format.space_before = Pt(120)


def _table(document: Any, sheet: Sheet, width: int) -> None:
    if sheet.title:
        _paragraph(document, sheet.number, 10, "r")
        _paragraph(document, sheet.title, 16, "c")
        line = _paragraph(document, f"{sheet.unit_line}\t{sheet.money_line}", 10)
        line.paragraph_format.tab_stops.add_tab_stop(Emu(width), WD_TAB_ALIGNMENT.RIGHT)
    rows = sheet.rows
    table = document.add_table(rows=len(rows), cols=len(sheet.widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    columns = [int(width * weight / sum(sheet.widths)) for weight in sheet.widths]
    grid = [list(row.cells) for row in table.rows]
    for row in grid:
        for cell, column in zip(row, columns, strict=True):
            cell.width = Emu(column)
    for row, column, cell in place(rows):
        target = grid[row][column]
        if cell.rows > 1 or cell.columns > 1:
            target = target.merge(grid[row + cell.rows - 1][column + cell.columns - 1])
        paragraph = target.paragraphs[0]
        paragraph.alignment = _ALIGN[cell.align]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.add_run(cell.text).font.size = Pt(9)
    for number in range(len(sheet.header)):
        _repeat(table.rows[number])
    for row in table.rows:
        _keep_together(row)
    for note in sheet.notes:
        _paragraph(document, note, 9)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_together(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
