from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase.pdfmetrics import stringWidth

from pipeline.read.columns import Interval, stab
from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch
from tests.city.expected import printed_sheets, report_of
from tests.city.sheets import Sheet, place
from tests.drawn_pdf import FONT, Drawing

if TYPE_CHECKING:
    from pipeline.model import Page, RawTable

EDGES = (60, 120, 250, 330, 410, 490)
ROWS = (
    ("201", "一般公共服务支出", "1,345.60", "1,200.00", "145.60"),
    ("20103", "政府办公厅（室）及相关机构事务", "1,345.60", "1,200.00", "145.60"),
    ("2010301", "行政运行", "900.00", "900.00", ""),
    ("208", "社会保障和就业支出", "80.25", "80.25", ""),
)


def centred(drawing: Drawing, x0: float, x1: float, y: float, text: str) -> None:
    drawing.text((x0 + x1 - stringWidth(text, FONT, 10)) / 2, y, text)


def flush_right(drawing: Drawing, x: float, y: float, text: str) -> None:
    drawing.text(x - 4 - stringWidth(text, FONT, 10), y, text)


def heading(drawing: Drawing, y: float) -> None:
    """项目 over code and name, 本年支出 over three amounts."""
    centred(drawing, EDGES[0], EDGES[2], y, "项目")
    centred(drawing, EDGES[2], EDGES[5], y, "本年支出")
    for x0, x1, text in zip(EDGES, EDGES[1:], ("科目代码", "科目名称", "小计", "基本支出", "项目支出"), strict=False):
        centred(drawing, x0, x1, y + 18, text)


def row(drawing: Drawing, y: float, texts: tuple[str, ...]) -> None:
    drawing.text(EDGES[0] + 4, y, texts[0])
    drawing.text(EDGES[1] + 4, y, texts[1], size=8)
    for x, text in zip(EDGES[3:], texts[2:], strict=True):
        flush_right(drawing, x, y, text)


def caption(drawing: Drawing) -> None:
    drawing.text(200, 60, "一般公共预算财政拨款支出决算表", size=16)
    drawing.text(60, 90, "部门：某局")
    flush_right(drawing, EDGES[5], 90, "金额单位：万元")


def pages_of(drawing: Drawing) -> tuple[Page, ...]:
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert [issue.text for issue in issues if "没有找到表格" not in issue.text] == []
    return pages


def matrix(table: RawTable) -> list[list[str]]:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = re.sub(r"\s", "", cell.text)
    return grid


def spans(table: RawTable) -> dict[str, tuple[int, int, int, int]]:
    return {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells if c.text}


@pytest.mark.parametrize("ruled", ["three lines", "every row", "no rules"])
def test_rows_columns_and_headings_without_vertical_rules(ruled):
    drawing = Drawing()
    caption(drawing)
    heading(drawing, 118)
    for index, texts in enumerate(ROWS):
        row(drawing, 158 + 20 * index, texts)
    ys = {"three lines": (104, 143, 225), "every row": (104, 143, 164, 184, 204, 225), "no rules": ()}[ruled]
    for y in ys:
        drawing.line(EDGES[0], y, EDGES[5], y)
    drawing.text(60, 245, "注：本表反映部门本年度一般公共预算财政拨款支出情况。")
    (page,) = pages_of(drawing)
    (table,) = page.tables
    assert matrix(table)[2:] == [list(texts) for texts in ROWS]
    found = spans(table)
    assert found["项目"] == (0, 0, 1, 2)
    assert found["本年支出"] == (0, 2, 1, 3)
    assert found["基本支出"] == (1, 3, 1, 1)
    blank = next(c for c in table.cells if (c.row, c.column) == (4, 4))
    assert blank.text == ""
    assert blank.box.x0 < 480 < blank.box.x1
    assert blank.box.top < 198 < blank.box.bottom
    assert [line.text for line in page.lines][-1].startswith("注：")


def test_a_partial_rule_says_how_far_a_heading_reaches():
    """The heading stands at the left of what it covers, where nothing but the rule tells."""
    drawing = Drawing()
    caption(drawing)
    for y in (104, 143, 225):
        drawing.line(EDGES[0], y, EDGES[5], y)
    drawing.line(EDGES[3] + 3, 123, EDGES[5] - 3, 123)
    drawing.text(EDGES[3] + 6, 118, "其中")
    for x0, x1, text in zip(EDGES, EDGES[1:], ("科目代码", "科目名称", "合计", "基本支出", "项目支出"), strict=False):
        centred(drawing, x0, x1, 136, text)
    for index, texts in enumerate(ROWS):
        row(drawing, 158 + 20 * index, texts)
    (page,) = pages_of(drawing)
    assert spans(page.tables[0])["其中"][1:] == (3, 1, 2)


def test_wrapped_names_are_one_cell_and_blank_columns_have_cells():
    drawing = Drawing()
    caption(drawing)
    for x0, x1, text in zip(EDGES, EDGES[1:], ("科目代码", "科目名称", "合计", "上级补助", "其他支出"), strict=False):
        centred(drawing, x0, x1, 120, text)
    row(drawing, 145, ("201", "一般公共服务支出", "1,345.60", "", "145.60"))
    for y, text in ((165, "机关事业单位基本养老"), (175, "保险缴费支出")):
        drawing.text(EDGES[1] + 4, y, text, size=8)
    row(drawing, 170, ("2080505", "", "15.67", "", "0.35"))
    row(drawing, 195, ("221", "住房保障支出", "", "", ""))
    row(drawing, 215, ("2210201", "住房公积金", "10.05", "", "1.05"))
    (page,) = pages_of(drawing)
    assert matrix(page.tables[0])[1:] == [
        ["201", "一般公共服务支出", "1,345.60", "", "145.60"],
        ["2080505", "机关事业单位基本养老保险缴费支出", "15.67", "", "0.35"],
        ["221", "住房保障支出", "", "", ""],
        ["2210201", "住房公积金", "10.05", "", "1.05"],
    ]
    (name,) = [c.text for c in page.tables[0].cells if c.text.startswith("机关")]
    assert name == "机关事业单位基本养老\n保险缴费支出"


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("place", [0, 0.5, 1])
@pytest.mark.parametrize(
    "name", [("机关事业单位基本养老", "保险缴费支出"), ("机关事业单位", "基本养老保险", "缴费支出")]
)
def test_the_first_name_may_wrap_around_its_amounts(name, place, ruled):
    """Code and amounts stand on the first line of the name, half way, or on the last."""
    drawing = Drawing()
    caption(drawing)
    for x0, x1, text in zip(EDGES, EDGES[1:], ("科目代码", "科目名称", "合计", "基本支出", "项目支出"), strict=False):
        centred(drawing, x0, x1, 110, text)
    for y in (97, 118, 250) if ruled else ():
        drawing.line(EDGES[0], y, EDGES[5], y)
    for index, line in enumerate(name):
        drawing.text(EDGES[1] + 4, 132 + 11 * index, line, size=8)
    row(drawing, 132 + place * 11 * (len(name) - 1), ("2080505", "", "15.67", "15.67", "0.00"))
    row(drawing, 180, ("201", "一般公共服务支出", "1,345.60", "1,200.00", "145.60"))
    row(drawing, 202, ("221", "住房保障支出", "10.05", "10.05", "0.00"))
    (page,) = pages_of(drawing)
    assert matrix(page.tables[0]) == [
        ["科目代码", "科目名称", "合计", "基本支出", "项目支出"],
        ["2080505", "".join(name), "15.67", "15.67", "0.00"],
        ["201", "一般公共服务支出", "1,345.60", "1,200.00", "145.60"],
        ["221", "住房保障支出", "10.05", "10.05", "0.00"],
    ]


def test_the_last_row_may_be_a_wrapped_name_with_one_amount():
    drawing = Drawing()
    caption(drawing)
    heading(drawing, 110)
    for index, texts in enumerate(ROWS):
        row(drawing, 150 + 20 * index, texts)
    for y, text in ((230, "机关事业单位基本养老"), (239, "保险缴费支出")):
        drawing.text(EDGES[1] + 4, y, text, size=8)
    flush_right(drawing, EDGES[3], 234.5, "15.67")
    drawing.text(EDGES[0], 270, "注：本表反映部门本年度支出情况。")
    (page,) = pages_of(drawing)
    assert matrix(page.tables[0])[2:] == [
        *map(list, ROWS),
        ["", "机关事业单位基本养老保险缴费支出", "15.67", "", ""],
    ]


def test_headings_set_to_the_left_cover_the_columns_on_their_right():
    drawing = Drawing()
    caption(drawing)
    for x, text in ((EDGES[0], "项目"), (EDGES[2], "本年支出")):
        drawing.text(x + 4, 110, text)
    for x, text in zip(EDGES, ("科目代码", "科目名称", "小计", "基本支出", "项目支出"), strict=False):
        drawing.text(x + 4, 128, text)
    for index, texts in enumerate(ROWS):
        row(drawing, 146 + 18 * index, texts)
    (page,) = pages_of(drawing)
    (table,) = page.tables
    assert spans(table)["项目"] == (0, 0, 1, 2)
    assert spans(table)["本年支出"] == (0, 2, 1, 3)
    assert matrix(table)[2:] == [list(texts) for texts in ROWS]


def test_words_over_columns_of_figures_are_merged_cells():
    drawing = Drawing()
    caption(drawing)
    heading(drawing, 118)
    for index, texts in enumerate(ROWS):
        row(drawing, 158 + 20 * index, texts)
    centred(drawing, EDGES[0], EDGES[4], 238, "人员经费和公用经费合计")
    flush_right(drawing, EDGES[5], 238, "145.60")
    (page,) = pages_of(drawing)
    cells = [c for c in page.tables[0].cells if c.row == page.tables[0].rows - 1]
    total = next(c for c in cells if c.text)
    assert total.column + total.column_span == 4
    assert cells[-1].text == "145.60"


def test_shaded_rows_are_rows():
    drawing = Drawing()
    caption(drawing)
    for index in range(0, 4, 2):
        drawing.box(EDGES[0], 145 + 20 * index, EDGES[5], 165 + 20 * index, color=0.9)
    heading(drawing, 110)
    for index, texts in enumerate(ROWS):
        row(drawing, 159 + 20 * index, texts)
    (page,) = pages_of(drawing)
    assert matrix(page.tables[0])[-4:] == [list(texts) for texts in ROWS]


def test_a_last_row_alone_on_its_page_belongs_to_the_table():
    drawing = Drawing()
    caption(drawing)
    heading(drawing, 118)
    for index, texts in enumerate(ROWS):
        row(drawing, 158 + 20 * index, texts)
    drawing.next_page()
    row(drawing, 70, ("2210201", "住房公积金", "10.05", "", "0.05"))
    drawing.text(280, 800, "— 6 —")
    (table,) = stitch(pages_of(drawing))
    assert [part.page for part in table.parts] == [1, 2]
    assert matrix(table.parts[1]) == [["2210201", "住房公积金", "10.05", "", "0.05"]]


def test_an_amount_that_touches_a_name_is_a_cell_of_its_own():
    drawing = Drawing()
    flush_right(drawing, 500, 90, "单位：万元")
    for x, text in ((80, "项目"), (240, "决算数"), (320, "项目"), (460, "决算数")):
        drawing.text(x, 120, text)
    for y, amount, name in ((140, "1,345.60", "一、一般公共服务支出"), (160, "80.25", "二、外交支出")):
        drawing.text(64, y, "本年收入")
        drawing.text(298 - stringWidth(amount, FONT, 10), y, amount)
        drawing.text(300, y, name)
        flush_right(drawing, 500, y, "12.50")
    (page,) = pages_of(drawing)
    assert matrix(page.tables[0])[1:] == [
        ["本年收入", "1,345.60", "一、一般公共服务支出", "12.50"],
        ["本年收入", "80.25", "二、外交支出", "12.50"],
    ]


def test_a_number_broken_over_two_lines_is_one():
    drawing = Drawing()
    caption(drawing)
    heading(drawing, 118)
    row(drawing, 160, ("301", "工资福利支出", "10,689,926.8", "1,200.00", "145.60"))
    flush_right(drawing, EDGES[3], 172, "9")
    row(drawing, 187, ("302", "商品和服务支出", "80.25", "80.25", ""))
    row(drawing, 207, ("303", "对个人和家庭的补助", "80.25", "80.25", ""))
    (page,) = pages_of(drawing)
    assert [texts[2] for texts in matrix(page.tables[0])[2:]] == ["10,689,926.89", "80.25", "80.25"]


def contents(drawing: Drawing) -> None:
    drawing.text(270, 80, "目　录", size=16)
    for index in range(8):
        drawing.text(80, 120 + 24 * index, f"{index + 1}")
        drawing.text(110, 120 + 24 * index, f"第{index + 1}部分　单位概况及决算情况说明")
        flush_right(drawing, 500, 120 + 24 * index, f"{index + 3}")


def contents_with_leaders(drawing: Drawing) -> None:
    drawing.text(270, 80, "目　录", size=16)
    for index in range(8):
        drawing.text(80, 120 + 24 * index, f"{index + 1}、收入支出决算总表" + "." * 60)
        flush_right(drawing, 500, 120 + 24 * index, f"{index + 3}")


def prose(drawing: Drawing) -> None:
    """Amounts below one another, and white space around them, as justified lines have."""
    for index in range(12):
        drawing.text(80, 100 + 22 * index, "本年收入合计", size=12)
        drawing.text(170, 100 + 22 * index, f"{1345.6 + index:,.2f}", size=12)
        drawing.text(225, 100 + 22 * index, "万元，其中财政拨款收入占总收入的比重较上年有所增加，", size=12)


def cover(drawing: Drawing) -> None:
    for y, label, text in (
        (400, "单位名称", "某局"),
        (430, "编制日期", "2025 年 8 月 15 日"),
        (460, "电　　话", "0772 2850000"),
    ):
        drawing.text(150, y, label, size=14)
        drawing.text(260, y, text, size=14)
        drawing.line(250, y + 4, 450, y + 4)


def signatures(drawing: Drawing) -> None:
    for y in (700, 720):
        for x, text in ((80, "单位负责人："), (250, "财务负责人："), (420, "制表人：")):
            drawing.text(x, y, text)


@pytest.mark.parametrize("draw", [contents, contents_with_leaders, prose, cover, signatures])
def test_what_is_no_table_stays_text(draw):
    drawing = Drawing()
    draw(drawing)
    (page,) = pages_of(drawing)
    assert page.tables == ()
    assert page.lines


def test_a_page_of_prose_is_not_searched_for_tables(monkeypatch):
    drawing = Drawing()
    for index in range(20):
        drawing.text(80, 100 + 22 * index, "本单位2024年度收入总计1,345.60万元，与上年相比增加12.50万元，增长0.94%。")
    data = drawing.bytes()
    monkeypatch.setattr("pipeline.read.unruled.find_tables", None)
    pages, _ = read_pages(data, "样本.pdf")
    assert pages[0].lines


INTERVALS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: Interval(pair[0], pair[0] + pair[1])),
    max_size=30,
)


@given(INTERVALS)
def test_stabbing_places_hit_every_interval_and_none_is_idle(intervals):
    places = stab(intervals)
    for interval in intervals:
        assert any(interval.start <= place.start and place.stop <= interval.stop for place in places)
    disjoint, last = 0, -1.0  # as many intervals that share no point need as many places
    for interval in sorted(intervals, key=lambda interval: interval.stop):
        if interval.start > last:
            disjoint, last = disjoint + 1, interval.stop
    assert len(places) == disjoint


def body_rows(sheet: Sheet) -> list[list[str]]:
    rows = [[""] * len(sheet.widths) for _ in sheet.body]
    for number, column, cell in place(sheet.body):
        rows[number][column] = re.sub(r"\s", "", cell.text)
    return rows


@pytest.mark.parametrize("file", ["2022/rescue.pdf", "2023/rescue.pdf", "2024/rescue.pdf", "2024/school.pdf"])
def test_every_cell_of_the_city_s_unruled_tables(file):
    data = (Path(__file__).parent / "city/reports" / file).read_bytes()
    pages, issues = read_pages(data, file)
    assert issues == ()
    tables = stitch(pages)
    sheets = printed_sheets(report_of(file))
    assert len(tables) == len(sheets)
    for table, sheet in zip(tables, sheets, strict=True):
        rows = [texts for part in table.parts for texts in matrix(part)]
        found = [[text for text in texts if text] for texts in rows]
        for texts in body_rows(sheet):
            # words of merged cells may stand in any of the columns, amounts may not
            match = rows[found.index([text for text in texts if text])]
            assert len(match) == len(texts)
            amounts = [(i, text) for i, text in enumerate(texts) if re.fullmatch(r"-?[\d,.]+", text)]
            assert [(i, match[i]) for i, _ in amounts] == amounts
        headings = {(re.sub(r"\s", "", c.text), c.column, c.column_span) for c in table.parts[0].cells}
        assert {(c.text, column, c.columns) for _, column, c in place(sheet.header) if c.text} <= headings


def test_a_stray_sign_between_amounts_moves_no_column():
    """What a stamp leaves beside an amount is no cell, and the gap between must not draw other columns' edges to it."""
    edges = (60, 180, 270, 360, 450)
    drawing = Drawing()
    drawing.text(200, 60, "支出决算表", size=16)
    flush_right(drawing, edges[-1], 90, "金额单位：元")
    for x0, x1, text in zip(edges, edges[1:], ("项目", "项目支出", "上缴上级支出", "经营支出"), strict=False):
        centred(drawing, x0, x1, 130, text)
    names = [f"第{n}项支出" for n in "一二三四五六七八九"]
    rows = [(name, "0" if index > 4 else "4,720,744", "0", "0") for index, name in enumerate(names)]
    for index, (name, *amounts) in enumerate(rows):
        drawing.text(edges[0] + 4, 160 + 18 * index, name)
        for x, text in zip(edges[2:], amounts, strict=True):
            flush_right(drawing, x, 160 + 18 * index, text)
    flush_right(drawing, edges[2] - 14, 160 + 18 * 6, "E")
    (table,) = pages_of(drawing)[0].tables
    found = matrix(table)
    assert found[0] == ["项目", "项目支出", "上缴上级支出", "经营支出"]
    assert found[1:6] == [list(texts) for texts in rows[:5]]
    assert found[7][1] == "E0"  # and no number
