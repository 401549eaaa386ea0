"""NO, NP, NA: what the text says of operating expenses of offices, procurement, and vehicles."""

from __future__ import annotations

from expectations.model import Check, Identity, Predicate, Relation, Severity, Term
from expectations.vocabulary import N7, NA, NO, NP, T6

FAMILY = "情况说明：其他重要事项"
_PARTS = {"goods": "货物", "works": "工程", "services": "服务"}


def _not_more(less: str, more: str, title: str) -> Check:
    return Check(
        (Term(NP, less, "final"),), (Term(NP, more, "final"),), key=less, title=title, relation=Relation.AT_MOST
    )


def _part(part: str, whole: str, title: str) -> Check:
    return Check(
        (Term(NP, part, "share"),),
        (Term(NP, part, "final"),),
        key=part,
        title=title,
        divisor=(Term(NP, whole, "final"),),
        factor=100,
    )


IDENTITIES = (
    Identity(
        "NO-01",
        FAMILY,
        Severity.WARNING,
        "机关运行经费 ≤ 一般公共预算财政拨款基本支出中的公用经费",
        "{form}中机关运行经费为{stated}，大于{T6}公用经费合计{expected}，多{difference}。",
        (Check((Term(NO, "total", "final"),), (Term(T6, "public_total"),), relation=Relation.AT_MOST),),
    ),
    Identity(
        "NO-02",
        FAMILY,
        Severity.INFORMATION,
        "行政单位、参公单位的机关运行经费 = 基本支出中的公用经费",
        "{form}中{detail}，请核对口径。",
        predicate=Predicate(
            """
            WITH kind AS (
                -- the last two digits of an item: 01 行政运行, 03 机关服务, 50 事业运行 under most 款
                SELECT report_id, bool_or(line[6:7] = '01' AND contains(label, '行政运行')) AS is_office,
                    bool_or(regexp_matches(label, '事业运行|机关服务|事业机构|事业单位')
                        AND NOT contains(label, '养老') AND NOT contains(label, '医疗')
                        AND NOT contains(label, '年金')) AS is_institution
                FROM core.cell
                WHERE form = 'general_budget' AND measure = 'basic' AND level = 3 AND amount > 0
                GROUP BY report_id
            )
            SELECT t.report_id, t.form, '' AS instance, t.line, t.measure,
                if(k.is_office AND NOT k.is_institution AND r.level <> '部门' AND r.scope NOT IN ('汇总', '部门'),
                    NULL, 'condition') AS reason,
                format('机关运行经费为{:,.2f}万元，少于公用经费合计{:,.2f}万元', (t.amount / 10000)::DOUBLE,
                    (c.amount / 10000)::DOUBLE) AS detail
            FROM core.told t
            JOIN core.report r USING (report_id)
            JOIN kind k USING (report_id)
            JOIN core.cell c ON c.report_id = t.report_id AND c.form = 'basic_expenditure'
                AND c.line = 'public_total' AND c.measure = 'amount'
            WHERE t.form = 'told_operation' AND t.line = 'total' AND t.measure = 'final'
                AND 2 * (c.amount - t.amount) > c.precision + t.precision AND t.amount > 0
            """,
            forms=(NO,),
        ),
    ),
    Identity(
        "NP-01",
        FAMILY,
        Severity.ERROR,
        "政府采购支出总额 = 货物 + 工程 + 服务",
        "{form}中政府采购支出总额为{stated}，货物、工程、服务之和为{expected}，相差{difference}。",
        (Check((Term(NP, "total", "final"),), tuple(Term(NP, part, "final") for part in _PARTS)),),
    ),
    Identity(
        "NP-02",
        FAMILY,
        Severity.WARNING,
        "授予小微企业合同金额 ≤ 授予中小企业合同金额 ≤ 政府采购支出总额",
        "{form}中{what}为{stated}，大于{expected}，多{difference}，请核对。",
        (
            _not_more("small", "small_medium", "授予小微企业合同金额与授予中小企业合同金额相比，前者"),
            _not_more("small_medium", "total", "授予中小企业合同金额与政府采购支出总额相比，前者"),
            *(
                _not_more(f"{part}_small_medium", part, f"{title}采购授予中小企业合同金额与{title}支出金额相比，前者")
                for part, title in _PARTS.items()
            ),
        ),
    ),
    Identity(
        "NP-03",
        FAMILY,
        Severity.ERROR,
        "授予中小企业、小微企业合同金额的占比，同所写的金额相符",
        "{form}中{what}的占比为{stated}，按所写的金额计算应为{expected}。",
        (
            _part("small_medium", "total", "授予中小企业合同金额占政府采购支出总额"),
            _part("small", "small_medium", "授予小微企业合同金额占授予中小企业合同金额"),
            *(
                _part(f"{part}_small_medium", part, f"{title}采购授予中小企业合同金额占{title}支出金额")
                for part, title in _PARTS.items()
            ),
            *(_part(part, "total", f"{title}支出占政府采购支出总额") for part, title in _PARTS.items()),
        ),
    ),
    Identity(
        "NP-04",
        FAMILY,
        Severity.WARNING,
        "按货物、工程、服务的占比推算的授予中小企业合同金额之和 = 所写的总额",
        "{form}中{detail}，请核对占比的分母。",
        predicate=Predicate(
            """
            WITH share AS (
                SELECT s.report_id, count(*) AS kinds, list(s.line) AS lines,
                    sum(p.amount::DOUBLE * s.amount::DOUBLE / 100) AS awarded,
                    sum(p.amount::DOUBLE * s.precision::DOUBLE / 100 + p.precision::DOUBLE * s.amount::DOUBLE / 100)
                        AS width
                FROM core.told s
                JOIN core.told p ON p.report_id = s.report_id AND p.form = s.form AND p.measure = 'final'
                    AND p.line = replace(s.line, '_small_medium', '')
                WHERE s.form = 'told_procurement' AND s.measure = 'share'
                    AND s.line IN ('goods_small_medium', 'works_small_medium', 'services_small_medium')
                GROUP BY s.report_id
            ), rest AS (
                -- what was bought of a kind whose share is not stated may all have been awarded, or nothing of it
                SELECT p.report_id, sum(p.amount) AS rest
                FROM core.told p JOIN share s USING (report_id)
                WHERE p.form = 'told_procurement' AND p.measure = 'final' AND p.line IN ('goods', 'works', 'services')
                    AND NOT list_contains(s.lines, p.line || '_small_medium')
                GROUP BY p.report_id
            )
            SELECT t.report_id, t.form, '' AS instance, t.line, t.measure, NULL AS reason,
                format('授予中小企业合同金额为{:,.2f}万元，按所写各类采购的占比推算为{:,.2f}万元',
                    (t.amount / 10000)::DOUBLE, awarded / 10000) AS detail
            FROM core.told t
            JOIN share s USING (report_id)
            LEFT JOIN rest r USING (report_id)
            WHERE t.form = 'told_procurement' AND t.line = 'small_medium' AND t.measure = 'final'
                AND (t.amount::DOUBLE < awarded - width - t.precision::DOUBLE
                    OR t.amount::DOUBLE > awarded + coalesce(rest, 0)::DOUBLE + width + t.precision::DOUBLE)
                AND (SELECT count(*) FROM core.told k
                    WHERE k.report_id = t.report_id AND k.form = t.form AND k.measure = 'final'
                        AND k.line IN ('goods', 'works', 'services')) = 3
            """,
            forms=(NP,),
        ),
    ),
    Identity(
        "NA-01",
        FAMILY,
        Severity.ERROR,
        "车辆总数 = 各类车辆之和",
        "{form}中{detail}。",
        predicate=Predicate(
            """
            WITH kind AS (
                SELECT report_id, sum(amount) AS vehicles, bool_or(contains(line, '其他')) AS is_complete
                FROM core.told WHERE form = 'told_assets' AND starts_with(line, 'vehicle:') AND measure = 'count'
                GROUP BY report_id
            )
            SELECT t.report_id, t.form, '' AS instance, t.line, t.measure, NULL AS reason,
                format('共有车辆{}辆，所写各类车辆之和为{}辆', t.amount::BIGINT, k.vehicles::BIGINT) AS detail
            FROM core.told t
            JOIN kind k USING (report_id)
            WHERE t.form = 'told_assets' AND t.line = 'vehicles' AND t.measure = 'count'
                -- only a list with 其他用车 is meant to be complete
                AND (k.vehicles > t.amount OR (k.is_complete AND k.vehicles < t.amount))
                AND NOT EXISTS (
                    FROM core.claim c
                    WHERE c.report_id = t.report_id AND c.topic = 'told_assets' AND c.line = '' AND c.unit = 'piece')
            """,
            forms=(NA,),
        ),
    ),
    Identity(
        "NA-02",
        FAMILY,
        Severity.WARNING,
        "国有资产占用情况的日期为决算年度12月31日",
        "{form}中{detail}。",
        predicate=Predicate(
            """
            WITH dated AS (
                SELECT s.report_id, s.page, unnest(regexp_extract_all(
                    regexp_replace(s.text, '\\s', '', 'g'),
                        '(?:截[至止]到?|^|[。；\n])([0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日)', 1
                )) AS day
                FROM core.section s WHERE s.topic = 'told_assets'
            )
            SELECT d.report_id, 'told_assets' AS form, d.day AS instance, 'vehicles' AS line, 'count' AS measure,
                NULL AS reason, format('写明截至{}，应为{}年12月31日', d.day, r.fiscal_year) AS detail
            FROM (SELECT DISTINCT report_id, day FROM dated) d
            JOIN core.report r USING (report_id)
            WHERE d.day <> format('{}年12月31日', r.fiscal_year)
            """,
            forms=(NA,),
        ),
    ),
    Identity(
        "NA-03",
        FAMILY,
        Severity.INFORMATION,
        "开支财政拨款的公务用车保有量 ≤ 车辆总数",
        "{N7}公务用车保有量为{stated}，大于{NA}车辆总数{expected}，请核对。",
        (
            Check(
                (Term(N7, "vehicles_held", "count"),),
                (Term(NA, "vehicles", "count"),),
                relation=Relation.AT_MOST,
            ),
        ),
    ),
)
