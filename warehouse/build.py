"""Building: a whole warehouse, from the lake, into a new file; nothing that exists is changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.staging import commit, staged, sweep
from warehouse.comments import comment_tables
from warehouse.ducklake import DuckLake, load_ducklake
from warehouse.load import load_lake
from warehouse.marts.create import create_marts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.lake import Lake


def build(
    lake: Lake | DuckLake,
    path: Path,
    reader_version: str,
    *steps: Callable[[duckdb.DuckDBPyConnection], None],
    marts: bool = True,
) -> Path:
    """Build the warehouse of one reader version at `path`, replacing a file there; returns `path`.

    `steps` are run on the open connection after `core` is loaded and before the schemas mart and 决算
    are made: what judges the accounts adds its own schema there. Without `marts` the caller makes them
    later. The file appears complete, with no .wal beside it, or not at all.
    """
    sweep(path.parent)
    with staged(path.parent) as directory:
        part = directory / path.name
        with duckdb.connect(str(part)) as con:
            if isinstance(lake, DuckLake):
                load_ducklake(con, lake, reader_version)
            else:
                load_lake(con, lake, reader_version)
            comment_tables(con)
            for step in steps:
                step(con)
            if marts:
                create_marts(con)
            con.execute("CHECKPOINT")
        # a writer killed on the older file may have left a log, which must not be played into the new one
        Path(f"{path}.wal").unlink(missing_ok=True)
        commit(part, path)
    return path
