"""The tables whose rows are functional subjects: income, expenditure, general budget, fund and state capital."""

from __future__ import annotations

from tests.city.sheets import Cell, Printer, Row, Sheet, blank_rows, head, subjects

Column = tuple[str, str, str]
"""(measure, heading, heading above it or "")."""

_INCOME: tuple[Column, ...] = (
    ("total", "本年收入合计", ""),
    ("fiscal_appropriation", "财政拨款收入", ""),
    ("superior_subsidy", "上级补助收入", ""),
    ("institution_income", "事业收入", ""),
    ("operating_income", "经营收入", ""),
    ("affiliate_remittance", "附属单位上缴收入", ""),
    ("other_income", "其他收入", ""),
)
_EXPENDITURE: tuple[Column, ...] = (
    ("total", "本年支出合计", ""),
    ("basic", "基本支出", ""),
    ("project", "项目支出", ""),
    ("payment_to_superior", "上缴上级支出", ""),
    ("operating", "经营支出", ""),
    ("affiliate_subsidy", "对附属单位补助支出", ""),
)
_YEAR = "本年支出"
_THREE: tuple[Column, ...] = (("total", "小计", _YEAR), ("basic", "基本支出", _YEAR), ("project", "项目支出", _YEAR))
_FLAT: tuple[Column, ...] = (("total", "合计", ""), ("basic", "基本支出", ""), ("project", "项目支出", ""))
_SIX: tuple[Column, ...] = (
    ("opening", "年初结转和结余", ""),
    ("income", "本年收入", ""),
    *_THREE,
    ("closing", "年末结转和结余", ""),
)


def code_table(printer: Printer, form: str) -> Sheet:
    columns = _columns(printer, form)
    split = printer.style.codes != "one"
    code_columns = 3 if split else 1
    header = _header(printer, form, columns)
    if form in ("government_fund", "state_capital") and printer.is_empty(form):
        body = _empty_body(printer, form, columns)
    else:
        total = _total_row(printer, form, columns)
        rows = [_row(printer, form, columns, code) for code in printer.codes(form)]
        last = printer.style.total_row == "last" and form == "general_budget"
        body = (*rows, total) if last else (total, *rows)
    widths = (*(((5.0,) * 3) if split else (11.0,)), 26.0, *((11.0,) * len(columns)))
    assert len(widths) == code_columns + 1 + len(columns)
    return printer.sheet(form, header, body, widths)


def _columns(printer: Printer, form: str) -> tuple[Column, ...]:
    style = printer.style
    if form == "income":
        return _INCOME
    if form == "expenditure":
        return _EXPENDITURE
    if form == "government_fund" or (form == "state_capital" and style.state_capital_six):
        return _SIX
    if style.total_row == "first" and style.codes == "one":
        return _THREE
    return _FLAT


def _header(printer: Printer, form: str, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    split = printer.style.codes != "one"
    deep = 2 if not split or _total_in_header(printer, form) else 3
    top: list[Cell] = [head("项目", columns=4 if split else 2)]
    second: list[Cell] = []
    grouped = ""
    for _, heading, group in columns:
        if not group:
            top.append(head(heading, rows=deep))
        else:
            if group != grouped:
                top.append(head(group, columns=sum(1 for column in columns if column[2] == group)))
            second.append(head(heading, rows=deep - 1))
        grouped = group
    if split:
        names = (
            head("支出功能分类科目编码" if form != "income" else "功能分类科目编码", columns=3),
            head("科目名称", rows=deep - 1),
        )
        rows: tuple[Row, ...] = (tuple(top), (*names, *second), (head("类"), head("款"), head("项")))[:deep]
    else:
        rows = (tuple(top), (head("功能分类科目代码"), head("科目名称"), *second))
    if printer.style.column_numbers:
        numbers = tuple(head(str(number)) for number in range(1, len(columns) + 1))
        rows = (*rows, (head("栏次", columns=4 if split else 2), *numbers))
    return rows


def _total_in_header(printer: Printer, form: str) -> bool:
    """True where the row 类|款|项 of the heading is also the row of the total, as some places print it."""
    return printer.style.codes == "split" and form in ("income", "expenditure")


def _total_row(printer: Printer, form: str, columns: tuple[Column, ...]) -> Row:
    amounts = tuple(printer.amount(form, "total", measure) for measure, _, _ in columns)
    style = printer.style
    if style.total_row == "name":
        return (Cell(), head(printer.total_word()), *amounts)
    if _total_in_header(printer, form):
        return (head("类"), head("款"), head("项"), head(printer.total_word()), *amounts)
    return (head(printer.total_word(), columns=2 if style.codes == "one" else 4), *amounts)


def _row(printer: Printer, form: str, columns: tuple[Column, ...], code: str) -> Row:
    style = printer.style
    level = (len(code) - 1) // 2
    indent = style.indent * (level - 1)
    amounts = tuple(printer.amount(form, code, measure) for measure, _, _ in columns)
    name = Cell(indent + subjects()[code])
    if style.codes == "one":
        return (Cell(indent + code), name, *amounts)
    parts = [code[:3], code[3:5], code[5:7]]
    if style.codes == "split_own":
        parts = [part if position == level - 1 else "" for position, part in enumerate(parts)]
    return (*(head(part) for part in parts), name, *amounts)


def _empty_body(printer: Printer, form: str, columns: tuple[Column, ...]) -> tuple[Row, ...]:
    style = printer.style
    if style.empty == "head":
        return ()
    if style.empty == "zero":
        return (_total_row(printer, form, columns),)
    wide = (1 if style.codes == "one" else 3) + 1 + len(columns)
    blank = tuple(Cell(align="r", key=(form, "total", measure)) for measure, _, _ in columns)
    total = (head(printer.total_word(), columns=2 if style.codes == "one" else 4), *blank)
    return (*blank_rows(wide, 5), total) if style.total_row == "last" else (total, *blank_rows(wide, 5))
