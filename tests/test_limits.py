"""What is more than any report holds is not read, and said so."""

import io

import openpyxl
import pypdfium2
import pytest
from openpyxl.utils import get_column_letter
from PIL import Image

from pipeline.document import read_document
from pipeline.issues import Issue, IssueKind
from pipeline.model import Source
from pipeline.read import limits
from pipeline.read.document import read_pages
from pipeline.read.ocr.picture import render
from tests import raw_pdf


def test_a_document_of_too_many_pages_is_refused():
    pages, issues = read_pages(raw_pdf.many_pages(limits.PAGES + 1), "长.pdf")

    assert (pages, [issue.kind for issue in issues]) == ((), [IssueKind.OVER_LIMIT])
    assert "有 3001 页，超过上限 3000 页" in issues[0].text


FORM = "/Type/XObject/Subtype/Form/BBox[0 0 500 500]"


@pytest.mark.parametrize(
    ("what", "data"),
    [
        (
            "字符",
            raw_pdf.one_page(b"BT /F 4 Tf 1 0 0 1 9 9 Tm " + b"(0123456789) Tj " * (limits.GLYPHS // 10 + 1) + b"ET"),
        ),
        ("图形对象", raw_pdf.one_page(b"1 2 3 4 re f " * (limits.OBJECTS + 1))),
        (
            "图形对象",
            raw_pdf.one_page(
                b"/X Do " * (limits.OBJECTS // 2000 + 1),
                raw_pdf.stream(b"1 2 3 4 re f " * 2000, FORM),
                resources="/XObject<</X 6 0 R>>",
            ),
        ),
    ],
    ids=["glyphs", "objects", "objects in forms"],
)
def test_a_page_of_too_much_is_not_read(what, data):
    pages, issues = read_pages(data, "满.pdf")

    assert pages == ()
    assert [(issue.kind, issue.page) for issue in issues] == [
        (IssueKind.PAGE_UNREADABLE, 1),
        (IssueKind.NO_TABLES, None),
    ]
    assert f"个{what}，超过上限" in issues[0].text


def test_issues_without_end_are_counted(monkeypatch):
    many = [Issue(IssueKind.CHARACTERS_LOST, f"第{n}处") for n in range(limits.ISSUES + 5)]
    fatal = Issue(IssueKind.NO_TABLES, "没有表格")
    monkeypatch.setattr("pipeline.document.read_pages", lambda data, name: ((), (*many, fatal)))

    issues = read_document(b"", Source("x.pdf")).issues

    assert issues[0] == fatal
    assert len(issues) == limits.ISSUES + 1
    assert issues[-1].kind is IssueKind.ISSUES_OMITTED
    assert "另有 6 处" in issues[-1].text


def test_want_of_memory_is_left_to_whoever_limits_it(monkeypatch):
    def starve(*_):
        raise MemoryError

    data = raw_pdf.one_page(b"1 2 3 4 re f")
    monkeypatch.setattr("pipeline.read.pdf.recognise", starve)
    with pytest.raises(MemoryError):
        read_document(data, Source("x.pdf"))


def workbook(*cells, merged=()):
    book = openpyxl.Workbook()
    for row, column, value in cells:
        book.active.cell(row, column, value)
    for area in merged:
        book.active.merged_cells.add(area)  # merge_cells would make a cell of every place
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def picture(pixels):
    data = io.BytesIO()
    Image.new("1", (10_000, pixels // 10_000), 1).save(data, "PNG")
    return data.getvalue()


def page_of_inches(size):
    document = pypdfium2.PdfDocument.new()
    document.new_page(72 * size, 72 * size)
    return document


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (
            "空.xlsx",
            workbook(*((n, 1, 1.5) for n in range(1, 1_002)), *((1, n, 1.5) for n in range(2, 1_002))),
            "表格位置",
        ),
        (
            "并.xlsx",
            workbook(
                (1, 1, 1.5),
                (8_000, 1, 1.5),
                merged=[f"{get_column_letter(n)}1:{get_column_letter(n)}8000" for n in range(2, 260)],
            ),
            "占用的行",
        ),
        ("宽.html", f"<table>{('<tr>' + '<td>1.50' * (limits.COLUMNS + 1)) * 2}</table>".encode(), "栏"),
        (
            "高.html",
            b"<table><tr>" + b"<td rowspan=6000>1.50" * 400 + b"<tr><td>1.50" * 6_000 + b"</table>",
            "占用的行",
        ),
        ("大.png", picture(limits.PIXELS + 10_000), "像素"),
    ],
    ids=["a table of nothing", "merged rows", "columns of a web page", "rows spanned", "pixels"],
)
def test_a_file_of_too_much_is_not_read(name, data, said):
    pages, issues = read_pages(data, name)

    assert pages == ()
    assert said in issues[0].text
    assert issues[0].kind.loses_document


def test_a_page_as_large_as_a_placard_is_not_rendered():
    with pytest.raises(limits.OverLimitError, match="尺寸过大（200×200英寸）"):
        render(page_of_inches(200), 1, ())
