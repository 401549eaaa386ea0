"""Subject codes and names as found in published reports. Facts with their support; see README.md beside the files.

Here belongs reading these files, once, into plain values. What is made of them stands in `pipeline.normalise`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.wording import bare


class Subject(NamedTuple):
    """A subject of the functional or economic classification; `name` as it is printed today.

    `first_seen` and `last_seen` are fiscal years of sightings, not of validity; 0 where not known.
    """

    code: str
    name: str
    first_seen: int
    last_seen: int


class Rename(NamedTuple):
    """A name that a code bore: `last_seen_old` and `first_seen_new` are fiscal years, 0 where not known.

    `continues` says that the new name means the same money; otherwise the code was given to another subject.
    """

    code: str
    old_name: str
    new_name: str
    last_seen_old: int
    first_seen_new: int
    continues: bool

    @property
    def until(self) -> int:
        """The last fiscal year of the old name, as far as it is known."""
        return self.last_seen_old or self.first_seen_new - 1


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def subjects(classification: str) -> dict[str, Subject]:
    """All known subjects of "functional" or "economic", by code."""
    return {
        row["code"]: Subject(row["code"], row["name"], int(row["first_seen"] or 0), int(row["last_seen"] or 0))
        for row in _rows(f"{classification}.csv")
    }


@cache
def renames() -> dict[str, tuple[Rename, ...]]:
    """Names that codes bore before, by code."""
    found: dict[str, list[Rename]] = {}
    for row in _rows("renames.csv"):
        years = int(row["last_seen_old"] or 0), int(row["first_seen_new"] or 0)
        continues = row["continues"] == "yes"
        found.setdefault(row["code"], []).append(
            Rename(row["code"], row["old_name"], row["new_name"], *years, continues=continues)
        )
    return {code: tuple(names) for code, names in found.items()}


@cache
def aliases() -> dict[str, frozenset[str]]:
    """Other spellings seen for a code (shortened, with a hint in brackets, misprinted), made comparable."""
    found: dict[str, set[str]] = {}
    for row in _rows("aliases.csv"):
        found.setdefault(row["code"], set()).add(bare(row["printed_name"]))
    return {code: frozenset(names) for code, names in found.items()}


@cache
def codes_of_names(classification: str) -> dict[str, frozenset[str]]:
    """Codes that bear a name (comparable spelling), today or before; generic names have many."""
    found: dict[str, set[str]] = {}
    for subject in subjects(classification).values():
        for name in {bare(subject.name), *aliases().get(subject.code, ())}:
            found.setdefault(name, set()).add(subject.code)
        for rename in renames().get(subject.code, ()):
            found.setdefault(bare(rename.old_name), set()).add(subject.code)
    return {name: frozenset(codes) for name, codes in found.items()}
