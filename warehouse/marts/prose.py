"""What the text says, as tables: every number of it, budgets by item, reasons, counts, procurement, vehicles, units."""

from __future__ import annotations

from warehouse.marts.view import HEAD, REPORT, Column, View

_PART = Column("部分", "coalesce(f.title, '')", "在情况说明的哪一部分；未弄清的为空")
_SUBJECT = Column("事项", "coalesce(nullif(l.title, ''), c.label)", "所说的事项：固定行的标准名称，其余照印出的文字")
_CODE = Column("科目编码", "CASE WHEN regexp_full_match(c.line, '[0-9]+') THEN c.line END", "不是科目的为空")
_PAGE = Column("页码", "c.page", "所在的页")
_TITLED = """
        JOIN core.report r ON r.report_id = c.report_id
        LEFT JOIN ref.form f ON f.form = c.{topic}
        LEFT JOIN ref.form_line l ON l.form = c.{topic} AND l.line = c.line
"""


def prose_views() -> tuple[View, ...]:
    """All views of what the text says."""
    return (_figures(), _budgets(), _changes(), _three_public(), _people(), _procurement(), _vehicles(), _units())


def _told(name: str, measure: str, comment: str, alias: str = "t") -> Column:
    """One measure of a line of a topic, where `source` groups the claims of that line."""
    return Column(name, f"any_value({alias}.amount) FILTER ({alias}.measure = '{measure}')", comment)


def _line(name: str, line: str, comment: str, measure: str = "final", type_: str = "") -> Column:
    """One line of a topic, where `source` groups the claims of a report."""
    return Column(name, f"any_value(t.amount) FILTER (t.line = '{line}' AND t.measure = '{measure}'){type_}", comment)


def _count(name: str, *lines: str) -> Column:
    """A number of pieces: that of the first of these lines that is stated."""
    each = (f"any_value(t.amount) FILTER (t.line = '{line}' AND t.measure = 'count')" for line in lines)
    return Column(name, f"coalesce({', '.join(each)})::INTEGER", f"{name}；没有写明的为空")


def _figures() -> View:
    return View(
        "情况说明数字",
        "情况说明中的每一个数字，以及“持平”“无”等说法：说的是什么、多少、在哪里",
        (
            *HEAD,
            _PART,
            _SUBJECT,
            _CODE,
            Column("印出的事项", "c.label", "事项，照印出的文字"),
            Column("指标", "coalesce(m.title, c.measure)", "决算数、预算数、增减额、增减率、占比、数量等"),
            Column("数值", "c.value", "金额为元，比例为百分点，数量为个数；减少为负数"),
            Column(
                "计量",
                "CASE c.unit WHEN 'yuan' THEN '元' WHEN 'percent' THEN '百分点' WHEN 'piece' THEN '个' ELSE '说法' END",
                "元、百分点、个；说法为“持平”“无”等，以 1、0、-1 表示",
            ),
            Column("印出", "c.printed", "印出的数字或文字"),
            Column("说法", "c.direction", "增加、减少、持平、大于、小于等，照印出的文字"),
            Column("比较年份", "c.year", "与哪一年比较，没有写明的为空"),
            Column("原因", "c.reason", "写明的原因"),
            Column("语句", "c.sentence", "所在的语句"),
            _PAGE,
            REPORT,
        ),
        f"""
        FROM core.claim c {_TITLED.format(topic="topic")}
        LEFT JOIN ref.form_measure m ON m.form = c.topic AND m.measure = c.measure
        """,
    )


def _budgets() -> View:
    return View(
        "年初预算与决算",
        "一般公共预算财政拨款支出按项目的年初预算、决算及完成情况：情况说明所写的，以及按其计算的",
        (
            *HEAD,
            Column("科目编码", "nullif(t.line, 'total')", "合计为空"),
            Column("科目名称", "coalesce(any_value(c.subject), any_value(c.label), any_value(t.label))", "科目名称"),
            _told("年初预算", "initial_budget", "所写的年初预算数（元）"),
            _told("全年预算", "full_budget", "所写的全年（调整）预算数（元），没有写明的为空"),
            _told("决算数", "final", "所写的支出决算数（元）"),
            Column("表中决算数", "any_value(c.amount)", "一般公共预算财政拨款支出决算表中的数（元）"),
            _told("完成年初预算", "completion_initial", "所写的完成年初预算的比例（百分点）"),
            Column(
                "计算的完成率",
                "round(100 * any_value(t.amount) FILTER (t.measure = 'final')::DOUBLE / nullif(any_value(t.amount) "
                "FILTER (t.measure = 'initial_budget'), 0)::DOUBLE, 2)",
                "所写的决算数除以所写的年初预算数（百分点）；年初预算为零的为空",
            ),
            Column("原因", "coalesce(any_value(q.reason), '')", "决算与预算不同的原因"),
            Column("页码", "min(t.page)", "所在的页"),
            REPORT,
        ),
        """
        FROM core.told t
        JOIN core.report r ON r.report_id = t.report_id
        LEFT JOIN core.cell c ON c.report_id = t.report_id AND c.form = 'general_budget' AND c.line = t.line
            AND c.measure = 'total'
        LEFT JOIN (
            SELECT report_id, line, first(reason ORDER BY claim_no) AS reason FROM core.claim
            WHERE topic = 'told_general' AND reason <> '' AND (measure = 'comparison' OR measure LIKE '%budget'
                OR measure LIKE 'completion%' OR measure LIKE 'gap%')
            GROUP BY ALL
        ) q ON q.report_id = t.report_id AND q.line = t.line
        WHERE t.form = 'told_general'
        GROUP BY r.unit, r.fiscal_year, r.scope, r.report_id, t.line
        HAVING bool_or(t.measure = 'initial_budget')
        """,
    )


def _changes() -> View:
    return View(
        "增减原因",
        "情况说明中各项收支与上年相比的增减及其原因",
        (
            *HEAD,
            _PART,
            _SUBJECT,
            _CODE,
            Column("决算数", "n.amount", "本年决算数（元），没有写明的为空"),
            Column("增减额", "c.value", "比上年增减额（元），减少为负数"),
            Column("增减率", "t.amount", "比上年增减率（百分点），没有写明的为空"),
            Column("推算的上年数", "n.amount - c.value", "决算数减增减额（元）"),
            Column("原因", "coalesce(nullif(c.reason, ''), q.reason, '')", "写明的原因"),
            _PAGE,
            REPORT,
        ),
        f"""
        FROM core.claim c {_TITLED.format(topic="topic")}
        LEFT JOIN core.told n ON n.report_id = c.report_id AND n.form = c.topic AND n.line = c.line
            AND n.measure = 'final'
        LEFT JOIN core.told t ON t.report_id = c.report_id AND t.form = c.topic AND t.line = c.line
            AND t.measure = 'rate'
        LEFT JOIN (
            SELECT report_id, topic, line, first(reason ORDER BY claim_no) AS reason FROM core.claim
            WHERE measure = 'rate' AND reason <> '' GROUP BY ALL
        ) q ON q.report_id = c.report_id AND q.topic = c.topic AND q.line = c.line
        WHERE c.measure = 'change' AND c.line <> ''
        """,
    )


def _three_public() -> View:
    def amount(name: str, line: str) -> Column:
        sql = f"any_value(g.amount) FILTER (g.line = '{line}')"
        return Column(name, sql, f"{name}决算数（元），取自“三公”经费支出决算表")

    return View(
        "三公经费数量",
        "“三公”经费决算数与情况说明所写的团组、车辆、接待数量",
        (
            *HEAD,
            amount("因公出国费", "abroad"),
            _count("出国团组", "abroad_groups"),
            _count("出国人次", "abroad_people"),
            amount("公务用车购置费", "vehicle_purchase"),
            _count("购置车辆", "vehicles_bought"),
            amount("公务用车运行维护费", "vehicle_operation"),
            _count("车辆保有量", "vehicles_held"),
            amount("公务接待费", "reception"),
            _count("接待批次", "reception_batches", "reception_domestic_batches"),
            _count("接待人次", "reception_people", "reception_domestic_people"),
            _count("外事接待批次", "reception_foreign_batches"),
            _count("外事接待人次", "reception_foreign_people"),
            REPORT,
        ),
        """
        FROM core.report r
        LEFT JOIN core.told t ON t.report_id = r.report_id AND t.form = 'told_three_public' AND t.measure = 'count'
        LEFT JOIN core.cell g ON g.report_id = r.report_id AND g.form = 'three_public' AND g.measure = 'final'
        GROUP BY r.unit, r.fiscal_year, r.scope, r.report_id
        HAVING count(t.line) > 0
        """,
    )


def _people() -> View:
    return View(
        "编制与人数",
        "单位概况中的编制数、实有人数等",
        (
            *HEAD,
            Column("类别", "c.kind", "编制数、实有人数、在职人员、退休人员等，照印出的文字"),
            Column("人数", "c.value", "人数"),
            _PAGE,
            REPORT,
        ),
        "FROM core.headcount c JOIN core.report r ON r.report_id = c.report_id",
    )


def _procurement() -> View:
    amounts = (
        ("采购总额", "total"),
        ("货物", "goods"),
        ("工程", "works"),
        ("服务", "services"),
        ("授予中小企业", "small_medium"),
        ("授予小微企业", "small"),
    )
    return View(
        "政府采购",
        "情况说明中的政府采购支出，每份报告一行",
        (
            *HEAD,
            *(_line(name, line, f"{name}（元），没有写明的为空") for name, line in amounts),
            _line("中小企业占比", "small_medium", "所写的授予中小企业合同金额占比（百分点）", "share"),
            _line("小微企业占比", "small", "所写的授予小微企业合同金额占比（百分点）", "share"),
            Column("页码", "min(t.page)", "所在的页"),
            REPORT,
        ),
        """
        FROM core.told t
        JOIN core.report r ON r.report_id = t.report_id
        WHERE t.form = 'told_procurement'
        GROUP BY r.unit, r.fiscal_year, r.scope, r.report_id
        """,
    )


def _vehicles() -> View:
    return View(
        "车辆",
        "情况说明中的车辆数，每份报告的每一类一行",
        (
            *HEAD,
            Column(
                "类别",
                "if(c.line = 'vehicles', '合计', regexp_replace(c.line, '^[a-z]+:', ''))",
                "车辆或设备的类别，照印出的文字；车辆总数为合计",
            ),
            Column("数量", "c.amount::INTEGER", "辆、台（套）"),
            _PAGE,
            REPORT,
        ),
        """
        FROM core.told c
        JOIN core.report r ON r.report_id = c.report_id
        WHERE c.form = 'told_assets' AND c.measure = 'count'
        """,
    )


def _units() -> View:
    return View(
        "所属单位",
        "部门决算所列的单位，是否收集到它的决算",
        (
            *HEAD,
            Column("所属单位", "c.name", "单位名称，照印出的文字"),
            Column("备注", "c.remark", "预算不单列、并入本级等"),
            Column(
                "已公开",
                "EXISTS (FROM core.report u WHERE u.fiscal_year = r.fiscal_year "
                "AND (u.unit = c.name OR u.unit_id = c.unit_id))",
                "是否收集到这个单位同一年度的决算",
            ),
            _PAGE,
            REPORT,
        ),
        "FROM core.covered_unit c JOIN core.report r ON r.report_id = c.report_id",
    )
