"""A published warehouse of some reports of the sample city, with its lake, as a night leaves it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.evaluate import evaluate
from expectations.findings import judge
from pipeline.document import read_document
from pipeline.frames import frames
from pipeline.lake import Lake
from pipeline.model import Source
from pipeline.portals.base import Publication
from pipeline.portals.state import publication_frame
from pipeline.version import READER_VERSION
from warehouse.build import build
from warehouse.publish import publish

if TYPE_CHECKING:
    from collections.abc import Iterable

CITY = Path(__file__).parent / "city" / "reports"


def publish_city(root: Path, reports: Iterable[str], run: str = "1") -> Path:
    """Read reports (by their paths in the city) into the lake in `root`, judge and publish them; returns `root`."""
    lake = Lake(root / "lake")
    found = []
    for name in reports:
        data = (CITY / name).read_bytes()
        lake.put(data)
        found.append(read_document(data, Source(name, Path(name).name)))
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    lake.append(frames(found))
    lake.add_publications(
        publication_frame(
            [
                Publication(one.document, "folder", "", one.source.url, "", "", one.source.name, None, moment, 0)
                for one in found
            ]
        )
    )
    directory = root / "warehouse"
    directory.mkdir(exist_ok=True)

    def judged(con):
        judge(con, None, date(2026, 1, 5))

    publish(build(lake, directory / "new.duckdb", READER_VERSION, evaluate, judged), directory, run)
    return root
