"""What the tables of schema `quality` mean, in Chinese: the comments that the dictionary shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.comments import execute_all

if TYPE_CHECKING:
    import duckdb

TABLES = {
    "quality.identity": "勾稽关系：每份决算应当满足的关系",
    "quality.identity_result": "每份报告对每条勾稽关系的检查结果，包括未能检查的及其原因",
    "quality.identity_operand": "检查所用的单元格及其系数（存在错误的报告）",
    "quality.reason": "未能检查的原因",
    "quality.coverage": "每条勾稽关系的检查情况：各种结果各有多少",
    "quality.finding": "发现的问题：数字之间对不上",
    "quality.finding_event": "每个问题的经过：何时发现、变化、改正、再现、豁免、知悉；只增不改",
    "quality.waiver": "豁免清单的每一行及其结果：生效、到期、没有对应的问题或填写有误",
    "quality.punctuality": "每份报告是否按期公开；期限已过仍未公开的也列出",
    "quality.register": "应公开决算的单位，每个单位每一年度一行：为什么应公开、是否公开；由 quality.punctuality 汇总",
    "quality.register_entry": "财政部门名录的每一行：单位，或一个地区的批复日期；填写有误的说明原因",
    "quality.grade": "每份报告、每个单位每一年度的评级及其各项依据，可据以手工复算",
    "quality.finding_cell": "每个问题所涉及的单元格及其所在页面位置",
    "quality.finding_symptom": "每个问题所能解释的不成立的勾稽关系",
}

COLUMNS = {
    "acknowledged_by": "谁已知悉",
    "acknowledged_on": "何时知悉；此后内容又有变化的为空",
    "amount": "金额（元）",
    "approved_by": "批准人",
    "approved_on": "这一地区这一年度决算的批复日期；单位的行为空",
    "bottom": "所在格的下边（点，自页面上边起）",
    "changed_on": "最近一次内容变化（金额、严重程度或报告版本）的日期",
    "coefficient": "系数：左边为正，右边为负，合计等于差额",
    "days_late": "晚于期限的天数；按期的为 0，不明的为空",
    "deadline": "最晚公开日期",
    "detail": "补充说明",
    "department": "主管部门名称，不明的为空",
    "department_id": "主管部门的单位编号，不明的为空",
    "difference": "差额（元）：左边减右边",
    "document": "文件编号（文件内容的 SHA-256）",
    "error_broken": "错误级勾稽关系中不成立的条数",
    "error_corrected": "错误级勾稽关系中由更正版本改正的条数",
    "error_holds": "错误级勾稽关系中成立的条数（四舍五入之内算成立）",
    "event": "new 首次发现、changed 内容变化、resolved 不再出现、returned 再次出现、merged 并入另一问题、waived 豁免、"
    "waiver_expired 豁免终止、acknowledged 知悉",
    "event_no": "该问题的第几件事，从 1 起",
    "expected": "按其他数字计算应为的金额（元）",
    "family": "所属类别",
    "finding_id": "问题编号：单位、年度、范围、勾稽关系和具体位置不变则编号不变",
    "findings": "生效的豁免对应几个问题",
    "first_year": "自哪一年度起；批复日期所属的年度",
    "first_seen": "首次发现的日期",
    "fiscal_year": "决算年度",
    "form": "报表代号，见 ref.form",
    "forms": "涉及的报表",
    "grade": "A 至 E；不评级的为空",
    "graded_reports": "单位这一年度已评级的报告数",
    "identity": "勾稽关系代号，见 quality.identity",
    "improbable": "在四舍五入允许的范围内，但偏差大得不像四舍五入",
    "instance": "具体是哪一栏、哪个科目",
    "instances": "个数",
    "kind": "差错类型：misprint 数字有误、transposed 两位颠倒、shifted 整块错行等，为空的没有找到唯一的原因",
    "known_from": "从哪里得知应公开",
    "label": "行名",
    "last_year": "至哪一年度（含）；没有截止的为空",
    "late_points": "因逾期扣的分",
    "lhs": "左边的金额（元）",
    "line": "行：科目编码，或固定行的代号",
    "measure": "金额栏代号",
    "message": "这一行有什么问题、怎么办；没有问题的为空",
    "missing_reports": "单位这一年度逾期仍未公开的报告数",
    "not_evaluated": "未能核对、不计入的勾稽关系条数",
    "note": "说明",
    "on_date": "日期",
    "outcome": "结果：exact 相等、rounding 在四舍五入范围内、fail 不符、not_evaluated 未能检查",
    "of_report": "单元格所在的报告：本报告、上年报告或所属单位的报告",
    "page": "页码",
    "person": "谁（知悉、豁免）",
    "printed": "印出的原文",
    "published_on": "首个版本的公开日期，网站没有载明或不可信的为空",
    "punctuality": "on_time 按期、late 逾期、exempt 名录载明不公开、unknown 不明",
    "reason": "未能检查的原因，见 quality.reason",
    "region": "地区",
    "relation": "左边对右边应有的关系",
    "report_id": "报告编号",
    "reports": "涉及的报告数",
    "resolved_on": "已经改正的，何时起不再出现",
    "rhs": "右边的金额（元）",
    "role": "stated 疑有误的数，alternative 同样可疑的数，compared 与之比较的数",
    "row_no": "第几行，栏名为第 1 行",
    "scope": "范围：本级、汇总，未注明的为空",
    "score": "得分，满分 100；不评级的为空",
    "sentence": "说明文字",
    "severity": "严重程度：E 错误、W 警告、I 提示",
    "share": "成立的份额（按严重程度加权，已改正的按九成计）",
    "factor": "比例的倍数：100 为百分比，1 为平均数；不是比例的为空",
    "side": "1 为左边，-1 为右边，2 为除数",
    "slack": "四舍五入最多可以造成的差额（元）",
    "snapshot": "当时该问题的各行（JSON）；不陈述问题的事件为空",
    "sources": "为什么应公开：bureau 财政部门名录、department 主管部门决算所列、previous 以前公开过、"
    "published 这一年度已公开",
    "stated": "报告所列的金额（元）",
    "status": "new 新发现、persisting 依然存在、changed 依然存在但内容有变、resolved 已改正、unverified 这次未能检查",
    "subject": "report 报告、unit 单位",
    "symptoms": "所能解释的不成立的勾稽关系有几项",
    "title": "名称",
    "top": "所在格的上边（点，自页面上边起）",
    "unit": "单位名称",
    "unit_id": "单位编号",
    "until": "豁免至何日（含）",
    "waived": "已豁免、不计入的勾稽关系条数",
    "waived_by": "批准豁免的人，未豁免的为空",
    "waived_for": "豁免的理由，未豁免的为空",
    "waived_until": "豁免至何日（含），未豁免的为空",
    "warning_broken": "警告级勾稽关系中不成立的条数",
    "warning_corrected": "警告级勾稽关系中由更正版本改正的条数",
    "warning_holds": "警告级勾稽关系中成立的条数",
    "x0": "所在格的左边（点）",
    "x1": "所在格的右边（点）",
    "box": "所在格在页面上的位置（点，自页面左上角起）：左、上、右、下",
}

SPECIAL = {
    "quality.waiver.state": "applied 生效、expired 已到期、unmatched 没有对应的问题、invalid 填写有误",
    "quality.waiver.finding_id": "填写的问题编号，按单位等指定的为空",
    "quality.waiver.line": "填写的行，不限的为空",
    "quality.waiver.scope": "填写的范围，不限的为空",
    "quality.waiver.reason": "豁免的理由",
    "quality.punctuality.state": "on_time 按期、late 逾期、missing 期限已过仍未公开、"
    "exempt 名录载明不公开、unknown 不明",
    "quality.punctuality.note": "不明或不公开的原因",
    "quality.register.state": "published 已公开、late 逾期公开、missing 期限已过仍未公开（或尚缺一份）、"
    "pending 期限未到、exempt 名录载明不公开、unknown 不明",
    "quality.register.published_on": "最早的公开日期，网站没有载明或不可信的为空",
    "quality.register.days_late": "晚于期限的天数；不是逾期或未公开的为空",
    "quality.register.note": "不明、不公开的原因；尚缺哪一份报告",
    "quality.register_entry.state": "valid 有效、invalid 填写有误",
    "quality.register_entry.reason": "不公开的理由；应公开的为空",
    "quality.register_entry.unit": "单位名称；一个地区的批复日期为空",
    "quality.grade.report_id": "报告编号；单位的评级为空",
    "quality.grade.reports": "单位这一年度的报告数；报告的评级为空",
}


def comment_quality(con: duckdb.DuckDBPyConnection) -> None:
    """Put the comments on the tables of schema quality that lack them; raises KeyError for one that has none."""
    found = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'quality' AND comment IS NULL"
    ).fetchall()
    tables = dict.fromkeys(f"quality.{table}" for table, _ in found)
    statements = [f"COMMENT ON TABLE {table} IS '{TABLES[table]}'" for table in tables]
    statements += [
        f"COMMENT ON COLUMN quality.{table}.\"{column}\" IS '{_meaning(f'quality.{table}', column)}'"
        for table, column in found
    ]
    execute_all(con, statements)


def _meaning(table: str, column: str) -> str:
    return SPECIAL.get(f"{table}.{column}") or COLUMNS[column]
