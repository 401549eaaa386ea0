"""The text around the tables: overview, explanation of the figures, glossary. Every amount stated is the books'."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tests.city.ledger import CLASSES, REVENUE_LINES
from tests.city.sheets import subjects
from tests.city.summary_tables import ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.city.books import Book

_CENT = Decimal("0.01")
_T1, _T4, _T5, _T6, _TG = (
    "income_expenditure",
    "fiscal_appropriation",
    "general_budget",
    "basic_expenditure",
    "three_public",
)
_REVENUE_NAMES = {
    "general_public_budget": "一般公共预算财政拨款收入",
    "government_fund_budget": "政府性基金预算财政拨款收入",
    "state_capital_budget": "国有资本经营预算财政拨款收入",
    "superior_subsidy_income": "上级补助收入",
    "institution_income": "事业收入",
    "operating_income": "经营收入",
    "affiliate_remittance_income": "附属单位上缴收入",
    "other_income": "其他收入",
    "use_of_nonfiscal_surplus": "使用非财政拨款结余",
    "opening_carryover": "年初结转和结余",
}
_SPENDING_NAMES = {
    "basic": "基本支出",
    "project": "项目支出",
    "payment_to_superior": "上缴上级支出",
    "operating": "经营支出",
    "affiliate_subsidy": "对附属单位补助支出",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: `kind` is part, heading, subheading or text."""

    kind: str
    text: str


def wan(fen: int) -> Decimal:
    """万元 with two decimals, as the text states it."""
    return (Decimal(fen) / 1_000_000).quantize(_CENT, ROUND_HALF_UP)


def say(fen: int) -> str:
    return f"{wan(fen)}万元" if fen else "0万元"


def percent(part: Decimal, whole: Decimal) -> str:
    return f"{(part * 100 / whole).quantize(_CENT, ROUND_HALF_UP)}%"


class Narrator:
    """Tells one book, compared with the book of the year before."""

    def __init__(self, book: Book, before: Book, name: str, *, level: str) -> None:
        self.book, self.before, self.name, self.level = book, before, name, level
        self.year = book.year

    def cell(self, form: str, line: str, measure: str = "amount") -> int:
        return self.book.cells.get((form, line, measure), 0)

    def change(self, form: str, line: str, measure: str = "amount") -> str:
        """How a figure moved against last year's, with its rate where there is one."""
        now = wan(self.cell(form, line, measure))
        then = wan(self.before.cells.get((form, line, measure), 0))
        last = f"{self.year - 1}年度决算数"
        if now == then:
            return f"与{last}持平"
        word, rate = ("增加", "增长") if now > then else ("减少", "下降")
        told = f"比{last}{word}{abs(now - then)}万元"
        return f"{told}，{rate}{percent(abs(now - then), then)}" if then else f"{told}，上年没有此项"

    def overview(self) -> Iterator[Line]:
        unit, counts = self.book.unit, self.book.ledger.counts
        yield Line("heading", "一、主要职能")
        yield Line("text", f"{unit.name}承担下列工作：{unit.duty}；完成市委、市政府和主管部门交办的其他任务。")
        yield Line("heading", "二、机构设置")
        if self.book.members:
            yield Line("text", f"{unit.name}的部门决算由本级和所属单位共{len(self.book.members)}家的决算汇总而成：")
            return
        kind = {"行政": "行政单位", "参公": "参照公务员法管理的事业单位", "事业": "公益类事业单位"}[unit.kind]
        yield Line(
            "text", f"{unit.name}是{unit.department}管理的{kind}，编制{counts['posts']}人，实有{counts['staff']}人。"
        )

    def explanation(self) -> Iterator[Line]:
        sections = (
            ("收入支出决算总体情况说明", self._totals),
            ("收入决算情况说明", self._income),
            ("支出决算情况说明", self._expenditure),
            ("财政拨款收入支出决算总体情况说明", self._fiscal),
            ("一般公共预算财政拨款支出决算情况说明", self._general),
            ("一般公共预算财政拨款基本支出决算情况说明", self._basic),
            ("财政拨款“三公”经费支出决算情况说明", self._three_public),
            ("政府性基金预算财政拨款收入支出决算情况说明", lambda: self._pool("fund", "政府性基金预算")),
            ("国有资本经营预算财政拨款支出决算情况说明", lambda: self._pool("capital", "国有资本经营预算")),
            ("其他重要事项的情况说明", self._other),
            ("预算绩效管理工作情况说明", self._performance),
        )
        for number, (title, tell) in enumerate(sections, 1):
            yield Line("heading", f"{ordinal(number)}、{self.year}年度{title}")
            for text in tell():
                yield Line("text", text)

    def _totals(self) -> Iterator[str]:
        for label, total, current, names in (
            ("收入", "income_total", "current_year_income_total", _REVENUE_NAMES),
            ("支出", "expenditure_total", "current_year_expenditure_total", self._spending_lines()),
        ):
            number = "（一）" if label == "收入" else "（二）"
            yield (
                f"{number}{self.name}{self.year}年度{label}总计{say(self.cell(_T1, total))}，其中本年{label}"
                f"{say(self.cell(_T1, current))}，{self.change(_T1, current)}。具体如下："
            )
            shown = [key for key in names if self.cell(_T1, key) or self.before.cells.get((_T1, key, "amount"))]
            for position, key in enumerate(shown, 1):
                reason = "主要是年度工作安排有变化" if "持平" not in self.change(_T1, key) else "没有变化"
                yield f"{position}.{names[key]}{say(self.cell(_T1, key))}，{self.change(_T1, key)}，{reason}。"

    def _spending_lines(self) -> dict[str, str]:
        classes = {code: f"{subjects()[code]}（类）" for code in CLASSES}
        return {**classes, "surplus_distribution": "结余分配", "closing_carryover": "年末结转和结余"}

    def _shares(self, form: str, names: dict[str, str]) -> str:
        total = wan(self.cell(form, "total", "total"))
        parts = [
            f"{name}{say(amount)}，占{percent(wan(amount), total)}"
            for measure, name in names.items()
            if (amount := self.cell(form, "total", measure))
        ]
        return "；".join(parts)

    def _income(self) -> Iterator[str]:
        names = {"fiscal_appropriation": "财政拨款收入"} | {
            measure: _REVENUE_NAMES[line] for measure, line in REVENUE_LINES.items()
        }
        yield f"本年收入合计{say(self.cell('income', 'total', 'total'))}，其中：{self._shares('income', names)}。"

    def _expenditure(self) -> Iterator[str]:
        total = say(self.cell("expenditure", "total", "total"))
        yield f"本年支出合计{total}，其中：{self._shares('expenditure', _SPENDING_NAMES)}。"

    def _fiscal(self) -> Iterator[str]:
        yield (
            f"财政拨款收入总计、支出总计均为{say(self.cell(_T4, 'income_total'))}，{self.change(_T4, 'income_total')}。"
            f"其中本年财政拨款收入{say(self.cell(_T4, 'current_year_income_total'))}，本年财政拨款支出"
            f"{say(self.cell(_T4, 'current_year_expenditure_total', 'total'))}。"
        )

    def _general(self) -> Iterator[str]:
        total = self.cell(_T5, "total", "total")
        initial = sum(self.book.ledger.initial.values())
        yield (
            f"一般公共预算财政拨款支出{say(total)}，{self.change(_T5, 'total', 'total')}。其中：基本支出"
            f"{say(self.cell(_T5, 'total', 'basic'))}，项目支出{say(self.cell(_T5, 'total', 'project'))}。"
        )
        codes = sorted({line for form, line, _ in self.book.cells if form == _T5 and line.isdigit()})
        classes = [
            f"{subjects()[code]}（类）{say(self.cell(_T5, code, 'total'))}，"
            f"占{percent(wan(self.cell(_T5, code, 'total')), wan(total))}"
            for code in codes
            if len(code) == len("201")
        ]
        yield f"支出按功能分类，主要用于：{'；'.join(classes)}。"
        yield (
            f"年初预算为{say(initial)}，支出决算为{say(total)}，"
            f"完成年初预算的{percent(wan(total), wan(initial))}。具体到各项："
        )
        items = [code for code in codes if len(code) == len("2010101")]
        for number, code in enumerate(items, 1):
            yield f"{number}.{self._item(code)}"

    def _item(self, code: str) -> str:
        names = subjects()
        path = f"{names[code[:3]]}（类）{names[code[:5]]}（款）{names[code]}（项）"
        final, initial = self.cell(_T5, code, "total"), self.book.ledger.initial.get(code, 0)
        told = f"{path}。年初预算为{say(initial)}，支出决算为{say(final)}"
        if initial:
            told += f"，完成年初预算的{percent(wan(final), wan(initial))}"
        if wan(final) == wan(initial):
            return told + "，决算数等于年初预算数。"
        word, reason = ("大于", "执行中追加了经费") if final > initial else ("小于", "按规定压减了支出")
        return told + f"，决算数{word}年初预算数的主要原因是{reason}。"

    def _basic(self) -> Iterator[str]:
        codes = sorted({line for form, line, _ in self.book.cells if form == _T6 and len(line) == len("30101")})

        def named(total: str, classes: tuple[str, ...]) -> str:
            items = [subjects()[code] for code in codes if code[:3] in classes and self.cell(_T6, code)]
            return f"{say(self.cell(_T6, total))}，主要包括：{'、'.join(items)}"

        yield (
            f"一般公共预算财政拨款基本支出{say(self.cell(_T5, 'total', 'basic'))}，"
            f"其中：人员经费{named('personnel_total', ('301', '303'))}；"
            f"公用经费{named('public_total', ('302', '307', '310', '399'))}。"
        )

    def _three_public(self) -> Iterator[str]:
        counts = self.book.ledger.counts

        def both(line: str) -> str:
            budget, final = self.cell(_TG, line, "budget"), self.cell(_TG, line, "final")
            return f"支出预算为{say(budget)}，支出决算为{say(final)}"

        if not any(self.cell(_TG, "total", measure) for measure in ("budget", "final")):
            yield "本年度没有安排“三公”经费预算，也没有发生“三公”经费支出，支出决算为0万元。"
            return
        yield f"财政拨款“三公”经费{both('total')}，{self.change(_TG, 'total', 'final')}。其中："
        yield (
            f"（一）因公出国（境）费{both('abroad')}。全年使用财政拨款安排出国（境）团组{counts['groups']}个，"
            f"累计{counts['travellers']}人次。"
        )
        vehicles = self.cell(_TG, "vehicle_operation", "final") and counts["vehicles"]
        yield (
            f"（二）公务用车购置及运行维护费{both('vehicle')}。其中：公务用车购置费{both('vehicle_purchase')}，"
            f"购置公务用车{counts['vehicles_bought']}辆；公务用车运行维护费{both('vehicle_operation')}，"
            f"年末公务用车保有量为{vehicles}辆。"
        )
        yield (
            f"（三）公务接待费{both('reception')}。国内公务接待{counts['batches']}批次，{counts['guests']}人次，"
            "国（境）外公务接待0批次，0人次。"
        )

    def _pool(self, pool: str, name: str) -> Iterator[str]:
        form = {"fund": "government_fund", "capital": "state_capital"}[pool]
        if not any(self.cell(form, "total", measure) for measure in ("opening", "income", "total", "closing")):
            yield f"{self.name}{self.year}年度没有{name}财政拨款收入，也没有{name}财政拨款安排的支出。"
            return
        yield (
            f"{name}财政拨款年初结转和结余{say(self.cell(form, 'total', 'opening'))}，"
            f"本年收入{say(self.cell(form, 'total', 'income'))}，本年支出{say(self.cell(form, 'total', 'total'))}，"
            f"年末结转和结余{say(self.cell(form, 'total', 'closing'))}。"
        )
        items = sorted({line for found, line, _ in self.book.cells if found == form and len(line) == len("2010101")})
        for number, code in enumerate(items, 1):
            names = subjects()
            path = f"{names[code[:3]]}（类）{names[code[:5]]}（款）{names[code]}（项）"
            yield f"{number}.{path}支出决算为{say(self.cell(form, code, 'total'))}。"

    def _other(self) -> Iterator[str]:
        counts = self.book.ledger.counts
        if self.book.unit.institution or self.book.members:
            yield "（一）机关运行经费情况。本年度不单独列示机关运行经费。"
        else:
            public = say(self.cell(_T6, "public_total"))
            yield f"（一）机关运行经费情况。机关运行经费支出决算为{public}，{self.change(_T6, 'public_total')}。"
        total = counts["goods"] + counts["works"] + counts["services"]
        told = (
            f"（二）政府采购情况。政府采购支出总额{say(total)}，其中：货物支出{say(counts['goods'])}、工程支出"
            f"{say(counts['works'])}、服务支出{say(counts['services'])}。"
        )
        if total:
            share = percent(wan(counts["small_firms"]), wan(total))
            told += (
                f"授予中小企业合同金额{say(counts['small_firms'])}，占政府采购支出总额的{share}，其中授予小微企业"
                f"合同金额{say(counts['smallest_firms'])}。"
            )
        yield told
        yield (
            f"（三）国有资产占用情况。截至{self.year}年12月31日，共有车辆{counts['vehicles']}辆，"
            "单价100万元以上设备（不含车辆）0台（套）。"
        )

    def _performance(self) -> Iterator[str]:
        counts = self.book.ledger.counts
        yield (
            f"按照预算绩效管理要求，对{self.year}年度一般公共预算项目支出开展绩效自评，共{counts['projects']}个项目，"
            f"涉及资金{say(counts['assessed'])}。从自评情况看，项目执行总体正常，绩效目标基本完成。"
        )


GLOSSARY = (
    ("财政拨款收入", "本级财政当年拨给单位的资金。"),
    ("其他收入", "财政拨款、事业和经营以外的收入。"),
    ("年初结转和结余", "以前年度没有用完、转到本年继续使用的资金。"),
    ("年末结转和结余", "本年没有用完、转到以后年度继续使用的资金。"),
    ("基本支出", "保证单位正常运转的人员支出和公用支出。"),
    ("项目支出", "在基本支出以外，为完成专门任务发生的支出。"),
    ("“三公”经费", "用财政拨款安排的因公出国（境）费、公务用车购置及运行维护费和公务接待费。"),
)
