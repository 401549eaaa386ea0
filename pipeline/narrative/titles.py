"""What a heading says that its section is about: its part of the report and its topic, by words and never by number."""

from __future__ import annotations

import re

from pipeline.wording import plain

OVERVIEW, TABLES, EXPLANATION, GLOSSARY, ANNEX = 1, 2, 3, 4, 5

_PARTS = (
    (GLOSSARY, re.compile(r"(?:名词|术语)解?释?|名词说明")),
    (EXPLANATION, re.compile(r"情况(?:的)?(?:说明|分析)|(?:决算|数据|增减变化).*(?:说明|分析)|绩效")),
    (ANNEX, re.compile(r"附件|附表|附录")),
    (TABLES, re.compile(r"决算.*表|表格|报表|公开表|决算$|决算情况$")),
    (OVERVIEW, re.compile(r"概况|概述|简介|基本情况|职责|职能")),
)

_BEFORE_YEAR = re.compile(r"^.*?20\d\d年度?")
_INCOME, _EXPENDITURE = re.compile(r"收入|收支|收、支"), re.compile(r"支出|收支|收、支")
_TELLS = re.compile(r"情况|说明|总表|决算")
_TOLD = re.compile(r"说明")

_FISCAL = re.compile(r"公共|财政拨款")

_ACCOUNTS = {
    "general": {(True, True): "told_general", (True, False): "told_fiscal", (False, True): "told_general"},
    "fiscal": {(True, True): "told_fiscal", (True, False): "told_fiscal", (False, True): "told_general"},
    "all": {(True, True): "told_totals", (True, False): "told_income", (False, True): "told_expenditure"},
}
"""Topics by what money a heading speaks of, and whether of its income, of its expenditure, or of both.

There is no statutory table of the income of the general budget alone; of the expenditure of fiscal appropriations there
was none but that of the general budget before the others had tables of their own.
"""

# Sections whose parts may be about another thing; all others hold what they are about.
_WIDE = frozenset({"", "told_totals", "told_fiscal", "told_general"})


def part_of(title: str) -> int:
    """Which part of a report a heading begins, 0 if its words do not say."""
    text = plain(title)
    return next((part for part, pattern in _PARTS if pattern.search(text)), 0)


def topic_of(title: str, unit: str, parent: str) -> str:
    """The topic of a section: of its own words, or that of the section above.

    `unit` is the name of who reports, which may hold the words of any topic.
    """
    if parent not in _WIDE:
        return parent
    text = plain(title)
    if unit:
        text = text.replace(plain(unit), "")
    text = _BEFORE_YEAR.sub("", text) or text
    own = _own(text)
    if not own or own == parent or _is_share_of(text, own, parent):
        return parent
    return own


def _own(text: str) -> str:
    """The topic that words name, the narrowest first."""
    named = (
        ("told_performance", "绩效" in text),
        ("told_three_public", "三公" in text),
        ("told_procurement", re.search(r"采购(?:支出|情况|执行|金额|的?说明)|^政府采购", text)),
        ("told_operation", "机关运行" in text),
        ("told_assets", re.search(r"国有资产|资产(?:占|使用|情况)|车辆.*设备", text)),
    )
    for topic, says in named:
        if says:
            return topic
    if not _TELLS.search(text):
        return ""
    return _account(text)


def _account(text: str) -> str:
    """The topic of a heading that speaks of income or expenditure, "" if it does not."""
    if "一般公共" not in text:
        if "政府性基金" in text:
            return "told_fund"
        if "国有资本" in text:
            return "told_capital"
    income, expenditure = _INCOME.search(text) is not None, _EXPENDITURE.search(text) is not None
    if expenditure and "基本支出" in text and _FISCAL.search(text):
        return "told_basic"
    kind = "general" if "公共" in text else "fiscal" if "财政拨款" in text else "all"
    return _ACCOUNTS[kind].get((income, expenditure), "")


def _is_share_of(text: str, own: str, parent: str) -> bool:
    """True if a heading names a part of what the section above tells, and not another table of the report.

    The explanation of totals may tell income and expenditure one after the other, that of the fiscal appropriations its
    income and its expenditure, that of the general budget its totals, structure and items.
    """
    match parent:
        case "told_totals":
            return own in {"told_income", "told_expenditure"} and not _TOLD.search(text)
        case "told_fiscal":
            return own == "told_general" and "公共" not in text
        case "told_general":
            return own in {"told_fiscal", "told_totals", "told_expenditure", "told_income"}
        case _:
            return False
