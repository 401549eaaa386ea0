"""What the tables of schema `quality` mean, in Chinese: the comments that the dictionary shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

TABLES = {
    "quality.identity": "勾稽关系：每份决算应当满足的关系",
    "quality.identity_result": "每份报告对每条勾稽关系的检查结果，包括未能检查的及其原因",
    "quality.identity_operand": "检查所用的单元格及其系数（存在错误的报告）",
    "quality.reason": "未能检查的原因",
    "quality.coverage": "每条勾稽关系的检查情况：各种结果各有多少",
    "quality.finding": "发现的问题：数字之间对不上",
    "quality.finding_cell": "每个问题所涉及的单元格及其所在页面位置",
}

COLUMNS = {
    "amount": "金额（元）",
    "bottom": "所在格的下边（点，自页面上边起）",
    "coefficient": "系数：左边为正，右边为负，合计等于差额",
    "detail": "补充说明",
    "difference": "差额（元）：左边减右边",
    "document": "文件编号（文件内容的 SHA-256）",
    "expected": "按其他数字计算应为的金额（元）",
    "family": "所属类别",
    "finding_id": "问题编号：单位、年度、范围、勾稽关系和具体位置不变则编号不变",
    "first_seen": "首次发现的日期",
    "fiscal_year": "决算年度",
    "form": "报表代号，见 ref.form",
    "forms": "涉及的报表",
    "identity": "勾稽关系代号，见 quality.identity",
    "improbable": "在四舍五入允许的范围内，但偏差大得不像四舍五入",
    "instance": "具体是哪一栏、哪个科目",
    "instances": "个数",
    "label": "行名",
    "lhs": "左边的金额（元）",
    "line": "行：科目编码，或固定行的代号",
    "measure": "金额栏代号",
    "outcome": "结果：exact 相等、rounding 在四舍五入范围内、fail 不符、not_evaluated 未能检查",
    "of_report": "单元格所在的报告：本报告、上年报告或所属单位的报告",
    "page": "页码",
    "printed": "印出的原文",
    "reason": "未能检查的原因，见 quality.reason",
    "relation": "左边对右边应有的关系",
    "report_id": "报告编号",
    "reports": "涉及的报告数",
    "resolved_on": "已经改正的，何时起不再出现",
    "rhs": "右边的金额（元）",
    "role": "stated 所列的数，compared 与之比较的数",
    "scope": "范围：本级、汇总，未注明的为空",
    "sentence": "说明文字",
    "severity": "严重程度：E 错误、W 警告、I 提示",
    "side": "1 为左边，-1 为右边",
    "slack": "四舍五入最多可以造成的差额（元）",
    "stated": "报告所列的金额（元）",
    "status": "new 新发现、persisting 依然存在、resolved 已改正、unverified 这次未能检查",
    "title": "名称",
    "top": "所在格的上边（点，自页面上边起）",
    "unit": "单位名称",
    "unit_id": "单位编号",
    "x0": "所在格的左边（点）",
    "x1": "所在格的右边（点）",
    "box": "所在格在页面上的位置（点，自页面左上角起）：左、上、右、下",
}


def comment_quality(con: duckdb.DuckDBPyConnection) -> None:
    """Put the comments on the tables of schema quality; raises KeyError for one that has none."""
    found = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'quality'"
    ).fetchall()
    tables = dict.fromkeys(f"quality.{table}" for table, _ in found)
    statements = [f"COMMENT ON TABLE {table} IS '{TABLES[table]}'" for table in tables]
    statements += [f"COMMENT ON COLUMN quality.{table}.\"{column}\" IS '{COLUMNS[column]}'" for table, column in found]
    con.execute("; ".join(statements))
