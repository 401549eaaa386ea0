"""What all phrasings share: numbers, names and directions in words, and the parts of a report around its figures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING, ClassVar

from pipeline.forms import FORMS
from pipeline.reference import subjects
from tests.city.narrative import GLOSSARY, Line
from tests.city.summary_tables import ordinal
from tests.narratives.story import Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from tests.narratives.story import Story

NAMES = {
    "fiscal_appropriation": "财政拨款收入", "superior_subsidy": "上级补助收入", "institution_income": "事业收入",
    "operating_income": "经营收入", "affiliate_remittance": "附属单位上缴收入", "other_income": "其他收入",
    "basic": "基本支出", "project": "项目支出", "payment_to_superior": "上缴上级支出", "operating": "经营支出",
    "affiliate_subsidy": "对附属单位补助支出", "abroad": "因公出国（境）费", "vehicle": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费", "vehicle_operation": "公务用车运行维护费", "reception": "公务接待费",
}  # fmt: skip
REASONS = (
    "年度工作任务有所调整", "按照过紧日子要求压减了一般性支出", "人员变动后相应经费随之变化", "部分项目跨年度实施",
    "上级下达的专项资金有变化", "社保缴费基数调整", "集中支付了以前年度的合同尾款", "个别采购推迟到下一年度",
)  # fmt: skip
USES = ("单位日常运转", "专项业务开展", "人员待遇保障", "设施设备维护", "信息系统建设", "服务群众的各项工作")


@cache
def functional(code: str) -> str:
    return subjects("functional")[code].name


@cache
def economic(code: str) -> str:
    return subjects("economic")[code].name


def path(code: str) -> str:
    """A 项 with the 类 and 款 above it."""
    return f"{functional(code[:3])}（类）{functional(code[:5])}（款）{functional(code)}（项）"


def title_of(line: str) -> str:
    """The name of a line of the first table."""
    return next((item.title for item in FORMS["income_expenditure"].lines if item.key == line), "") or functional(line)


@dataclass(frozen=True)
class Style:
    """How a place prints: numbers, words of change, and on its pages `per_line` characters a line.

    `spaced` sets spaces between Chinese and digits; `trim` leaves zeros at the end out;
    `ragged` lines end where their words do.
    """

    wan: bool = True
    separators: bool = False
    trim: bool = False
    zero: str = "0"
    more: tuple[str, str] = ("增加", "增长")
    less: tuple[str, str] = ("减少", "下降")
    than: str = "较{last}年度决算数"
    level: str = "与{last}年度决算数持平"
    nothing: str = "上年没有该项资金"
    spaced: bool = False
    ragged: bool = False
    per_line: int = 32
    page_number: str = "{}"


class Teller:
    """One phrasing: `explanation` is its third part; the parts around it are alike everywhere.

    `told` collects the keys of the story that came into words.
    """

    style: ClassVar[Style]
    part_titles: ClassVar[tuple[str, str, str, str]] = ("概况", "决算表", "决算情况说明", "名词解释")

    def __init__(self, story: Story) -> None:
        self.story, self.books = story, story.books
        self.unit, self.year, self.last = self.books.unit, self.books.year, self.books.year - 1
        self.own = f"本{self.books.level}"
        self.random = Random(f"words {story.seed}")
        self.told = Told()

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        """Titles of the third part with what is told under them."""
        raise NotImplementedError

    def explanation(self) -> Iterator[Line]:
        for number, (title, told) in enumerate(self.sections(), 1):
            yield Line("heading", f"{ordinal(number)}、{title}")
            for line in told():
                yield Line("text", line) if isinstance(line, str) else line

    def lines(self) -> Iterator[Line]:
        """The whole report but for its tables."""
        about = f"{self.year}年度{self.books.level}"
        over, tables, told, terms = self.part_titles
        parts = (f"第一部分 {self.unit}{over}", f"第二部分 {self.unit}{about}{tables}",
                 f"第三部分 {self.unit}{about}{told}", f"第四部分 {terms}")  # fmt: skip
        yield Line("cover", self.unit)
        yield Line("cover", f"{about}决算")
        yield Line("break", "")
        yield Line("part", "目录")
        for number, part in enumerate(parts, 1):
            yield Line("text", part)
            if number == 3:
                for index, (title, _) in enumerate(self.sections(), 1):
                    yield Line("text", f"{ordinal(index)}、{title}")
        yield Line("break", "")
        yield Line("part", parts[0])
        yield from self.overview()
        yield Line("break", "")
        yield Line("part", parts[1])
        yield Line("break", "")
        yield Line("part", parts[2])
        yield from self.explanation()
        yield Line("break", "")
        yield Line("part", parts[3])
        for number, (term, meaning) in enumerate(GLOSSARY, 1):
            yield Line("text", f"{ordinal(number)}、{term}：{meaning}")

    def overview(self) -> Iterator[Line]:
        counts = self.books.ledger.counts
        yield Line("heading", "一、主要职能")
        yield Line("text", f"{self.unit}按照规定承担本领域的管理和服务工作，办理上级交办的其他事项。")
        yield Line("heading", "二、机构设置")
        yield Line("text", f"{self.unit}内设机构齐全，编制数{counts['posts']}人，实有人数{counts['staff']}人。")

    # numbers and words

    def number(self, value: Decimal) -> str:
        if not value:
            return self.style.zero if value.as_tuple().exponent == 0 else "0.00"
        text = f"{abs(value):,.2f}" if self.style.separators else f"{abs(value):.2f}"
        return text.rstrip("0").rstrip(".") if self.style.trim else text

    def say(self, topic: str, line: str, measure: str = "final") -> Decimal:
        """A value of the story, which is said."""
        key = (topic, line, measure)
        if key in self.told:
            self.told.again.add(key)
            if key in self.story.again:
                return self.story.again[key]
        self.told.add(key)
        return self.story.get(topic, line, measure)

    def money(self, topic: str, line: str, measure: str = "final") -> str:
        unit = "万元" if self.style.wan != ((topic, line, measure) in self.story.other_unit) else "元"
        return self.number(self.say(topic, line, measure)) + unit

    def percent(self, topic: str, line: str, measure: str) -> str:
        value = abs(self.say(topic, line, measure))
        text = f"{value:.2f}"
        return (text.rstrip("0").rstrip(".") if self.style.trim else text) + "%"

    def count(self, topic: str, line: str) -> str:
        return f"{self.say(topic, line, 'count'):.0f}"

    def reason(self) -> str:
        return self.random.choice(REASONS)

    def movement(self, topic: str, line: str) -> str:
        """How an amount moved, without saying against what: 增加3.2万元，增长4.11%."""
        change = self.say(topic, line, "change")
        verb = (self.style.more if change > 0 else self.style.less)[0]
        told = f"{verb}{self.money(topic, line, 'change')}"
        if not self.story.has(topic, line, "rate"):
            return f"{told}，{self.style.nothing}"
        rate = self.say(topic, line, "rate")
        grown = (self.style.more if rate > 0 else self.style.less)[1]
        return f"{told}，{grown}{self.percent(topic, line, 'rate')}"

    def moved(self, topic: str, line: str) -> str:
        """The same with last year's figure named, or that nothing moved."""
        if not self.say(topic, line, "change"):
            return self.style.level.format(last=self.last)
        return self.style.than.format(last=self.last) + self.movement(topic, line)

    def listed(self, total: str) -> str:
        self.told.add(("told_basic", total, "named"))
        return "、".join(economic(code) for code in self.story.named[total])

    def compared(self, topic: str, line: str) -> str:
        """大于, 小于 or 等于: how the final figure stands to the budget."""
        return {1: "大于", 0: "等于", -1: "小于"}[int(self.say(topic, line, "comparison"))]
