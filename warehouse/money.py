"""Figures as people read them: amounts in the unit and with the decimals of the table or sentence that prints them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from warehouse.query import rows

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb


@dataclass(frozen=True, slots=True)
class Style:
    """How figures are printed: money in a unit of so many yuan, percentages and numbers of pieces as they are.

    `unit` is yuan, percent, piece, point or flag, as in core.figure; `decimals` are those of the printed unit.
    """

    money_unit: int = 10_000
    decimals: int = 2
    unit: str = "yuan"

    @classmethod
    @lru_cache(256)  # a report has few, and says each hundreds of times
    def of(cls, money_unit: int, precision: Decimal | None, unit: str = "yuan") -> Style:
        """The style of figures whose last printed digit is worth `precision`; None if they print no digits."""
        scale = money_unit or 1
        step = (precision or Decimal(scale)) / scale
        return cls(scale, max(0, -int(step.normalize().as_tuple().exponent)), unit)

    def rounded(self, amount: Decimal) -> Decimal:
        """A figure to the last digit that is printed."""
        step = Decimal(self.money_unit).scaleb(-self.decimals)
        return (amount / step).quantize(Decimal(1)) * step


class Styles(dict[tuple[str, str], Style]):
    """How a report prints its figures, by form and measure; the columns of a table (measure "") are alike."""

    def of(self, form: str, measure: str) -> Style:
        """The style of a form's measure; that of most reports where nothing is known."""
        return self.get((form, measure)) or self.get((form, "")) or Style()


def styles_of(con: duckdb.DuckDBPyConnection, reports: Collection[str]) -> dict[str, Styles]:
    """The styles of these reports, by report."""
    styles: dict[str, Styles] = defaultdict(Styles)
    for row in rows(con, _STYLES, {"reports": sorted(reports)}):
        style = Style.of(row["money_unit"], row["precision"], row["unit"])
        styles[row["report_id"]][row["form"], row["measure"]] = style
    return styles


def money(amount: Decimal | None, style: Style) -> str:
    """An amount of yuan as 1,119.63万元 or 11,196,300元, a percentage as 35.74%, a count as 3.

    It has further decimals only where they are not zero.
    """
    if amount is None:
        return ""
    value = (amount / style.money_unit).normalize()
    decimals = max(style.decimals, -int(value.as_tuple().exponent))
    word = {"percent": "%", "yuan": "元" if style.money_unit == 1 else "万元"}.get(style.unit, "")
    return f"{value:,.{decimals}f}{word}"


_STYLES = """
    SELECT report_id, form, '' AS measure, 'yuan' AS unit, any_value(money_unit) AS money_unit,
        min(nullif(precision, 0)) AS precision
    FROM core.form_reading
    WHERE money_unit > 0 AND list_contains($reports, report_id)
    GROUP BY ALL
    UNION ALL BY NAME
    -- a sentence prints an amount as it likes: most of them count
    SELECT report_id, form, measure, mode(unit) AS unit, coalesce(mode(nullif(money_unit, 0)), 1) AS money_unit,
        min(nullif(precision, 0)) AS precision
    FROM core.told
    WHERE list_contains($reports, report_id)
    GROUP BY ALL
"""
