"""NC: what the text says of the year before. Changes, rates and directions agree, whatever they are of."""

from __future__ import annotations

from expectations.counterparts import BALANCES, grown, own
from expectations.model import Check, Identity, Own, Predicate, Severity, Term
from expectations.ratios import missed
from expectations.vocabulary import N1, N2, N3, N4, N5, N6, N7, NE, NF, NO, NP, NS, less
from pipeline.narrative.topics import TOPICS

FAMILY = "情况说明：与上年比较"
_TOPICS = (N1, N2, N3, N4, N5, N6, N7, NF, NS, NO, NP)
_AMBIGUOUS = {N1: BALANCES, N4: BALANCES}


def _prior(topic: str) -> Check:
    return Check(
        (Term(topic, Own(), "change"),),
        (Term(topic, Own(), "final"), less(topic, Own(), "prior")),
        key=TOPICS[topic].short,
        over=own(topic),
    )


IDENTITIES = (
    Identity(
        "NC-01",
        FAMILY,
        Severity.ERROR,
        "增减率 = 增减额 ÷ 上年数（本年数 − 增减额），增减方向一致",
        "{form}中{subject}的增减率为{stated}，按所写的决算数和增减额计算应为{expected}。",
        tuple(grown(topic, *_AMBIGUOUS.get(topic, ())) for topic in _TOPICS),
    ),
    Identity(
        "NC-02",
        FAMILY,
        Severity.ERROR,
        "收入、支出总计（合计）的增减率 = 增减额 ÷ 上年数，增减方向一致",
        "{form}中{subject}的{detail}。",
        predicate=Predicate(
            f"""
            WITH stated AS (
                SELECT r.report_id, r.form, r.line, r.amount AS rate, r.precision AS rate_precision,
                    c.amount AS change, c.precision AS change_precision
                FROM core.told r
                JOIN core.told c USING (report_id, form, line)
                WHERE r.measure = 'rate' AND c.measure = 'change' AND r.form IN ('told_totals', 'told_fiscal')
                    AND r.line IN {BALANCES}
            ), based AS (
                -- a sentence that names both totals does not say which one changed: either may
                SELECT s.*, f.line AS of, f.amount - s.change AS prior, f.precision + s.change_precision AS width
                FROM stated s
                JOIN core.told f ON f.report_id = s.report_id AND f.form = s.form AND f.measure = 'final'
                    AND contains(f.line, 'income') = contains(s.line, 'income') AND f.line IN {BALANCES}
            )
            SELECT report_id, form, form || ':' || line AS instance, line, 'rate' AS measure,
                if(bool_or(2 * abs(prior) <= width), 'zero_base', NULL) AS reason,
                format('增减率为{{}}%，按所写的决算数和增减额计算应为{{:.2f}}%', any_value(rate)::DECIMAL(18, 2),
                    arg_max(100 * change::DOUBLE / nullif(prior, 0)::DOUBLE, of = line)::DOUBLE) AS detail
            FROM based
            GROUP BY report_id, form, line
            HAVING bool_or(of = line)
                AND bool_and({missed(("rate", "rate_precision"), ("change", "change_precision"), ("prior", "width"))})
            """,
            forms=(N1, N4),
        ),
    ),
    Identity(
        "NC-03",
        FAMILY,
        Severity.WARNING,
        "上年数为零的没有增减率",
        "{form}中{subject}上年数为零，没有增减率可言，却写了{detail}。",
        predicate=Predicate(
            """
            SELECT r.report_id, r.form, r.form || ':' || r.line AS instance, r.line, r.measure, NULL AS reason,
                rtrim(r.printed, '%％') || '%' AS detail
            FROM core.told r
            JOIN core.told c ON c.report_id = r.report_id AND c.form = r.form AND c.line = r.line
                AND c.measure = 'change'
            JOIN core.told f ON f.report_id = r.report_id AND f.form = r.form AND f.line = r.line
                AND f.measure = 'final'
            WHERE r.measure = 'rate' AND f.amount = c.amount AND c.amount > 0
            """,
            forms=_TOPICS,
        ),
    ),
    Identity(
        "NC-04",
        FAMILY,
        Severity.ERROR,
        "增减额 = 本年决算数 − 上年决算数（写明上年数的）",
        "{form}中{subject}的增减额为{stated}，本年数与上年数之差为{expected}，相差{difference}。",
        tuple(_prior(topic) for topic in _TOPICS),
    ),
    Identity(
        "NC-05",
        FAMILY,
        Severity.WARNING,
        "增减额与增减率方向一致（没有写明决算数的）",
        "{form}中{subject}{detail}。",
        predicate=Predicate(
            """
            SELECT r.report_id, r.form, r.form || ':' || r.line AS instance, r.line, r.measure, NULL AS reason,
                '一处为' || if(c.amount > 0, '增加', '减少')
                    || format('{:,.2f}万元', (abs(c.amount) / 10000)::DOUBLE)
                    || '，一处为' || if(r.amount > 0, '增长', '下降')
                    || rtrim(r.printed, '%％') || '%' AS detail
            FROM core.told r
            JOIN core.told c ON c.report_id = r.report_id AND c.form = r.form AND c.line = r.line
                AND c.measure = 'change'
            ANTI JOIN core.told f ON f.report_id = r.report_id AND f.form = r.form AND f.line = r.line
                AND f.measure = 'final'
            WHERE r.measure = 'rate' AND sign(r.amount) * sign(c.amount) < 0
            """,
            forms=(*_TOPICS, NE),
        ),
    ),
    Identity(
        "NC-06",
        FAMILY,
        Severity.WARNING,
        "不同部分对同一项目与上年比较的说法一致",
        "{form}中{subject}{what}为{stated}，{other}同一项目为{expected}，两处不一致。",
        tuple(
            Check(
                (Term(here, line, measure),),
                (Term(there, other, measure),),
                key=f"{TOPICS[here].short}.{line}.{TOPICS[there].short}.{measure}",
                title=title,
            )
            for here, line, there, other in (
                (N4, "expenditure_general", N5, "total"),
                (NO, "total", N6, "public_total"),
            )
            for measure, title in (("change", "与上年相比的增减额"), ("prior", "上年决算数"))
        ),
    ),
)
