"""Which characters the bytes of a web page stand for."""

from __future__ import annotations

import re

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


def decode(data: bytes, content_type: str = "") -> str:
    """The characters of a page, whatever it says of itself.

    Chinese text in GBK is hardly ever valid UTF-8, so what decodes as UTF-8 is UTF-8. Otherwise the declared
    charset counts if it decodes without error, and GB18030 (which contains GBK and GB2312) is the rest; a page
    that is UTF-8 but for a few broken bytes stays UTF-8.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        as_utf8 = data.decode("utf-8-sig", "replace")
    if as_utf8.count("\ufffd") * 50 < sum(character > "\x7f" for character in as_utf8):
        return as_utf8
    declared = _CHARSET.search(content_type.encode()) or _CHARSET.search(data[:4096])
    if declared:
        try:
            return data.decode(declared[1].decode())
        except (LookupError, UnicodeError):
            pass  # the declaration is wrong, as it often is
    return data.decode("gb18030", "replace")
