"""ZIP archives and gzip files, through the standard library."""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from pipeline.bundle.names import decoded
from pipeline.issues import IssueKind

if TYPE_CHECKING:
    from typing import IO

    from pipeline.bundle.intake import Intake

CHUNK = 1 << 18
_UTF8, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH = 0x7075
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error)
"""What the standard library raises on broken archives."""


def unpack_zip(data: bytes, intake: Intake) -> None:
    """Send the members of a ZIP archive."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*DAMAGE, NotImplementedError):
        intake.refuse_rest("已损坏或不完整，无法打开；请重新下载。", IssueKind.DAMAGED_FILE)
        return
    with archive:
        for info in archive.infolist():
            if intake.stopped:
                return
            if not info.is_dir() and intake.opens(name_of(info), info.compress_size):
                _send_member(archive, info, intake)


def _send_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, intake: Intake) -> None:
    if info.flag_bits & _ENCRYPTED:
        intake.refuse_encrypted()
    elif stat.S_ISLNK(info.external_attr >> 16):
        intake.refuse_link()
    else:
        try:
            with archive.open(info) as stream:
                _send(stream, intake)
        except NotImplementedError:
            intake.refuse("的压缩方式不支持，没有取出；请解压后放入。", IssueKind.UNSUPPORTED_FORMAT)
        except DAMAGE:
            intake.refuse_damaged()


def unpack_gzip(data: bytes, intake: Intake) -> None:
    """Send the one file that a gzip file holds, under the name that its header keeps."""
    if intake.opens(_gzip_name(data) or "gzip", len(data)):
        try:
            with gzip.open(io.BytesIO(data)) as stream:
                _send(stream, intake)
        except DAMAGE:
            intake.refuse_damaged()


def _send(stream: IO[bytes] | gzip.GzipFile, intake: Intake) -> None:
    while chunk := stream.read(CHUNK):
        if not intake.write(chunk):
            return
    intake.close()


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name: by its Unicode extra field, by the UTF-8 flag, or by guessing its encoding."""
    name = info.orig_filename
    if info.flag_bits & _UTF8:
        return name
    raw = name.encode("cp437")  # as zipfile decodes what is not flagged
    return _unicode_path(info.extra, raw) or decoded(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in Info-ZIP's extra field 0x7075, which counts only as long as the plain name is the one it was for."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(value) > 5 and value[1:5] == struct.pack("<I", zlib.crc32(raw)):
            return value[5:].decode("utf-8", errors="replace")
    return ""


def _gzip_name(data: bytes) -> str:
    flags = data[3] if len(data) > 10 else 0
    start = 10
    if flags & 0x04 and len(data) > 12:
        start += 2 + int.from_bytes(data[10:12], "little")
    return decoded(data[start : data.find(b"\x00", start)]) if flags & 0x08 else ""
