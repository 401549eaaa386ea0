"""Series of subjects: under which code the figures of a subject line up over years, and on what evidence.

See the file README.md of `pipeline.reference`: only what was seen printed joins two codes or parts one.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pipeline.reference import renames, subjects
from pipeline.wording import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Evidence(StrEnum):
    """Why a name of a code belongs to its series."""

    SAME = "same"
    RENAMED = "renamed"
    RECODED = "recoded"
    ENDED = "ended"


class Named(NamedTuple):
    """A name that a code bears in the fiscal years from `first_year` to `last_year`; None where it is open.

    `series` is the code under which the subject is found today; of a subject that ended when its code was given to
    another, its code and its last year.
    """

    code: str
    name: str
    first_year: int | None
    last_year: int | None
    series: str
    evidence: Evidence


def names_of(classification: str) -> Iterator[Named]:
    """All names of all codes of "functional" or "economic", those of one code in the order of the years."""
    now = {code: subject.name for code, subject in subjects(classification).items()}
    recoded = _recoded(classification)
    for code, name in now.items():
        series, since = recoded.get(code, code), None
        evidence = Evidence.SAME if series == code else Evidence.RECODED
        past = sorted(renames().get(code, ()), key=lambda rename: rename.until)
        # a code given to another subject ends all names before
        ends = [rename.until for rename in past if not rename.continues and rename.last_seen_old]
        for rename in past:
            until = min((end for end in ends if end >= rename.until), default=None)
            if until is None:
                told = series, Evidence.RENAMED
            elif heir := _heir(code, rename.old_name, until, classification):
                told = heir, Evidence.RECODED
            else:
                told = f"{code}/{until}", Evidence.ENDED
            yield Named(code, rename.old_name, since, rename.until, *told)
            since = rename.until + 1
        yield Named(code, name, since, None, series, evidence)


def _recoded(classification: str) -> Mapping[str, str]:
    """Codes that were seen no more when another of their level had come up under their name, and that other one."""
    bearing = defaultdict(list)
    for subject in subjects(classification).values():
        bearing[len(subject.code), bare(subject.name)].append(subject)
    found = {}
    for same in bearing.values():
        if len(same) == 2:  # a name that more codes bear says too little
            before, after = sorted(same, key=lambda subject: subject.last_seen)
            if 0 < before.last_seen < after.first_seen:
                found[before.code] = after.code
    return found


def _heir(code: str, name: str, until: int, classification: str) -> str:
    """The only code of the same kind that came up under this name after the year; "" if there is none."""
    heirs = [
        other.code
        for other in subjects(classification).values()
        if other.code[:1] == code[:1]
        and len(other.code) == len(code)
        and bare(other.name) == bare(name)
        and other.first_seen > until
    ]
    return heirs[0] if len(heirs) == 1 else ""
