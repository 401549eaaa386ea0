"""Measure a whole night over many reports: copies of the sample city's, each with a hash of its own.

    python -m tests.bench_volume [N]      N reports (1,500), read by one worker, then a whole night with two

Not a test: what is printed depends on the machine.
"""

from __future__ import annotations

import contextlib
import io
import resource
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from assets.collect import from_paths
from assets.headless import night
from assets.parse import parse
from assets.settings import Settings
from pipeline.document import read_document
from pipeline.lake import Lake
from pipeline.model import Source

CITY = Path(__file__).parent / "city" / "reports"


def main() -> None:
    """Print the measurements."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        inbox = root / "inbox"
        inbox.mkdir()
        for number, path in enumerate(islice(cycle(sorted(CITY.rglob("*.pdf"))), count)):
            (inbox / f"{number:05d}-{path.name}").write_bytes(copy(path.read_bytes(), number))
        _check_copy()
        with contextlib.redirect_stderr(io.StringIO()):
            alone = _reading_alone(Settings(home=root / "one", workers=1), inbox)
            two = _reading_alone(Settings(home=root / "two", workers=2), inbox)
            result = night(Settings(home=root / "night", folders=(inbox,), workers=2), quiet=True)
    pages = result["read_pages"]
    print(
        f"{count} reports, {pages} pages, {result['facts']:,} facts of the current versions, published: {result['published']}"
    )
    print(
        f"reading: one worker {alone:.1f} s ({pages / alone:.0f} pages/s), two {two:.1f} s, {alone / two:.2f} times as fast"
    )
    print(f"a whole night with two workers: {result['seconds']} s, {pages / result['seconds']:.0f} pages/s")
    print(
        f"peak memory: main {_peak(resource.RUSAGE_SELF):.0f} MB, largest worker {_peak(resource.RUSAGE_CHILDREN):.0f} MB"
    )


def copy(data: bytes, number: int) -> bytes:
    """The same report in other bytes: a comment behind the end, where every reader still finds the end."""
    return data + f"\n% copy {number}\n".encode()


def _check_copy() -> None:
    data = (CITY / "2024" / "hotline.pdf").read_bytes()
    assert read_document(copy(data, 1), Source("x.pdf")).facts == read_document(data, Source("x.pdf")).facts


def _reading_alone(settings: Settings, inbox: Path) -> float:
    from_paths(Lake(settings.lake), [inbox])
    started = time.perf_counter()
    parse(settings, progress=lambda _: None)
    return time.perf_counter() - started


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


if __name__ == "__main__":
    main()
