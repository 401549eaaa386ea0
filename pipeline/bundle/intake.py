"""What an archive gives, taken in under limits: nothing that an archive declares of itself is believed.

A format's module sends its members one after another: `Intake.opens` for the name, `write` for each chunk as it is
decompressed, `close` at the end. Whatever is refused becomes an Issue with the reason, and the next member goes on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.bundle.names import cleaned, is_litter_path, numbered
from pipeline.issues import Issue, IssueKind

if TYPE_CHECKING:
    from collections.abc import Callable

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one published archive with all archives inside it.

    A member may have `free_bytes`, or `ratio` times what it takes packed, whichever is more: reports pack to a tenth
    at most, zeros to a thousandth. `depth` 1 is the published archive itself.
    """

    members: int = 5_000
    member_bytes: int = 200 * _MEGABYTE
    total_bytes: int = 2_000 * _MEGABYTE
    free_bytes: int = 10 * _MEGABYTE
    ratio: int = 100
    depth: int = 4


LIMITS = Limits()


@dataclass(slots=True)
class Account:
    """What one published archive has cost so far, and what came of it."""

    name: str
    keep: Callable[[str, bytes], None]
    limits: Limits
    issues: list[Issue] = field(default_factory=list)
    kept: int = 0
    seen: int = 0
    spent: int = 0

    def refuse(self, path: str, why: str, kind: IssueKind = IssueKind.MEMBER_REFUSED) -> None:
        """Say why a member, or ("") all the rest of the archive, was not taken."""
        what = f"压缩包“{self.name}”" + (f"中的“{path}”" if path else "")
        self.issues.append(Issue(kind, f"{what}{why}", cell=path))


class Intake:
    """Receives the members of one archive; archives inside it have intakes of their own on the same account."""

    def __init__(self, account: Account, descend: Callable[[bytes, str], bool], folder: str = "") -> None:
        self.account, self.descend, self.folder = account, descend, folder
        self.stopped = False
        """True when nothing more will be taken: the format's module may end its work."""
        self._names: Counter[str] = Counter()
        self._path = ""
        self._chunks: list[bytes] = []
        self._size = self._allowed = 0

    def opens(self, path: str, packed: int) -> bool:
        """Whether the content of this member is wanted. `packed` is what it takes in the archive, in bytes."""
        path = cleaned(path)
        if not path or is_litter_path(path) or self.stopped:
            return False
        limits = self.account.limits
        if self.account.seen >= limits.members:
            self.refuse_rest(f"里的文件超过{limits.members}个，其余未取出；请解压后分批放入。")
            return False
        self.account.seen += 1
        self._names[path] += 1
        self._path = self.folder + (numbered(path, self._names[path]) if self._names[path] > 1 else path)
        self._chunks, self._size = [], 0
        self._allowed = min(limits.member_bytes, max(limits.free_bytes, limits.ratio * packed))
        return True

    def write(self, chunk: bytes) -> bool:
        """Take a chunk of the open member; False if no more of it is wanted.

        Chunks of a refused one, which some formats cannot skip, may still be sent: they count as work done.
        """
        self.account.spent += len(chunk)
        self._size += len(chunk)
        if not self.stopped and self.account.spent > self.account.limits.total_bytes:
            total = self.account.limits.total_bytes // _MEGABYTE
            self.refuse_rest(f"解压后超过{total}MB，其余未取出；请核对文件，确需读取的请解压后分批放入。")
            return False
        if self._path and self._size > self._allowed:
            size = self._allowed // _MEGABYTE
            self.refuse(f"解压后超过{size}MB（疑为压缩炸弹），没有取出；请核对文件，确需读取的请单独放入。")
        if self._path:
            self._chunks.append(chunk)
        return bool(self._path)

    def close(self) -> None:
        """The open member is complete."""
        if not self._path:
            return
        path, data = self._path, b"".join(self._chunks)
        self._path, self._chunks = "", []
        if not self.descend(data, path):
            self.account.kept += 1
            self.account.keep(path, data)

    def refuse(self, why: str, kind: IssueKind = IssueKind.MEMBER_REFUSED) -> None:
        """Drop the open member, saying why."""
        if self._path:
            self.account.refuse(self._path, why, kind)
        self._path, self._chunks = "", []

    def refuse_damaged(self) -> None:
        """Drop the open member, whose bytes cannot be decompressed."""
        self.refuse("已损坏，没有取出；请重新下载压缩包。", IssueKind.DAMAGED_FILE)

    def refuse_encrypted(self) -> None:
        """Drop the open member, for which a password is needed."""
        self.refuse("需要密码才能打开，请向公开单位索取未加密的文件。", IssueKind.ENCRYPTED)

    def refuse_link(self) -> None:
        """Drop the open member, which only names another file."""
        self.refuse("只是指向别处的链接，没有内容；请取得原文件。")

    def refuse_rest(self, why: str, kind: IssueKind = IssueKind.MEMBER_REFUSED) -> None:
        """Take nothing more from this archive, saying why."""
        self._path, self._chunks = "", []
        self.stopped = True
        self.account.refuse(self.folder.removesuffix("!/"), why, kind)
