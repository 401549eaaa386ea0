"""A letter as a Word document, laid out as official documents are (GB/T 9704): A4, 3号仿宋, lines of 28 points.

The same letter gives the same bytes: dates within the file are those of the letter.
"""

from __future__ import annotations

import zipfile
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from warehouse.letters.compose import day, ordinal
from warehouse.letters.model import Picture
from warehouse.letters.text import numeral

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

    from warehouse.letters.model import Item, Letter, Surroundings

TITLE, HEAVY, KAI, BODY, PLAIN = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
_ALTERNATIVES = {TITLE: "华文中宋", KAI: "楷体", BODY: "仿宋"}
"""Fonts of the standard, and what most machines have instead of them."""

_TEXT_WIDTH, _PICTURE_WIDTH, _PICTURE_HEIGHT = 156, 154, 190  # millimetres
_SIZE, _SMALL, _LINE = Pt(16), Pt(12), Pt(28)
_TITLES, _SECTIONS, _IN_TABLES = "公文标题", "一级标题", "表内文字"
_RED = RGBColor(0xD6, 0x1E, 0x1E)


def to_docx(letter: Letter) -> bytes:
    """The letter as the bytes of a .docx file."""
    document = Document()
    _set_up(document, letter)
    _head(document, letter)
    _body(document, letter)
    _signature(document, letter)
    _details(document, letter)
    if letter.hints:
        _hints(document, letter)
    written = BytesIO()
    document.save(written)
    return _dated(written.getvalue(), datetime.combine(letter.dated, time()))


def _set_up(document: Docx, letter: Letter) -> None:
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Mm(37),
        Mm(35),
        Mm(28),
        Mm(26),
    )
    section.footer_distance = Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    normal = document.styles["Normal"]
    _font(normal, BODY, _SIZE)
    layout = normal.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    layout.space_before = layout.space_after = Pt(0)
    for name, font, size in ((_TITLES, TITLE, Pt(22)), (_SECTIONS, HEAVY, _SIZE), (_IN_TABLES, PLAIN, _SMALL)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, font, size)
        if name == _IN_TABLES:
            style.paragraph_format.line_spacing_rule, style.paragraph_format.line_spacing = WD_LINE_SPACING.SINGLE, 1
    properties = document.core_properties
    properties.title, properties.author, properties.comments = letter.name, letter.office, ""
    properties.language, properties.last_modified_by = "zh-CN", letter.office
    properties.created = properties.modified = datetime.combine(letter.dated, time())
    _name_alternatives(document)


def _head(document: Docx, letter: Letter) -> None:
    if letter.office:
        sign = _paragraph(document, "", _TITLES)
        sign.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = sign.add_run(letter.office)
        run.font.color.rgb, run.font.size = _RED, Pt(30)
        sign.paragraph_format.line_spacing = Pt(44)
        _double_line(sign)
    if letter.number:
        document.add_paragraph(letter.number).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()
    for text in letter.title:
        title = _paragraph(document, text, _TITLES)
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.line_spacing = Pt(34)
    document.add_paragraph()
    document.add_paragraph(f"{letter.to}：")


def _body(document: Docx, letter: Letter) -> None:
    for text in letter.opening:
        _indented(document, text)
    number = section = 0
    for heading, items in (("需核实更正的数据", letter.wrong), ("需核实说明的数据", letter.doubtful)):
        if items:
            section += 1
            _indented(document, f"{numeral(section)}、{heading}", _SECTIONS)
        for item in items:
            number += 1
            _indented(document, f"{number}. {item.sentence}")
    _indented(document, f"{numeral(section + 1)}、有关要求", _SECTIONS)
    last = [_indented(document, f"{ordinal(place)}{text}") for place, text in enumerate(letter.requests, 1)][-1:]
    last += [_indented(document, letter.closing), document.add_paragraph()]
    for place, name in enumerate(letter.enclosures, 1):
        count = f"{place}. " if len(letter.enclosures) > 1 else ""
        last.append(_indented(document, ("附件：" if place == 1 else "") + count + name))
        if place > 1:
            _indent(last[-1], 500)
    for paragraph in last:  # a signature does not stand alone on a page
        paragraph.paragraph_format.keep_with_next = True


def _signature(document: Docx, letter: Letter) -> None:
    """The office over the date, which ends four characters before the margin; both stay on one page."""
    for text in ("", "", letter.office, day(letter.dated)):
        line = document.add_paragraph(text)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.keep_with_next = text != day(letter.dated)
        _indent(line, 0, right=400 if text == day(letter.dated) else max(0, 700 - 50 * len(text)))
    if letter.contact:
        document.add_paragraph()
        _indented(document, letter.contact)


def _details(document: Docx, letter: Letter) -> None:
    _enclosure(document, "附件1" if len(letter.enclosures) > 1 else "附件", letter.enclosures[0])
    for number, item in enumerate(letter.items, 1):
        _detail(document, number, item)


def _detail(document: Docx, number: int, item: Item) -> None:
    heading = _indented(document, f"{number}. {item.sentence}")
    heading.paragraph_format.keep_with_next = True
    _particulars(document, item)
    if item.relations:
        _indented(document, "涉及的勾稽关系：").paragraph_format.keep_with_next = True
        for place, text in enumerate(item.relations, 1):
            _indented(document, f"{ordinal(place)}{text}")
    if item.note:
        _indented(document, item.note).paragraph_format.keep_with_next = bool(item.evidence)
    for shape in item.evidence:
        _picture(document, shape) if isinstance(shape, Picture) else _surroundings(document, shape)
    document.add_paragraph()


def _particulars(document: Docx, item: Item) -> None:
    """Names and values, two pairs a row."""
    pairs = [*item.values, *([("", "")] if len(item.values) % 2 else [])]
    table = _table(document, len(pairs) // 2, 4)
    widths = [Mm(24), Mm(70), Mm(24), Mm(_TEXT_WIDTH - 118)]
    for row, (left, right) in zip(table.rows, zip(pairs[::2], pairs[1::2], strict=True), strict=True):
        for cell, width, text, is_name in zip(row.cells, widths, (*left, *right), (True, False) * 2, strict=True):
            _write(cell, text, center=is_name)
            cell.width = width
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _space(document).paragraph_format.keep_with_next = bool(item.evidence)


def _picture(document: Docx, picture: Picture) -> None:
    width = min(_PICTURE_WIDTH, picture.width)
    height = width * picture.pixels[1] / picture.pixels[0]
    width *= min(1.0, _PICTURE_HEIGHT / height)
    place = _paragraph(document, "", _IN_TABLES)
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.paragraph_format.keep_with_next = True
    place.add_run().add_picture(BytesIO(picture.png), width=Mm(width))
    _caption(document, picture.caption)


def _surroundings(document: Docx, shape: Surroundings) -> None:
    table = _table(document, len(shape.rows) + 1, len(shape.headings))
    for cell, text in zip(table.rows[0].cells, shape.headings, strict=True):
        _write(cell, text, center=True)
    for number, texts in enumerate(shape.rows):
        for column, text in enumerate(texts):
            cell = table.rows[number + 1].cells[column]
            marked = (number, column) in shape.marked
            _write(cell, text or ("（空）" if marked else ""), right=column > 0, marked=marked)
    _caption(document, shape.caption)


def _hints(document: Docx, letter: Letter) -> None:
    _enclosure(document, "附件2", letter.enclosures[1])
    _indented(document, "以下事项供你单位自查时参考，不要求反馈。")
    for number, text in enumerate(letter.hints, 1):
        _indented(document, f"{number}. {text}")


def _enclosure(document: Docx, name: str, title: str) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.paragraphs[-1].paragraph_format.line_spacing = Pt(1)
    _paragraph(document, name, _SECTIONS)
    document.add_paragraph()
    heading = _paragraph(document, title, _TITLES)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph()


def _paragraph(document: Docx, text: str, style: str) -> Paragraph:
    """A paragraph of a style given by its id: to look up names takes python-docx most of a letter's time."""
    paragraph: Paragraph = document.add_paragraph(text)
    paragraph._p.style = style  # noqa: SLF001
    return paragraph


def _indented(document: Docx, text: str, style: str | None = None) -> Paragraph:
    paragraph: Paragraph = _paragraph(document, text, style) if style else document.add_paragraph(text)
    _indent(paragraph, 200)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _indent(paragraph: Paragraph, first: int, right: int = 0) -> None:
    """Indents in hundredths of a character, as Word counts Chinese ones; in points for those who do not."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001 - python-docx has no name for it
    for name, value in (("firstLine", first), ("right", right)):
        if value:
            indent.set(qn(f"w:{name}Chars"), str(value))
            indent.set(qn(f"w:{name}"), str(round(value / 100 * 320)))


def _caption(document: Docx, text: str) -> None:
    _paragraph(document, text, _IN_TABLES).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _space(document)


def _space(document: Docx) -> Paragraph:
    paragraph: Paragraph = _paragraph(document, "", _IN_TABLES)
    paragraph.paragraph_format.line_spacing = Pt(8)
    return paragraph


def _table(document: Docx, rows: int, columns: int) -> Any:
    table = document.add_table(rows, columns, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in table.rows:
        _mark(row._tr.get_or_add_trPr(), "cantSplit")  # noqa: SLF001
    return table


def _write(cell: Any, text: str, *, center: bool = False, right: bool = False, marked: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = _IN_TABLES  # noqa: SLF001 - see _paragraph
    paragraph.paragraph_format.keep_with_next = True
    run = paragraph.add_run(text)
    if center:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    elif right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if marked:
        run.bold, run.font.color.rgb = True, _RED
        borders = OxmlElement("w:tcBorders")
        for side in ("top", "left", "bottom", "right"):
            borders.append(_border(side, "single", 18))
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001


def _font(style: Any, name: str, size: Any) -> None:
    style.font.name, style.font.size = name, size
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(script), name)


def _double_line(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_border("bottom", "thickThinSmallGap", 24, space=4))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _border(side: str, kind: str, size: int, space: int = 0) -> Any:
    border = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", size), ("space", space), ("color", "D61E1E")):
        border.set(qn(f"w:{name}"), str(value))
    return border


def _page_number(paragraph: Paragraph, alignment: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from the outer margin."""
    paragraph.alignment = alignment
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001
    indent.set(qn("w:right" if alignment == WD_ALIGN_PARAGRAPH.RIGHT else "w:left"), "280")
    for kind, text in (("", "— "), ("begin", ""), ("instr", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        run.font.size = Pt(14)
        run.font.name = PLAIN
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), PLAIN)  # noqa: SLF001
        if kind == "instr":
            field = OxmlElement("w:instrText")
            field.text = text
            run._r.append(field)  # noqa: SLF001
        elif kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)  # noqa: SLF001


def _mark(properties: Any, name: str) -> None:
    properties.append(OxmlElement(f"w:{name}"))


def _name_alternatives(document: Docx) -> None:
    """Tell whoever opens the document what to print in if a font of the standard is not there."""
    (table,) = (part for part in document.part.package.iter_parts() if part.partname == "/word/fontTable.xml")
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    table._blob = table.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")  # noqa: SLF001


def _dated(data: bytes, moment: datetime) -> bytes:
    """The archive with every member dated so: python-docx dates them by the clock."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, moment.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, source.read(name))
    return written.getvalue()
