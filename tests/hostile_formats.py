"""Files built to hurt the readers of office documents, web pages, OFD, archives and pictures."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from typing import TYPE_CHECKING

import py7zr
from PIL import Image

from tests import ofd_writer, raw_pdf
from tests.archives import stored_rar, zipped
from tests.city.formats import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a0 "决算">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE, TABLE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))


def packed(parts: dict[str, str | bytes]) -> bytes:
    return zipped([(name, part.encode() if isinstance(part, str) else part) for name, part in parts.items()])


def workbook(rows: str, behind: str = "", prolog: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """An .xlsx of one sheet with these rows."""
    link = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/%s" Target="%s"/></Relationships>'
    parts: dict[str, str | bytes] = {
        "_rels/.rels": link % ("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets><sheet name="支出决算表" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": link % ("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData>{behind}</worksheet>',
    }
    return packed(parts | (more or {}))


def cells(*places: tuple[str, str]) -> str:
    """Rows of one cell each."""
    return "".join(
        f'<row r="{place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'
        for place, text in places
    )


def document(body: str, prolog: str = "") -> bytes:
    """A .docx with this body."""
    return packed({"word/document.xml": f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'})


def word_cell(content: str) -> str:
    return f"<w:tbl><w:tr><w:tc>{content}</w:tc></w:tr></w:tbl>"


def open_sheet(rows: str, prolog: str = "") -> bytes:
    """An .ods of one sheet with these rows."""
    content = f'{prolog}<o:document-content xmlns:o="{OFFICE}" xmlns:t="{TABLE}" xmlns:x="{TEXT}"><o:body><o:spreadsheet><t:table t:name="1">{rows}</t:table></o:spreadsheet></o:body></o:document-content>'
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def fixed(objects: str, resources: str = "", pages: int = 1, prolog: str = "") -> bytes:
    """An OFD file with these objects on its one page, which may be named several times."""
    tag, names = ofd_writer._tag, ofd_writer.NAMESPACE
    listed = '<ofd:Page ID="1" BaseLoc="Page.xml"/>' * pages
    return packed(
        {
            "OFD.xml": f"<ofd:OFD {names}><ofd:DocBody>{tag('DocRoot', 'Document.xml')}</ofd:DocBody></ofd:OFD>",
            "Document.xml": f"{prolog}<ofd:Document {names}><ofd:CommonData>{tag('DocumentRes', 'Res.xml')}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
            "Res.xml": f"<ofd:Res {names}>{resources}</ofd:Res>",
            "Page.xml": f"<ofd:Page {names}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>",
        }
    )


def text_object(text: str, steps: str = "") -> str:
    return f'<ofd:TextObject Boundary="9 9 99 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="{steps}">{text}</ofd:TextCode></ofd:TextObject>'


def composite(number: int, content: str) -> str:
    return f'<ofd:CompositeGraphicUnit ID="{number}"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>'


def use(number: int) -> str:
    return f'<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="{number}"/>'


def diagonal(cell: Callable[[int], str], count: int) -> str:
    return "".join(cell(number) for number in range(1, count + 1))


def seven_zip(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", filters=[{"id": py7zr.FILTER_LZMA2, "preset": 0}]) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return target.getvalue()


def gzip_of_zeros(size: int) -> bytes:
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + raw_pdf.zeros_deflated(size)[2:]


def png(width: int, height: int) -> bytes:
    """One bit a pixel; its rows are missing."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(9999))),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def tiff(width: int, height: int, next_directory: int = 0) -> bytes:
    """One bit a pixel in one strip that is not there; the directory may name itself (8) as the next one."""
    tags = (
        (256, width),
        (257, height),
        (258, 1),
        (259, 1),
        (262, 1),
        (273, 9999),
        (278, height),
        (279, width * height // 8 % 2**32),
    )
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", next_directory)


def picture(width: int, height: int, kind: str) -> bytes:
    target = io.BytesIO()
    Image.new("L", (width, height), 255).save(target, kind)
    return target.getvalue()


def page_of_a_picture() -> bytes:
    """A page of 200 inches under a picture of 30,000 by 30,000 pixels."""
    head = "/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    image = raw_pdf.stream(raw_pdf.zeros_deflated(900 * 2**20), head)
    return raw_pdf.one_page(
        b"14400 0 0 14400 0 0 cm /X Do", image, resources="/XObject<</X 6 0 R>>", media="0 0 14400 14400"
    )


FAR = cells(("A1", "支出决算表"), ("XFD1048576", "1.00"))
SPREAD = cells(*((f"A{row}", "1.00") for row in range(1, 30_000)))
BIG = 19 * 2**20
"""What an office document may unpack to before its ratio counts."""

ATTACKS: dict[str, Callable[[], bytes]] = {
    "bomb.xlsx": lambda: workbook("", more={"xl/media/image1.png": bytes(2**26)}),
    "bomb.docx": lambda: document(" " * 2**26),
    "bomb.ods": lambda: open_sheet(" " * 2**26),
    "bomb.ofd": lambda: fixed(" " * 2**26),
    "entities.xlsx": lambda: workbook(cells(("A1", "&a11;")), prolog=ENTITIES),
    "entities.docx": lambda: document("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", ENTITIES),
    "entities.ods": lambda: open_sheet("<t:table-row><t:table-cell><x:p>&a11;</x:p></t:table-cell></t:table-row>", ENTITIES),
    "entities.ofd": lambda: fixed("", prolog=ENTITIES),
    "far cell.xlsx": lambda: workbook(FAR),
    "merged.xlsx": lambda: workbook(FAR, '<mergeCell ref="A1:XFD1048576"/>' * 50_000),
    "merged rows.xlsx": lambda: workbook(SPREAD, "".join(f'<mergeCell ref="A{row}:A1048576"/>' for row in range(1, 40_000))),
    "merged columns.xlsx": lambda: workbook(SPREAD, "".join(f'<mergeCell ref="C{row}:XFD1048576"/>' for row in range(1, 40_000))),
    "diagonal.xlsx": lambda: workbook("".join(f'<row r="{n}"><c t="str" r="A{n}"><v>1.0</v></c><c t="str" r="{chr(65 + n // 676 % 26)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}{n}"><v>2.0</v></c></row>' for n in range(1, 4_000))),
    "cells.xlsx": lambda: workbook(("<row>" + "<c><v>1</v></c>" * 100 + "</row>") * 2_500),
    "hidden columns.xlsx": lambda: workbook("", '<col hidden="1" min="1" max="16384"/>' * 30_000),
    "captions.xlsx": lambda: workbook(cells(*((f"A{n}", "表（" * 16_000) for n in range(1, 20)))),
    "number format.xlsx": lambda: workbook('<row><c s="0"><v>1E+308</v></c><c><v>1E-99999999</v></c><c><v>1E99999999</v></c></row>'),
    "rows.ods": lambda: open_sheet('<t:table-row t:number-rows-repeated="2147483648"><t:table-cell t:number-columns-repeated="2147483648"><x:p>1.00</x:p></t:table-cell></t:table-row>'),
    "spans.ods": lambda: open_sheet(diagonal(lambda n: f'<t:table-row><t:covered-table-cell t:number-columns-repeated="{n}"/><t:table-cell t:number-rows-spanned="1000000" t:number-columns-spanned="16000"><x:p>1.00</x:p></t:table-cell></t:table-row>', 4_000)),
    "columns.ods": lambda: open_sheet("<t:table-column/>" * 40_000 + "<t:table-row>" + "<t:table-cell><x:p>1</x:p></t:table-cell>" * 40_000 + "</t:table-row>"),
    "spaces.ods": lambda: open_sheet("<t:table-row><t:table-cell><x:p>" + '<x:s x:c="1000"/>' * 20_000 + "</x:p></t:table-cell></t:table-row>"),
    "nested.docx": lambda: document("<w:tbl><w:tr><w:tc>" * 5_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 5_000),
    "nested a little.docx": lambda: document("<w:tbl>" + "<w:tr><w:tc><w:tbl>" * 50 + "<w:tr><w:tc><w:p><w:r><w:t>1.00</w:t></w:r></w:p></w:tc></w:tr>" + "</w:tbl></w:tc></w:tr>" * 50 + "</w:tbl>"),
    "wide and high.docx": lambda: document("<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 5_000 + "</w:tr>" + "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr>" * 5_000 + "</w:tbl>"),
    "sections.docx": lambda: document("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>" * 20_000),
    "captions.docx": lambda: document(word_cell("<w:p><w:r><w:t>" + "表（" * 100_000 + "</w:t></w:r></w:p>")),
    "ten million spaces.docx": lambda: document("<w:p><w:r><w:t>单位" + " " * 10_000_000 + "x</w:t></w:r></w:p>"),
    "deep.html": lambda: b"<html><body>" + b"<div><table><tr><td>" * 200_000,
    "spans.html": lambda: page("<tr><td rowspan=1000000000 colspan=1000000000>支出决算表<tr><td>1.00<td>2.00"),
    "staircase.html": lambda: page("<tr><td rowspan=999999>1.00<td rowspan=999999>2.00" * 3_000),
    "tables.html": lambda: page("<tr><td>1.00<td>2.00</table><table>" * 10_000),
    "long.html": lambda: page("<tr><td>1.00<td>2.00" * 1_000_000),
    "captions.html": lambda: page("<tr><td>1.00<td>2.00<tr><td>" + "表（" * 100_000),
    "form in itself.ofd": lambda: fixed(use(7), f"<ofd:CompositeGraphicUnits>{composite(7, use(7) * 9)}</ofd:CompositeGraphicUnits>"),
    "forms of forms.ofd": lambda: fixed(use(1), "".join(composite(n, use(n + 1) * 30) for n in range(1, 7)) + composite(7, text_object("决算" * 100))),
    "flood.ofd": lambda: fixed(text_object("1" * BIG)),
    "steps.ofd": lambda: fixed(text_object("12", "g 100000 1 " * 100_000)),
    "lines.ofd": lambda: fixed(f'<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>{"M 1 1 L 99 1 L 99 99 " * 500_000}</ofd:AbbreviatedData></ofd:PathObject>'),
    "pages.ofd": lambda: fixed("", pages=10_000),
    "parameters.ofd": lambda: fixed('<ofd:PageBlock DrawParam="1"/>' * 20_000, "<ofd:DrawParams>" + "".join(f'<ofd:DrawParam ID="{n}" Relative="{n + 1}"/>' for n in range(1, 20_000)) + "</ofd:DrawParams>"),
    "no numbers.ofd": lambda: fixed(text_object("12", "g x 3 nan")),
    "100000 members.zip": lambda: zipped([(f"{n}", b"") for n in range(100_000)]),
    "quine.zip": lambda: zipped([(f"{n}.zip", zipped([(f"{n}.zip", zipped([("a.zip", zipped([("b.zip", b"PK\x03\x04")]))]))])) for n in range(500)]),
    "bomb.7z": lambda: seven_zip({f"{n}.pdf": bytes(2**26) for n in range(4)}),
    "bomb.rar": lambda: stored_rar([("a.zip", zipped([("b.gz", gzip_of_zeros(2**30))]))]),
    "bomb.gz": lambda: gzip_of_zeros(2**32),
    "claims.7z": lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<IQQI", 0, 0, 2**62, 0),
    "lzma.zip": lambda: zipped([("a.pdf", lzma.compress(bytes(2**20)))]),
    "60000 pixels.png": lambda: png(60_000, 60_000),
    "missing rows.png": lambda: png(9_000, 9_000),
    "60000 pixels.tif": lambda: tiff(60_000, 60_000),
    "in a circle.tif": lambda: tiff(100, 100, next_directory=8),
    "blank.jpg": lambda: picture(6_000, 6_000, "JPEG"),
    "a line.png": lambda: picture(1, 65_000, "PNG"),
    "200 inches of picture.pdf": page_of_a_picture,
    "truncated.doc": lambda: (SAMPLES / "hotline.doc").read_bytes()[:60_000],
}  # fmt: skip


def page(rows: str) -> bytes:
    """A web page with a table of these rows."""
    return f"<!DOCTYPE html><html><body>2024年度单位决算<table>{rows}</table></html>".encode()
