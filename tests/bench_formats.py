"""Measure every format on the sample city: CPU time of a report (LibreOffice included), cells right, cells too many.

    python -m tests.bench_formats [YEAR]

Every report of a year is rendered into every format and compared cell by cell with what its books print.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

from pipeline.document import read_document
from pipeline.model import Source
from tests.city.expected import expected_facts
from tests.city.formats import SOURCES, converted, rendered
from tests.city.make import REPORTS
from tests.city.plan import reports


def main() -> None:
    """Print the table."""
    year = sys.argv[1] if len(sys.argv) > 1 else "2024"
    chosen = [report for report in reports() if report.file.startswith(year)]
    files = {"pdf": {report.file: (REPORTS / report.file).read_bytes() for report in chosen}}
    for kind in ("xlsx", "docx", "html"):
        files[kind] = {report.file: rendered(report, kind) for report in chosen}
    for kind, source in SOURCES.items():
        names = {file.replace("/", "-").removesuffix(".pdf"): file for file in files[source]}
        made = converted({name: files[source][file] for name, file in names.items()}, source, kind)
        files[kind] = {names[name]: data for name, data in made.items()}
    print("format  ms/report  cells right  extra  issues")
    for kind, made in files.items():
        right = printed = extra = issues = 0
        seconds = 0.0
        for file, data in made.items():
            started = sum(os.times()[:4])
            reading = read_document(data, Source(f"report.{kind}"))
            seconds += sum(os.times()[:4]) - started
            wanted = Counter(cell for cell in expected_facts(file) if cell[3] not in {"", "-"})
            read = Counter((f.form, f.line, f.measure, f.printed) for f in reading.facts if f.printed not in {"", "-"})
            right += (wanted & read).total()
            extra += (read - wanted).total()
            printed += wanted.total()
            issues += len(reading.issues)
            if "-v" in sys.argv and (wanted != read or reading.issues):
                print(file, kind, list((wanted - read).items())[:5], list((read - wanted).items())[:5])
                print(*(f"   {issue.kind} {issue.text}" for issue in reading.issues[:8]), sep="\n")
        share = f"{100 * right / printed:.2f}%"
        print(f"{kind:6} {1000 * seconds / len(made):10.1f} {share:>12} {extra:6} {issues:7}")


if __name__ == "__main__":
    main()
