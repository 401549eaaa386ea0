"""Causes as sentences for a unit's accountant: functions of their values, nothing looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.causes.missing import UNKNOWN
from expectations.causes.slips import Kind
from expectations.messages import form_mention, measure_title, subject
from warehouse.money import money
from warehouse.titles import is_prose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from expectations.causes.explain import Cause
    from expectations.causes.problem import Cell
    from warehouse.money import Style, Styles

_TOLD = 4  # cells that a sentence names one by one


def tell(cause: Cause, pages: Mapping[str, int], styles: Styles) -> str:
    """What is wrong, what should stand there, and what that would mend.

    `pages` says where the forms begin, `styles` how they print figures.
    """
    first = cause.cells[0]
    form, style = first.place.form, _style(styles, first)
    match cause.kind:
        case Kind.SHIFTED:
            text = _shifted(cause)
        case Kind.SWAPPED:
            text = _swapped(cause, style)
        case Kind.MISSING_ROW:
            text = _missing(cause, style)
        case Kind.OMITTED:
            text = f"{_named(first)}{_printed(first, style)}，疑为漏填，按其余数字应为{money(cause.meant, style)}"
        case _:
            stated, meant = money(first.amount, style), money(cause.meant, style)
            text = f"{_named(first)}为{stated}，疑有误（{_slip(cause)}），按其余数字应为{meant}"
    others = _others(cause, styles)
    return (
        f"{form_mention(form, pages.get(form))}{text}；更正后，{len(cause.broken)}项不成立的勾稽关系均可成立。{others}"
    )


def _slip(cause: Cause) -> str:
    """What sort of slip it is, and for a number that was taken from elsewhere, from where."""
    if cause.kind is Kind.SIGN and cause.cells[0].is_claim:
        return "增减方向相反"
    if not cause.echo:
        return cause.kind.label
    if is_prose(cause.echo.place.form):
        return "与按所说增减额推算的上年数相同，疑为沿用上年文字"
    year, place = ("上年决算" if cause.echo.is_last_year else ""), cause.echo.place
    where = f"{year}{form_mention(place.form, cause.echo.page)}{subject(place.form, place.line, cause.echo.label)}"
    slip = "沿用上年文字" if cause.echo.is_last_year else "误取该数"
    return f"与{where}{measure_title(place.form, place.measure)}相同，疑为{slip}"


def _printed(cell: Cell, style: Style) -> str:
    return f"为{money(cell.amount, style)}" if cell.printed else "为空"


def _named(cell: Cell) -> str:
    return (
        f"{subject(cell.place.form, cell.place.line, cell.label)}{measure_title(cell.place.form, cell.place.measure)}"
    )


def _shifted(cause: Cause) -> str:
    form = cause.cells[0].place.form
    lines = list(dict.fromkeys(cell.place.line for cell in cause.cells))
    labels = {cell.place.line: cell.label for cell in cause.cells}
    measures = list(dict.fromkeys(measure_title(c.place.form, c.place.measure) for c in cause.cells))
    ends = f"{subject(form, lines[0], labels[lines[0]])}至{subject(form, lines[-1], labels[lines[-1]])}"
    return f"从{ends}共{len(lines)}行的{'、'.join(measures)}疑整体错行，数字没有印在自己的行内"


def _swapped(cause: Cause, style: Style) -> str:
    if len(cause.cells) > len(("one", "other")):
        measures = list(dict.fromkeys(measure_title(c.place.form, c.place.measure) for c in cause.cells))
        return f"{'与'.join(measures)}两栏的数字疑互换位置"
    one, other = cause.cells
    return (
        f"{_named(one)}（{money(one.amount, style)}）与{_named(other)}（{money(other.amount, style)}）疑互换位置，"
        "两数对调后与其余数字相符"
    )


def _missing(cause: Cause, style: Style) -> str:
    first = cause.cells[0]
    which = "" if first.place.line == UNKNOWN else f"（{subject(first.place.form, first.place.line, first.label)}）"
    amount = money(cause.meant, style)
    title = measure_title(first.place.form, first.place.measure)
    return f"{_above(first)}疑漏列一行{which}，其{title}应为{amount}"


def _above(cell: Cell) -> str:
    return f"科目{cell.parent}之下" if cell.parent else "类级科目中"


def _others(cause: Cause, styles: Styles) -> str:
    if not cause.alternatives:
        return ""
    told = []
    for cell, meant in cause.alternatives[:_TOLD]:
        told.append(_suspect(cell, money(meant, _style(styles, cell))))
    more = f"等{len(cause.alternatives)}处" if len(cause.alternatives) > _TOLD else ""
    return f"仅凭这些数字还不能确定是哪一处有误，同样可疑的有：{'、'.join(told)}{more}，更正其中一处即可。"


def _suspect(cell: Cell, meant: str) -> str:
    form = form_mention(cell.place.form, None)
    return f"{form}{_above(cell)}漏列一行" if cell.place.line == UNKNOWN else f"{form}{_named(cell)}（应为{meant}）"


def _style(styles: Styles, cell: Cell) -> Style:
    return styles.of(cell.place.form, cell.place.measure)
