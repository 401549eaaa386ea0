"""The sentences that a unit's accountant reads: functions of their values, nothing looked up.

Places in the sentence of an identity:
{T1} … {TG} a form with its page · {form} the form of the first number · {other} the first other form, with the
report that it stands in where that is another one ·
{subject} the row · {measure} the column · {what} the check's own title · {stated} {expected} the two sides ·
{difference} their distance · {detail} the clause of a predicate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from expectations.vocabulary import SHORT
from pipeline.forms import FORMS
from warehouse.money import Style, money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

_IMPROBABLE = "差额在四舍五入允许的范围内，但偏大，请核对。"


@dataclass(frozen=True, slots=True)
class Broken:
    """One broken instance of an identity, in yuan, with the page of every form that it compares."""

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
    styles: Mapping[str, Style] = field(default_factory=dict)
    improbable: bool = False
    elsewhere: Elsewhere | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another report with which the judged one is compared: its name, and the page and style of its form."""

    name: str
    page: int | None
    style: Style


def sentence(template: str, broken: Broken) -> str:
    """The Chinese sentence of one finding, amounts in the unit in which their table prints them."""
    own = broken.styles.get(broken.form, Style())
    away = broken.elsewhere or Elsewhere("", broken.pages.get(broken.other), broken.styles.get(broken.other, own))
    difference = None if broken.stated is None else abs(broken.stated - (broken.expected or 0))
    words = {short: form_mention(form, broken.pages.get(form)) for short, form in SHORT.items()}
    text = template.format(
        **words,
        form=form_mention(broken.form, broken.pages.get(broken.form)),
        other=away.name + form_mention(broken.other, away.page),
        subject=subject(broken.line, broken.label),
        measure=measure_title(broken.form, broken.measure),
        what=broken.what,
        stated=money(broken.stated, own),
        expected=money(broken.expected, away.style),
        difference=money(difference, own),
        detail=broken.detail,
    )
    return text + _IMPROBABLE if broken.improbable else text


def form_mention(form: str, page: int | None) -> str:
    """A form as 《支出决算表》（第10页）."""
    if form not in FORMS:
        return ""
    return f"《{FORMS[form].title}》" + (f"（第{page}页）" if page else "")


def subject(line: str, label: str) -> str:
    """A row as 科目201“一般公共服务支出”; the total row as 合计行; another one by its label."""
    if line.isdigit():
        return f"科目{line}“{label}”" if label else f"科目{line}"
    if line == "total":
        return "合计行"
    return f"“{label}”" if label else ""


def measure_title(form: str, measure: str) -> str:
    """The Chinese title of a money column, "" if there is none."""
    return FORMS[form].measures.get(measure, "") if form in FORMS else ""
