"""The table of indicators of a form: its headings, its rows, and the row that sums up the points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.lift.numbers import is_nothing
from pipeline.performance.figures import Printed, name_of, number_in
from pipeline.performance.layout import SLACK, Row, Span, Spot
from pipeline.performance.model import Indicator
from pipeline.performance.words import (
    INDICATOR_COLUMNS,
    LABELS,
    POINT_MEASURES,
    is_subtotal_row,
    is_total_row,
    key_in,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = ("first", "second", "name")
_VALUES = ("target", "actual", "weight", "score", "deviation")
_TEXTS = ("target", "actual", "deviation")


def indicator_columns(row: Row) -> dict[str, list[Span]]:
    """Where the columns stand that a row heads, {} if it does not head indicators."""
    spots = [spot for spot in row.spots if spot.last == row.number and spot.text]
    columns: dict[str, list[Span]] = {}
    for spot in spots:
        if key := key_in(INDICATOR_COLUMNS, spot.text):
            columns.setdefault(key, []).append(spot.span)
    named, valued = columns.keys() & set(_NAMES), columns.keys() & {"target", "actual", "weight", "score"}
    if not named or not valued or len(named | valued) < len(_NAMES) or any(number_in(spot.text) for spot in spots):
        return {}
    return columns


@dataclass(frozen=True, slots=True)
class _Names:
    first: str = ""
    second: str = ""
    name: str = ""


class Indicators:
    """The rows of indicators of one form, as far as they have been read."""

    def __init__(self) -> None:
        self.columns: Mapping[str, list[Span]] = {}
        self._over: dict[Span, list[str]] = {}
        self._row: Row | None = None
        self._spots: dict[str, list[Spot]] = {}
        self.found: list[Indicator] = []
        self.printed: list[Printed] = []
        self.strange: list[Spot] = []
        self.unreadable: list[Spot] = []
        self.executed = False

    def head(self, columns: Mapping[str, list[Span]]) -> None:
        """From now on these are the columns."""
        self.columns, self._over = columns, {}

    def is_closed_by(self, row: Row) -> bool:
        """True for a row of labels after the last indicator: it has no points, or spans what indicators keep apart."""
        at = self._at(row)
        apart = Counter(spot for role in _VALUES for spot in at.get(role, ()))
        if any(count > len(POINT_MEASURES) for count in apart.values()):
            return True
        return not _points(row, at) and any(key_in(LABELS, spot.text) for spot in row.printed)

    def is_total(self, row: Row) -> bool:
        """True for the row that sums up the points."""
        first = self._leading(row)
        return first is not None and is_total_row(first.text)

    def add_total(self, row: Row) -> bool:
        """Reads the sums of weights and scores, if the row has any. One number below both columns is the score."""
        label = self._leading(row)
        before = len(self.printed)
        for spot in row.printed:
            found = number_in(spot.text)
            if found is None or label is None or spot is label:
                continue
            over = {role for role in POINT_MEASURES for span in self.columns.get(role, ()) if span.is_over(spot.span)}
            measure = "weight" if over == {"weight"} else "score"
            self.printed.append(Printed("score", measure, name_of(label.text), *found, percent=False, cell=spot.cell))
        return len(self.printed) > before

    def add(self, row: Row) -> None:
        """Reads one indicator, or what is left on this page of the last one of the page before."""
        label = self._leading(row)
        if label is not None and is_subtotal_row(label.text):
            return
        at = self._at(row)
        points = _points(row, at)
        known = {spot for spots in at.values() for spot in spots}
        self.strange += [
            spot for spot in row.printed if spot not in known and self._is_right(spot) and number_in(spot.text)
        ]
        texts = {role: _text(at, role) for role in _TEXTS}
        names = _Names(*(_text(at, role) for role in _NAMES))
        if row.top and not points and self.found and self.printed:
            self._go_on(names, texts)
            return
        if not points and not any(texts.values()):
            return
        names = self._carried(names)
        line = f"i{len(self.found) + 1}"
        spot = next((spot for spot in row.printed), None) or row.spots[0]
        if self.executed and key_in(LABELS, names.name or names.second) == "execution":
            return  # the score of execution once more: it stands beside the money
        self.found.append(
            Indicator(line, names.first, names.second, names.name, **texts, page=row.page, box=spot.cell.box)
        )
        title = names.name or names.second or names.first
        for measure, point in points:
            found = number_in(point.text)
            if found is None:
                self.unreadable.append(point)
            else:
                self.printed.append(Printed(line, measure, title, *found, percent=False, cell=point.cell))

    def _leading(self, row: Row) -> Spot | None:
        """The first cell printed in a row that is no title of the whole block at its left."""
        return next((spot for spot in row.printed if self._is_right(spot)), None)

    def _is_right(self, spot: Spot) -> bool:
        return spot.span.x1 > min(span.x0 for spans in self.columns.values() for span in spans) + SLACK

    def _at(self, row: Row) -> dict[str, list[Spot]]:
        """The printed cells of a row by the columns under which they stand."""
        if self._row is not row:
            self._row, self._spots = row, {}
            for spot in row.spots:
                if spot.text:
                    for role in self._roles(spot.span):
                        self._spots.setdefault(role, []).append(spot)
        return self._spots

    def _roles(self, span: Span) -> list[str]:
        """The columns over a stretch; rows have their cells at few places."""
        if span not in self._over:
            roles = [role for role, spans in self.columns.items() if any(other.is_over(span) for other in spans)]
            self._over[span] = roles
        return self._over[span]

    def _carried(self, names: _Names) -> _Names:
        """The names with those levels that only a row above prints: a merged cell is cut at the end of a page."""
        last = self.found[-1] if self.found else None
        if last is None or not names.name:
            return names
        same = not names.first or names.first == last.first
        first = names.first or ("" if "first" not in self.columns else last.first)
        return replace(names, first=first, second=names.second or (last.second if same else ""))

    def _go_on(self, names: _Names, texts: Mapping[str, str]) -> None:
        last = self.found.pop()
        more = {role: getattr(last, role) + text for role, text in texts.items()}
        self.found.append(replace(last, name=last.name + names.name, **more))


def _points(row: Row, at: Mapping[str, list[Spot]]) -> list[tuple[str, Spot]]:
    """The weight and the score that begin in a row: a merged cell counts once."""
    return [
        (measure, spot)
        for measure in ("weight", "score")
        for spot in at.get(measure, [])[:1]
        if spot.first == row.number and not is_nothing(spot.text)
    ]


def _text(at: Mapping[str, list[Spot]], role: str) -> str:
    return "".join(spot.text for spot in at.get(role, ()))
