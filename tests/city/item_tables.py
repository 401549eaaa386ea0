"""The table of basic expenditure by economic subject, and the table of the three public expenses."""

from __future__ import annotations

from itertools import zip_longest

from tests.city.sheets import Cell, Printer, Row, Sheet, head, subjects

_PERSONNEL, _GOODS, _OTHER = ("301", "303"), ("302",), ("307", "310", "399")
_LINES = (
    ("total", "合计"),
    ("abroad", "因公出国（境）费"),
    ("vehicle", "小计"),
    ("vehicle_purchase", "公务用车购置费"),
    ("vehicle_operation", "公务用车运行维护费"),
    ("reception", "公务接待费"),
)
_VEHICLES = "公务用车购置及运行维护费"


def basic_expenditure(printer: Printer) -> Sheet:
    form, style = "basic_expenditure", printer.style
    groups = (_PERSONNEL, _GOODS, _OTHER) if style.blocks == 3 else (_PERSONNEL, _GOODS + _OTHER)
    split = style.codes != "one"
    blocks = [[_item(printer, code) for code in _codes(printer, group)] for group in groups]
    width = 4 if split else 3
    body: list[Row] = [
        tuple(cell for block in row for cell in block) for row in zip_longest(*blocks, fillvalue=(Cell(),) * width)
    ]
    name = width - 1
    personnel = (head("人员经费合计", columns=name), printer.amount(form, "personnel_total", "amount"))
    public = (
        head("公用经费合计", columns=name + width * (style.blocks - 2)),
        printer.amount(form, "public_total", "amount"),
    )
    body.append((*personnel, *public))
    if style.block_total:
        total = sum(printer.book.cells[form, line, "amount"] for line in ("personnel_total", "public_total"))
        amount = Cell(style.money(total), align="r", key=(form, "total", "amount"))
        body.append((head("基本支出合计", columns=width * style.blocks - 1), amount))
    header = _block_header(style.blocks, style.amount_heading if split else "金额", split=split)
    code = (5.0, 4.0) if split else (9.0,)
    return printer.sheet(form, header, body, (*code, 24.0, 12.0) * style.blocks)


def _codes(printer: Printer, classes: tuple[str, ...]) -> list[str]:
    known = [code for code in subjects() if code[:3] in classes and len(code) <= len("30101")]
    if printer.style.used_items_only:
        known = [code for code in known if printer.book.cells.get(("basic_expenditure", code, "amount"))]
    return sorted(known, key=lambda code: (classes.index(code[:3]), code))


def _item(printer: Printer, code: str) -> tuple[Cell, ...]:
    style = printer.style
    amount = printer.amount("basic_expenditure", code, "amount")
    indent = style.indent if len(code) > len("301") else ""
    name = Cell(indent + subjects()[code])
    if style.codes == "one":
        return (Cell(indent + code), name, amount)
    if style.codes == "split_own":
        return (head(code if len(code) == len("301") else ""), head(code[3:]), name, amount)
    return (head(code[:3]), head(code[3:]), name, amount)


def _block_header(blocks: int, amount: str, *, split: bool) -> tuple[Row, ...]:
    width = 4 if split else 3
    top = (head("人员经费", columns=width), head("公用经费", columns=width * (blocks - 1)))
    if not split:
        return (top, (head("经济分类科目代码"), head("科目名称"), head(amount)) * blocks)
    second = (head("经济分类科目编码", columns=2), head("科目名称", rows=2), head(amount, rows=2)) * blocks
    return (top, second, (head("类"), head("款")) * blocks)


def three_public(printer: Printer) -> Sheet:
    style = printer.style
    header = _interleaved_header() if style.interleaved else _halves_header(column_numbers=style.column_numbers)
    order = (
        [(line, measure) for line, _ in _LINES for measure in ("budget", "final")]
        if style.interleaved
        else [(line, measure) for measure in ("budget", "final") for line, _ in _LINES]
    )
    row = tuple(printer.amount("three_public", line, measure) for line, measure in order)
    return printer.sheet("three_public", header, (row,), (10.0,) * 12)


def _halves_header(*, column_numbers: bool) -> tuple[Row, ...]:
    half = (
        head("合计", rows=2),
        head("因公出国（境）费", rows=2),
        head(_VEHICLES, columns=3),
        head("公务接待费", rows=2),
    )
    parts = tuple(head(name) for _, name in _LINES[2:5])
    rows: tuple[Row, ...] = ((head("预算数", columns=6), head("决算数", columns=6)), half * 2, parts * 2)
    return (*rows, tuple(head(str(number)) for number in range(1, 13))) if column_numbers else rows


def _interleaved_header() -> tuple[Row, ...]:
    top = (head("财政拨款“三公”经费", columns=12),)
    items = (
        head("合计", rows=2, columns=2),
        head("因公出国（境）费", rows=2, columns=2),
        head(_VEHICLES, columns=6),
        head("公务接待费", rows=2, columns=2),
    )
    parts = tuple(head(name, columns=2) for _, name in _LINES[2:5])
    return (top, items, parts, (head("预算数"), head("决算数")) * 6)
