"""What there is: the views of reports, of files, and of what was not understood in them."""

from __future__ import annotations

from dataclasses import replace

from warehouse.marts.view import COUNTS, DEPARTMENT, LINK, REGION, REPORT, SCOPE, UNIT, YEAR, Column, View

_LEVEL = Column("层级", "r.level", "编报层级：部门、单位，不明的为空")
_LINK = replace(LINK, sql="p.url")
_PLACE = """
        LEFT JOIN (
            SELECT document, arg_min(url, (fetched_at, url)) AS url
            FROM raw.publication WHERE contains(url, '://') GROUP BY document
        ) p ON p.document = d.document
"""
"""The link of any file, as mart.report has it of the files of reports."""


def reports() -> View:
    """One row a report."""
    return View(
        "报告",
        "决算报告目录：单位、年度、范围各一份，取现行版本",
        (
            UNIT,
            YEAR,
            SCOPE,
            _LEVEL,
            DEPARTMENT,
            REGION,
            COUNTS,
            Column(
                "计入说明",
                "CASE r.counted_as WHEN 'counted' THEN '计入' WHEN 'in_department' THEN '已含在主管部门的汇总报告中' "
                "WHEN 'same_unit' THEN '同一单位另有一份计入' ELSE '范围不明，可能已含所属单位，不计入' END",
                "为什么计入、不计入合计",
            ),
            Column("计入报告", "r.counted_in", "已含在哪份报告中（report_id），其余为空"),
            Column("汇入部门", "r.whole", "加总时归入的部门；没有主管部门或不明的为单位自身"),
            Column("版本数", "r.versions", "先后公开过的不同文件数"),
            Column("发布日期", "r.published_on", "最早的公开日期，网站未载明的为空"),
            Column("抓取时间", "m.fetched_at", "现行版本首次抓取的时间"),
            Column("页数", "m.pages", "现行版本的页数"),
            Column("表数", "m.forms", "认出的法定报表数"),
            Column("数字数", "m.numbers", "读成金额的数字个数"),
            Column("未读懂", "m.issues", "读取问题数，详见 决算.未读懂"),
            Column("存疑", "m.open_findings", "未解决、未豁免的勾稽问题数；尚未核对的为空"),
            Column("文件", "r.file_name", "文件名；文字与报表分为两个文件的，是报表文件"),
            Column("说明文件", "m.narrative_name", "文字与报表分为两个文件的，是文字说明的文件名；其余为空"),
            LINK,
            Column("网页", "'/reports/' || url_encode(r.report_id)", "这份报告在查询网页中的地址"),
            Column("文件编号", "r.document", "文件内容的 SHA-256"),
            REPORT,
        ),
        "FROM mart.report r JOIN mart.reading m ON m.report_id = r.report_id",
    )


def documents() -> View:
    """One row a file, also of those that are no report."""
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
            _LINK,
            Column("文件编号", "d.document", "文件内容的 SHA-256"),
            Column("report_id", "d.report_id", "所属报告编号，不成报告的为空"),
        ),
        """
        FROM core.document d
        LEFT JOIN core.report r ON r.report_id = d.report_id
        LEFT JOIN (
            SELECT report_id, version_no, unnest(list_distinct([document, narrative])) AS document FROM core.version
        ) v ON v.report_id = d.report_id AND v.document = d.document
        LEFT JOIN core.document o ON o.document = d.other_half
        """
        + _PLACE,
    )


def issues() -> View:
    """One row a reading issue."""
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
            _LINK,
            Column("原页", "'/documents/' || i.document || '/pages/' || i.page", "这一页在查询网页中的地址"),
            Column("文件编号", "i.document", "文件内容的 SHA-256"),
            Column("report_id", "i.report_id", "所属报告编号，不成报告的为空"),
        ),
        """
        FROM core.issue i
        LEFT JOIN core.document d ON d.document = i.document
        LEFT JOIN core.report r ON r.report_id = i.report_id
        LEFT JOIN ref.issue_kind k ON k.kind = i.kind
        LEFT JOIN ref.form f ON f.form = i.form
        """
        + _PLACE,
    )
