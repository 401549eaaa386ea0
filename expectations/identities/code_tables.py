"""T2, T3, T5, TF, TS: the tree of subject codes in every money column, and the sums along every row."""

from __future__ import annotations

from expectations.model import (
    Check,
    Children,
    Domain,
    Identity,
    Leaves,
    Level,
    Needs,
    Own,
    Predicate,
    Severity,
    Term,
)
from expectations.vocabulary import CLASS, GROUP, ITEM, OTHER_REVENUE, T2, T3, T5, TF, TS, less

TREE, ROW = "科目层级", "行内合计"
_EXPENDITURE = ("basic", "project", "payment_to_superior", "operating", "affiliate_subsidy")
_EVERYWHERE = ("fiscal_appropriation", "basic", "project")
_FUND = ("opening", "income", "total", "basic", "project", "closing")
MEASURES = {
    T2: ("total", "fiscal_appropriation", *OTHER_REVENUE),
    T3: ("total", *_EXPENDITURE),
    T5: ("total", "basic", "project"),
    TF: _FUND,
    TS: _FUND,
}
_COLUMNS = [(form, measure) for form, measures in MEASURES.items() for measure in measures]


def _all_rows(form: str) -> Domain:
    return Domain((form,), levels=(CLASS, GROUP, ITEM), lines=("total",))


def _parts(form: str, *measures: str) -> tuple[Term, ...]:
    """The columns of a row. A vintage may lack one for rare money, but never one that every unit has money in."""
    return tuple(
        Term(form, Own(), measure, Needs.CELL if measure in _EVERYWHERE else Needs.FORM) for measure in measures
    )


H01 = Identity(
    "H-01",
    TREE,
    Severity.ERROR,
    "上级科目 = 其下级科目之和",
    "{form}{subject}{measure}为{stated}，其下级科目之和为{expected}，相差{difference}。",
    tuple(
        Check(
            (Term(form, Own(), measure),),
            (Term(form, Children(), measure),),
            key=f"{form}.{measure}",
            over=Domain((form,), levels=(CLASS, GROUP)),
        )
        for form, measure in _COLUMNS
    ),
)

H02 = Identity(
    "H-02",
    TREE,
    Severity.ERROR,
    "合计 = 各类级科目之和 = 各最末级科目之和",
    "{form}合计行{measure}为{stated}，各{what}之和为{expected}，相差{difference}。",
    tuple(
        Check((Term(form, "total", measure),), (Term(form, rule, measure),), key=f"{form}.{measure}.{key}", title=title)
        for form, measure in _COLUMNS
        for key, title, rule in (("classes", "类级科目", Level(CLASS)), ("items", "最末级科目", Leaves()))
    ),
)

H03 = Identity(
    "H-03",
    TREE,
    Severity.WARNING,
    "上级科目齐全，代码不重复，按代码升序排列",
    "{form}{subject}{detail}。",
    predicate=Predicate(
        """
        WITH printed AS (
            SELECT *, row_number() OVER (PARTITION BY report_id, form, line ORDER BY row_no) AS occurrence,
                row_number() OVER (PARTITION BY report_id, form, line, page ORDER BY row_no) AS on_page
            FROM core.printed_row
            WHERE level >= 1 AND form IN ('income', 'expenditure', 'general_budget', 'government_fund', 'state_capital')
        ), ordered AS (
            -- a row that a page repeats of the page before is where it should be
            SELECT *, lag(line) OVER (PARTITION BY report_id, form ORDER BY row_no) AS above
            FROM printed WHERE occurrence = 1
        )
        SELECT report_id, form, 'parent:' || line AS instance, line, '' AS measure, NULL AS reason,
            '没有列出它的上级科目' || parent AS detail
        FROM ordered WHERE level > 1 AND (report_id, form, parent) NOT IN (SELECT report_id, form, line FROM printed)
        UNION ALL
        SELECT report_id, form, 'repeated:' || line, line, '', NULL, '在第' || page || '页重复出现'
        FROM printed WHERE on_page = 2
        UNION ALL
        SELECT report_id, form, 'order:' || line, line, '', NULL, '排在科目' || above || '之后，不是升序'
        FROM ordered WHERE line < above
        """,
        forms=tuple(MEASURES),
    ),
)

H04 = Identity(
    "H-04",
    TREE,
    Severity.WARNING,
    "科目代码与科目名称相符",
    "{form}{subject}{detail}。",
    predicate=Predicate(
        """
        SELECT p.report_id, p.form, p.form || ':' || p.line AS instance, p.line, '' AS measure,
            if(min(p.name_status) = 'unknown_code', 'unknown_code', NULL) AS reason,
            '的名称与该代码的标准名称“' || coalesce(any_value(s.name), '') || '”不符' AS detail
        FROM core.printed_row p LEFT JOIN ref.functional_subject s ON s.code = p.line
        WHERE p.name_status IN ('different', 'unknown_code')
            AND p.form IN ('income', 'expenditure', 'general_budget', 'government_fund', 'state_capital')
        GROUP BY ALL
        """,
        forms=tuple(MEASURES),
    ),
)

H05 = Identity(
    "H-05",
    TREE,
    Severity.WARNING,
    "金额不为负数",
    "{form}{subject}{measure}为{stated}，是负数。",
    predicate=Predicate(
        """
        SELECT report_id, form, form || '.' || measure || ':' || line AS instance, line, measure, NULL AS reason,
            '' AS detail
        FROM core.cell
        WHERE amount < 0 AND form IN ('income', 'expenditure', 'general_budget', 'government_fund', 'state_capital')
        """,
        forms=tuple(MEASURES),
    ),
)

_SPLIT = "{form}{subject}{measure}为{stated}，基本支出与项目支出之和为{expected}，相差{difference}。"


def _split(identity: str, form: str) -> Identity:
    check = Check((Term(form, Own(), "total"),), _parts(form, "basic", "project"), over=_all_rows(form))
    return Identity(identity, ROW, Severity.ERROR, "小计（合计） = 基本支出 + 项目支出", _SPLIT, (check,))


def _carried(form: str) -> Check:
    return Check(
        (Term(form, Own(), "closing"),),
        (Term(form, Own(), "opening"), Term(form, Own(), "income"), less(form, Own(), "total")),
        key=form,
        over=_all_rows(form),
    )


ROWS = (
    Identity(
        "R2",
        ROW,
        Severity.ERROR,
        "本年收入合计 = 六项收入来源之和",
        "{form}{subject}本年收入合计为{stated}，各项收入来源之和为{expected}，相差{difference}。",
        (Check((Term(T2, Own(), "total"),), _parts(T2, *MEASURES[T2][1:]), over=_all_rows(T2)),),
    ),
    Identity(
        "R3",
        ROW,
        Severity.ERROR,
        "本年支出合计 = 基本支出 + 项目支出 + 上缴上级支出 + 经营支出 + 对附属单位补助支出",
        "{form}{subject}本年支出合计为{stated}，各类支出之和为{expected}，相差{difference}。",
        (Check((Term(T3, Own(), "total"),), _parts(T3, *_EXPENDITURE), over=_all_rows(T3)),),
    ),
    _split("R5", T5),
    _split("RF1", TF),
    _split("RS1", TS),
    Identity(
        "RF2",
        ROW,
        Severity.ERROR,
        "年初结转和结余 + 本年收入 − 本年支出 = 年末结转和结余",
        "{form}{subject}年末结转和结余为{stated}，按年初结转和结余加本年收入减本年支出计算应为{expected}，相差{difference}。",
        (_carried(TF), _carried(TS)),
    ),
)
