"""The money of a form: which columns say what, and which amounts are parts of which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.lift.numbers import is_nothing
from pipeline.performance.figures import Printed, name_of, nothing, number_in
from pipeline.performance.layout import SLACK, Row, Span, Spot
from pipeline.performance.words import (
    CATCH_ALL,
    DIVISIBLE,
    FUND_COLUMNS,
    INDICATOR_COLUMNS,
    LABELS,
    MONEY_MEASURES,
    POINT_MEASURES,
    RANK,
    SOURCES,
    key_in,
    label_of,
    names_tasks,
    says_among,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NAMES = frozenset({"first", "second", "name"})
_SPENT = frozenset({"actual", "received", "rate", "adjusted"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: what it says and where it stands; `label` where its rows are named, if not at the left."""

    measure: str
    span: Span
    percent: bool
    label: Span | None = None


@dataclass(slots=True)
class Source:
    """A source of money as printed in one row: its key ("" if unknown), and the key of what it stands within.

    `among` says that the row is said to be a part of the one above it. `above` is the index of what it is part of.
    """

    key: str
    label: str
    outer: str
    among: bool
    printed: list[Printed] = field(default_factory=list)
    above: int | None = None


def fund_columns(row: Row) -> tuple[Column, ...]:
    """The columns of money that a row heads, () if it does not head any."""
    spots = [spot for spot in row.spots if spot.last == row.number and spot.text]
    keys = {spot: key_in(FUND_COLUMNS, spot.text) for spot in dict.fromkeys(spots)}
    measures = set(keys.values())
    if not measures & _SPENT or len(measures - {""}) < len(("one", "other")) or any(number_in(s.text) for s in spots):
        return ()
    if any(key_in(INDICATOR_COLUMNS, spot.text) in _NAMES for spot in spots):
        return ()
    columns: list[Column] = []
    for spot, key in keys.items():
        measure = "adjusted" if not key and "initial" in measures and label_of(spot.text) == "小计" else key
        if measure == "received" and "actual" not in measures:
            measure = "actual"  # a form that speaks of what was paid out to the unit, and of nothing else
        if measure:
            columns.append(Column(measure, spot.span, "%" in spot.text or "％" in spot.text))
    return tuple(columns)


def paired_columns(row: Row) -> tuple[Column, ...]:
    """The columns of a row whose amounts stand beside their headings (预算数： 120 执行数： 118), () if none do."""
    columns: dict[str, Column] = {}
    for spot in row.printed:
        measure, value = key_in(FUND_COLUMNS, spot.text), row.beside(spot)
        if measure and value and value.first == row.number and (is_nothing(value.text) or number_in(value.text)):
            columns.setdefault(measure, Column(measure, value.span, "%" in spot.text, spot.span))
    enough = {"adjusted", "actual"} <= columns.keys() or {"initial", "actual"} <= columns.keys()
    return tuple(columns.values()) if enough else ()


def ends_funds(row: Row) -> bool:
    """True for a row of labels that has nothing to do with money any more."""
    return any(key_in(LABELS, spot.text) not in {"", "execution"} for spot in row.printed)


class Funds:
    """The rows of money of one form, as far as they have been read."""

    def __init__(self) -> None:
        self.columns: tuple[Column, ...] = ()
        self.heading = -1
        self.is_settled = False
        self.of_tasks = False
        self.sources: list[Source] = []
        self.strange: list[Spot] = []
        self.unreadable: list[Spot] = []
        self._torn: set[str] = set()

    def head(self, columns: tuple[Column, ...], row: Row) -> None:
        """From now on these are the columns."""
        self.columns, self.heading, self.is_settled = columns, row.number, False
        left = min(column.span.x0 for column in columns)
        beside = [spot for spot in row.spots if spot.text and spot.last == row.number and spot.span.x1 <= left + SLACK]
        self.of_tasks = bool(beside) and names_tasks(beside[-1].text)

    def add(self, row: Row) -> None:
        """Reads one row below the headings. Numbers under no known heading are kept as `strange`."""
        if not self.is_settled:
            self.columns, self.is_settled = _settled(self.columns, row), True
        if any(column.label for column in self.columns):
            for column in self.columns:
                names = row.under(column.label) if column.label else []
                if names and names[0].text:
                    self._read(row, names, [column])
            return
        left = min((column.span.x0 for column in self.columns), default=0.0)
        names = [
            spot
            for spot in row.spots
            if spot.span.x1 <= left + SLACK and spot.first > self.heading and label_of(spot.text)
        ]
        self._read(row, names, self.columns)
        spans = [column.span for column in self.columns]
        self.strange += [
            spot
            for spot in row.printed
            if spot.span.x0 >= left - SLACK and number_in(spot.text) and not any(s.is_over(spot.span) for s in spans)
        ]

    def _read(self, row: Row, names: Sequence[Spot], columns: Iterable[Column]) -> None:
        source = _source(names, self.columns)
        if source is None:
            return
        if self.of_tasks and source.key != "total":
            source.key = "task"
        known = next(
            (other for other in self.sources if other.key == source.key != "" and _apart(other, columns)), None
        )
        for column in columns:
            for spot in row.under(column.span)[:1]:
                source.printed += _printed(spot, column, source)
                if not is_nothing(spot.text) and number_in(spot.text) is None:
                    self.unreadable.append(spot)
                    self._torn.add(column.measure)
        if any(printed.is_money for printed in source.printed):
            source.printed += [
                nothing(spot.cell, "", column.measure, source.label)
                for column in columns
                if column.measure in MONEY_MEASURES
                for spot in row.under(column.span)[:1]
                if is_nothing(spot.text)
            ]
        if known and self.columns[0].label:
            known.printed += source.printed
        else:
            self.sources.append(source)

    def printed(self) -> list[Printed]:
        """All numbers, with their lines and what they are parts of."""
        _nest(self.sources)
        lines = _lines(self.sources)
        parts = _parts(self.sources, lines)
        result: list[Printed] = []
        scored: set[str] = set()
        for source, line, part_of in zip(self.sources, lines, parts, strict=True):
            for printed in source.printed:
                if printed.measure in POINT_MEASURES and printed.measure not in scored:
                    scored.add(printed.measure)
                    result.append(replace(printed, line="execution"))
                else:
                    whole = part_of if printed.is_money and printed.measure not in self._torn else ""
                    result.append(replace(printed, line=line, part_of=whole))
        return result


def _settled(columns: Sequence[Column], row: Row) -> tuple[Column, ...]:
    """One column for each measure, without that of the names, whose heading may speak of money (年度预算数（万元）)."""
    first: dict[str, Column] = {}
    for column in columns:
        texts = [spot.text for spot in row.under(column.span) if spot.text and key_in(SOURCES, spot.text)]
        if column.label or not texts:
            first.setdefault(column.measure, column)
    return tuple(first.values())


def _source(names: Sequence[Spot], columns: Sequence[Column]) -> Source | None:
    """What the cells at the left of a row call it; None for a row without a name."""
    if not names:
        return None
    keys = [key_in(SOURCES, spot.text) for spot in names]
    key, outer = keys[-1], keys[-2] if len(keys) > 1 else ""
    if any(column.label and column.label == names[-1].span for column in columns) and not key:
        key = "total"
    if outer == "total" or outer not in RANK:
        outer = ""
    if key == "total" and outer:
        key, outer = outer, ""
    text = names[-1].text
    among = says_among(text) or (len(names) > 1 and not outer and says_among(names[-2].text))
    return Source(key, name_of(text), outer, among)


def _apart(source: Source, columns: Iterable[Column]) -> bool:
    return not {printed.measure for printed in source.printed} & {column.measure for column in columns}


def _printed(spot: Spot, column: Column, source: Source) -> list[Printed]:
    found = number_in(spot.text)
    if found is None:
        return []
    number, suffix = found
    return [Printed("", column.measure, source.label, number, suffix, column.percent, spot.cell)]


def _nest(sources: list[Source]) -> None:
    """Says of every source what it is part of: the nearest one above of a lower rank that can have parts."""
    stack: list[int] = []
    for number, source in enumerate(sources):
        before = number - 1
        if source.outer:
            within = next((n for n in reversed(stack) if sources[n].key == source.outer), None)
            own = [n for n in stack if RANK[sources[n].key] < RANK[source.outer]]
            source.above = within if within is not None else (own[-1] if own else None)
            continue
        if source.among and number and sources[before].key not in {"total", ""} and source.key != "total":
            source.above = before
            continue
        rank = RANK.get(source.key, 1)
        while stack and RANK[sources[stack[-1]].key] >= rank:
            stack.pop()
        source.above = stack[-1] if stack else None
        if source.key in DIVISIBLE:
            stack.append(number)
    for source in sources:
        while source.above is not None and not sources[source.above].printed:
            source.above = sources[source.above].above


def _lines(sources: Sequence[Source]) -> list[str]:
    """A key for each source; one that is printed again has the one it belongs to in front, or a number behind."""
    lines: list[str] = []
    strangers = Counter[str]()
    for source in sources:
        line = source.key or "source"
        if not source.key or line in lines:
            above = sources[source.above].key if source.above is not None else ""
            if source.key and above and f"{above}_{line}" not in lines:
                line = f"{above}_{line}"
            else:
                strangers[line] += 1
                line = f"{line}_{strangers[line] + (source.key != '')}"
        lines.append(line)
    return lines


def _parts(sources: Sequence[Source], lines: Sequence[str]) -> list[str]:
    """The line of which each source is a part, where all the parts are certainly printed, else ""."""
    if not all(source.key for source in sources if source.printed):
        return [""] * len(sources)
    whole = {source.above for source in sources if source.key in CATCH_ALL}
    return [lines[source.above] if source.above is not None and source.above in whole else "" for source in sources]
