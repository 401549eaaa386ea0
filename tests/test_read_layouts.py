"""Tables drawn as word processors, spreadsheets and print drivers draw them: each must give exactly its grid.

Every layout is a function that draws on a `Drawing` and returns the grids that must be read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from pipeline.read.document import read_pages
from tests.drawn_pdf import FONT, Drawing

if TYPE_CHECKING:
    from pipeline.model import RawTable

XS, YS = (60, 200, 300, 400), (100, 130, 160, 190)
TEXTS = (("科目", "预算数", "决算数"), ("行政运行", "1,234.56", "-0.01"), ("合计", "1,234.56", "-0.01"))
LAYOUTS = {}


def layout(draw):
    LAYOUTS[draw.__name__] = draw
    return draw


def grid_of(table: RawTable) -> list[list[str]]:
    """Texts without white space; places covered by a merged cell are empty."""
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = re.sub(r"\s", "", cell.text)
    return grid


def check(draw) -> None:
    drawing = Drawing(842, 842)
    expected = draw(drawing)
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    grids = [grid_of(table) for page in pages for table in page.tables]
    assert grids == [[list(row) for row in grid] for grid in expected]
    assert [issue.text for issue in issues if grids] == []


def flush_right(drawing, x, y, text):
    drawing.text(x - 4 - stringWidth(text, FONT, 10), y, text)


def inner_rules(drawing, *, left, right, top, bottom):
    """The rules of a grid, with some of its outer sides."""
    for x in XS[not left : len(XS) - (not right)]:
        drawing.line(x, YS[0], x, YS[-1])
    for y in YS[not top : len(YS) - (not bottom)]:
        drawing.line(XS[0], y, XS[-1], y)


@pytest.mark.parametrize("sides", ["", "top", "left", "bottom", "left right", "top bottom", "left top right"])
def test_missing_sides(sides):
    def draw(drawing):
        inner_rules(drawing, **{side: side in sides.split() for side in ("left", "right", "top", "bottom")})
        drawing.texts(XS, YS, TEXTS)
        return [TEXTS]

    check(draw)


@layout
def merged_cells_that_the_page_cuts_at_both_ends(drawing):
    for x in (60, 120, 200, 300, 400):
        drawing.line(x, 20, x, 140)
    for y in (20, 60, 100, 140):
        drawing.line(200, y, 400, y)
    for x, text in ((64, "绩效指标"), (124, "产出指标")):
        drawing.text(x, 80, text)
    drawing.texts((200, 300), (20, 60, 100, 140), (("培训", "90%"), ("办案", "95%"), ("宣传", "98%")))
    return [[("绩效指标", "产出指标", "培训", "90%"), ("", "", "办案", "95%"), ("", "", "宣传", "98%")]]


@layout
def row_that_the_page_cuts_above_beside_a_merged_cell_that_it_closes(drawing):
    xs = (60, 200, 300, 400)
    for x in xs:
        drawing.line(x, 20, x, 120)
    drawing.line(60, 20, 200, 20)
    drawing.line(60, 120, 400, 120)
    for y in (50, 80):
        drawing.line(200, y, 400, y)
    drawing.texts((200, 300), (20, 50, 80, 120), (("指标", "指标值"), ("培训", "90%"), ("办案", "95%")))
    return [[("", "指标", "指标值"), ("", "培训", "90%"), ("", "办案", "95%")]]


@layout
def underlined_running_header_as_wide_as_the_table(drawing):
    drawing.text(60, 40, "某局2024年度部门决算")
    drawing.line(60, 45, 400, 45)
    drawing.grid(XS, YS, TEXTS)
    drawing.line(60, 800, 400, 800)
    return [TEXTS]


@layout
def number_too_long_for_its_cell(drawing):
    xs = (60, 200, 240, 280)
    drawing.grid(xs, YS, (("科目", "预算", "决算"), ("合计", "", "")))
    flush_right(drawing, 280, 154, "123,456,789.01")
    flush_right(drawing, 280, 184, "2080505001")
    return [[("科目", "预算", "决算"), ("合计", "", "123,456,789.01"), ("", "", "2080505001")]]


@layout
def numbers_that_touch_and_overlap_the_edge_between_them(drawing):
    width = stringWidth("1,234,567.89", FONT, 10)
    xs = (60, 150, 150 + width - 2, 150 + 2 * width)
    drawing.grid(xs, YS, (("科目", "预算", "决算"), ("甲", "", ""), ("乙", "", "")))
    for y in (154, 184):
        drawing.text(150, y, "1,234,567.89")
        drawing.text(150 + width, y, "9,876,543.21")
    amounts = ("1,234,567.89", "9,876,543.21")
    return [[("科目", "预算", "决算"), ("甲", *amounts), ("乙", *amounts)]]


@layout
def double_rules(drawing):
    for offset in (-2, 2):
        drawing.grid([x + offset for x in XS], [y + offset for y in YS])
    drawing.texts(XS, YS, TEXTS)
    return [TEXTS]


@layout
def rows_no_higher_than_their_type(drawing):
    ys = [100 + 7 * row for row in range(8)]
    texts = [(f"科目{row}", f"{row},234.56", f"{row}.00") for row in range(7)]
    drawing.grid(XS, ys)
    for bottom, row in zip(ys[1:], texts, strict=True):
        for x, text in zip(XS, row, strict=False):
            drawing.text(x + 2, bottom - 0.8, text, size=8)
    return [texts]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name):
    check(LAYOUTS[name])
