"""Cutting numbers out of pages: what is framed is the number, and its row and column stand in the picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipeline.model import Box
from pipeline.read.ink import turn_box
from pipeline.read.picture import PagePicture, picture_page
from tests.drawn_pdf import Drawing
from warehouse.letters.clip import Sheet, clip, turn_of
from warehouse.packing import BLUE, RED

LEFT, MIDDLE, RIGHT, END = 60, 200, 300, 400
HEAD, FIRST, HEIGHT, ROWS = 120, 160, 20, 25


def cell(row: int, column: int = 1) -> Box:
    x0, x1 = ((MIDDLE, RIGHT), (RIGHT, END))[column]
    return Box(x0, FIRST + row * HEIGHT, x1, FIRST + (row + 1) * HEIGHT)


CELLS = tuple((row, cell(row, column)) for row in range(ROWS) for column in (0, 1))


def drawn(*, head: bool = True) -> bytes:
    drawing = Drawing()
    if head:
        drawing.text(200, 90, "支出决算表", 16)
        drawing.grid((LEFT, MIDDLE, RIGHT, END), (HEAD, FIRST), (("项目", "合计", "基本支出"),))
    ys = [FIRST + row * HEIGHT for row in range(ROWS + 1)]
    drawing.grid((LEFT, MIDDLE, RIGHT, END), ys, [(f"科目{row}", f"{row}.11", f"{row}.22") for row in range(ROWS)])
    return drawing.bytes()


@pytest.fixture(scope="module")
def page() -> PagePicture:
    return picture_page(drawn(), 1, dpi=144)


def frame(image: Image.Image, color: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The extent of all pixels of just this colour: x0, top, x1, bottom."""
    ys, xs = np.where((np.asarray(image) == color).all(axis=2))
    return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


def pixels(page: PagePicture, box: Box) -> np.ndarray:
    return np.asarray(page.image.crop(tuple(round(value * page.scale) for value in box)))


def shown(image: Image.Image, at: tuple[int, int], like: np.ndarray) -> bool:
    """Whether the picture holds these pixels with their top left corner at this place."""
    x, y = at
    return np.array_equal(np.asarray(image)[y : y + like.shape[0], x : x + like.shape[1]], like)


@pytest.mark.parametrize("row", [0, 1, 12, ROWS - 1])
def test_the_framed_place_is_the_cell_and_its_row_and_head_are_shown(page, row):
    cut, width = clip(Sheet(*page, CELLS), None, [cell(row)], [])
    x0, top, x1, bottom = frame(cut, RED)
    box = cell(row)
    assert (x1 - x0, bottom - top) == (pytest.approx(200, abs=3), pytest.approx(40, abs=3))
    inner = Box(box.x0 + 3, box.top + 3, box.x1 - 3, box.bottom - 3)
    assert shown(cut, (x0 + 6, top + 6), pixels(page, inner))
    name = Box(LEFT + 1, box.top + 1, MIDDLE - 1, box.bottom - 1)
    assert shown(cut, (x0 - round((box.x0 - LEFT - 1) * 2), top + 2), pixels(page, name))
    head = pixels(page, Box(LEFT + 1, HEAD + 1, END - 1, FIRST - 1))
    x = x0 - round((box.x0 - LEFT - 1) * 2)
    assert any(shown(cut, (x, y), head) for y in range(cut.height - head.shape[0]))
    assert width == pytest.approx(cut.width / page.scale)


def test_rows_far_from_the_head_are_cut_out_and_near_ones_are_not(page):
    near, _ = clip(Sheet(*page, CELLS), None, [cell(3)], [])
    far, _ = clip(Sheet(*page, CELLS), None, [cell(20)], [])
    assert far.height < near.height + 60
    whole = clip(Sheet(*page, CELLS), None, [cell(0), cell(ROWS - 1)], [])[0]
    assert whole.height > ROWS * HEIGHT * page.scale


def test_what_it_is_compared_with_is_framed_in_blue(page):
    cut, _ = clip(Sheet(*page, CELLS), None, [cell(5)], [cell(5, 0), cell(6)])
    assert frame(cut, BLUE)[0] < frame(cut, RED)[0]
    alone, _ = clip(Sheet(*page, CELLS), None, [], [cell(5)])
    assert frame(alone, BLUE)
    assert not (np.asarray(alone) == RED).all(axis=2).any()


def test_the_page_itself_is_left_alone(page):
    before = page.image.tobytes()
    clip(Sheet(*page, CELLS), None, [cell(5)], [cell(6)])
    assert page.image.tobytes() == before


def test_a_page_without_the_head_gets_that_of_the_first(page):
    second = picture_page(drawn(head=False), 1, dpi=144)
    cut, _ = clip(Sheet(*second, CELLS), Sheet(*page, CELLS), [cell(8)], [])
    head = pixels(page, Box(LEFT + 1, HEAD + 1, END - 1, FIRST - 1))
    x = frame(cut, RED)[0] - round((MIDDLE + 100 - LEFT - 1) * 2)
    assert any(shown(cut, (x, y), head) for y in range(cut.height - head.shape[0]))


def test_the_head_of_another_layout_is_not_put_over_it(page):
    second = picture_page(drawn(head=False), 1, dpi=144)
    moved = tuple((row, Box(box.x0 + 60, box.top, box.x1 + 90, box.bottom)) for row, box in CELLS)
    cut, _ = clip(Sheet(*second, CELLS), Sheet(*page, moved), [cell(8)], [])
    assert frame(cut, RED)


def test_the_end_of_the_table_before_is_no_head(page):
    sheet = Sheet(*page, CELLS[20:], tuple(box for _, box in CELLS[:18]))
    cut, _ = clip(sheet, None, [cell(12)], [])
    assert cut.height == pytest.approx((2 + 5) * HEIGHT * page.scale, abs=80)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_tables_that_lie_on_their_side_are_set_upright(page, turn):
    width, height = page.image.width / page.scale, page.image.height / page.scale
    lying = page.image.rotate(turn, expand=True)  # counterclockwise
    cells = tuple((row, turn_box(box, -turn % 360, width, height)) for row, box in CELLS)
    assert turn_of(cells) == turn
    upright = clip(Sheet(*page, CELLS), None, [cell(9)], [cell(9, 0)])[0]
    again = clip(
        Sheet(lying, page.scale, cells), None,
        [turn_box(cell(9), -turn % 360, width, height)], [turn_box(cell(9, 0), -turn % 360, width, height)],
    )[0]  # fmt: skip
    assert again.size == pytest.approx(upright.size, abs=2)
    assert frame(again, RED) == pytest.approx(frame(upright, RED), abs=3)


def test_a_single_row_stands_upright(page):
    assert turn_of(CELLS[:2]) == 0
    assert frame(clip(Sheet(*page, CELLS[:2]), None, [cell(0)], [])[0], RED)


def test_a_page_of_ink_is_cut_all_the_same(page):
    dark = Image.new("RGB", page.image.size, "black")
    assert frame(clip(Sheet(dark, page.scale, CELLS), None, [cell(9)], [])[0], RED)


def test_rows_that_lie_askew_are_told_apart(page):
    def sunk(row: int, column: int) -> Box:  # as much lower at the right as a row is high, grown by the skew
        box = cell(row, column)
        return Box(box.x0, box.top + column * HEIGHT - 2, box.x1, box.bottom + column * HEIGHT + 2)

    askew = tuple((row, sunk(row, column)) for row in range(ROWS) for column in (0, 1))
    cut, _ = clip(Sheet(*page, askew), None, [sunk(20, 1)], [])
    assert cut.height == pytest.approx(clip(Sheet(*page, CELLS), None, [cell(20)], [])[0].height, abs=20)
