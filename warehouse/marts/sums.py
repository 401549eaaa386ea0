"""Departments, regions and units of one kind together: sums without double counting, and how units lie among others."""

from __future__ import annotations

from warehouse.marts.figures import growth
from warehouse.marts.view import Column, View

_SUMS = (
    ("本年收入", "income", "本年收入合计"),
    ("财政拨款收入", "appropriation", "财政拨款收入"),
    ("本年支出", "expenditure", "本年支出合计"),
    ("基本支出", "basic", "基本支出"),
    ("项目支出", "project", "项目支出"),
    ("财政拨款支出", "fiscal_expenditure", "财政拨款支出"),
    ("一般公共预算支出", "general", "一般公共预算财政拨款支出"),
    ("政府性基金支出", "fund", "政府性基金预算财政拨款支出"),
    ("国有资本经营支出", "capital", "国有资本经营预算财政拨款支出"),
    ("人员经费", "personnel", "人员经费"),
    ("公用经费", "public", "公用经费"),
    ("年初结转结余", "opening", "年初结转和结余"),
    ("年末结转结余", "closing", "年末结转和结余"),
    ("三公预算", "three_public_budget", "“三公”经费预算数"),
    ("三公决算", "three_public", "“三公”经费决算数"),
    ("出国决算", "abroad", "因公出国（境）费决算数"),
    ("公车决算", "vehicle", "公务用车购置及运行维护费决算数"),
    ("接待决算", "reception", "公务接待费决算数"),
    ("政府采购", "procurement", "情况说明所写的政府采购支出"),
)
_GROWTH = "两年都收集到、都计入合计的同一批报告"


def sum_views() -> tuple[View, ...]:
    """The views of departments, regions, and of how units lie."""
    region = Column("地区", "s.region", "地区，不明的为空")
    year = Column("年度", "s.fiscal_year", "决算年度")
    whole = Column("部门", "s.whole", "主管部门；没有主管部门或不明的，为单位自身")
    whole_id = Column("unit_id", "s.whole_id", "部门的单位编号")
    return (
        View(
            "部门合计",
            "各部门每一年度的合计，每个单位只计一次：有部门汇总报告的取汇总报告，没有的加总所属单位的报告",
            (region, whole, year, *_sums(), whole_id),
            "FROM mart.department_total s",
        ),
        View(
            "地区合计",
            "各地区每一年度的合计，每个单位只计一次，方法同 决算.部门合计；只含收集到的报告",
            (region, year, *_sums()),
            "FROM mart.region_total s",
        ),
        _spread(),
    )


def _sums() -> tuple[Column, ...]:
    return (
        Column("计入报告数", "s.reports", "计入合计的报告数"),
        Column("未计入报告数", "s.left_out", "为免重复没有计入的报告数"),
        Column("范围不明报告数", "s.extent_unknown", "其中因不知是否已含所属单位而没有计入的报告数"),
        *(Column(name, f"s.{figure}", f"{title}（元）：计入合计的报告之和") for name, figure, title in _SUMS),
        Column("可比报告数", "s.compared_reports", f"{_GROWTH}的份数"),
        Column("可比支出", "s.expenditure_compared", f"{_GROWTH}的本年支出（元）"),
        Column("可比上年支出", "s.expenditure_prior", f"{_GROWTH}的上年支出（元）"),
        Column(
            "支出增长率",
            growth("s.expenditure_compared", "s.expenditure_prior"),
            f"{_GROWTH}的支出比上年增长的百分点",
        ),
        Column(
            "三公增长率",
            growth("s.three_public_compared", "s.three_public_prior"),
            f"{_GROWTH}的“三公”经费比上年增长的百分点",
        ),
    )


_TITLES = {
    "expenditure": "本年支出（元）",
    "basic": "基本支出（元）",
    "project": "项目支出（元）",
    "personnel": "人员经费（元）",
    "public": "公用经费（元）",
    "three_public": "三公经费（元）",
    "closing": "年末结转结余（元）",
    "expenditure_growth": "支出增长率（百分点）",
    "three_public_growth": "三公增长率（百分点）",
    "project_share": "项目支出占比（百分点）",
    "personnel_share": "人员占比（百分点）",
    "three_public_execution": "三公执行率（百分点）",
    "closing_share": "年末结转占比（百分点）",
    "functional_other_share": "功能其他占比（百分点）",
    "economic_other_share": "经济其他占比（百分点）",
    "expenditure_per_head": "人均支出（元）",
    "basic_per_head": "人均基本支出（元）",
    "personnel_per_head": "人均人员经费（元）",
    "public_per_head": "人均公用经费（元）",
    "three_public_per_head": "人均三公经费（元）",
}


def _spread() -> View:
    titles = " ".join(f"WHEN '{figure}' THEN '{title}'" for figure, title in _TITLES.items())
    return View(
        "同类分布",
        "各地区每一年度同一范围的报告在各项指标上的四分位数：看一个单位高于还是低于多数单位",
        (
            Column("地区", "s.region", "地区，不明的为空"),
            Column("年度", "s.fiscal_year", "决算年度"),
            Column(
                "范围",
                "CASE s.extent WHEN 'department' THEN '部门' WHEN 'own' THEN '本级' WHEN 'unit' THEN '单位' "
                "ELSE '' END",
                "部门、本级、单位，不明的为空",
            ),
            Column("指标", f"CASE s.figure {titles} END", "指标及其计量"),
            Column("报告数", "s.reports", "有这一指标的报告数，每个单位每一年度至多一份"),
            Column("下四分位数", "s.lower_quartile", "四分之一的报告不高于它"),
            Column("中位数", "s.median", "一半的报告不高于它"),
            Column("上四分位数", "s.upper_quartile", "四分之三的报告不高于它"),
        ),
        "FROM mart.spread s",
    )
