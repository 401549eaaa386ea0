"""Whether a stated ratio can be that of two amounts, in SQL: for predicates, where no check can say it."""

from __future__ import annotations


def missed(stated: str, unit: str, part: str, part_width: str, whole: str, whole_width: str, factor: int = 100) -> str:
    """An SQL condition: `stated` is not `factor` times `part` divided by `whole`, nor off by one in its last digit.

    Every number stands for an interval as wide as its precision (`unit`, `part_width`, `whole_width`); a `whole` that
    may be 0 has no ratio, and misses nothing.
    """
    a, b, c = f"({stated})::DOUBLE", f"({part})::DOUBLE", f"({whole})::DOUBLE"
    room = f"(1.5 * ({unit})::DOUBLE * abs({c}) + abs({a}) * ({whole_width})::DOUBLE / 2"
    room += f" + {factor} * ({part_width})::DOUBLE / 2)"
    return (
        f"(2 * abs({c}) > ({whole_width})::DOUBLE AND abs({a} * {c} - {factor} * {b}) > {room} + 1e-6 * abs({a} * {c}))"
    )
