"""A central manner: eleven sections, both sides told as one, shares everywhere, figures without trailing zeros."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.city.narrative import Line
from tests.narratives.story import KINDS, REVENUE, SOURCES, nonzero
from tests.narratives.wording import NAMES, Style, Teller, functional, path, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POOLS = {"told_fund": "政府性基金预算", "told_capital": "国有资本经营预算"}


class Centre(Teller):
    style = Style(
        trim=True,
        spaced=True,
        per_line=30,
        page_number="- {} -",
        less=("减少", "降低"),
        than="比{last}年度决算数",
        level="与{last}年度决算数持平",
    )
    part_titles = ("概况", "决算表", "决算情况说明", "名词解释")

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        yield "收入支出决算总体情况说明", self._totals
        yield "收入决算情况说明", self._income
        yield "支出决算情况说明", self._expenditure
        yield "财政拨款收入支出决算总体情况说明", self._fiscal
        yield "一般公共预算财政拨款支出决算情况说明", self._general
        yield "一般公共预算财政拨款基本支出决算情况说明", self._basic
        yield "一般公共预算财政拨款“三公”经费支出决算情况说明", self._three_public
        for topic, name in _POOLS.items():
            yield f"{name}财政拨款收入支出决算情况说明", lambda topic=topic, name=name: self._pool(topic, name)
        yield "机关运行经费支出说明", self._operation
        yield "政府采购支出说明", self._procurement
        yield "国有资产占用情况说明", self._assets
        yield f"关于{self.year}年度预算绩效情况说明", self._performance

    @property
    def _head(self) -> str:
        return f"{self.unit}{self.year}年度"

    def _because(self, told: str) -> str:
        return f"{told}。" if "持平" in told else f"{told}。主要原因是{self.reason()}。"

    def _both(self, topic: str, label: str) -> str:
        """收、支总计各增加…"""
        if not self.say(topic, "grand_total", "change"):
            return f"与{self.last}年度相比，{label}收、支总计持平"
        return f"与{self.last}年度相比，{label}收、支总计各{self.movement(topic, 'grand_total')}"

    def _totals(self) -> Iterator[Line | str]:
        topic = "told_totals"
        yield self._because(f"{self._head}收、支总计均为{self.money(topic, 'grand_total')}。{self._both(topic, '')}")
        yield Line("subheading", "（一）收入决算具体情况")
        lines = (*REVENUE, "use_of_nonfiscal_surplus", "opening_carryover")
        for number, line in enumerate(nonzero(self.story, topic, lines), 1):
            yield self._because(
                f"{number}.{title_of(line)}{self.money(topic, line)}，为{self.unit}的一项收入来源，{self.moved(topic, line)}"
            )
        yield Line("subheading", "（二）支出决算具体情况")
        lines = (*self.story.lines(topic, 3), "surplus_distribution", "closing_carryover")
        for number, line in enumerate(nonzero(self.story, topic, lines), 1):
            name = f"{functional(line)}（类）" if line.isdigit() else title_of(line)
            yield self._because(f"{number}.{name}{self.money(topic, line)}，{self.moved(topic, line)}")

    def _parts(self, topic: str, lines: tuple[str, ...], word: str) -> str:
        return "；".join(
            f"{NAMES.get(line) or functional(line)}{self.money(topic, line)}，{word}{self.percent(topic, line, 'share')}"
            for line in nonzero(self.story, topic, lines)
        )

    def _income(self) -> Iterator[str]:
        topic = "told_income"
        yield f"{self._head}本年收入合计{self.money(topic, 'total')}，其中：{self._parts(topic, SOURCES, '占')}。"

    def _expenditure(self) -> Iterator[str]:
        topic = "told_expenditure"
        yield (
            f"{self._head}本年支出合计{self.money(topic, 'total')}。按功能分类，{self._parts(topic, self.story.lines(topic, 3), '占比')}。"
            f"按支出性质，{self._parts(topic, KINDS, '占比')}。"
        )

    def _fiscal(self) -> Iterator[str]:
        topic = "told_fiscal"
        yield self._because(
            f"{self._head}财政拨款收、支总计均为{self.money(topic, 'grand_total')}。{self._both(topic, '财政拨款')}"
        )

    def _general(self) -> Iterator[Line | str]:
        topic = "told_general"
        total = f"{self._head}一般公共预算财政拨款支出{self.money(topic, 'total')}"
        yield Line("subheading", "（一）一般公共预算财政拨款支出决算总体情况")
        change = self.say(topic, "total", "change")
        moved = f"一般公共预算财政拨款支出{self.movement(topic, 'total')}" if change else "一般公共预算财政拨款支出持平"
        yield (
            f"{total}，占本年支出合计的{self.percent(topic, 'total', 'share')}。"
            + self._because(f"与{self.last}年度相比，{moved}")
        )
        yield Line("subheading", "（二）一般公共预算财政拨款支出决算结构情况")
        classes = "；".join(
            f"{functional(code)}（类）支出{self.money(topic, code)}，占{self.percent(topic, code, 'share')}"
            for code in nonzero(self.story, topic, self.story.lines(topic, 3))
        )
        yield f"{total}，主要用于以下方面：{classes}。"
        yield Line("subheading", "（三）一般公共预算财政拨款支出决算具体情况")
        yield (
            f"{self._head}一般公共预算财政拨款支出年初预算为{self.money(topic, 'total', 'initial_budget')}，支出决算为"
            f"{self.money(topic, 'total')}，完成年初预算的{self.percent(topic, 'total', 'completion_initial')}。其中："
        )
        for number, code in enumerate(self.story.items, 1):
            yield f"{number}.{path(code)}。{self._item(code)}"

    def _item(self, code: str) -> str:
        topic = "told_general"
        told = f"年初预算为{self.money(topic, code, 'initial_budget')}，支出决算为{self.money(topic, code)}"
        if self.story.has(topic, code, "completion_initial"):
            told += f"，完成年初预算的{self.percent(topic, code, 'completion_initial')}"
        if not self.say(topic, code, "comparison"):
            return f"{told}。决算数与年初预算数持平。"
        return f"{told}。决算数{self.compared(topic, code)}年初预算数的主要原因是{self.reason()}。"

    def _basic(self) -> Iterator[str]:
        topic = "told_basic"
        yield (
            f"{self._head}一般公共预算财政拨款基本支出{self.money(topic, 'total')}，其中：人员经费"
            f"{self.money(topic, 'personnel_total')}，主要包括：{self.listed('personnel_total')}；公用经费"
            f"{self.money(topic, 'public_total')}，主要包括：{self.listed('public_total')}。"
        )

    def _three_public(self) -> Iterator[Line | str]:
        topic = "told_three_public"
        parts = ("abroad", "vehicle", "reception")
        yield Line("subheading", "（一）“三公”经费财政拨款支出决算总体情况说明")
        each = "；".join(f"{NAMES[line]}支出决算为{self.money(topic, line)}，{self._completed(line)}" for line in parts)
        yield (
            f"{self._head}“三公”经费财政拨款支出预算为{self.money(topic, 'total', 'budget')}，支出决算为"
            f"{self.money(topic, 'total')}，{self._completed('total')}。其中：{each}。{self._explained()}"
        )
        yield Line("subheading", "（二）“三公”经费财政拨款支出决算具体情况说明")
        shares = "；".join(
            f"{NAMES[line]}支出决算{self.money(topic, line)}，占{self.percent(topic, line, 'share')}" for line in parts
        )
        yield f"{self.year}年度“三公”经费财政拨款支出决算中，{shares}。具体情况如下："
        yield Line("subsubheading", "1.因公出国（境）情况")
        yield (
            f"全年因公出国（境）团组{self.count(topic, 'abroad_groups')}个，累计{self.count(topic, 'abroad_people')}人次，"
            f"因公出国（境）费支出{self.money(topic, 'abroad')}。"
        )
        yield Line("subsubheading", "2.公务用车购置及运行维护情况")
        yield (
            f"公务用车购置费支出{self.money(topic, 'vehicle_purchase')}，购置车辆{self.count(topic, 'vehicles_bought')}辆。"
            f"公务用车运行维护费支出{self.money(topic, 'vehicle_operation')}，年末公务用车保有量为"
            f"{self.count(topic, 'vehicles_held')}辆，平均每辆{self.money(topic, 'vehicle_operation', 'average')}。"
        )
        yield Line("subsubheading", "3.公务接待情况")
        yield (
            f"全年使用财政拨款开支的国内公务接待{self.count(topic, 'reception_domestic_batches')}批次、"
            f"{self.count(topic, 'reception_domestic_people')}人次，没有国（境）外公务接待支出。"
        )

    def _completed(self, line: str) -> str:
        if not self.story.has("told_three_public", line, "completion"):
            return "没有安排预算"
        return f"完成预算的{self.percent('told_three_public', line, 'completion')}"

    def _explained(self) -> str:
        if not self.say("told_three_public", "total", "comparison"):
            return "“三公”经费支出决算数与预算数持平。"
        word = self.compared("told_three_public", "total")
        return f"“三公”经费支出决算数{word}预算数的主要原因是{self.reason()}。"

    def _pool(self, topic: str, name: str) -> Iterator[str]:
        if topic in self.story.none:
            yield f"{self._head}无{name}财政拨款收入，也无使用{name}财政拨款安排的支出。"
            return
        yield (
            f"{self._head}{name}财政拨款年初结转和结余{self.money(topic, 'opening')}；本年收入{self.money(topic, 'income')}；"
            f"本年支出{self.money(topic, 'total')}；年末结转和结余{self.money(topic, 'closing')}。"
        )

    def _operation(self) -> Iterator[str]:
        topic = "told_operation"
        yield self._because(
            f"{self.year}年度机关运行经费支出{self.money(topic, 'total')}，{self.moved(topic, 'total')}"
        )

    def _procurement(self) -> Iterator[str]:
        topic = "told_procurement"
        yield (
            f"{self._head}政府采购支出总额{self.money(topic, 'total')}，其中：政府采购货物支出{self.money(topic, 'goods')}、"
            f"政府采购工程支出{self.money(topic, 'works')}、政府采购服务支出{self.money(topic, 'services')}。授予中小企业合同金额"
            f"{self.money(topic, 'small_medium')}，占政府采购支出总额的{self.percent(topic, 'small_medium', 'share')}，其中："
            f"授予小微企业合同金额{self.money(topic, 'small')}，占授予中小企业合同金额的{self.percent(topic, 'small', 'share')}。"
        )

    def _assets(self) -> Iterator[str]:
        topic = "told_assets"
        kinds = "、".join(f"{kind}{self.count(topic, f'vehicle:{kind}')}辆" for kind in self.books.vehicles)
        yield (
            f"截至{self.year}年12月31日，{self.unit}共有车辆{self.count(topic, 'vehicles')}辆，其中，{kinds}；"
            "单价100万元以上设备（不含车辆）0台（套）。"
        )

    def _performance(self) -> Iterator[Line | str]:
        topic = "told_performance"
        yield Line("subheading", "（一）预算绩效管理工作开展情况")
        yield (
            f"根据预算绩效管理要求，{self.unit}组织对{self.year}年度项目支出开展绩效自评，共涉及资金"
            f"{self.money(topic, 'amount')}，自评覆盖率达到100%。"
        )
        yield Line("subheading", "（二）项目绩效自评结果")
        for number, (name, *_) in enumerate(self.books.projects, 1):
            line = f"project:{name}"
            yield (
                f"{number}.{name}项目绩效自评综述：根据年初设定的绩效目标，项目自评得分为"
                f"{self.say(topic, line, 'score'):.1f}分。全年预算数为{self.money(topic, line, 'full_budget')}，"
                f"执行数为{self.money(topic, line)}，完成预算的{self.percent(topic, line, 'completion_full')}。"
            )
