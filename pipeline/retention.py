"""What the lake need not keep: readings and pages that later ones have replaced, and many small batches where few do.

Here nothing goes that cannot be had again: neither a published file or one of its versions, nor what the current
version of the reader has read, nor evidence of requests. While somebody reads (`Lake.held`) nothing goes at all.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from pipeline.portals.evidence import Kind
from pipeline.portals.state import url_key
from pipeline.schema import READING_TABLES
from pipeline.staging import staged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.lake import Lake

MANY_BATCHES = 1000
"""So many batches of one version open in a second; more are merged."""

FULL = 200
"""Documents from which on a batch is left as it is, as many as one night writes at once."""

MERGED = 2000
"""Documents of a merged batch."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """Files or folders of the lake that later ones have replaced."""

    paths: tuple[Path, ...]

    @property
    def bytes(self) -> int:
        """What they take on the disk."""
        return sum(file.stat().st_size for path in self.paths for file in _files(path))

    def remove(self, lake: Lake) -> bool:
        """Remove them; False, with nothing removed, while somebody reads the lake."""
        with lake.alone("readings", "blobs") as alone:
            if alone:
                _remove(lake, self.paths)
            return alone


def superseded_readings(lake: Lake, version: str, before: datetime) -> Superseded:
    """Batches of other versions, written before a moment, whose documents this version has read, all of them."""
    known = lake.known(version)
    found = []
    for batch, versions, documents in lake.batches().iter_rows():
        path = lake.root / "readings" / batch
        old = _written(path / "document.parquet") < before
        if old and version not in versions and known.issuperset(documents):
            found.append(path)
    return Superseded(tuple(found))


def superseded_pages(lake: Lake, before: datetime) -> Superseded:
    """Pages of portals that were last seen before a moment, and have been replaced at their addresses since.

    That they were seen stays in the evidence, with their sha256. What was published as a document is none of these.
    """
    fetches = lake.fetches().filter((pl.col("sha256") != "") & (pl.col("kind") != Kind.ROBOTS.value)).sort("fetched_at")
    if fetches.is_empty():
        return Superseded(())
    keys = [url_key(url, posted) for url, posted in fetches.select("url", "posted").iter_rows()]
    fetches = fetches.with_columns(key=pl.Series(keys, dtype=pl.String))
    newest = fetches.filter(fault="").unique("key", keep="last", maintain_order=True)["sha256"]
    seen = fetches.group_by("sha256").agg(
        pl.col("fetched_at").max(), (pl.col("kind") == Kind.FILE.value).any().alias("file")
    )
    needed = {*newest, *lake.publications()["document"], *_all_read(lake)}
    old = seen.filter((pl.col("fetched_at") < before.astimezone(UTC)) & ~pl.col("file"))["sha256"]
    paths = (lake.path(digest) for digest in old if digest not in needed)
    return Superseded(tuple(sorted(path for path in paths if path.is_file())))


def merge_batches(lake: Lake, version: str) -> int:
    """Merge small batches of a version, if there are many; how many became fewer. No reading changes.

    Whoever is killed in between leaves readings twice, of which one counts (`Selection.shadowed`).
    """
    batches = [
        (batch, len(documents)) for batch, versions, documents in lake.batches().iter_rows() if version in versions
    ]
    if len(batches) <= MANY_BATCHES:
        return 0
    gone = 0
    for group in _groups([(batch, size) for batch, size in batches if size < FULL]):
        paths = [lake.root / "readings" / batch for batch in group]
        merged = lake.append(_together(paths))
        if not Superseded(tuple(path for path in paths if path.name != merged)).remove(lake):
            break
        gone += len(paths) - 1
    return gone


def _groups(batches: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    group: list[str] = []
    documents = 0
    for batch, size in batches:
        group.append(batch)
        documents += size
        if documents >= MERGED:
            yield group
            group, documents = [], 0
    if len(group) > 1:
        yield group


def _together(paths: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """The readings of some batches as those of one; of a document that is in several, those of the first."""
    seen: set[str] = set()
    parts: dict[str, list[pl.DataFrame]] = {table: [] for table in READING_TABLES}
    for path in paths:
        documents = set(pl.read_parquet(path / "document.parquet")["document"]) - seen
        seen |= documents
        for table, frames in parts.items():
            frame = pl.read_parquet(path / f"{table}.parquet")
            frames.append(frame.filter(pl.col("document").is_in(list(documents))))
    return {table: pl.concat(frames) for table, frames in parts.items()}


def _all_read(lake: Lake) -> set[str]:
    return {document for _, _, documents in lake.batches().iter_rows() for document in documents}


def _written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from path.iterdir()
    else:
        yield path


def _remove(lake: Lake, paths: Sequence[Path]) -> None:
    """Each goes out of sight in one step, and then away."""
    with staged(lake.root) as directory:
        for path in paths:
            with suppress(FileNotFoundError):  # somebody else has removed it
                path.rename(directory / path.name)
