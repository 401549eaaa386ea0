"""The folder of backups: contents by their hashes, manifests that name them; reading and proving it.

    objects/ab/<sha256>     the content of files, each once
    backups/<moment>.json   a manifest: which file of the home held which content; the settings, without secrets

A name that can be seen is complete.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTSIDE = "outside"
"""Where the bureau's own files that lie elsewhere stand in a backup."""

_CHUNK = 2**20


class BackupError(ValueError):
    """A backup that cannot be made, read or trusted; its text is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the home: its path below it, and what it held."""

    path: str
    sha256: str
    size: int
    mtime_ns: int
    mode: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: the name of the `published` warehouse file, what was set (`secrets` by name only), the files.

    `folders` are the permissions of the folders at the top of the home.
    """

    made_at: str
    reader_version: str
    published: str
    settings: dict[str, str]
    secrets: list[str]
    folders: dict[str, int]
    files: list[Entry]


def backups(folder: Path) -> list[str]:
    """The names of the backups in a folder, oldest first."""
    return sorted(path.stem for path in (folder / "backups").glob("*.json"))


def read_manifest(folder: Path, name: str) -> Manifest:
    """A backup by its name; raises BackupError if it cannot be read."""
    try:
        values: dict[str, Any] = json.loads((folder / "backups" / f"{name}.json").read_bytes())
        return Manifest(**{**values, "files": [Entry(**entry) for entry in values["files"]]})
    except FileNotFoundError:
        raise BackupError(f"{folder} 中没有名为 {name} 的备份。") from None
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(f"备份 {name} 的清单已损坏，无法读取：{error}") from error


def object_path(folder: Path, sha256: str) -> Path:
    """Where a folder keeps a content."""
    return folder / "objects" / sha256[:2] / sha256


def stands(folder: Path, entry: Entry) -> bool:
    """Whether the folder has what a file held, by name and size."""
    path = object_path(folder, entry.sha256)
    return path.is_file() and path.stat().st_size == entry.size


def verify(folder: Path) -> list[str]:
    """Read all that the backups of a folder refer to; sentences on what is missing or damaged. Raises BackupError."""
    names = backups(folder)
    if not names:
        raise BackupError(f"{folder} 中没有备份。")
    problems: list[str] = []
    needed: dict[str, tuple[str, str]] = {}
    with held(folder, fcntl.LOCK_SH):
        for name in names:
            try:
                needed |= {entry.sha256: (entry.path, name) for entry in read_manifest(folder, name).files}
            except BackupError as error:
                problems.append(str(error))
        for digest, (path, name) in needed.items():
            target = object_path(folder, digest)
            if not target.is_file():
                problems.append(f"备份 {name} 中的 {path} 缺失（{target.relative_to(folder)}）。")
            elif digest_of(target) != digest:
                problems.append(f"备份 {name} 中的 {path} 已损坏（{target.relative_to(folder)}）。")
    return problems


def copy_hashed(source: BinaryIO, target: Path) -> str:
    """Write the rest of a file to another; its sha256."""
    digest = sha256()
    with target.open("wb") as written:
        while data := source.read(_CHUNK):
            digest.update(data)
            written.write(data)
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


@contextmanager
def held(folder: Path, kind: int) -> Iterator[None]:
    """The folder for oneself (LOCK_EX), or for reading; raises BackupError while somebody else writes there."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"另一个备份正在使用 {folder}，请稍后再试。") from None
        yield
    finally:
        os.close(handle)
