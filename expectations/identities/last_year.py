"""Y: a report against the one of the year before, of the same unit and extent.

What the text says of the year before (Y-01) is judged by what was published then; a figure may have been restated
since, which is why it is a warning. The opening balance may be adjusted (money called back, errors of earlier years),
which the text has to explain: a difference is a warning, no error. Codes outlive their names, so that lines are
compared by code (Y-06).
"""

from __future__ import annotations

from dataclasses import replace

from expectations.counterparts import BALANCES, COUNTERPARTS, PRINTED, before
from expectations.model import Check, Domain, Identity, Needs, Own, Predicate, Severity, Term, Whose
from expectations.vocabulary import BUDGET_TITLES, ITEM, N1, N4, NO, T1, T3, T4, T6, TF, TS, less

FAMILY = "年度衔接"
_ADJUSTED = "；如属年初数调整，应在情况说明中写明原因。"
_SENTENCE = "{form}{what}年初结转和结余为{stated}，{other}年末结转和结余为{expected}，相差{difference}" + _ADJUSTED
_FUNDS = {TF: "合计行", TS: "合计行"}


def _before(form: str, line: str | Own, measure: str = "amount", needs: Needs = Needs.CELL) -> Term:
    return Term(form, line, measure, needs, whose=Whose.LAST_YEAR)


Y01 = Identity(
    "Y-01",
    FAMILY,
    Severity.WARNING,
    "情况说明“较上年增减”所推算的上年数 = 上年决算",
    "按{form}中{subject}{what}的决算数和增减额推算，上年为{stated}，{other}为{expected}，相差{difference}；"
    "如属上年数追溯调整或口径变化，应予说明。",
    (
        *(before(part) for part in COUNTERPARTS if not set(BALANCES) & {part.line, *part.lines}),
        *(
            before(replace(part, lines=tuple(line for line in part.lines if line not in BALANCES)))
            for part in COUNTERPARTS
            if set(BALANCES) & set(part.lines)
        ),
        Check(
            (Term(NO, "total", "final"), less(NO, "total", "change")),
            (Term(NO, "total", "final", whose=Whose.LAST_YEAR),),
            key="NO",
            title="机关运行经费",
        ),
    ),
)

Y01T = Identity(
    "Y-01-T",
    FAMILY,
    Severity.WARNING,
    "情况说明收入、支出总计（合计）“较上年增减”所推算的上年数 = 上年决算",
    "按{form}中{subject}{detail}；如属上年数追溯调整或口径变化，应予说明。",
    predicate=Predicate(
        f"""
        WITH stated AS (
            -- a sentence that names both totals does not say which one changed: either may
            SELECT c.report_id, c.form, c.line, f.line AS of, f.amount - c.amount AS prior,
                f.precision + c.precision AS width
            FROM core.told c
            JOIN core.told f ON f.report_id = c.report_id AND f.form = c.form AND f.measure = 'final'
                AND contains(f.line, 'income') = contains(c.line, 'income') AND f.line IN {BALANCES}
            WHERE c.measure = 'change' AND c.line IN {BALANCES} AND c.form IN ('told_totals', 'told_fiscal')
        ), before AS (
            SELECT r.report_id, p.topic, p.line, p.amount, p.precision
            FROM related r JOIN ({PRINTED}) p ON p.report_id = r.other_id
            WHERE r.whose = 'last_year' AND p.line IN {BALANCES}
        )
        SELECT s.report_id, s.form, s.form || ':' || s.line AS instance, s.line, 'change' AS measure, NULL AS reason,
            format('的决算数和增减额推算，上年为{{:,.2f}}万元，上年决算为{{:,.2f}}万元',
                (arg_max(s.prior, s.of = s.line) / 10000)::DOUBLE,
                (arg_max(b.amount, s.of = s.line) / 10000)::DOUBLE) AS detail
        FROM stated s
        JOIN before b ON b.report_id = s.report_id AND b.topic = s.form AND b.line = s.of
        GROUP BY s.report_id, s.form, s.line
        HAVING bool_or(s.of = s.line) AND bool_and(2 * abs(s.prior - b.amount) > s.width + b.precision)
        """,
        forms=(N1, N4),
        whose=Whose.LAST_YEAR,
    ),
)

Y02 = Identity(
    "Y-02",
    FAMILY,
    Severity.WARNING,
    "年初结转和结余 = 上年决算的年末结转和结余（合计、财政拨款、各本预算）",
    _SENTENCE,
    (
        Check((Term(T1, "opening_carryover"),), (_before(T1, "closing_carryover"),), key="all"),
        Check(
            (Term(T4, "opening_fiscal_carryover"),),
            (_before(T4, "closing_fiscal_carryover", "total"),),
            key="fiscal",
            title="财政拨款",
        ),
        *(
            Check(
                (Term(T4, f"opening_carryover_{pool}"),),
                (_before(T4, "closing_fiscal_carryover", pool),),
                key=pool,
                title=title,
            )
            for pool, title in BUDGET_TITLES.items()
        ),
        *(
            Check((Term(form, "total", "opening"),), (_before(form, "total", "closing"),), key=form, title=title)
            for form, title in _FUNDS.items()
        ),
    ),
)

Y02C = Identity(
    "Y-02-C",
    FAMILY,
    Severity.INFORMATION,
    "政府性基金、国有资本经营预算各项科目的年初结转和结余 = 上年决算同一科目的年末结转和结余",
    "{form}{subject}年初结转和结余为{stated}，{other}同一科目年末为{expected}，相差{difference}；"
    "如属科目调整，应在情况说明中写明。",
    tuple(
        Check(
            (Term(form, Own(), "opening", Needs.COLUMN),),
            (_before(form, Own(), "closing", Needs.COLUMN),),
            key=form,
            over=Domain((form,), levels=(ITEM,)),
        )
        for form in _FUNDS
    ),
)

Y03 = Identity(
    "Y-03",
    FAMILY,
    Severity.INFORMATION,
    "上年有支出、本年没有的功能分类科目，在情况说明中有说明",
    "{form}没有科目{detail}，上年决算列有支出，情况说明没有提及。",
    predicate=Predicate(
        """
        WITH state AS (
            SELECT r.report_id, r.other_id, f.form, f.state = 'read' AND NOT f.incomplete AS is_known
            FROM related r JOIN form_state f ON f.report_id = r.other_id
            WHERE r.whose = 'last_year' AND f.form = 'expenditure'
        ), spent AS (
            SELECT report_id, line, any_value(label) AS label FROM core.cell
            WHERE form = 'expenditure' AND level = 1 AND measure = 'total' AND amount <> 0
            GROUP BY ALL
        ), told AS (
            SELECT DISTINCT report_id FROM core.told WHERE form IN ('told_totals', 'told_expenditure', 'told_general')
        ), described AS (
            SELECT report_id, line[:3] AS line FROM core.told
            WHERE form IN ('told_totals', 'told_expenditure', 'told_general') AND level >= 1
        )
        SELECT s.report_id, s.form, 'class:' || p.line AS instance, p.line, '' AS measure,
            if(t.report_id IS NULL, 'narrative_not_read', NULL) AS reason,
            p.line || '“' || p.label || '”' AS detail
        FROM state s
        JOIN spent p ON p.report_id = s.other_id
        LEFT JOIN told t ON t.report_id = s.report_id
        ANTI JOIN spent n ON n.report_id = s.report_id AND n.line = p.line
        ANTI JOIN described d ON d.report_id = s.report_id AND d.line = p.line
        WHERE s.is_known AND NOT EXISTS (
            FROM core.section x
            WHERE x.report_id = s.report_id AND x.topic IN ('told_totals', 'told_expenditure', 'told_general')
                AND contains(x.text, rtrim(p.label, '支出')))
        UNION ALL
        SELECT report_id, form, '', '', '', 'related_unread', '' FROM state WHERE NOT is_known
        """,
        forms=(T3,),
        whose=Whose.LAST_YEAR,
    ),
)

_JUMPS = """
    -- form, line, times, at least (yuan): by how much, and above which amount, a total changes out of all proportion
    VALUES ('income_expenditure', 'current_year_income_total', 20, 10000000),
        ('income_expenditure', 'current_year_expenditure_total', 20, 10000000),
        ('basic_expenditure', 'personnel_total', 5, 2000000)
"""
Y05 = Identity(
    "Y-05",
    FAMILY,
    Severity.INFORMATION,
    "本年收入、本年支出、人员经费与上年相比没有悬殊的变化",
    "{form}{subject}为{stated}，{detail}，变化悬殊，请核对。",
    predicate=Predicate(
        f"""
        WITH jump(form, line, times, least) AS ({_JUMPS}), state AS (
            SELECT r.report_id, r.other_id, f.form, f.state = 'read' AS is_known
            FROM related r JOIN form_state f ON f.report_id = r.other_id
            WHERE r.whose = 'last_year' AND f.form IN (SELECT form FROM jump)
        )
        SELECT s.report_id, s.form, n.line AS instance, n.line, n.measure, NULL AS reason,
            format('上年决算为{{:,.2f}}万元', (p.amount / 10000)::DOUBLE) AS detail
        FROM state s
        JOIN jump j USING (form)
        JOIN core.cell n ON n.report_id = s.report_id AND n.form = j.form AND n.line = j.line AND n.measure = 'amount'
        JOIN core.cell p ON p.report_id = s.other_id AND p.form = j.form AND p.line = j.line AND p.measure = 'amount'
        -- a unit that began or ended in the year is no surprise; money in the wrong unit is PL-02
        WHERE least(n.amount, p.amount) >= 500000 AND greatest(n.amount, p.amount) >= j.least
            AND greatest(n.amount, p.amount) > j.times * least(n.amount, p.amount)
            AND greatest(n.amount, p.amount) < 1000 * least(n.amount, p.amount)
        UNION ALL
        SELECT report_id, form, form, '', '', 'related_unread', '' FROM state WHERE NOT is_known
        """,
        forms=(T1, T6),
        whose=Whose.LAST_YEAR,
    ),
)
