"""Measure reading of scans: the sample city's forms as a copier would give them, against what the books printed.

    python -m tests.bench_scans              all layouts, all variants (half an hour)
    python -m tests.bench_scans 200 hall     some variants, and some reports of the city

Not a test: it takes seconds a page.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from assets.inspect import check
from expectations.evaluate import CONFIDENT
from pipeline.document import read_document
from pipeline.model import Source
from pipeline.wording import bare
from tests.city.expected import expected_facts
from tests.scans import Scan, scanned_pdf

if TYPE_CHECKING:
    from pipeline.model import Reading

CITY = Path(__file__).parent / "city" / "reports" / "2024"
REPORTS = (
    *("hotline", "bureau", "agriculture"),
    *("library", "stateowned"),
    *("hall", "petition"),
    *("patrol", "road"),
    *("theatre", "school", "rescue"),
)
"""Of each layout: guangxi, shanghai, word, excel, yuan, yuan_whole."""

VARIANTS = {
    "200": Scan(200, skew=1.5, noise=8, quality=75, stamp=True),
    "150": Scan(150, skew=1.5, noise=8, quality=75, stamp=True),
    "rough": Scan(200, skew=2.0, noise=12, quality=60, stamp=True, quarter=1),
    "clean": Scan(300, quality=85),
    "turned": Scan(200, skew=1.0, noise=5, quality=80, quarter=1),
}


def main() -> None:
    """Print one line for each variant and report, and the sums of each variant."""
    wanted = sys.argv[1:]
    variants = [name for name in VARIANTS if name in wanted] or [*VARIANTS]
    reports = [name for name in wanted if name not in VARIANTS] or [*REPORTS]
    for variant in variants:
        total: Counter[str] = Counter()
        for report in reports:  # each with stamps and noise of its own
            counts = measure(report, replace(VARIANTS[variant], seed=crc32(report.encode())))
            print(f"{variant:7}{report:9}{_line(counts)}", flush=True)
            total += counts
        print(f"{variant:7}{'all':9}{_line(total)}", flush=True)


def measure(report: str, scan: Scan) -> Counter[str]:
    """Counts of one report: what was printed, read right, wrong, in doubt; findings that the print does not have."""
    data = (CITY / f"{report}.pdf").read_bytes()
    source = Source(f"{report}.pdf")
    digital = read_document(data, source)
    pages = sorted({1} | {page for form in digital.forms for page in range(form.pages[0], form.pages[1] + 1)})
    picture = scanned_pdf(data, pages, scan)
    started = time.process_time()
    read = read_document(picture, source)
    seconds = time.process_time() - started

    printed = Counter(cell for cell in expected_facts(f"2024/{report}.pdf") if cell[3] not in {"", "-"})
    found = Counter(_cell(fact) for fact in read.facts if fact.printed not in {"", "-"})
    wrong = found - printed
    amiss = [fact for fact in read.facts if _cell(fact) in wrong]
    for fact in amiss:
        print(f"    {fact.page} {_cell(fact)} {fact.confidence:.2f}")
    for cell in printed - found:
        print(f"    missing {cell}")
    names, known = _names(read), _names(digital)
    more = _findings(read) - _findings(digital)
    for finding in more:
        print(f"    FINDING {finding}")
    return Counter(
        pages=len(pages),
        printed=sum(printed.values()),
        right=sum((found & printed).values()),
        names=len(known),
        named=len(known & names),
        confident=sum(fact.confidence >= CONFIDENT for fact in amiss),
        doubtful=sum(fact.confidence < CONFIDENT for fact in read.facts if fact.printed),
        issues=len(read.issues),
        findings=len(more),
        missed=len(_findings(digital) - _findings(read)),
        milliseconds=round(1000 * seconds),
    )


def _cell(fact: object) -> tuple[str, str, str, str]:
    return fact.form, fact.line, fact.measure, fact.printed


def _names(reading: Reading) -> set[tuple[str, str, str]]:
    return {(fact.form, fact.line, bare(fact.label)) for fact in reading.facts}


def _findings(reading: Reading) -> set[tuple[str, str, str, str]]:
    """Findings on numbers and names; which parts a report has is not told by its forms alone."""
    return {
        (f["identity"], f["form"], f["row"], f["column"])
        for f in check([reading])["findings"]
        if f["identity"] != "C-01"
    }


def _line(c: Counter[str]) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{c['pages']:4} pages {c['milliseconds'] / 1000 / c['pages']:5.1f} s/page, numbers {c['right']}/{c['printed']} "
        f"{c['right'] / c['printed']:.2%}, names {c['named'] / c['names']:.2%}, wrong but sure {c['confident']}, "
        f"doubtful {c['doubtful'] / c['printed']:.2%}, issues {c['issues']}, "
        f"findings of ours {c['findings']}, missed {c['missed']}, peak {peak} MB"
    )


if __name__ == "__main__":
    main()
