"""Names inside archives: decoded, cleaned, and told from what systems leave beside files."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_LITTER = ("~$", "thumbs.db", "desktop.ini", "__macosx")
"""What Office and desktops leave beside files; names that begin with a dot are hidden."""
_DRIVE = re.compile(r"^[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def is_litter(name: str) -> bool:
    """True for a file's or folder's name that nobody means to publish."""
    return name.startswith(".") or name.lower().startswith(_LITTER)


def decoded(name: bytes) -> str:
    """A name without a declared encoding: UTF-8 if it is that, else what Chinese Windows writes.

    Bytes of GB 18030 are hardly ever valid UTF-8, so the order decides.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("gb18030", errors="replace")


def cleaned(path: str) -> str:
    """A member's path that stays within its archive: no drive, no root, no `..`; "" if nothing is left."""
    path = _CONTROL.sub("", _DRIVE.sub("", path.replace("\\", "/")))
    return "/".join(part for part in path.split("/") if part.strip(" .") or part.startswith("~$"))


def is_litter_path(path: str) -> bool:
    """True if any part of a cleaned path is litter."""
    return any(is_litter(part) for part in path.split("/"))


def numbered(path: str, number: int) -> str:
    """The path of the `number`-th member of one name."""
    name = PurePosixPath(path)
    return str(name.with_name(f"{name.stem}({number}){name.suffix}"))
