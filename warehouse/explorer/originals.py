"""The files as they were published, and pictures of their pages with numbers framed."""

from __future__ import annotations

import re
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from PIL import ImageDraw

from pipeline.model import Box
from pipeline.read import sniff
from pipeline.read.picture import NoPictureError
from warehouse.packing import RED, opened, png

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from warehouse.explorer.drawn import Drawn
    from warehouse.letters.evidence import PageSource

_DOCUMENT = re.compile(r"[0-9a-f]{64}")
_FLAT = {sniff.PDF, sniff.PNG, sniff.JPEG, sniff.TIFF}
_MARKS = 200
_AGAIN = 600  # seconds after which a page that could not be drawn is tried again
_REMEMBERED = 1_000
_MARGIN = 1.5  # points around a number


class Originals:
    """Published files by their number, and pictures of their pages. For any number of threads.

    `source` draws a page, `where` says where a file is kept. A page that cannot be drawn is remembered for a while, so
    that it holds up nobody twice.
    """

    def __init__(self, source: PageSource, where: Callable[[str], Path] | None, drawn: Drawn) -> None:
        self.drawn = drawn
        self._source, self._where = source, where
        self._failed: dict[tuple[str, int], tuple[float, str]] = {}
        self._flat: dict[str, bool] = {}
        self._lock = Lock()

    def file(self, document: str) -> Path | None:
        """Where a file is, if it is there."""
        if not self._where or not _DOCUMENT.fullmatch(document):
            return None
        path = self._where(document)
        return path if path.is_file() else None

    def has_pages(self, document: str) -> bool:
        """Whether a file has pages that can be drawn: a PDF or pictures; True if the file is not there to be seen."""
        with self._lock:
            if document in self._flat:
                return self._flat[document]
        path = self.file(document)
        flat = path is None or sniff.kind_of(path.read_bytes()) in _FLAT
        with self._lock:
            if len(self._flat) >= _REMEMBERED:
                self._flat.clear()
            self._flat[document] = flat
        return flat

    def picture(self, document: str, number: int) -> bytes:
        """A page (from 1), as `PageSource` gives it; raises NoPictureError."""
        return self.drawn.get(("page", document, number), lambda: self._draw(document, number))

    def framed(self, document: str, number: int, marks: Sequence[Box]) -> bytes:
        """A page as PNG with these places framed; raises NoPictureError."""
        if not marks:
            return self.picture(document, number)
        return self.drawn.get(("marked", document, number, *marks), lambda: self._framed(document, number, marks))

    def _framed(self, document: str, number: int, marks: Sequence[Box]) -> bytes:
        image, scale = opened(self.picture(document, number))
        if image.mode != "P":  # in colours, or kept by a program that packed otherwise
            image = image.convert("RGB")
        image.load()
        pen = ImageDraw.Draw(image)
        for box in marks:
            sides = box.x0 - _MARGIN, box.top - _MARGIN, box.x1 + _MARGIN, box.bottom + _MARGIN
            pen.rectangle([side * scale for side in sides], outline=RED, width=3)
        return png(image, scale)

    def _draw(self, document: str, number: int) -> bytes:
        key = document, number
        with self._lock:
            until, why = self._failed.get(key, (0.0, ""))
        if monotonic() < until:
            raise NoPictureError(why)
        try:
            return self._source(*key)
        except NoPictureError as error:
            with self._lock:
                if len(self._failed) >= _REMEMBERED:
                    self._failed.clear()
                self._failed[key] = monotonic() + _AGAIN, str(error)
            raise


def boxes(text: str) -> list[Box]:
    """The places that an address names, x0,top,x1,bottom;… in points; what is none is passed over."""
    found = []
    for part in text.split(";")[:_MARKS]:
        try:
            x0, top, x1, bottom = map(float, part.split(","))
        except ValueError:
            continue
        if 0 <= x0 <= x1 < 20_000 and 0 <= top <= bottom < 20_000:
            found.append(Box(x0, top, x1, bottom))
    return found
