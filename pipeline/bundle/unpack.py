"""One archive unpacked, with the archives in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.bundle.intake import LIMITS, Account, Intake, Limits
from pipeline.bundle.rars import unpack_rar
from pipeline.bundle.sevenzips import unpack_7z
from pipeline.bundle.zips import unpack_gzip, unpack_zip
from pipeline.issues import Issue, IssueKind
from pipeline.read import sniff

if TYPE_CHECKING:
    from collections.abc import Callable

    Unpacker = Callable[[bytes, Intake], None]

SEPARATOR = "!/"
"""Parts the address of an archive from the path in it: `b.zip!/inner.rar!/folder/report.pdf`."""

UNPACKERS: dict[str, Unpacker] = {
    sniff.ZIP: unpack_zip,
    sniff.BROKEN_ZIP: unpack_zip,
    sniff.RAR: unpack_rar,
    sniff.SEVEN_ZIP: unpack_7z,
    sniff.GZIP: unpack_gzip,
}


def is_bundle(data: bytes) -> bool:
    """True for an archive; office documents and OFD files, which are ZIP archives too, are none."""
    return sniff.kind_of(data) in UNPACKERS


def unpack(
    data: bytes, name: str, keep: Callable[[str, bytes], None], limits: Limits = LIMITS
) -> tuple[int, tuple[Issue, ...]]:
    """Give every file in an archive, and in archives inside it, to `keep` as (path, bytes).

    Paths part folders by `/` and inner archives by `SEPARATOR`; they never lead out of the archive. `name` only
    appears in sentences. Returns how many files were kept, and what was refused.
    """
    account = Account(name, keep, limits)
    _descend(account, 1, data, "")
    if not account.seen and not account.issues:
        account.refuse("", "里没有文件；请核对下载地址。", IssueKind.EMPTY_FILE)
    return account.kept, tuple(account.issues)


def _descend(account: Account, depth: int, data: bytes, path: str) -> bool:
    """Unpack `data` if it is an archive, on the account of the published one; False if it is none."""
    unpacker = UNPACKERS.get(sniff.kind_of(data))
    if unpacker is None:
        return False
    if depth > account.limits.depth:
        account.refuse(path, f"是第{depth}层压缩包，嵌套过深，没有取出；请解压后放入。")
        return True
    folder = f"{path}{SEPARATOR}" if path else ""
    unpacker(data, Intake(account, partial(_descend, account, depth + 1), folder))
    return True
