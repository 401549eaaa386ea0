"""Whether downloaded bytes are a file at all. What is in it, the readers find out."""

from __future__ import annotations

import re

from pipeline.portals.evidence import Fault

_MAGIC = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"{\\rtf",
)
_HTML = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|meta|title)\b", re.IGNORECASE)
_OFFICE_HTML = b"schemas-microsoft-com:office"
"""Word and Excel save HTML under .doc and .xls, and name their own namespace in it."""
_HEAD, _TAIL = 4096, 65536


def is_file(data: bytes) -> bool:
    """True for the formats in which reports are published, whatever their address is called."""
    return b"%PDF-" in data[:1024] or data.startswith(_MAGIC)


def fault_of(data: bytes) -> Fault:
    """What is wrong with bytes that should be a report's file.

    A PDF carries its end mark in its last bytes, so one without was cut off.
    """
    if not data.strip():
        return Fault.EMPTY
    if is_file(data):
        cut = b"%PDF-" in data[:1024] and b"%%EOF" not in data[-_TAIL:]
        return Fault.DAMAGED if cut else Fault.NONE
    head = data[:_HEAD]
    if _OFFICE_HTML in head:
        return Fault.NONE
    return Fault.NOT_A_FILE if _HTML.search(head) else Fault.DAMAGED
