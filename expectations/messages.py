"""The sentences that a unit's accountant reads: functions of their values, nothing looked up.

Places in the sentence of an identity:
{T1} … {TG}, {N1} … {NE}, {PF} a form or a section of the prose with its page · {form} the form of the first number ·
{other} the first other form, with the report that it stands in where that is another one ·
{subject} the row · {measure} the column · {what} the check's own title · {stated} {expected} the two sides ·
{difference} their distance · {detail} the clause of a predicate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from expectations.vocabulary import SHORT
from warehouse.money import Style, money
from warehouse.titles import form_titles, is_prose, line_titles, measure_titles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

_IMPROBABLE = "差额在四舍五入允许的范围内，但偏大，请核对。"
_CUT_OFF = "两者只在末位相差一个数，可能是截尾或四舍五入所致，请核对。"


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken instance of an identity, in yuan or in the unit of its ratio, with the page of every form in it.

    `style` and `other_style` say how the two sides are printed; `is_ratio` that the other side is computed.
    """

    form: str
    line: str
    measure: str
    label: str
    what: str
    stated: Decimal | None
    expected: Decimal | None
    other: str = ""
    detail: str = ""
    pages: Mapping[str, int] = field(default_factory=dict)
    style: Style = field(default_factory=Style)
    other_style: Style = field(default_factory=Style)
    improbable: bool = False
    is_ratio: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another report with which the judged one is compared: its name, and the page and style of its form."""

    name: str
    page: int | None
    style: Style


def sentence(template: str, broken: Broken) -> str:
    """The Chinese sentence of one finding, figures in the unit in which they are printed."""
    away = broken.elsewhere or Elsewhere("", broken.pages.get(broken.other), broken.other_style)
    difference = None if broken.stated is None else abs(broken.stated - (broken.expected or 0))
    words = {short: form_mention(form, broken.pages.get(form)) for short, form in SHORT.items()}
    text = template.format(
        **words,
        form=form_mention(broken.form, broken.pages.get(broken.form)),
        other=away.name + form_mention(broken.other, away.page),
        subject=subject(broken.form, broken.line, broken.label),
        measure=measure_title(broken.form, broken.measure),
        what=broken.what,
        stated=money(broken.stated, broken.style),
        expected=money(broken.expected, broken.style if broken.is_ratio else away.style),
        difference=money(difference, broken.style),
        detail=broken.detail,
    )
    return text + (_CUT_OFF if broken.is_ratio else _IMPROBABLE) if broken.improbable else text


def form_mention(form: str, page: int | None) -> str:
    """A form as 《支出决算表》（第10页）, a section of the prose likewise."""
    title = form_titles().get(form)
    return f"《{title}》" + (f"（第{page}页）" if page else "") if title else ""


def subject(form: str, line: str, label: str) -> str:
    """A row as 科目201“一般公共服务支出”; the total row as 合计行; another one, and the subject of a claim, by name."""
    if line.isdigit():
        return f"科目{line}“{label}”" if label else f"科目{line}"
    if line == "total" and not is_prose(form):
        return "合计行"
    name = label or line_titles().get((form, line), "")
    return f"“{name}”" if name else ""


def measure_title(form: str, measure: str) -> str:
    """The Chinese title of a money column or of what a sentence says of its subject, "" if there is none."""
    return measure_titles().get((form, measure), "")
