"""Writing files so that a crash leaves either the old state or the new one: stage, flush, rename.

Anything unfinished lives in a private directory under `.staging` beside the data it will become part
of. Whoever reads the data never looks there, so a leftover of a killed process is only lost space.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_STAGING = ".staging"


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Give a private directory on the file system of `root`; it is removed at the end.

    Its writer holds a lock on it, which the system drops even when the process is killed: that is
    how `sweep` tells leftovers from work in progress.
    """
    staging = root / _STAGING
    staging.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=staging))
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def sweep(root: Path) -> int:
    """Remove what killed writers left under `root`; returns how many directories."""
    leftovers = [path for path in (root / _STAGING).glob("*") if _abandoned(path)]
    for path in leftovers:
        shutil.rmtree(path)
    return len(leftovers)


def _abandoned(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # its writer finished meanwhile
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def flush(path: Path) -> None:
    """Wait until a file, or the entries of a directory, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def commit(source: Path, target: Path) -> None:
    """Flush `source` (a file, or a directory of files) and rename it to `target`.

    The rename is the commit. A file replaces its predecessor; a directory that is already there, with
    content, makes it raise OSError.
    """
    if source.is_dir():
        for path in source.iterdir():
            flush(path)
    flush(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    flush(target.parent)
