"""What the tables of schema mart and their columns mean, in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.comments import comment_table
from warehouse.marts.figures import FIGURES, PAGES, SUMMED

if TYPE_CHECKING:
    import duckdb

TABLES = {
    "report": "每份报告一行：单位、主管部门、地区、文件和链接，上年的报告，加总时是否计入",
    "reading": "每份报告一行：文件、版本、读出多少、有多少问题待处理",
    "figure": "每份报告一行：主要数字，与 mart.report 一一对应",
    "place": "每份报告每个主要数字、每个支出科目类一行：金额，在原文的哪一页哪一格",
    "subject": "每个科目每份报告一行：支出，按科目、年度排列",
    "subject_total": "每个科目每一年度每个地区一行：计入合计的报告支出之和",
    "functional": "每份报告每个功能分类类级科目一行：支出、占比、上年数",
    "economic": "每份报告每个经济分类科目一行：基本支出决算表的金额、占比、上年数",
    "execution": "每份报告每个科目一行：情况说明所写的年初预算与决算",
    "change": "情况说明所写的每个比上年增减额一行：决算数、增减率、原因",
    "procurement": "情况说明写明政府采购的每份报告一行",
    "department_total": "每个部门每一年度一行：计入合计的报告之和",
    "region_total": "每个地区每一年度一行：计入合计的报告之和",
    "spread": "每个地区、年度、范围、指标一行：各报告的四分位数",
}

_GROWTH = "两年都计入合计的同一批报告"
_FIGURES = {figure.name: f"{figure.title}{'' if figure.is_count else '（元）'}，没有印出的为空" for figure in FIGURES}
COLUMNS = {
    "amount": "支出（元）",
    "amount_prior": "同一科目系列上年的支出（元），没有的为空",
    "basic": "其中基本支出（元），经济分类的为空",
    "change": "比上年增减额（元），减少为负数",
    "claim_no": "这一数字在文件中的序号",
    "class_code": "所属的类",
    "class_name": "所属的类的名称",
    "code": "科目编码",
    "compared_reports": f"{_GROWTH}的份数",
    "completion": "所写的决算数除以所写的年初预算数（百分点），年初预算为零的为空",
    "completion_stated": "所写的完成年初预算的比例（百分点）",
    "counted_as": "counted 计入、in_department 已含在主管部门的汇总报告中、same_unit 同一单位另有一份计入、"
    "extent_unknown 范围不明，可能已含所属单位",
    "counted_in": "已含在哪份报告中，其余为空",
    "counted_reports": "计入合计、有这一科目支出的报告数",
    "counts": "加总时是否计入",
    "department": "主管部门名称，不明的为空",
    "department_id": "主管部门的单位编号，不明的为空",
    "document": "文件编号（文件内容的 SHA-256）",
    "economic_other": "基本支出决算表中“其他”科目的支出（元），没有这张表的为空",
    "economic_other_codes": "其中有支出的科目个数",
    "expenditure_compared": f"{_GROWTH}的本年支出（元）",
    "expenditure_prior": f"{_GROWTH}的上年支出（元）",
    "extent": "department 整个部门、own 本级、unit 一个单位，不明的为空",
    "extent_unknown": "因范围不明没有计入的报告数",
    "fetched_at": "现行版本首次抓取的时间",
    "figure": "指标",
    "file_name": "文件名",
    "final": "所写的支出决算数（元）",
    "final_in_table": "一般公共预算财政拨款支出决算表中的数（元）",
    "fiscal_year": "决算年度",
    "forms": "认出的法定报表数",
    "full_budget": "所写的全年（调整）预算数（元）",
    "functional_other": "支出决算表中“其他”科目的支出（元），只计最末一级，没有这张表的为空",
    "functional_other_codes": "其中有支出的科目个数",
    "goods": "货物采购支出（元），没有写明的为空",
    "had_before": "上年的报告在这个科目（改名、改码前的也算）上是否有支出，没有上年报告、上年没有读出这一级科目的为空",
    "initial_budget": "所写的年初预算数（元）",
    "bottom": "所在格的下边（点，自页面上边起）",
    "is_main": "一个单位一年有几份报告的，代表它的一份：先取部门，再取本级",
    "is_summed": "报告中没有类级行，金额由各款相加",
    "issues": "读取问题数",
    "key": "主要数字的代号，或科目类的编码",
    "kind": "functional 支出功能分类、economic 支出经济分类",
    "label": "所说的事项，照印出的文字",
    "largest_other": "金额最大的“其他”科目的支出（元）",
    "largest_other_code": "金额最大的“其他”科目（功能分类）",
    "largest_other_name": "金额最大的“其他”科目的名称",
    "largest_other_page": "金额最大的“其他”科目所在的页",
    "left_out": "为免重复没有计入的报告数",
    "level": "编报层级：部门、单位，不明的为空",
    "line": "所说的行：科目编码或行的代号",
    "lower_quartile": "四分之一的报告不高于它",
    "median": "一半的报告不高于它",
    "name": "科目名称",
    "narrative": "文字说明所在的文件编号，文字与报表在同一文件的为空",
    "narrative_name": "文字说明另成一个文件的，是它的文件名；其余为空",
    "numbers": "读成金额的数字个数",
    "open_findings": "未解决、未豁免的勾稽问题数，尚未核对的为空",
    "page": "所在的页",
    "pages": "现行版本的页数",
    "people_document": "写明人数的文件",
    "people_page": "写明人数的页",
    "posts": "编制数，没有写明的为空",
    "prior_id": "同一单位同一范围上年的报告，没有的为空",
    "printed": "印出的原文",
    "project": "其中项目支出（元），经济分类的为空",
    "published_on": "最早的公开日期，网站没有载明或文件从文件夹收入的为空",
    "rate": "比上年增减率（百分点），没有写明的为空",
    "reason": "决算与预算不同的原因，没有写明的为空",
    "region": "地区，不明的为空",
    "report_id": "报告编号",
    "reports": "报告数",
    "scope": "范围：本级、汇总；部门为未注明范围的部门决算；其余为空",
    "series": "系列：改名、改码前后的同一科目相同",
    "services": "服务采购支出（元），没有写明的为空",
    "share": "占比（百分点）",
    "small": "授予小微企业的合同金额（元），没有写明的为空",
    "small_medium": "授予中小企业的合同金额（元），没有写明的为空",
    "small_medium_share": "所写的授予中小企业合同金额占比（百分点）",
    "small_share": "所写的授予小微企业合同金额占比（百分点）",
    "staff": "在职（实有）人数，没有写明的为空",
    "three_public_compared": f"{_GROWTH}的“三公”经费决算数（元）",
    "three_public_prior": f"{_GROWTH}的上年“三公”经费决算数（元）",
    "top": "所在格的上边（点，自页面上边起）",
    "topic": "在情况说明的哪一部分",
    "total": "政府采购支出总额（元），没有写明的为空",
    "unit": "单位名称",
    "unit_id": "单位编号",
    "upper_quartile": "四分之三的报告不高于它",
    "url": "文件链接，从文件夹收入的为空",
    "versions": "先后公开过的不同文件数",
    "whole": "加总时归入的部门，没有主管部门或不明的为单位自身",
    "whole_id": "加总时归入的部门的单位编号",
    "works": "工程采购支出（元），没有写明的为空",
    "x0": "所在格的左边（点）",
    "x1": "所在格的右边（点）",
    **{page: f"{title}开始的页" for page, (_, title) in PAGES.items()},
}
"""Meanings of columns that are no key figures."""

SPECIAL = {
    "economic.level": "级次：1 类、2 款；一次只加总一个级次",
    "change.final": "所写的决算数（元），没有写明的为空",
    "change.reason": "写明的原因，没有写明的为空",
    "execution.code": "科目编码，合计为空",
    "report.series": "系列：改名前后的同一单位相同，取现在的单位编号",
    "place.kind": "figure 主要数字、functional 支出功能分类、economic 支出经济分类",
    "place.name": "科目类的名称；主要数字为空",
    "place.amount": "金额（元）；空白格为 0",
    "subject.level": "级次：1 类、2 款、3 项",
    "subject_total.reports": "有这一科目支出的报告数，含不计入合计的",
    "department_total.reports": "计入合计的报告数",
    "region_total.reports": "计入合计的报告数",
}


def comment_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Put the comments on all tables of schema mart; raises KeyError for one that has none."""
    found = con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'mart' ORDER BY table_oid, column_index"
    ).fetchall()
    for table in dict.fromkeys(table for table, _ in found):
        columns = {column: _meaning(table, column) for of, column in found if of == table}
        comment_table(con, f"mart.{table}", TABLES[table], columns)


def _meaning(table: str, column: str) -> str:
    if table == "figure" and column in _FIGURES:
        return _FIGURES[column]
    if table in {"department_total", "region_total"} and column in SUMMED:
        return f"{_FIGURES[column].partition('（')[0]}（元）：计入合计的报告之和"
    return SPECIAL.get(f"{table}.{column}") or COLUMNS[column]
