from __future__ import annotations

from io import BytesIO

import pytest
from pypdfium2 import PdfiumError

from pipeline.read.draw import draw_page
from pipeline.read.picture import NoPictureError, picture_page
from tests.drawn_pdf import Drawing


def sample() -> bytes:
    drawing = Drawing(400, 300)
    drawing.grid((60, 200, 300), (100, 130, 160), (("合计", "1.00"),))
    return drawing.bytes()


def test_page_picture_shows_what_was_recognised():
    picture = draw_page(sample(), 1, dpi=144)
    assert picture.size == (800, 600)
    red, green, blue = picture.getpixel((120, 220))  # on the table's left side
    assert red > 150 > max(green, blue)


def test_a_page_as_it_is_displayed():
    picture, scale = picture_page(sample(), 1, dpi=144)
    assert (picture.size, scale) == ((800, 600), 2)
    scan = BytesIO()
    picture.save(scan, "PNG", dpi=(100, 100))
    again, own = picture_page(scan.getvalue(), 1, dpi=50)
    assert (again.size, own) == ((400, 300), pytest.approx(50 / 72))


def test_a_placard_is_shown_smaller():
    placard = Drawing(14_000, 14_000)
    placard.line(0, 0, 100, 100)
    picture, scale = picture_page(placard.bytes(), 1)
    assert picture.width * picture.height < 26_000_000
    assert picture.width == pytest.approx(14_000 * scale, abs=2)


@pytest.mark.parametrize(("data", "number", "why"), [
    (b"", 1, "空"), (b"PK not a zip", 1, "没有固定的版面"), (b"%PDF-1.4 broken", 1, "无法显示"),
    (sample(), 2, "没有第2页"), (sample(), 0, "没有第0页"), (b"\x89PNG\r\n\x1a\nbroken", 1, "无法显示"),
])  # fmt: skip
def test_what_cannot_be_shown_says_why(data, number, why):
    with pytest.raises(NoPictureError, match=why):
        picture_page(data, number)


def test_what_is_not_there_raises():
    with pytest.raises(IndexError):
        draw_page(sample(), 2)
    with pytest.raises(PdfiumError):
        draw_page(b"no pdf", 1)
