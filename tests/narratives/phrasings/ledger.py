"""A bookkeeper's manner that imitates no place: yuan with separators, 占比 and 增幅, the three kinds of spending first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.city.narrative import Line
from tests.narratives.story import KINDS, SOURCES, nonzero
from tests.narratives.wording import NAMES, Style, Teller, functional, path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class InYuan(Teller):
    style = Style(
        wan=False, separators=True, more=("增加", "增幅"), less=("减少", "降幅"), than="同{last}年度决算数相比",
        level="与{last}年度决算数相同", nothing="{last}年度没有此项", page_number="第{}页",
    )  # fmt: skip
    part_titles = ("基本情况", "决算公开表", "决算情况说明", "名词解释")

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        yield "收入支出决算总体情况", self._totals
        yield "收入决算情况", lambda: self._parts("told_income", "本年收入合计", SOURCES)
        yield "支出决算情况", lambda: self._parts("told_expenditure", "本年支出合计", KINDS)
        yield "财政拨款收入支出决算总体情况", self._fiscal
        yield "“三公”经费支出决算情况", self._three_public
        yield "一般公共预算财政拨款支出决算情况", self._general
        yield "一般公共预算财政拨款基本支出决算情况", self._basic
        yield "政府性基金预算财政拨款收支决算情况", lambda: self._pool("told_fund", "政府性基金预算")
        yield "国有资本经营预算财政拨款收支决算情况", lambda: self._pool("told_capital", "国有资本经营预算")
        yield "其他重要事项", self._other

    def movement(self, topic: str, line: str) -> str:
        told = super().movement(topic, line)
        return told.format(last=self.last)

    def _totals(self) -> Iterator[str]:
        topic = "told_totals"
        yield (
            f"{self.year}年度{self.own}收入总计和支出总计均为{self.money(topic, 'grand_total')}，{self.moved(topic, 'grand_total')}。"
        )
        yield (
            f"收入方面：本年收入合计{self.money(topic, 'current_year_income_total')}，{self.moved(topic, 'current_year_income_total')}；"
            f"年初结转和结余{self.money(topic, 'opening_carryover')}。"
        )
        yield (
            f"支出方面：本年支出合计{self.money(topic, 'current_year_expenditure_total')}，"
            f"{self.moved(topic, 'current_year_expenditure_total')}；年末结转和结余{self.money(topic, 'closing_carryover')}。"
        )

    def _parts(self, topic: str, label: str, lines: tuple[str, ...]) -> Iterator[str]:
        parts = "，".join(
            f"{NAMES[line]}{self.money(topic, line)}（占比{self.percent(topic, line, 'share')}）"
            for line in nonzero(self.story, topic, lines)
        )
        yield f"{label}{self.money(topic, 'total')}，包括：{parts}。"

    def _fiscal(self) -> Iterator[str]:
        topic = "told_fiscal"
        yield (
            f"财政拨款收入总计和支出总计均为{self.money(topic, 'grand_total')}，{self.moved(topic, 'grand_total')}。其中，"
            f"本年财政拨款收入{self.money(topic, 'current_year_income_total')}，年初财政拨款结转和结余"
            f"{self.money(topic, 'opening_fiscal_carryover')}；本年财政拨款支出"
            f"{self.money(topic, 'current_year_expenditure_total')}，年末财政拨款结转和结余"
            f"{self.money(topic, 'closing_fiscal_carryover')}。"
        )

    def _general(self) -> Iterator[Line | str]:
        topic = "told_general"
        yield (
            f"一般公共预算财政拨款支出{self.money(topic, 'total')}，占本年支出合计的{self.percent(topic, 'total', 'share')}，"
            f"{self.moved(topic, 'total')}。其中：基本支出{self.money(topic, 'basic')}，占比"
            f"{self.percent(topic, 'basic', 'share')}；项目支出{self.money(topic, 'project')}，占比"
            f"{self.percent(topic, 'project', 'share')}。"
        )
        for number, code in enumerate(nonzero(self.story, topic, self.story.lines(topic, 3)), 1):
            yield (
                f"（{number}）{functional(code)}（类）决算{self.money(topic, code)}，占比{self.percent(topic, code, 'share')}。"
            )
        yield f"各项支出与年初预算对比如下（年初预算合计{self.money(topic, 'total', 'initial_budget')}）："
        for code in self.story.items:
            yield f"{path(code)}：{self._item(code)}"

    def _item(self, code: str) -> str:
        topic = "told_general"
        told = f"决算{self.money(topic, code)}，年初预算{self.money(topic, code, 'initial_budget')}"
        if self.story.has(topic, code, "completion_initial"):
            told += f"，完成年初预算{self.percent(topic, code, 'completion_initial')}"
        if not self.say(topic, code, "comparison"):
            return f"{told}，决算数与年初预算数一致。"
        return f"{told}，决算数{self.compared(topic, code)}年初预算数，原因：{self.reason()}。"

    def _basic(self) -> Iterator[str]:
        topic = "told_basic"
        yield f"一般公共预算财政拨款基本支出{self.money(topic, 'total')}，分为："
        for label, line in (("人员经费", "personnel_total"), ("公用经费", "public_total")):
            yield (
                f"{label}{self.money(topic, line)}，占基本支出的{self.percent(topic, line, 'share')}，包括{self.listed(line)}。"
            )

    def _three_public(self) -> Iterator[str]:
        topic = "told_three_public"
        yield f"“三公”经费{self._line('total')}。分项情况："
        yield (
            f"1.因公出国（境）费{self._line('abroad')}，出国（境）团组{self.count(topic, 'abroad_groups')}个、"
            f"{self.count(topic, 'abroad_people')}人次。"
        )
        yield (
            f"2.公务用车购置费{self._line('vehicle_purchase')}，购置公务用车{self.count(topic, 'vehicles_bought')}辆。"
        )
        yield (
            f"3.公务用车运行维护费{self._line('vehicle_operation')}，公务用车保有量{self.count(topic, 'vehicles_held')}辆，"
            f"平均每辆{self.money(topic, 'vehicle_operation', 'average')}。"
        )
        yield (
            f"4.公务接待费{self._line('reception')}，国内公务接待{self.count(topic, 'reception_domestic_batches')}批次、"
            f"{self.count(topic, 'reception_domestic_people')}人次。"
        )

    def _line(self, line: str) -> str:
        topic = "told_three_public"
        told = f"预算{self.money(topic, line, 'budget')}，决算{self.money(topic, line)}"
        if self.story.has(topic, line, "completion"):
            told += f"，完成预算的{self.percent(topic, line, 'completion')}"
        return f"{told}，{self.moved(topic, line)}"

    def _pool(self, topic: str, name: str) -> Iterator[str]:
        if topic in self.story.none:
            yield f"本年度未发生{name}财政拨款收入和支出。"
            return
        yield (
            f"{name}财政拨款年初结转和结余{self.money(topic, 'opening')}，本年收入{self.money(topic, 'income')}，本年支出"
            f"{self.money(topic, 'total')}，年末结转和结余{self.money(topic, 'closing')}。"
        )
        for code in self.story.lines(topic, 7):
            yield f"{path(code)}：决算{self.money(topic, code)}。"

    def _other(self) -> Iterator[Line | str]:
        topic, bought, cars = "told_operation", "told_procurement", "told_assets"
        yield Line("subheading", "（一）机关运行经费")
        yield f"机关运行经费支出{self.money(topic, 'total')}，{self.moved(topic, 'total')}。"
        yield Line("subheading", "（二）政府采购")
        yield (
            f"政府采购支出合计{self.money(bought, 'total')}：货物支出{self.money(bought, 'goods')}，工程支出"
            f"{self.money(bought, 'works')}，服务支出{self.money(bought, 'services')}。"
        )
        yield Line("subheading", "（三）国有资产占用")
        kinds = "，".join(
            f"{kind}{self.count(cars, f'vehicle:{kind}')}辆"
            for kind in self.books.vehicles
            if self.story.get(cars, f"vehicle:{kind}", "count")
        )
        yield f"{self.year}年12月31日，{self.own}共有车辆{self.count(cars, 'vehicles')}辆，其中：{kinds}。"
