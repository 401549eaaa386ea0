"""What a heading says that its section is about: its part of the report and its topic, by words and never by number."""

from __future__ import annotations

import re

from pipeline.wording import plain

OVERVIEW, TABLES, EXPLANATION, GLOSSARY, ANNEX = 1, 2, 3, 4, 5

_GLOSSARY = r"(?:名词|术语|词语).{0,4}(?:解释|说明|释义)"
_PARTS = (
    (GLOSSARY, re.compile(_GLOSSARY)),
    (OVERVIEW, re.compile(r"(?:概况|概述|简介|基本情况)$|职责|职能|机构设置")),
    (TABLES, re.compile(r"表格?$|报表$|公开$|决算$")),
    (ANNEX, re.compile(r"^附件|附[件表录]$")),
    (EXPLANATION, re.compile(r"说明|分析|绩效|决算情况$")),
)
_OVERVIEW_SECTION = re.compile(
    r"(?:部门|单位|机构)(?:基本)?(?:概况|情况|简介)|主要(?:职能|职责)|职能职责|职责职能|(?:部门|单位)职[能责]"
    r"|机构(?:设置|编制|情况)|(?:部门|单位|预算|决算)+构成|人员(?:编制|构成|情况)"
)
_UNNUMBERED = re.compile(
    rf"(?:部门|单位|主要|基本)*(?:概况|职能|职责|简介|机构设置)|{_GLOSSARY}|(?:部门|单位)*决算(?:公开)?(?:报表|表格?)"
    r"|(?:部门|单位)*决算(?:编制|数据)?(?:情况)?的?(?:文字)?说明|其[他它](?:相关|重要)?(?:事项|情况)的?(?:情况)?说明"
)
_BEFORE_YEAR = re.compile(r"^.*?20\d\d年度?")
_BRACKETS = re.compile(r"\([^()]*\)")

# The money that a heading speaks of; without any it is all of it.
_GENERAL = re.compile(r"(?:一般公共预算|公共财政预算|一般公共财政预算)(?:财政)?(?:当年)?(?:拨款)?")
_FISCAL = re.compile(r"财政(?:预算)?(?:当年)?拨款")
_FILLERS = re.compile(
    r"预?决算|预算|总体|情况|说明|结构|构成|具体|本年度?|当年|年度|年初|上年|[本我][部单局委]?[门位]?|部门|单位|关于|安排"
    r"|使用|执行|完成|增减|变[化动]|规模|相比|对比|比较|差异|分析|总[计额表]?|合计|表|公开|各项|[数的及其和与、,:.年]"
)
_BASIC = re.compile(r"基本支出(?:明细)?")
_BEFORE_NAME = re.compile(r"^.*[局委办厅院校会队所站馆室社署司台府心处团园部](?=收|支|$)")

_ACCOUNTS = {
    "general": {"收入支出": "told_general", "支出": "told_general", "": "told_general", "收入": "told_fiscal"},
    "fiscal": {"收入支出": "told_fiscal", "收入": "told_fiscal", "": "told_fiscal", "支出": "told_general"},
    "all": {"收入支出": "told_totals", "收入": "told_income", "支出": "told_expenditure"},
}
"""Topics by what money a heading speaks of, and whether of its income, of its expenditure, or of both.

There is no statutory table of the income of the general budget alone; of the expenditure of fiscal appropriations there
was none but that of the general budget before the others had tables of their own.
"""

_NAMED = (
    ("told_performance", re.compile(r"绩效(?!工资)")),
    ("told_three_public", re.compile(r"三公")),
    ("told_procurement", re.compile(r"采购")),
    ("told_operation", re.compile(r"机关运[行转]|行政经费")),
    ("told_assets", re.compile(r"国有资产|资产(?:占|使用|情况)|车辆")),
)

# Sections whose parts may be about another thing; all others hold what they are about.
_WIDE = frozenset({"", "told_totals", "told_fiscal", "told_general"})


def stem_of(title: str, unit: str) -> str:
    """A title for comparison, less the year and all before it, and the name of who reports.

    That name may hold the words of any topic.
    """
    text = plain(title)
    if unit:
        text = text.replace(plain(unit), "")
    return _BEFORE_YEAR.sub("", text) or text


def part_of(title: str, unit: str) -> int:
    """Which part of a report a heading begins, 0 if its words do not say."""
    stem = stem_of(title, unit)
    return next((part for part, pattern in _PARTS if pattern.search(stem)), 0)


def section_part_of(title: str, unit: str) -> int:
    """The part that a section is, although it is not headed as one; 0 if it does not say so."""
    stem = stem_of(title, unit)
    if re.fullmatch(rf".*{_GLOSSARY}", stem):
        return GLOSSARY
    return OVERVIEW if _OVERVIEW_SECTION.search(stem) else 0


def is_unnumbered_part(title: str, unit: str) -> bool:
    """True for the title of a part that bears no ordinal."""
    return _UNNUMBERED.fullmatch(stem_of(title, unit)) is not None


def named_topic(title: str, unit: str) -> str:
    """The topic that a word of a text names, "" if none does; money alone names none."""
    stem = stem_of(title, unit)
    return next((topic for topic, pattern in _NAMED if pattern.search(stem)), "")


def topic_of(title: str, unit: str, parent: str) -> str:
    """The topic of a section: of its own words, or that of the section above."""
    if parent not in _WIDE:
        return parent
    own = named_topic(title, unit) or _account(stem_of(title, unit), parent)
    if not own or _is_share_of(own, parent, title):
        return parent
    return own


def _account(stem: str, parent: str) -> str:
    """The topic of a heading that speaks of income or expenditure, "" if it speaks of something else besides."""
    stem = _BRACKETS.sub("", stem)
    if "一般公共" not in stem:
        if "政府性基金" in stem:
            return "told_fund"
        if "国有资本" in stem:
            return "told_capital"
    kind = "general" if _GENERAL.search(stem) else "fiscal" if _FISCAL.search(stem) else "all"
    rest = _FISCAL.sub("", _GENERAL.sub("", stem))
    if _BASIC.search(rest):
        of_general = kind != "all" or parent in {"told_general", "told_fiscal"}
        return "told_basic" if of_general and not _FILLERS.sub("", _BASIC.sub("", rest)) else ""
    rest = _BEFORE_NAME.sub("", _FILLERS.sub("", rest)).replace("收支", "收入支出").replace("拨款", "")
    return _ACCOUNTS[kind].get(rest, "")


def _is_share_of(own: str, parent: str, title: str) -> bool:
    """True if a heading names a part of what the section above tells, and not another table of the report.

    The explanation of totals may tell income and expenditure one after the other, that of the fiscal appropriations its
    income and its expenditure, that of the general budget its totals, structure and items.
    """
    match parent:
        case "told_totals":
            return own in {"told_income", "told_expenditure"} and "说明" not in title
        case "told_fiscal":
            return own == "told_general" and "公共" not in title
        case "told_general":
            return own in {"told_fiscal", "told_totals", "told_expenditure", "told_income"}
        case _:
            return False
