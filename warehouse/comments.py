"""What every table and column means, in Chinese, for the schemas raw, ref and core.

A column that means the same everywhere is explained once; the exceptions stand under their table.
The views of schema 决算 are explained where they are generated (`warehouse.marts`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

SCHEMAS = {
    "决算": "供查询使用的视图，表名和栏名用决算的说法；名称以 _万元 结尾的，栏目与同名视图相同，金额单位万元",
    "mart": "为常用问题预先算好的小表，每晚重建；决算 中的视图据以生成",
    "core": "规范化后的报告、版本、事实和单元格",
    "ref": "法定报表、科目和问题种类的目录",
    "raw": "按原样保存的文件、公开记录和读取情况",
}
"""The public schemas of this package, in the order of the dictionary. DuckDB has no comments on schemas."""

TABLES = {
    "raw.document": "读过的每一个文件及其封面所载的单位、年度等信息",
    "raw.form_reading": "每个文件中找到的每一张法定报表的读取情况",
    "raw.issue": "读取中遇到的问题：没有读懂什么、在哪一页",
    "raw.publication": "文件的公开记录：在哪个网站、哪个链接、何时公开、何时抓取",
    "ref.form": "法定决算报表、情况说明各节和绩效自评表",
    "ref.form_measure": "报表的金额栏；情况说明中每个事项说到的各种数",
    "ref.form_line": "报表中有固定名称的行；情况说明中的事项",
    "ref.functional_subject": "支出功能分类科目：在已公开报告中见过的编码和名称，并非官方全表",
    "ref.economic_subject": "部门预算支出经济分类科目：在已公开报告中见过的编码和名称，并非官方全表",
    "ref.issue_kind": "读取问题的种类",
    "raw.crawl": "每个网站的每次收集：何时开始、结束，取得多少",
    "ref.subject_name": "科目各年度的名称及其系列：改名、改码前后的同一科目系列相同",
    "core.unit": "预算单位，每个单位一行",
    "core.unit_year": "预算单位的每一年度（有决算的），每年度一行：当年的名称、主管部门、性质",
    "core.unit_name": "预算单位先后用过的名称，含改名以前的：每一段年度一行",
    "core.subject_year": "报告中印出的科目，每个科目每一年度一行：当年的名称、所属类款、系列",
    "core.crawl": "每个网站的每次收集，按开始时间",
    "core.night": "每一天（北京时间）收集的情况",
    "core.report": "决算报告：单位、年度、范围各一份，取现行版本",
    "core.version": "报告的各个版本：同一报告先后公开的不同文件；文字与报表分为两个文件的，合为一个版本",
    "core.document": "读过的每一个文件是哪份报告的版本；不成报告的说明原因",
    "core.form_reading": "现行版本中每一张法定报表的读取情况",
    "core.fact": "所有版本的事实：报表中印出的每一个金额格，含重复印出的行",
    "core.cell": "现行版本的单元格：每份报告、每张表、每一行、每一栏恰好一个金额",
    "core.printed_row": "现行版本中印出的每一行，含重复印出的行",
    "core.issue": "读取问题及其所属报告",
    "core.section": "现行版本文字部分的各部分、各节：标题、所述事项和正文",
    "core.claim": "现行版本情况说明中的每一个数字（及“持平”“无”等说法）：说的是什么、多少、在哪里",
    "core.earlier_claim": "以前版本情况说明中的数字，供比较版本；栏目与 core.claim 相同",
    "core.headcount": "概况中的编制数、实有人数等",
    "core.covered_unit": "部门决算列出的所属单位及备注",
    "core.project": "绩效自评表，每张一行",
    "core.project_figure": "绩效自评表中的每一个数字：各资金来源的预算和执行、各指标的分值和得分",
    "core.indicator": "绩效自评表中的指标：目标、完成情况和偏差原因",
    "core.told": "情况说明和绩效自评表中的数字，排成与 core.cell 相同的样子，供核对",
    "core.figure": "参加核对的全部数字：core.cell 与 core.told",
    "core.figure_form": "参加核对的报表和文字各节的读取情况",
}

COLUMNS = {
    "actual": "实际完成值，照印出的文字",
    "amount": "金额（元）；空白格为 0",
    "amounts": "正文中带计量单位的数字个数",
    "claim_no": "序号，从 1 起，按出现先后",
    "claimed": "其中弄清了所说事项的个数",
    "blank": "整张表没有填任何金额",
    "bottom": "所在格的下边（点，自页面上边起）",
    "cell": "有关单元格或文字的原文",
    "class_code": "所属类级科目的编码",
    "class_name": "所属类级科目的名称",
    "classification": "行是哪种科目：functional 功能分类、economic 经济分类；不是科目的为空",
    "code": "科目编码",
    "confidence": "读取的把握，0 到 1",
    "deviation": "偏差原因及改进措施",
    "direction": "增减或比较用词，照印出的文字",
    "department": "主管部门名称，未载明的为空",
    "department_id": "主管部门的单位编号，未载明的为空",
    "document": "文件编号（文件内容的 SHA-256）",
    "department_from": "主管部门从何得知：list 主管部门决算所列、report 单位自己所写；不明的为空",
    "documents": "其中不同的文件数",
    "end": "怎样结束：done 收集完、time_up 时间已到、broken 程序错误；空为没有结束",
    "ended_at": "结束时间，没有结束的为空",
    "evidence": "依据：same 没有变、renamed 改名、recoded 改码、ended 编码后来给了另一科目",
    "faults": "没有取得的网页和文件数",
    "fetched_at": "抓取时间",
    "files": "新公开的文件数",
    "first_year": "最早年度，不限的为空",
    "group_code": "所属款级科目的编码，类级科目为空",
    "group_name": "所属款级科目的名称，类级科目为空",
    "is_known": "编码是否见于科目目录",
    "first_page": "起始页",
    "fiscal_year": "决算年度",
    "first": "一级指标",
    "goals": "年度绩效目标",
    "grade": "自评等级，未载明的为空",
    "form": "报表代号，见 ref.form",
    "is_current": "是否现行版本",
    "kind": "问题种类，见 ref.issue_kind",
    "kind_words": "概况中写明性质的文字，没有的为空",
    "last_year": "最近年度，不限的为空",
    "left": "已知而没有访问的网页和文件数",
    "name_no": "第几个名称，从 1 起",
    "new_reports": "首次收集到的报告数",
    "new_versions": "已有报告新公开的版本数",
    "night": "日期（北京时间）",
    "outcome": "怎样结束：done 收集完、time_up 时间已到、broken 程序错误；空为没有结束",
    "publications": "新得到的公开记录数",
    "reports": "报告数",
    "series": "系列：改名、改码前后的同一科目（单位）相同，取现在的编码（编号）",
    "sites": "收集的网站数",
    "sites_done": "其中收集完的网站数",
    "started_at": "开始时间",
    "unchanged": "没有变化、不再传送的文件数",
    "label": "行名，照印出的文字去掉空白",
    "last_page": "终止页",
    "level": "科目级次：1 类、2 款、3 项；不是科目的行为 0 或空",
    "listed": "目录是否列出；没有目录的为空",
    "lifted": "其中读成金额的个数",
    "line": "行：科目编码，或固定行的代号（见 ref.form_line）",
    "measure": "金额栏代号，见 ref.form_measure",
    "members": "从压缩包中取出的文件数；不是压缩包的为 0",
    "measures": "找到的金额栏代号",
    "money_unit": "印出的金额单位：1 为元，10000 为万元，0 为未载明",
    "name": "文件名",
    "name_status": "行名与标准名称的关系：same 相同、alias 别名、renamed 旧名、generic 通用名、different 不同、"
    "unknown_code 编码未见过、line 固定行",
    "narrative": "文字说明所在的文件编号，文字与报表在同一文件的为空",
    "note": "空表的说明文字",
    "numbers": "金额栏中印出的数字个数",
    "ordinal": "序号，照印出的文字",
    "other_half": "文字与报表分为两个文件的报告中，另一个文件的编号；其余为空",
    "page": "页码",
    "page_url": "公开页面的网址",
    "pages": "页数",
    "parent": "上级科目编码",
    "part": "第几部分；第一部分之前为 0",
    "parts": "报告中找到的部分（第几部分）",
    "precision": "印出的最末一位相当于多少元；空白格为 0",
    "printed": "印出的原文",
    "published_on": "公开日期",
    "project": "自评表的序号，从 1 起",
    "reader": "读取方式",
    "reader_version": "读取程序的版本",
    "region": "地区",
    "report_id": "报告编号",
    "reason": "报告说明的原因，没有的为空",
    "remark": "备注，如“预算不单列”",
    "results": "年度绩效目标完成情况",
    "row_no": "行在表中的序号，从 1 起",
    "rows": "行数",
    "scope": "范围：本级、汇总；部门为未注明范围的部门决算；其余为空",
    "second": "二级指标",
    "section": "节的序号，从 0 起，按出现先后；-1 为不在任何节中",
    "sentence": "所在的句子",
    "short": "报表简号",
    "side": "收支总表中的一侧：income 收入、expenditure 支出；其他表为空",
    "site": "公开网站代号",
    "size": "文件大小（字节）",
    "subject": "标准名称",
    "target": "指标值，照印出的文字",
    "text": "问题说明：是什么、在哪里、怎么办",
    "title": "名称",
    "topic": "所述事项的代号，与 form 同样使用；不属于任何事项的为空",
    "top": "所在格的上边（点，自页面上边起）",
    "unit": "单位名称",
    "unit_code": "单位编码，未载明的为空",
    "unit_id": "单位编号",
    "unit_no": "序号，从 1 起",
    "url": "文件链接",
    "value": "数值：金额以元计，百分比以百分点计，数量以个计；减少、下降为负",
    "version_no": "版本序号，从 1 起，按公开先后",
    "versions": "版本数",
    "x0": "所在格的左边（点）",
    "x1": "所在格的右边（点）",
    "year": "相比的年度，未写明的为空",
}

_UNIT_KIND = (
    "性质：administrative 行政单位、institution 事业单位、civil_service_institution 参照公务员法管理的事业单位；"
    "概况没有写明的为空"
)
_SUBJECT_KIND = "functional 支出功能分类、economic 支出经济分类"

SPECIAL = {
    "raw.crawl.note": "中断的原因",
    "core.crawl.note": "中断的原因",
    "raw.crawl.pages": "读过的网页数",
    "core.crawl.pages": "读过的网页数",
    "core.night.pages": "读过的网页数",
    "ref.subject_name.kind": _SUBJECT_KIND,
    "ref.subject_name.name": "这些年度的名称",
    "core.subject_year.kind": _SUBJECT_KIND,
    "core.subject_year.level": "级次：1 类、2 款、3 项",
    "core.subject_year.name": "当年的名称；编码未见过的取印得最多的",
    "core.unit.kind": _UNIT_KIND,
    "core.unit.department": "主管部门名称，取最近知道的年度，不明的为空",
    "core.unit_year.kind": _UNIT_KIND,
    "core.unit_year.department": "当年的主管部门名称，不明的为空",
    "core.unit_name.name": "这些年度报告所载的名称",
    "core.unit_name.unit_id": "这样称呼时的单位编号",
    "raw.document.kind": "文件种类：决算、预算、压缩包，不明的为空",
    "raw.document.compared": "抽查复读并与初读比较的页数",
    "raw.document.not_comparable": "抽中但无法用复读核对的页数",
    "raw.document.level": "编报层级：部门、单位，不明的为空",
    "raw.document.scope": "封面注明的范围：本级、汇总，未注明的为空",
    "raw.form_reading.title": "印出的表名",
    "raw.publication.title": "公开页面上的标题",
    "raw.publication.unit": "网站所载的发布机构，可能是主管部门、财政部门或内设机构；没有载明的为空",
    "core.form_reading.title": "印出的表名",
    "ref.form_measure.title": "栏目名称",
    "ref.form_line.title": "行名",
    "ref.functional_subject.level": "级次：1 类、2 款、3 项",
    "ref.functional_subject.name": "科目名称",
    "ref.economic_subject.level": "级次：1 类、2 款",
    "ref.economic_subject.name": "科目名称",
    "core.unit.unit": "单位名称，取最近年度报告所载",
    "core.report.document": "现行版本的文件编号；文字与报表分为两个文件的，是报表文件",
    "core.version.document": "文件编号；文字与报表分为两个文件的，是报表文件",
    "core.report.level": "编报层级：部门、单位，不明的为空",
    "core.version.fetched_at": "首次抓取时间",
    "core.version.published_on": "最早的公开日期，网站没有载明或文件从文件夹收入的为空",
    "core.document.kind": "文件种类：决算、预算、压缩包，不明的为空",
    "core.document.status": "current 现行版本、superseded 旧版本、unit_unknown 单位不明、year_unknown 年度不明、"
    "budget 预算、bundle 压缩包、not_final_accounts 不是决算报告",
    "core.document.fetched_at": "首次抓取时间",
    "core.document.published_on": "最早的公开日期，网站没有载明或文件从文件夹收入的为空",
    "core.document.publications": "公开记录数",
    "core.document.report_id": "所属报告编号，不成报告的为空",
    "core.issue.report_id": "所属报告编号，不成报告的为空",
    "core.cell.amount": "金额（元）；空白格为 0；同一科目分几行印出且数字不同的为合计",
    "core.cell.precision": "印出的最末一位相当于多少元；由几行相加的为各行之和",
    "core.cell.printed": "印出的原文；由几行相加的以 + 相连",
    "core.cell.row_no": "首次印出的行在表中的序号，从 1 起",
    "core.printed_row.page": "首格所在页码",
    "core.section.parent": "上级标题所在节的序号，没有的为 -1",
    "core.section.level": "标题级次：0 部分、1 一、2 （一）、3 1.",
    "core.section.title": "标题，不含序号",
    "core.section.text": "本节正文（不含下级各节），每段一行",
    "core.claim.line": "所说的事项：科目编码，或该节事项的代号；未弄清的为空",
    "core.claim.measure": "所说的是决算数、预算数、增减额、增减率、占比还是数量等",
    "core.claim.label": "所说的事项，照印出的文字",
    "core.claim.unit": "计量单位：yuan 元、percent 百分点、piece 个数、flag 说法",
    "core.claim.precision": "印出的最末一位相当于多少（元、百分点或个）",
    "core.headcount.kind": "种类，照印出的文字",
    "core.headcount.value": "人数",
    "core.covered_unit.name": "单位名称",
    "core.covered_unit.unit_id": "所指单位的编号，按名称、部门和地区推定；不能推定的为空",
    "core.project.kind": "项目，或部门整体；清单为只列出各项目得分的表，每个项目一行",
    "core.project.name": "项目名称",
    "core.project.code": "项目编码，未载明的为空",
    "core.project.unit": "项目实施单位，未载明的为空",
    "core.project_figure.line": "资金来源、预算执行得分（execution）、总分（score）或指标（i1、i2…）",
    "core.project_figure.part_of": "所属的合计行：该行与同属的各行相加等于合计；表中未必列全时为空",
    "core.project_figure.measure": "年初预算、调整、调整后预算、到位、执行、结余、各项比率、分值或得分的代号",
    "core.project_figure.unit": "计量单位：yuan 元、percent 百分点、point 分",
    "core.indicator.line": "指标代号，与 core.project_figure 相同",
    "core.indicator.name": "三级指标（指标内容）",
    "core.told.unit": "计量单位",
    "core.figure.unit": "计量单位",
    "core.told.form": "文字各节的事项代号，或 performance（绩效自评表）",
    "core.told.amount": "数值，见 core.claim.value",
}

SPECIAL |= {
    key.replace("core.claim.", "core.earlier_claim."): text for key, text in SPECIAL.items() if "core.claim." in key
}


def comment_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Put the comments on the tables of raw, ref and core; raises KeyError for one that has none."""
    columns = con.execute("""
        SELECT schema_name || '.' || table_name, column_name
        FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name IN ('raw', 'ref', 'core')
    """).fetchall()
    found = con.execute("SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    views = {view for (view,) in found}
    statements = [
        _comment(f"{'VIEW' if table in views else 'TABLE'} {table}", TABLES[table])
        for table in dict.fromkeys(table for table, _ in columns)
    ]
    statements += [
        _comment(f'COLUMN {table}."{column}"', SPECIAL.get(f"{table}.{column}") or COLUMNS[column])
        for table, column in columns
    ]
    execute_all(con, statements)


def execute_all(con: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    """Execute statements as one transaction: comments that a file commits one by one take more than twice the time."""
    con.execute(f"BEGIN; {'; '.join(statements)}; COMMIT")


def comment_view(con: duckdb.DuckDBPyConnection, view: str, comment: str, columns: Iterable[tuple[str, str]]) -> None:
    """Put comments on a view (quoted as in SQL) and on its (name, comment) columns."""
    statements = [_comment(f"VIEW {view}", comment)]
    statements += [_comment(f'COLUMN {view}."{column}"', text) for column, text in columns]
    con.execute("; ".join(statements))


def comment_table(con: duckdb.DuckDBPyConnection, table: str, comment: str, columns: Mapping[str, str]) -> None:
    """Put comments on a table and on its columns by name."""
    statements = [_comment(f"TABLE {table}", comment)]
    statements += [_comment(f'COLUMN {table}."{column}"', text) for column, text in columns.items()]
    con.execute("; ".join(statements))


def _comment(on: str, text: str) -> str:
    return f"COMMENT ON {on} IS '{text.replace(chr(39), chr(39) * 2)}'"
