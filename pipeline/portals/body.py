"""The bytes of an answer, unpacked, and cut off at limits of size and time whatever a server packs into them.

httpx unpacks a piece of an answer as a whole, and what was packed several times as often: some kilobytes become what no
memory holds. Here one packing is undone, the one that is asked for (`PACKINGS`), never further than the limit.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import httpx

from pipeline.portals.evidence import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

PACKINGS = "gzip, deflate"
"""What is asked for in Accept-Encoding."""

_PACKED = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_LITTLE = 64_000
"""Bytes of an answer without use that are read so that its connection can be used again."""


def read(response: httpx.Response, most: int, over: Callable[[], bool]) -> tuple[Fault, bytes]:
    """What is wrong with an answer's bytes, and as much of them as came; `over` tells that the time is.

    More than `most` is cut off, sent or unpacked. Raises httpx.TimeoutException if nothing comes.
    """
    coding = response.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", *_PACKED):
        return Fault.DAMAGED, b""
    packed = zlib.decompressobj(_GZIP_OR_ZLIB) if coding in _PACKED else None
    data, received = bytearray(), 0
    try:
        for chunk in response.iter_raw():
            received += len(chunk)
            data += packed.decompress(chunk, most + 1 - len(data)) if packed else chunk
            if max(received, len(data)) > most:
                return Fault.TOO_LARGE, bytes(data)
            if over():
                return Fault.TIMEOUT, bytes(data)
    except (httpx.RemoteProtocolError, httpx.ReadError, zlib.error):
        return Fault.TRUNCATED, bytes(data)
    return Fault.TRUNCATED if packed and received and not packed.eof else Fault.NONE, bytes(data)


def discard(response: httpx.Response) -> None:
    """Read an answer of which only the head is of use, if it is short: else its connection is lost with it."""
    announced = response.headers.get("content-length", "0" if response.status_code == httpx.codes.NOT_MODIFIED else "")
    if announced.isdecimal() and len(announced) < len(str(_LITTLE)) + 1 and int(announced) <= _LITTLE:
        try:
            for _ in response.iter_raw():
                pass
        except httpx.TransportError:
            return  # it is closed, as it would have been
