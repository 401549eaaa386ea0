"""Reports of the laboratory: a narrative about random books, clean or with one slip, and where that must be found."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

from tests.narratives.books import PLACES, books
from tests.narratives.phrasings import PHRASINGS
from tests.narratives.readings import reading_of, year_before
from tests.narratives.slips import SLIPS, TEXT_SLIPS, Unfit
from tests.narratives.story import tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from pipeline.model import Page, Reading
    from tests.city.ledger import Key
    from tests.city.narrative import Line
    from tests.narratives.books import Books
    from tests.narratives.wording import Teller


_SYLLABLES = "云松石溪岩梅竹柏枫桥泉湖堤湾岭峰谷坪塘渡亭园苑里坊"


@dataclass(frozen=True)
class Case:
    """A report, and where a finding must be: a section or table with lines of it, or a page."""

    reading: Reading
    before: Reading
    forms: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    pages: frozenset[int] = frozenset()
    what: str = ""
    said: str = ""
    told: Mapping[Key, Decimal] = field(default_factory=dict)


def clean(phrasing: str, seed: int) -> Case:
    """A narrative without any slip."""
    key, teller = f"clean {phrasing} {seed}", PHRASINGS[phrasing]
    account = _named(books(seed), key)
    told = teller(tell(account, wan=teller.style.wan, seed=seed))
    reading, _ = reading_of(key, account, told.lines(), teller.style)
    return Case(reading, year_before(f"{key} before", account, wan=teller.style.wan), told=_meant(told))


def _named(account: Books, key: str) -> Books:
    """The same books of a unit with a name of its own: units are told apart by nothing else."""
    place = next(place for place in PLACES if account.unit.startswith(place))
    own = "".join(Random(key).choices(_SYLLABLES, k=4))
    return replace(account, unit=f"{place}{own}{account.unit.removeprefix(place)}")


def _meant(teller: Teller) -> dict[Key, Decimal]:
    """The numbers that a phrasing has put into words, as claims give them."""
    unit = 10_000 if teller.style.wan else 1
    of_money = {"final", "change", "initial_budget", "full_budget", "budget", "average"}
    return {
        key: value * (unit if key[2] in of_money or key[2] in {"gap", "gap_initial"} else 1)
        for key in sorted(teller.told)
        if (value := teller.story.values.get(key)) is not None
    }


def faulty(slip: str, phrasing: str, seed: int) -> Case | None:
    """A narrative with this slip; None where this phrasing tells nothing in which it could be."""
    key, teller = f"{slip} {phrasing} {seed}", PHRASINGS[phrasing]
    for attempt in range(25):
        at = seed + 10_000_000 * attempt
        account, random = _named(books(at), key), Random(f"{slip} {phrasing} {at}")
        told = teller(tell(account, wan=teller.style.wan, seed=at))
        lines = tuple(told.lines())
        try:
            if slip in TEXT_SLIPS:
                wrong = TEXT_SLIPS[slip](lines, account, random)
            else:
                slipped = SLIPS[slip](told.story, told.told, random)
        except Unfit:
            continue
        before = year_before(f"{key} before", account, wan=teller.style.wan)
        if slip in TEXT_SLIPS:
            reading, pages = reading_of(key, account, wrong.lines, teller.style)
            return Case(
                reading,
                before,
                pages=_pages_of(wrong.wrong, wrong.lines, pages),
                what=wrong.text,
                said=wrong.lines[wrong.wrong].text,
            )
        reworded = tuple(teller(slipped.story).lines())
        reading, _ = reading_of(key, account, reworded, teller.style)
        what = next((new.text for old, new in zip(lines, reworded, strict=False) if old != new), "")
        return Case(reading, before, slipped.forms, slipped.lines, what=what)
    return None


def _pages_of(wrong: int, lines: tuple[Line, ...], pages: tuple[Page, ...]) -> frozenset[int]:
    """The pages on which a line stands: those that hold its characters, counted from the first line on."""
    before = sum(len(line.text.replace(" ", "")) for line in lines[:wrong])
    length = len(lines[wrong].text.replace(" ", ""))
    at, found = 0, set()
    for page in pages:
        own = page.lines[: -1 if page.number > 1 else None]
        size = sum(len(line.text.replace(" ", "")) for line in own)
        if at < before + length and at + size > before:
            found.add(page.number)
        at += size
    return frozenset(found)
