"""The fault laboratory of the text: slips put into narratives of several phrasings, and what is found of them.

    python -m tests.text_lab                     30 reports for each slip and phrasing
    python -m tests.text_lab 100 12              more reports, another seed
    python -m tests.text_lab 10 3 share own_year some slips, with what was missed

A slip counts as found if an error or warning names a number of its line in its section (or in the table of which it
speaks), or, for a slip of wording, if a finding about words cites it or stands on its page. Clean narratives must have
neither errors nor warnings.
"""

from __future__ import annotations

import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from expectations.evaluate import evaluate
from expectations.findings import judge
from pipeline.frames import frames
from tests.narratives.cases import Case, clean, faulty
from tests.narratives.phrasings import PHRASINGS
from tests.narratives.slips import SLIPS, TEXT_SLIPS
from warehouse.load import load_frames

if TYPE_CHECKING:
    from collections.abc import Iterator


_OF_WORDS = frozenset({"NT-01", "NT-02", "NT-03", "NT-04", "NT-05", "NT-06", "NA-01", "NA-02", "NA-03"})
"""Identities of what is said without numbers: a slip of wording must break one of them, on its page."""

ALL = (*SLIPS, *TEXT_SLIPS)
_FINDINGS = """
    SELECT v.document, f.finding_id, f.severity, f.identity, f.form, f.line, f.measure, f.page, f.sentence,
        list((c.form, c.line)) FILTER (c.form IS NOT NULL) AS cells, list(c.page) AS pages
    FROM quality.finding f
    JOIN core.version v USING (report_id)
    LEFT JOIN quality.finding_cell c USING (finding_id)
    WHERE f.severity <> 'I' OR f.identity LIKE 'NT-%'
    GROUP BY ALL
"""


@dataclass(frozen=True)
class Finding:
    """What was told of a report: the places of its numbers, as (form, line), and its pages."""

    identity: str
    severity: str
    places: frozenset[tuple[str, str]]
    pages: frozenset[int]
    sentence: str

    def is_at(self, case: Case) -> bool:
        if case.pages:
            pages = {int(page) for page in re.findall(r"第(\d+)页", self.sentence)} | self.pages
            return self.identity in _OF_WORDS and (bool(pages & case.pages) or case.what in self.sentence)
        return any(form in case.forms and line in case.lines for form, line in self.places)


@dataclass
class Score:
    """Reports with a slip of one kind in one phrasing: how many there are, are told of anywhere, and at the place."""

    reports: int = 0
    seen: int = 0
    found: int = 0
    more: int = 0
    misses: list[str] = field(default_factory=list)


@dataclass
class Understood:
    """Clean narratives of one phrasing: their amounts, and those that became claims; what was wrongly found.

    `told` counts the numbers that the story put into words, `right` those that came out with the same subject and value.
    """

    amounts: int = 0
    claimed: int = 0
    told: int = 0
    right: int = 0
    false: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def judged(cases: list[Case]) -> dict[str, list[Finding]]:
    """The errors and warnings of each report, by its document."""
    told = defaultdict(list)
    with duckdb.connect() as con:
        readings = [reading for case in cases for reading in (case.reading, case.before)]
        load_frames(con, frames(readings))
        evaluate(con)
        judge(con, None, date(2026, 1, 1), comments=False)
        for document, _, severity, identity, form, line, _, page, sentence, cells, pages in con.execute(
            _FINDINGS
        ).fetchall():
            places = frozenset((*((f, k) for f, k in cells or ()), (form, line)))
            told[document].append(Finding(identity, severity, places, frozenset({page, *(pages or ())}), sentence))
    return told


def examine(
    reports: int,
    seed: int = 1,
    names: tuple[str, ...] = ALL,
    phrasings: tuple[str, ...] = tuple(PHRASINGS),
    each: int = len(PHRASINGS),
) -> tuple[dict[tuple[str, str], Score], dict[str, Understood]]:
    """The score of each slip in `each` of the phrasings that have a place for it, in turn; and what was understood and
    wrongly told of clean narratives.
    """
    understood = {phrasing: Understood() for phrasing in phrasings}
    cases: dict[tuple[str, str], list[Case]] = {}
    for turn, name in enumerate(names, seed):
        left = each
        for at in range(len(phrasings)):
            if not left:
                break
            place = name, phrasings[(at - turn) % len(phrasings)]
            cases[place] = [case for n in range(reports) if (case := faulty(*place, seed * 100_000 + n))]
            left -= bool(cases[place])
    scores = {place: Score() for place in cases}
    plain = {phrasing: [clean(phrasing, seed * 100_000 + n) for n in range(reports)] for phrasing in phrasings}
    told = judged([case for group in (*cases.values(), *plain.values()) for case in group])
    for at, group in cases.items():
        for case in group:
            _add(scores[at], case, told.get(case.reading.document, []))
    for phrasing, group in plain.items():
        for case in group:
            _count(understood[phrasing], case, told.get(case.reading.document, []))
    return scores, understood


def _add(score: Score, case: Case, findings: list[Finding]) -> None:
    score.reports += 1
    score.seen += bool(findings)
    hit = any(finding.is_at(case) for finding in findings)
    score.found += hit
    score.more += max(0, len(findings) - 1)
    if not hit:
        seen = [f"{finding.identity} {finding.sentence[:60]}" for finding in findings[:3]]
        place = sorted(case.pages) or f"{max(case.forms)} {sorted(case.lines)[:6]}"
        score.misses.append(f"{case.reading.document}: {place}: {(case.said or case.what)[:150]} | {seen}")


def _count(understood: Understood, case: Case, findings: list[Finding]) -> None:
    narrative = case.reading.narrative
    for amounts, claimed in narrative.amounts if narrative else ():
        understood.amounts += amounts
        understood.claimed += claimed
    claims = {(c.topic, c.line, c.measure): c.value for c in narrative.claims} if narrative else {}
    for key, value in case.told.items():
        understood.told += 1
        understood.right += claims.get(key) == value
        if claims.get(key) != value:
            understood.lost.append(f"{case.reading.document}: {key} {value} read as {claims.get(key)}")
    understood.false += [
        f"{case.reading.document}: {finding.identity} {finding.sentence}"
        for finding in findings
        if finding.severity != "I"
    ]


def _rows(scores: dict[tuple[str, str], Score], names: tuple[str, ...]) -> Iterator[str]:
    phrasings = tuple(dict.fromkeys(phrasing for _, phrasing in scores))
    yield f"| slip | reports | found | {' | '.join(phrasings)} |"
    yield "| --- | --- | --- |" + " --- |" * len(phrasings)
    for name in (*names, "**all**"):
        own = [score for (slip, _), score in scores.items() if name in {slip, "**all**"}]
        reports, found = sum(score.reports for score in own), sum(score.found for score in own)
        each = []
        for phrasing in phrasings:
            some = [s for (slip, other), s in scores.items() if other == phrasing and name in {slip, "**all**"}]
            each.append(_share(sum(s.found for s in some), sum(s.reports for s in some)))
        yield f"| {name} | {reports} | {_share(found, reports)} | {' | '.join(each)} |"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"


def main() -> None:
    """Print the tables."""
    given = [argument for argument in sys.argv[1:] if not argument.isdigit()]
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    reports, seed = (*numbers, *(30, 1)[len(numbers) :])
    names = tuple(name for name in given if name in ALL) or ALL
    phrasings = tuple(name for name in given if name in PHRASINGS) or tuple(PHRASINGS)
    started = time.process_time()
    scores, understood = examine(reports, seed, names, phrasings)
    print("\n".join(_rows(scores, names)))
    for phrasing, found in understood.items():
        print(f"{phrasing}: {_share(found.claimed, found.amounts)} of {found.amounts} amounts understood, "
              f"{_share(found.right, found.told)} of {found.told} numbers right, {len(found.false)} findings on clean ones")  # fmt: skip
    if given:
        for line in (miss for score in scores.values() for miss in score.misses):
            print(line)
        for line in [line for found in understood.values() for line in found.lost[:15]]:
            print(line)
    for line in [line for found in understood.values() for line in found.false][:40]:
        print(line)
    print(f"{time.process_time() - started:.1f} s of CPU")


if __name__ == "__main__":
    main()
