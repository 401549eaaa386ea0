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


_UNIT = Column("单位", "r.unit", "单位名称")
_YEAR = Column("年度", "r.fiscal_year", "决算年度")
_SCOPE = Column("范围", "r.scope", "本级、汇总；部门为未注明范围的部门决算；其余为空")
_LEVEL = Column("层级", "r.level", "编报层级：部门、单位，不明的为空")
_REPORT = Column("report_id", "r.report_id", "报告编号，与 core 各表相连")
_PUBLISHED = Column("发布日期", "v.published_on", "最早的公开日期，网站未载明的为空")


def create_marts(con: duckdb.DuckDBPyConnection) -> None:
    """Create the views anew. If schema quality is there, 决算.报告 counts the open findings."""
    con.execute('CREATE SCHEMA IF NOT EXISTS "决算"')
    for view in (_reports(judged=_has_findings(con)), _documents(), _issues(), *map(_form, FORMS.values())):
        name = f'"决算"."{view.name}"'
        columns = ", ".join(f'{column.sql} AS "{column.name}"' for column in view.columns)
        con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} {view.source}")
        comment_view(con, name, view.comment, [(column.name, column.comment) for column in view.columns])


def _has_findings(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute("""
        FROM duckdb_tables() WHERE database_name = current_database()
        AND schema_name = 'quality' AND table_name = 'finding'
    """)
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
        "(SELECT count(*) FROM quality.finding q WHERE q.report_id = r.report_id AND q.status <> 'resolved')"
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
            Column("存疑", open_findings if judged else "NULL::BIGINT", "未解决的勾稽问题数；尚未核对的为空"),
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
