"""Which titles name a report of final accounts (决算). Everything else is counted and left alone.

The rule: a title must say 决算. It may say 预算 beside it (预决算; 一般公共预算财政拨款支出决算表). It must not be
about final accounts (notices, rules, compilation, audits, resolutions), nor about other final accounts than a
unit's own (construction works, the whole government, insurance funds). Words count only where they stand next to
决算 or close the title, because units are called 审计局, 统计局, 培训中心. A name that says neither 决算 nor 预算
is wanted only inside something that is: an attachment of a report's page by any name (附件1), a list's item if its
name is a bare unit's (甲局).
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Verdict(StrEnum):
    """What a title is; `label` is the Chinese name that the bureau reads."""

    WANTED = "wanted"
    BUDGET = "budget"
    NOTICE = "notice"
    OTHER_ACCOUNTS = "other_accounts"
    TOO_OLD = "too_old"
    SILENT = "silent"

    @property
    def label(self) -> str:
        """What the bureau reads."""
        return _LABELS[self]


_LABELS = {
    Verdict.WANTED: "决算报告",
    Verdict.BUDGET: "预算",
    Verdict.NOTICE: "通知、制度或决算工作",
    Verdict.OTHER_ACCOUNTS: "其他决算（工程、政府、基金）",
    Verdict.TOO_OLD: "早于起始年度",
    Verdict.SILENT: "标题未提决算",
}

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"二[〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_NOT_THE_BUDGET = re.compile(
    r"(一般公共|政府性基金|国有资本经营|社会保险基金)预算|预算(绩效|执行|单位|管理|代码)|[纳列]入.{0,4}预算"
)
_NOTICE = re.compile(
    r"^(转发|印发)|关于(做好|开展|印发|批复|报送|布置|召开|举办|组织|规范|进一步|加强)"
    r"|(通知|办法|规定|制度|细则|方案|批复|复函|通报|问答|答复|决议)(\(.{1,8}\))?$"
    r"|决算\(?草案|决算(信息)?(公开|报表|数据|报告)?的?"
    r"(编制|编审|会审|审计(?!局)|统计(?!局)|检查|考核|评比|培训(?!中心|学校)|会议(?!中心)|布置|批复|决议|审查|工作)"
)
_OTHER_ACCOUNTS = re.compile(
    r"(竣工|工程|基建|基本建设|项目)(财务|结算)?决算|总决算(?!表)|政府决算|(本级|全[省市区县州])财政(收支)?决算"
    r"|(社会保险|社保|公积金|维修资金)(基金)?(收支)?决算"
)


_UNIT = re.compile(
    r"(局|委|办|室|厅|部|处|署|院|所|站|队|校|园|馆|台|库|场|团|社|中心|大学|学院|小学|中学|政府|街道|乡|镇|公司|集团|机关"
    r"|委员会|联合会|协会|工会|学会|商会|妇联|侨联|文联|科协|残联|社科联|工商联|红十字会|团委|政协|人大)(\(.{1,20}\))?$"
)


def judge(title: str, *, inherited: bool = False, since: int = 0, published_on: date | None = None) -> Verdict:
    """Decide by title. `inherited`: the page or column around it is one of final accounts.

    `since` is the first fiscal year wanted; a title without a year is judged by its date, since accounts are
    published in the year after theirs or later.
    """
    text = squeeze(title)
    verdict = _kind(text, inherited=inherited)
    if verdict is not Verdict.WANTED:
        return verdict
    year = fiscal_year(text)
    if year is None and published_on is not None:
        year = published_on.year - 1
    return Verdict.TOO_OLD if year is not None and year < since else Verdict.WANTED


def _kind(text: str, *, inherited: bool) -> Verdict:
    if _NOTICE.search(text):
        return Verdict.NOTICE
    if "决算" in text:
        return Verdict.OTHER_ACCOUNTS if _OTHER_ACCOUNTS.search(text) else Verdict.WANTED
    if "预算" in _NOT_THE_BUDGET.sub("", text):
        return Verdict.BUDGET
    return Verdict.WANTED if inherited else Verdict.SILENT


def names_a_unit(title: str) -> bool:
    """Whether a title is, or ends with, what units are called: in a column of final accounts that is enough."""
    return bool(_UNIT.search(squeeze(title)))


def only_final_accounts(column: str) -> bool:
    """Whether a column by this name holds final accounts and nothing else, so that bare unit names in it count."""
    text = squeeze(column)
    return "决算" in text and "预" not in _NOT_THE_BUDGET.sub("", text) and _kind(text, inherited=False) == "wanted"


def fiscal_year(title: str) -> int | None:
    """The year whose accounts a title names: the last one before 决算, else the first one at all."""
    text = squeeze(title)
    before = _YEAR.findall(text.rpartition("决算")[0])
    years = before[-1:] or _YEAR.findall(text)
    return int(years[0]) if years else None


def squeeze(title: str) -> str:
    """A title without white space, extension and book marks, with half-width signs and Arabic years."""
    text = re.sub(r"[\s《》“”\"'·]+", "", unicodedata.normalize("NFKC", title))
    text = _EXTENSION.sub("", text)
    return _CHINESE_YEAR.sub(lambda year: year[0].replace("二", "2", 1).translate(_CHINESE_DIGITS), text)
