"""Making a backup: what the home holds goes into a folder of backups, and only what is new is copied.

It may be made while a night runs. What refers to something is copied before that to which it refers, so that this is
there too; the lake lets nothing go meanwhile; databases of Dagster are copied by SQLite itself. A backup that is killed
leaves contents that the next one finds, and no manifest.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from assets.backup_folder import (
    OUTSIDE,
    BackupError,
    Entry,
    Manifest,
    backups,
    copy_hashed,
    digest_of,
    held,
    object_path,
    read_manifest,
    stands,
)
from assets.clock import now
from assets.settings import NO_REGISTER, NO_WAIVERS
from pipeline.lake import Lake
from pipeline.staging import commit, staged, sweep
from pipeline.version import READER_VERSION
from warehouse.publish import NotPublishedError, published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assets.settings import Settings

_SQLITE = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm", "-journal", ".wal")
"""Endings of what a database keeps beside its file: of no use with a copy of it."""

_TABLES = ("finding_events", "crawls", "fetches", "publications")


@dataclass(slots=True)
class Copied:
    """What a backup did. `new_*` are files and bytes that were not there yet; `removed` contents of old backups.

    `damaged` are files of the lake that do not hold what their names say.
    """

    name: str = ""
    files: int = 0
    bytes: int = 0
    new_files: int = 0
    new_bytes: int = 0
    removed: int = 0
    damaged: list[str] = field(default_factory=list)


def back_up(settings: Settings, folder: Path, keep: int) -> Copied:
    """Add a backup of the home to `folder`, and leave the last `keep` there; raises BackupError, OSError.

    The warehouse files of earlier nights, a candidate and the cache are left out: they can be made again.
    """
    home, folder = settings.home.resolve(), folder.resolve()
    if home == folder or home in folder.parents or folder in home.parents:
        raise BackupError(f"备份文件夹 {folder} 与数据目录 {home} 不能互相包含。")
    if not home.is_dir():
        raise BackupError(f"数据目录 {home} 不存在，没有可备份的内容。")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(folder, fcntl.LOCK_EX):
        sweep(folder)
        copied = Copied(f"{now():%Y%m%d-%H%M%S-%f}")
        known = {entry.path: entry for entry in _last_files(folder)}
        files = [entry for source in _sources(settings) if (entry := _kept(folder, copied, known, *source))]
        with staged(folder) as directory:
            part = directory / "manifest.json"
            part.write_text(json.dumps(asdict(_manifest(settings, files)), ensure_ascii=False), encoding="utf-8")
            commit(part, folder / "backups" / f"{copied.name}.json")
        copied.removed = _prune(folder, keep)
    return copied


def _manifest(settings: Settings, files: list[Entry]) -> Manifest:
    return Manifest(
        made_at=now().isoformat(timespec="seconds"),
        reader_version=READER_VERSION,
        published=next((Path(one.path).name for one in files if one.path.startswith("warehouse/")), ""),
        settings={one.name: str(getattr(settings, one.name)) for one in fields(settings) if one.repr},
        secrets=[one.name for one in fields(settings) if not one.repr and getattr(settings, one.name)],
        folders={path.name: path.stat().st_mode & 0o777 for path in sorted(settings.home.iterdir()) if path.is_dir()},
        files=files,
    )


def _sources(settings: Settings) -> Iterator[tuple[str, Path]]:
    """All files of a backup, by their paths below the home, each before what it refers to."""
    home, lake = settings.home, Lake(settings.lake)
    with lake.held("readings", "blobs"):
        yield from _tree(home, home, without={"lake", "warehouse", settings.cache.name})
        for name, path, none in (
            ("waivers", settings.waivers, NO_WAIVERS),
            ("register", settings.register, NO_REGISTER),
        ):
            if path != none and home not in path.parents:
                yield f"{OUTSIDE}/{name}.csv", path
        with suppress(NotPublishedError):
            current = published(settings.warehouse)
            yield f"warehouse/{current.name}", current
        with lake.held(*_TABLES):
            for table in _TABLES:
                yield from _tree(home, lake.root / table)
        yield from _tree(home, lake.root, without={*_TABLES, "blobs", "claims"})
        yield from _tree(home, lake.root / "blobs")


def _tree(home: Path, root: Path, without: Iterable[str] = ()) -> Iterator[tuple[str, Path]]:
    """The files below `root`, in order, but for what is unfinished and the subfolders `without` of `root`."""
    for directory, folders, names in os.walk(root, followlinks=True):
        at = Path(directory)
        left_out = {".staging", *(without if at == root else ())}
        folders[:] = sorted(set(folders) - left_out)
        for name in sorted(names):
            if not name.endswith(_BESIDE):
                yield (at / name).relative_to(home).as_posix(), at / name


def _kept(folder: Path, copied: Copied, known: dict[str, Entry], path: str, source: Path) -> Entry | None:
    """The entry of a file whose content is in the backup now; None if it has gone meanwhile."""
    try:
        stat = source.stat()
        entry = known.get(path)
        same = entry is not None and (entry.size, entry.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
        if same and entry and not Path(f"{source}-wal").exists() and stands(folder, entry):
            return _counted(copied, entry)
        with staged(folder) as directory:
            part = directory / "part"
            digest = _copy(source, part)
            entry = Entry(path, digest, part.stat().st_size, stat.st_mtime_ns, stat.st_mode & 0o777)
            if not stands(folder, entry):
                commit(part, object_path(folder, digest))
                copied.new_files += 1
                copied.new_bytes += entry.size
    except FileNotFoundError:
        if path.startswith(("lake/", "warehouse/")):  # nothing may go from there while it is copied
            raise
        return None
    if path.startswith("lake/blobs/") and source.name != entry.sha256:
        copied.damaged.append(path)
    return _counted(copied, entry)


def _counted(copied: Copied, entry: Entry) -> Entry:
    copied.files += 1
    copied.bytes += entry.size
    return entry


def _copy(source: Path, target: Path) -> str:
    """Copy a file, a database as it is at one moment; the sha256 of what was written."""
    with source.open("rb") as opened:
        head = opened.read(len(_SQLITE))
        if head != _SQLITE:
            opened.seek(0)
            return copy_hashed(opened, target)
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as there,
        closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)
    return digest_of(target)


def _last_files(folder: Path) -> list[Entry]:
    """The files of the last backup that can be read."""
    for name in reversed(backups(folder)):
        try:
            return read_manifest(folder, name).files
        except BackupError:
            continue
    return []


def _prune(folder: Path, keep: int) -> int:
    """Leave the last `keep` backups; how many contents were removed that none of them needs.

    If one of them cannot be read, nobody knows what it needs, and nothing is removed.
    """
    names = backups(folder)
    try:
        needed = {entry.sha256 for name in names[-keep:] for entry in read_manifest(folder, name).files}
    except BackupError:
        return 0
    for name in names[:-keep]:
        (folder / "backups" / f"{name}.json").unlink()
    idle = [path for path in (folder / "objects").glob("*/*") if path.name not in needed]
    for path in idle:
        path.unlink()
    return len(idle)
