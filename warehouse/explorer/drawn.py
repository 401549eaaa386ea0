"""Pictures that are kept on disk, in a folder of so many bytes; the one not looked at for longest goes first."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import TYPE_CHECKING

from warehouse.explorer.once import Once

if TYPE_CHECKING:
    from collections.abc import Callable

_PART = ".part"


class Drawn:
    """Pictures by the words that determine them; without a folder each is drawn anew. Thread-safe.

    The same picture is drawn by one thread only, for all that ask for it meanwhile.
    """

    def __init__(self, folder: Path | None, most: int) -> None:
        self._folder, self._most = folder, most
        self._lock = Lock()
        self._once = Once()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            self._sizes.update(_found(folder))
        self._bytes = sum(self._sizes.values())

    def get(self, words: tuple[object, ...], draw: Callable[[], bytes]) -> bytes:
        """The picture of these words; what `draw` raises is raised."""
        name = hashlib.sha256(repr(words).encode()).hexdigest()
        with self._once.each(name):
            return self._kept(name) or self._keep(name, draw())

    def _kept(self, name: str) -> bytes | None:
        with self._lock:
            if not self._folder or name not in self._sizes:
                return None
            self._sizes.move_to_end(name)
        path = self._folder / name
        try:
            os.utime(path)
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def _keep(self, name: str, picture: bytes) -> bytes:
        """Write it down; a disk that is full costs only the keeping."""
        if self._folder and len(picture) <= self._most // 8:
            with suppress(OSError):
                self._write(self._folder, name, picture)
        return picture

    def _write(self, folder: Path, name: str, picture: bytes) -> None:
        with NamedTemporaryFile(dir=folder, suffix=_PART, delete=False) as file:
            try:
                file.write(picture)
                file.flush()
                Path(file.name).replace(folder / name)
            except OSError:
                Path(file.name).unlink()
                raise
        with self._lock:
            self._bytes += len(picture) - self._sizes.pop(name, 0)
            self._sizes[name] = len(picture)
            while self._bytes > self._most:
                oldest, size = self._sizes.popitem(last=False)
                self._bytes -= size
                (folder / oldest).unlink(missing_ok=True)


def _found(folder: Path) -> list[tuple[str, int]]:
    """The pictures in a folder, least recently looked at first; parts that a killed process left are removed."""
    known = []
    for path in folder.iterdir():
        if path.suffix == _PART:
            path.unlink(missing_ok=True)
            continue
        status = path.stat()
        known.append((status.st_mtime_ns, path.name, status.st_size))
    return [(name, size) for _, name, size in sorted(known)]
