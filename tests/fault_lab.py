"""The fault laboratory: slips of many kinds put into consistent books at random places, and what is found of them.

    python -m tests.fault_lab                   19 slips, 60 reports each
    python -m tests.fault_lab 100 12            more reports, another seed
    python -m tests.fault_lab 10 3 sign copied  some slips, with what was missed

Every amount is printed as rounded by itself from 元, as reality does. A slip that moves a number by less than
rounding may is none: it is drawn anew.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import duckdb

from expectations.causes.explain import causes_of
from expectations.causes.load import problems
from expectations.evaluate import evaluate
from expectations.vocabulary import T2, T3, T5, T6, TF, TS
from pipeline.reference import subjects
from tests.accounts import Account, load, number, rounded
from tests.city.ledger import CLASSES, Entry, Ledger, tabulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from expectations.causes.explain import Cause

Key = tuple[str, str, str]
Cells = dict[Key, str]

_CONTRIBUTIONS = frozenset({"2080505", "2080506", "2210201"})
"""Items that ought to follow from the 款 of the same contribution; these books draw both at random."""

CODED = (T2, T3, T5, T6, TF, TS)
LEAST = Decimal("0.2")
"""In the printed unit; rounding never moves a sum by so much."""


@dataclass(frozen=True)
class Faulty:
    """A report with slips: which cells are wrong (for a row left out: would stand), and of which kinds they are."""

    cells: Cells
    wrong: frozenset[Key]
    kinds: tuple[str, ...]


_BROKEN = """
    SELECT DISTINCT report_id FROM quality.identity_result JOIN quality.identity USING (identity)
    WHERE outcome = 'fail' AND severity <> 'I'
"""


class Unfit(Exception):  # noqa: N818 - a draw that has to be repeated
    """These books have no place for the slip."""


def books(seed: int) -> Cells:
    """Consistent books of a unit of any size, as printed in 万元."""
    return rounded(tabulate(random_books(seed)))


def random_books(seed: int) -> Ledger:
    """The same, in 分."""
    random = Random(seed)
    scale = 10 ** random.uniform(6, 9.5)
    functional = [c for c in subjects("functional") if len(c) == 7 and c[:3] in CLASSES and c not in _CONTRIBUTIONS]
    economic = [
        c for c in subjects("economic") if len(c) == 5 and c[:3] in {"301", "302", "303", "310"} and c[3:] != "00"
    ]

    def amount() -> int:
        return round(scale * 10 ** random.uniform(-2, 0))

    detail = {code: amount() for code in sorted(random.sample(economic, random.randint(8, 30)))}
    groups = random.sample(sorted({code[:5] for code in functional}), random.randint(4, 9))
    items = [code for code in functional if code[:5] in groups and random.random() < 0.5]
    if len(items) < 4:
        items = random.sample(functional, 6)
    shares = [random.random() for _ in items]
    basic = [round(sum(detail.values()) * share / sum(shares)) for share in shares]
    basic[0] += sum(detail.values()) - sum(basic)
    entries = []
    for code, part in zip(items, basic, strict=True):
        project = amount() if random.random() < 0.6 else 0
        opening, closing = (amount(), amount()) if random.random() < 0.2 else (0, 0)
        income = {"fiscal_appropriation": part + project + closing - opening}
        if income["fiscal_appropriation"] < 0:
            opening, closing, income = 0, 0, {"fiscal_appropriation": part + project}
        entries.append(Entry(code, "general", income, {"basic": part, "project": project}, opening, closing))
    for code in ("2120801", "2120899", "2296002"):
        if random.random() < 0.4:
            spent = amount()
            entries.append(Entry(code, "fund", {"fiscal_appropriation": spent}, {"project": spent}))
    gain = 0
    for source, kind in (
        ("institution_income", "basic"),
        ("operating_income", "operating"),
        ("other_income", "project"),
    ):
        if random.random() < 0.4:
            spent, more = amount(), amount()
            entries.append(Entry(random.choice(items), "own", {source: spent + more}, {kind: spent}))
            gain += more
    final = {line: amount() // 10 for line in ("abroad", "vehicle_purchase", "vehicle_operation", "reception")}
    limits = {"30212": "abroad", "30217": "reception", "30231": "vehicle_operation", "31013": "vehicle_purchase"}
    final = {
        line: max(sum(detail.get(code, 0) for code, own in limits.items() if own == line), value)
        for line, value in final.items()
    }
    budget = {line: value + amount() // 20 for line, value in final.items()}
    return Ledger(tuple(entries), detail, final, budget, {}, {}, {}, own_opening=gain, own_closing=2 * gain)


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


@dataclass
class Score:
    """Reports with this slip: how many are detected, have the right cells, the right kind, and how many tell more."""

    reports: int = 0
    detected: int = 0
    cell: int = 0
    kind: int = 0
    alone: int = 0
    ties: int = 0
    misses: list[str] = field(default_factory=list)


def examine(reports: int, seed: int = 1, names: tuple[str, ...] = tuple(SLIPS)) -> tuple[dict[str, Score], int, float]:
    """The score of each slip, how many causes clean books were given, and the seconds that causes took."""
    drawn = {f"{name} {n}": (name, faulty(name, seed * 100_000 + n)) for name in names for n in range(reports)}
    clean = {f"clean {n}": books(seed * 100_000 + n) for n in range(reports)}
    with duckdb.connect() as con:
        load(con, *(Account(key, report.cells) for key, (_, report) in drawn.items()),
             *(Account(key, cells) for key, cells in clean.items()))  # fmt: skip
        evaluate(con)
        failing = {report for (report,) in con.execute(_BROKEN).fetchall()}
        told: dict[str, list[Cause]] = {}
        started = time.process_time()
        for problem in problems(con):
            told[problem.relations[0].report_id] = causes_of(problem)
        seconds = time.process_time() - started
    scores = {name: Score() for name in names}
    for key, (name, report) in drawn.items():
        _add(scores[name], key, report, told.get(key, []), detected=key in failing)
    return scores, sum(key in failing for key in clean), seconds


def _add(score: Score, key: str, report: Faulty, causes: list[Cause], *, detected: bool) -> None:
    score.reports += 1
    score.detected += detected
    named = [
        {cell.place[1:] for cell in cause.cells} | {c.place[1:] for c, _ in cause.alternatives} for cause in causes
    ]
    hit = bool(causes) and _is_named(report, causes, named)
    kinds = sorted(cause.kind.value for cause in causes)
    # any other number in place of a sum is told as a sum that is not one
    right = [kind.replace("stale_total", "misprint") for kind in kinds] == sorted(
        kind.replace("stale_total", "misprint") for kind in report.kinds
    )
    score.cell += hit
    score.kind += right
    score.alone += len(causes) == len(report.kinds)
    score.ties += any(cause.alternatives for cause in causes)
    if not (hit and right and detected):
        seen = [sorted({".".join(cell.place[1:]) for cell in cause.cells}) for cause in causes]
        score.misses.append(
            f"{key}: {'found' if detected else 'NOT SEEN'} {kinds} cell {hit} {seen} {sorted(report.wrong)}"
        )


def _is_named(report: Faulty, causes: list[Cause], named: list[set[Key]]) -> bool:
    """Whether the wrong cells are among those that the causes name.

    A row left out is named by its form and the subject above. Of a block, what moved within one sum leaves no trace:
    more than half of its cells must be named.
    """
    if report.kinds == ("missing_row",):
        form, line, _ = next(iter(report.wrong))
        rows = [c for cause in causes for c in (*cause.cells[:1], *(other for other, _ in cause.alternatives))]
        return any(c.place.form == form and c.place.line in {line, "?"} and c.parent == line[:-2] for c in rows)
    every = set[Key]().union(*named)
    if report.kinds == ("shifted",):
        return len(report.wrong & every) > len(report.wrong) / 2
    return report.wrong <= every


def main() -> None:
    """Print the table."""
    reports, seed = (int(argument) for argument in (*sys.argv[1:3], *("60", "1")[len(sys.argv) - 1 :]))
    names = tuple(sys.argv[3:]) or tuple(SLIPS)
    scores, clean, seconds = examine(reports, seed, names)
    total = Counter()
    for name, score in scores.items():
        n = score.reports
        print(f"{name:16}{n:5} found {score.detected / n:7.1%} cell {score.cell / n:7.1%} kind {score.kind / n:7.1%} "
              f"one finding each {score.alone / n:7.1%} tied {score.ties / n:7.1%}")  # fmt: skip
        total.update(reports=n, detected=score.detected, cell=score.cell, kind=score.kind)
    n = total["reports"]
    print(f"{'all':16}{n:5} found {total['detected'] / n:7.1%} cell {total['cell'] / n:7.1%} kind {total['kind'] / n:7.1%}; "
          f"clean books with a finding {clean}; {1000 * seconds / n:.0f} ms CPU a report")  # fmt: skip
    if len(sys.argv) > 3:
        print(*(miss for score in scores.values() for miss in score.misses), sep="\n")


if __name__ == "__main__":
    main()
