"""Web pages: reports are read, everything else stays the issue that it is."""

from __future__ import annotations

import pytest

from pipeline.issues import IssueKind
from pipeline.read.document import read_pages

DATA = "<table><tr><td>项目</td><td>决算数</td></tr><tr><td>一</td><td>1,119.63</td></tr><tr><td>二</td><td>5.00</td></tr></table>"
GRID = [["项目", "决算数"], ["一", "1,119.63"], ["二", "5.00"]]


def read(body: str, head: str = '<meta charset="utf-8">', encoding: str = "utf-8"):
    return read_pages(f"<html><head>{head}</head><body>{body}</body></html>".encode(encoding), "a.html")


def grids(page):
    return [
        [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)] for table in page.tables
    ]


def test_text_and_tables_in_their_order():
    pages, issues = read(f"<h1>某局</h1><p>支出<b>决算表</b><br>单位：元</p>{DATA}<p>注：无。</p>")
    assert [line.text for line in pages[0].lines] == ["某局", "支出决算表", "单位：元", "注：无。"]
    assert pages[0].lines[2].box.top < pages[0].tables[0].box.top < pages[0].lines[3].box.top
    assert (grids(pages[0]), pages[0].reader, len(pages), issues) == ([GRID], "html", 1, ())


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="gb2312">', "gbk"),
        ('<meta http-equiv=Content-Type content="text/html; charset=gb2312">', "gb18030"),
        ("", "gbk"),
        ('<meta charset="gb2312">', "utf-8"),  # the declaration is wrong
        ("", "utf-16"),
    ],
)
def test_characters(head, encoding):
    assert grids(read(DATA, head, encoding)[0][0]) == [GRID]


def test_spans():
    table = (
        "<table><tr><th rowspan=2>甲</th><th colspan='2'>乙</th></tr><tr><td>1.00</td><td>2.00</td></tr>"
        "<tr><td rowspan=0>丙</td><td colspan=9999>3.00</td></tr></table>"
    )
    cells = read(table)[0][0].tables[0].cells
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in cells][:5] == [
        (0, 0, 2, 1, "甲"),
        (0, 1, 1, 2, "乙"),
        (1, 1, 1, 1, "1.00"),
        (1, 2, 1, 1, "2.00"),
        (2, 0, 1, 1, "丙"),
    ]


def test_tables_for_layout_are_text():
    links = "".join(
        f"<tr><td>{n}</td><td><a href='/{n}'>某局2024年度部门决算</a></td><td>12.30</td></tr>" for n in range(9)
    )
    body = f"<table><tr><td>栏目</td><td><p>支出决算表</p>{DATA}</td></tr></table><table>{links}</table>"
    pages, _ = read(body)
    assert grids(pages[0]) == [GRID]
    assert [line.text for line in pages[0].lines][:2] == ["栏目", "支出决算表"]


def test_what_a_page_does_not_show_is_no_text_and_amounts_in_it_are_said():
    hidden = DATA.replace("<tr><td>二", "<tr style='display:none'><td>二").replace("二</td>", "二</td><td>6.00</td>")
    pages, issues = read(f"<script>var a='决算';</script><style>p{{}}</style>{DATA}{hidden}")
    assert grids(pages[0]) == [GRID, GRID[:2]]
    assert pages[0].lines == ()
    assert [issue.kind for issue in issues] == [IssueKind.HIDDEN_CONTENT]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>404 您访问的页面不存在</p>",
        "<script>location.href='/challenge'</script>",
        "<table>"
        + "".join(
            f"<tr><td>{n}</td><td><a href='/{n}'>某局2024年度部门决算</a></td><td>2025.08</td></tr>" for n in range(20)
        )
        + "</table>",
        "<table>"
        + "".join("<tr>" + "".join(f"<td>{7 * w + d}</td>" for d in range(7)) + "</tr>" for w in range(5))
        + "</table>",
        "<table><tr><td>错误代码</td><td>404</td></tr><tr><td>版本</td><td>2.1</td></tr></table>",
    ],
)
def test_pages_without_tables_of_data_are_the_issue_that_they_were(body):
    pages, issues = read(body)
    assert pages == ()
    assert [issue.kind for issue in issues] == [IssueKind.UNSUPPORTED_FORMAT]
    assert "链接可能指向网页或下载已失效" in issues[0].text


def test_a_page_that_ends_within_a_table_is_damaged():
    pages, issues = read_pages(f"<html><body>{DATA}{DATA[:60]}".encode(), "a.html")
    assert (pages, [issue.kind for issue in issues]) == ((), [IssueKind.DAMAGED_FILE])


def test_depth_is_no_danger():
    pages, _ = read("<div>" * 5000 + DATA + "</div>" * 5000)
    assert grids(pages[0]) == [GRID]


def test_a_sheet_that_excel_saved_as_a_page_is_parted_like_a_sheet():
    body = (
        "<style>.xl1 {mso-style-parent:style0; border:none} .xl2 {border:.5pt solid windowtext;}</style>"
        "<table border=0><tr><td class=xl1 colspan=3>支出决算表</td></tr>"
        "<tr><td class=xl1>单位：某局</td><td></td><td class=xl1>金额单位：元</td></tr>"
        "<tr><td class=xl2>编码</td><td class=xl2>名称</td><td class=xl2>决算数</td></tr>"
        "<tr><td class=xl2>201</td><td class=xl2>服务</td><td class=xl2>1,119.63</td></tr>"
        "<tr><td class=xl2>202</td><td class=xl2>外交</td><td class=xl2>5.00</td></tr>"
        "<tr><td colspan=3>注：本表含结转。</td></tr></table>"
    )
    found = read(body)[0][0]
    assert [line.text for line in found.lines] == ["支出决算表", "单位：某局  金额单位：元", "注：本表含结转。"]
    assert grids(found) == [[["编码", "名称", "决算数"], ["201", "服务", "1,119.63"], ["202", "外交", "5.00"]]]
