"""D: the report of a department against those of its units, and its own office (本级) among them.

Which units a department has stands in its text (D-02). And every one of them has money: where
the totals of the units that are there add up to the department's, none is missing, and every other line must add
up too. Otherwise less is claimed: what some of the units have cannot be more than what the department has.

Nothing is eliminated between them but the two transfers inside a department, on both of their sides: 上级补助收入
against 对附属单位补助支出, 附属单位上缴收入 against 上缴上级支出. All differences are warnings: which of the reports is
wrong, and whether it is one of the units, is not certain.
"""

from __future__ import annotations

from expectations.model import (
    Check,
    Condition,
    Domain,
    Identity,
    Needs,
    Own,
    Predicate,
    Reason,
    Relation,
    Severity,
    Term,
    Whose,
)
from expectations.vocabulary import CLASS, GROUP, ITEM, T1, T2, T3, T4, T5, T6, TF, TG, TS, less

FAMILY = "部门与所属单位"
_MONEY = ("opening", "income", "total", "basic", "project", "closing")
_TRANSFERS = {T2: ("superior_subsidy", "affiliate_remittance"), T3: ("affiliate_subsidy", "payment_to_superior")}


def _units(*terms: Term, coefficient: int = 1) -> tuple[Term, ...]:
    """The same cells, added up over the units."""
    return tuple(Term(t.form, t.line, t.measure, t.needs, t.coefficient * coefficient, Whose.UNITS) for t in terms)


def _outside(form: str, line: str | Own) -> tuple[Term, ...]:
    """A row of T2 or T3 less the two kinds of money that may come from, or go to, another unit of the department."""
    needs = Needs.CELL if line == "total" else Needs.COLUMN
    return (
        Term(form, line, "total", needs),
        *(Term(form, line, measure, Needs.FORM, coefficient=-1) for measure in _TRANSFERS[form]),
    )


def _difference(*terms: Term) -> tuple[Term, ...]:
    return (*terms, *_units(*terms, coefficient=-1))


def _eliminated(form: str, measure: str) -> tuple[Term, ...]:
    """What the units have and the department has not."""
    return (*_units(Term(form, "total", measure, Needs.COLUMN)), less(form, "total", measure, Needs.COLUMN))


FISCAL_UNITS_COMPLETE = Condition(
    "fiscal_units_complete", (_difference(Term(T4, "income_total")),), rounded=True, reason=Reason.UNITS_INCOMPLETE
)
"""No unit with money from the treasury is missing."""

UNITS_COMPLETE = Condition(
    "units_complete",
    (
        # T2 and T3 are judged by it: T1 says the same apart from them
        _difference(
            Term(T1, "current_year_income_total"),
            *(
                less(T1, line, needs=Needs.COLUMN)
                for line in ("superior_subsidy_income", "affiliate_remittance_income")
            ),
        ),
        _difference(Term(T1, "opening_carryover")),
    ),
    rounded=True,
    reason=Reason.UNITS_INCOMPLETE,
)
"""No unit with money of any kind is missing."""


def _added_up(
    key: str, title: str, *terms: Term, complete: Condition = FISCAL_UNITS_COMPLETE, over: Domain | None = None
) -> Check:
    return Check(terms, _units(*terms), key, title, Relation.EQUAL, over, when=(complete,), otherwise=Relation.AT_LEAST)


def _column(form: str, measure: str, domain: Domain, title: str = "") -> Check:
    return _added_up(f"{form}.{measure}", title, Term(form, Own(), measure, Needs.COLUMN), over=domain)


_CODES = {form: Domain((form,), levels=(ITEM,), lines=("total",)) for form in (T2, T3, T5, TF, TS)}
_T4_INCOME = (
    *("general_public_budget", "government_fund_budget", "state_capital_budget"),
    *("current_year_income_total", "opening_fiscal_carryover", "income_total"),
)
_T4_OUTLAY = ("current_year_expenditure_total", "closing_fiscal_carryover", "expenditure_total")
_TG_LINES = ("abroad", "vehicle", "vehicle_purchase", "vehicle_operation", "reception", "total")

D01 = Identity(
    "D-01",
    FAMILY,
    Severity.WARNING,
    "部门决算 = 所属单位决算之和（财政拨款各表不抵销；总收支抵销部门内部的补助和上缴）；单位不全时部门不小于其和",
    "部门{form}{subject}{what}为{stated}，{other}同一栏之和为{expected}，相差{difference}。",
    (
        _column(T4, "amount", Domain((T4,), lines=_T4_INCOME), "金额"),
        *(
            _column(T4, measure, Domain((T4,), levels=(CLASS,), lines=_T4_OUTLAY), title)
            for measure, title in (
                *(("total", "合计"), ("general", "一般公共预算")),
                *(("fund", "政府性基金预算"), ("capital", "国有资本经营预算")),
            )
        ),
        *(
            _column(T5, measure, _CODES[T5], title)
            for measure, title in (("total", "合计"), ("basic", "基本支出"), ("project", "项目支出"))
        ),
        _column(T6, "amount", Domain((T6,), levels=(GROUP,), lines=("personnel_total", "public_total"))),
        *(
            _column(form, measure, _CODES[form], title)
            for form in (TF, TS)
            for measure, title in zip(
                _MONEY,
                ("年初结转和结余", "本年收入", "支出合计", "基本支出", "项目支出", "年末结转和结余"),
                strict=True,
            )
        ),
        *(
            _column(TG, measure, Domain((TG,), lines=_TG_LINES), title)
            for measure, title in (("budget", "预算数"), ("final", "决算数"))
        ),
        *(
            _added_up(f"{form}.outside", title, *_outside(form, Own()), complete=UNITS_COMPLETE, over=_CODES[form])
            for form, title in (
                (T2, "本年收入（不含上级补助收入、附属单位上缴收入）"),
                (T3, "本年支出（不含对附属单位补助支出、上缴上级支出）"),
            )
        ),
        *(
            _added_up(line, title, Term(T1, line), complete=UNITS_COMPLETE)
            for line, title in (("opening_carryover", ""), ("closing_carryover", ""))
        ),
        *(
            Check(
                _eliminated(T2, income),
                _eliminated(T3, spent),
                key=income,
                title=title,
                when=(UNITS_COMPLETE,),
                sentence="所属单位之和与部门决算相比，{T2}中抵销的{what}为{stated}，"
                "{T3}中抵销的相应支出为{expected}，相差{difference}。",
            )
            for income, spent, title in (
                ("superior_subsidy", "affiliate_subsidy", "上级补助收入"),
                ("affiliate_remittance", "payment_to_superior", "附属单位上缴收入"),
            )
        ),
    ),
)

D02 = Identity(
    "D-02",
    FAMILY,
    Severity.WARNING,
    "部门决算所列单位都公开了决算，公开的单位都在其中（预算不单列、并入本级和名录载明不公开的除外）",
    "{detail}。",
    predicate=Predicate(
        """
        WITH department AS (
            SELECT r.report_id, r.unit_id, r.unit, r.fiscal_year FROM core.report r
            WHERE r.scope IN ('汇总', '部门') OR r.level = '部门'
        ), covered AS (
            SELECT d.*, c.page, c.name, c.unit_id AS covered_id, is_within(c.remark) AS is_within,
                is_own(c.name, d.unit) AS is_own
            FROM department d JOIN core.covered_unit c USING (report_id)
        ), published AS (
            SELECT d.report_id, r.unit, r.unit_id
            FROM department d
            JOIN core.report r ON r.fiscal_year = d.fiscal_year AND r.department_id = d.unit_id
                AND r.unit_id <> d.unit_id
        ), namesake AS (
            -- all ids under which a unit that was renamed is known
            SELECT u.unit_id, o.unit_id AS other_id FROM core.unit u JOIN core.unit o USING (series)
            WHERE o.unit_id <> u.unit_id
        ), known AS (
            SELECT c.report_id, count(*) FILTER (p.unit IS NOT NULL) AS present
            FROM covered c
            LEFT JOIN published p ON p.report_id = c.report_id AND is_alike(p.unit, c.name)
            WHERE NOT c.is_own
            GROUP BY c.report_id
        )
        SELECT c.report_id, '' AS form, 'missing:' || c.name AS instance, '' AS line, '' AS measure,
            -- a list that we have nothing of may be of another place
            if(coalesce(k.present, 0) = 0, 'units_absent', NULL) AS reason,
            format('第{}页列入部门决算的“{}”没有公开单位决算，或公开处没有收集到', c.page, c.name) AS detail
        FROM covered c
        LEFT JOIN known k USING (report_id)
        WHERE NOT c.is_within AND NOT c.is_own
            AND NOT EXISTS (FROM published p WHERE p.report_id = c.report_id AND is_alike(p.unit, c.name))
            -- it may not print whose it is
            AND NOT EXISTS (FROM core.report r WHERE r.unit_id = c.covered_id AND r.fiscal_year = c.fiscal_year)
            AND NOT EXISTS (
                FROM namesake n JOIN core.report r ON r.unit_id = n.other_id
                WHERE n.unit_id = c.covered_id AND r.fiscal_year = c.fiscal_year)
            AND NOT EXISTS (
                FROM quality.register_entry e
                WHERE e.unit_id = c.covered_id AND e.reason <> '' AND e.first_year <= c.fiscal_year
                    AND coalesce(e.last_year, c.fiscal_year) >= c.fiscal_year)
        UNION ALL
        SELECT p.report_id, '', 'unlisted:' || p.unit, '', '', NULL,
            format('“{}”公开了单位决算，部门决算所列单位中没有它', p.unit)
        FROM published p
        WHERE p.report_id IN (SELECT report_id FROM covered)
            AND NOT EXISTS (FROM covered c WHERE c.report_id = p.report_id AND is_alike(p.unit, c.name))
            AND NOT EXISTS (
                FROM covered c JOIN namesake n ON n.other_id = c.covered_id
                WHERE c.report_id = p.report_id AND n.unit_id = p.unit_id)
        UNION ALL
        SELECT r.report_id, '', '', '', '',
            if(r.report_id IN (SELECT report_id FROM department), 'narrative_not_read', 'not_a_department'), ''
        FROM core.report r
        WHERE r.report_id NOT IN (SELECT report_id FROM covered)
        """
    ),
)
