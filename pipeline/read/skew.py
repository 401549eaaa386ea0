"""Boxes of a page that was set straight for reading, back on the page as it is displayed."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

from pipeline.model import Box

if TYPE_CHECKING:
    from pipeline.model import Page


def as_displayed(box: Box, page: Page) -> Box:
    """The smallest box around where a box of the straight page lies on the page as displayed."""
    if not page.skew:
        return box
    turn = radians(page.skew)
    middle_x, middle_y = page.width / 2, page.height / 2
    corners = [
        (
            middle_x + (x - middle_x) * cos(turn) - (y - middle_y) * sin(turn),
            middle_y + (x - middle_x) * sin(turn) + (y - middle_y) * cos(turn),
        )
        for x in (box.x0, box.x1)
        for y in (box.top, box.bottom)
    ]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(max(0.0, min(xs)), max(0.0, min(ys)), min(page.width, max(xs)), min(page.height, max(ys)))
