"""The known faults of a few published reports: what is wrong on the page, and which identities it must break.

A fault changes printed texts (or notes) of finished sheets and nothing else: the books stay true, and so does the
text that explains them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.city.sheets import Sheet, with_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.city.ledger import Key

Sheets = tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """`breaks` are ids of identities.md that must fail; more may, where the wrong cell stands in them too."""

    key: str
    breaks: tuple[str, ...]
    chinese: str
    english: str
    apply: Callable[[Sheets], Sheets]


def printed(sheets: Sheets) -> dict[Key, str]:
    """Every money cell of a report: key → printed text."""
    return {(form, line, measure): text for sheet in sheets for form, line, measure, text in sheet.facts()}


def _change(sheets: Sheets, texts: dict[Key, str]) -> Sheets:
    unknown = texts.keys() - printed(sheets).keys()
    if unknown:
        raise ValueError(f"the report prints no such cell: {sorted(unknown)}")
    return tuple(with_texts(sheet, texts) for sheet in sheets)


def _transposed(text: str) -> str:
    """The text with its first two different neighbouring digits exchanged."""
    for place in range(len(text) - 1):
        one, two = text[place : place + 2]
        if one.isdigit() and two.isdigit() and one != two:
            return f"{text[:place]}{two}{one}{text[place + 2 :]}"
    raise ValueError(f"{text} has no two different neighbouring digits")


def _transpose(key: Key) -> Callable[[Sheets], Sheets]:
    return lambda sheets: _change(sheets, {key: _transposed(printed(sheets)[key])})


def _copy(source: Key, target: Key) -> Callable[[Sheets], Sheets]:
    return lambda sheets: _change(sheets, {target: printed(sheets)[source]})


def _less(key: Key, amount: str) -> Callable[[Sheets], Sheets]:
    def apply(sheets: Sheets) -> Sheets:
        value = Decimal(printed(sheets)[key].replace(",", "")) - Decimal(amount)
        return _change(sheets, {key: str(value)})

    return apply


def _tenfold(key: Key) -> Callable[[Sheets], Sheets]:
    def apply(sheets: Sheets) -> Sheets:
        whole, _, cents = printed(sheets)[key].replace(",", "").partition(".")
        return _change(sheets, {key: f"{int(whole + cents[0]):,}.{cents[1:]}0"})

    return apply


def _shift_down(form: str, lines: tuple[str, ...]) -> Callable[[Sheets], Sheets]:
    """The amounts of neighbouring rows each printed one row too low; the first row's place is left empty."""

    def apply(sheets: Sheets) -> Sheets:
        texts = printed(sheets)
        keys = [(form, line, "amount") for line in lines]
        moved = {lower: texts[upper] for upper, lower in itertools.pairwise(keys)}
        return _change(sheets, moved | {keys[0]: ""})

    return apply


def _no_note(form: str) -> Callable[[Sheets], Sheets]:
    return lambda sheets: tuple(replace(sheet, notes=()) if sheet.form == form else sheet for sheet in sheets)


def _none(sheets: Sheets) -> Sheets:
    return sheets


FAULTS: dict[str, Fault] = {
    fault.key: fault
    for fault in (
        Fault(
            "transposed", ("R5", "H-01"),
            "一般公共预算财政拨款支出决算表中“科技转化与推广服务”（项）的项目支出，两位数字颠倒",
            "two digits exchanged in the project expenditure of one 项 of T5",
            _transpose(("general_budget", "2130106", "project")),
        ),
        Fault(
            "total_not_updated", ("T1-02", "T1-04", "X13-01"),
            "收入支出决算总表的本年支出合计没有随分类支出更新",
            "T1's 本年支出合计 is an older draft's",
            _less(("income_expenditure", "current_year_expenditure_total", "amount"), "15.00"),
        ),
        Fault(
            "shifted", ("T6-01", "T6-02"),
            "基本支出决算表人员经费自“住房公积金”起，金额整体下移一行",
            "in T6 the amounts from 30113 on are printed one row too low",
            _shift_down("basic_expenditure", ("30113", "303", "30302", "30305", "30399")),
        ),
        Fault(
            "blank_without_note", ("C-01",),
            "政府性基金预算财政拨款收入支出决算表为空白，且没有说明",
            "TF is blank and nothing says why",
            _no_note("government_fund"),
        ),
        Fault(
            "copied", ("R3", "H-01"),
            "支出决算表中职业年金缴费支出（项）的基本支出抄成了上一行的数",
            "in T3 the basic expenditure of 2080506 repeats the row above",
            _copy(("expenditure", "2080505", "basic"), ("expenditure", "2080506", "basic")),
        ),
        Fault(
            "subtotal", ("TG-01", "TG-02"),
            "“三公”经费决算数中公务用车小计与购置费、运行维护费之和不符",
            "in TG the final vehicle subtotal is not the sum of its parts",
            _transpose(("three_public", "vehicle", "final")),
        ),
        Fault(
            "replaced", ("T1-02", "X13-02"),
            "收入支出决算总表社会保障和就业支出小数点错位；后来在同一网址换成更正后的文件",
            "T1's class 208 with the decimal point one place to the right; corrected later under the same URL",
            _tenfold(("income_expenditure", "208", "amount")),
        ),
        Fault(
            "wrong_title", (),
            "网站目录和附件名写成了另一单位的名称，文件内容正确",
            "the portal's list and the attachment's name name another unit; the document itself is right",
            _none,
        ),
    )
}  # fmt: skip
