"""Pictures of pages as PNG files: what a page is drawn into, kept as, and sent as.

A page without colours is kept in shades of grey, with one place in its palette for the frames around numbers.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, cast

from PIL import Image, PngImagePlugin

from pipeline.read.picture import PagePicture

if TYPE_CHECKING:
    _Colors = list[tuple[int, tuple[int, int, int]]]

RED = 214, 30, 30
"""Of the frames around numbers."""

_LEVEL = 3  # of zlib; more costs twice the time for as many bytes
_GRAYS = 254  # the place of white in the palette; the next is RED
_PALETTE = [*(round(gray * 255 / _GRAYS) for gray in range(_GRAYS + 1) for _ in range(3)), *RED]
_PLACES = [round(gray * _GRAYS / 255) for gray in range(256)]


def packed(page: PagePicture) -> bytes:
    """A page as PNG, its scale as a text of it; one without colours in shades of grey, and with a place for RED."""
    colors = page.image.getcolors()  # None if there are more than 256
    if colors is not None and all(len({*color}) == 1 for _, color in cast("_Colors", colors)):
        gray = page.image.convert("L").point(_PLACES)
        gray.putpalette(_PALETTE)
        return png(gray, page.scale)
    return png(page.image, page.scale)


def png(image: Image.Image, scale: float) -> bytes:
    """A picture of a page in its own colours, as `packed` gives it."""
    told = PngImagePlugin.PngInfo()
    told.add_text("scale", repr(scale))
    data = BytesIO()
    image.save(data, "PNG", pnginfo=told, compress_level=_LEVEL)
    return data.getvalue()


def unpacked(page: bytes) -> PagePicture:
    """A page that was packed, in colours."""
    image, scale = opened(page)
    return PagePicture(image.convert("RGB"), scale)


def opened(page: bytes) -> PagePicture:
    """A page that was packed, in its palette if it has one."""
    image: Image.Image = Image.open(BytesIO(page))
    return PagePicture(image, float(image.text["scale"]))  # type: ignore[attr-defined] # of PNG files
