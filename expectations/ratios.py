"""Whether a stated percentage can be that of two amounts, in SQL: for predicates, where no check can say it."""

from __future__ import annotations

Number = tuple[str, str]
"""An expression of SQL, and one of the value of its last printed digit."""


def missed(stated: Number, part: Number, whole: Number) -> str:
    """An SQL condition: `stated` is not the percentage of `part` in `whole`, nor off by one in its last digit.

    Every number stands for an interval as wide as its precision; a `whole` that may be 0 has no ratio, and misses
    nothing.
    """
    (a, unit), (b, part_width), (c, whole_width) = (
        (f"({value})::DOUBLE", f"({width})::DOUBLE") for value, width in (stated, part, whole)
    )
    room = f"(1.5 * {unit} * abs({c}) + abs({a}) * {whole_width} / 2 + 50 * {part_width})"
    return f"(2 * abs({c}) > {whole_width} AND abs({a} * {c} - 100 * {b}) > {room} + 1e-6 * abs({a} * {c}))"
