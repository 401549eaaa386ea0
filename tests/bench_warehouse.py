"""How long a warehouse takes to build, and how large it is: `python -m tests.bench_warehouse [reports]`.

`synthetic` gives readings of any number of reports of some 1,000 facts each, without reading a file.
Their amounts are random: they exercise the size of tables, not the identities.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pipeline.forms import FORMS
from pipeline.lake import Lake
from pipeline.schema import DOCUMENT, FACT, FORM_READING, MONEY, PUBLICATION, READING_TABLES
from warehouse.build import build
from warehouse.load import load_frames

VERSION = "synthetic"
CODES_PER_REPORT = 60
KINDS_OF_REPORT = 16


def synthetic(first: int, count: int, facts: int = 1000) -> dict[str, pl.DataFrame]:
    """Frames of reports number `first` to `first + count - 1`, about `facts` facts each; the same every time."""
    documents = pl.DataFrame({"number": range(first, first + count)}).with_columns(
        document=pl.format("{}", pl.col("number").hash(1)).str.zfill(64),
        kind_of_report=pl.col("number") % KINDS_OF_REPORT,
    )
    rows = documents.join(_templates().filter(pl.col("place") < facts), on="kind_of_report", maintain_order="left")
    cents = (pl.struct("number", "place").hash(7) % 1_000_000).cast(pl.Int64)
    fact = rows.with_columns(
        amount=(cents.cast(pl.Decimal(38, 0)) * 100).cast(MONEY),
        printed=pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2)),
        money_unit=10000,
        precision=pl.lit(100).cast(MONEY),
        page=1 + pl.col("place") // 80,
        x0=100.0,
        top=(pl.col("place") % 80) * 9.0,
        x1=160.0,
        bottom=(pl.col("place") % 80) * 9.0 + 9,
        reader=pl.lit("pdfium"),
        confidence=1.0,
    )
    forms = fact.group_by("document", "form", maintain_order=True).agg(
        title=pl.lit(""),
        first_page=pl.col("page").min(),
        last_page=pl.col("page").max(),
        money_unit=pl.lit(10000),
        precision=pl.lit(100).cast(MONEY),
        measures=pl.col("measure").unique(maintain_order=True),
        rows=pl.col("row_no").max(),
        numbers=pl.len(),
        lifted=pl.len(),
        blank=pl.lit(value=False),
        note=pl.lit(""),
    )
    heads = documents.with_columns(
        reader_version=pl.lit(VERSION),
        name=pl.format("{}.pdf", "number"),
        pages=25,
        unit=pl.format("第{}单位", pl.col("number") // 5),
        unit_code=pl.lit(""),
        department=pl.format("第{}局", pl.col("number") // 50),
        region=pl.lit("柳州市"),
        fiscal_year=2020 + pl.col("number") % 5,
        level=pl.lit("单位"),
        scope=pl.lit(""),
        kind=pl.lit("决算"),
        parts=pl.lit([1, 2, 3, 4]),
        compared=0,
        not_comparable=0,
    )
    publications = heads.with_columns(
        site=pl.lit("liuzhou"),
        url=pl.format("https://example.gov.cn/{}", "number"),
        page_url=pl.lit(""),
        title=pl.col("name"),
        published_on=date(2025, 9, 1),
        fetched_at=datetime(2025, 9, 1, tzinfo=UTC),
        size=1_000_000,
    )
    return {
        **{name: schema.to_frame() for name, schema in READING_TABLES.items()},
        "document": _as(heads, DOCUMENT),
        "form_reading": _as(forms, FORM_READING),
        "fact": _as(fact, FACT),
        "publication": _as(publications, PUBLICATION),
    }


def fill(lake: Lake, reports: int, batch: int = 250) -> None:
    """Put synthetic reports into a lake."""
    for first in range(0, reports, batch):
        frames = synthetic(first, min(batch, reports - first))
        lake.add_publications(frames.pop("publication"))
        lake.append(frames)


def _as(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _templates() -> pl.DataFrame:
    """The rows of each kind of report: (kind_of_report, place, form, line, label, measure, row_no)."""
    with duckdb.connect() as con:
        load_frames(con, {})
        functional = con.execute("SELECT code, name FROM ref.functional_subject ORDER BY code").fetchall()
        economic = con.execute("SELECT code, name FROM ref.economic_subject ORDER BY code").fetchall()
    cells = [
        (kind, place, *cell)
        for kind in range(KINDS_OF_REPORT)
        for place, cell in enumerate(_cells(functional[kind * 50 :][:CODES_PER_REPORT], economic))
    ]
    columns = ["kind_of_report", "place", "form", "line", "label", "measure", "row_no"]
    return pl.DataFrame(cells, schema=columns, orient="row")


def _cells(
    functional: list[tuple[str, str]], economic: list[tuple[str, str]]
) -> Iterator[tuple[str, str, str, str, int]]:
    for form in FORMS.values():
        lines = [(line.key, line.title) for line in form.lines]
        if form.key in {"income", "expenditure", "general_budget"}:
            # 合计 stands on both pages of the table
            lines = [*lines, *functional, *lines]
        elif form.key == "basic_expenditure":
            lines = [*economic[:40], *lines]
        for row_no, (line, label) in enumerate(lines, start=1):
            for measure in form.measures:
                yield form.key, line, label, measure, row_no


def main() -> None:
    """Measure, and print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("reports", nargs="?", type=int, default=7500)
    reports = arguments.parse_args().reports
    with tempfile.TemporaryDirectory() as directory:
        lake = Lake(Path(directory) / "lake")
        seconds = _timed(lambda: fill(lake, reports))
        print(f"lake: {reports} reports written in {seconds:.1f} s")
        path = Path(directory) / "warehouse.duckdb"
        seconds = _timed(lambda: build(lake, path, VERSION))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = path.stat().st_size / 1e6
        with duckdb.connect(str(path), read_only=True) as con:
            (cells,) = con.execute("SELECT count(*) FROM core.cell").fetchall()[0]
            (facts,) = con.execute("SELECT count(*) FROM core.fact").fetchall()[0]
            one = "FROM 决算.支出决算表 WHERE 单位 = '第7单位' AND 年度 = 2022"
            all_units = "SELECT 年度, sum(项目支出) FROM 决算.支出决算表 WHERE 级次 = 1 GROUP BY ALL"
            for question in (one, all_units):
                print(f"query: {_timed(lambda sql=question: con.execute(sql).fetchall()) * 1000:.0f} ms: {question}")
        print(f"build: {facts} facts, {cells} cells in {seconds:.1f} s, peak {peak:.0f} MB, file {size:.0f} MB")
    frames = synthetic(0, 1)
    with duckdb.connect() as con:
        milliseconds = _timed(lambda: load_frames(con, frames)) * 1000
    print(f"one report in memory: {milliseconds:.0f} ms, {frames['fact'].height} facts")


def _timed(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
