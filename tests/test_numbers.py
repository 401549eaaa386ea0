from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.lift.money import settle_decimals, stated_unit
from pipeline.lift.numbers import is_nothing, read_number

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False)


def full_width(text):
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


@given(AMOUNTS, st.integers(0, 6), st.booleans(), st.booleans(), st.sampled_from(["minus", "brackets", "▲", "−"]))
def test_every_way_of_printing_an_amount_gives_it_back(amount, decimals, separators, wide, negative):
    value = round(amount, decimals)
    body = f"{abs(value):,.{decimals}f}" if separators else f"{abs(value):.{decimals}f}"
    if value < 0:
        body = {"minus": f"-{body}", "brackets": f"({body})", "▲": f"▲{body}", "−": f"−{body}"}[negative]
    printed = full_width(body) if wide else body
    assert read_number(printed) == (value, decimals)
    assert read_number(f" {printed[:2]}\n{printed[2:]} ") == (value, decimals)


@pytest.mark.parametrize("text", ["", "-", "—", "--", "－", "——", " ", "无", "/", "─"])
def test_signs_for_nothing(text):
    assert is_nothing(text)
    assert read_number(text) is None


@pytest.mark.parametrize(
    "text", ["1,23.4", "12,34", "1.2.3", "1,2345", "9.0O", "1.5%", "2024年", "1 234 元", "(5", "--3", "1,234,56", "."]
)
def test_what_is_no_number(text):
    assert read_number(text) is None
    assert not is_nothing(text)


@pytest.mark.parametrize(("text", "value"), [(".5", "0.5"), ("1，165．30", "1165.30"), ("0", "0"), ("-0.00", "0.00")])
def test_rare_but_legal(text, value):
    assert read_number(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (["部门：某局", "单位：", "万元"], 10_000),
        (["决算数（万元）"], 10_000),
        (["单位：元宝区财政局"], 0),
        (["单位：元编制单位：某局"], 1),
        (["金额单位：人民币万元"], 10_000),
        (["单位：亿元"], 100_000_000),
        (["单位：万元", "单位：元"], 0),
        (["某某单位万元户"], 0),
    ],
)
def test_money_units(texts, unit):
    assert stated_unit(texts) == unit


def numbers(*texts):
    return [read_number(text) for text in texts]


@pytest.mark.parametrize(
    ("tables", "decimals"),
    [
        ([(10_000, numbers("1.20", "3.45")), (10_000, numbers("0", "0"))], [2, 2]),
        ([(10_000, numbers("1.2", "3.45", "3.45")), (10_000, numbers("5", "0"))], [2, 2]),  # trailing zeros dropped
        ([(10_000, numbers("1.20", "3.45")), (10_000, numbers("5", "0"))], [2, 0]),
        ([(10_000, numbers("1.20")), (1, numbers("500"))], [2, 0]),
        ([(10_000, numbers("1.20")), (1, numbers("0.00"))], [2, 2]),
        ([(1, numbers("120", "0"))], [0]),
        # one formula that nobody rounded, among numbers that are
        ([(10_000, numbers(*["1.20"] * 20)), (10_000, numbers("7.1630208", "3.45", "2.5"))], [2, 2]),
        ([(1, [])], [0]),
    ],
)
def test_the_digits_that_a_table_stands_for(tables, decimals):
    assert settle_decimals(tables) == decimals
