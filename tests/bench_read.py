"""Measure reading against plain pdfplumber: CPU time per page, peak memory, and every cell that differs.

    python -m tests.bench_read FOLDER      all PDFs below a folder, both readers, in one process each

Not a test: what differs must be looked at on the page (`pipeline.read.draw`).
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pdfplumber

from pipeline.read.characters import printed
from pipeline.read.document import read_pages

Place = tuple[str, int, int, int]  # file, page, x, y of a cell's top left corner in whole points


class Run(NamedTuple):
    """One reader over all files: pages read, seconds of CPU, peak memory in MB, tables, text of every cell."""

    pages: int
    seconds: float
    megabytes: float
    tables: int
    cells: dict[Place, str]


def ours(files: list[Path]) -> Run:
    """What this project reads."""
    started, pages, tables, cells = time.process_time(), 0, 0, {}
    for file in files:
        read, _ = read_pages(file.read_bytes(), file.name)
        pages += len(read)
        for table in (table for page in read for table in page.tables):
            tables += 1
            for cell in table.cells:
                cells[file.name, cell.page, round(cell.box.x0), round(cell.box.top)] = _comparable(cell.text)
    return Run(pages, time.process_time() - started, _peak(), tables, cells)


def plain(files: list[Path]) -> Run:
    """What pdfplumber reads with its defaults."""
    started, pages, tables, cells = time.process_time(), 0, 0, {}
    for file in files:
        with pdfplumber.open(file) as document:
            for page in document.pages:
                page.extract_text()
                pages += 1
                for table in page.find_tables():
                    tables += 1
                    for row, texts in zip(table.rows, table.extract(), strict=True):
                        for box, text in zip(row.cells, texts, strict=True):
                            if box is not None:
                                place = file.name, page.page_number, round(box[0]), round(box[1])
                                cells[place] = _comparable(text or "")
                page.close()
    return Run(pages, time.process_time() - started, _peak(), tables, cells)


def in_own_process(read: object, files: list[Path]) -> Run:
    """Run a reader in a fresh process, so that its time and memory are its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(read, (files,))


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


def _comparable(text: str) -> str:
    return "".join(printed(char) for char in text)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the comparison."""
    files = sorted(Path(sys.argv[1]).rglob("*.pdf"))
    runs = {"ours": in_own_process(ours, files), "pdfplumber": in_own_process(plain, files)}
    for name, run in runs.items():
        per_page = 1000 * run.seconds / run.pages
        print(f"{name:11} {run.pages} pages, {per_page:.1f} ms CPU a page, peak {run.megabytes:.0f} MB, ", end="")
        print(f"{run.tables} tables, {len(run.cells)} cells")
    print(f"factor {runs['pdfplumber'].seconds / runs['ours'].seconds:.1f}")
    found = differences(runs["ours"].cells, runs["pdfplumber"].cells)
    by_page = Counter((name, page) for (name, page, _, _), _, _ in found)
    print(f"{len(found)} cells differ, on {len(by_page)} pages")
    for place, mine, theirs in sorted(found):
        print(*place, repr(mine), repr(theirs), sep="\t")


if __name__ == "__main__":
    main()
