"""Measure reading against plain pdfplumber and PDFium's own text: CPU time per page, memory, every cell that differs.

    python -m tests.bench_read FOLDER      all PDFs below a folder

Every file is read by one reader right after the other, each in a process of its own, in several rounds, and the best
time of each counts: machines are noisy, and what shares the noise can be compared.

Not a test: what differs must be looked at on the page (`pipeline.read.draw`).
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pdfplumber
import pypdfium2

from pipeline.read.characters import printed
from pipeline.read.document import read_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Place = tuple[str, int, int, int]  # file, page, x, y of a cell's top left corner in whole points

ROUNDS = 4


class Run(NamedTuple):
    """One reader over some files: pages read, seconds of CPU, peak memory in MB, tables, text of every cell."""

    pages: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    tables: int = 0
    cells: dict[Place, str] = {}  # noqa: RUF012 - never changed

    def plus(self, other: Run) -> Run:
        """Both together."""
        return Run(
            self.pages + other.pages,
            self.seconds + other.seconds,
            max(self.megabytes, other.megabytes),
            self.tables + other.tables,
            self.cells | other.cells,
        )

    @property
    def milliseconds(self) -> float:
        """CPU time per page."""
        return 1000 * self.seconds / self.pages


def ours(file: Path) -> Run:
    """What this project reads."""
    data = file.read_bytes()
    started = time.process_time()
    pages, _ = read_pages(data, file.name)
    seconds = time.process_time() - started
    tables = [table for page in pages for table in page.tables]
    cells = {
        (file.name, cell.page, round(cell.box.x0), round(cell.box.top)): _comparable(cell.text)
        for table in tables
        for cell in table.cells
    }
    return Run(len(pages), seconds, _peak(), len(tables), cells)


def plain(file: Path, pages: Sequence[int] | None = None) -> Run:
    """What pdfplumber reads with its defaults: text and tables, of these pages or of all."""
    run = Run()
    started = time.process_time()
    with pdfplumber.open(file, pages=pages) as document:
        for page in document.pages:
            page.extract_text()
            tables = page.find_tables()
            texts = [table.extract() for table in tables]
            page.close()
            cells = {
                (file.name, page.page_number, round(box[0]), round(box[1])): text or ""
                for table, rows in zip(tables, texts, strict=True)
                for row, line in zip(table.rows, rows, strict=True)
                for box, text in zip(row.cells, line, strict=True)
                if box is not None
            }
            run = run.plus(Run(1, 0.0, 0.0, len(tables), cells))
    seconds = time.process_time() - started
    return run._replace(
        seconds=seconds, megabytes=_peak(), cells={place: _comparable(text) for place, text in run.cells.items()}
    )


def floor(file: Path) -> Run:
    """PDFium's text alone, without any position."""
    data = file.read_bytes()
    started = time.process_time()
    document = pypdfium2.PdfDocument(data)
    pages = len(document)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()
    return Run(pages, time.process_time() - started, _peak())


def compared(files: Sequence[Path], *readers: Callable[[Path], Run], rounds: int = ROUNDS) -> list[Run]:
    """What each reader does with all the files, in a fresh process each; of each file the best of some rounds."""
    totals = [Run() for _ in readers]
    with ExitStack() as stack:
        pools = [stack.enter_context(multiprocessing.get_context("spawn").Pool(1)) for _ in readers]
        for pool, reader in zip(pools, readers, strict=True):
            pool.apply(reader, (files[0],))  # imports, and fonts that are loaded once
            pool.apply(gc.freeze)  # as a worker of the night does, for all alike
        for file in files:
            turns = [
                [pool.apply(reader, (file,)) for pool, reader in zip(pools, readers, strict=True)]
                for _ in range(rounds)
            ]
            for index, runs in enumerate(zip(*turns, strict=True)):
                totals[index] = totals[index].plus(min(runs, key=lambda run: run.seconds))
    return totals


def differences(mine: dict[Place, str], theirs: dict[Place, str]) -> list[tuple[Place, str | None, str | None]]:
    """Cells that one side lacks or reads otherwise; corners may lie a point apart."""
    left = dict(theirs)
    found: list[tuple[Place, str | None, str | None]] = []
    for place, text in mine.items():
        name, page, x, y = place
        near = [(name, page, x + dx, y + dy) for dx in (0, -1, 1, -2, 2) for dy in (0, -1, 1, -2, 2)]
        match = next((other for other in near if other in left), None)
        other = left.pop(match) if match is not None else None
        if other != text:
            found.append((place, text, other))
    return found + [(place, None, text) for place, text in left.items()]


def summary(name: str, files: Sequence[Path]) -> tuple[str, Run, Run]:
    """A sentence that compares the readers, and what ours and pdfplumber's gave."""
    mine, theirs, least = compared(files, ours, plain, floor)
    text = (
        f"reading, {name}: {mine.milliseconds:.1f} ms CPU a page over {mine.pages} pages, plain pdfplumber "
        f"{theirs.milliseconds:.1f}: {theirs.seconds / mine.seconds:.1f} times faster; PDFium's text alone "
        f"{least.milliseconds:.1f}; peak {mine.megabytes:.0f} MB against {theirs.megabytes:.0f} MB"
    )
    return text, mine, theirs


def _comparable(text: str) -> str:
    return "".join(printed(char) for char in text)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the comparison."""
    folder = Path(sys.argv[1])
    text, mine, theirs = summary(folder.name, sorted(folder.rglob("*.pdf")))
    print(text)
    print(f"tables and cells: {mine.tables}, {len(mine.cells)}; pdfplumber: {theirs.tables}, {len(theirs.cells)}")
    found = differences(mine.cells, theirs.cells)
    print(f"{len(found)} cells differ, on {len(Counter((name, page) for (name, page, _, _), _, _ in found))} pages")
    for place, ours_, theirs_ in sorted(found):
        print(*place, repr(ours_), repr(theirs_), sep="\t")


if __name__ == "__main__":
    main()
