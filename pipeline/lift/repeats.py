"""Lines that a form prints more than once."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.issues import Issue, IssueKind
from pipeline.lift.lifted import UNCONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.forms import Form
    from pipeline.lift.lifted import Lifted


def check_repeats(form: Form, facts: Sequence[Lifted]) -> tuple[list[Lifted], list[Issue]]:
    """The facts and what is amiss with lines printed twice.

    A declared line printed again (合计 on every page) must print the same amounts. Another line is printed once; of two
    rows recognised from a picture that seem to be one, a code was misread, and it is not known which.
    """
    rows: dict[str, set[int]] = defaultdict(set)
    declared = {line.key for line in form.lines}
    for fact in facts:
        if fact.recognised and fact.line not in declared:
            rows[fact.line].add(fact.row_no)
    twice = {line for line, own in rows.items() if len(own) > 1}
    issues = [*_differing(form, facts), *_twice(form, facts, twice)]
    return [
        fact._replace(confidence=min(fact.confidence, UNCONFIRMED)) if fact.line in twice else fact for fact in facts
    ], issues


def _differing(form: Form, facts: Sequence[Lifted]) -> Iterator[Issue]:
    first: dict[tuple[str, str], Decimal] = {}
    titles = {line.key: line.title for line in form.lines}
    for fact in facts:
        if fact.line not in titles:
            continue
        value = fact.number.value if fact.number else Decimal(0)
        known = first.setdefault((fact.line, fact.measure), value)
        if value != known:
            title = titles[fact.line]
            printed = fact.printed or "空白"
            text = f"第{fact.page}页《{form.title}》再次印出的“{title}”为{printed}，与前文{known}不一致，请核对原表。"
            yield Issue(
                IssueKind.DUPLICATE_DIFFERS, text, page=fact.page, form=form.key, cell=fact.printed, box=fact.box
            )


def _twice(form: Form, facts: Sequence[Lifted], twice: set[str]) -> Iterator[Issue]:
    told: set[str] = set()
    for fact in facts:
        if fact.line in twice and fact.line not in told:
            told.add(fact.line)
            text = (
                f"第{fact.page}页《{form.title}》有几行的科目编码都识别为{fact.line}（{fact.label}），编码识别存疑，"
                "请对照原件核对；涉及这些行的核对不作结论。"
            )
            yield Issue(IssueKind.DOUBTFUL_CELL, text, page=fact.page, form=form.key, cell=fact.line, box=fact.box)
