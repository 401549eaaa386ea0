"""What the text says, as tables: every number of it, reasons, people, procurement, vehicles, units."""

from __future__ import annotations

from warehouse.marts.view import GROUPED, HEAD, Column, View, tail

_PART = Column("部分", "coalesce(f.title, '')", "在情况说明的哪一部分；未弄清的为空")
_SUBJECT = Column("事项", "coalesce(nullif(l.title, ''), c.label)", "所说的事项：固定行的标准名称，其余照印出的文字")
_CODE = Column("科目编码", "CASE WHEN regexp_full_match(c.line, '[0-9]+') THEN c.line END", "不是科目的为空")
_TAIL = tail("c.page", document="c.document")
_TITLED = """
        JOIN mart.report r ON r.report_id = c.report_id
        LEFT JOIN ref.form f ON f.form = c.{topic}
        LEFT JOIN ref.form_line l ON l.form = c.{topic} AND l.line = c.line
"""


def prose_views() -> tuple[View, ...]:
    """All views of what the text says."""
    return (_figures(), _changes(), _people(), _procurement(), _vehicles(), _units())


def _line(name: str, line: str, comment: str, measure: str = "final", type_: str = "") -> Column:
    """One line of a topic, where `source` groups the claims of a report."""
    return Column(name, f"any_value(t.amount) FILTER (t.line = '{line}' AND t.measure = '{measure}'){type_}", comment)


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
            *_TAIL,
        ),
        f"""
        FROM core.claim c {_TITLED.format(topic="topic")}
        LEFT JOIN ref.form_measure m ON m.form = c.topic AND m.measure = c.measure
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
            Column("决算数", "c.final", "本年决算数（元），没有写明的为空"),
            Column("增减额", "c.change", "比上年增减额（元），减少为负数"),
            Column("增减率", "c.rate", "比上年增减率（百分点），没有写明的为空"),
            Column("推算的上年数", "c.final - c.change", "决算数减增减额（元）"),
            Column("原因", "c.reason", "写明的原因"),
            *_TAIL,
        ),
        f"FROM mart.change c {_TITLED.format(topic='topic')}",
    )


def _people() -> View:
    return View(
        "编制与人数",
        "单位概况中的编制数、实有人数等",
        (
            *HEAD,
            Column("类别", "c.kind", "编制数、实有人数、在职人员、退休人员等，照印出的文字"),
            Column("人数", "c.value", "人数"),
            *_TAIL,
        ),
        "FROM core.headcount c JOIN mart.report r ON r.report_id = c.report_id",
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
            *tail("min(t.page)", document="arg_min(t.document, t.page)"),
        ),
        f"""
        FROM core.told t
        JOIN mart.report r ON r.report_id = t.report_id
        WHERE t.form = 'told_procurement'
        GROUP BY {GROUPED}
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
            *_TAIL,
        ),
        """
        FROM core.told c
        JOIN mart.report r ON r.report_id = c.report_id
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
            *_TAIL,
        ),
        "FROM core.covered_unit c JOIN mart.report r ON r.report_id = c.report_id",
    )
