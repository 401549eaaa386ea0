"""What response headers say, as values."""

from __future__ import annotations

from email.message import Message
from urllib.parse import unquote

MOST = 10**15


def whole_number(text: str) -> int | None:
    """A header's number, None if it is absent or none; at most `MOST`, beyond which nothing can be sent."""
    return min(int(text[: len(str(MOST))]), MOST) if text.isdecimal() else None


def repeatable(text: str) -> str:
    """What a server gives us to show again (an ETag, a date, cookies), "" if no request can hold it."""
    return text if text.isascii() and text.isprintable() else ""


def file_name(disposition: str) -> str:
    """The name in a Content-Disposition header, "" if there is none.

    Portals send it as RFC 6266 has it (`filename*=UTF-8''…`), percent-encoded, or as bare bytes in UTF-8 or GBK.
    """
    message = Message()
    message["Content-Disposition"] = disposition
    name = message.get_filename("").replace("\\", "/").rpartition("/")[2].strip()
    return unquote(_decoded(name))


def _decoded(name: str) -> str:
    """The name, of which the HTTP library took every byte for a character."""
    try:
        raw = name.encode("latin-1")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
