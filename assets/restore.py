"""Restoring: a backup becomes a home again, complete or not at all, and never over another one."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

from assets.backup_folder import BackupError, backups, copy_hashed, held, object_path, read_manifest
from pipeline.staging import staged, sweep
from warehouse.publish import switch

if TYPE_CHECKING:
    from pathlib import Path

    from assets.backup_folder import Entry, Manifest


def restore(folder: Path, home: Path, name: str = "") -> tuple[str, Manifest]:
    """Lay out a backup (the last one, if none is named) in an empty home; its name and manifest.

    Raises BackupError, with the home still empty, if the home is not empty, the disk is too small, or anything in the
    backup is missing or damaged.
    """
    if not (names := backups(folder)):
        raise BackupError(f"{folder} 中没有备份。")
    name = name or names[-1]
    home.mkdir(parents=True, exist_ok=True)
    with held(folder, fcntl.LOCK_SH), held(home, fcntl.LOCK_EX):
        manifest = read_manifest(folder, name)
        sweep(home)
        if there := sorted(path.name for path in home.iterdir() if path.name != ".staging"):
            raise BackupError(f"数据目录 {home} 不是空的（有 {'、'.join(there[:5])}），没有恢复；请另指定一个空目录。")
        _check_room(home, sum(entry.size for entry in manifest.files))
        with staged(home) as part:
            for entry in manifest.files:
                _lay_out(folder, part, entry)
            for top, mode in manifest.folders.items():
                (part / top).mkdir(exist_ok=True)
                (part / top).chmod(mode)
            if manifest.published:
                switch(part / "warehouse" / manifest.published, part / "warehouse")
            os.sync()
            for path in sorted(part.iterdir()):
                path.rename(home / path.name)
    return name, manifest


def _check_room(home: Path, needed: int) -> None:
    free = shutil.disk_usage(home).free
    if free < needed:
        raise BackupError(f"磁盘空间不足：恢复需要 {needed / 2**30:.1f} GB，现有 {free / 2**30:.1f} GB。")


def _lay_out(folder: Path, home: Path, entry: Entry) -> None:
    target = (home / entry.path).resolve()
    if home.resolve() not in target.parents:
        raise BackupError(f"备份清单中的路径 {entry.path} 不在数据目录之内，没有恢复。")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with object_path(folder, entry.sha256).open("rb") as source:
            digest = copy_hashed(source, target)
    except FileNotFoundError:
        raise BackupError(f"备份中缺少 {entry.path} 的内容，没有恢复；可用 --from 指定更早的备份。") from None
    if digest != entry.sha256:
        raise BackupError(f"备份中 {entry.path} 的内容已损坏，没有恢复；可用 --from 指定更早的备份。")
    target.chmod(entry.mode)
    os.utime(target, ns=(entry.mtime_ns, entry.mtime_ns))
