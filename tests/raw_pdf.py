"""PDFs written by hand, object by object: what no printing library would make."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data: bytes, entries: str = "") -> bytes:
    return f"<<{entries}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def written(objects: Sequence[bytes]) -> bytes:
    """A file of these objects, numbered from 1; the first one is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, xref)
    return bytes(out)


def one_page(content: bytes, *more: bytes, media: str = "0 0 595 842", resources: str = "", entries: str = "") -> bytes:
    """A file of one page with this content; objects from 6 on are `more`."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{media}]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>>>"
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            page.encode(),
            stream(content, entries),
            FONT,
            *more,
        ]
    )


def many_pages(count: int, kids: Iterable[str] | None = None) -> bytes:
    """A file that names one empty page again and again."""
    names = " ".join(kids or ["3 0 R"] * count)
    return written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{names}]/Count {count}>>".encode(),
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        ]
    )


def zeros_deflated(size: int) -> bytes:
    """`size` zeros (a multiple of a megabyte), deflated without computing each of them."""
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + block * (size // 2**20 - 1) + packer.flush()
