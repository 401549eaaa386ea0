"""The fault laboratory: slips of many kinds put into consistent books at random places, and what is found of them.

python -m tests.fault_lab                   19 slips, 60 reports each
python -m tests.fault_lab 100 12            more reports, another seed
python -m tests.fault_lab 10 3 sign copied  some slips, with what was missed
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from expectations.causes.explain import causes_of
from expectations.causes.load import problems
from expectations.evaluate import evaluate
from tests.accounts import Account, Key, load
from tests.random_books import books
from tests.slips import SLIPS, faulty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from expectations.causes.explain import Cause
    from tests.slips import Faulty

_BROKEN = """
    SELECT DISTINCT report_id FROM quality.identity_result JOIN quality.identity USING (identity)
    WHERE outcome = 'fail' AND severity <> 'I'
"""


@dataclass
class Score:
    """Reports with this slip: how many are detected, have the right cells, the right kind, and how many tell more."""

    reports: int = 0
    detected: int = 0
    cell: int = 0
    kind: int = 0
    alone: int = 0
    ties: int = 0
    misses: list[str] = field(default_factory=list)


def examine(
    reports: Iterable[int], seed: int = 1, names: tuple[str, ...] = tuple(SLIPS)
) -> tuple[dict[str, Score], int, float]:
    """The score of each slip, how many causes clean books were given, and the seconds that causes took.

    Each slip is put into the books of each of these numbers, which are also looked at without it.
    """
    clean = {f"clean {n}": books(seed * 100_000 + n) for n in reports}
    drawn = {f"{name} {n}": (name, faulty(name, seed * 100_000 + n)) for name in names for n in reports}
    with duckdb.connect() as con:
        load(con, *(Account(key, report.cells) for key, (_, report) in drawn.items()),
             *(Account(key, cells) for key, cells in clean.items()))  # fmt: skip
        evaluate(con)
        failing = {report for (report,) in con.execute(_BROKEN).fetchall()}
        told: dict[str, list[Cause]] = {}
        started = time.process_time()
        for problem in problems(con):
            told[problem.relations[0].report_id] = causes_of(problem)
        seconds = time.process_time() - started
    scores = {name: Score() for name in names}
    for key, (name, report) in drawn.items():
        _add(scores[name], key, report, told.get(key, []), detected=key in failing)
    return scores, sum(key in failing for key in clean), seconds


def _add(score: Score, key: str, report: Faulty, causes: list[Cause], *, detected: bool) -> None:
    score.reports += 1
    score.detected += detected
    named = [
        {cell.place[1:] for cell in cause.cells} | {c.place[1:] for c, _ in cause.alternatives} for cause in causes
    ]
    hit = bool(causes) and _is_named(report, causes, named)
    kinds = sorted(cause.kind.value for cause in causes)
    # any other number in place of a sum is told as a sum that is not one
    right = [kind.replace("stale_total", "misprint") for kind in kinds] == sorted(
        kind.replace("stale_total", "misprint") for kind in report.kinds
    )
    score.cell += hit
    score.kind += right
    score.alone += len(causes) == len(report.kinds)
    score.ties += any(cause.alternatives for cause in causes)
    if not (hit and right and detected):
        seen = [sorted({".".join(cell.place[1:]) for cell in cause.cells}) for cause in causes]
        score.misses.append(
            f"{key}: {'found' if detected else 'NOT SEEN'} {kinds} cell {hit} {seen} {sorted(report.wrong)}"
        )


def _is_named(report: Faulty, causes: list[Cause], named: list[set[Key]]) -> bool:
    """Whether the wrong cells are among those that the causes name.

    A row left out is named by its form and the subject above. Of a block, what moved within one sum leaves no trace:
    more than half of its cells must be named.
    """
    if report.kinds == ("missing_row",):
        form, line, _ = next(iter(report.wrong))
        rows = [c for cause in causes for c in (*cause.cells[:1], *(other for other, _ in cause.alternatives))]
        return any(c.place.form == form and c.place.line in {line, "?"} and c.parent == line[:-2] for c in rows)
    every = set[Key]().union(*named)
    if report.kinds == ("shifted",):
        return len(report.wrong & every) > len(report.wrong) / 2
    return report.wrong <= every


def main() -> None:
    """Print the table."""
    reports, seed = (int(argument) for argument in (*sys.argv[1:3], *("60", "1")[len(sys.argv) - 1 :]))
    names = tuple(sys.argv[3:]) or tuple(SLIPS)
    scores, clean, seconds = examine(range(reports), seed, names)
    total = Counter()
    for name, score in scores.items():
        n = score.reports
        print(f"{name:16}{n:5} found {score.detected / n:7.1%} cell {score.cell / n:7.1%} kind {score.kind / n:7.1%} "
              f"one finding each {score.alone / n:7.1%} tied {score.ties / n:7.1%}")  # fmt: skip
        total.update(reports=n, detected=score.detected, cell=score.cell, kind=score.kind)
    n = total["reports"]
    print(f"{'all':16}{n:5} found {total['detected'] / n:7.1%} cell {total['cell'] / n:7.1%} kind {total['kind'] / n:7.1%}; "
          f"clean books with a finding {clean}; {1000 * seconds / n:.0f} ms CPU a report")  # fmt: skip
    if len(sys.argv) > 3:
        print(*(miss for score in scores.values() for miss in score.misses), sep="\n")


if __name__ == "__main__":
    main()
