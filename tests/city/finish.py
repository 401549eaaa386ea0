"""Takes out of a PDF what changes from run to run: dates and document ids."""

from __future__ import annotations

import re

_MOMENT = rb"20250815090000"


def without_moment(content: bytes) -> bytes:
    """The PDF with fixed dates and document ids of the same length, so that a second run gives the same bytes."""
    content = re.sub(rb"D:\d{14}", b"D:" + _MOMENT, content)
    zeros = re.compile(rb"(/ID\s*\[\s*<)[0-9A-Fa-f]{32}(>\s*<)[0-9A-Fa-f]{32}(>\s*\])")
    content = zeros.sub(rb"\g<1>" + b"0" * 32 + rb"\g<2>" + b"0" * 32 + rb"\g<3>", content)
    return re.sub(rb"(/DocChecksum\s*/)[0-9A-Fa-f]{32}", rb"\g<1>" + b"0" * 32, content)
