"""Printed numbers of forms: what a cell prints, and the figure that it becomes once the unit of money is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.lift.money import precision_of
from pipeline.lift.numbers import Number, read_number
from pipeline.performance.model import Figure
from pipeline.performance.words import MONEY_MEASURES, POINT_MEASURES, label_of
from pipeline.wording import plain, squeeze

if TYPE_CHECKING:
    from pipeline.model import Cell

_UNITS = re.compile(r"(?:人民币)?(?P<number>.*?\d)(?P<unit>万元|元|分|%|％)?")
_YUAN = {"万元": 10_000, "元": 1}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number of a form as printed: for which line and measure, and of what it is a part (see `Figure`).

    `label` is what the row is called; `suffix` what stands behind the number; `percent` says that its heading does.
    """

    line: str
    measure: str
    label: str
    number: Number
    suffix: str
    percent: bool
    cell: Cell
    part_of: str = ""

    @property
    def is_money(self) -> bool:
        """True for an amount, which needs a unit."""
        return self.measure in MONEY_MEASURES


@lru_cache(maxsize=10_000)
def number_in(text: str) -> tuple[Number, str] | None:
    """The number that a cell prints and the unit behind it; None if it prints anything else."""
    found = _UNITS.fullmatch(plain(text))
    number = read_number(found["number"]) if found else None
    return (number, found["unit"] or "") if found and number else None


def nothing(cell: Cell, line: str, measure: str, label: str) -> Printed:
    """The zero of a cell left blank beside amounts."""
    return Printed(line, measure, label, Number(Decimal(0), 0), "", percent=False, cell=cell)


def figure_of(printed: Printed, money_unit: int, decimals: int, *, rounded: bool = False) -> Figure:
    """The figure of a printed number, where amounts are in `money_unit` and given to so many decimals at least.

    Whole weights are given, not rounded, and so are scores without decimals, unless `rounded` says that they sum up
    points which have some.
    """
    value, own = printed.number
    factor, unit = 1, "point"
    if printed.is_money:
        factor, unit = _YUAN.get(printed.suffix, money_unit), "yuan"
        precision = precision_of(factor, max(own, decimals)) if squeeze(printed.cell.text) else Decimal(0)
    elif printed.measure in POINT_MEASURES:
        given = value == value.to_integral_value() if printed.measure == "weight" else not (own or rounded)
        precision = Decimal(0) if given else Decimal(1).scaleb(-own)
    else:
        # 0.8875 under 执行率 is a share, and so is 1, unless the cell or the heading says %
        factor, unit = (100 if not (printed.percent or printed.suffix) and 0 < value <= 1 else 1), "percent"
        precision = factor * Decimal(1).scaleb(-own)
    cell = printed.cell
    return Figure(
        printed.line, printed.measure, printed.label, value * factor, unit, squeeze(cell.text),
        factor if printed.is_money else 1, precision, cell.page, cell.box, cell.confidence, printed.part_of,
    )  # fmt: skip


def name_of(text: str) -> str:
    """What a row is called, for its figures: the printed text less white space, or "" for a mark."""
    return squeeze(text) if label_of(text) else ""
