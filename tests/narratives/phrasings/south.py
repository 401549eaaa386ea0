"""A southern manner: every source and class with its change and reason, items as bracketed sentences, no shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.city.summary_tables import ordinal
from tests.narratives.story import PARTS, REVENUE
from tests.narratives.wording import NAMES, Style, Teller, functional, path, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.city.narrative import Line

_MEANINGS = {
    "general_public_budget": "是本级财政当年拨付的资金",
    "superior_subsidy_income": "是主管部门拨来的非财政补助",
    "institution_income": "是开展业务活动取得的收入",
    "other_income": "是上述各项之外的收入",
    "opening_carryover": "是以前年度没有用完、本年继续使用的资金",
    "closing_carryover": "是留待以后年度继续使用的资金",
}
_ECONOMIC = {"301": "工资福利支出", "302": "商品和服务支出", "303": "对个人和家庭的补助", "310": "资本性支出"}


class South(Teller):
    style = Style(
        separators=True, per_line=28, level="与{last}年度决算数持平，无增减变动", nothing="上年无此项资金，不可比"
    )

    def sections(self) -> Iterator[tuple[str, Callable[[], Iterator[Line | str]]]]:
        of = f"{self.year}年度"
        yield f"{of}收入支出决算总体情况", self._totals
        yield f"{of}一般公共预算财政拨款支出决算情况", self._general
        yield f"{of}一般公共预算财政拨款基本支出决算情况", self._basic
        yield f"{of}政府性基金预算财政拨款支出决算情况", lambda: self._pool("told_fund", "政府性基金预算")
        yield f"{of}国有资本经营预算财政拨款支出决算情况", lambda: self._pool("told_capital", "国有资本经营预算")
        yield "财政拨款安排的“三公”经费支出决算情况", self._three_public
        yield "其他重要事项的情况说明", self._other
        yield "预算绩效管理工作开展情况", self._performance

    def _because(self, told: str) -> str:
        return f"{told}。" if self.style.level[-4:] in told else f"{told}，主要原因是：{self.reason()}。"

    def _totals(self) -> Iterator[str]:
        topic = "told_totals"
        for mark, side, total, current, lines in (
            ("（一）", "收入", "income_total", "current_year_income_total",
             (*REVENUE, "use_of_nonfiscal_surplus", "opening_carryover")),
            ("（二）", "支出", "expenditure_total", "current_year_expenditure_total",
             (*self.story.lines(topic, 3), "surplus_distribution", "closing_carryover")),
        ):  # fmt: skip
            yield (
                f"{mark}{self.own}{self.year}年度总{side}{self.money(topic, total)}，其中本年{side}"
                f"{self.money(topic, current)}，{self.moved(topic, current)}。{side}的具体情况如下："
            )
            for number, line in enumerate(lines, 1):
                name = f"{functional(line)}（类）" if line.isdigit() else title_of(line)
                if line == "opening_carryover":
                    name = "上年结转和结余"
                meaning = _MEANINGS.get(
                    line, "主要用于" + self.random.choice(("日常运转", "专项工作")) if line.isdigit() else ""
                )
                meaning = f"，{meaning}" if meaning else ""
                yield self._because(f"{number}.{name}{self.money(topic, line)}{meaning}。{self.moved(topic, line)}")

    def _general(self) -> Iterator[str]:
        topic = "told_general"
        yield (
            f"{self.own}{self.year}年度一般公共预算财政拨款支出{self.money(topic, 'total')}，{self.moved(topic, 'total')}。"
            f"其中：基本支出{self.money(topic, 'basic')}，项目支出{self.money(topic, 'project')}。"
        )
        yield (
            f"{self.own}{self.year}年度一般公共预算财政拨款支出年初预算{self.money(topic, 'total', 'initial_budget')}，"
            f"支出决算{self.money(topic, 'total')}，完成年初预算的{self.percent(topic, 'total', 'completion_initial')}。"
        )
        yield "支出具体情况如下："
        for number, code in enumerate(self.story.items, 1):
            yield f"{self.bracketed(number)}{path(code)}{self._budgeted(topic, code)}"

    @staticmethod
    def bracketed(number: int) -> str:
        return f"（{ordinal(number)}）"

    def _budgeted(self, topic: str, line: str) -> str:
        told = f"年初预算为{self.money(topic, line, 'initial_budget')}，支出决算为{self.money(topic, line)}"
        if self.story.has(topic, line, "completion_initial"):
            told += f"，完成年初预算的{self.percent(topic, line, 'completion_initial')}"
        word = {1: "高于", -1: "低于"}.get(int(self.say(topic, line, "comparison")))
        return f"{told}。决算数{word}预算数的主要原因是：{self.reason()}。" if word else f"{told}，决算数与预算数持平。"

    def _basic(self) -> Iterator[str]:
        topic = "told_basic"
        yield (
            f"{self.own}{self.year}年度一般公共预算财政拨款基本支出{self.money(topic, 'total')}，其中：人员经费"
            f"{self.money(topic, 'personnel_total')}，主要包括：{self.listed('personnel_total')}；公用经费"
            f"{self.money(topic, 'public_total')}，主要包括：{self.listed('public_total')}。"
        )
        yield "支出具体情况如下："
        for number, code in enumerate(self.books.ledger.initial_basic, 1):
            yield f"{self.bracketed(number)}{_ECONOMIC[code]}{self._budgeted(topic, code)}"

    def _pool(self, topic: str, name: str) -> Iterator[str]:
        if topic in self.story.none:
            yield f"{self.own}{self.year}年度没有{name}财政拨款收入，也没有{name}财政拨款安排的支出。"
            return
        yield (
            f"{self.own}{self.year}年度{name}财政拨款支出{self.money(topic, 'total')}，{self.moved(topic, 'total')}。"
            "支出具体情况如下："
        )
        for number, code in enumerate(self.story.lines(topic, 7), 1):
            yield f"{self.bracketed(number)}{path(code)}支出决算为{self.money(topic, code)}。"

    def _three_public(self) -> Iterator[str]:
        topic = "told_three_public"
        own = f"{self.own}{self.year}年度财政拨款安排的“三公”经费"
        yield (
            f"{own}{self._spent('total')}。{self.moved(topic, 'total')}。其中：" +
            "；".join(f"{NAMES[line]}支出决算为{self.money(topic, line)}" for line in ("abroad", "vehicle", "reception"))
            + "。具体情况如下："
        )  # fmt: skip
        yield (
            f"（一）因公出国（境）费{self._spent('abroad')}。{self.moved(topic, 'abroad')}。全年因公出国（境）团组共计"
            f"{self.count(topic, 'abroad_groups')}个，累计{self.count(topic, 'abroad_people')}人次。"
        )
        yield f"（二）公务用车购置及运行维护费{self._spent('vehicle')}，其中："
        yield (
            f"公务用车购置费{self._spent('vehicle_purchase')}。{self.moved(topic, 'vehicle_purchase')}。"
            f"购置了{self.count(topic, 'vehicles_bought')}辆公务用车。"
        )
        yield (
            f"公务用车运行维护费{self._spent('vehicle_operation')}。{self.moved(topic, 'vehicle_operation')}。{self.year}年，"
            f"{self.unit}开支财政拨款的公务用车保有量为{self.count(topic, 'vehicles_held')}辆，平均每辆"
            f"{self.money(topic, 'vehicle_operation', 'average')}。"
        )
        yield (
            f"（三）公务接待费{self._spent('reception')}。{self.moved(topic, 'reception')}。国内公务接待批次"
            f"{self.count(topic, 'reception_domestic_batches')}次，人次{self.count(topic, 'reception_domestic_people')}次，"
            "国（境）外公务接待批次0次，人次0次。"
        )

    def _spent(self, line: str) -> str:
        topic = "told_three_public" if line in {"total", *PARTS} else "told_operation"
        told = f"支出预算为{self.money(topic, line, 'budget')}，支出决算为{self.money(topic, line)}"
        gap = self.say(topic, line, "gap")
        if not gap:
            return f"{told}，与预算持平"
        more, word = ("增加", "高于") if gap > 0 else ("减少", "低于")
        return f"{told}，比预算{more}{self.money(topic, line, 'gap')}，{word}预算的主要原因是：{self.reason()}"

    def _other(self) -> Iterator[str]:
        topic, bought = "told_operation", "told_procurement"
        yield "（一）机关运行经费支出情况说明"
        yield (
            f"{self.own}{self.year}年度机关运行经费年初预算为{self.money(topic, 'total', 'initial_budget')}，支出决算为"
            f"{self.money(topic, 'total')}。{self._because(self.moved(topic, 'total'))}"
        )
        yield "（二）政府采购支出情况说明"
        yield (
            f"{self.own}{self.year}年度政府采购支出总额{self.money(bought, 'total')}，其中：政府采购货物支出"
            f"{self.money(bought, 'goods')}、政府采购工程支出{self.money(bought, 'works')}、政府采购服务支出"
            f"{self.money(bought, 'services')}。授予中小企业合同金额{self.money(bought, 'small_medium')}，占政府采购支出总额的"
            f"{self.percent(bought, 'small_medium', 'share')}，其中：授予小微企业合同金额{self.money(bought, 'small')}，"
            f"占授予中小企业合同金额的{self.percent(bought, 'small', 'share')}。"
        )
        yield "（三）国有资产占用情况说明"
        kinds = "；".join(f"{kind}{self.count('told_assets', f'vehicle:{kind}')}辆" for kind in self.books.vehicles)
        yield (
            f"截至{self.year}年12月31日，{self.own}共有车辆{self.count('told_assets', 'vehicles')}辆，其中：{kinds}。"
            "单价100万元（含）以上设备（不含车辆）0台（套）。"
        )

    def _performance(self) -> Iterator[str]:
        topic = "told_performance"
        yield "（一）绩效管理工作开展情况"
        yield (
            f"{self.own}组织对{self.year}年度一般公共预算项目支出全面开展绩效自评，共涉及资金"
            f"{self.money(topic, 'amount')}。"
        )
        yield "（二）绩效自评结果"
        for name, *_ in self.books.projects:
            line = f"project:{name}"
            yield (
                f"{name}项目自评综述：全年预算数{self.money(topic, line, 'full_budget')}，执行数{self.money(topic, line)}，"
                f"执行率为{self.percent(topic, line, 'completion_full')}，自评得分为"
                f"{self.say(topic, line, 'score').normalize():f}分。绩效目标基本完成。"
            )
