"""What a form says in labels and values beside or under them: names, goals, grade, total score."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.lift.numbers import read_number
from pipeline.performance.figures import Printed, name_of, number_in
from pipeline.performance.words import LABELS, key_in, points_in
from pipeline.wording import squeeze

if TYPE_CHECKING:
    from pipeline.performance.layout import Row, Spot

_SCORES = {"score": "score", "execution": "execution", "full": "score"}
"""Labels of points, and for which line they are."""

_GRADE = 20  # characters: a grade with its range is no longer, a conclusion is
_INLINE = re.compile(r"(?P<label>[^:：]{2,14})[:：](?P<value>.+)", re.DOTALL)


class Entries:
    """The labelled values of one form, and which labels it has. The first value of a label stands."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.seen: set[str] = set()
        self.printed: list[Printed] = []

    def add(self, row: Row, below: Row | None, *, scores: bool = True) -> None:
        """Reads the labels of a row; `below` is the next one. Without `scores`, those of points are left aside."""
        for spot in row.printed:
            key = key_in(LABELS, spot.text)
            self.seen.add(key)
            if key in _SCORES:
                if scores:
                    self._score(key, spot, _value(row, below, spot))
            elif key:
                self._text(key, _value(row, below, spot))
            elif (inline := _INLINE.fullmatch(spot.text)) and (inner := key_in(LABELS, inline["label"])):
                self.texts.setdefault(inner, squeeze(inline["value"]))

    def _text(self, key: str, value: Spot | None) -> None:
        if value is not None and value.text and (key != "grade" or len(value.text) <= _GRADE):
            self.texts.setdefault(key, value.text)

    def _score(self, key: str, spot: Spot, value: Spot | None) -> None:
        line, measure = _SCORES[key], "weight" if key == "full" else "score"
        found = number_in(value.text) if value else None
        if value is None or found is None or any((p.line, p.measure) == (line, measure) for p in self.printed):
            return
        label = name_of(spot.text)
        if weight := read_number(points_in(spot.text)):
            self.printed.append(Printed(line, "weight", label, weight, "", percent=False, cell=spot.cell))
        self.printed.append(Printed(line, measure, label, *found, percent=False, cell=value.cell))


def _value(row: Row, below: Row | None, spot: Spot) -> Spot | None:
    """The cell beside a label, or under it where a label stands beside it."""
    beside = row.beside(spot)
    if beside is not None and beside.text and not key_in(LABELS, beside.text):
        return beside
    if beside is not None and not beside.text and key_in(LABELS, spot.text) not in {"goals", "results", *_SCORES}:
        return None  # left blank
    under = below.under(spot.span) if below else []
    return next((other for other in under if other.text and not key_in(LABELS, other.text)), None)
