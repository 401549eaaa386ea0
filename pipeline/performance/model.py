"""The plain values of self-evaluation forms. Places are those of `pipeline.model`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from pipeline.model import Box


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number of a form, or the zero of a cell left blank beside amounts (`printed` == "").

    `line` is a source of money (total, general, superior, local, fund, capital, carryover, other …), "task",
    "task_2" … for a task of the year, "execution" for the row or cell of the execution score, "score" for the total,
    or "i1", "i2" … for an indicator. `measure` is initial, adjustment, adjusted, received, actual, remaining, rate,
    received_rate, remaining_rate, weight or score.
    `value` is in yuan, percent points or points; `unit` yuan | percent | point. `precision` is the value of the last
    printed digit, 0 for points without decimals, which are given and not rounded.

    `part_of` is the line whose figure in the same measure is the sum of this one and its fellows; "" where the form
    may not print all parts. A source printed for several others has the other in front (fund_superior).
    """

    line: str
    measure: str
    label: str
    value: Decimal
    unit: str
    printed: str
    money_unit: int
    precision: Decimal
    page: int
    box: Box
    confidence: float = 1.0
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One weighted indicator: its names by level, target, actual value and reasons as printed; `line` as in Figure."""

    line: str
    first: str
    second: str
    name: str
    target: str
    actual: str
    deviation: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Project:
    """One form: `kind` is 项目 or 部门整体, or 清单 for a row of a list of projects with their scores.

    `code`, `unit` and `department` are as printed, "" where they are not.

    `goals` and `results` are the printed texts (年度总体目标, 实际完成情况), `grade` a printed grade (优, 一等 …).
    """

    kind: str
    name: str
    code: str
    unit: str
    department: str
    grade: str
    goals: str
    results: str
    figures: tuple[Figure, ...]
    indicators: tuple[Indicator, ...]
    pages: tuple[int, int]
