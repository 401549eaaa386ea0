"""A coastal manner: 收入支出总计 as one, two decimals always, items with a purpose and no completion rate of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.city.narrative import Line
from tests.narratives.story import KINDS, SOURCES, nonzero
from tests.narratives.wording import NAMES, USES, Style, Teller, functional, path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Coast(Teller):
    style = Style(zero="0.00", per_line=40, ragged=True, than="比{last}年度", level="与{last}年度持平")

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        yield "收入支出决算总体情况说明", lambda: self._grand("told_totals", "收入支出总计")
        yield "收入决算情况说明", lambda: self._parts("told_income", "本年收入合计", SOURCES)
        yield "支出决算情况说明", lambda: self._parts("told_expenditure", "本年支出合计", KINDS)
        yield "财政拨款收入支出决算总体情况说明", lambda: self._grand("told_fiscal", "财政拨款收入支出总计")
        yield "一般公共预算财政拨款支出决算情况说明", self._general
        yield "一般公共预算财政拨款基本支出决算情况说明", self._basic
        yield "财政拨款“三公”经费支出决算情况说明", self._three_public
        yield "政府性基金预算财政拨款收入支出决算情况说明", lambda: self._pool("told_fund", "政府性基金预算")
        yield "国有资本经营预算财政拨款收入支出决算情况说明", lambda: self._pool("told_capital", "国有资本经营预算")
        yield "预算绩效管理情况", self._performance
        yield "其他重要事项的情况说明", self._other

    def _against_last(self, topic: str, line: str, label: str) -> str:
        moved = self.movement(topic, line) if self.say(topic, line, "change") else "持平"
        reason = "" if moved == "持平" else f"主要原因：{self.reason()}。"
        return f"与{self.last}年度相比，{label}{moved}。{reason}"

    def _grand(self, topic: str, label: str) -> Iterator[str]:
        yield (
            f"{self.unit}{self.year}年度{label}{self.money(topic, 'grand_total')}。"
            f"{self._against_last(topic, 'grand_total', label)}"
        )

    def _parts(self, topic: str, label: str, lines: tuple[str, ...]) -> Iterator[str]:
        parts = "；".join(
            f"{NAMES[line]}{self.money(topic, line)}，占{self.percent(topic, line, 'share')}"
            for line in nonzero(self.story, topic, lines)
        )
        yield f"{label}{self.money(topic, 'total')}，其中：{parts}。"

    def _general(self) -> Iterator[Line | str]:
        topic, label = "told_general", "一般公共预算财政拨款支出"
        yield Line("subheading", f"（一）{label}决算总体情况")
        yield (
            f"{label}{self.money(topic, 'total')}，占本年支出合计的{self.percent(topic, 'total', 'share')}。"
            f"{self._against_last(topic, 'total', label)}"
        )
        yield Line("subheading", f"（二）{label}决算结构情况")
        classes = "；".join(
            f"{functional(code)}（类）{self.money(topic, code)}，占{self.percent(topic, code, 'share')}"
            for code in nonzero(self.story, topic, self.story.lines(topic, 3))
        )
        yield f"{label}{self.money(topic, 'total')}，主要用于以下方面：{classes}。"
        yield Line("subheading", f"（三）{label}决算具体情况")
        yield (
            f"{label}年初预算为{self.money(topic, 'total', 'initial_budget')}，支出决算为{self.money(topic, 'total')}，"
            f"完成年初预算的{self.percent(topic, 'total', 'completion_initial')}。{self._why('total')}其中："
        )
        for number, code in enumerate(self.story.items, 1):
            yield (
                f"{number}、{path(code)}。主要用于：{self.random.choice(USES)}。年初预算为"
                f"{self.money(topic, code, 'initial_budget')}，支出决算为{self.money(topic, code)}。{self._why(code)}"
            )

    def _why(self, line: str) -> str:
        if not self.say("told_general", line, "comparison"):
            return "决算数与预算数持平。"
        return f"决算数{self.compared('told_general', line)}预算数的主要原因：{self.reason()}。"

    def _basic(self) -> Iterator[str]:
        topic = "told_basic"
        yield (
            f"一般公共预算财政拨款基本支出{self.money(topic, 'total')}。其中：人员经费{self.money(topic, 'personnel_total')}，"
            f"主要包括：{self.listed('personnel_total')}；公用经费{self.money(topic, 'public_total')}，主要包括："
            f"{self.listed('public_total')}。"
        )

    def _three_public(self) -> Iterator[Line | str]:
        topic, parts = "told_three_public", ("abroad", "vehicle", "reception")
        yield Line("subheading", "（一）“三公”经费财政拨款支出决算总体情况说明")
        each = "；".join(f"{NAMES[line]}决算为{self.money(topic, line)}{self._completed(line)}" for line in parts)
        moved = "；".join(f"{NAMES[line]}支出决算{self._moved(line)}" for line in parts)
        yield (
            f"“三公”经费财政拨款支出预算为{self.money(topic, 'total', 'budget')}，支出决算为{self.money(topic, 'total')}"
            f"{self._completed('total')}，其中：{each}。{self.year}年度“三公”经费支出决算数{self._stands()}"
        )
        yield f"{self.year}年度“三公”经费财政拨款支出决算数比{self.last}年度{self._moved('total')}。其中：{moved}。"
        yield Line("subheading", "（二）“三公”经费财政拨款支出决算具体情况说明")
        yield (
            f"1、因公出国（境）费{self.money(topic, 'abroad')}。全年安排因公出国（境）团组{self.count(topic, 'abroad_groups')}个，"
            f"累计{self.count(topic, 'abroad_people')}人次。"
        )
        yield (
            f"2、公务用车购置及运行维护费{self.money(topic, 'vehicle')}。其中：公务用车购置支出"
            f"{self.money(topic, 'vehicle_purchase')}，购置公务用车{self.count(topic, 'vehicles_bought')}辆；公务用车运行维护支出"
            f"{self.money(topic, 'vehicle_operation')}。{self.year}年末，财政拨款开支的公务用车保有量为"
            f"{self.count(topic, 'vehicles_held')}辆。"
        )
        yield (
            f"3、公务接待费{self.money(topic, 'reception')}。其中：国内公务接待{self.count(topic, 'reception_domestic_batches')}批次、"
            f"{self.count(topic, 'reception_domestic_people')}人次。"
        )

    def _completed(self, line: str) -> str:
        if not self.story.has("told_three_public", line, "completion"):
            return ""
        return f"，完成预算的{self.percent('told_three_public', line, 'completion')}"

    def _moved(self, line: str) -> str:
        topic = "told_three_public"
        return self.movement(topic, line) if self.say(topic, line, "change") else "持平"

    def _stands(self) -> str:
        if not self.say("told_three_public", "total", "comparison"):
            return "等于预算数。"
        return f"{self.compared('told_three_public', 'total')}预算数的主要原因：{self.reason()}。"

    def _pool(self, topic: str, name: str) -> Iterator[str]:
        if topic in self.story.none:
            yield f"{self.unit}{self.year}年度无{name}财政拨款收入和支出。"
            return
        yield (
            f"{self.unit}{self.year}年度{name}财政拨款本年收入{self.money(topic, 'income')}，本年支出"
            f"{self.money(topic, 'total')}，年末结转和结余{self.money(topic, 'closing')}。"
        )

    def _performance(self) -> Iterator[str]:
        topic = "told_performance"
        yield (
            f"{self.unit}按要求开展{self.year}年度预算绩效管理：绩效自评项目{self.count(topic, 'projects')}个，涉及预算金额"
            f"{self.money(topic, 'amount')}（其中，绩效评级为“优”的项目{self.count(topic, 'grade:优')}个；"
            f"绩效评级为“良”的项目{self.count(topic, 'grade:良')}个）。"
        )

    def _other(self) -> Iterator[Line | str]:
        topic, bought, cars = "told_operation", "told_procurement", "told_assets"
        yield Line("subheading", "（一）机关运行经费支出情况")
        told = f"机关运行经费支出{self.money(topic, 'total')}，{self.moved(topic, 'total')}"
        yield f"{told}。" if "持平" in told else f"{told}。主要原因是{self.reason()}。"
        yield Line("subheading", "（二）政府采购支出情况")
        yield (
            f"{self.unit}{self.year}年度政府采购金额为{self.money(bought, 'total')}，其中：货物采购金额"
            f"{self.money(bought, 'goods')}、工程采购金额{self.money(bought, 'works')}、服务采购金额{self.money(bought, 'services')}。"
        )
        yield Line("subheading", "（三）国有资产占有使用情况")
        kinds = "、".join(f"{kind}{self.count(cars, f'vehicle:{kind}')}辆" for kind in self.books.vehicles)
        yield (
            f"截至{self.year}年12月31日，{self.unit}共有车辆{self.count(cars, 'vehicles')}辆，其中：{kinds}。"
            "单价100万元（含）以上设备（不含车辆）2台（套）。"
        )
