"""Measure a whole night over many reports: copies of the sample city's, each with a hash of its own.

    python -m tests.bench_volume [N]      N reports (1,500): a tenth read by one worker and by two, then a whole night with two

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
from assets.guard import DOCUMENTS_PER_WORKER, peak
from assets.parse import Task, parse, read_task
from assets.settings import Settings
from assets.workers import Lost, map_documents
from pipeline.document import read_document
from pipeline.lake import Lake
from pipeline.model import Source

CITY = Path(__file__).parent / "city" / "reports"


def main() -> None:
    """Print the measurements."""
    from assets.headless import night  # dagster, which a worker must not pay for: it imports this module too

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        inbox = root / "inbox"
        inbox.mkdir()
        for number, path in enumerate(islice(cycle(sorted(CITY.rglob("*.pdf"))), count)):
            (inbox / f"{number:05d}-{path.name}").write_bytes(copy(path.read_bytes(), number))
        some = sorted(inbox.iterdir())[: max(1, count // 10)]
        _check_copy()
        with contextlib.redirect_stderr(io.StringIO()):
            worker = _memory(Settings(home=root / "memory"), inbox)
            alone = reading_alone(Settings(home=root / "one", workers=1), some)
            two = reading_alone(Settings(home=root / "two", workers=2), some)
            result = night(Settings(home=root / "night", folders=(inbox,), workers=2), quiet=True)
    pages = result["read_pages"]
    print(
        f"{count} reports, {pages} pages, {result['facts']:,} facts of the current versions, published: {result['published']}"
    )
    print(f"reading {len(some)} of them: one worker {alone:.1f} s, two {two:.1f} s, {alone / two:.2f} times as fast")
    print(f"a whole night with two workers: {result['seconds']} s, {pages / result['seconds']:.0f} pages/s")
    main = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory: main {main:.0f} MB, worker {worker:.0f} MB")


def copy(data: bytes, number: int) -> bytes:
    """The same report in other bytes: a comment behind the end, where every reader still finds the end."""
    return data + f"\n% copy {number}\n".encode()


def _check_copy() -> None:
    data = (CITY / "2024" / "hotline.pdf").read_bytes()
    assert read_document(copy(data, 1), Source("x.pdf")).facts == read_document(data, Source("x.pdf")).facts


def reading_alone(settings: Settings, files: list[Path]) -> float:
    """Seconds in which a lake of just these files is read."""
    from_paths(Lake(settings.lake), files)
    started = time.perf_counter()
    parse(settings, progress=lambda _: None)
    return time.perf_counter() - started


def _memory(settings: Settings, inbox: Path) -> float:
    """The most megabytes that a worker holds which reads as many documents as one ever does."""
    from tests import bench_volume  # by the name under which a worker can import it

    lake = Lake(settings.lake)
    tasks = [Task(lake.put(path.read_bytes()), lake, Source(path.name), settings.doubt) for path in inbox.iterdir()]
    results = map_documents(
        bench_volume.peak_after, tasks[:DOCUMENTS_PER_WORKER], workers=1, seconds=lambda _: 600, memory=settings.memory
    )
    return max(result for _, result in results if not isinstance(result, Lost)) / 2**20


def peak_after(task: Task) -> int:
    """Read a document; the most bytes that this worker has held up to then."""
    read_task(task)
    return peak()


if __name__ == "__main__":
    main()
