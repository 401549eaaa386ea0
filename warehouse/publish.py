"""Publication: `current.duckdb` is a link to the newest published file, switched in one step.

A reader opens what the link names at that moment and keeps it; a file that a reader holds open stays
readable after it is removed from the directory.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import duckdb

from pipeline.staging import commit, flush, staged

if TYPE_CHECKING:
    from collections.abc import Mapping

CURRENT = "current.duckdb"

NO_LIMITS: Mapping[str, str] = MappingProxyType({})
CLOSED = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",  # else a name may mean a variable of this program
    "temp_directory": "",
    "max_temp_directory_size": "0B",
}


class NotPublishedError(LookupError):
    """No warehouse has been published in this directory yet."""


def publish(built: Path, home: Path, run: str, keep: int = 7) -> Path:
    """Move a built file to `home/warehouse-<run>.duckdb`, switch the link to it, keep the last `keep`.

    `built` must lie on the file system of `home`. Returns the published file. Raises ValueError if
    a .wal stands beside `built` (it was not closed) or if `run` has been published before.
    """
    if Path(f"{built}.wal").exists():
        raise ValueError(f"{built.name} was not closed: a .wal stands beside it")
    target = home / f"warehouse-{run}.duckdb"
    if target.exists():
        raise ValueError(f"{target.name} has been published before")
    commit(built, target)
    switch(target, home)
    _prune(home, keep)
    return target


def switch(target: Path, home: Path) -> None:
    """Make a file of `home` the published one; also the way back to an earlier night's file."""
    with staged(home) as directory:
        link = directory / CURRENT
        link.symlink_to(target.name)
        link.replace(home / CURRENT)
    flush(home)


def published(home: Path) -> Path:
    """The published file itself; raises NotPublishedError if there is none."""
    try:
        return home / (home / CURRENT).readlink()
    except FileNotFoundError:
        raise NotPublishedError(f"no warehouse has been published in {home}") from None


def open_published(home: Path, limits: Mapping[str, str] = NO_LIMITS) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading only; see `open_file`."""
    return open_file(published(home), limits)


def open_file(path: Path, limits: Mapping[str, str] = NO_LIMITS) -> duckdb.DuckDBPyConnection:
    """Open a file that is or was published, for reading only; raises duckdb.IOException.

    No other file can be reached, no setting changed, nothing spilled. `limits` are further settings, as DuckDB calls
    them (`memory_limit`, `threads`). Times are Beijing's.
    """
    con = duckdb.connect(str(path), read_only=True, config={**CLOSED, **limits})
    # connections of one process to one file share their settings: another may have set and locked them a moment ago
    with suppress(duckdb.InvalidInputException):
        con.execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")  # not before the file is open: ICU is loaded then
        con.execute("SET GLOBAL lock_configuration = true")
    return con


def _prune(home: Path, keep: int) -> None:
    """Remove all but the newest files; the published one stays even if it is old."""
    files = sorted(home.glob("warehouse-*.duckdb"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    current = published(home)
    for path in files[keep:]:
        if path != current:
            path.unlink(missing_ok=True)
