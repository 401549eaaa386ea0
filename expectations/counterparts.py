"""Of which cell a sentence speaks: the lines of every topic of the narrative beside the tables that print the same.

Read by the declarations, which compare the two, and by predicates that need to know whether a claim is that of a table.
Nothing here says what follows from a difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from expectations.model import Check, Domain, Needs, Own, Term, Whose
from expectations.vocabulary import (
    BUDGET_TITLES,
    BUDGETS,
    CAPITAL,
    CLASS,
    FUND,
    GENERAL,
    GROUP,
    ITEM,
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    NF,
    NS,
    OTHER_REVENUE,
    T1,
    T2,
    T3,
    T4,
    T5,
    T6,
    TF,
    TG,
    TS,
    less,
)
from pipeline.forms import FORMS
from pipeline.narrative.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Iterator

BALANCES = ("current_year_income_total", "income_total", "current_year_expenditure_total", "expenditure_total")
"""Totals of a year, and those with what was carried over: a sentence that names both does not say which one changed."""


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What `topic` says of `line` stands in `form` at (`cell`, `measure`); Own() is the line of the topic itself.

    `key` tells the counterparts of a topic apart, `title` names a fixed line in Chinese. `lines` and `levels` are those
    that Own() stands for. Where the table does not print the line, `needs` says whether that is 0 or not known.
    """

    topic: str
    key: str
    form: str
    line: str | Own = field(default_factory=Own)
    cell: str | Own = field(default_factory=Own)
    measure: str = "amount"
    title: str = ""
    lines: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    needs: Needs = Needs.CELL

    @property
    def domain(self) -> Domain | None:
        """The lines that the topic names, where they are not fixed."""
        return Domain((self.topic,), levels=self.levels, lines=self.lines) if self.lines or self.levels else None

    def told(self, measure: str = "final", coefficient: int = 1) -> Term:
        """What the sentence says."""
        return Term(self.topic, self.line, measure, coefficient=coefficient)

    def printed(self, whose: Whose = Whose.OWN) -> Term:
        """What the table prints."""
        return Term(self.form, self.cell, self.measure, self.needs, whose=whose)


def _codes(topic: str, form: str, measure: str, *levels: int, key: str = "code") -> Counterpart:
    """Subject codes: one that the table does not print has nothing."""
    return Counterpart(topic, key, form, measure=measure, levels=levels, needs=Needs.COLUMN)


def _row(topic: str, form: str, *measures: str) -> Iterator[Counterpart]:
    """The lines of a topic that are columns of the total row."""
    for measure in measures:
        yield Counterpart(topic, measure, form, measure, "total", measure, FORMS[form].measures[measure])


_SPENT = ("total", "basic", "project")
_POOL = ("opening", "income", "total", "basic", "project", "closing")
_T1_LINES = tuple(
    line.key for line in FORMS[T1].lines if not line.key.isdigit() and (not line.memo or line.key.startswith("nature_"))
)
_T4_OUTLAY = ("current_year_expenditure_total", "closing_fiscal_carryover", "expenditure_total")
_T4_LINES = tuple(
    line.key for line in FORMS[T4].lines if not line.key.isdigit() and not line.memo and line.key not in _T4_OUTLAY
)
_T3_ROW = (*_SPENT, "payment_to_superior", "operating", "affiliate_subsidy")
_ALL = (CLASS, GROUP, ITEM)

COUNTERPARTS: tuple[Counterpart, ...] = (
    Counterpart(N1, "line", T1, lines=_T1_LINES),
    _codes(N1, T1, "amount", CLASS),
    Counterpart(N1, "grand_total", T1, "grand_total", "income_total", title="收入、支出总计"),
    *(
        Counterpart(N1, measure, T3, measure, "total", measure, FORMS[T3].measures[measure])
        for measure in ("basic", "project")
    ),
    *_row(N2, T2, "total", "fiscal_appropriation", *OTHER_REVENUE),
    Counterpart(N2, "budget", T1, lines=(GENERAL, FUND, CAPITAL)),
    *(
        Counterpart(N2, f"appropriation_{pool}", T1, f"appropriation_{pool}", line, title=BUDGET_TITLES[pool])
        for pool, line in BUDGETS.items()
    ),
    _codes(N2, T2, "total", *_ALL),
    *_row(N3, T3, *_T3_ROW),
    _codes(N3, T3, "total", *_ALL),
    Counterpart(N4, "line", T4, lines=_T4_LINES),
    Counterpart(N4, "outlay", T4, measure="total", lines=_T4_OUTLAY),
    _codes(N4, T4, "total", CLASS),
    Counterpart(N4, "grand_total", T4, "grand_total", "income_total", title="财政拨款收入、支出总计"),
    *(
        Counterpart(N4, f"expenditure_{pool}", T4, f"expenditure_{pool}", "current_year_expenditure_total", pool, title)
        for pool, title in (
            ("general", "一般公共预算财政拨款支出"),
            ("fund", "政府性基金预算财政拨款支出"),
            ("capital", "国有资本经营预算财政拨款支出"),
        )
    ),
    *_row(N5, T5, *_SPENT),
    _codes(N5, T5, "total", *_ALL),
    Counterpart(N6, "total", T5, "total", "total", "basic", "基本支出"),
    Counterpart(N6, "line", T6, lines=("personnel_total", "public_total")),
    _codes(N6, T6, "amount", CLASS, GROUP),
    Counterpart(N7, "line", TG, measure="final", lines=tuple(line.key for line in FORMS[TG].lines if not line.memo)),
    *(
        part
        for topic, form in ((NF, TF), (NS, TS))
        for part in (*_row(topic, form, *_POOL), _codes(topic, form, "total", *_ALL))
    ),
)


_CELLS = ", ".join(
    f"('{part.topic}', '{line}', '{part.form}', '{line if isinstance(part.cell, Own) else part.cell}', "
    f"'{part.measure}')"
    for part in COUNTERPARTS
    for line in (part.lines if isinstance(part.line, Own) else (part.line,))
)
_CODES = ", ".join(f"('{part.topic}', '{part.form}', '{part.measure}')" for part in COUNTERPARTS if part.levels)
PRINTED = f"""
    SELECT c.report_id, o.topic, o.line, c.amount, c.precision
    FROM core.cell c
    JOIN (VALUES {_CELLS}) AS o(topic, line, form, cell, measure)
        ON c.form = o.form AND c.line = o.cell AND c.measure = o.measure
    UNION ALL
    SELECT c.report_id, o.topic, c.line, c.amount, c.precision
    FROM core.cell c
    JOIN (VALUES {_CODES}) AS o(topic, form, measure) ON c.form = o.form AND c.measure = o.measure
    WHERE c.level >= 1
"""
"""For predicates: of every line that a topic may name what its table prints (report_id, topic, line, ...)."""


def of(topic: str) -> tuple[Counterpart, ...]:
    """The counterparts of one topic."""
    return tuple(part for part in COUNTERPARTS if part.topic == topic)


def same(*topics: str) -> tuple[Check, ...]:
    """Each final figure of these topics is that of its table."""
    return tuple(
        Check((part.told(),), (part.printed(),), key=part.key, title=part.title, over=part.domain)
        for topic in topics
        for part in of(topic)
    )


def shares(topic: str, whole: Term) -> tuple[Check, ...]:
    """Each share that a topic states is that of its cell in the cell `whole`."""
    return tuple(
        Check(
            (part.told("share"),),
            (part.printed(),),
            key=part.key,
            title=part.title,
            over=part.domain,
            divisor=(whole,),
            factor=100,
        )
        for part in of(topic)
        if part.printed() != whole
    )


def before(part: Counterpart) -> Check:
    """What a sentence makes of the year before, final less change, is what its table printed then."""
    return Check(
        (part.told(), part.told("change", -1)),
        (part.printed(Whose.LAST_YEAR),),
        key=f"{TOPICS[part.topic].short}.{part.key}",
        title=part.title,
        over=part.domain,
    )


def unspoken(form: str, instance: str, topic: str, told: str) -> str:
    """SQL for the end of a predicate: a report of which `told` has nothing is not judged.

    It may speak of `topic` without going into particulars, or its text was not read.
    """
    return f"""
        UNION ALL
        SELECT report_id, '{form}', '{instance}', '', '',
            if(report_id IN (SELECT report_id FROM core.told WHERE form = '{topic}'), 'condition',
                'narrative_not_read'), ''
        FROM core.report WHERE report_id NOT IN (SELECT report_id FROM {told})
    """


def own(topic: str, *besides: str) -> Domain:
    """All lines that a topic may name, subject codes included, but vehicles, projects and grades by name."""
    form = FORMS.get(TOPICS[topic].form)
    known = [*(line.key for line in form.lines), *form.measures] if form else []
    lines = [line for line in (*known, *TOPICS[topic].lines) if not line.isdigit() and line not in besides]
    return Domain((topic,), levels=_ALL, lines=tuple(dict.fromkeys(lines)))


def grown(topic: str, *besides: str) -> Check:
    """A stated rate of change is the change in last year's figure, which is this year's less the change."""
    final, change = Term(topic, Own(), "final"), Term(topic, Own(), "change")
    base = (final, less(topic, Own(), "change"))
    short = TOPICS[topic].short
    rate = Term(topic, Own(), "rate")
    return Check((rate,), (change,), key=short, over=own(topic, *besides), divisor=base, factor=100)
