from __future__ import annotations

import pytest
from pypdfium2 import PdfiumError

from pipeline.model import Box
from pipeline.read.draw import crop, draw_page
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


def test_crop_frames_the_place_with_a_margin():
    picture = crop(sample(), 1, Box(200, 100, 300, 130), dpi=72)
    assert picture.size == (148, 78)
    assert picture.getpixel((24, 50)) == (200, 30, 30)
    assert crop(sample(), 1, Box(0, 0, 400, 300), dpi=72).size == (400, 300)


def test_what_is_not_there_raises():
    with pytest.raises(IndexError):
        draw_page(sample(), 2)
    with pytest.raises(PdfiumError):
        crop(b"no pdf", 1, Box(0, 0, 1, 1))
