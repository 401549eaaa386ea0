"""Workbooks and Word documents with what real ones hold: hidden things, formulas, tracked changes, damage."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.styles import Border, Side

from pipeline.issues import IssueKind
from pipeline.read.document import read_pages
from tests.city.formats import SAMPLES

FRAME = Border(left=Side(style="thin"), right=Side(style="thin"))


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def parts_replaced(data: bytes, **replaced) -> bytes:
    """A zipped document with the text of some of its parts (found by the end of their names) changed by functions."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for part, change in replaced.items():
                content = change(content.decode()).encode() if name.endswith(f"{part}.xml") else content
            new.writestr(old.getinfo(name), content)
    return buffer.getvalue()


def texts(page):
    return [
        [[cell.text for cell in table.cells if cell.row == row] for row in range(table.rows)] for table in page.tables
    ]


def kinds(issues):
    return [issue.kind for issue in issues]


def workbook(*rows, **formats):
    """A framed table; `formats` are number formats by cell."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for row in book.active:
        for cell in row:
            cell.border = FRAME
            cell.number_format = formats.get(cell.coordinate, "General")
    return book


def test_a_workbook_shows_what_its_formats_say():
    accounting = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
    book = workbook(["项目", "决算数"], ["一", 1119.6], ["二", 0], ["三", "1.50"], B2=accounting, B3=accounting, B4="@")
    pages, issues = read_pages(saved(book), "a.xlsx")
    assert texts(pages[0]) == [[["项目", "决算数"], ["一", "1,119.60"], ["二", "-"], ["三", "1.50"]]]
    assert (pages[0].reader, issues) == ("xlsx", ())


def test_zeros_may_be_hidden_on_a_whole_sheet():
    book = workbook(["项目", "决算数"], ["一", 0], ["二", 5])
    book.active.sheet_view.showZeros = False
    assert texts(read_pages(saved(book), "a.xlsx")[0][0])[0][1:] == [["一", ""], ["二", "5"]]


def test_formulas_without_results_are_issues_and_never_blanks():
    pages, issues = read_pages(saved(workbook(["项目", "决算数"], ["一", 5], ["合计", "=SUM(B2:B2)"])), "a.xlsx")
    assert texts(pages[0])[0][2] == ["合计", "=SUM(B2:B2)"]
    assert kinds(issues) == [IssueKind.UNREADABLE_NUMBER]
    assert "B3" in issues[0].text


def test_formulas_with_results_show_them():
    data = parts_replaced(
        saved(workbook(["项目", "决算数"], ["合计", "=1+4"], B2="0.00")),
        sheet1=lambda xml: xml.replace("<v />", "<v>5</v>").replace("<v></v>", "<v>5</v>").replace("<v/>", "<v>5</v>"),
    )
    pages, issues = read_pages(data, "a.xlsx")
    assert (texts(pages[0])[0][1], issues) == (["合计", "5.00"], ())


def test_errors_in_cells_stay_what_they_show():
    data = parts_replaced(
        saved(workbook(["项目", "决算数"], ["一", 5])),
        sheet1=lambda xml: xml.replace('<c r="B2" s="1" t="n"><v>5</v>', '<c r="B2" s="1" t="e"><v>#REF!</v>'),
    )
    assert texts(read_pages(data, "a.xlsx")[0][0])[0][1] == ["一", "#REF!"]


def test_hidden_rows_columns_and_sheets():
    book = workbook(["项目", "旧", "决算数"], ["一", 3.0, 5], ["二", 4.0, 6], ["三", 0, 0])
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[4].hidden = True
    hidden = book.create_sheet("参数", 0)
    hidden.append(["码", 7])
    hidden.sheet_state = "hidden"
    pages, issues = read_pages(saved(book), "a.xlsx")
    assert [page.number for page in pages] == [1]
    assert texts(pages[0]) == [[["项目", "决算数"], ["一", "5"], ["二", "6"]]]
    assert kinds(issues) == [IssueKind.HIDDEN_CONTENT] * 2
    assert "B列，其中的2个数字" in issues[1].text


def test_styles_that_others_refuse_are_read():
    def odd(xml: str) -> str:
        return xml.replace('patternType="gray125"', 'patternType="wps"')

    from openpyxl import load_workbook

    data = parts_replaced(saved(workbook(["项目", "决算数"], ["一", 5.5], B2="0.00")), styles=odd)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it raises
        load_workbook(io.BytesIO(data))
    assert texts(read_pages(data, "a.xlsx")[0][0]) == [[["项目", "决算数"], ["一", "5.50"]]]


def test_cells_may_lack_references_and_namespaces_may_be_strict():
    def bare(xml: str) -> str:
        import re

        return re.sub(r' r="[A-Z]*\d+"', "", xml).replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )

    data = parts_replaced(saved(workbook(["项目", "决算数"], ["一", 5])), sheet1=bare)
    assert texts(read_pages(data, "a.xlsx")[0][0]) == [[["项目", "决算数"], ["一", "5"]]]


def test_formatted_emptiness_is_passed_over():
    def vast(xml: str) -> str:
        rows = "".join(f'<row r="{r}"><c r="XFD{r}" s="1"/></row>' for r in range(10, 20_000))
        return xml.replace("</sheetData>", rows + '<row r="1048576"><c r="A1048576" s="1"/></row></sheetData>')

    pages, issues = read_pages(parts_replaced(saved(workbook(["项目", "决算数"], ["一", 5])), sheet1=vast), "a.xlsx")
    assert [[table.rows, table.columns] for table in pages[0].tables] == [[2, 2]]
    assert issues == ()


def test_repeats_in_opendocument_are_bounded():
    def vast(xml: str) -> str:
        return xml.replace("</table:table>", '<table:table-row table:number-rows-repeated="1048576">'
                           '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
                           "<text:p>9</text:p></table:table-cell></table:table-row></table:table>", 1)  # fmt: skip

    pages, issues = read_pages(parts_replaced((SAMPLES / "hotline.ods").read_bytes(), content=vast), "a.ods")
    assert len(pages) == 9
    assert kinds(issues) == [IssueKind.PAGE_UNREADABLE]


def word_table(document, *rows):
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, values in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, values, strict=True):
            cell.text = text
    return table


def test_word_documents_keep_the_order_of_text_and_tables():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.add_paragraph("收入决算表")
    word_table(document, ["项目", "决算数"], ["一", "5"])
    document.add_paragraph("注：无。")
    pages, issues = read_pages(saved(document), "a.docx")
    assert [line.text for line in pages[0].lines] == ["收入决算表", "注：无。"]
    assert pages[0].lines[0].box.top < pages[0].tables[0].box.top < pages[0].lines[1].box.top
    assert (texts(pages[0]), issues, pages[0].reader) == ([[["项目", "决算数"], ["一", "5"]]], (), "docx")


def test_merged_cells_of_word_stand_once():
    document = Document()
    table = word_table(document, ["甲", "", "乙"], ["", "", "1"], ["2", "3", "4"])
    table.cell(0, 0).merge(table.cell(1, 1))
    found = read_pages(saved(document), "a.docx")[0][0].tables[0]
    assert [(c.row, c.column, c.row_span, c.column_span, c.text) for c in found.cells[:3]] == [
        (0, 0, 2, 2, "甲"),
        (0, 2, 1, 1, "乙"),
        (1, 2, 1, 1, "1"),
    ]


def test_pages_of_word():
    document = Document()
    document.add_paragraph("封面").add_run().add_break(WD_BREAK.PAGE)
    paragraph = document.add_paragraph()
    paragraph.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))  # the same break, as laid out
    paragraph.add_run("第二页")
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("第三页")
    document.add_section(WD_SECTION.CONTINUOUS)
    table = word_table(document, ["项目", "决算数"], ["一", "5"], ["二", "6"])
    table.cell(2, 0).paragraphs[0].runs[0]._r.insert(0, OxmlElement("w:lastRenderedPageBreak"))
    pages, _ = read_pages(saved(document), "a.docx")
    assert [[line.text for line in page.lines] for page in pages] == [["封面"], ["第二页"], ["第三页"], []]
    assert [texts(page) for page in pages[2:]] == [[[["项目", "决算数"], ["一", "5"]]], [[["二", "6"]]]]


def test_tracked_changes_hidden_text_and_content_controls():
    document = Document()
    document.add_paragraph("收入")._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>决算表</w:t></w:r></w:ins>"))
    paragraph = document.paragraphs[0]._p
    paragraph.append(parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>旧</w:delText></w:r></w:del>"))
    paragraph.append(parse_xml(f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"))
    table = word_table(document, ["项目", "决算数"], ["删", "9"], ["一", "5"])
    row = table.rows[1]._tr.get_or_add_trPr()
    row.append(OxmlElement("w:del"))
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
    table._tbl.addprevious(control)
    control[1].append(table._tbl)
    pages, _ = read_pages(saved(document), "a.docx")
    assert [line.text for line in pages[0].lines] == ["收入决算表"]
    assert texts(pages[0]) == [[["项目", "决算数"], ["一", "5"]]]


def test_frames_around_tables_are_no_tables_and_text_boxes_are_text():
    document = Document()
    frame = document.add_table(rows=1, cols=1)
    frame.cell(0, 0).text = "支出决算表"
    inner = frame.cell(0, 0).add_table(rows=2, cols=2)
    for cell, text in zip(inner._cells, ["项目", "决算数", "一", "5"], strict=True):
        cell.text = text
    box = f"<w:txbxContent {nsdecls('w')}><w:p><w:r><w:t>某局</w:t></w:r></w:p></w:txbxContent>"
    document.add_paragraph().add_run()._r.append(parse_xml(box))
    pages, _ = read_pages(saved(document), "a.docx")
    assert [line.text for line in pages[0].lines] == ["支出决算表", "某局"]
    assert texts(pages[0]) == [[["项目", "决算数"], ["一", "5"]]]


def test_a_document_without_tables_is_an_issue():
    document = Document()
    document.add_paragraph("关于公开决算的说明")
    assert kinds(read_pages(saved(document), "a.docx")[1]) == [IssueKind.NO_TABLES]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("kind", ["xlsx", "docx", "ods"])
def test_damaged_documents_are_issues(kind):
    document = Document()
    word_table(document, ["项目", "决算数"], ["一", "5"])
    data, part = {
        "xlsx": (saved(workbook(["项目", "决算数"], ["一", 5])), "sheet1"),
        "docx": (saved(document), "document"),
        "ods": ((SAMPLES / "hotline.ods").read_bytes(), "content"),
    }[kind]
    damages = {
        "cut off": data[: len(data) // 2],
        "cut XML": parts_replaced(data, **{part: lambda xml: xml[: len(xml) // 2]}),
        "no XML": parts_replaced(data, **{part: lambda _: "坏"}),
        "entities": parts_replaced(data, **{part: lambda xml: BOMB + xml.partition("?>")[2].lstrip()}),
        "a bomb": parts_replaced(data, **{part: lambda xml: xml + " " * 25_000_000}) if kind == "docx" else data[:-40],
    }
    for name, damaged in damages.items():
        pages, issues = read_pages(damaged, f"a.{kind}")
        assert (name, pages, kinds(issues)) == (name, (), [IssueKind.DAMAGED_FILE])


def test_damaged_and_locked_old_workbooks_are_issues():
    data = (SAMPLES / "hotline.xls").read_bytes()
    assert kinds(read_pages(data[:20_000], "a.xls")[1]) == [IssueKind.DAMAGED_FILE]
    locked = data.replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1)  # a record that says: encrypted
    assert kinds(read_pages(locked, "a.xls")[1]) == [IssueKind.ENCRYPTED]


def test_captions_in_the_frame_of_a_word_table_are_lines():
    document = Document()
    table = word_table(
        document,
        ["支出决算表", "", ""],
        ["单位：某局", "", "金额单位：元"],
        ["编码", "名称", "决算数"],
        ["201", "服务", "5"],
        ["注：无。", "", ""],
    )
    table.cell(0, 0).merge(table.cell(0, 2))
    table.cell(4, 0).merge(table.cell(4, 2))
    page = read_pages(saved(document), "a.docx")[0][0]
    assert [line.text for line in page.lines] == ["支出决算表", "单位：某局  金额单位：元", "注：无。"]
    assert texts(page) == [[["编码", "名称", "决算数"], ["201", "服务", "5"]]]
