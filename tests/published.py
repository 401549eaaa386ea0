"""A published warehouse of some reports of the sample city, with its lake, as a night leaves it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.register import enrol
from expectations.standing import stand
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

    import duckdb

    from pipeline.model import Reading

CITY = Path(__file__).parent / "city" / "reports"


def publish_city(root: Path, reports: Iterable[str], run: str = "1", site: str = "folder") -> Path:
    """Read reports (by their paths in the city) into the lake in `root`, judge and publish them; returns `root`.

    A site that is no folder has published them on 20 August.
    """
    lake = Lake(root / "lake")
    found = []
    for name in reports:
        data = (CITY / name).read_bytes()
        lake.put(data)
        found.append(read_document(data, Source(name, Path(name).name)))
    lake.append(frames(found))
    lake.add_publications(publication_frame([_publication(one, site) for one in found]))
    directory = root / "warehouse"
    directory.mkdir(exist_ok=True)
    publish(build(lake, directory / "new.duckdb", READER_VERSION, judged), directory, run)
    return root


def _publication(one: Reading, site: str) -> Publication:
    source, year = one.source, one.head.fiscal_year
    told = () if site == "folder" else (f"https://{site}.example/{source.url}", f"https://{site}.example/", "决算公开")
    day = date(year + 1, 8, 20) if told and year else None
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    return Publication(one.document, site, "", *(told or (source.url, "", "")), source.name, day, moment, 0)


def judged(con: duckdb.DuckDBPyConnection) -> None:
    """All that a night judges."""
    enrol(con, [])
    evaluate(con)
    judge(con, None, date(2026, 1, 5))
    stand(con, (11, 24), date(2026, 1, 5))
