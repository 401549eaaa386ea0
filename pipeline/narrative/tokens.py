"""Tokens of a Chinese sentence about money: numbers with their units, and the words that say what a number means.

Nothing here knows a line of any table, a unit's name or a place. The text is folded first: one width of brackets and
digits, no quotes; every character remembers where it stood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DROPPED = frozenset("“”\"‘’'＂＇「」『』《》〈〉\u200b\u200c\u200d\ufeff")


class _Folding(dict[int, str]):
    """Characters as they are compared, found once each: "" for those that carry no meaning."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = unicodedata.normalize("NFKC", char)
        kept = "" if char in _DROPPED or char.isspace() else folded if len(folded) == 1 else char
        self[code] = kept
        return kept


# a comma between clauses is none between thousands
_FOLDING = _Folding({ord("，"): "，", ord("！"): "。", **{ord(dash): "-" for dash in "－−–—―─﹣‐‑‒"}})


class Folded(NamedTuple):
    """A text for comparison, and for each of its characters the index of it in the text as printed."""

    text: str
    at: Sequence[int]

    def span(self, start: int, stop: int) -> tuple[int, int]:
        """Where the characters `start` to `stop` stand in the text as printed."""
        return self.at[start], self.at[stop - 1] + 1


def fold(text: str) -> Folded:
    """The text in one width, without quotes and white space."""
    folded = text.translate(_FOLDING)
    if len(folded) == len(text):
        return Folded(folded, range(len(text)))
    return Folded(folded, [index for index, char in enumerate(text) if _FOLDING[ord(char)]])


class Token(NamedTuple):
    """A piece of folded text; `key` and `word` say what it means within its kind."""

    kind: str
    start: int
    stop: int
    key: str = ""
    word: str = ""
    number: Number | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: `value` and `precision` in yuan, percent points or pieces; `unit` as in `Claim`."""

    value: Decimal
    precision: Decimal
    unit: str
    counter: str = ""
    money_unit: int = 0


_MONEY_UNITS = {"万元": 10_000, "元": 1, "亿元": 100_000_000, "千元": 1000, "百万元": 1_000_000}
_COUNTERS = "台(套)|台/套|台套|批次|人次|团组|个团组|辆次|个|辆|台|套|批|人|次|名|组|项|分|家"
_NUM = r"[-负]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?"
_YEAR = r"(?:19|20)\d\d年度?(?![初末底])"
_LAST = rf"(?:{_YEAR}|上年度?|上一年度?|去年度?)"
_BUDGET = (
    r"(?:{0}|{1}|{2})(?<!公共)(?<!基金)(?<!经营)预算(?:安排|批复|指标|总|支出|收入)*(?:数|额|金额|总额)?"
).format(
    r"(?P<{p}i>(?:部门)?年初(?:部门|批复|安排|支出|收入|财政拨款|财政|核定|的)*)",
    r"(?P<{p}f>(?:全年|调整后?|年度调整|年中调整后|变更后)(?:部门|支出|收入|财政拨款|的)*)",
    r"(?:当年|本年度?|年度|批复|部门|原|计划)*",
)
_IS = r"(?:为|是|共计|共|约|:)*"
_FINAL = r"(?:决算|执行|实际(?:支出|完成|发生|执行|收入))(?:支出|收入|总(?!计)|完成)*(?:数|额|金额|总额)?"
_UP = "增长率|增长幅度|增加|增长|上升|提高|增多|上涨|升高|超支|超出|多支出|增幅|升幅|涨幅|变化|增减"
_DOWN = "下降率|下降幅度|降低率|减少|下降|降低|缩减|压减|节约|节支|节省|回落|少支出|降幅|减幅"
_SAME = r"(?:基本|大致|总体)?(?:持平|一致|相同|相等)|(?:无|没有|未发生|没发生)(?:增减)?(?:变[动化]|差异)|(?:无|没有)增减|(?:保持)?不变"

# No operator begins with another character: a test derives them from the alternatives below.
FIRST = (
    r"\d"
    "(),:;、。一上下不与为主人价低例保全公其决减分加动包化升单占压原去及发变各同和回国均基增多大存完实"
    "对小少差平年开异当总所执批持提支收改政无是未本每比没涨用略的相稍等系绩缩节计调负超车较辆达部长降项预高，-"
)

_OPERATORS = re.compile(
    rf"(?=[{FIRST}])(?:"
    + "|".join(
        (
            # names in which 预算 and 决算 say no measure
            r"(?P<plain>一般公共(?:财政)?预算(?!数|安排)|公共(?:财政)?预算财政|政府性基金预算(?!数)|国有资本经营预算(?!数)"
            r"|国有资本预算财政|基金预算财政|预算(?:绩效|项目|管理|单位|编制|科目|外|内|调[剂整]|追加|执行(?!率|数))|收支总决算|(?:收入|支出)决算(?:总计|合计|总额(?!\d))"
            r"|收入支出总决算|收、支总决算|决算(?:报表|公开|说明|情况|表))",
            rf"(?P<threshold>(?:单[价台件位]|单位价值|原?价值?){_NUM}(?:万元|元)(?:\(含\)|\(含{_NUM}万元\)|及)?以上(?:\(含\))?"
            rf"|{_NUM}万元(?:\(含\))?以上)",
            rf"(?P<lump>(?<![\d.])(?>{_NUM})(?:[,，、和](?>{_NUM}))+(?=(?:亿|百万|万|千)?元|%))",
            rf"(?P<number>(?P<digits>{_NUM})(?P<unit>亿元|百万元|万元|千元|元|个?百分点|%|{re.escape('台(套)')}|{_COUNTERS[5:]}))",
            r"(?P<base>(?:比|较|与)(?P<bwhen2>"
            + _LAST
            + r")(?:(?![增减升降]|持平|原因|年初|全年|调整)[^，。;:\d]){2,30}?(?P<bwhat2>"
            + _BUDGET.replace("{p}", "g")
            + r"|决算数)(?:相比较?|相较)?"
            r"|(?:(?P<bw>与|和|同|较|比较?|对比|相比于?|相较于?|相对于?)(?:同期)?(?P<bwhen>"
            + _LAST
            + r")?(?:的|同期|同口径)*(?P<bwhat>(?:支出|收入)?"
            + _BUDGET.replace("{p}", "b")
            + r"|(?:支出|收入|财政拨款)?(?:决算|执行|实际|完成|支出|收入)*(?:总?数|总?额|情况)?)(?:相比较?|比较|相较|对比|比)?)"
            rf"|同比(?!例)|(?P<bnone>上年度?|上一年度?|去年)(?:无|没有|未发生|未安排)[^，。;]{{0,12}})",
            r"(?P<compare>(?:(?:支出|收入)?(?:决算|执行)(?:数|额)?)?(?P<cw>(?:略|稍|小幅)?(?:大于|小于|高于|低于|等于|超过|超出|多于|少于|未超过?))(?:支出|收入)?"
            + _BUDGET.replace("{p}", "c")
            + ")",
            r"(?P<completion>(?:完成|占|为|达到?)(?:了)?"
            + _BUDGET.replace("{p}", "d")
            + r"(?:的比例)?的?(?=[^，。;:]{0,16}?\d)|(?:"
            + _BUDGET.replace("{p}", "e")
            + rf")?(?:的)?(?:执行|完成)率{_IS}|完成(?=(?:{_NUM})%)|完成比例{_IS})",
            rf"(?P<share>(?:所)?占比(?:例|重)?{_IS}|比[例重]{_IS}|占(?![用有地领据道比])(?P<whole>[^，。;:%\d]{{0,40}}?)(?:的?比[例重])?的?(?:为|约)?(?={_NUM}%))",
            rf"(?P<either>(?:{_UP}|{_DOWN})(?:[(/、]?(?:或|\()?(?:{_UP}|{_DOWN}|持平)[)]?)+)",
            rf"(?P<same>{_SAME})",
            rf"(?P<up>{_UP})",
            rf"(?P<down>{_DOWN})",
            r"(?P<none>(?<=[:为])无(?=[。;，]|$)|(?<![若如])(?:没有|无(?=[^，。;:]{0,40}(?:收入|支出|经费|资金|收支|拨款|车))(?!法|需|线|偿|形|障|人|关|论|息|害)|未(?:发生|安排|使用|取得)|不存在))",
            r"(?P<reason>(?:[增减变动加少化差异上升下降长低]*的?主要[增减变动加少化]*(?:原因|情况)|(?<![素])原因)(?:分析|说明)?(?:是|为|系|在于|包括|有|:|由于|因为|因)*"
            r"|主要(?:是|系|由于|因为|因|在于|受)(?:由于|因为|因|系|受)?(?!用于)|(?:是|系)(?:由于|因为|因))",
            r"(?P<aside>(?:存在|发现)的?(?:主要)?问题(?!\d)|(?:下一步)?改进措施|下一步|(?:项目)?(?:年度)?绩效目标(?:总体)?(?:完成|实现)情况|主要产出"
            r"|开支内容|主要开支)",
            r"(?P<purpose>(?:主要)?用于(?!以下)|主要(?:包括|为|支付|保障|反映)|例如|包括)",
            r"(?P<average>平均每?(?:辆|台|批次?|人次?|人|车)?|人均|辆均|车均|每辆)",
            r"(?P<within>其中)",
            r"(?P<each>分别|各(?!项|类|级|部|单|种|地|界|县|区|市|乡)|均)",
            rf"(?P<measure>{_BUDGET.replace('{p}', 'm')}{_IS}|(?P<final>{_FINAL}){_IS})",
            rf"(?P<year>{_YEAR})",
            r"(?P<open>\((?=[^()]*\d[^()]*(?:元|%|次|人|辆|个|批)[^()]*\)|其中))",
            r"(?P<close>(?<=[元%次人辆个批])\))",
            r"(?P<stop>[。;])",
            r"(?P<comma>[，,])",
            r"(?P<colon>:)",
            r"(?P<list>(?<=[元%次人辆个批分项组])(?:、|和|及|与))",
        )
    )
    + ")"
)
def tokens(text: str) -> Iterator[Token]:
    """The operators of a folded text from left to right; what lies between them is left to the reader."""
    for found in _OPERATORS.finditer(text):
        token = _token(found)
        if token:
            yield token


def _token(found: re.Match[str]) -> Token | None:
    kind = found.lastgroup or ""  # of groups within each other, the outermost
    start, stop, word = found.start(), found.end(), found.group()
    if kind == "plain":
        return None
    if kind == "number":
        return Token("number", start, stop, found["unit"], word, read_number(found["digits"], found["unit"]))
    if kind == "base":
        return _base(found)
    if kind == "compare":
        return Token("compare", start, stop, _which(found, "c"), re.sub("^(?:略|稍|小幅)", "", found["cw"]))
    if kind == "completion":
        return Token("completion", start, stop, _which(found, "d") or _which(found, "e") or "budget", word)
    if kind == "share":
        return Token("share", start, stop, "", found["whole"] or "")
    if kind == "measure":
        return Token("measure", start, stop, "final" if found["final"] else _which(found, "m"), word)
    if kind in {"up", "down", "same"}:
        return Token("direction", start, stop, kind, word)
    if kind == "either":
        return Token("direction", start, stop, "up" if re.match(_UP, word) else "down", word)
    year = int(word[:4]) if kind == "year" else None
    return Token(kind, start, stop, "", word, year=year)


def shared_unit(text: str, lump: Token) -> list[Token]:
    """The numbers of a list that has one unit at its end: 1,200和300万元."""
    unit = _UNIT_AT.match(text, lump.stop)
    found: list[Token] = []
    for number in _NUMBER.finditer(text, lump.start, lump.stop) if unit else ():
        read = read_number(number.group(), unit.group() if unit else "")
        found.append(Token("number", number.start(), number.end(), unit.group() if unit else "", number.group(), read))
    return found


_NUMBER = re.compile(_NUM)
_UNIT_AT = re.compile("亿元|百万元|万元|千元|元|%")


def _which(found: re.Match[str], prefix: str) -> str:
    """Which budget a word names."""
    if found[f"{prefix}i"]:
        return "initial_budget"
    return "full_budget" if found[f"{prefix}f"] else "budget"


def _base(found: re.Match[str]) -> Token | None:
    start, stop, when = found.start(), found.end(), found["bwhen"] or found["bwhen2"] or found["bnone"] or ""
    year = int(when[:4]) if when[:2] in {"19", "20"} else None
    if found["bwhat"] and "预算" in found["bwhat"]:
        return Token("base", start, stop, _which(found, "b"), found.group(), year=year)
    if found["bwhat2"] and "预算" in found["bwhat2"]:
        return Token("base", start, stop, _which(found, "g"), found.group(), year=year)
    if when or found.group() == "同比":
        return Token("base", start, stop, "prior", found.group(), year=year)
    return None


def read_number(digits: str, unit: str) -> Number:
    """A number in yuan, percent points or pieces. A bare 0 of money is exact, and so are pieces."""
    plain = digits.replace(",", "").replace("，", "").replace("负", "-")
    value = Decimal(plain)
    digit = Decimal(1).scaleb(int(value.as_tuple().exponent))
    if unit in _MONEY_UNITS:
        factor = _MONEY_UNITS[unit]
        exact = not value and "." not in plain
        return Number(value * factor, Decimal(0) if exact else digit * factor, "yuan", "", 1 if factor == 1 else 10_000)
    if unit == "%" or unit.endswith("百分点"):
        return Number(value, digit, "percent", unit)
    return Number(value, digit if unit == "分" else Decimal(0), "piece", unit)
