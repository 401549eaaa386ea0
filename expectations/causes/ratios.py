"""Broken ratios: they ask for no cause of their own, but a cause that was found may mend them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from expectations.causes.problem import Place

LEFT, RIGHT, DIVISOR = 1, -1, 2
"""Sides, as in `quality.identity_operand`."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A broken instance: what is stated is not `factor` times the right side divided by the divisor.

    `sums` and `widths` are those of the sides as printed (a width is the sum of the precisions of what is printed
    there), `terms` say with which coefficient a cell stands on which side.
    """

    report_id: str
    identity: str
    instance: str
    factor: int
    sums: Mapping[int, float]
    widths: Mapping[int, float]
    terms: tuple[tuple[Place, int, float], ...]

    def holds(self, changes: Mapping[Place, float]) -> bool:
        """Whether it holds, but for a unit of its last digit, when these cells are changed by so much."""
        sums = dict(self.sums)
        for place, side, coefficient in self.terms:
            sums[side] += coefficient * changes.get(place, 0.0)
        above, below = self.widths[RIGHT] / 2, self.widths[DIVISOR] / 2
        if abs(sums[DIVISOR]) <= below:
            return False
        ends = [
            self.factor * (sums[RIGHT] + more * above) / (sums[DIVISOR] + other * below)
            for more in (-1, 1)
            for other in (-1, 1)
        ]
        allowed = 1.5 * self.widths[LEFT] + 1e-9 * max(1.0, *map(abs, ends))
        return min(ends) - allowed <= sums[LEFT] <= max(ends) + allowed

    def touches(self, changes: Mapping[Place, float]) -> bool:
        """Whether any of these cells stands in it."""
        return any(place in changes for place, _, _ in self.terms)
