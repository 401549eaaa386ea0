"""Self-evaluated projects and their indicators, as tables."""

from __future__ import annotations

from warehouse.marts.view import GROUPED, HEAD, Column, View, tail


def project_views() -> tuple[View, ...]:
    """The views of self-evaluation forms."""
    return (_projects(), _indicators())


def _figure(name: str, line: str, measure: str, comment: str) -> Column:
    return Column(name, f"any_value(g.value) FILTER (g.line = '{line}' AND g.measure = '{measure}')", comment)


def _projects() -> View:
    return View(
        "绩效项目",
        "每张绩效自评表一行：项目、资金、执行率、得分",
        (
            *HEAD,
            Column("类别", "p.kind", "项目、部门整体"),
            Column("项目", "p.name", "项目名称"),
            Column("项目编码", "p.code", "项目编码，没有印出的为空"),
            Column("实施单位", "p.unit", "项目实施单位，照印出的文字"),
            Column("主管部门", "p.department", "主管部门，照印出的文字"),
            _figure("年初预算", "total", "initial", "年初预算数（元）"),
            _figure("调整数", "total", "adjustment", "年中调整数（元），没有这一栏的为空"),
            _figure("全年预算", "total", "adjusted", "全年（调整后）预算数（元）"),
            _figure("执行数", "total", "actual", "全年执行数（元）"),
            _figure("执行率", "total", "rate", "所写的执行率（百分点）"),
            _figure("得分", "score", "score", "自评总分"),
            Column("等级", "p.grade", "自评等级，没有印出的为空"),
            Column("目标", "p.goals", "年度总体目标"),
            Column("完成情况", "p.results", "实际完成情况"),
            Column("序号", "p.project", "自评表在报告中的序号"),
            *tail("p.first_page", "自评表开始的页", "p.document"),
        ),
        f"""
        FROM core.project p
        JOIN mart.report r ON r.report_id = p.report_id
        LEFT JOIN core.project_figure g ON g.report_id = p.report_id AND g.document = p.document
            AND g.project = p.project
        GROUP BY {GROUPED}, p.document, p.kind, p.name, p.code, p.unit, p.department, p.grade, p.goals, p.results,
            p.first_page, p.project
        """,
    )


def _indicators() -> View:
    return View(
        "绩效指标",
        "绩效自评表的每一项指标一行：指标值、完成值、权重、得分、偏差原因",
        (
            *HEAD,
            Column("项目", "p.name", "项目名称"),
            Column("一级指标", "i.first", "一级指标"),
            Column("二级指标", "i.second", "二级指标"),
            Column("指标", "i.name", "指标名称"),
            Column("指标值", "i.target", "年度指标值，照印出的文字"),
            Column("完成值", "i.actual", "实际完成值，照印出的文字"),
            Column("权重", "any_value(g.value) FILTER (g.measure = 'weight')", "分值"),
            Column("得分", "any_value(g.value) FILTER (g.measure = 'score')", "得分"),
            Column("偏差原因", "i.deviation", "偏差原因及改进措施"),
            Column("序号", "p.project", "自评表在报告中的序号"),
            *tail("i.page", document="p.document"),
        ),
        f"""
        FROM core.indicator i
        JOIN core.project p ON p.report_id = i.report_id AND p.document = i.document AND p.project = i.project
        JOIN mart.report r ON r.report_id = i.report_id
        LEFT JOIN core.project_figure g ON g.report_id = i.report_id AND g.document = i.document
            AND g.project = i.project AND g.line = i.line
        GROUP BY {GROUPED}, p.document, p.name, i.first, i.second, i.name, i.target, i.actual, i.deviation, i.page,
            p.project, i.line
        """,
    )
