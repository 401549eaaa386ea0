"""7z archives, through py7zr."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from typing import TYPE_CHECKING

import py7zr
from py7zr.exceptions import AbsolutePathError, ArchiveError, PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from pipeline.issues import IssueKind

if TYPE_CHECKING:
    from pipeline.bundle.intake import Intake

_DAMAGE = (ArchiveError, AbsolutePathError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, struct.error)
_BROKEN_HEADER = (*_DAMAGE, AttributeError, IndexError, KeyError, TypeError, AssertionError, MemoryError)
"""py7zr walks a broken header as if it were sound and stumbles over what is missing in it."""


class _Stopped(Exception):  # noqa: N818 - no error: the way out of py7zr's loop over members
    """Nothing more is wanted."""


def unpack_7z(data: bytes, intake: Intake) -> None:
    """Send the members of a 7z archive; they are often packed as one stream, so damage ends it all."""
    try:
        with py7zr.SevenZipFile(io.BytesIO(data)) as archive:
            archive.extractall(factory=_Members(intake, len(data), archive))
    except _Stopped:
        return
    except PasswordRequired:
        intake.refuse_rest("需要密码才能打开，请向公开单位索取未加密的文件。", IssueKind.ENCRYPTED)
    except UnsupportedCompressionMethodError:
        intake.refuse_rest("的压缩方式不支持，没有取出；请解压后放入。", IssueKind.UNSUPPORTED_FORMAT)
    except _BROKEN_HEADER:
        intake.refuse_rest("已损坏或不完整，其中的文件没有全部取出；请重新下载。", IssueKind.DAMAGED_FILE)


class _Members(WriterFactory):
    def __init__(self, intake: Intake, packed: int, archive: py7zr.SevenZipFile) -> None:
        self.intake, self.packed = intake, packed
        self.links = {item.filename for item in archive.files if item.is_symlink or item.is_junction}
        self.checksums = {item.filename: item.crc32 for item in archive.files}

    def create(self, filename: str) -> Py7zIO:
        return _Member(self, filename)


class _Member(Py7zIO):
    """One member on its way; what is not wanted is still decompressed, since others lie behind it."""

    def __init__(self, members: _Members, filename: str) -> None:
        self.intake, self._size, self._checksum = members.intake, 0, 0
        self._expected = members.checksums.get(filename)
        self.wanted = self.intake.opens(filename, members.packed)
        if self.wanted and filename in members.links:
            self.intake.refuse_link()
            self.wanted = False

    def write(self, s: bytes | bytearray) -> int:
        self._size += len(s)
        self._checksum = zlib.crc32(s, self._checksum)
        self.wanted = self.intake.write(bytes(s)) and self.wanted
        if self.intake.stopped:
            raise _Stopped
        return len(s)

    def close(self) -> None:
        if self.wanted and self._expected not in (None, self._checksum):
            self.intake.refuse_damaged()  # py7zr itself looks only after this
        elif self.wanted:
            self.intake.close()
        self.wanted = False

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - py7zr's interface
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - py7zr's interface
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self._size
