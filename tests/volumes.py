"""Many units over some years, made of the sample city's reports: what the measurements at volume stand on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.identities import IDENTITIES
from expectations.model import Whose
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
    from collections.abc import Callable, Iterator, Mapping

    import duckdb

    Frames = Mapping[str, pl.DataFrame]
    Step = Callable[[duckdb.DuckDBPyConnection], None]

YEAR = 2024
"""Of the reports that are copied."""

REPORTS = sorted((Path(__file__).parent / "city" / "reports" / str(YEAR)).glob("*.pdf"))
DAY, DEADLINE = date(2026, 1, 5), (11, 24)
# copies say the same of every year: what compares a year with the last would find nothing but that
_JUDGED = tuple(identity for identity in IDENTITIES.values() if Whose.LAST_YEAR not in identity.whose)
STEPS: dict[str, Step] = {
    "enrol": lambda con: enrol(con, []),
    "evaluate": lambda con: evaluate(con, _JUDGED),
    "findings": lambda con: judge(con, None, DAY),
    "grades": lambda con: stand(con, DEADLINE, DAY),
}
_TEXTS = {"section": ("title", "text"), "claim": ("sentence", "reason")}


def many_reports(units: int, years: int = 1) -> dict[str, pl.DataFrame]:
    """The frames of so many units (rounded up to the city's) with a report of each of the last `years` years."""
    one = frames(read_document(file.read_bytes(), Source(file.name)) for file in REPORTS)
    copies = range(-(-units // len(REPORTS)))
    parts = [_copy(_of_year(one, back), copies, back) for back in range(years)]
    return {table: pl.concat([part[table] for part in parts]) for table in one}


def judged(con: duckdb.DuckDBPyConnection) -> None:
    """All that a night judges."""
    for step in STEPS.values():
        step(con)


def publish_many(root: Path, units: int, years: int, judging: Step = judged) -> Path:
    """Judge and publish them in the home `root` as a night does, with the originals of the first of them."""
    lake, many = Lake(root / "lake"), many_reports(units, years)
    for file in REPORTS:
        lake.put(file.read_bytes())
    lake.append(many)
    lake.add_publications(publication_frame(list(_publications(many["document"]))))
    directory = root / "warehouse"
    directory.mkdir(exist_ok=True)
    return publish(build(lake, directory / "new.duckdb", READER_VERSION, judging), directory, "1")


def _of_year(one: Frames, back: int) -> Frames:
    """The same reports so many years earlier: what they say of themselves, and the years that their texts name."""
    shifted = dict(one)
    shifted["document"] = one["document"].with_columns(pl.col("fiscal_year") - back)
    shifted["claim"] = one["claim"].with_columns(pl.col("year") - back)
    years = {str(year): str(year - back) for year in range(YEAR - 3, YEAR + 3)}
    for table, columns in _TEXTS.items():
        replaced = [pl.col(column).str.replace_many(list(years), list(years.values())) for column in columns]
        shifted[table] = shifted[table].with_columns(replaced)
    return shifted


def _copy(one: Frames, copies: range, back: int) -> Frames:
    """Each document again and again under a name of its own; the first of this year keeps its name, so its original is found."""
    names = pl.DataFrame({"copy": [f"{copy:05}" for copy in copies]})
    first = (pl.col("copy") == "00000") & (back == 0)
    told = (
        pl.when(first)
        .then(pl.col("document"))
        .otherwise(pl.concat_str(pl.col("document").str.head(58), pl.lit(str(back)), "copy"))
    )
    found = {}
    for table, frame in one.items():
        renamed = {"document": told}
        if table == "document":
            renamed["unit"] = pl.concat_str("unit", "copy")
        found[table] = frame.join(names, how="cross").with_columns(**renamed).select(frame.columns)
    return found


def _publications(documents: pl.DataFrame) -> Iterator[Publication]:
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    for document, name, year in documents.select("document", "name", "fiscal_year").iter_rows():
        url = f"https://city.example/{document}"
        yield Publication(
            document, "city", "", url, "https://city.example/", "决算公开", name, date(year + 1, 8, 20), moment, 0
        )
