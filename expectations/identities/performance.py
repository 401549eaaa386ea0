"""P: the sums, ratios and scores inside every self-evaluation form (绩效自评表).

A form's lines have levels (see warehouse/sql/35_narrative.sql), and its sums have as children what certainly are all
their parts. How a rate becomes a score differs between places: full marks from 95 %, or by steps. So the score of
execution is only held against its rate where no curve could explain it.
"""

from __future__ import annotations

from expectations.model import Check, Children, Domain, Identity, Own, Predicate, Relation, Severity, Term
from expectations.vocabulary import PF

FAMILY = "绩效自评表"
_TOTAL, _DIVIDED, _SOURCE, _SCORE, _EXECUTION, _INDICATOR = range(1, 7)
_MONEY = {
    "initial": "年初预算数",
    "adjustment": "预算调整数",
    "adjusted": "调整后预算数（全年预算数）",
    "actual": "执行数",
}


def _over(*levels: int) -> Domain:
    return Domain((PF,), levels=levels)


def _rate(*levels: int) -> tuple[Check, ...]:
    return (
        Check(
            (Term(PF, Own(), "rate"),),
            (Term(PF, Own(), "actual"),),
            divisor=(Term(PF, Own(), "adjusted"),),
            factor=100,
            over=_over(*levels),
        ),
    )


P01A = Identity(
    "P-01-A",
    FAMILY,
    Severity.ERROR,
    "调整后预算数 = 年初预算数 + 预算调整数（合计和各资金来源）",
    "{PF}{subject}调整后预算数为{stated}，年初预算数加调整数为{expected}，相差{difference}。",
    (
        Check(
            (Term(PF, Own(), "adjusted"),),
            (Term(PF, Own(), "initial"), Term(PF, Own(), "adjustment")),
            over=_over(_TOTAL, _DIVIDED, _SOURCE),
        ),
    ),
)

P01B = Identity(
    "P-01-B",
    FAMILY,
    Severity.ERROR,
    "资金合计 = 各资金来源之和",
    "{PF}{subject}{what}为{stated}，所列各资金来源之和为{expected}，相差{difference}。",
    tuple(
        Check(
            (Term(PF, Own(), measure),),
            (Term(PF, Children(), measure),),
            key=measure,
            title=title,
            over=_over(_TOTAL, _DIVIDED),
        )
        for measure, title in _MONEY.items()
    ),
)

_RATE_SENTENCE = "{PF}{subject}执行率印为{stated}，按执行数与全年（调整后）预算数计算为{expected}。"

P02A = Identity(
    "P-02-A", FAMILY, Severity.ERROR, "资金合计的执行率 = 执行数 ÷ 全年（调整后）预算数", _RATE_SENTENCE, _rate(_TOTAL)
)

P02B = Identity(
    "P-02-B",
    FAMILY,
    # what is scored is the rate of the total
    Severity.WARNING,
    "各资金来源的执行率 = 执行数 ÷ 全年（调整后）预算数",
    _RATE_SENTENCE,
    _rate(_DIVIDED, _SOURCE),
)

P02C = Identity(
    "P-02-C",
    FAMILY,
    Severity.WARNING,
    "预算执行得分与执行率相符：全部执行得满分，没有执行不得分，同一报告按同一办法计分",
    "{PF}{subject}{detail}。",
    predicate=Predicate(
        """
        WITH execution AS (
            SELECT
                report_id,
                split_part(line, '.', 1) AS project,
                max(amount::DOUBLE) FILTER (measure = 'actual' AND level = 1) AS actual,
                max(amount::DOUBLE) FILTER (measure = 'adjusted' AND level = 1) AS budget,
                max(amount::DOUBLE) FILTER (measure = 'weight' AND level = 5) AS weight,
                max(amount::DOUBLE) FILTER (measure = 'score' AND level = 5) AS score,
                max(precision::DOUBLE) FILTER (measure = 'score' AND level = 5) AS step,
                any_value(line) FILTER (level = 5) AS line
            FROM core.told
            WHERE form = 'performance'
            GROUP BY ALL
        ), scored AS (
            SELECT
                *,
                actual / budget AS rate,
                least(weight * rate, weight) AS linear,
                -- scores are rounded or cut, to the digits that they print or to a tenth
                abs(score - linear) <= greatest(step, 0.1) + 1e-9 AS is_linear
            FROM execution
            WHERE budget > 0 AND weight > 0 AND score IS NOT NULL AND actual IS NOT NULL
        ), compared AS (
            SELECT
                *,
                count(*) FILTER (is_linear AND rate < 0.95) OVER (PARTITION BY report_id) AS alike,
                count(*) FILTER (NOT is_linear) OVER (PARTITION BY report_id) AS unlike
            FROM scored
        )
        SELECT report_id, 'performance' AS form, line AS instance, line, 'score' AS measure, NULL AS reason,
            CASE
                WHEN rate = 1 THEN '预算已全部执行，得分却不是满分'
                WHEN rate = 0 THEN '没有执行预算，却有得分'
                ELSE format('得分为{:.2f}，同一报告其他项目按执行率计分，照此应为{:.2f}', score, linear)
            END AS detail
        FROM compared
        WHERE NOT is_linear AND (rate IN (0, 1) OR (alike >= 2 AND unlike = 1))
        """,
        forms=(PF,),
    ),
)

P03A = Identity(
    "P-03-A",
    FAMILY,
    Severity.ERROR,
    "自评总分 = 预算执行得分 + 各指标得分",
    "{PF}{subject}为{stated}，预算执行得分与各指标得分之和为{expected}，相差{difference}。",
    (Check((Term(PF, Own(), "score"),), (Term(PF, Children(), "score"),), over=_over(_SCORE)),),
)

P03B = Identity(
    "P-03-B",
    FAMILY,
    Severity.WARNING,
    "各项分值之和为100分（含预算执行的分值）",
    "{PF}{subject}{detail}。",
    predicate=Predicate(
        """
        WITH weights AS (
            SELECT
                report_id,
                split_part(line, '.', 1) AS project,
                sum(amount) AS total,
                sum(precision) / 2 AS slack,
                bool_or(level = 5) AS has_execution,
                min_by(line, len(line)) AS line
            FROM core.told
            WHERE form = 'performance' AND measure = 'weight' AND level IN (5, 6)
            GROUP BY ALL
        )
        SELECT report_id, 'performance' AS form, line AS instance, line, 'weight' AS measure, NULL AS reason,
            format('等各项分值之和为{}分，不是100分', rtrim(rtrim(format('{:.4f}', total::DOUBLE), '0'), '.')) AS detail
        FROM weights
        -- 90 points of indicators stand beside 10 of execution, which a form may not print
        WHERE abs(total - 100) > slack AND (has_execution OR abs(total - 90) > slack)
        """,
        forms=(PF,),
    ),
)

P03C = Identity(
    "P-03-C",
    FAMILY,
    Severity.ERROR,
    "得分不大于分值",
    "{PF}{subject}得分为{stated}，大于分值{expected}。",
    (
        Check(
            (Term(PF, Own(), "score"),),
            (Term(PF, Own(), "weight"),),
            relation=Relation.AT_MOST,
            over=_over(_SCORE, _EXECUTION, _INDICATOR),
        ),
    ),
)
