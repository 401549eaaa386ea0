"""Slips in the prose are found where they are, in every phrasing, and nothing is found in clean prose."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from pipeline.narrative.read import read_narrative
from pipeline.read.document import read_pages
from tests.narratives.books import books
from tests.narratives.pages import pages_of
from tests.narratives.phrasings import PHRASINGS
from tests.narratives.printing import pdf_of
from tests.narratives.readings import head_of, tables_of
from tests.narratives.slips import SLIPS, TEXT_SLIPS, Unfit
from tests.narratives.story import tell
from tests.text_lab import ALL, Score, Understood, examine

FOUND, UNDERSTOOD = 0.97, 0.97
WORDS = 0.85
"""Of slips of words: a wrong year or name is told only where a sentence begins with it (docs/narrative.md)."""


@pytest.fixture(scope="module")
def examined(thorough) -> tuple[dict[tuple[str, str], Score], dict[str, Understood]]:
    return examine(1, seed=7, each=len(PHRASINGS) if thorough else 1)


@pytest.mark.parametrize(("kinds", "least"), [(SLIPS, FOUND), (TEXT_SLIPS, WORDS)], ids=["numbers", "words"])
def test_slips_are_found_where_they_are(examined, kinds, least):
    scores = [score for (name, _), score in examined[0].items() if name in kinds]
    reports, found = (sum(getattr(score, name) for score in scores) for name in ("reports", "found"))

    assert {name for (name, _), score in examined[0].items() if score.reports} >= set(kinds)
    assert found >= least * reports, [miss for score in scores for miss in score.misses]


def test_nothing_is_found_in_clean_narratives(examined):
    assert [line for found in examined[1].values() for line in found.false] == []


@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_amounts_are_understood(examined, phrasing):
    understood = examined[1][phrasing]

    assert understood.claimed >= UNDERSTOOD * understood.amounts > 0
    assert understood.right >= UNDERSTOOD * understood.told > 0, understood.lost


@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_a_printed_narrative_says_the_same_as_its_lines(phrasing):
    account, teller = books(3), PHRASINGS[phrasing]
    pages = pages_of(teller(tell(account, wan=teller.style.wan, seed=3)).lines(), teller.style)
    read, _ = read_pages(pdf_of(pages), "printed.pdf")
    _, facts = tables_of(account.cells, wan=teller.style.wan)
    from_lines, from_file = (read_narrative(each, (), head_of(account), facts)[0] for each in (pages, read))

    assert [claim[:3] for claim in _said(from_file)] == [claim[:3] for claim in _said(from_lines)]
    for one, other in zip(_said(from_file), _said(from_lines), strict=True):
        assert one[3:] == pytest.approx(other[3:], abs=8)


def _said(narrative):
    return [
        ((c.topic, c.line, c.measure), (c.value, c.direction, c.year, c.reason), c.sentence, c.page, *c.box)
        for c in narrative.claims
    ]


def test_every_slip_has_a_place_in_at_least_one_phrasing_and_most_in_three():
    places = Counter()
    for teller in PHRASINGS.values():
        drawn = [teller(tell(books(seed), wan=teller.style.wan, seed=seed)) for seed in range(8)]
        worded = [(told, tuple(told.lines())) for told in drawn]
        for name in ALL:
            places[name] += any(_fits(name, told, lines) for told, lines in worded)
    assert min(places[name] for name in ALL) >= 1
    assert sum(places[name] >= 3 for name in ALL) >= len(ALL) - 2, places


def _fits(name, told, lines):
    try:
        if name in SLIPS:
            slipped = SLIPS[name](told.story, told.told, Random(name))
            return tuple(type(told)(slipped.story).lines()) != lines
        return TEXT_SLIPS[name](lines, told.books, Random(name)).lines != lines
    except Unfit:
        return False
