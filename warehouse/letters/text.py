"""Words of letters: names of rows and columns, Chinese numerals, text fit for any format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_DIGITS = "〇一二三四五六七八九"

KINDS = {
    "omitted": "漏填",
    "misprint": "数字录入有误",
    "transposed": "相邻数字颠倒",
    "dropped": "漏录一位数字",
    "doubled": "重录一位数字",
    "digit": "一位数字录错",
    "point": "小数点错位",
    "unit": "元与万元混用",
    "sign": "正负号有误",
    "swapped": "两栏数字互换",
    "copied": "误抄相邻数字",
    "shifted": "数字整体错行",
    "missing_row": "漏列一行",
    "stale_total": "合计未随分项更新",
    "stale": "沿用上年数字",
    "other_cell": "误取其他数字",
}
"""The kinds of slips, as a letter puts them."""


def clean(text: str) -> str:
    """Text out of a report without what no format can hold or what would turn the writing about; on one line."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def numeral(number: int) -> str:
    """1 to 99 as 一 to 九十九; larger ones in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones or not tens else "")


def row_name(line: str, label: str) -> str:
    """A row by its printed name and, if it has one, the subject code."""
    name = clean(label) or ("合计" if line == "total" else "")
    if line.isdigit():
        return f"{name}（{line}）" if name else line
    return name


def column_titles(con: duckdb.DuckDBPyConnection, form: str) -> dict[str, str]:
    """The Chinese names of a form's columns by their keys."""
    found = con.execute("SELECT measure, title FROM ref.form_measure WHERE form = $1", [form]).fetchall()
    return dict(found)
