"""The lake: every published file, every reading of it, every publication. Append-only, content-addressed.

    blobs/ab/<sha256>                                   the bytes as published
    readings/<batch>/{document,form_reading,fact,issue}.parquet
    publications/<hash>.parquet, fetches/<hash>.parquet, crawls/<hash>.parquet, finding_events/<hash>.parquet

A batch holds the readings of some documents by one reader version; its id is the hash of just that, so
writing it twice changes nothing. A name that can be seen is complete (see `pipeline.staging`).

Two runs at the same time may both read a document with the same version. Both batches stay;
`Selection.shadowed` names the copies that do not count.

Several threads and processes may write at the same time. The small files of the tables above are merged now and
then (`fold`): a city of 600 pages would else add 60 of them every night, and each costs a millisecond to open.

Batches of readings are merged where they are very many (`pipeline.retention`): listing and opening 300 of them takes
0.3 s in all, 3,000 (a batch an hour for four months) 3 s, and a new reader version starts with an empty list anyway.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from pipeline.schema import CRAWL, FETCH, FINDING_EVENT, PUBLICATION, READING_TABLES
from pipeline.staging import commit, staged, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


_SMALL, _MANY = 4_000_000, 100
"""Bytes below which files are merged, and how many must have come together."""
_ROW_GROUP = 10_000
"""Rows, sorted by their columns, of which evidence names the site first: whoever wants one site reads few others."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The readings of one reader version: batch directories, in order, and what not to take from them.

    `shadowed` are (batch, document) pairs: the document is in an earlier batch too, and counts there.
    """

    batches: tuple[Path, ...]
    shadowed: tuple[tuple[str, str], ...]

    def files(self, table: str) -> list[Path]:
        """The Parquet files of one of `READING_TABLES`."""
        return [batch / f"{table}.parquet" for batch in self.batches]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake in the directory `root`, which need not exist yet."""

    root: Path

    def path(self, document: str) -> Path:
        """Where the bytes of a document are, or would be."""
        return self.root / "blobs" / document[:2] / document

    def put(self, data: bytes) -> str:
        """Keep the bytes of a file; returns their sha256."""
        document = hashlib.sha256(data).hexdigest()
        target = self.path(document)
        if not target.exists():
            with staged(self.root) as directory:
                part = directory / document
                part.write_bytes(data)
                commit(part, target)
        return document

    def get(self, document: str) -> bytes:
        """The bytes of a document; raises FileNotFoundError if the lake does not have it."""
        return self.path(document).read_bytes()

    def append(self, frames: Mapping[str, pl.DataFrame]) -> str:
        """Keep the readings of some documents, all of them or, after a crash, none; returns the batch id.

        `frames` holds one frame for each of `READING_TABLES`. Raises ValueError if a frame has another
        schema, if a document is in it twice, or if the documents were read by different versions.
        """
        _check(frames)
        documents = frames["document"].select("document", "reader_version").sort("document")
        batch = _digest("\n".join("\t".join(pair) for pair in documents.iter_rows()))
        target = self._readings / batch
        if target.exists():
            return batch
        with staged(self.root) as directory:
            part = directory / batch
            part.mkdir()
            for table in READING_TABLES:
                frames[table].write_parquet(part / f"{table}.parquet")
            try:
                commit(part, target)
            except OSError:
                if not target.exists():  # otherwise another process has just written the same batch
                    raise
        return batch

    def known(self, reader_version: str) -> set[str]:
        """Documents that this version of the reader has read."""
        return {document for _, document in self._read_by(reader_version)}

    def select(self, reader_version: str) -> Selection:
        """The batches that this version of the reader has written."""
        read = self._read_by(reader_version)
        shadowed = []
        seen: set[str] = set()
        for batch, document in read:
            if document in seen:
                shadowed.append((batch, document))
            seen.add(document)
        batches = dict.fromkeys(batch for batch, _ in read)
        return Selection(tuple(self._readings / batch for batch in batches), tuple(shadowed))

    def add_publications(self, frame: pl.DataFrame) -> None:
        """Keep where documents were published; rows that are there already do no harm."""
        self._add("publications", frame, PUBLICATION)

    def publications(self, site: str = "") -> pl.DataFrame:
        """Every publication once, of all sites or of one."""
        return self._all("publications", PUBLICATION, site).with_columns(pl.col("unit").fill_null(""))

    def add_fetches(self, frame: pl.DataFrame) -> None:
        """Keep the evidence of requests; rows that are there already do no harm."""
        self._add("fetches", frame, FETCH)

    def fetches(self, site: str = "") -> pl.DataFrame:
        """Every request once, of all sites or to one."""
        return self._all("fetches", FETCH, site).with_columns(pl.col("posted", "file_name").fill_null(""))

    def add_crawls(self, frame: pl.DataFrame) -> None:
        """Keep that crawls began or ended; rows that are there already do no harm."""
        self._add("crawls", frame, CRAWL)

    def crawls(self) -> pl.DataFrame:
        """Every row once: see `pipeline.portals.night.crawls`."""
        return self._all("crawls", CRAWL)

    def state(self) -> str:
        """What the collecting tables hold, as a text that is another one whenever a row has come."""
        tables = ("publications", "fetches", "crawls")
        return _digest("\n".join(file.name for table in tables for file in self._files(table)))

    def fold(self) -> None:
        """Merge the small files of the collecting tables, where many have come together; no row changes.

        Whoever is killed in between leaves rows twice, which are read once.
        """
        for table, schema in {"publications": PUBLICATION, "fetches": FETCH, "crawls": CRAWL}.items():
            files = [file for file in self._files(table) if file.stat().st_size < _SMALL]
            if len(files) > _MANY:
                merged = self._add(table, _read(files, schema), schema)
                with _locked(self.root / table, fcntl.LOCK_EX):  # nobody is reading them
                    for file in files:
                        if file != merged:
                            file.unlink(missing_ok=True)

    @contextmanager
    def claimed(self, site: str) -> Iterator[bool]:
        """Whether a site is ours to collect: False while another process or thread does. A killed one holds nothing."""
        path = self.root / "claims" / site
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    @contextmanager
    def held(self, *folders: str) -> Iterator[None]:
        """While this is held, nothing goes from these folders of the lake."""
        with ExitStack() as stack:
            for folder in folders:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
                stack.enter_context(_locked(self.root / folder, fcntl.LOCK_SH))
            yield

    @contextmanager
    def alone(self, *folders: str) -> Iterator[bool]:
        """Whether nobody holds these folders (`held`); if so, nobody can as long as this lasts."""
        with ExitStack() as stack:
            try:
                for folder in folders:
                    (self.root / folder).mkdir(parents=True, exist_ok=True)
                    stack.enter_context(_locked(self.root / folder, fcntl.LOCK_EX | fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def add_finding_events(self, frame: pl.DataFrame) -> None:
        """Keep what happened to findings; rows that are there already are not written again."""
        known = self.finding_events()
        new = frame.join(known, on=frame.columns, how="anti", nulls_equal=True) if known.height else frame
        self._add("finding_events", new, FINDING_EVENT)

    def finding_events(self) -> pl.DataFrame:
        """Every event once."""
        return self._all("finding_events", FINDING_EVENT)

    def sweep(self) -> int:
        """Remove what killed writers left behind; returns how many leftovers there were."""
        return sweep(self.root)

    def _add(self, table: str, frame: pl.DataFrame, schema: pl.Schema) -> Path | None:
        """Keep rows; returns their file, None if there were no rows."""
        if frame.schema != schema:
            raise ValueError(f"not a frame of {table}: {frame.schema}")
        rows = frame.unique().sort(frame.columns)
        if rows.is_empty():
            return None
        target = self.root / table / f"{_digest(rows.write_ndjson())}.parquet"
        if not target.exists():
            with staged(self.root) as directory:
                part = directory / target.name
                rows.write_parquet(part, row_group_size=_ROW_GROUP)
                commit(part, target)
        return target

    def _all(self, table: str, schema: pl.Schema, site: str = "") -> pl.DataFrame:
        if not self._files(table):
            return schema.to_frame()
        with _locked(self.root / table, fcntl.LOCK_SH):
            return _read(self._files(table), schema, site)

    def _files(self, table: str) -> list[Path]:
        return sorted((self.root / table).glob("*.parquet"))

    @property
    def _readings(self) -> Path:
        return self.root / "readings"

    def _read_by(self, reader_version: str) -> list[tuple[str, str]]:
        """(batch, document) pairs, ordered by batch."""
        return self._read().filter(reader_version=reader_version).select("batch", "document").rows()

    def batches(self) -> pl.DataFrame:
        """Every batch: its id, the versions that wrote it (one), its documents."""
        read = self._read()
        return read.group_by("batch", maintain_order=True).agg(pl.col("reader_version").unique(), "document")

    def _read(self) -> pl.DataFrame:
        """What has been read, ordered by batch: batch, reader_version, document."""
        nothing = pl.DataFrame(schema=dict.fromkeys(("batch", "reader_version", "document"), pl.String))
        if not self._readings.is_dir():
            return nothing
        with self.held("readings"):
            files = sorted(self._readings.glob("*/document.parquet"))
            if not files:
                return nothing
            # earlier versions of the reader wrote other columns
            rows = pl.scan_parquet(files, include_file_paths="file", extra_columns="ignore", missing_columns="insert")
            batch = pl.col("file").str.split("/").list.get(-2)
            return rows.select(batch.alias("batch"), "reader_version", "document").collect()


@contextmanager
def _locked(directory: Path, kind: int) -> Iterator[None]:
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def _read(files: list[Path], schema: pl.Schema, site: str = "") -> pl.DataFrame:
    # what earlier versions wrote may lack columns
    rows = pl.scan_parquet(files, schema=schema, missing_columns="insert")
    return (rows.filter(site=site) if site else rows).unique(maintain_order=True).collect()


def _check(frames: Mapping[str, pl.DataFrame]) -> None:
    if frames.keys() != READING_TABLES.keys():
        raise ValueError(f"a batch holds {list(READING_TABLES)}, not {list(frames)}")
    for table, schema in READING_TABLES.items():
        if frames[table].schema != schema:
            raise ValueError(f"{table} has the schema {frames[table].schema}, expected {schema}")
    documents = frames["document"]
    if documents["reader_version"].n_unique() != 1:
        raise ValueError("a batch is written by exactly one reader version")
    if documents["document"].is_duplicated().any():
        raise ValueError("a document stands twice in one batch")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
