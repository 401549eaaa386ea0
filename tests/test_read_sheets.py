"""What of a sheet is a table, and what stands above and below it; cells are written down by hand."""

from __future__ import annotations

from pipeline.issues import IssueKind
from pipeline.read.formats.flow import slot_of
from pipeline.read.formats.parting import SheetCell
from pipeline.read.formats.sheets import Sheet, column_name, merge, read_workbook

HEAD, ROW = ["科目编码", "科目名称", "决算数"], ["201", "一般公共服务支出", "1.00"]


def sheet(*rows, ruled=(), name="Sheet1", start=1, **known):
    """Rows of texts; `ruled` are the numbers of rows (from 1) whose cells all have rules."""
    cells = [
        SheetCell(r, c, text, ruled=r in ruled)
        for r, row in enumerate(rows, 1)
        for c, text in enumerate(row, start)
        if text or r in ruled
    ]
    return Sheet(name, cells=cells, **known)


def page(found: Sheet):
    pages, _ = read_workbook([found], "xlsx", "a.xlsx")
    return pages[0]


def grid(table):
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)]


def lines(found):
    return [line.text for line in found.lines]


def test_captions_and_notes_stand_around_ruled_rows():
    found = page(
        sheet(
            ["支出决算表"],
            ["", "", "公开03表"],
            ["单位：某局", "", "金额单位：元"],
            HEAD,
            ROW,
            ["注：本表为空。"],
            ruled={4, 5},
        )
    )
    assert lines(found) == ["支出决算表", "公开03表", "单位：某局  金额单位：元", "注：本表为空。"]
    assert [grid(table) for table in found.tables] == [[HEAD, ROW]]


def test_without_rules_words_tell_captions_from_headings():
    found = page(
        sheet(
            ["支出决算表"], ["单位：某局", "", "金额单位：元"], HEAD, ROW, ["202", "外交支出"], ["合计"], ["注：无。"]
        )
    )
    assert lines(found) == ["支出决算表", "单位：某局  金额单位：元", "注：无。"]
    assert grid(found.tables[0])[2:] == [["202", "外交支出", ""], ["合计", "", ""]]


def test_tables_below_each_other_are_parted_by_lines_and_by_titles_in_a_common_frame():
    apart = page(sheet(["收入决算表"], HEAD, ROW, [], ["支出决算表"], HEAD, ROW))
    assert [table.box.top for table in apart.tables] == [2 * 18, 6 * 18]
    title = SheetCell(3, 1, "支出决算表", 1, 3, ruled=True)
    framed = sheet(HEAD, ROW, [], HEAD, ROW, ruled={1, 2, 4, 5})
    framed.cells.append(title)
    assert [grid(table) for table in page(framed).tables] == [[HEAD, ROW], [HEAD, ROW]]
    assert lines(page(framed)) == ["支出决算表"]


def test_sides_beside_each_other_are_one_table():
    found = page(sheet(["收入", "决算数", "", "支出", "决算数"], ["一、拨款", "1", "", "一、服务", "2"]))
    assert [(table.rows, table.columns) for table in found.tables] == [(2, 4)]


def test_a_heading_without_rules_above_ruled_rows_belongs_to_them():
    found = page(sheet(["支出决算表"], HEAD, ROW, ROW, ruled={3, 4}))
    assert grid(found.tables[0]) == [HEAD, ROW, ROW]


def test_a_line_without_rules_below_ruled_rows_belongs_to_them_if_it_has_figures():
    found = page(sheet(HEAD, ROW, ["", "合计", "2.00"], ["制表人", "张三"], ruled={1, 2}))
    assert grid(found.tables[0]) == [HEAD, ROW, ["", "合计", "2.00"]]
    assert lines(found) == ["制表人  张三"]


def test_boxes_give_the_cell_back():
    found = page(sheet(["支出决算表"], HEAD, ROW, start=4))
    amount = found.tables[0].cells[-1]
    row, column = slot_of(amount.box)
    assert (f"{column_name(column)}{row}", amount.text) == ("F3", "1.00")
    assert found.lines[0].box[:2] == (4 * 72, 18)


def test_letters_of_columns():
    assert [column_name(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_the_tab_names_a_table_that_has_no_title():
    assert lines(page(sheet(HEAD, ROW, name="支出决算表"))) == ["支出决算表"]
    assert lines(page(sheet(["收入决算表"], HEAD, ROW, name="支出决算表"))) == ["收入决算表"]
    assert lines(page(sheet(HEAD, ROW, name="Sheet3"))) == []


def test_hidden_rows_and_columns_are_not_read_and_said_if_they_hold_amounts():
    found = sheet(HEAD, ROW, ["202", "外交支出", "5.00"], ["203", "国防支出", "0.00"], ROW, ruled={1, 2, 3, 4, 5})
    found.hidden_rows = {4}
    pages, issues = read_workbook([found], "xlsx", "a.xlsx")
    assert [row[0] for row in grid(pages[0].tables[0])] == ["科目编码", "201", "202", "201"]
    assert issues == ()
    found.hidden_rows, found.hidden_columns = {3}, {1}
    pages, issues = read_workbook([found], "xlsx", "a.xlsx")
    assert grid(pages[0].tables[0])[1] == ["一般公共服务支出", "1.00"]
    assert [issue.kind for issue in issues] == [IssueKind.HIDDEN_CONTENT]
    assert "第3行、A列，其中的1个数字" in issues[0].text


def test_hidden_sheets_do_not_count():
    shown, hidden, empty = sheet(HEAD, ROW), sheet(HEAD, ROW, name="旧", hidden=True), Sheet("空", hidden=True)
    pages, issues = read_workbook([hidden, empty, shown], "xlsx", "a.xlsx")
    assert [p.number for p in pages] == [1]
    assert [(issue.kind, issue.cell) for issue in issues] == [(IssueKind.HIDDEN_CONTENT, "旧")]


def test_merged_cells_cover_what_is_stored_under_them():
    cells = {(1, 1): ("题", True), (1, 2): ("旧", True), (2, 1): ("甲", False), (2, 2): ("乙", False)}
    from pipeline.read.formats.sheets import Area

    found = merge(cells, [Area(1, 1, 1, 16384)])
    assert sorted(found) == [
        SheetCell(1, 1, "题", 1, 2, ruled=True),
        SheetCell(2, 1, "甲"),
        SheetCell(2, 2, "乙"),
    ]


def test_a_cell_merged_over_hidden_rows_stays():
    found = sheet(HEAD, ROW, ROW, ROW, ruled={1, 2, 3, 4})
    found.cells = [c for c in found.cells if not (c.column == 1 and c.row in {2, 3})]
    found.cells.append(SheetCell(2, 1, "201", 2, 1, ruled=True))
    found.hidden_rows = {2}
    assert grid(page(found).tables[0])[1] == ROW


def test_nothing_that_looks_like_a_table_is_an_issue():
    _, issues = read_workbook([sheet(["某局"], ["2024年度部门决算"])], "xlsx", "a.xlsx")
    assert [issue.kind for issue in issues] == [IssueKind.NO_TABLES]
