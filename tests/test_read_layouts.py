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


def written(drawing, mode, *, shift=0.0):
    """The texts once more in this render mode (3: invisible), a little further right and down."""
    for bottom, row in zip(YS[1:], TEXTS, strict=True):
        for x, text in zip(XS, row, strict=False):
            line = drawing.canvas.beginText(x + 4 + shift, drawing.height - bottom + 6 - shift)
            line.setFont(FONT, 10)
            line.setTextRenderMode(mode)
            line.textOut(text)
            drawing.canvas.drawText(line)


@layout
def invisible_text_over_a_scan(drawing):
    drawing.grid(XS, YS)
    written(drawing, 3)
    return [TEXTS]


@layout
def invisible_text_beside_the_same_text(drawing):
    drawing.grid(XS, YS, TEXTS)
    written(drawing, 3, shift=1.8)
    return [TEXTS]


@layout
def bold_by_a_second_stroke(drawing):
    drawing.grid(XS, YS, TEXTS)
    written(drawing, 1, shift=0.3)
    return [TEXTS]


def clipped(drawing, box, draw):
    drawing.canvas.saveState()
    path = drawing.canvas.beginPath()
    x0, top, x1, bottom = box
    path.rect(x0, drawing.height - bottom, x1 - x0, bottom - top)
    drawing.canvas.clipPath(path, stroke=0)
    draw()
    drawing.canvas.restoreState()


@layout
def text_that_is_clipped_away(drawing):
    drawing.grid(XS, YS, TEXTS)
    clipped(drawing, (500, 500, 600, 600), lambda: drawing.text(206, 151, "旧数9.99"))
    return [TEXTS]


@layout
def name_that_its_cell_clips_beside_a_number(drawing):
    name = "机关事业单位基本养老保险缴费支出和职业年金缴费"
    drawing.grid(XS, YS, TEXTS[:2])
    clipped(drawing, (60, 160, 200, 190), lambda: drawing.text(64, 184, name))
    drawing.text(250, 184, "5.00")
    drawing.text(350, 184, "6.00")
    return [[*TEXTS[:2], (name, "5.00", "6.00")]]


@layout
def table_lying_sideways_on_an_upright_page(drawing):
    for y in range(40, 140, 16):
        drawing.text(60, y, "本年度收入支出的总体情况说明如下，与上年相比增加的主要原因是人员经费增加。")
    drawing.canvas.translate(421, 421)
    drawing.canvas.rotate(90)
    drawing.canvas.translate(-421, -421)
    drawing.grid(XS, YS, TEXTS)
    return [TEXTS]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name):
    check(LAYOUTS[name])
