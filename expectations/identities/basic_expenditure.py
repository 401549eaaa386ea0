"""T6 一般公共预算财政拨款基本支出决算(明细)表: the tree of economic codes and its two totals."""

from __future__ import annotations

from expectations.model import Check, Children, Domain, Identity, Level, Needs, Own, Predicate, Severity, Term
from expectations.vocabulary import CLASS, T6, each

FAMILY = "基本支出决算表"
PERSONNEL = ("301", "303")

IDENTITIES = (
    Identity(
        "T6-01",
        FAMILY,
        Severity.ERROR,
        "经济分类类级科目 = 其款级科目之和",
        "{T6}{subject}为{stated}，其款级科目之和为{expected}，相差{difference}。",
        (Check((Term(T6, Own()),), (Term(T6, Children()),), over=Domain((T6,), levels=(CLASS,))),),
    ),
    Identity(
        "T6-02",
        FAMILY,
        Severity.ERROR,
        "人员经费合计 = 工资福利支出 + 对个人和家庭的补助",
        "{T6}人员经费合计为{stated}，301工资福利支出与303对个人和家庭的补助之和为{expected}，相差{difference}。",
        (Check((Term(T6, "personnel_total"),), each(T6, PERSONNEL)),),
    ),
    Identity(
        "T6-03",
        FAMILY,
        Severity.ERROR,
        "公用经费合计 = 除301、303外各经济分类类级科目之和",
        "{T6}公用经费合计为{stated}，301、303以外各类级科目之和为{expected}，相差{difference}。",
        (Check((Term(T6, "public_total"),), (Term(T6, Level(CLASS, PERSONNEL), needs=Needs.COLUMN),)),),
    ),
    Identity(
        "T6-04",
        FAMILY,
        Severity.WARNING,
        "经济分类科目代码与名称相符，基本支出中没有309资本性支出（基本建设）",
        "{T6}{subject}{detail}。",
        predicate=Predicate(
            """
            SELECT p.report_id, p.form, 'name:' || p.line AS instance, p.line, '' AS measure,
                if(min(p.name_status) = 'unknown_code', 'unknown_code', NULL) AS reason,
                '的名称与该代码的标准名称“' || coalesce(any_value(s.name), '') || '”不符' AS detail
            FROM core.printed_row p LEFT JOIN ref.economic_subject s ON s.code = p.line
            WHERE p.form = 'basic_expenditure' AND p.name_status IN ('different', 'unknown_code')
            GROUP BY ALL
            UNION ALL
            SELECT report_id, form, 'kind:' || line, line, measure, NULL, '有金额，但基本建设支出不属于基本支出'
            FROM core.cell WHERE form = 'basic_expenditure' AND line LIKE '309%' AND level >= 1 AND amount <> 0
            """,
            forms=(T6,),
        ),
    ),
    Identity(
        "T6-05",
        FAMILY,
        Severity.ERROR,
        "合计 = 各经济分类类级科目之和（该表列有合计时）",
        "{T6}合计为{stated}，各经济分类类级科目之和为{expected}，相差{difference}。",
        (Check((Term(T6, "total"),), (Term(T6, Level(CLASS)),)),),
    ),
)
