"""A manner of the delta: expenditure by nature, change as 比上年决算数, budgets by source, all other things in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.city.narrative import Line
from tests.narratives.story import KINDS, REVENUE
from tests.narratives.wording import NAMES, Style, Teller, functional, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POOLS = {"general": "一般公共预算", "fund": "政府性基金预算", "capital": "国有资本经营预算"}
_INCOME = {"general": "general_public_budget", "fund": "government_fund_budget", "capital": "state_capital_budget"}


class Delta(Teller):
    style = Style(
        spaced=True, page_number="—{}—", than="比上年决算数", level="与上年决算数相比无增减", nothing="上年决算数为0"
    )

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        of = f"{self.year}年度"
        yield f"{of}收入支出决算总体情况说明", self._totals
        yield f"{of}财政拨款收入支出总表说明", self._fiscal
        yield f"{of}一般公共预算财政拨款支出决算情况说明", self._general
        yield f"{of}一般公共预算财政拨款“三公”经费支出决算情况说明", self._three_public
        yield "其他重要事项的情况说明", self._other

    def _because(self, told: str) -> str:
        return f"{told}。" if "无增减" in told else f"{told}，主要是因为{self.reason()}。"

    def _totals(self) -> Iterator[Line | str]:
        topic = "told_totals"
        for title, side, total, current, lines in (
            ("（一）年度收入总体情况", "收入", "income_total", "current_year_income_total",
             (*REVENUE, "use_of_nonfiscal_surplus", "opening_carryover")),
            ("（二）年度支出总体情况", "支出", "expenditure_total", "current_year_expenditure_total",
             (*KINDS, "surplus_distribution", "closing_carryover")),
        ):  # fmt: skip
            yield Line("subheading", title)
            yield (
                f"{self.unit}{self.year}年度总{side}{self.money(topic, total)}，其中本年{side}{self.money(topic, current)}。"
                "具体情况如下："
            )
            for number, line in enumerate(lines, 1):
                name = NAMES[line] if line in KINDS else title_of(line)
                key = f"nature_{line}" if line in KINDS[2:] else line
                yield self._because(f"{number}．{name}{self.money(topic, key)}，{self.moved(topic, key)}")

    def _fiscal(self) -> Iterator[Line | str]:
        topic = "told_fiscal"
        for title, side, total, lines in (
            ("（一）财政拨款收入说明", "收入", "current_year_income_total", _INCOME),
            ("（二）财政拨款支出说明", "支出", "current_year_expenditure_total",
             {pool: f"expenditure_{pool}" for pool in _POOLS}),
        ):  # fmt: skip
            yield Line("subheading", title)
            parts = "；".join(
                self._because(
                    f"{_POOLS[pool]}财政拨款{side}{self.money(topic, line)}，{self.moved(topic, line)}"
                ).removesuffix("。")
                for pool, line in lines.items()
            )  # fmt: skip
            yield f"{self.unit}{self.year}年度财政拨款{side}合计{self.money(topic, total)}。其中：{parts}。"

    def _general(self) -> Iterator[str]:
        topic, basic = "told_general", "told_basic"
        classes = "，".join(
            f"{functional(code)}{self.money(topic, code)}，占{self.percent(topic, code, 'share')}"
            for code in self.story.lines(topic, 3)
            if self.story.get(topic, code)
        )
        yield (
            f"{self.unit}{self.year}年度一般公共预算财政拨款支出{self.money(topic, 'total')}，"
            f"{self._because(self.moved(topic, 'total'))}按支出功能分类：{classes}。"
        )
        yield (
            f"其中：基本支出{self.money(topic, 'basic')}，占{self.percent(topic, 'basic', 'share')}；项目支出"
            f"{self.money(topic, 'project')}，占{self.percent(topic, 'project', 'share')}。基本支出中，人员经费"
            f"{self.money(basic, 'personnel_total')}，公用经费{self.money(basic, 'public_total')}。"
        )

    def _three_public(self) -> Iterator[Line | str]:
        topic, parts = "told_three_public", ("abroad", "vehicle", "reception")
        yield Line("subheading", "（一）“三公”经费财政拨款支出决算总体情况说明")
        each = "；".join(f"{NAMES[line]}支出决算为{self.money(topic, line)}，{self._completed(line)}" for line in parts)
        compared = self.say(topic, "total", "comparison")
        why = f"决算数{self.compared(topic, 'total')}预算数" + (f"，原因是{self.reason()}" if compared else "")
        yield (
            f"{self.unit}{self.year}年度“三公”经费财政拨款支出决算为{self.money(topic, 'total')}，{self._completed('total')}。"
            f"其中：{each}。{self.year}年度“三公”经费支出{why}。"
        )
        yield Line("subheading", "（二）“三公”经费财政拨款支出决算具体情况说明")
        shares = "；".join(
            f"{NAMES[line]}支出{self.money(topic, line)}，占{self.percent(topic, line, 'share')}" for line in parts
        )
        yield f"{self.year}年“三公”经费财政拨款支出决算中，{shares}。具体情况如下："
        yield (
            f"1.因公出国（境）费支出{self.money(topic, 'abroad')}。全年使用财政拨款安排出国团组"
            f"{self.count(topic, 'abroad_groups')}个、累计{self.count(topic, 'abroad_people')}人次。"
        )
        yield (
            f"2.公务用车购置及运行维护费支出{self.money(topic, 'vehicle')}，其中：公务用车购置支出为"
            f"{self.money(topic, 'vehicle_purchase')}，公务用车购置数{self.count(topic, 'vehicles_bought')}辆。"
            f"公务用车运行维护支出为{self.money(topic, 'vehicle_operation')}，公务用车保有量为{self.count(topic, 'vehicles_held')}辆。"
        )
        yield (
            f"3.公务接待费支出{self.money(topic, 'reception')}。{self.year}年共接待国外来访团组0个，来访外宾0人次；"
            f"发生国内接待{self.count(topic, 'reception_domestic_batches')}次，接待人数共{self.count(topic, 'reception_domestic_people')}人。"
        )

    def _completed(self, line: str) -> str:
        topic = "told_three_public"
        budget = self.money(topic, line, "budget")
        if not self.story.has(topic, line, "completion"):
            return f"预算为{budget}"
        return f"完成预算{budget}的{self.percent(topic, line, 'completion')}"

    def _other(self) -> Iterator[Line | str]:
        topic, bought, cars, done = "told_operation", "told_procurement", "told_assets", "told_performance"
        yield Line("subheading", "（一）机关运行经费支出情况")
        gap = self.say(topic, "total", "gap_initial")
        moved = "与年初预算数持平"
        if gap:
            more, grown = ("增加", "增长") if gap > 0 else ("减少", "下降")
            moved = f"比年初预算数{more}{self.money(topic, 'total', 'gap_initial')}"
            if self.story.has(topic, "total", "gap_initial_rate"):
                moved += f"，{grown}{self.percent(topic, 'total', 'gap_initial_rate')}"
            moved += f"，主要增减变动情况是{self.reason()}"
        yield f"{self.year}年{self.own}机关运行经费支出{self.money(topic, 'total')}，{moved}。"
        yield Line("subheading", "（二）政府采购支出情况")
        yield (
            f"{self.year}年{self.own}政府采购支出总额{self.money(bought, 'total')}，其中：政府采购货物支出"
            f"{self.money(bought, 'goods')}、政府采购工程支出{self.money(bought, 'works')}、政府采购服务支出"
            f"{self.money(bought, 'services')}。授予中小企业合同金额{self.money(bought, 'small_medium')}，占政府采购支出总额的"
            f"{self.percent(bought, 'small_medium', 'share')}。"
        )
        yield Line("subheading", "（三）国有资产占用情况")
        kinds = "、".join(f"{kind}{self.count(cars, f'vehicle:{kind}')}辆" for kind in self.books.vehicles)
        yield (
            f"截至{self.year}年12月31日，{self.own}共有车辆{self.count(cars, 'vehicles')}辆，其中，{kinds}，"
            "单价50万元以上通用设备0台（套），单价100万元以上专用设备0台（套）。"
        )
        yield Line("subheading", "（四）预算绩效管理工作开展情况")
        yield (
            f"根据财政预算管理要求，{self.year}年度{self.own}组织对{self.count(done, 'projects')}个一般公共预算项目支出开展"
            f"绩效自评，共涉及资金{self.money(done, 'amount')}。"
        )
