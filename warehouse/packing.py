"""Pictures of pages as PNG files: what a page is drawn into, kept as, and sent as.

A page without colours is kept in shades of grey, with two places in its palette for the frames around numbers: as
good to look at as in colours, with a third of the pixels' bytes to be compressed.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, cast

from PIL import Image, ImageChops, PngImagePlugin

from pipeline.read.picture import PagePicture

if TYPE_CHECKING:
    _Colors = list[tuple[int, tuple[int, int, int]]]

RED, BLUE = (214, 30, 30), (40, 100, 200)
"""Of the frames around numbers, and around those that they are compared with."""

_LEVEL = 3  # of zlib; more costs twice the time for as many bytes
_GRAYS = 253  # the place of white in the palette
_FRAMES = {_GRAYS + 1: RED, _GRAYS + 2: BLUE}
_PALETTE = [round(gray * 255 / _GRAYS) for gray in range(_GRAYS + 1) for _ in range(3)] + [*RED, *BLUE]
_PLACES = [round(gray * _GRAYS / 255) for gray in range(256)]


def packed(page: PagePicture) -> bytes:
    """A page as PNG, its scale as a text of it."""
    return png(compact(page.image), page.scale)


def compact(image: Image.Image) -> Image.Image:
    """An image in RGB; if it has no colours but those of frames, in a palette."""
    colors = image.getcolors(256 + len(_FRAMES))  # None if there are more
    if colors is None or any(len({*color}) > 1 for _, color in cast("_Colors", colors) if color not in (RED, BLUE)):
        return image
    gray = image.convert("L").point(_PLACES)
    red, _, blue = image.split()
    apart = ImageChops.difference(red, blue)
    for place, (first, _, last) in _FRAMES.items():
        gray.paste(place, mask=apart.point([255 * (n == abs(first - last)) for n in range(256)]))
    gray.putpalette(_PALETTE)
    return gray


def png(image: Image.Image, scale: float = 1.0) -> bytes:
    """An image as PNG in its own mode, with pixels per point as a text of it."""
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
