"""Schema 决算: one view for every declared form, and the lists of reports, files and reading issues.

The views of the forms are generated from the declarations: a new form has its view by being declared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.forms import FORMS
from warehouse.comments import comment_view

if TYPE_CHECKING:
    import duckdb

    from pipeline.forms import Form


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view: its Chinese name, the SQL that gives it, what it means."""

    name: str
    sql: str
    comment: str


@dataclass(frozen=True, slots=True)
class View:
    """One view: `source` is all that follows the column list, from FROM on."""

    name: str
    comment: str
    columns: tuple[Column, ...]
    source: str


_NOTHING = "FROM (SELECT 1) nothing WHERE false"
_UNIT = Column("单位", "r.unit", "单位名称")
_YEAR = Column("年度", "r.fiscal_year", "决算年度")
_SCOPE = Column("范围", "r.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空")
_LEVEL = Column("层级", "r.level", "编报层级：部门、单位，不明的为空")
_REPORT = Column("report_id", "r.report_id", "报告编号，与 core 各表相连")
_PUBLISHED = Column("发布日期", "v.published_on", "最早的公开日期，网站未载明的为空")


def create_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views anew. Those that rest on schema quality are empty, or have empty columns, before it is there."""
    con.execute('CREATE SCHEMA IF NOT EXISTS "决算"')
    judged = (
        _reports(judged=_has(con, "finding")),
        _grades(judged=_has(con, "grade")),
        _punctuality(judged=_has(con, "punctuality")),
    )
    for view in (*judged, _documents(), _issues(), *map(_form, FORMS.values())):
        name = f'"决算"."{view.name}"'
        columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in view.columns)
        con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} {view.source}")
        comment_view(con, name, view.comment, [(column.name, column.comment) for column in view.columns])


def _has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = con.execute(
        "FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'quality' AND table_name = $1",
        [table],
    )
    return bool(found.fetchall())


def _form(form: Form) -> View:
    measures = tuple(
        Column(
            title,
            f"any_value(c.amount) FILTER (c.measure = '{measure}')",
            f"{title}（元）；表中没有这一栏的为空",
        )
        for measure, title in form.measures.items()
    )
    side = Column(
        "收支",
        "CASE any_value(l.side) WHEN 'income' THEN '收入' WHEN 'expenditure' THEN '支出' END",
        "在收入一侧还是支出一侧",
    )
    return View(
        form.title,
        f"{form.title}：现行版本，每份报告的每一行一行，金额单位元",
        (
            _UNIT,
            _YEAR,
            _SCOPE,
            *([side] if form.sides else []),
            Column("科目编码", "CASE WHEN regexp_full_match(c.line, '[0-9]+') THEN c.line END", "固定行（如合计）为空"),
            Column(
                "科目名称",
                "coalesce(nullif(any_value(l.title), ''), nullif(any_value(c.subject), ''), any_value(c.label))",
                "科目的标准名称或固定行的行名；编码未见过的照印出的文字",
            ),
            Column("级次", "nullif(any_value(c.level), 0)", "科目级次：1 类、2 款、3 项；固定行为空"),
            *measures,
            Column("行序", "min(c.row_no)", "行在表中的序号，可用以照原表排列"),
            Column("页码", "min(c.page)", "这一行所在的页"),
            Column("文件", "any_value(v.name)", "文件名"),
            _REPORT,
        ),
        f"""
        FROM core.cell c
        JOIN core.report r ON r.report_id = c.report_id
        JOIN core.version v ON v.report_id = r.report_id AND v.document = r.document
        LEFT JOIN ref.form_line l ON l.form = c.form AND l.line = c.line
        WHERE c.form = '{form.key}'
        GROUP BY r.unit, r.fiscal_year, r.scope, r.report_id, c.line
        """,
    )


def _reports(*, judged: bool) -> View:
    open_findings = (
        "(SELECT count(*) FROM quality.finding q "
        "WHERE q.report_id = r.report_id AND q.status <> 'resolved' AND q.waived_until IS NULL)"
    )
    return View(
        "报告",
        "决算报告目录：单位、年度、范围各一份，取现行版本",
        (
            _UNIT,
            _YEAR,
            _SCOPE,
            _LEVEL,
            Column("部门", "r.department", "主管部门名称，未载明的为空"),
            Column("地区", "r.region", "地区"),
            Column("版本数", "r.versions", "先后公开过的不同文件数"),
            _PUBLISHED,
            Column("抓取时间", "v.fetched_at", "现行版本首次抓取的时间"),
            Column("页数", "d.pages", "现行版本的页数"),
            Column("表数", "coalesce(f.forms, 0)", "认出的法定报表数"),
            Column("数字数", "coalesce(f.lifted, 0)", "读成金额的数字个数"),
            Column("未读懂", "coalesce(i.issues, 0)", "读取问题数，详见 决算.未读懂"),
            Column("存疑", open_findings if judged else "NULL::BIGINT", "未解决、未豁免的勾稽问题数；尚未核对的为空"),
            Column("文件", "v.name", "文件名；文字与报表分为两个文件的，是报表文件"),
            Column("说明文件", "n.name", "文字与报表分为两个文件的，是文字说明的文件名；其余为空"),
            Column("链接", "p.url", "文件链接，从文件夹收入的为空"),
            Column("文件编号", "r.document", "文件内容的 SHA-256"),
            _REPORT,
        ),
        """
        FROM core.report r
        JOIN core.version v ON v.report_id = r.report_id AND v.document = r.document
        JOIN core.document d ON d.document = r.document
        LEFT JOIN core.document n ON n.document = v.narrative
        LEFT JOIN (
            SELECT report_id, count(DISTINCT form) AS forms, sum(lifted)::BIGINT AS lifted
            FROM core.form_reading GROUP BY report_id
        ) f ON f.report_id = r.report_id
        LEFT JOIN (
            SELECT d.report_id, count(*) AS issues
            FROM core.issue i JOIN core.document d ON d.document = i.document AND d.status = 'current'
            GROUP BY d.report_id
        ) i ON i.report_id = r.report_id
        LEFT JOIN (
            SELECT document, arg_min(nullif(url, ''), (fetched_at, url)) AS url FROM raw.publication GROUP BY document
        ) p ON p.document = r.document
        """,
    )


def _typed(type_: str, *columns: Column, judged: bool) -> tuple[Column, ...]:
    """Columns that have a type and no value before there is anything to show."""
    return columns if judged else tuple(Column(c.name, f"NULL::{type_}", c.comment) for c in columns)


def _grades(*, judged: bool) -> View:
    return View(
        "评级",
        "每份报告、每个单位每一年度的评级及其各项依据；算法见 docs/grades.zh-CN.md",
        (
            *_typed(
                "VARCHAR",
                Column("对象", "CASE g.subject WHEN 'report' THEN '报告' ELSE '单位' END", "报告、单位"),
                Column("单位", "g.unit", "单位名称"),
                judged=judged,
            ),
            *_typed("INTEGER", Column("年度", "g.fiscal_year", "决算年度"), judged=judged),
            *_typed(
                "VARCHAR",
                Column("范围", "g.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空"),
                Column("等级", "g.grade", "A 至 E；能够核对的不到一半的不评级，为空"),
                judged=judged,
            ),
            *_typed("DECIMAL(5,1)", Column("得分", "g.score", "满分 100；不评级的为空"), judged=judged),
            *_typed(
                "INTEGER",
                Column("错误级成立", "g.error_holds", "错误级勾稽关系中成立的条数（四舍五入之内算成立）"),
                Column("错误级已改正", "g.error_corrected", "错误级勾稽关系中由更正版本改正的条数"),
                Column("错误级不成立", "g.error_broken", "错误级勾稽关系中不成立的条数"),
                Column("警告级成立", "g.warning_holds", "警告级勾稽关系中成立的条数"),
                Column("警告级已改正", "g.warning_corrected", "警告级勾稽关系中由更正版本改正的条数"),
                Column("警告级不成立", "g.warning_broken", "警告级勾稽关系中不成立的条数"),
                Column("豁免", "g.waived", "已豁免、不计入的条数"),
                Column("未核对", "g.not_evaluated", "未能核对、不计入的条数"),
                Column("逾期天数", "g.days_late", "公开晚于期限的天数；公开日期不明的为空"),
                judged=judged,
            ),
            *_typed("DECIMAL(4,2)", Column("逾期扣分", "g.late_points", "因逾期扣的分"), judged=judged),
            *_typed(
                "INTEGER",
                Column("报告数", "g.reports", "单位这一年度的报告数；对象为报告的为空"),
                Column("评级报告数", "g.graded_reports", "其中已评级的报告数"),
                Column("未公开报告数", "g.missing_reports", "逾期仍未公开的报告数"),
                judged=judged,
            ),
            *_typed("VARCHAR", Column("report_id", "g.report_id", "报告编号；对象为单位的为空"), judged=judged),
        ),
        "FROM quality.grade g" if judged else _NOTHING,
    )


def _punctuality(*, judged: bool) -> View:
    return View(
        "公开时间",
        "各单位各年度决算是否按期公开",
        (
            *_typed("VARCHAR", Column("单位", "p.unit", "单位名称"), judged=judged),
            *_typed("INTEGER", Column("年度", "p.fiscal_year", "决算年度"), judged=judged),
            *_typed(
                "VARCHAR",
                Column("范围", "p.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空"),
                Column(
                    "状态",
                    "CASE p.state WHEN 'on_time' THEN '按期' WHEN 'late' THEN '逾期' WHEN 'missing' THEN '未公开' "
                    "ELSE '不明' END",
                    "按期、逾期、未公开（期限已过）、不明",
                ),
                judged=judged,
            ),
            *_typed(
                "DATE",
                Column("公开日期", "p.published_on", "首个版本的公开日期，不明的为空"),
                Column("期限", "p.deadline", "最晚公开日期"),
                judged=judged,
            ),
            *_typed("INTEGER", Column("逾期天数", "p.days_late", "逾期的天数；不明的为空"), judged=judged),
            *_typed("VARCHAR", Column("说明", "p.note", "不明的原因"), judged=judged),
        ),
        "FROM quality.punctuality p" if judged else _NOTHING,
    )


def _documents() -> View:
    return View(
        "文件",
        "读过的每一个文件：是哪份报告的哪个版本，不成报告的是什么原因",
        (
            Column("文件", "d.name", "文件名"),
            Column(
                "状态",
                "CASE d.status WHEN 'current' THEN '现行版本' WHEN 'superseded' THEN '旧版本' "
                "WHEN 'unit_unknown' THEN '单位不明' WHEN 'year_unknown' THEN '年度不明' "
                "WHEN 'budget' THEN '预算' WHEN 'bundle' THEN '压缩包' ELSE '不是决算报告' END",
                "现行版本、旧版本、单位不明、年度不明、预算、压缩包、不是决算报告",
            ),
            Column("单位", "d.unit", "单位名称，不明的为空"),
            Column("年度", "d.fiscal_year", "年度，不明的为空"),
            Column("范围", "r.scope", "所属报告的范围，不成报告的为空"),
            Column("版本号", "v.version_no", "版本序号，从 1 起，按公开先后"),
            Column("另一半", "o.name", "文字与报表分为两个文件的，是另一个文件的文件名；其余为空"),
            Column("页数", "d.pages", "页数"),
            Column("发布日期", "d.published_on", "最早的公开日期，网站未载明的为空"),
            Column("抓取时间", "d.fetched_at", "首次抓取的时间"),
            Column("公开处数", "d.publications", "公开记录数：同一文件可有几个链接"),
            Column("所含文件数", "d.members", "从压缩包中取出的文件数；不是压缩包的为 0"),
            Column("文件编号", "d.document", "文件内容的 SHA-256"),
            Column("report_id", "d.report_id", "所属报告编号，不成报告的为空"),
        ),
        """
        FROM core.document d
        LEFT JOIN core.report r ON r.report_id = d.report_id
        LEFT JOIN core.version v ON v.report_id = d.report_id AND d.document IN (v.document, v.narrative)
        LEFT JOIN core.document o ON o.document = d.other_half
        """,
    )


def _issues() -> View:
    return View(
        "未读懂",
        "读取中遇到的问题：没有读懂什么、在哪一页；是本系统的问题，不是报告的差错",
        (
            Column("单位", "d.unit", "单位名称，不明的为空"),
            Column("年度", "d.fiscal_year", "年度，不明的为空"),
            Column("范围", "r.scope", "所属报告的范围，不成报告的为空"),
            Column("类别", "k.title", "问题种类"),
            Column("说明", "i.text", "是什么、在哪里、怎么办"),
            Column("报表", "f.title", "所在报表，不在已认出的报表中的为空"),
            Column("页码", "i.page", "页码"),
            Column("原文", "i.cell", "有关单元格或文字的原文"),
            Column("现行版本", "d.status = 'current'", "问题是否出在现行版本中"),
            Column("文件", "d.name", "文件名"),
            Column("文件编号", "i.document", "文件内容的 SHA-256"),
            Column("report_id", "i.report_id", "所属报告编号，不成报告的为空"),
        ),
        """
        FROM core.issue i
        LEFT JOIN core.document d ON d.document = i.document
        LEFT JOIN core.report r ON r.report_id = i.report_id
        LEFT JOIN ref.issue_kind k ON k.kind = i.kind
        LEFT JOIN ref.form f ON f.form = i.form
        """,
    )
