"""The pages of an image file as pictures on white paper, and how many of their pixels make an inch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageOps, ImageSequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BytesIO

MAXIMUM_PIXELS = 25_000_000
"""A page of A3 at 300 dpi has 17 million."""

PLAUSIBLE_DPI = range(70, 1201)
_INCHES_OF_A4 = 11.7


def photos(data: BytesIO, maximum_dpi: float) -> Iterator[tuple[Image.Image, float]]:
    """Every page in three colours with its dpi, within MAXIMUM_PIXELS and `maximum_dpi`; raises PIL's errors."""
    with Image.open(data) as file:
        for frame in ImageSequence.Iterator(file):
            upright = ImageOps.exif_transpose(frame)
            dpi = _stated_dpi(upright)
            factor = min(1.0, maximum_dpi / dpi, (MAXIMUM_PIXELS / (upright.width * upright.height)) ** 0.5)
            flat = _on_paper(upright)
            if factor < 1:
                flat = flat.resize((round(flat.width * factor), round(flat.height * factor)), Image.Resampling.BOX)
            yield flat, dpi * factor


def _stated_dpi(frame: Image.Image) -> float:
    """What the file states if it is a page's, else as if the picture were a page of A4."""
    stated = frame.info.get("dpi", (0, 0))[0]
    long = max(frame.size)
    if stated and int(stated) in PLAUSIBLE_DPI and 0.5 * _INCHES_OF_A4 < long / float(stated) < 3 * _INCHES_OF_A4:
        return float(stated)
    return long / _INCHES_OF_A4


def _on_paper(frame: Image.Image) -> Image.Image:
    """In three colours, on white where the picture is transparent."""
    if "A" in frame.getbands() or "transparency" in frame.info:
        paper = Image.new("RGBA", frame.size, "white")
        return Image.alpha_composite(paper, frame.convert("RGBA")).convert("RGB")
    return frame.convert("RGB")
