"""Expenditure by subject: what a report consists of, what a subject costs in all reports, budgets and outcomes."""

from __future__ import annotations

from warehouse.marts.figures import growth
from warehouse.marts.view import HEAD, REGION, REPORT, YEAR, Column, View, tail

_CODE = Column("科目编码", "s.code", "科目编码")
_NAME = Column("科目名称", "s.name", "科目名称，当年的叫法")
_LEVEL = Column("级次", "s.level", "科目级次：1 类、2 款、3 项")
_KIND = Column(
    "分类", "CASE s.kind WHEN 'functional' THEN '功能' ELSE '经济' END", "功能：支出功能分类；经济：经济分类"
)
_SERIES = Column("系列", "s.series", "改名、改码前后的同一科目系列相同，按它比较各年度；见 ref.subject_name")
_BEFORE = (
    Column("上年支出", "s.amount_prior", "同一科目系列上年的支出（元），没有的为空"),
    Column("增长率", growth("s.amount", "s.amount_prior"), "比上年增长的百分点；没有上年数的为空"),
)
_SOURCE = "FROM mart.{table} s JOIN mart.report r ON r.report_id = s.report_id"


def subject_views() -> tuple[View, ...]:
    """The views by subject."""
    return (_functional(), _economic(), _spent(), _summed(), _budgets())


def _functional() -> View:
    return View(
        "功能分类构成",
        "每份报告的每个功能分类类级科目一行：支出、占比，与上年相比的增长",
        (
            *HEAD,
            _CODE,
            _NAME,
            Column("支出", "s.amount", "本年支出合计（元）"),
            Column("基本支出", "s.basic", "基本支出（元），没有印出的为空"),
            Column("项目支出", "s.project", "项目支出（元），没有印出的为空"),
            Column("占比", "s.share", "占各类支出之和（百分点）"),
            *_BEFORE,
            *tail("s.page"),
        ),
        _SOURCE.format(table="functional"),
    )


def _economic() -> View:
    return View(
        "经济分类构成",
        "每份报告的一般公共预算财政拨款基本支出，每个经济分类科目一行；一次只加总一个级次",
        (
            *HEAD,
            _CODE,
            _NAME,
            _LEVEL,
            Column("类编码", "s.class_code", "所属的类"),
            Column("类名称", "s.class_name", "所属的类的名称"),
            Column("支出", "s.amount", "金额（元）"),
            Column("占比", "s.share", "占基本支出（百分点）"),
            *_BEFORE,
            *tail("s.page"),
        ),
        _SOURCE.format(table="economic"),
    )


def _spent() -> View:
    return View(
        "科目支出",
        "每个科目在每份报告中的支出：功能分类取自支出决算表，经济分类取自基本支出决算表",
        (
            _KIND,
            _CODE,
            Column("科目名称", "y.name", "科目名称，当年的叫法"),
            _LEVEL,
            _SERIES,
            *HEAD,
            Column("支出", "s.amount", "支出（元）"),
            Column("基本支出", "s.basic", "其中基本支出（元），经济分类的为空"),
            Column("项目支出", "s.project", "其中项目支出（元），经济分类的为空"),
            Column(
                "上年有",
                "s.had_before",
                "上年在这个科目（改名、改码前的也算）上是否有支出，没有上年报告、上年没有读出这一级科目的为空",
            ),
            *tail("s.page"),
        ),
        f"""{_SOURCE.format(table="subject")}
        JOIN core.subject_year y ON y.kind = s.kind AND y.code = s.code AND y.fiscal_year = s.fiscal_year""",
    )


def _summed() -> View:
    return View(
        "科目合计",
        "每个科目在每个地区每一年度的支出合计：只加计入合计的报告",
        (
            _KIND,
            _CODE,
            Column("科目名称", "y.name", "科目名称，当年的叫法"),
            Column("级次", "y.level", "科目级次：1 类、2 款、3 项"),
            Column("系列", "y.series", _SERIES.comment),
            Column("类名称", "y.class_name", "所属的类的名称"),
            Column("款名称", "y.group_name", "所属的款的名称，类级科目为空"),
            Column("地区", "s.region", REGION.comment),
            Column("年度", "s.fiscal_year", YEAR.comment),
            Column("支出", "s.amount", "计入合计的各报告支出之和（元）"),
            Column("基本支出", "s.basic", "其中基本支出（元），经济分类的为空"),
            Column("项目支出", "s.project", "其中项目支出（元），经济分类的为空"),
            Column("计入报告数", "s.counted_reports", "计入合计、有这一科目支出的报告数"),
            Column("报告数", "s.reports", "有这一科目支出的报告数，含不计入合计的"),
        ),
        """
        FROM mart.subject_total s
        JOIN core.subject_year y ON y.kind = s.kind AND y.code = s.code AND y.fiscal_year = s.fiscal_year
        """,
    )


def _budgets() -> View:
    page, link, address, _ = tail("s.page", document="s.document")
    return View(
        "年初预算与决算",
        "一般公共预算财政拨款支出按项目的年初预算、决算及完成情况：情况说明所写的，以及按其计算的",
        (
            *HEAD,
            Column("科目编码", "nullif(s.code, '')", "合计为空"),
            Column("科目名称", "s.name", "科目名称"),
            Column("年初预算", "s.initial_budget", "所写的年初预算数（元）"),
            Column("全年预算", "s.full_budget", "所写的全年（调整）预算数（元），没有写明的为空"),
            Column("决算数", "s.final", "所写的支出决算数（元）"),
            Column("表中决算数", "s.final_in_table", "一般公共预算财政拨款支出决算表中的数（元）"),
            Column("完成年初预算", "s.completion_stated", "所写的完成年初预算的比例（百分点）"),
            Column("计算的完成率", "s.completion", "所写的决算数除以所写的年初预算数（百分点）；年初预算为零的为空"),
            Column("原因", "s.reason", "决算与预算不同的原因"),
            page,
            link,
            address,
            REPORT,
        ),
        _SOURCE.format(table="execution"),
    )
