"""Damaged and hostile files: mutations of whatever seed files there are, and files built to hurt a reader.

To have a new format mutated, add its files to `seeds`; to add an attack, add a function to `ATTACKS`, here (PDF and
what is no document at all) or in `hostile_formats`.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import zipfile
import zlib
from functools import cache, wraps
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from pipeline.read import pdfium
from tests import hostile_formats, ofd_writer, raw_pdf
from tests.archives import COMPRESSED_RAR, stored_rar, zipped
from tests.city.expected import printed_sheets, report_of
from tests.city.formats import SAMPLED, SAMPLES, rendered_blocks, title_of
from tests.city.narrative import Line
from tests.excerpt import excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Mutation = Callable[[bytearray, random.Random], bytes | bytearray]

REPORTS = Path(__file__).parent / "city" / "reports" / "2024"
PAGES = (1, 4, 5)
"""The cover and two tables of a report."""
WORDS = re.compile(
    rb"/(Length|Kids|Count|Type|Filter|Contents|Font|Width|W|Index|Size|Root|MediaBox|Rotate|Matrix|Parent)\b"
)


def seeds() -> dict[str, bytes]:
    """Small files that read well: some pages of reports of the sample city, in every format that is read."""
    reports = ("agriculture", "hotline", "library", "patrol", "school")
    excerpts = {f"{name}.pdf": excerpt(REPORTS / f"{name}.pdf", PAGES) for name in reports}
    one, other = excerpts["hotline.pdf"], excerpts["library.pdf"]
    return (
        excerpts
        | offices()
        | pictures()
        | {
            "one.ofd": ofd(one),
            "other.ofd": ofd(other),
            "bundle.zip": zipped([("甲局/决算.pdf", one), ("决算.xlsx", offices()["one.xlsx"])]),
            "bundle.7z": hostile_formats.seven_zip({"甲局/决算.pdf": one}),
            "bundle.rar": COMPRESSED_RAR["RAR5"],
            "stored.rar": stored_rar([("决算.pdf", one)]),
            "report.pdf.gz": gzip.compress(one),
        }
    )


@cache
def offices() -> dict[str, bytes]:
    """The first tables of a report in the formats of offices."""
    report = report_of(SAMPLED)
    title = title_of(report)
    few = {"one": printed_sheets(report)[:2], "other": printed_sheets(report)[2:3]}
    made = {
        f"{name}.{kind}": rendered_blocks(
            iter([Line("cover", title), *sheets, Line("text", "（以下略）")]), kind, title
        )
        for name, sheets in few.items()
        for kind in ("xlsx", "docx", "html")
    }
    return made | {f"hotline.{kind}": (SAMPLES / f"hotline.{kind}").read_bytes() for kind in ("xls", "ods")}


def ofd(data: bytes) -> bytes:
    """A PDF as an OFD file."""
    with pdfium.opened(data) as document:
        return ofd_writer.ofd([pdfium.read_ink(document, number + 1) for number in range(len(document))])


def pictures() -> dict[str, bytes]:
    """A small table as a picture."""
    drawn = Image.new("L", (360, 160), 255)
    pen = ImageDraw.Draw(drawn)
    for row in range(3):
        for column in range(3):
            pen.rectangle((20 + 100 * column, 20 + 40 * row, 120 + 100 * column, 60 + 40 * row), outline=0, width=2)
            pen.text((40 + 100 * column, 30 + 40 * row), f"{row}.{column}4", fill=0, font_size=18)
    made = {}
    for kind in ("png", "jpeg", "tiff"):
        out = io.BytesIO()
        drawn.save(out, kind)
        made[f"table.{kind}"] = out.getvalue()
    return made


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
        data, rng, rb"(?<=[ \[\">])\d+(?=[ \]>/\"<])", [b"-1", b"2147483648", b"99999999999999999999", b"1e308"]
    )


def wrong_reference(data: bytearray, rng: random.Random) -> bytes:
    """Anything may come to contain itself."""
    return _one_replaced(data, rng, rb"\b\d+(?= 0 R)", [b"%d" % rng.randrange(60)], times=3)


def wrong_word(data: bytearray, rng: random.Random) -> bytes:
    return _one_replaced(data, rng, WORDS.pattern, [b"/Kids", b"/Length", b"/Type", b"/Contents", b"/XX"], times=3)


def wrong_tag(data: bytearray, rng: random.Random) -> bytes:
    """Elements are taken for others of the same file."""
    tags = re.findall(rb"(?<=[</])[\w:]+", data) or [b""]
    return _one_replaced(data, rng, rb"(?<=[</])[\w:]+", rng.sample(tags, min(5, len(tags))), times=3)


def inside(mutation: Mutation) -> Mutation:
    """The same damage in a part of a zipped document, whose checksums are right again."""

    @wraps(mutation)
    def within(data: bytearray, rng: random.Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
        hurt = rng.choice([index for index, (_, part) in enumerate(parts) if len(part) > 4])
        name, part = parts[hurt]
        parts[hurt] = name, bytes(mutation(bytearray(part), rng))
        return zipped(parts)

    return within


ANYWHERE: tuple[Mutation, ...] = (
    rotten_bytes, zeroed_range, missing_range, repeated_range, swapped_blocks, truncated,
)  # fmt: skip
IN_PDF: tuple[Mutation, ...] = (
    *ANYWHERE, cut_but_closed, wrong_offsets, wrong_startxref, huge_number, wrong_reference, wrong_word,
)  # fmt: skip
IN_MARKUP: tuple[Mutation, ...] = (*ANYWHERE, huge_number, wrong_tag)
IN_ZIP: tuple[Mutation, ...] = (*ANYWHERE, *map(inside, IN_MARKUP))


def mutations_of(name: str) -> tuple[Mutation, ...]:
    """The kinds of damage for a file of this name."""
    kinds = {"pdf": IN_PDF, "html": IN_MARKUP} | dict.fromkeys(("xlsx", "ods", "docx", "ofd", "zip"), IN_ZIP)
    return kinds.get(name.rpartition(".")[2], ANYWHERE)


def _range(data: bytearray, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(data))
    return start, min(len(data) - start, rng.choice([1, 16, 256, 4096, 65536]))


def _one_replaced(data: bytearray, rng: random.Random, pattern: bytes, values: list[bytes], times: int = 1) -> bytes:
    found = list(re.finditer(pattern, data))
    for match in sorted(rng.sample(found, min(times, len(found))), key=lambda match: -match.start()):
        data[match.start() : match.end()] = rng.choice(values)
    return bytes(data)


def mutants(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged files, each with a name that tells its seed and what was done to it; pictures are few."""
    rng = random.Random(seed)
    originals = seeds()
    names = [name for name in originals if name not in pictures()]
    turns = cycle([*names * 8, *pictures()])
    kinds = {name: cycle(mutations_of(name)) for name in originals}
    for number, name in enumerate(islice(turns, count)):
        mutation = next(kinds[name])
        yield f"{number:03d}-{mutation.__name__}-{name}", bytes(mutation(bytearray(originals[name]), rng))


# --- files built to hurt


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</XObject<</X 6 0 R/Y 7 0 R>>>>"
XOBJECTS = "/XObject<</X 6 0 R/Y 7 0 R>>"


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
    data = zipped([("report.pdf", b"%PDF-1.7")])
    for level in range(depth):
        data = zipped([(f"{level}.zip", data)])
    return data


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
    "stream bomb.pdf": lambda: raw_pdf.one_page(raw_pdf.zeros_deflated(2**30), entries="/Filter/FlateDecode"),
    "double stream bomb.pdf": lambda: raw_pdf.one_page(zlib.compress(raw_pdf.zeros_deflated(2**31)), entries="/Filter[/FlateDecode/FlateDecode]"),
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
    "sheet.pdf": lambda: offices()["one.xlsx"],
    "picture.pdf": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "program.pdf": lambda: b"MZ" + random.Random(1).randbytes(100_000),
    "old.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(2).randbytes(50_000),
    "old.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50_000),
    "empty.pdf": lambda: b"",
    "blanks.pdf": lambda: b" \n" * 1000,
    "only a head.pdf": lambda: b"%PDF-1.7\n",
    "only an end.pdf": lambda: b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    "zip bomb.zip": lambda: zipped([("report.pdf", bytes(2**26))]),
    "nested.zip": lambda: _nested_zip(200),
    "many.zip": lambda: zipped([(f"{n}.pdf", b"%PDF-1.7") for n in range(20_000)], zipfile.ZIP_STORED),
    "climbing.zip": lambda: zipped([("../../../../tmp/report.pdf", b"%PDF-1.7"), ("/etc/report.pdf", b"x")]),
    "entities.xml": f"{hostile_formats.ENTITIES}<决算>&a11;</决算>".encode,
    "text.txt": lambda: "决算".encode() * 1_000_000,
} | hostile_formats.ATTACKS  # fmt: skip
