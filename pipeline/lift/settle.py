"""What only the whole document tells: money units, printed precision, coverage. Then facts are in yuan."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.lift.lifted import UNCONFIRMED
from pipeline.lift.money import common_unit, precision_of, settle_decimals, stated_unit
from pipeline.lift.notes import emptiness_note
from pipeline.lift.titles import is_title
from pipeline.model import Fact, FormReading
from pipeline.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.lift.facts import Lift
    from pipeline.lift.lifted import Lifted

LIMIT = Decimal(10) ** 14
"""Yuan. No unit has so much: two numbers were printed or read as one."""

COVERAGE = Decimal("0.99")
"""Share of the printed numbers that must have become facts; below it the document says so."""

_NOTE_LINES = 8
_SECTION = re.compile(r"第[一二三四五六七八九十]部分|[一二三四五六七八九十]+、")


def settle(lifts: Sequence[Lift]) -> tuple[tuple[FormReading, ...], tuple[Fact, ...], tuple[Issue, ...]]:
    """Readings of the forms, their facts in yuan, and all issues of them.

    Without a money unit an amount means nothing: such a form gives no facts.
    """
    stated = [stated_unit([*lift.found.captions, *_heading_texts(lift)]) for lift in lifts]
    stated = [unit or stated_unit(lift.found.notes) for unit, lift in zip(stated, lifts, strict=True)]
    common = common_unit(stated)
    units = [unit or common for unit in stated]
    decimals = settle_decimals([(unit, lift.printed) for unit, lift in zip(units, lifts, strict=True)])
    forms: list[FormReading] = []
    facts: list[Fact] = []
    issues: list[Issue] = []
    for lift, unit, digits in zip(lifts, units, decimals, strict=True):
        issues += lift.issues
        precision = precision_of(unit, digits)
        note = _note(lift)
        kept = [*lift.facts] if unit and (not lift.blank or note) else []
        if not unit and lift.facts and not lift.blank:
            issues.append(_unit_unknown(lift))
        issues += [_too_large(lift, fact) for fact in kept if not _is_possible(fact, unit)]
        kept = [fact for fact in kept if _is_possible(fact, unit)]
        finer = [index for index, fact in enumerate(kept) if _is_misread(fact, digits)]
        for index in finer:
            issues.append(_finer(lift, kept[index], digits))
            kept[index] = kept[index]._replace(confidence=min(kept[index].confidence, UNCONFIRMED))
        lifted = sum(fact.number is not None for fact in kept)
        columns = [slot.column.measure for slot in lift.found.header.slots if slot.column]
        measures = dict.fromkeys(filter(None, [*columns, *(fact.measure for fact in lift.facts)]))
        form, pages = lift.found.form, lift.found.pages
        title = lift.found.title
        forms.append(
            FormReading(
                form=form.key,
                title=title,
                pages=pages,
                money_unit=unit,
                precision=precision,
                measures=tuple(measures),
                rows=lift.rows,
                numbers=lift.numbers,
                lifted=lifted,
                blank=lift.blank,
                note=note,
            )
        )
        facts += [_fact(lift, fact, unit, precision) for fact in kept]
    return tuple(forms), tuple(facts), (*issues, *_low_coverage(forms))


def _heading_texts(lift: Lift) -> list[str]:
    return [text for part in lift.found.parts for text in sorted(part.heading_texts)]


def _fact(lift: Lift, fact: Lifted, unit: int, precision: Decimal) -> Fact:
    """In yuan. An empty cell, or a dash in its place, is exactly nothing: it has no last digit.

    A number that is printed finer than its table is as fine as it is printed.
    """
    return Fact(
        form=lift.found.form.key,
        line=fact.line,
        measure=fact.measure,
        label=fact.label,
        amount=fact.number.value * unit if fact.number else Decimal(0),
        printed=fact.printed,
        money_unit=unit,
        precision=min(precision, precision_of(unit, fact.number.decimals)) if fact.number else Decimal(0),
        page=fact.page,
        box=fact.box,
        row_no=fact.row_no,
        reader=lift.found.reader,
        confidence=fact.confidence,
    )


def _is_possible(fact: Lifted, unit: int) -> bool:
    return fact.number is None or abs(fact.number.value) * unit < LIMIT


def _too_large(lift: Lift, fact: Lifted) -> Issue:
    form = lift.found.form
    text = f"第{fact.page}页《{form.title}》“{fact.label}”一行的“{fact.printed}”大得不可能，没有采用，请核对原表。"
    return Issue(IssueKind.UNREADABLE_NUMBER, text, page=fact.page, form=form.key, cell=fact.printed, box=fact.box)


def _is_misread(fact: Lifted, decimals: int) -> bool:
    """True for a recognised number that is finer than its table: a point seen for a comma, or a digit too many."""
    return fact.number is not None and fact.recognised and fact.number.decimals > decimals


def _finer(lift: Lift, fact: Lifted, decimals: int) -> Issue:
    form = lift.found.form
    text = (
        f"第{fact.page}页《{form.title}》“{fact.label}”一行的数字“{fact.printed}”识别存疑，本表数字只印到小数点后"
        f"{decimals}位，请对照原件核对；涉及该数字的核对不作结论。"
    )
    return Issue(IssueKind.DOUBTFUL_CELL, text, page=fact.page, form=form.key, cell=fact.printed, box=fact.box)


def _note(lift: Lift) -> str:
    """The note of emptiness; a table with an amount has none, whatever its notes say."""
    if lift.unreadable or any(number.value for number in lift.printed):
        return ""
    lines: list[str] = []
    for line in lift.found.notes[:_NOTE_LINES]:
        if _SECTION.match(plain(line)) or is_title(line):
            break  # what follows the table is another part of the report
        lines.append(line)
    return emptiness_note([*lift.remarks, *lines]) or emptiness_note(lift.found.captions[-1:])


def _unit_unknown(lift: Lift) -> Issue:
    page, form = lift.found.pages[0], lift.found.form
    text = f"第{page}页《{form.title}》没有印明金额单位（万元或元），该表数字没有采用，请核对原表。"
    return Issue(IssueKind.MONEY_UNIT_UNKNOWN, text, page=page, form=form.key)


def _low_coverage(forms: Sequence[FormReading]) -> list[Issue]:
    printed, lifted = sum(form.numbers for form in forms), sum(form.lifted for form in forms)
    if not printed or lifted >= COVERAGE * printed:
        return []
    text = f"各表共印有{printed}个数字，只读出{lifted}个（{lifted / printed:.1%}），请核对原文件。"
    return [Issue(IssueKind.LOW_COVERAGE, text)]
