"""Zip archives opened within limits: what unpacks to far more than it weighs is refused before a byte is unpacked.

The sizes that the directory declares are the ones that count: `zipfile` never gives more of a member than it declares,
and refuses members that share bytes. For office documents and for bundles alike; what is in the archive matters not.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from pipeline.issues import Issue, IssueKind

_ENCRYPTED = 0x1  # general purpose flag


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold.

    `members` counts its entries, `total` is the sum of their sizes in bytes. An archive above `free` bytes may be no
    more than `ratio` times its packed size: XML packs by 10 to 50, zeros by 1000.
    """

    members: int = 5_000
    total: int = 200_000_000
    ratio: int = 150
    free: int = 20_000_000


OFFICE = Limits()
"""For one office document."""

FAILURES = (
    zipfile.BadZipFile,
    RuntimeError,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    struct.error,
)
"""What `zipfile` raises over an archive that is damaged or of a kind that it does not know."""


class ZipRefusedError(Exception):
    """The archive cannot or must not be unpacked: `kind` of the issue, and why, a Chinese clause on the file."""

    def __init__(self, kind: IssueKind, why: str) -> None:
        super().__init__(why)
        self.kind, self.why = kind, why

    def issue(self, source_name: str) -> Issue:
        """The same for the bureau."""
        return Issue(self.kind, f"文件“{source_name}”{self.why}")


class BoundedZip:
    """An archive whose directory has been found within limits.

    `encoding` is that of names not marked as UTF-8 (bundles packed in China: gbk).
    """

    def __init__(self, data: bytes, limits: Limits = OFFICE, encoding: str | None = None) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data), metadata_encoding=encoding)
        except FAILURES as error:
            raise _damaged() from error
        self.members = {member.filename: member for member in self._archive.infolist()}
        if any(member.flag_bits & _ENCRYPTED for member in self.members.values()):
            raise ZipRefusedError(IssueKind.ENCRYPTED, "需要密码才能打开，请向公开单位索取未加密的文件。")
        total = sum(member.file_size for member in self._archive.infolist())
        count = len(self._archive.infolist())
        if count > limits.members or total > limits.total or (total > limits.free and total > limits.ratio * len(data)):
            size = f"{count}个文件，共{total / 1e6:.0f}MB"
            why = f"解压后过大（{size}），疑为恶意文件，没有读取；如确为决算报告，请另存后重新收录。"
            raise ZipRefusedError(IssueKind.DAMAGED_FILE, why)

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str) -> bytes:
        """One member unpacked. Raises ZipRefusedError if it is damaged or missing."""
        try:
            return self._archive.read(self.members[name])
        except (*FAILURES, KeyError) as error:
            raise _damaged() from error

    def open(self, name: str) -> IO[bytes]:
        """One member as a stream, whose reading raises one of FAILURES where it is damaged."""
        try:
            return self._archive.open(self.members[name])
        except (*FAILURES, KeyError) as error:
            raise _damaged() from error


def _damaged() -> ZipRefusedError:
    return ZipRefusedError(IssueKind.DAMAGED_FILE, "已损坏或不完整，无法打开，请重新下载。")
