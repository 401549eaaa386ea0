"""What `make bench` prints: reading, checking, a quiet night, many units and their readers, each beside its yardstick.

Absolute times depend on the machine; the ratios are what to watch. Not a test: nothing here fails.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import duckdb

from assets.headless import night
from assets.inspect import check
from assets.settings import Settings
from expectations.run import run_suites
from pipeline.document import read_document
from pipeline.model import Source
from tests.bench_explorer import UNITS, YEARS, measure
from tests.bench_read import Run, summary
from tests.bench_volume import reading_alone
from tests.volumes import STEPS, publish_many

CITY = Path(__file__).parent / "city" / "reports"
COUNTED = ("core.report", "core.fact", "quality.identity_result", "quality.finding")


def main() -> None:
    """Print all measurements; numbers of units and of years may be given instead of 1,500 and 5."""
    units, years = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (UNITS, YEARS)
    files = sorted((CITY / "2024").glob("*.pdf"))
    _reading(files)
    _workers(sorted(CITY.rglob("*.pdf")))
    _checking(files)
    _quiet_night()
    _volume(units, years)


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


def _volume(units: int, years: int) -> None:
    """Many units over some years: judged, looked over by Great Expectations, then read and asked by many people."""
    took: dict[str, float] = {}

    def judged(con: duckdb.DuckDBPyConnection) -> None:
        for name, step in STEPS.items():
            took[name] = _timed(partial(step, con))
        took["scan"] = _timed(lambda: con.execute("SELECT sum(amount), count(DISTINCT line) FROM core.cell").fetchall())

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        file = publish_many(Path(folder), units, years, judged)
        built = time.perf_counter() - started - sum(took.values())
        with duckdb.connect(str(file), read_only=True) as con:
            counts = [con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED]
        suites = _timed(lambda: run_suites(file))
        reports, facts, results, findings = counts
        print(
            f"{reports:,} reports, {facts:,} facts: lake, load and marts {built:.0f} s, evaluate {took['evaluate']:.1f} s "
            f"({results:,} results; {took['evaluate'] / took['scan']:.0f} full scans of the cells), {findings:,} findings "
            f"{took['findings']:.1f} s, grades {took['grades']:.1f} s, Great Expectations {suites:.1f} s; "
            f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB",
            flush=True,
        )
        measure(Path(folder))


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
