"""N1 to N4: what the text says of total income and expenditure, of T2, T3 and the fiscal appropriation."""

from __future__ import annotations

from expectations.counterparts import same, shares
from expectations.model import Check, Identity, Predicate, Severity, Term
from expectations.vocabulary import (
    CAPITAL,
    FUND,
    GENERAL,
    N1,
    N2,
    N3,
    N4,
    OTHER_REVENUE,
    T1,
    T2,
    T3,
    THREE_BUDGETS,
    each,
)

FAMILY = "情况说明：总体收支"
_SAME = "{form}中{subject}{what}为{stated}，{other}为{expected}，相差{difference}。"
_SHARE = "{form}中{subject}{what}占比为{stated}，按{other}计算应为{expected}。"
_REVENUE = ", ".join(f"'{line}'" for line in (GENERAL, FUND, CAPITAL, *(line for line, _ in OTHER_REVENUE.values())))

_PARTS = """
    WITH whole AS (
        SELECT report_id, form, line, amount, precision FROM core.told
        WHERE form = 'told_totals' AND measure = 'change' AND line IN ('{balance}', '{total}')
    ), part AS (
        SELECT report_id, line, amount, precision,
            line IN ({beyond}) AS is_beyond
        FROM core.told
        WHERE form = 'told_totals' AND measure = 'change' AND ({parts} OR line IN ({beyond}))
    ), summed AS (
        SELECT w.*, p.*
        FROM whole w
        JOIN (
            SELECT report_id, sum(amount) FILTER (NOT is_beyond) AS inside, sum(amount) AS whole,
                sum(precision) AS width, list(DISTINCT line) FILTER (NOT is_beyond) AS parts
            FROM part GROUP BY report_id
        ) p USING (report_id)
    )
    -- a sentence that names both totals does not say which one changed: either may
    SELECT report_id, form, line AS instance, line, 'change' AS measure, NULL AS reason,
        format('{words}{{:,.2f}}万元，{{}}增减额为{{:,.2f}}万元',
            (inside / 10000)::DOUBLE, '{name}', (amount / 10000)::DOUBLE) AS detail
    FROM summed s
    WHERE 2 * abs(amount - inside) > width + precision AND 2 * abs(amount - whole) > width + precision AND {complete}
    QUALIFY row_number() OVER (PARTITION BY report_id ORDER BY line) = 1
"""

IDENTITIES = (
    Identity(
        "N1-01",
        FAMILY,
        Severity.ERROR,
        "情况说明中的各项收入、支出、结转和结余 = 收入支出决算总表",
        _SAME,
        (
            *same(N1),
            Check(
                (Term(N1, "fiscal_appropriation_income", "final"),),
                (Term(T1, GENERAL), *each(T1, (FUND, CAPITAL))),
                key="appropriation",
                title="财政拨款收入",
                when=(THREE_BUDGETS,),
            ),
        ),
    ),
    Identity(
        "N1-02",
        FAMILY,
        Severity.WARNING,
        "各项收入的增减额之和 = 收入合计的增减额（各项收入都写明增减额的）",
        "{form}中{detail}，两者不符。",
        predicate=Predicate(
            _PARTS.format(
                balance="current_year_income_total",
                total="income_total",
                parts=f"line IN ({_REVENUE})",
                beyond="'use_of_nonfiscal_surplus', 'opening_carryover'",
                words="各项收入增减额之和为",
                name="收入合计",
                complete="len(parts) = 8",
            ),
            forms=(N1,),
        ),
    ),
    Identity(
        "N1-03",
        FAMILY,
        Severity.INFORMATION,
        "各类支出的增减额之和 = 支出合计的增减额（各类支出都写明增减额的）",
        "{form}中{detail}，两者不符；如上年有支出的科目本年没有，应予说明。",
        predicate=Predicate(
            _PARTS.format(
                balance="current_year_expenditure_total",
                total="expenditure_total",
                parts="regexp_full_match(line, '[0-9]{3}')",
                beyond="'surplus_distribution', 'closing_carryover'",
                words="各类支出增减额之和为",
                name="支出合计",
                complete="NOT EXISTS (FROM core.cell c WHERE c.report_id = s.report_id "
                "AND c.form = 'income_expenditure' AND c.level = 1 AND c.amount <> 0 "
                "AND NOT list_contains(s.parts, c.line))",
            ),
            forms=(N1,),
        ),
    ),
    Identity("N2-01", FAMILY, Severity.ERROR, "情况说明中的各项收入 = 收入决算表", _SAME, same(N2)),
    Identity(
        "N2-02",
        FAMILY,
        Severity.ERROR,
        "各项收入的占比 = 该项收入 ÷ 本年收入合计",
        _SHARE,
        shares(N2, Term(T2, "total", "total")),
    ),
    Identity("N3-01", FAMILY, Severity.ERROR, "情况说明中的各项支出 = 支出决算表", _SAME, same(N3)),
    Identity(
        "N3-02",
        FAMILY,
        Severity.ERROR,
        "各项支出的占比 = 该项支出 ÷ 本年支出合计",
        _SHARE,
        shares(N3, Term(T3, "total", "total")),
    ),
    Identity("N4-01", FAMILY, Severity.ERROR, "情况说明中的财政拨款收支 = 财政拨款收入支出决算总表", _SAME, same(N4)),
)
