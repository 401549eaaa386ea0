from __future__ import annotations

from itertools import pairwise

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from pipeline.issues import IssueKind
from pipeline.model import Box, Page, RawTable
from pipeline.read import pdfium, plumber
from pipeline.read.document import read_pages
from pipeline.read.glyphs import Glyph, Glyphs
from pipeline.read.grid import fill
from pipeline.read.ink import Ink
from pipeline.read.page import recognise
from pipeline.read.ruling import find_tables
from tests.drawn_pdf import FONT, Drawing

XS, YS = (60, 200, 300, 400), (100, 130, 160, 190)
TEXTS = (("科目", "预算数", "决算数"), ("行政运行", "1,234.56", "-0.01"), ("合计", "1,234.56", "-0.01"))


def page_of(drawing: Drawing) -> Page:
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert not issues
    return pages[0]


def rows(table: RawTable) -> list[list[str]]:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = cell.text
    return grid


def expected(texts=TEXTS) -> list[list[str]]:
    return [list(row) for row in texts]


def test_ruled_table_and_lines_around_it():
    drawing = Drawing()
    drawing.text(200, 60, "收入决算表", size=16)
    drawing.text(60, 90, "部门：某局")
    drawing.text(340, 90, "金额单位：万元")
    drawing.grid(XS, YS, TEXTS)
    drawing.text(60, 210, "注：本表反映收入。")
    page = page_of(drawing)
    assert [rows(table) for table in page.tables] == [expected()]
    assert [line.text for line in page.lines] == ["收入决算表", "部门：某局  金额单位：万元", "注：本表反映收入。"]
    assert page.tables[0].box == pytest.approx(Box(60, 100, 400, 190), abs=1)
    cell = page.tables[0].cells[4]
    assert (cell.row, cell.column, cell.page) == (1, 1, 1)
    assert cell.box == pytest.approx(Box(200, 130, 300, 160), abs=1)


def test_merged_header_cells_stand_once_with_their_spans():
    drawing = Drawing()
    drawing.line(60, 100, 400, 100)
    drawing.line(200, 130, 400, 130)
    drawing.line(60, 160, 400, 160)
    drawing.line(60, 190, 400, 190)
    for x, top in ((60, 100), (200, 100), (300, 130), (400, 100)):
        drawing.line(x, top, x, 190)
    drawing.text(100, 132, "项目")
    drawing.text(260, 120, "支出")
    table = page_of(drawing).tables[0]
    spans = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells if cell.text}
    assert spans == {"项目": (0, 0, 2, 1), "支出": (0, 1, 1, 2)}
    covered = [
        (r, c)
        for x in table.cells
        for r in range(x.row, x.row + x.row_span)
        for c in range(x.column, x.column + x.column_span)
    ]
    assert len(covered) == len(set(covered)) == table.rows * table.columns


def test_wrapped_text_keeps_its_lines():
    drawing = Drawing()
    drawing.grid(XS, (100, 150, 180))
    drawing.text(64, 120, "一般公共预算")
    drawing.text(64, 134, "财政拨款")
    assert page_of(drawing).tables[0].cells[0].text == "一般公共预算\n财政拨款"


def test_white_fills_make_no_cells():
    drawing = Drawing()
    for y in range(40, 100, 20):
        drawing.box(60, y, 200, y + 20, 1)
        drawing.box(200, y, 400, y + 20, 1)
    drawing.box(60, 115, 200, 122, 1)
    drawing.text(100, 60, "公开01表")
    drawing.grid(XS, YS, TEXTS)
    page = page_of(drawing)
    assert [rows(table) for table in page.tables] == [expected()]
    assert [line.text for line in page.lines] == ["公开01表"]


def test_highlighted_text_splits_no_cell():
    drawing = Drawing()
    drawing.box(64, 132, 110, 158, 0.8)
    drawing.grid(XS, YS, TEXTS)
    assert rows(page_of(drawing).tables[0]) == expected()


def test_table_of_coloured_areas_without_rules():
    drawing = Drawing()
    for left, right in pairwise(XS):
        for top, bottom in pairwise(YS):
            drawing.box(left + 0.5, top + 0.5, right - 0.5, bottom - 0.5, 0.9)
    drawing.texts(XS, YS, TEXTS)
    assert rows(page_of(drawing).tables[0]) == expected()


def test_shaded_lines_of_text_are_no_table():
    drawing = Drawing()
    for y in (100, 114, 128):
        drawing.box(60, y, 400, y + 14, 0.9)
        drawing.text(64, y + 11, "一段加了底纹的文字")
    drawing.grid((60, 200, 400), (300, 330, 360))
    page = page_of(drawing)
    assert len(page.tables) == 1
    assert len(page.lines) == 3


@pytest.mark.parametrize(
    "draw_rule",
    [
        lambda d, x0, y0, x1, y1: d.box(x0, y0, max(x1, x0 + 0.5), max(y1, y0 + 0.5), 0),
        lambda d, x0, y0, x1, y1: [
            d.box(x, y, x + (2 if x1 > x0 else 0.7), y + (2 if y1 > y0 else 0.7), 0)
            for x in ([x0 + 3.5 * i for i in range(int((x1 - x0) / 3.5) + 1)])
            for y in ([y0 + 3.5 * i for i in range(int((y1 - y0) / 3.5) + 1)])
        ],
        lambda d, x0, y0, x1, y1: [
            d.line(
                x0 + (x1 - x0) * i / 7,
                y0 + (y1 - y0) * i / 7,
                x0 + (x1 - x0) * (i + 1) / 7,
                y0 + (y1 - y0) * (i + 1) / 7,
            )
            for i in range(7)
        ],
    ],
    ids=["thin rectangles", "dashes as rectangles", "pieces"],
)
def test_rules_however_drawn(draw_rule):
    drawing = Drawing()
    for x in XS:
        draw_rule(drawing, x, YS[0], x, YS[-1])
    for y in YS:
        draw_rule(drawing, XS[0], y, XS[-1], y)
    drawing.texts(XS, YS, TEXTS)
    assert [rows(table) for table in page_of(drawing).tables] == [expected()]


def test_open_sides_are_closed():
    drawing = Drawing()
    for x in XS[1:-1]:
        drawing.line(x, YS[0], x, YS[-1])
    for y in YS:
        drawing.line(XS[0], y, XS[-1], y)
    drawing.texts(XS, YS, TEXTS)
    assert rows(page_of(drawing).tables[0]) == expected()


def test_last_row_without_its_lower_rule():
    drawing = Drawing()
    for x in XS:
        drawing.line(x, YS[0], x, YS[-1])
    for y in YS[:-1]:
        drawing.line(XS[0], y, XS[-1], y)
    drawing.texts(XS, YS, TEXTS)
    assert rows(page_of(drawing).tables[0]) == expected()


def test_merged_cell_cut_by_the_page_end_keeps_its_text():
    drawing = Drawing()
    for x in XS:
        drawing.line(x, YS[0], x, YS[-1])
    drawing.line(XS[0], YS[0], XS[-1], YS[0])
    for y in YS[1:]:
        drawing.line(XS[1], y, XS[-1], y)
    drawing.text(64, 150, "效益指标")
    table = page_of(drawing).tables[0]
    cut = table.cells[0]
    assert (cut.text, cut.row, cut.column, cut.row_span) == ("效益指标", 0, 0, 3)


def test_fake_bold_counts_once():
    drawing = Drawing()
    drawing.grid(XS, YS)
    for shift in (0, 0.3, 0.6):
        drawing.text(64 + shift, 124, "合计")
        drawing.text(204 + shift, 124, "11,111.11")
    cells = page_of(drawing).tables[0].cells
    assert [cell.text for cell in cells[:2]] == ["合计", "11,111.11"]


def test_letter_spacing_parts_no_number():
    drawing = Drawing()
    drawing.grid(XS, YS)
    drawing.text(204, 124, "1,234.56", spacing=3)
    assert page_of(drawing).tables[0].cells[1].text == "1,234.56"


def test_digits_on_another_baseline_stay_in_their_line():
    drawing = Drawing()
    x = 60.0
    for baseline, text in ((60, "支出总计"), (63, "2995.39"), (60, "万元，增长")):
        drawing.text(x, baseline, text)
        x += stringWidth(text, FONT, 10)
    drawing.text(60, 76, "第二行")
    drawing.grid(XS, YS)
    assert [line.text for line in page_of(drawing).lines] == ["支出总计2995.39万元，增长", "第二行"]


def test_overlong_name_does_not_run_into_the_amount():
    drawing = Drawing()
    drawing.grid(XS, YS)
    drawing.text(150, 124, "资本性支出补助")
    drawing.text(260, 124, "88.00")
    assert [cell.text for cell in page_of(drawing).tables[0].cells[:2]] == ["资本性支出补助", "88.00"]


def test_slanted_watermark_is_no_cell_text():
    drawing = Drawing()
    drawing.grid(XS, YS, TEXTS)
    drawing.canvas.saveState()
    drawing.canvas.translate(150, drawing.height - 190)
    drawing.canvas.rotate(30)
    drawing.text(0, drawing.height, "内部资料请勿外传", size=30)
    drawing.canvas.restoreState()
    page = page_of(drawing)
    assert rows(page.tables[0]) == expected()
    assert page.lines == ()


def test_page_number_over_the_table_is_no_cell_text():
    drawing = Drawing()
    drawing.grid(XS, YS, TEXTS)
    drawing.text(220, 172, "— 13 —", size=6)
    page = page_of(drawing)
    assert rows(page.tables[0]) == expected()
    # how wide its spaces are is up to the font that stands in for the one named in the file
    assert ["".join(line.text.split()) for line in page.lines] == ["—13—"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_page_rotated_by_the_viewer_or_drawn_sideways(rotation):
    """One page is stored turned and shown upright through /Rotate; the other is really shown turned."""
    for shown_upright in (True, False):
        side = 595
        drawing = Drawing(side, side)
        drawing.canvas.translate(side / 2, side / 2)
        drawing.canvas.rotate(rotation if shown_upright else -rotation)
        drawing.canvas.translate(-side / 2, -side / 2)
        drawing.text(60, 80, "收入决算表")
        drawing.grid(XS, YS, TEXTS)
        drawing.next_page(rotation if shown_upright else 0)
        page = page_of(drawing)
        assert rows(page.tables[0]) == expected()
        assert [line.text for line in page.lines] == ["收入决算表"]
        assert page.rotation == (0 if shown_upright else -rotation % 360)
        if shown_upright:
            assert page.tables[0].box == pytest.approx(Box(60, 100, 400, 190), abs=1)


def test_characters_between_cells_are_reported():
    """A concave ruling leaves a place that no rule closes: its text is an issue, and stays among the lines."""
    outer = [Box(0, 0, 50, 20), Box(50, 0, 100, 20), Box(0, 20, 50, 40), Box(0, 40, 50, 60)]
    filled = fill(outer, Glyphs.of([Glyph("5", 70, 45, 75, 55, 53)]), 1)
    assert [line.text for line in filled.lost] == ["5"]


def test_lost_characters_become_an_issue():
    drawing = Drawing()
    drawing.grid((60, 200, 300), (100, 130))
    drawing.grid((60, 200), (130, 160, 190))
    drawing.text(260, 175, "8.88")
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert [issue.kind for issue in issues] == [IssueKind.CHARACTERS_LOST]
    assert issues[0].cell == "8.88"
    assert issues[0].page == 1
    assert [line.text for line in pages[0].lines] == ["8.88"]


def test_both_readers_give_the_same_page():
    drawing = Drawing()
    drawing.text(60, 60, "支出决算表", size=16)
    drawing.box(60, 100, 400, 130, 0.9)
    drawing.grid(XS, YS, TEXTS)
    drawing.box(60, 250, 400, 290, stroke=True)
    data = drawing.bytes()
    with pdfium.opened(data) as document:
        first, _ = recognise(pdfium.read_ink(document, 1), "pdfium")
    second, _ = recognise(plumber.read_ink(plumber.opened(data), 1), "pdfplumber")
    assert [rows(table) for table in first.tables] == [rows(table) for table in second.tables] == [expected()]
    assert [line.text for line in first.lines] == [line.text for line in second.lines] == ["支出决算表"]
    assert first.tables[0].box == pytest.approx(second.tables[0].box, abs=1)


def test_blank_page_has_no_tables():
    assert find_tables(Ink(1, 595, 842, Glyphs.of([]), (), (), (), ())) == []
