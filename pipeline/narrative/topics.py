"""What sections of a narrative are about: a closed list, and the measures in which numbers are claimed.

A topic with a `form` speaks of that statutory table, and its lines are the table's: its lines and subject codes, and
the measures of its total row. `lines` are those that the topic has besides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Topic:
    """`short` is what the declarations call it (N1 …), `title` what sentences do."""

    key: str
    short: str
    title: str
    form: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)


_ALL = (
    Topic(
        "told_totals",
        "N1",
        "收入支出决算总体情况说明",
        "income_expenditure",
        {"grand_total": "收入、支出总计", "basic": "基本支出", "project": "项目支出"},
    ),
    Topic("told_income", "N2", "收入决算情况说明", "income"),
    Topic("told_expenditure", "N3", "支出决算情况说明", "expenditure"),
    Topic(
        "told_fiscal",
        "N4",
        "财政拨款收入支出决算总体情况说明",
        "fiscal_appropriation",
        {
            "grand_total": "财政拨款收入、支出总计",
            "expenditure_general": "一般公共预算财政拨款支出",
            "expenditure_fund": "政府性基金预算财政拨款支出",
            "expenditure_capital": "国有资本经营预算财政拨款支出",
        },
    ),
    Topic("told_general", "N5", "一般公共预算财政拨款支出决算情况说明", "general_budget"),
    Topic("told_basic", "N6", "一般公共预算财政拨款基本支出决算情况说明", "basic_expenditure"),
    Topic(
        "told_three_public",
        "N7",
        "“三公”经费支出决算情况说明",
        "three_public",
        {
            "abroad_groups": "因公出国（境）团组",
            "abroad_groups_own": "其中：使用财政拨款安排的团组",
            "abroad_groups_joined": "其中：参加其他单位组织的团组",
            "abroad_people": "因公出国（境）人次",
            "vehicles_bought": "购置公务用车",
            "vehicles_held": "公务用车保有量",
            "reception_batches": "公务接待批次",
            "reception_people": "公务接待人次",
            "reception_domestic_batches": "国内公务接待批次",
            "reception_domestic_people": "国内公务接待人次",
            "reception_foreign_batches": "国（境）外公务接待批次",
            "reception_foreign_people": "国（境）外公务接待人次",
            "reception_affairs_batches": "其中：外事接待批次",
            "reception_affairs_people": "其中：外事接待人次",
        },
    ),
    Topic("told_fund", "NF", "政府性基金预算财政拨款收入支出决算情况说明", "government_fund"),
    Topic("told_capital", "NS", "国有资本经营预算财政拨款收入支出决算情况说明", "state_capital"),
    Topic("told_operation", "NO", "机关运行经费支出情况说明", "", {"total": "机关运行经费"}),
    Topic(
        "told_procurement",
        "NP",
        "政府采购支出情况说明",
        "",
        {
            "total": "政府采购支出总额",
            "goods": "政府采购货物支出",
            "works": "政府采购工程支出",
            "services": "政府采购服务支出",
            "small_medium": "授予中小企业合同金额",
            "small": "授予小微企业合同金额",
            "goods_small_medium": "货物采购授予中小企业合同金额",
            "works_small_medium": "工程采购授予中小企业合同金额",
            "services_small_medium": "服务采购授予中小企业合同金额",
            "reserved_small_medium": "面向中小企业预留的采购项目",
            "reserved_small": "面向小微企业预留的采购项目",
            "unreserved_small_medium": "其他采购项目授予中小企业金额",
            "unreserved_small": "其他采购项目授予小微企业金额",
        },
    ),
    Topic(
        "told_assets",
        "NA",
        "国有资产占有使用情况说明",
        "",
        # kinds of vehicles are lines "vehicle:<kind as printed>", kinds of equipment "equipment:<kind as printed>"
        {"vehicles": "车辆"},
    ),
    Topic(
        "told_performance",
        "NE",
        "预算绩效管理工作情况说明",
        "",
        # a single project is a line "project:<name as printed>"; grades are lines "grade:<优|良|…>"
        {
            "projects": "开展绩效自评的项目",
            "projects_first": "一级项目",
            "projects_second": "二级项目",
            "projects_fund": "政府性基金预算项目",
            "projects_capital": "国有资本经营预算项目",
            "projects_target": "编报绩效目标的项目",
            "projects_tracked": "绩效跟踪的项目",
            "projects_reviewed": "部门评价的项目",
            "projects_shown": "反映自评结果的项目",
            "amount": "绩效自评涉及资金",
            "amount_target": "编报绩效目标涉及资金",
            "amount_tracked": "绩效跟踪涉及资金",
            "amount_reviewed": "部门评价涉及资金",
            **{
                f"{line}_{budget}": f"{title}：{name}"
                for line, title in (
                    ("amount", "绩效自评涉及资金"),
                    ("amount_target", "编报绩效目标涉及资金"),
                    ("amount_tracked", "绩效跟踪涉及资金"),
                    ("amount_reviewed", "部门评价涉及资金"),
                    ("department", "部门整体支出绩效自评"),
                )
                for budget, name in (("fund", "政府性基金预算"), ("capital", "国有资本经营预算"))
            },
            "agencies": "委托的第三方机构",
            "problems": "绩效自评发现的问题",
            "problems_fixed": "已完成整改的问题",
            "problems_open": "正在整改的问题",
            "department": "部门整体支出绩效自评",
        },
    ),
)

TOPICS: dict[str, Topic] = {topic.key: topic for topic in _ALL}

MEASURES = {
    "final": "决算数",
    "initial_budget": "年初预算数",
    "full_budget": "全年（调整）预算数",
    "budget": "预算数",
    "prior": "上年决算数",
    "completion_initial": "完成年初预算的比例",
    "completion_full": "完成全年（调整）预算的比例",
    "completion": "完成预算的比例",
    "gap_initial": "与年初预算数之差",
    "gap_full": "与全年（调整）预算数之差",
    "gap": "与预算数之差",
    "gap_initial_rate": "与年初预算数之差的比例",
    "gap_full_rate": "与全年（调整）预算数之差的比例",
    "gap_rate": "与预算数之差的比例",
    "change": "比上年增减额",
    "rate": "比上年增减率",
    "share": "占比",
    "share_of_total": "占总额的比例",
    "count": "数量",
    "average": "平均",
    "score": "得分",
    "comparison": "与预算数相比（1 大于，0 等于，-1 小于）",
    "named": "列举",
    "none": "无此项",
}
"""Measures by key. Money in yuan, rates and shares in percent points; `comparison` is -1, 0 or 1, `named` and `none` 1.

A completion, a gap and a comparison are of the budget that the sentence names: initial (年初), full (全年、调整), or
whatever 预算 means there.
"""
