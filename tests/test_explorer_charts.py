"""Charts: what is in them, for all eyes, and that no text out of a report does harm."""

from decimal import Decimal

import pytest
from lxml import etree

from warehouse.explorer import charts

HOSTILE = "<script>alert(1)</script>\"'&"


def words(svg):
    return [text.text for text in etree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text") if text.text]


def test_a_composition_shows_amounts_in_wan_and_puts_the_small_together():
    parts = {f"科目{n}": Decimal(n * 1_000_000) for n in range(1, 11)}
    shown = words(charts.composition(parts))
    assert {"科目10", "1,000", "900.00", "其余各项"} <= {*shown}
    assert "600.00" in shown  # 1 + 2 + 3
    assert "科目3" not in shown


def test_years_show_all_series_and_leave_out_what_is_not_known():
    shown = words(charts.years({"收入": [Decimal(10_000), None], "支出": [Decimal(20_000), Decimal(0)]}, [2023, 2024]))
    assert {"2023年", "2024年", "收入", "支出", "1.00", "2.00", "0.00"} <= {*shown}


def test_shares_are_of_each_whole():
    shown = words(
        charts.shares([("甲", {"教育": Decimal(3), "卫生": Decimal(1)}), ("乙", {"卫生": Decimal(5)}), ("丙", {})])
    )
    assert {"甲", "乙", "丙", "教育", "卫生", "75%", "25%", "100%"} <= {*shown}


@pytest.mark.parametrize("svg", [charts.composition({}), charts.years({"收入": []}, []), charts.shares([])])
def test_without_numbers_a_chart_says_so(svg):
    assert "没有数据" in words(svg)


def test_charts_have_no_scripts_and_no_outside_addresses_whatever_they_are_given():
    amount = Decimal(5_000_000)
    for svg in (
        charts.composition({HOSTILE: amount}),
        charts.years({HOSTILE: [amount], "": [None]}, [2024]),
        charts.shares([(HOSTILE, {HOSTILE: amount})]),
    ):
        etree.fromstring(svg)
        assert b"<script" not in svg
        assert b"onload" not in svg
        assert {part.split(b'"')[0] for part in svg.split(b"http")[1:]} == {
            b"://www.w3.org/2000/svg",
            b"://www.w3.org/1999/xlink",
        }


def test_the_same_numbers_give_the_same_bytes():
    assert charts.composition({"甲": Decimal(7)}) == charts.composition({"甲": Decimal(7)})
