"""A PostgreSQL of one's own for a test: on a socket in a folder, no port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def programs() -> Path | None:
    """The folder of initdb and postgres, None if this machine has none."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server of the programs in `folder`; its connection string. As root it runs as another user, as it must."""
    user = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(
        prefix="pg", dir="/tmp", ignore_cleanup_errors=True
    ) as place:  # sockets have short paths
        if user:
            shutil.chown(place, user)
        data = str(Path(place) / "data")

        def run(*command: str | Path) -> None:
            subprocess.run(command, check=True, user=user, cwd=place, stdout=subprocess.DEVNULL, timeout=60)

        run(folder / "initdb", "-D", data, "-U", "test", "--auth=trust", "--no-sync", "-E", "UTF8")
        settings = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
        control = [folder / "pg_ctl", "-D", data, "-w", "-s"]
        run(*control, "-o", settings, "-l", str(Path(place) / "log"), "start")
        try:
            yield f"host={place} user=test"
        finally:
            run(*control, "-m", "immediate", "stop")


def create_database(folder: Path, connection: str, name: str) -> str:
    """A new database; its connection string."""
    subprocess.run(
        [folder / "psql", "-q", "-d", f"{connection} dbname=postgres", "-c", f"CREATE DATABASE {name}"], check=True
    )
    return f"{connection} dbname={name}"
