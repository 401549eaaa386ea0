"""The second reading: silent where pages were read right, and not where a mistake was made on purpose."""

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assets.parse import ParseSummary
from pipeline import doubt
from pipeline.document import read_document
from pipeline.doubt import second_opinion
from pipeline.frames import frames
from pipeline.issues import IssueKind
from pipeline.model import Source
from pipeline.read.document import read_pages
from tests.spoiled_pages import MISTAKES, lost_sign

CITY = Path(__file__).parent / "city" / "reports" / "2024"
WORD, EXCEL, UNRULED = (CITY / name for name in ("hotline.pdf", "agriculture.pdf", "rescue.pdf"))


def read_twice(path, numbers):
    data = path.read_bytes()
    pages = [page for page in read_pages(data, path.name)[0] if page.number in numbers]
    return pages, list(doubt._read_again(data, pages))


@pytest.fixture(scope="module")
def twice():
    pages, again = read_twice(WORD, {4, 5, 6})
    more_pages, more_again = read_twice(EXCEL, {6, 8})
    return list(zip([*pages, *more_pages], [*again, *more_again], strict=True))


def test_what_was_read_right_agrees(twice):
    assert [doubt._compared(page, cells) for page, cells in twice] == [[]] * 5


@pytest.mark.parametrize("mistake", [one for one in MISTAKES if one is not lost_sign], ids=lambda one: one.__name__)
def test_every_mistake_is_noticed(twice, mistake):
    rng = random.Random(mistake.__name__)
    spoiled = [(spoil(mistake, page, rng), cells) for page, cells in twice for _ in range(4)]
    noticed = [doubt._compared(page, cells) for page, cells in spoiled if page is not None]

    assert len(noticed) >= 8
    assert all(noticed)
    assert {issue.kind for issues in noticed for issue in issues} == {IssueKind.SECOND_READING_DIFFERS}


def spoil(mistake, page, rng):
    """The page with the mistake, or None if it has no place for it."""
    try:
        return mistake(page, rng)
    except IndexError:
        return None


def test_a_lost_sign_is_noticed(twice):
    page, cells = twice[0]
    mine = next(cell for table in page.tables for cell in table.cells if cell.text == "0.00")
    theirs = [
        cell._replace(text="-5.00")
        if cell.box.x0 == pytest.approx(mine.box.x0, abs=3) and doubt._holds(doubt._Cell(mine.box, ""), cell)
        else cell
        for cell in cells
    ]
    table = replace(
        page.tables[0],
        cells=tuple(replace(cell, text="-5.00") if cell == mine else cell for cell in page.tables[0].cells),
    )
    negative = replace(page, tables=(table, *page.tables[1:]))

    assert doubt._compared(negative, theirs) == []
    assert doubt._compared(lost_sign(negative, random.Random(1)), theirs)


def test_a_table_without_rules_proves_nothing():
    pages, again = read_twice(UNRULED, {4, 5})

    assert [doubt._compared(page, cells) for page, cells in zip(pages, again, strict=True)] == [None, None]


def test_words_that_run_over_a_rule_are_no_difference(twice):
    page, cells = twice[1]
    words = [cell for cell in cells if doubt._is_word(cell)]
    left, right = next((one, other) for one, other in pairwise(words) if one.box.top == other.box.top)
    moved = {left: left._replace(text=left.text[:-1]), right: right._replace(text=left.text[-1] + right.text)}

    assert doubt._compared(page, [moved.get(cell, cell) for cell in cells]) == []


def test_the_sample_is_the_same_every_time():
    data = UNRULED.read_bytes()
    pages, _ = read_pages(data, "x.pdf")
    half = second_opinion(data, pages, 0.5)

    assert half == second_opinion(data, pages, 0.5)
    assert 0 < half.compared + half.not_comparable < len(pages)
    assert second_opinion(data, pages, 0) == second_opinion(b"PK\x03\x04", pages, 1) == doubt.SecondOpinion()


def test_a_page_that_would_take_long_proves_nothing(monkeypatch):
    monkeypatch.setattr(doubt, "_EDGES", 10)
    _, again = read_twice(WORD, {5})
    assert again == [None]


def test_a_failing_second_reader_proves_nothing(monkeypatch):
    def fail(_):
        raise TypeError

    monkeypatch.setattr(doubt, "_cells", fail)
    data = UNRULED.read_bytes()
    pages, _ = read_pages(data, "x.pdf")
    assert second_opinion(data, pages[:3], 1) == doubt.SecondOpinion(0, 3)


def test_disagreements_are_issues_and_counted(monkeypatch, twice):
    page, cells = twice[0]
    wrong = [cell._replace(text=cell.text.replace("0", "8")) for cell in cells]
    monkeypatch.setattr(doubt, "_drawn", lambda document, number: number != page.number)
    monkeypatch.setattr(doubt, "_cells", lambda _: wrong)

    reading = read_document(WORD.read_bytes(), Source("a.pdf"), 0.5)

    told = [issue for issue in reading.issues if issue.kind is IssueKind.SECOND_READING_DIFFERS]
    assert (reading.compared, reading.not_comparable, len(told)) == (1, 0, 6)
    assert "第4页另有" in told[-1].text
    summary = ParseSummary().plus(frames([reading]))
    assert (summary.compared, summary.disagreements) == (1, 6)
