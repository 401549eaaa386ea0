"""How a place prints its tables: everything that varies between layouts and is not money, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FORMS = (
    "income_expenditure",
    "income",
    "expenditure",
    "fiscal_appropriation",
    "general_budget",
    "basic_expenditure",
    "government_fund",
    "state_capital",
    "three_public",
)
_PUBLIC_THIRD = (*FORMS[:6], "three_public", "government_fund", "state_capital")
_WORDS = "一二三四五六七八九"

TITLES = {
    "income_expenditure": "收入支出决算总表",
    "income": "收入决算表",
    "expenditure": "支出决算表",
    "fiscal_appropriation": "财政拨款收入支出决算总表",
    "general_budget": "一般公共预算财政拨款支出决算表",
    "basic_expenditure": "一般公共预算财政拨款基本支出决算表",
    "government_fund": "政府性基金预算财政拨款收入支出决算表",
    "state_capital": "国有资本经营预算财政拨款支出决算表",
    "three_public": "财政拨款“三公”经费支出决算表",
}


@dataclass(frozen=True, slots=True)
class Style:
    """One layout.

    `money_unit` is 万元 or 元; `zero` what an amount of exactly nothing prints as; `codes` is "one" (a column of
    3/5/7 digits), "split" (类|款|项, filled down to the own level) or "split_own" (only the own level filled);
    `total_row` is "first", "last" (of the general budget table only) or "name" (first, the word 合计 in the name
    column, the code column empty); `classes` says which functional classes the two-sided tables print: "all",
    "no_debt" or "used" (those with money, numbered anew). `empty` is how a table without money is printed: "zero"
    (a 合计 row of zeros), "blank" (blank rows) or "head" (nothing under the heading). `number` and `unit_line` are
    templates; "" prints nothing.
    """

    key: str
    producer: str
    money_unit: str = "万元"
    decimals: int = 2
    separators: bool = True
    zero: str = "0.00"
    codes: str = "one"
    indent: str = ""
    row_numbers: bool = False
    column_numbers: bool = True
    total_row: str = "first"
    classes: str = "all"
    blocks: int = 3
    used_items_only: bool = False
    block_total: bool = False
    interleaved: bool = False
    state_capital_six: bool = False
    grand_total: tuple[str, str] = ("总计", "总计")
    amount_heading: str = "决算数"
    budget_name_suffix: str = "收入"
    order: tuple[str, ...] = FORMS
    number: str = ""
    number_first: bool = True
    unit_line: str = ""
    money_line: str = "单位：{money}"
    titles: tuple[tuple[str, str], ...] = ()
    title_template: str = "{title}"
    empty: str = "zero"
    empty_note: str = "注：无。"
    landscape: tuple[str, ...] = ()
    spaced_total: bool = False

    def money(self, fen: int) -> str:
        """The printed text of a true amount in 分: rounded by itself, as the software of the bureaus does."""
        if fen == 0:
            return self.zero
        scale = Decimal(1_000_000 if self.money_unit == "万元" else 100)
        value = (Decimal(fen) / scale).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        return f"{value:,f}" if self.separators else f"{value:f}"

    def title(self, form: str, year: int) -> str:
        title = dict(self.titles).get(form, TITLES[form])
        return self.title_template.format(title=title, year=year)

    def number_of(self, form: str) -> str:
        position = self.order.index(form) + 1
        return self.number.format(n=position, word=_WORDS[position - 1])


GUANGXI = Style(
    key="guangxi",
    producer="reportlab",
    indent="　",
    grand_total=("收入总计", "支出总计"),
    number="公开{n:02}表",
    unit_line="单位名称：{unit}",
    money_line="金额单位：{money}",
    titles=(("basic_expenditure", "一般公共预算财政拨款基本支出决算明细表"),),
    empty="zero",
    empty_note="注：本单位{year}年度没有发生{money}收入和支出，故本表无数据。",
    landscape=FORMS[1:],
)
SHANGHAI = Style(
    key="shanghai",
    producer="chromium",
    zero="",
    codes="split",
    column_numbers=False,
    total_row="last",
    classes="no_debt",
    blocks=2,
    interleaved=True,
    state_capital_six=True,
    budget_name_suffix="",
    order=_PUBLIC_THIRD,
    titles=(("state_capital", "国有资本经营预算财政拨款收入支出决算表"),),
    empty="blank",
    empty_note="注：{unit}{year}年度无{money}，本表为空表。",
    landscape=("income", "expenditure", "fiscal_appropriation", "three_public", "government_fund", "state_capital"),
)
WORD = Style(
    key="word",
    producer="libreoffice-writer",
    separators=False,
    row_numbers=True,
    total_row="name",
    blocks=2,
    budget_name_suffix="",
    order=_PUBLIC_THIRD,
    number="表{n}",
    unit_line="部门：{unit}",
    titles=(("three_public", '一般公共预算财政拨款"三公"经费支出决算表'),),
    empty="zero",
    empty_note="说明：{unit}{year}年度未安排{money}，以空表列示。",
    landscape=FORMS,
)
EXCEL = Style(
    key="excel",
    producer="libreoffice-calc",
    separators=False,
    zero="-",
    row_numbers=True,
    blocks=3,
    block_total=True,
    amount_heading="金额",
    number="公开 {n:02} 表",
    number_first=False,
    unit_line="编制部门：{unit}",
    money_line="金额单位：{money}",
    titles=(("three_public", "财政拨款三公经费支出决算表"),),
    empty="blank",
    empty_note="备注：本年度无{money}预算安排，本表为空表。",
    landscape=("income", "expenditure", "fiscal_appropriation", "three_public", "basic_expenditure"),
    spaced_total=True,
)
YUAN = Style(
    key="yuan",
    producer="weasyprint",
    money_unit="元",
    codes="split_own",
    zero="",
    classes="used",
    blocks=2,
    used_items_only=True,
    column_numbers=False,
    number="表{word}",
    unit_line="{code}-{unit}",
    title_template="{year}年度{title}",
    empty="head",
    empty_note="注：无。",
    landscape=("income", "expenditure", "fiscal_appropriation", "three_public"),
)
YUAN_WHOLE = Style(
    key="yuan_whole",
    producer="fpdf2",
    money_unit="元",
    decimals=0,
    zero="0",
    indent="  ",
    classes="used",
    blocks=2,
    used_items_only=True,
    column_numbers=False,
    number="Z{n:02}",
    unit_line="单位：{unit}",
    money_line="（金额单位：{money}）",
    empty="zero",
    empty_note="注：{unit}没有{money}，此表无数据。",
    landscape=("income", "expenditure", "fiscal_appropriation", "three_public"),
)

STYLES = {style.key: style for style in (GUANGXI, SHANGHAI, WORD, EXCEL, YUAN, YUAN_WHOLE)}
