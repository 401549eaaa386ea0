"""One statutory table of a unit, the years side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.forms import FORMS
from warehouse.explorer.accounts import EXTENTS, Books, among, books, newest_growth, within
from warehouse.explorer.asked import MissingError
from warehouse.explorer.places import BOX, Figure, figure
from warehouse.explorer.routes import page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from pipeline.forms import Form
    from warehouse.explorer.asked import Asked

_SIDES = {"income": "收入", "expenditure": "支出", "nature": "支出按性质和经济分类", "": ""}
_ORDINAL = re.compile("^[一二三四五六七八九十]+[、.．]|^其中[:：]|^[（(]?[0-9一二三四五六七八九十]+[)）.．、]")


@dataclass(slots=True)
class Line:
    """A row of the table: its name in the newest year that prints it, its figures by year, newest first."""

    code: str
    name: str
    level: int
    side: str
    row_no: int
    figures: list[Figure | None]
    names: dict[str, list[int]] = field(default_factory=dict)

    @property
    def growth(self) -> Decimal | None:
        """The growth of the newest figure over the one before."""
        return newest_growth([known.amount if known else None for known in self.figures])

    @property
    def other_names(self) -> list[tuple[str, list[int]]]:
        """What other years call it, with these years."""
        return [(name, years) for name, years in self.names.items() if name != self.name]

    @property
    def is_empty(self) -> bool:
        """Whether no year has money in it."""
        return not any(known and known.amount for known in self.figures)


def unit_table(asked: Asked) -> Mapping[str, Any]:
    """A measure of a table over the years; lines that never have money are left out unless asked for."""
    form = FORMS.get(asked.path("form"))
    if form is None:
        raise MissingError("没有这种法定报表。")
    held = books(asked, asked.path("unit_id"), asked.word("extent"))
    found = _found(asked, form, held)
    measures = {key: title for key, title in form.measures.items() if any(key in of for of in found.values())}
    measure = asked.word("measure") or next(iter(measures), "")
    if measures and measure not in measures:
        raise MissingError(f"“{form.title}”没有这一栏。")
    lines = _lines(asked, form, held, measure)
    shown = lines if asked.word("all") else [line for line in lines if not line.is_empty]
    sides = dict.fromkeys(line.side for line in shown)
    return {
        "held": held,
        "titles": EXTENTS,
        "form": form,
        "forms": FORMS,
        "measures": measures,
        "measure": measure,
        "sides": [(_SIDES.get(side, side), [line for line in shown if line.side == side]) for side in sides],
        "hidden": len(lines) - len(shown),
        "missing": [account.fiscal_year for account in held.accounts if account.report_id not in found],
    }


def _found(asked: Asked, form: Form, held: Books) -> dict[str, set[str]]:
    """The measures that each of the reports has, if it has the table at all."""
    found: dict[str, set[str]] = {}
    for row in asked.rows(
        f"SELECT report_id, measures FROM core.form_reading WHERE {among('report_id')} AND form = $form",
        within(held.reports) | {"form": form.key},
    ):
        found.setdefault(row["report_id"], set()).update(row["measures"] or ())
    return found


def _lines(asked: Asked, form: Form, held: Books, measure: str) -> list[Line]:
    """All lines of the table: totals and declared lines as printed last, subjects in the order of their codes."""
    place = {account.report_id: number for number, account in enumerate(held.accounts)}
    declared = {line.key: line for line in form.lines}
    lines: dict[str, Line] = {}
    for row in asked.rows(_CELLS, within(held.reports) | {"form": form.key, "measure": measure}):
        line = lines.get(row["line"])
        if line is None:
            known = declared.get(row["line"])
            code = row["line"] if row["line"].isdecimal() else ""
            name = _bare(row["subject"] or (known.title if known else row["label"]))
            empty: list[Figure | None] = [None] * len(place)
            line = Line(code, name, row["level"] or 0, known.side if known else "", row["row_no"], empty)
            lines[row["line"]] = line
        line.figures[place[row["report_id"]]] = figure(row)
        if line.code:
            line.names.setdefault(_bare(row["label"]), []).append(row["fiscal_year"])
    return _ordered(form, [*lines.values()])


def _ordered(form: Form, lines: list[Line]) -> list[Line]:
    if form.sides:  # two tables side by side: the order of the newest that prints the line
        order = [*_SIDES]
        return sorted(lines, key=lambda line: (order.index(line.side) if line.side in order else 9, line.row_no))
    return sorted(lines, key=lambda line: (line.code != "", line.code, line.row_no))


def _bare(name: str) -> str:
    return _ORDINAL.sub("", name)


_CELLS = f"""
    SELECT report_id, fiscal_year, line, label, subject, level, row_no, amount, printed, {BOX}
    FROM core.cell
    WHERE {among("report_id")} AND form = $form AND measure = $measure
    ORDER BY fiscal_year DESC, row_no, line
"""

ROUTES = (page("/units/{unit_id}/tables/{form}", unit_table, "unit_table.html"),)
