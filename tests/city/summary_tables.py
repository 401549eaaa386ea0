"""The two-sided tables: all income and expenditure, and fiscal appropriations."""

from __future__ import annotations

from itertools import zip_longest

from tests.city.ledger import CLASSES
from tests.city.sheets import Cell, Printer, Row, Sheet, head, subjects

_DIGITS = "一二三四五六七八九"
_DEBT = ("231", "232")
_REVENUE = (
    ("general_public_budget", "一般公共预算财政拨款收入"),
    ("government_fund_budget", "政府性基金预算财政拨款收入"),
    ("state_capital_budget", "国有资本经营预算财政拨款收入"),
    ("superior_subsidy_income", "上级补助收入"),
    ("institution_income", "事业收入"),
    ("operating_income", "经营收入"),
    ("affiliate_remittance_income", "附属单位上缴收入"),
    ("other_income", "其他收入"),
)
_BUDGETS = (
    ("general", "一般公共预算财政拨款"),
    ("fund", "政府性基金预算财政拨款"),
    ("capital", "国有资本经营预算财政拨款"),
)
_NEW_SURPLUS_NAME = 2024
"""From this year on the surplus line mentions the earmarked surplus."""

Side = tuple[str, tuple[Cell, ...]]
"""The printed name of a line and its money cells."""


def ordinal(number: int) -> str:
    """1 → 一, 12 → 十二, 26 → 二十六."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens - 1] + "十") + (_DIGITS[ones - 1] if ones else "")


def _class_lines(printer: Printer, form: str, measure: str) -> list[tuple[str, str]]:
    kind = printer.style.classes
    shown = [
        code
        for code in CLASSES
        if kind == "all"
        or (kind == "no_debt" and code not in _DEBT)
        or (kind == "used" and printer.book.cells.get((form, code, measure)))
    ]
    return [(code, f"{ordinal(number)}、{subjects()[code]}") for number, code in enumerate(shown, 1)]


def income_expenditure(printer: Printer) -> Sheet:
    form, style = "income_expenditure", printer.style

    def line(key: str, name: str) -> Side:
        return name, (printer.amount(form, key, "amount"),)

    left = [line(key, f"{ordinal(number)}、{name}") for number, (key, name) in enumerate(_REVENUE, 1)]
    right = [line(code, name) for code, name in _class_lines(printer, form, "amount")]
    surplus = "使用非财政拨款结余（含专用结余）" if printer.book.year >= _NEW_SURPLUS_NAME else "使用非财政拨款结余"
    foot = [
        (line("current_year_income_total", "本年收入合计"), line("current_year_expenditure_total", "本年支出合计")),
        (line("use_of_nonfiscal_surplus", surplus), line("surplus_distribution", "结余分配")),
        (line("opening_carryover", "年初结转和结余"), line("closing_carryover", "年末结转和结余")),
        (line("income_total", style.grand_total[0]), line("expenditure_total", style.grand_total[1])),
    ]
    body = _two_sided(printer, list(zip_longest(left, right)) + foot, 1, 1)
    numbered = 1 if style.row_numbers else 0
    top = (head("收入", columns=2 + numbered), head("支出", columns=2 + numbered))
    side = (head("项目"), *((head("行次"),) if numbered else ()), head(style.amount_heading))
    header: list[Row] = [top, side * 2]
    if numbered:
        header.append((head("栏次"), Cell(), head("1"), head("栏次"), Cell(), head("2")))
    widths = ((30.0, 5.0, 14.0) if numbered else (30.0, 14.0)) * 2
    return printer.sheet(form, header, body, widths)


def fiscal_appropriation(printer: Printer) -> Sheet:
    form, style = "fiscal_appropriation", printer.style
    measures = ("total", "general", "fund", "capital")

    def left(key: str, name: str) -> Side:
        return name, (printer.amount(form, key, "amount"),)

    def right(key: str, name: str) -> Side:
        return name, tuple(printer.amount(form, key, measure) for measure in measures)

    names = [(key, name.removesuffix("收入") + style.budget_name_suffix) for key, name in _REVENUE[:3]]
    lefts = [left(key, f"{ordinal(number)}、{name}") for number, (key, name) in enumerate(names, 1)]
    rights = [right(code, name) for code, name in _class_lines(printer, form, "total")]
    total = style.grand_total if style.grand_total[0] == "总计" else ("合计", "合计")
    carried: list[Side] = [
        left(f"opening_carryover_{pool}", f"{style.indent or '　'}{name}") for pool, name in _BUDGETS
    ]
    foot: list[tuple[Side | None, Side | None]] = [
        (left("current_year_income_total", "本年收入合计"), right("current_year_expenditure_total", "本年支出合计")),
        (
            left("opening_fiscal_carryover", "年初财政拨款结转和结余"),
            right("closing_fiscal_carryover", "年末财政拨款结转和结余"),
        ),
        *((side, None) for side in carried),
        (left("income_total", total[0]), right("expenditure_total", total[1])),
    ]
    body = _two_sided(printer, list(zip_longest(lefts, rights)) + foot, 1, 4)
    numbered = ("行次",) if style.row_numbers or style.key == "guangxi" else ()
    top = (head("收入", columns=2 + len(numbered)), head("支出", columns=5 + len(numbered)))
    side = (
        head("项目"), *map(head, numbered), head("金额"), head("项目"), *map(head, numbered), head("合计"),
        *(head(name) for _, name in _BUDGETS),
    )  # fmt: skip
    header: list[Row] = [top, side]
    if style.column_numbers:
        blank = (Cell(),) * len(numbered)
        header.append((head("栏次"), *blank, head("1"), head("栏次"), *blank, *(head(str(n)) for n in range(2, 6))))
    number = (4.0,) * len(numbered)
    return printer.sheet(form, header, body, (25.0, *number, 12.0, 25.0, *number, 12.0, 12.0, 12.0, 12.0))


def _two_sided(
    printer: Printer, pairs: list[tuple[Side | None, Side | None]], left_width: int, right_width: int
) -> list[Row]:
    """The rows of a two-sided table, with line numbers down the left side and then down the right one."""
    numbered = printer.style.row_numbers or (printer.style.key == "guangxi" and right_width > 1)
    centred = ("本年", "总计", "合计", "收入总计", "支出总计")
    rows = []
    for position, (left, right) in enumerate(pairs):
        row: list[Cell] = []
        for side, width, start in ((left, left_width, 1), (right, right_width, len(pairs) + 1)):
            name, amounts = side or ("", (Cell(),) * width)
            row.append(Cell(name, align="c" if name.startswith(centred) else "l"))
            if numbered:
                row.append(head(str(start + position)))
            row.extend(amounts)
        rows.append(tuple(row))
    return rows
