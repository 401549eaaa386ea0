"""Readings of several machines in one DuckLake: a catalog in PostgreSQL, Parquet files on S3.

Every machine adds what it has read (`share`), a batch in one transaction; a warehouse of all of it is built out of one
snapshot (`load_ducklake`). Its tables are those of the lake's readings, with a column `batch` in front, publications
and crawls. A document that is read anew by another version replaces its rows; earlier snapshots still have them. If
two machines add the same document at the same moment, both copies are there, and the one of the first batch counts, as
in the lake.

A catalog may also be a DuckDB file, and the data a folder: then one process at a time may write.
"""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import duckdb
import polars as pl

from pipeline.schema import CRAWL, PUBLICATION, READING_TABLES
from warehouse.extensions import extension_file
from warehouse.frames import literal, registered, sql_columns
from warehouse.load import load_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.lake import Lake

T = TypeVar("T")

NAME = "juesuan_ducklake"
"""Of the DuckLake where it is attached; a database of a file is called as the file."""

SCHEMA = f"{NAME}.main"
TRIES = 10
"""How often a transaction is begun again that met another one."""


class DuckLakeError(OSError):
    """The DuckLake cannot be used; its text is a Chinese sentence without any secret."""


@dataclass(frozen=True, slots=True)
class DuckLake:
    """Where a DuckLake is.

    `catalog` is "postgres:" and a connection string, or the path of a file; `data` an s3:// address or a folder. The
    others are of S3; without a `key_id` its files are asked for anonymously.
    """

    catalog: str = field(repr=False)  # may hold a password
    data: str
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    endpoint: str = ""
    region: str = "us-east-1"
    tls: bool = True


@dataclass(frozen=True, slots=True)
class Shared:
    """What one machine added: documents, of them `replaced` ones, publications; and the newest snapshot."""

    documents: int
    replaced: int
    publications: int
    snapshot: int


def share(
    lake: Lake, target: DuckLake, reader_version: str, progress: Callable[[str], None] = lambda _: None
) -> Shared:
    """Add what this version has read, publications and crawls, as far as they are not there; raises DuckLakeError."""
    selection = lake.select(reader_version)
    shadowed = set(selection.shadowed)
    added = replaced = 0
    with lake.held("readings"), duckdb.connect() as con, _attached(con, target):
        _transaction(con, _create)
        there = dict(con.execute(f"SELECT document, reader_version FROM {SCHEMA}.document ORDER BY ALL").fetchall())
        for batch in selection.batches:
            read = pl.read_parquet(batch / "document.parquet", columns=["document"])["document"].to_list()
            mine = [one for one in read if (batch.name, one) not in shadowed]
            new = [one for one in mine if there.get(one) != reader_version]
            if new:
                old = [one for one in new if one in there]
                _transaction(con, partial(_add, batch=batch, documents=new, old=old))
                added, replaced = added + len(new), replaced + len(old)
                progress(f"已共享 {added} 份")
        publications = _collected(con, "publication", lake.publications())
        _collected(con, "crawl", lake.crawls())
        return Shared(added, replaced, publications, newest(con))


def load_ducklake(
    con: duckdb.DuckDBPyConnection, source: DuckLake, reader_version: str, snapshot: int | None = None
) -> None:
    """Load what one version has read on all machines: the newest snapshot, or an earlier one; raises DuckLakeError."""
    with _attached(con, source, "READ_ONLY"):
        load_queries(con, _queries(reader_version, newest(con) if snapshot is None else snapshot))


def newest(con: duckdb.DuckDBPyConnection) -> int:
    """The newest snapshot of the DuckLake that is attached."""
    return int(con.execute(f"SELECT max(snapshot_id) FROM ducklake_snapshots('{NAME}')").fetchall()[0][0])


def _queries(version: str, snapshot: int) -> dict[str, str]:
    def of(table: str) -> str:
        return f"{SCHEMA}.{table} AT (VERSION => {snapshot})"

    counts = f"SELECT document, min(batch) AS batch FROM {of('document')} WHERE reader_version = {literal(version)}"
    picked = f"{counts} GROUP BY document"
    readings = {
        table: f"SELECT {', '.join(columns.names())} FROM {of(table)} WHERE (document, batch) IN ({picked})"
        for table, columns in READING_TABLES.items()
    }
    ended = "QUALIFY row_number() OVER (PARTITION BY site, started_at ORDER BY ended_at NULLS LAST) = 1"
    collected = {"publication": f"SELECT DISTINCT * FROM {of('publication')}", "crawl": f"FROM {of('crawl')} {ended}"}
    return {**readings, **collected}


def _create(con: duckdb.DuckDBPyConnection) -> None:
    for table, columns in READING_TABLES.items():
        con.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{table} (batch VARCHAR, {sql_columns(columns)})")
    for table, columns in {"publication": PUBLICATION, "crawl": CRAWL}.items():
        con.execute(f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{table} ({sql_columns(columns)})")


def _add(con: duckdb.DuckDBPyConnection, batch: Path, documents: list[str], old: list[str]) -> None:
    """Add the readings of some documents of a batch; `old` ones have rows of another version, which go."""
    for table, columns in READING_TABLES.items():
        if old:
            con.execute(f"DELETE FROM {SCHEMA}.{table} WHERE document IN (SELECT unnest($1))", [old])
        con.execute(
            f"INSERT INTO {SCHEMA}.{table} SELECT {literal(batch.name)}, {', '.join(columns.names())} "
            f"FROM read_parquet({literal(str(batch / table))} || '.parquet') WHERE document IN (SELECT unnest($1))",
            [documents],
        )


def _collected(con: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> int:
    """Add the rows that are not there; how many."""

    def add(con: duckdb.DuckDBPyConnection) -> int:
        con.execute(f"INSERT INTO {SCHEMA}.{table} FROM {frame} EXCEPT FROM {SCHEMA}.{table}")
        return int(con.fetchall()[0][0])

    with registered(con, rows) as frame:
        return _transaction(con, add)


def _transaction(con: duckdb.DuckDBPyConnection, action: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """Do it in one transaction; begin again if another machine has changed the same tables meanwhile."""
    for attempt in range(1, TRIES + 1):
        try:
            con.begin()
            done = action(con)
            con.commit()
        except duckdb.TransactionException:
            with suppress(duckdb.TransactionException):
                con.rollback()
            if attempt == TRIES:
                raise
        else:
            return done
    raise AssertionError


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, lake: DuckLake, *options: str) -> Iterator[None]:
    """The DuckLake as database NAME; raises DuckLakeError if it cannot be reached, now or within."""
    kinds = {"ducklake": True, "postgres_scanner": lake.catalog.startswith("postgres:"), "httpfs": "://" in lake.data}
    with _told(lake):
        con.execute("SET autoinstall_known_extensions = false")
        for name in (name for name, needed in kinds.items() if needed):
            con.execute(f"LOAD {literal(str(_extension(name)))}")
        if kinds["httpfs"]:
            con.execute(_secret(lake))
        given = ", ".join((f"DATA_PATH {literal(lake.data)}", *options))
        con.execute(f"ATTACH {literal('ducklake:' + lake.catalog)} AS {NAME} ({given})")
    with _told(lake, duckdb.ProgrammingError, duckdb.DataError, duckdb.InternalError):
        yield
        con.execute(f"DETACH {NAME}")


@contextmanager
def _told(lake: DuckLake, *ours: type[duckdb.Error]) -> Iterator[None]:
    """Errors of DuckDB become DuckLakeError, with secrets taken out; but not those of `ours`, which no server makes."""
    try:
        yield
    except ours:
        raise
    except duckdb.Error as error:
        raise DuckLakeError(f"DuckLake 无法使用：{_redacted(str(error), lake)}") from None


def _secret(lake: DuckLake) -> str:
    given = {"REGION": lake.region, "KEY_ID": lake.key_id, "SECRET": lake.secret, "ENDPOINT": lake.endpoint}
    texts = "".join(f", {name} {literal(value)}" for name, value in given.items() if value)
    style = ", URL_STYLE 'path'" if lake.endpoint else ""
    return f"CREATE OR REPLACE SECRET {NAME} (TYPE s3, USE_SSL {str(lake.tls).lower()}{texts}{style})"


def _extension(name: str) -> Path:
    """The file of an extension of DuckDB, from its wheel: nothing is fetched."""
    path = extension_file(name)
    if path is None:
        raise DuckLakeError(f"没有 DuckDB {duckdb.__version__} 的扩展 {name}，请安装 juesuan[ducklake]")
    return path


def _redacted(text: str, lake: DuckLake) -> str:
    for secret in (lake.catalog, lake.catalog.partition(":")[2], lake.key_id, lake.secret):
        if secret:
            text = text.replace(secret, "…")
    return re.sub(r"(password\s*=\s*)('[^']*'|\S+)|(?<=://)[^/@\s]+@", r"\1…", text)
