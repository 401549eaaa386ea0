"""What differs between two versions of a report: numbers, lines and names, in its tables and in its prose."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Fact = Mapping[str, Any]
    """A row with form, line, measure, label, amount and the place where it stands."""


class Key(NamedTuple):
    """What a number is filed under; prose that names no line is filed under its words."""

    form: str
    line: str
    measure: str


@dataclass(frozen=True, slots=True)
class Change:
    """A number that is another one now, or that stands in one of the versions only (the other is None)."""

    key: Key
    old: Fact | None
    new: Fact | None


@dataclass(frozen=True, slots=True)
class Renaming:
    """A line that is called otherwise now."""

    old: Fact
    new: Fact


@dataclass(frozen=True, slots=True)
class Differences:
    """The numbers that differ, in the order of the newer version; `same` counts the others."""

    changes: Sequence[Change]
    renamings: Sequence[Renaming]
    same: int


def differences(old: Iterable[Fact], new: Iterable[Fact]) -> Differences:
    """Compare two versions. A row that is printed again is one, and a blank cell is the same as none or as a zero."""
    before, after = _filed(old), _filed(new)
    keys = dict.fromkeys([*after, *before])
    changes = [change for key in keys if (change := _change(key, before.get(key, []), after.get(key, [])))]
    return Differences(changes, _renamings(before, after), len(keys) - len(changes))


def _filed(facts: Iterable[Fact]) -> dict[Key, list[Fact]]:
    filed: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        filed[Key(fact["form"], fact["line"] or fact["label"], fact["measure"])].append(fact)
    return filed


def _change(key: Key, old: Sequence[Fact], new: Sequence[Fact]) -> Change | None:
    before, after = {fact["amount"] for fact in old} - {0}, {fact["amount"] for fact in new} - {0}
    if before == after:
        return None
    return Change(key, _telling(old, after), _telling(new, before))


def _telling(facts: Sequence[Fact], others: set[Any]) -> Fact | None:
    """That of several numbers which the other version does not have."""
    return next((fact for fact in facts if fact["amount"] and fact["amount"] not in others), next(iter(facts), None))


def _renamings(old: Mapping[Key, Sequence[Fact]], new: Mapping[Key, Sequence[Fact]]) -> list[Renaming]:
    before = {(key.form, key.line): facts[0] for key, facts in old.items()}
    after = {(key.form, key.line): facts[0] for key, facts in new.items()}
    return [
        Renaming(before[line], fact)
        for line, fact in after.items()
        if line in before and before[line]["label"] != fact["label"]
    ]
