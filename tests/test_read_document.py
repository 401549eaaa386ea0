from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from PIL import Image
from pypdfium2 import PdfiumError
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from pipeline.issues import IssueKind
from pipeline.read import pdf, pdfium
from pipeline.read.characters import improbable_share, printed
from pipeline.read.document import read_pages
from tests.drawn_pdf import Drawing


def ruled(pages: int = 1) -> Drawing:
    drawing = Drawing()
    for number in range(pages):
        drawing.grid((60, 200, 300), (100, 130, 160), (("合计", str(number)),))
        drawing.next_page()
    return drawing


def kinds(data: bytes) -> list[IssueKind]:
    pages, issues = read_pages(data, "样本.pdf")
    assert not pages or issues
    return [issue.kind for issue in issues]


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html>%PDF-</html>", "HTML"),
        ("\ufeff\r\n<HTML lang=zh>".encode(), "HTML"),
        ("二〇二四年度决算".encode("gb18030"), "文本"),
        (zipped("ppt/presentation.xml"), "PowerPoint"),
        (zipped("content.xml"), "OpenDocument"),
        (zipped("xl/workbook.bin"), "xlsb"),
        (b"{\\rtf1\\ansi", "RTF"),
        (zipped("决算.pdf"), "压缩包"),
        (b"Rar!\x1a\x07\x01\x00", "RAR"),
        (b"GIF89a" + bytes(20), "GIF"),
        (bytes(range(1, 200)) * 4 + b"\x00", "无法辨认"),
    ],
)
def test_other_formats_are_named(data, words):
    pages, issues = read_pages(data, "样本.pdf")
    assert pages == ()
    assert [issue.kind for issue in issues] == [IssueKind.UNSUPPORTED_FORMAT]
    assert words in issues[0].text
    assert "样本.pdf" in issues[0].text


@pytest.mark.parametrize("data", [b"", b"  \r\n", bytes(512)])
def test_empty_file(data):
    assert kinds(data) == [IssueKind.EMPTY_FILE]


def test_truncated_file_is_damaged_wherever_it_ends():
    data = ruled(3).bytes()
    for share in (0.1, 0.5, 0.9):
        assert kinds(data[: int(len(data) * share)]) == [IssueKind.DAMAGED_FILE]


def test_damaged_file():
    assert kinds(b"%PDF-1.4\n" + b"junk " * 200 + b"startxref\n0\n%%EOF") == [IssueKind.DAMAGED_FILE]


def test_junk_before_the_header_is_accepted():
    pages, _ = read_pages(b"\r\n\r\n" + ruled().bytes(), "样本.pdf")
    assert pages[0].tables


def test_encrypted_file():
    drawing = ruled()
    drawing.canvas._doc.encrypt = StandardEncryption("secret")
    assert kinds(drawing.bytes()) == [IssueKind.ENCRYPTED]


def test_file_that_only_forbids_printing_is_read():
    drawing = ruled()
    drawing.canvas._doc.encrypt = StandardEncryption("", ownerPassword="owner", canPrint=0)
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert pages[0].tables
    assert issues == ()


def test_document_without_tables():
    drawing = Drawing()
    drawing.text(60, 100, "只有文字")
    assert kinds(drawing.bytes()) == [IssueKind.NO_TABLES]


def picture() -> ImageReader:
    return ImageReader(Image.effect_noise((200, 200), 50))


def test_scanned_page_is_an_issue_and_a_blank_one_is_not(monkeypatch):
    monkeypatch.setattr(pdf.ocr, "is_installed", lambda: False)  # which makes of noise what it likes
    drawing = ruled()
    drawing.next_page()
    drawing.canvas.drawImage(picture(), 0, 0, 595, 842)
    drawing.text(290, 820, "— 3 —")
    drawing.next_page()
    drawing.text(60, 100, "有文字也有印章")
    drawing.canvas.drawImage(picture(), 300, 300, 200, 200)
    pages, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert len(pages) == 4
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.NO_TEXT, 3)]


def test_a_picture_in_which_nothing_can_be_recognised_is_an_issue():
    drawing = ruled()
    drawing.canvas.drawImage(ImageReader(Image.new("L", (200, 200), 90)), 0, 0, 595, 842)
    _, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.NO_TEXT, 2)]


def test_text_drawn_as_outlines_is_an_issue():
    drawing = ruled()
    for i in range(80):
        drawing.canvas.circle(100 + 5 * (i % 20), 500 + 8 * (i // 20), 3, fill=1, stroke=0)
    _, issues = read_pages(drawing.bytes(), "样本.pdf")
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.NO_TEXT, 2)]


def test_page_that_pdfium_cannot_read_is_read_by_pdfplumber(monkeypatch):
    read_ink = pdfium.read_ink

    def failing(opened, number):
        if number == 2:
            raise PdfiumError("broken")
        return read_ink(opened, number)

    monkeypatch.setattr(pdf.pdfium, "read_ink", failing)
    pages, issues = read_pages(ruled(3).bytes(), "样本.pdf")
    assert [page.reader for page in pages] == ["pdfium", "pdfplumber", "pdfium"]
    assert [page.tables[0].cells[1].text for page in pages] == ["0", "1", "2"]
    assert issues == ()


def test_page_that_nobody_can_read_is_an_issue_and_the_others_go_on(monkeypatch):
    read_ink = pdfium.read_ink

    def failing(opened, number):
        if number == 2:
            raise ValueError("broken")
        return read_ink(opened, number)

    monkeypatch.setattr(pdf.pdfium, "read_ink", failing)
    monkeypatch.setattr(pdf.plumber, "read_ink", failing)
    pages, issues = read_pages(ruled(3).bytes(), "样本.pdf")
    assert [page.number for page in pages] == [1, 3]
    assert [(issue.kind, issue.page) for issue in issues] == [(IssueKind.PAGE_UNREADABLE, 2)]


def test_font_without_characters_is_an_issue(monkeypatch):
    read_ink = pdfium.read_ink

    def scrambled(opened, number):
        ink = read_ink(opened, number)
        return replace(ink, glyphs=replace(ink.glyphs, texts=["\ue012"] * len(ink.glyphs)))

    monkeypatch.setattr(pdf.pdfium, "read_ink", scrambled)
    pages, issues = read_pages(ruled().bytes(), "样本.pdf")
    assert pages[0].reader == "pdfplumber"
    assert issues == ()

    monkeypatch.setattr(pdf.plumber, "read_ink", lambda _, number: (_ for _ in ()).throw(ValueError))
    monkeypatch.setattr(pdf.ocr, "is_installed", lambda: False)
    pages, issues = read_pages(ruled().bytes(), "样本.pdf")
    assert pages[0].tables == ()
    assert IssueKind.NO_TEXT in [issue.kind for issue in issues]


def test_characters_as_printed():
    assert [printed(c) for c in "⾦⻓ \u3000\x02\u200b\x00，Ａ"] == ["金", "长", "", "", "-", "", "\ufffd", "，", "Ａ"]


def test_improbable_share():
    assert improbable_share("行政运行2010301，1,234.56") == 0
    assert improbable_share("\ue001\ue002行政") == 0.5
    assert improbable_share("囖鿃龘靐") == 1
    assert improbable_share("") == 0


def test_memory_stays_flat():
    resource = pytest.importorskip("resource")
    data = ruled(1).bytes()
    for _ in range(20):
        read_pages(data, "样本.pdf")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(200):
        read_pages(data, "样本.pdf")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024
