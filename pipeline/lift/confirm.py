"""Rows recognised from a picture: which line is meant, where a code, a name or both may be misread.

Code and name confirm each other. One digit of a code is easily misread, a few characters of a long name as well;
both so that they agree on another subject hardly ever.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.reference import aliases, renames, subjects
from pipeline.wording import bare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ALIKE = 0.6
"""Likeness, 0 to 1, of a misread name to the name of the code beside it."""

SAME = 0.8
"""Likeness that is enough to correct a code by its name, or to take a name for that of a line."""

LIKELIER = 0.1
"""By so much must one name be more alike than any other, where nothing else tells which one is meant."""

_SPECKS = " :：;；.。·•,，、'‘’`|_-—~"


class Confirmed(NamedTuple):
    """A code and the name that was printed beside it; `sure` if both say the same."""

    code: str
    name: str
    sure: bool


def confirm(code: str, name: str, classification: str, seen: Collection[str]) -> Confirmed:
    """The subject that a code and a name, both recognised, mean; `seen` are the codes of the rows above.

    A code that fits neither its name nor the rows above gives way to the only one, a single digit off, that does.
    What nothing confirms is taken as it was read, and not sure.
    """
    name = _without_specks(name)
    own = _likest(name, _names(code, classification))
    fits = _fits(code, seen)
    others = [
        (other, found.name)
        for other in subjects(classification)
        if _one_digit_off(code, other)
        and _fits(other, seen)
        and (found := _likest(name, _names(other, classification))).likeness >= SAME
        and (found.likeness > own.likeness + LIKELIER or not fits)
    ]
    if len(others) == 1:
        return Confirmed(*others[0], sure=True)
    alike = own.likeness >= ALIKE
    return Confirmed(code, own.name if alike else name, sure=alike and fits and not others)


def likeliest(name: str, known: Iterable[str]) -> str:
    """The known name that a misread one means, "" if that is not clear."""
    name = _without_specks(name)
    ranked = sorted(((_likeness(name, word), word) for word in known), reverse=True)[:2]
    if not ranked or ranked[0][0] < SAME or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < LIKELIER):
        return ""
    return ranked[0][1]


def _without_specks(name: str) -> str:
    """The name without what specks and rests of rules at the edge of its cell were read as."""
    return bare(name.strip(_SPECKS))


class _Likest(NamedTuple):
    likeness: float
    name: str


def _likest(name: str, names: Iterable[str]) -> _Likest:
    """The likest of these names; one that is there whole is like, whatever stands with it where a rule was lost."""
    likest = [_Likest(max(_likeness(name, word), SAME if word in name else 0.0), word) for word in names]
    return max(likest, default=_Likest(0.0, ""))


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@cache
def _names(code: str, classification: str) -> tuple[str, ...]:
    """Every name that a code bears or bore."""
    subject = subjects(classification).get(code)
    known = [bare(subject.name)] if subject else []
    known += [*aliases().get(code, ()), *(bare(rename.old_name) for rename in renames().get(code, ()))]
    return tuple(dict.fromkeys(known))


def _fits(code: str, seen: Collection[str]) -> bool:
    """True if the subject that a code belongs to stands above, or none of its level does."""
    return len(code) == 3 or code[:-2] in seen or not any(len(other) == len(code) - 2 for other in seen)


def _one_digit_off(code: str, other: str) -> bool:
    return len(code) == len(other) and sum(a != b for a, b in zip(code, other, strict=True)) == 1
