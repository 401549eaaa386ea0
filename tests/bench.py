"""What `make bench` prints: reading, checking, evaluating and a quiet night, each beside its yardstick in one run.

Absolute times depend on the machine; the ratios are what to watch. Not a test: nothing here fails.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

from assets.headless import night
from assets.inspect import check
from assets.settings import Settings
from expectations.evaluate import evaluate
from expectations.findings import judge
from expectations.run import run_suites
from pipeline.document import read_document
from pipeline.frames import frames
from pipeline.model import Source
from tests.bench_read import Run, summary
from tests.bench_volume import reading_alone
from warehouse.load import load_frames

CITY = Path(__file__).parent / "city" / "reports"
REPORTS = 7_500


def main() -> None:
    """Print all measurements; a number of reports may be given instead of 7,500."""
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS
    files = sorted((CITY / "2024").glob("*.pdf"))
    _reading(files)
    _workers(sorted(CITY.rglob("*.pdf")))
    _checking(files)
    _evaluating(files, reports)
    _quiet_night()


def _reading(files: list[Path]) -> None:
    sets = {"sample city 2024": files}
    for name in ("final", "budget"):
        sets[f"real reports ({name})"] = sorted((Path(__file__).parents[2] / "shared" / "reports" / name).glob("*.pdf"))
    mine, theirs = Run(), Run()
    for name, reports in sets.items():
        if reports:
            text, ours, plain = summary(name, reports)
            print(text, flush=True)
            mine, theirs = mine.plus(ours), theirs.plus(plain)
    print(f"reading, all {mine.pages} pages: {theirs.seconds / mine.seconds:.1f} times faster than plain pdfplumber")


def _workers(files: list[Path]) -> None:
    """Two workers against one, reading whole reports."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = (reading_alone(Settings(home=Path(folder, str(n)), workers=n), files) for n in (1, 2))
    print(f"{len(files)} reports by one worker {one:.1f} s, by two {two:.1f} s: {one / two:.2f} times faster")


def _checking(files: list[Path]) -> None:
    """One report after another, by itself as `juesuan check` does it, and all together as the night does."""
    documents = [(file.read_bytes(), Source(file.name)) for file in files]
    check([read_document(*documents[0])])  # what is loaded once is not the report's
    started = time.process_time()
    readings = [read_document(*document) for document in documents]
    read = time.process_time() - started
    started = time.process_time()
    for reading in readings:
        check([reading])
    alone = time.process_time() - started
    started = time.process_time()
    check(readings)
    together = time.process_time() - started
    count, pages = len(files), sum(reading.pages for reading in readings)
    print(
        f"one report of {pages / count:.0f} pages, text included: read {read / count:.2f} s CPU, check {alone / count:.2f} "
        f"s by itself, {together / count:.2f} s among {count} (means)"
    )


def _evaluating(files: list[Path], reports: int) -> None:
    one = frames(read_document(file.read_bytes(), Source(file.name)) for file in files)
    copies = -(-reports // len(files))
    many = {table: _copied(frame, copies) for table, frame in one.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.duckdb"
        with duckdb.connect(str(path)) as con:
            load = _timed(lambda: load_frames(con, many))
            evaluation = _timed(lambda: evaluate(con))
            judgement = _timed(lambda: judge(con, None, None))
            scan = _timed(lambda: con.execute("SELECT sum(amount), count(DISTINCT line) FROM core.cell").fetchall())
            results = con.execute("SELECT count(*) FROM quality.identity_result").fetchone()[0]
            findings = con.execute("SELECT count(*) FROM quality.finding").fetchone()[0]
        suites = _timed(lambda: run_suites(path))
    print(
        f"{copies * len(files)} reports, {many['fact'].height:,} facts: load {load:.1f} s, evaluate {evaluation:.1f} s "
        f"({results:,} results; {evaluation / scan:.0f} full scans of the cells), {findings:,} findings {judgement:.1f} s, "
        f"Great Expectations {suites:.1f} s; peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB"
    )


def _copied(frame: pl.DataFrame, copies: int) -> pl.DataFrame:
    """Every document again and again, each time under another name and of another unit."""
    numbers = pl.DataFrame({"copy": range(copies)}).with_columns(copy=pl.col("copy").cast(pl.String).str.zfill(6))
    renamed = {"document": pl.col("document").str.head(58) + pl.col("copy")}
    if "unit" in frame.columns:
        renamed["unit"] = pl.col("unit") + pl.col("copy")
    return frame.join(numbers, how="cross").with_columns(**renamed).select(frame.columns)


def _quiet_night() -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        settings = Settings(home=Path(folder), folders=(CITY / "2024",), workers=2)
        first = night(settings, quiet=True)
        second = night(settings, quiet=True)
    print(
        f"a night of {first['read_documents']} new reports {first['seconds']} s, "
        f"the next with nothing new {second['seconds']} s"
    )


def _timed(action: object) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
