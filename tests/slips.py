"""Slips of many kinds, put into consistent books at random places.

A slip that moves a number by less than rounding may is none: it is drawn anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from expectations.vocabulary import T2, T3, T5, T6, TF, TS
from tests.accounts import Key, number
from tests.random_books import Cells, books

if TYPE_CHECKING:
    from collections.abc import Callable

CODED = (T2, T3, T5, T6, TF, TS)
LEAST = Decimal("0.2")
"""In the printed unit; rounding never moves a sum by so much."""


@dataclass(frozen=True)
class Faulty:
    """A report with slips: which cells are wrong (for a row left out: would stand), and of which kinds they are."""

    cells: Cells
    wrong: frozenset[Key]
    kinds: tuple[str, ...]


class Unfit(Exception):  # noqa: N818 - a draw that has to be repeated
    """These books have no place for the slip."""


def _nonzero(cells: Cells, random: Random) -> Key:
    keys = [key for key, printed in sorted(cells.items()) if number(printed)]
    return random.choice(keys)


def _with(cells: Cells, random: Random, kind: str, change: Callable[[str, Random], str]) -> Faulty:
    key = _nonzero(cells, random)
    printed = change(cells[key], random)
    if abs(number(printed) - number(cells[key])) < LEAST:
        raise Unfit
    return Faulty({**cells, key: printed}, frozenset([key]), (kind,))


def _digits(text: str) -> list[int]:
    return [index for index, char in enumerate(text) if char.isdigit()]


def _other_digit(text: str, random: Random) -> str:
    at = random.choice(_digits(text))
    digit = random.choice([d for d in "123456789" if d != text[at]])
    return text[:at] + digit + text[at + 1 :]


def _transposed(text: str, random: Random) -> str:
    pairs = [(a, b) for a, b in zip(_digits(text), _digits(text)[1:], strict=False) if text[a] != text[b]]
    if not pairs:
        raise Unfit
    a, b = random.choice(pairs)
    chars = list(text)
    chars[a], chars[b] = chars[b], chars[a]
    return "".join(chars)


def _dropped(text: str, random: Random) -> str:
    whole = text.index(".")
    if whole < 2:
        raise Unfit
    at = random.randrange(whole)
    return text[:at] + text[at + 1 :]


def _doubled(text: str, random: Random) -> str:
    at = random.randrange(text.index("."))
    return text[:at] + text[at] + text[at:]


def _point(text: str, random: Random) -> str:
    return f"{number(text) * random.choice([Decimal(10), Decimal('0.1'), Decimal(100)]):.2f}"


def _yuan(text: str, random: Random) -> str:
    return f"{number(text) * 10_000 + random.randint(-49, 49):.2f}"


def _random_number(text: str, random: Random) -> str:
    return f"{float(number(text)) * random.uniform(0.3, 3):.2f}"


SIMPLE: dict[str, tuple[str, Callable[[str, Random], str]]] = {
    "digit": ("digit", _other_digit),
    "transposed": ("transposed", _transposed),
    "dropped": ("dropped", _dropped),
    "doubled": ("doubled", _doubled),
    "point": ("point", _point),
    "unit": ("unit", _yuan),
    "sign": ("sign", lambda text, _: f"-{text}"),
    "omitted": ("omitted", lambda _, __: ""),
    "zero": ("omitted", lambda _, __: "0.00"),
    "misprint": ("misprint", _random_number),
}


def rows_of(cells: Cells, form: str) -> list[str]:
    """The subject codes that a form prints, in order."""
    return sorted({line for f, line, _ in cells if f == form and line.isdigit()})


def _measures(cells: Cells, form: str) -> list[str]:
    return list(dict.fromkeys(measure for f, _, measure in cells if f == form))


def copied(cells: Cells, random: Random) -> Faulty:
    """A number copied from the row above or below, or from the next column."""
    form = random.choice(CODED)
    rows, measures = rows_of(cells, form), _measures(cells, form)
    if len(rows) < 3:
        raise Unfit
    row, measure = random.randrange(1, len(rows) - 1), random.choice(measures)
    key = form, rows[row], measure
    others = [(form, rows[row - 1], measure), (form, rows[row + 1], measure)]
    others += [(form, rows[row], other) for other in measures if other != measure]
    other = cells[random.choice(others)]
    if not number(other) or not number(cells[key]) or abs(number(other) - number(cells[key])) < LEAST:
        raise Unfit
    return Faulty({**cells, key: other}, frozenset([key]), ("copied",))


def _exchanged(cells: Cells, pairs: list[tuple[Key, Key]]) -> Faulty:
    moved = dict(cells)
    for one, other in pairs:
        moved[one], moved[other] = cells[other], cells[one]
    wrong = frozenset(key for key in moved if abs(number(moved[key]) - number(cells[key])) >= LEAST)
    if len(wrong) < 2:
        raise Unfit
    return Faulty(moved, wrong, ("swapped",))


def swapped_in_row(cells: Cells, random: Random) -> Faulty:
    """Two columns of one row changed places."""
    form = random.choice((T2, T3, T5))
    one, other = random.sample(_measures(cells, form), 2)
    row = random.choice(rows_of(cells, form))
    return _exchanged(cells, [((form, row, one), (form, row, other))])


def swapped_rows(cells: Cells, random: Random) -> Faulty:
    """Two rows that follow one another changed places, in one column."""
    form = random.choice(CODED)
    rows = rows_of(cells, form)
    if len(rows) < 2:
        raise Unfit
    row, measure = random.randrange(len(rows) - 1), random.choice(_measures(cells, form))
    if form == T6 and rows[row][:3] == rows[row + 1][:3] and len(rows[row]) == len(rows[row + 1]):
        raise Unfit  # two 款 of one 类: no sum changes, and no other form prints them
    return _exchanged(cells, [((form, rows[row], measure), (form, rows[row + 1], measure))])


def swapped_columns(cells: Cells, random: Random) -> Faulty:
    """Two columns of a form under one another's heading."""
    form = random.choice((T2, T3, T5))
    one, other = random.sample(_measures(cells, form), 2)
    rows = ["total", *rows_of(cells, form)]
    return _exchanged(cells, [((form, row, one), (form, row, other)) for row in rows])


def _shift(cells: Cells, random: Random, form: str, measures: list[str], length: int) -> Faulty:
    rows = rows_of(cells, form)
    by = random.choice([1, 1, -1, 2])
    if len(rows) < length:
        raise Unfit
    start = random.randrange(len(rows) - length + 1)
    block = rows[start : start + length]
    moved = dict(cells)
    for measure in measures:
        for index, row in enumerate(block):
            source = index - by
            inside = 0 <= source < length
            moved[form, row, measure] = cells[form, block[source], measure] if inside else "0.00"
    wrong = frozenset(key for key in moved if abs(number(moved[key]) - number(cells[key])) >= LEAST)
    if len(wrong) < 3:
        raise Unfit
    return Faulty(moved, wrong, ("shifted",))


def shifted_block(cells: Cells, random: Random) -> Faulty:
    """A block of rows of a form a row or two too low or too high, in all columns."""
    form = random.choice((T2, T3, T5, T6))
    return _shift(cells, random, form, _measures(cells, form), random.randint(5, 12))


def shifted_column(cells: Cells, random: Random) -> Faulty:
    """The same in one column alone."""
    form = random.choice((T2, T3, T5, T6))
    measure = random.choice([m for m in _measures(cells, form) if m in {"total", "amount", "fiscal_appropriation"}])
    return _shift(cells, random, form, [measure], random.randint(5, 12))


def missing_row(cells: Cells, random: Random) -> Faulty:
    """A 项 or 款 left out of one form."""
    form = random.choice(CODED)
    rows = rows_of(cells, form)
    size = 5 if form == T6 else 7
    leaves = [row for row in rows if len(row) == size]
    leaves = [row for row in leaves if sum(other[:-2] == row[:-2] for other in leaves) > 1]
    if not leaves:
        raise Unfit
    gone = random.choice(leaves)
    wrong = frozenset(key for key in cells if key[:2] == (form, gone))
    if max(number(cells[key]) for key in wrong) < LEAST:
        raise Unfit
    kept = {key: value for key, value in cells.items() if key not in wrong}
    return Faulty(kept, wrong, ("missing_row",))


def stale_total(cells: Cells, random: Random) -> Faulty:
    """A sum that was not made anew after one of its parts was corrected."""
    form = random.choice(CODED)
    rows = rows_of(cells, form)
    totals = ["total", *(row for row in rows if sum(other[:-2] == row for other in rows) > 1)]
    key = form, random.choice(totals), random.choice(_measures(cells, form))
    if key not in cells or number(cells[key]) < 10:
        raise Unfit
    printed = number(cells[key]) - Decimal(random.randint(100, int(100 * number(cells[key])) - 1)) / 100
    return Faulty({**cells, key: f"{printed:.2f}"}, frozenset([key]), ("stale_total",))


def two_slips(cells: Cells, random: Random) -> Faulty:
    """Two slips that have nothing to do with one another."""
    one = _with(cells, random, "digit", _other_digit)
    other = _with(one.cells, random, "transposed", _transposed)
    if one.wrong == other.wrong:
        raise Unfit
    return Faulty(other.cells, one.wrong | other.wrong, ("digit", "transposed"))


SLIPS: dict[str, Callable[[Cells, Random], Faulty]] = {
    **{
        name: (lambda cells, random, kind=kind, change=change: _with(cells, random, kind, change))
        for name, (kind, change) in SIMPLE.items()
    },
    **{f.__name__: f for f in (copied, swapped_in_row, swapped_rows, swapped_columns, shifted_block, shifted_column,
                               missing_row, stale_total, two_slips)},
}  # fmt: skip


def faulty(name: str, seed: int) -> Faulty:
    """Books of this seed with one slip of this name."""
    for attempt in range(200):
        try:
            return SLIPS[name](books(seed + 1000 * attempt), Random(f"{name} {seed} {attempt}"))
        except Unfit:
            continue
    raise RuntimeError(f"no place for {name}")
