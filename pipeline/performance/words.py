"""The words of self-evaluation forms: headings, labels and sources of money, as patterns of whole labels.

The templates of the ministry, the provinces and the cities differ in words more than in kind. A pattern must match the
whole of a label as `label_of` leaves it; in each vocabulary the first that matches counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.wording import bare, plain

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ENDS = re.compile(r"^[A-Z](?![A-Za-z])|(?<![A-Za-z])[A-Z]$")
_AMONG = re.compile(r"^其中[:,、]?")
_BRACKETED_POINTS = re.compile(r"\((?:满分|总分|分值|权重)?[:]?(\d+(?:\.\d+)?)分?\)")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Patterns by key; the first that matches a whole label counts."""

    patterns: dict[str, str]


_MONEY = {
    "adjustment": r"年中.*(调整|调剂|追加).*|.*(调整|调剂|追加|调增)(数|金额|额|资金)?|追加(预算)(数|金额|额|资金)?",
    "initial": r".*年初(?!.*结[转余]).*|(部门)?(预算)?批复(预算)?(数|金额)?",
    "adjusted": r".*调整后.*|(全年|年度|本年|本年度|当年|全年度|项目|调整|部门|财政|实际)*预算(安排|下达)?(资金)?总?"
    r"(数|金额|额|资金)?|预算(安排|小计)",
    "actual": r".*(执行|支出|使用|完成)(总|资金)?(数|金额|额|资金)|(预算|实际|全年|累计)+(执行|支出|使用)|决算数?",
    "received": r".*(拨付|到位|下达|落实)(资金|总)?(数|金额|额|资金)?",
    "remaining": r".*(结余|结转)(资金)?(数|金额|额|资金)?",
}
"""What a column of money says, in the order of the stages of a budget."""

_RATES = {
    "received_rate": r".*(到位|拨付)(率|比例)",
    "remaining_rate": r".*(结余|结转)(率|比例)",
    "rate": r".*(执行|支出|使用|完成|实现|支付)(进度|率|比例|比率)",
}

_POINTS = {
    "weight": r"(指标|自评|标准|预算|评价|考核|设定|绩效)*(分值|权重|权数|标准分|满分|总分值)(分|分值|权重|设置)?",
    "score": r"(自评|指标|评价|实际|考核|单项|本项|综合|最终|绩效|项目|预算执行)*"
    r"(总?得分|评分|分数|总分)(情况|结果|值|数)?|(自评|评价)分(数|值)?",
}

LONGEST = 60
"""Characters: longer texts are never headings or labels."""

MONEY_MEASURES, POINT_MEASURES = frozenset(_MONEY), frozenset(_POINTS)

FUND_COLUMNS = Vocabulary({**_RATES, **_POINTS, **_MONEY})
"""Headings over money."""

INDICATOR_COLUMNS = Vocabulary(
    {
        **_POINTS,
        "aside": r"指标(解释|释义|定义|说明|方向|性质|类型|来源)|计算(公式|方法)|(数据|资料)来源|备注|序号"
        r"|(评分|评价|扣分|赋分|计分)(标准|办法|细则|规则|依据|要点|方法)"
        r"|完成情况(简要|简单)?(描述|说明|分析)|佐证.*"
        r"|(完成|得分|实现)率|完成比例|是否.*|信息来源|证明材料",
        "deviation": r".*(偏差|偏离|扣分|差异|未完成|未达).*|.*(改进|整改)(措施|建议).*|.*原因(分析|说明)?|情况说明",
        "first": r"一级(指标)?(名称|类型)?",
        "second": r"二级(指标)?(名称|类型)?|指标类别",
        "name": r"[三四](级)?(指标)?(名称)?|(绩效|具体|考核|评价|三级)?指标(名称|内容|描述)?",
        "actual": r"(?!.*(计划|预期|目标|预计)).*(实际|完成|实现).*(值|数|情况)"
        r"|实际(完成|实现|情况).*|(全年|年度)(完成|实现).*",
        "target": r".*(指标|目标|计划|预期|标准|预计|设定)(指标|目标|完成|实现)?(值|数)"
        r"|(年度|年初|绩效|预期|设定|计划)+(目标|指标)|运算符号?|指标符号|符号|(计量|度量|指标值?)?单位",
    }
)
"""Headings over indicators."""

LABELS = Vocabulary(
    {
        "name": r"(预算|二级|一级|子)?(项目|专项|政策)(支出|资金|预算)?名称",
        "code": r"(项目|专项)?(编码|代码|编号)|项目(预算)?(编码|代码|编号)|(部门|单位)?预算(部门|单位)?(编码|代码)",
        "department": r"(项目)?(一级|业务|市级|省级|行政|预算|财政)?主管(预算)?(部门|单位)(名称)?(及)?(代码|编码)?",
        "unit": r"(项目|具体|资金|实施|执行|承担|使用|用款|预算|申报|填报|填表|自评|评价|编报)+(单位|部门)"
        r"(名称)?(及代码)?|(单位|部门)名称",
        "grade": r"(自评|评价|绩效|评定|考核|综合|结果)*(等级|等次|评级|结论)",
        "goals": r"(年度|年初|项目|全年|绩效|预期|设定|总体|申报)*目标(内容|设定)?",
        "results": r"(年度|年初|项目|全年|绩效|预期|设定|总体)*(目标)?(年度|全年)?(实际)?(完成|实现)(情况|结果)",
        "execution": r"(项目)?(预算|资金)执行(率|情况)?(得分|分值|评分)?",
        "full": r"总分值|分值(合计|总计)|满分",
        "score": r"(自评|绩效|评价|综合|最终|项目|总体|部门|单位|整体|评定|考核|预算)*"
        r"(总得分|得分|评分|总分|分数)(合计|情况)?|总分值?、?.*总分.*|(得分|分值)合计",
    }
)
"""Labels whose value stands beside or under them."""

TOTAL_ROW = r".*总分.*|合计|总计|总得分|(自评|综合|评价|最终|绩效|项目)+得分|(得分|分值)合计|得分"
SUBTOTAL_ROW = r".*小计"
TITLE = r".{0,40}(自评|自我评价).{0,10}表(\(.*\))?"

TASKS = r".*(任务|工作|项目|内容)(名称|内容|事项)?"
"""The heading over names that are tasks of the year and no sources of money."""

SOURCES = Vocabulary(
    {
        "other": r"其[他它].*",
        "carryover": r".*结[转余].*",
        "superior": r".*上级.*",
        "local": r".*(本级|地方|同级|市县).*",
        "central": r".*(中央|国家级).*",
        "provincial": r".*(省|自治区).*",
        "municipal": r".*(市级|市财政|市补|市本|地级市|设区市).*|市.*",
        "county": r".*(区级|县级|区县|县区|区财政|县财政|区市).*|[区县].*",
        "township": r".*(镇级|乡镇|乡级|街道).*|镇.*",
        "fund": r".*(政府性)?基金.*",
        "capital": r".*国有资本.*",
        "bond": r".*债.*",
        "account": r".*专户.*",
        "general": r".*(公共预算|公共财政|经费拨款).*",
        "nonfiscal": r".*非财政.*",
        "own": r".*(自有|自筹|事业收入|经营收入|单位资金|非税|事业单位).*",
        "fiscal": r".*(财政|拨款).*",
        "basic": r".*基本支出.*",
        "personnel": r".*人员(经费|支出).*",
        "public": r".*公用(经费|支出).*",
        "project": r".*项目(支出|经费).*",
        "total": r".*(总额|总计|合计|总金额|总量|总数|小计).*"
        r"|(年度|全年|项目|本年)*(预算|资金)(数|资金|金额|执行)?|(支出|收入)?预算数?",
    }
)
"""Sources of money. Order tells: 上年结转 is no year's 拨款, and what is 省级财政资金 is the province's."""

CATCH_ALL = frozenset({"other", "local", "nonfiscal"})
"""With one of these the parts of a sum are all its parts: what comes from nowhere else is 其他, what no level above
gives is 本级, what no government gives is 非财政."""

_LEVELS = dict.fromkeys(("superior", "local", "central", "provincial", "municipal", "county", "township"), 3)
RANK = {
    "total": 0,
    **dict.fromkeys(("fiscal", "other", "own", "nonfiscal", "carryover", "account", "bond", "basic", "project"), 1),
    **dict.fromkeys(("general", "fund", "capital", "personnel", "public"), 2),
    **_LEVELS,
}
"""What can be part of what: of the nearest source above that has a lower rank."""

DIVISIBLE = frozenset({"total", "fiscal", "general", "fund", "capital", "basic", "project"})
"""Sources under which others are printed."""


@lru_cache(maxsize=50_000)
def label_of(text: str) -> str:
    """A heading or label for comparison: without ordinals, remarks in brackets, formulas and marks."""
    text = _BRACKETS.sub("", _BRACKETS.sub("", plain(text)))
    text = text.partition("=")[0].partition("(")[0].strip(":;,.、*%-+)/×x")
    return _AMONG.sub("", bare(_ENDS.sub("", text))).strip(":;,.、*%")


@lru_cache(maxsize=50_000)
def key_in(words: Vocabulary, text: str) -> str:
    """The key of what a printed text says in a vocabulary of this module, "" if it is none of its words."""
    label = label_of(text) if len(text) < LONGEST else ""
    return next((key for key, pattern in words.patterns.items() if re.fullmatch(pattern, label)), "") if label else ""


@lru_cache(maxsize=10_000)
def is_total_row(text: str) -> bool:
    """True for the label of the row that sums up the points."""
    return re.fullmatch(TOTAL_ROW, label_of(text)) is not None


@lru_cache(maxsize=10_000)
def is_subtotal_row(text: str) -> bool:
    """True for the label of a row that sums up the points of one kind of indicator."""
    return re.fullmatch(SUBTOTAL_ROW, label_of(text)) is not None


@lru_cache(maxsize=10_000)
def names_tasks(text: str) -> bool:
    """True for the heading of a column of tasks."""
    return re.fullmatch(TASKS, label_of(text)) is not None


@lru_cache(maxsize=10_000)
def is_title(text: str) -> bool:
    """True for the title of a self-evaluation form."""
    return re.fullmatch(TITLE, plain(text)) is not None


@lru_cache(maxsize=10_000)
def says_among(text: str) -> bool:
    """True for a source that is said to be part of what stands above it (其中)."""
    return plain(text).startswith("其中")


@lru_cache(maxsize=10_000)
def points_in(text: str) -> str:
    """The points that a label prints in brackets, as in 预算执行（10分）; "" if it does not."""
    found = _BRACKETED_POINTS.search(plain(text))
    return found[1] if found else ""
