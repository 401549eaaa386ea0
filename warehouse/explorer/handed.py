"""Files that are handed out: under a name that every browser takes, a piece at a time, not for ever."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from http import HTTPStatus
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

PIECE = 256 * 1024
PATIENCE = 30.0
"""Seconds in which a visitor must have taken a piece."""

_FORBIDDEN = re.compile(r'[\\/:*?"<>|%;\s]+')
_LONGEST = 60  # characters; file systems take 255 bytes, and a Chinese character has three


class Handed(Response):
    """A file as an attachment: written to the disk, where it waits until a slow visitor has taken it."""

    def __init__(self, write: Callable[[IO[bytes]], None], media_type: str, name: str) -> None:
        super().__init__(media_type=media_type)
        self._file = TemporaryFile()  # noqa: SIM115 - closed when it has been sent
        write(self._file)
        self.headers["Content-Length"] = str(self._file.seek(0, SEEK_END))
        self.headers["Content-Disposition"] = disposition(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - of the protocol
        """Send it; raises TimeoutError, which ends the connection, if the visitor takes nothing for too long."""
        with self._file as file:
            await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": self.raw_headers})
            file.seek(0)
            while scope["method"] != "HEAD" and (piece := file.read(PIECE)):
                async with asyncio.timeout(PATIENCE):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


def disposition(name: str) -> str:
    """The header that names an attachment (RFC 6266): the name itself, and one in ASCII for old programs."""
    stem, point, kind = safe(name).rpartition(".")
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", stem).strip("_.") or "juesuan"
    whole = quote(f"{stem}{point}{kind}", safe="")
    return f"attachment; filename=\"{plain}{point}{kind}\"; filename*=UTF-8''{whole}"


def safe(name: str) -> str:
    """A file name that any file system takes and that hides nothing; it keeps its ending."""
    stem, point, kind = name.rpartition(".")
    visible = "".join(" " if unicodedata.category(c).startswith("C") else c for c in unicodedata.normalize("NFC", stem))
    stem = _FORBIDDEN.sub("_", visible)[:_LONGEST].strip("_.") or "juesuan"
    return f"{stem}{point}{kind}"
