from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.read.document import read_pages
from pipeline.read.stitch import stitch
from tests.drawn_pdf import Drawing

if TYPE_CHECKING:
    from pipeline.model import Table

XS, YS = (60, 200, 300, 400), (100, 130, 160, 190)
ROWS = (("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i"))


def tables_of(drawing: Drawing) -> tuple[Table, ...]:
    pages, _ = read_pages(drawing.bytes(), "样本.pdf")
    return stitch(pages)


def shape(tables: tuple[Table, ...]) -> list[list[int]]:
    return [[part.page for part in table.parts] for table in tables]


def titled(drawing: Drawing, title: str, xs=XS) -> None:
    drawing.text(200, 80, title)
    drawing.grid(xs, YS, ROWS)


def texts(lines) -> list[str]:
    return [line.text for line in lines]


def test_bare_continuation_joins_and_keeps_captions_and_notes():
    drawing = Drawing()
    titled(drawing, "收入决算表")
    drawing.text(290, 820, "— 7 —")
    drawing.next_page()
    drawing.grid(XS, (60, 90), (("合计", "1", "2"),))
    drawing.text(60, 110, "注：本表反映收入。")
    drawing.text(290, 820, "— 8 —")
    tables = tables_of(drawing)
    assert shape(tables) == [[1, 2]]
    assert texts(tables[0].captions) == ["收入决算表"]
    assert texts(tables[0].notes) == ["注：本表反映收入。"]


def test_table_with_a_title_of_its_own_stays_alone():
    drawing = Drawing()
    titled(drawing, "收入决算表")
    drawing.next_page()
    titled(drawing, "支出决算表")
    assert shape(tables_of(drawing)) == [[1], [2]]


def test_same_title_on_every_page_is_a_title_not_a_header():
    drawing = Drawing()
    for _ in range(4):
        drawing.text(200, 50, "项目支出绩效自评表（2024年度）")
        drawing.grid(XS, YS, ROWS)
        drawing.next_page()
    assert shape(tables_of(drawing)) == [[1], [2], [3], [4]]


def test_other_columns_are_another_table():
    drawing = Drawing()
    titled(drawing, "收入决算表")
    drawing.next_page()
    drawing.grid((60, 150, 240, 330), (60, 90, 120))
    tables = tables_of(drawing)
    assert shape(tables) == [[1], [2]]


def test_continuation_without_the_headers_columns_and_with_another_margin():
    drawing = Drawing()
    titled(drawing, "收入决算表", xs=(60, 130, 200, 300, 400))
    drawing.next_page()
    drawing.grid([x + 18 for x in (60, 200, 300, 400)], (60, 90), (("合计", "1", "2"),))
    assert shape(tables_of(drawing)) == [[1, 2]]


def test_running_headers_repeated_unit_lines_and_notes_do_not_part_a_table():
    drawing = Drawing()
    for number in range(3):
        drawing.text(60, 40, f"某市财政局2024年度部门决算公开 {number + 1}")
        if number == 0:
            drawing.text(200, 80, "收入决算表")
        else:
            drawing.text(60, 80, "（续表）")
        drawing.text(300, 95, "金额单位：万元")
        drawing.grid(XS, YS, ROWS)
        drawing.text(60, 205, "注：本表反映收入。")
        drawing.next_page()
    tables = tables_of(drawing)
    assert shape(tables) == [[1, 2, 3]]
    assert texts(tables[0].notes) == ["注：本表反映收入。"]


def test_text_between_parts_them():
    drawing = Drawing()
    titled(drawing, "收入决算表")
    drawing.text(60, 300, "三、支出决算情况说明")
    drawing.next_page()
    drawing.grid(XS, YS, ROWS)
    tables = tables_of(drawing)
    assert shape(tables) == [[1], [2]]
    assert texts(tables[0].notes) == ["三、支出决算情况说明"]


def test_title_left_alone_at_the_foot_of_the_page_before():
    drawing = Drawing()
    drawing.text(60, 60, "上文")
    drawing.text(200, 780, "收入决算表")
    drawing.next_page()
    drawing.grid(XS, YS, ROWS)
    tables = tables_of(drawing)
    assert texts(tables[0].captions) == ["上文", "收入决算表"]


def test_two_tables_of_one_page_share_the_lines_between_them():
    drawing = Drawing()
    titled(drawing, "表一")
    drawing.text(200, 250, "表二")
    drawing.grid(XS, (300, 330, 360))
    tables = tables_of(drawing)
    assert shape(tables) == [[1], [1]]
    assert texts(tables[0].notes) == texts(tables[1].captions) == ["表二"]


def test_sideways_pages_join_too():
    drawing = Drawing(595, 595)
    for number in range(2):
        drawing.canvas.translate(0, 595)
        drawing.canvas.rotate(-90)
        if number == 0:
            drawing.text(60, 60, "收入决算表")
        drawing.grid(XS, YS, ROWS)
        drawing.next_page()
    tables = tables_of(drawing)
    assert shape(tables) == [[1, 2]]
    assert texts(tables[0].captions) == ["收入决算表"]


def test_no_tables():
    assert stitch(()) == ()
