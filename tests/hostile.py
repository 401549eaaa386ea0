"""Damaged and hostile files: mutations of whatever seed files there are, and files built to hurt a reader.

To have a new format mutated, add its files to `seeds`; to add an attack, add a function to `ATTACKS`.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2

from tests import raw_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Mutation = Callable[[bytearray, random.Random], bytes | bytearray]

REPORTS = Path(__file__).parent / "city" / "reports" / "2024"
WORDS = re.compile(
    rb"/(Length|Kids|Count|Type|Filter|Contents|Font|Width|W|Index|Size|Root|MediaBox|Rotate|Matrix|Parent)\b"
)


def seeds() -> dict[str, bytes]:
    """Small files that read well: some pages of every report of the sample city, and office files in their zips."""
    excerpts = {path.stem + ".pdf": excerpt(path) for path in sorted(REPORTS.glob("*.pdf"))}
    return excerpts | {
        "book.xlsx": workbook(),
        "text.docx": document(),
        "bundle.zip": zipped({"report.pdf": excerpt(REPORTS / "hotline.pdf")}),
    }


def excerpt(path: Path) -> bytes:
    """The cover and two tables of a report, in a file of their own."""
    with pypdfium2.PdfDocument(path) as report, pypdfium2.PdfDocument.new() as part:
        part.import_pages(report, [0, 3, 4])
        out = io.BytesIO()
        part.save(out)
    return out.getvalue()


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(prolog: str = "", cell: str = "支出决算表") -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{main}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{main}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{relations}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'{prolog}<worksheet xmlns="{SHEET}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{cell}</t></is></c></row></sheetData></worksheet>',
        }
    )


def document(prolog: str = "", text: str = "2024年度单位决算") -> bytes:
    package = "http://schemas.openxmlformats.org/package/2006"
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{kind}" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'{prolog}<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
        }
    )


# --- damage that happens to files


def rotten_bytes(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice([1, 5, 50, 500])):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return data


def zeroed_range(data: bytearray, rng: random.Random) -> bytearray:
    start, size = _range(data, rng)
    data[start : start + size] = bytes(size)
    return data


def missing_range(data: bytearray, rng: random.Random) -> bytearray:
    start, size = _range(data, rng)
    del data[start : start + size]
    return data


def repeated_range(data: bytearray, rng: random.Random) -> bytearray:
    start, size = _range(data, rng)
    data[start:start] = data[start : start + size]
    return data


def swapped_blocks(data: bytearray, rng: random.Random) -> bytearray:
    size = min(512, len(data) // 4)
    one, other = rng.sample(range(len(data) // size), 2)
    a, b = slice(one * size, (one + 1) * size), slice(other * size, (other + 1) * size)
    data[a], data[b] = data[b], data[a]
    return data


def truncated(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(1, len(data))]


def cut_but_closed(data: bytearray, rng: random.Random) -> bytearray:
    """Cut off, with the end of a complete file: nothing tells it from outside."""
    return data[: rng.randrange(len(data) // 4, len(data))] + b"\nstartxref\n9\n%%EOF\n"


def wrong_offsets(data: bytearray, rng: random.Random) -> bytes:
    return re.sub(rb"\b\d{10}(?= \d{5} n)", lambda _: b"%010d" % rng.randrange(2 * len(data)), bytes(data))


def wrong_startxref(data: bytearray, rng: random.Random) -> bytes:
    return re.sub(rb"startxref\s+\d+", b"startxref\n%d" % rng.choice([0, 1, 2**31, 2**63, len(data) // 2]), bytes(data))


def huge_number(data: bytearray, rng: random.Random) -> bytes:
    return _one_replaced(
        data, rng, rb"(?<=[ \[])\d+(?=[ \]>/])", [b"-1", b"2147483648", b"99999999999999999999", b"1e308"]
    )


def wrong_reference(data: bytearray, rng: random.Random) -> bytes:
    """Anything may come to contain itself."""
    return _one_replaced(data, rng, rb"\b\d+(?= 0 R)", [b"%d" % rng.randrange(60)], times=3)


def wrong_word(data: bytearray, rng: random.Random) -> bytes:
    return _one_replaced(data, rng, WORDS.pattern, [b"/Kids", b"/Length", b"/Type", b"/Contents", b"/XX"], times=3)


MUTATIONS: tuple[Mutation, ...] = (
    rotten_bytes, zeroed_range, missing_range, repeated_range, swapped_blocks, truncated, cut_but_closed,
    wrong_offsets, wrong_startxref, huge_number, wrong_reference, wrong_word,
)  # fmt: skip


def _range(data: bytearray, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data) - start, rng.choice([1, 16, 256, 4096, 65536]))


def _one_replaced(data: bytearray, rng: random.Random, pattern: bytes, values: list[bytes], times: int = 1) -> bytes:
    found = list(re.finditer(pattern, data))
    for match in sorted(rng.sample(found, min(times, len(found))), key=lambda match: -match.start()):
        data[match.start() : match.end()] = rng.choice(values)
    return bytes(data)


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, each with a name that tells its seed and what was done to it."""
    rng = random.Random(seed)
    originals = list(seeds().items())
    for number in range(count):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        name, data = originals[number // len(MUTATIONS) % len(originals)]
        yield f"{number:03d}-{mutation.__name__}-{name}", bytes(mutation(bytearray(data), rng))


# --- files built to hurt


def zeros_deflated(size: int) -> bytes:
    """`size` zeros (a multiple of a megabyte), deflated without computing each of them."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + block * (size // 2**20 - 1) + packer.flush()


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>>>"
XOBJECTS = "/XObject<</X 6 0 R/Y 7 0 R>>"
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a0 "决算">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]>"
)


def _catalog(more: str) -> list[bytes]:
    return [
        f"<</Type/Catalog/Pages 2 0 R{more}>>".encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
    ]


def _chain(depth: int) -> list[bytes]:
    """A page tree so deep."""
    nodes = [b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (n - 1, n + 1) for n in range(3, depth)]
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        *nodes,
        b"<</Type/Page/Parent %d 0 R>>" % (depth - 1),
    ]


def _nested_zip(depth: int) -> bytes:
    data = zipped({"report.pdf": b"%PDF-1.7"})
    for level in range(depth):
        data = zipped({f"{level}.zip": data})
    return data


def _zip_bomb(name: str) -> bytes:
    """A quarter of a gigabyte of zeros, declared truly."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as part:
        block = bytes(2**23)
        for _ in range(32):
            part.write(block)
    return out.getvalue()


ATTACKS: dict[str, Callable[[], bytes]] = {
    "page tree loop.pdf": lambda: raw_pdf.many_pages(5, ["2 0 R", "3 0 R"]),
    "pages of themselves.pdf": lambda: raw_pdf.written([b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 9>>"]),
    "deep page tree.pdf": lambda: raw_pdf.written(_chain(20_000)),
    "form in itself.pdf": lambda: raw_pdf.one_page(b"/X Do", raw_pdf.stream(b"/X Do /X Do", FORM), b"null", resources=XOBJECTS),
    "forms in turn.pdf": lambda: raw_pdf.one_page(b"/X Do", raw_pdf.stream(b"/Y Do /Y Do", FORM), raw_pdf.stream(b"/X Do /X Do", FORM), resources=XOBJECTS),
    "forms of forms.pdf": lambda: raw_pdf.one_page(
        b"/X0 Do", *[raw_pdf.stream(b"/N Do " * 30, f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</N {7 + n} 0 R>>>>") for n in range(7)], raw_pdf.stream(b"0 0 1 1 re f", FORM), resources="/XObject<</X0 6 0 R>>"),
    "outline loop.pdf": lambda: raw_pdf.written([*_catalog("/Outlines 4 0 R"), b"<</First 5 0 R/Last 5 0 R>>", b"<</Title(x)/Next 5 0 R/Parent 4 0 R/First 5 0 R>>"]),
    "length of itself.pdf": lambda: raw_pdf.written([*_catalog(""), b"<</Length 4 0 R>>stream\nx\nendstream"]),
    "deep arrays.pdf": lambda: raw_pdf.written([*_catalog("/X " + "[" * 300_000 + "]" * 300_000)]),
    "deep dictionaries.pdf": lambda: raw_pdf.written([*_catalog("/X" + "<</X" * 300_000)]),
    "stream bomb.pdf": lambda: raw_pdf.one_page(zeros_deflated(2**30), entries="/Filter/FlateDecode"),
    "double stream bomb.pdf": lambda: raw_pdf.one_page(zlib.compress(zeros_deflated(2**31)), entries="/Filter[/FlateDecode/FlateDecode]"),
    "spaces.pdf": lambda: raw_pdf.one_page(zlib.compress(b" " * 200_000_000), entries="/Filter/FlateDecode"),
    "saved states.pdf": lambda: raw_pdf.one_page(b"q " * 3_000_000),
    "flood of shapes.pdf": lambda: raw_pdf.one_page(zlib.compress(b"1 2 3 4 re f " * 2_000_000), entries="/Filter/FlateDecode"),
    "flood of characters.pdf": lambda: raw_pdf.one_page(zlib.compress(b"BT /F 9 Tf 9 9 Td " + b"(1234567890) Tj " * 200_000 + b"ET"), entries="/Filter/FlateDecode"),
    "one path.pdf": lambda: raw_pdf.one_page(zlib.compress(b"0 0 m " + b"1 2 l 3 4 l " * 1_000_000 + b"S"), entries="/Filter/FlateDecode"),
    "lattice.pdf": lambda: raw_pdf.one_page(b"".join(b"%d 0 1 9999 re f 0 %d 9999 1 re f " % (n, n) for n in range(0, 9999, 3)), media="0 0 9999 9999"),
    "200 inches.pdf": lambda: raw_pdf.one_page(b"BT /F 9 Tf 9 9 Td (x) Tj ET 0 0 14400 14400 re S", media="0 0 14400 14400"),
    "endless page.pdf": lambda: raw_pdf.one_page(b"BT /F 9 Tf 9 9 Td (x) Tj ET", media="0 0 1e30 1e30"),
    "no page size.pdf": lambda: raw_pdf.one_page(b"BT /F 9 Tf 9 9 Td (x) Tj ET", media="0 0 0 0"),
    "not a size.pdf": lambda: raw_pdf.one_page(b"1 2 3 4 re f", media="nan (x) /y null"),
    "100000 pages.pdf": lambda: raw_pdf.many_pages(100_000),
    "claimed pages.pdf": lambda: raw_pdf.many_pages(2_000_000_000, ["3 0 R"]),
    "huge object number.pdf": lambda: raw_pdf.many_pages(1).replace(b"3 0 obj", b"99999999999 0 obj"),
    "huge table size.pdf": lambda: raw_pdf.many_pages(1).replace(b"/Size 4", b"/Size 2147483647"),
    "huge font.pdf": lambda: raw_pdf.one_page(b"BT /F 1e38 Tf 1e38 0 0 1e38 9 9 Tm (1234) Tj ET"),
    "sheet.pdf": workbook,
    "picture.pdf": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "program.pdf": lambda: b"MZ" + random.Random(1).randbytes(100_000),
    "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(50_000),
    "old.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50_000),
    "empty.pdf": lambda: b"",
    "blanks.pdf": lambda: b" \n" * 1000,
    "only a head.pdf": lambda: b"%PDF-1.7\n",
    "only an end.pdf": lambda: b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    "zip bomb.zip": lambda: _zip_bomb("report.pdf"),
    "sheet bomb.xlsx": lambda: _zip_bomb("xl/worksheets/sheet1.xml"),
    "nested.zip": lambda: _nested_zip(200),
    "many.zip": lambda: zipped({f"{n}.pdf": b"%PDF-1.7" for n in range(20_000)}, zipfile.ZIP_STORED),
    "climbing.zip": lambda: zipped({"../../../../tmp/report.pdf": b"%PDF-1.7", "/etc/report.pdf": b"x"}),
    "entities.xml": f"{ENTITIES}<决算>&a11;</决算>".encode,
    "entities.xlsx": lambda: workbook(ENTITIES, "&a11;"),
    "entities.docx": lambda: document(ENTITIES, "&a11;"),
    "long.html": lambda: b"<!DOCTYPE html><html><body><table>" + b"<tr><td>1.00<td>2.00" * 2_600_000,
    "deep.html": lambda: b"<html><body>" + b"<div><table><tr><td>" * 200_000,
    "spans.html": "<html><body>2024年度单位决算<table><tr><td rowspan=999999999 colspan=999999999>支出决算表</table>".encode,
    "text.txt": lambda: "决算".encode() * 1_000_000,
}  # fmt: skip
