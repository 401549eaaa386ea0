"""NF and NS: what the text says of the government fund and the state capital budget, or that there was nothing."""

from __future__ import annotations

from dataclasses import replace

from expectations.counterparts import same
from expectations.model import Identity, Predicate, Severity
from expectations.vocabulary import NF, NS

FAMILY = "情况说明：政府性基金、国有资本经营预算"
_TABLES = "VALUES ('told_fund', 'government_fund', '政府性基金'), ('told_capital', 'state_capital', '国有资本经营')"

IDENTITIES = (
    Identity(
        "NF-01",
        FAMILY,
        Severity.ERROR,
        "情况说明中政府性基金、国有资本经营预算各项收支 = 相应决算表",
        "{form}中{subject}{what}为{stated}，{other}为{expected}，相差{difference}。",
        tuple(
            replace(check, key=f"{key}.{check.key}")
            for topic, key in ((NF, "fund"), (NS, "capital"))
            for check in same(topic)
        ),
    ),
    Identity(
        "NF-02",
        FAMILY,
        Severity.ERROR,
        "情况说明称没有政府性基金（国有资本经营预算）收支的，相应决算表中也没有",
        "{form}称没有{detail}。",
        predicate=Predicate(
            f"""
            SELECT t.report_id, t.form, t.form || ':' || t.line AS instance, t.line, t.measure, NULL AS reason,
                format('{{}}预算财政拨款{{}}，而决算表中为{{:,.2f}}万元', d.name,
                    if(t.line = 'income', '收入', '支出'), (c.amount / 10000)::DOUBLE) AS detail
            FROM core.told t
            JOIN ({_TABLES}) AS d(topic, form, name) ON d.topic = t.form
            JOIN core.cell c ON c.report_id = t.report_id AND c.form = d.form AND c.line = 'total'
                AND c.measure = t.line
            WHERE t.measure = 'none' AND t.line IN ('income', 'total') AND c.amount <> 0
            """,
            forms=(NF, NS),
        ),
    ),
    Identity(
        "NF-03",
        FAMILY,
        Severity.WARNING,
        "情况说明称政府性基金（国有资本经营预算）与上年相比无变化的，总体情况中也无增减",
        "{form}称{detail}，前后矛盾。",
        predicate=Predicate(
            f"""
            SELECT t.report_id, t.form, t.form AS instance, any_value(t.line) AS line, t.measure, NULL AS reason,
                format('与上年相比无变化，而第{{}}页总体情况中{{}}预算财政拨款收入比上年{{}}{{:,.2f}}万元', c.page,
                    d.name,
                    if(c.amount > 0, '增加', '减少'), (abs(c.amount) / 10000)::DOUBLE) AS detail
            FROM core.told t
            JOIN ({_TABLES}) AS d(topic, form, name) ON d.topic = t.form
            JOIN core.told c ON c.report_id = t.report_id AND c.form IN ('told_totals', 'told_fiscal')
                AND c.line = d.form || '_budget' AND c.measure = 'change'
            -- the expenditure of a fund need not change with its income, unless there is neither
            WHERE t.measure = 'change' AND t.amount = 0 AND c.amount <> 0 AND (t.line = 'income' OR EXISTS (
                FROM core.told n
                WHERE n.report_id = t.report_id AND n.form = t.form AND n.measure = 'none'
                    AND n.line IN ('income', 'total')))
            GROUP BY t.report_id, t.form, t.measure, c.form, c.page, d.name, c.amount
            QUALIFY row_number() OVER (PARTITION BY t.report_id, t.form ORDER BY c.page) = 1
            """,
            forms=(NF, NS),
        ),
    ),
)
