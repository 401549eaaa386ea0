"""A page by its picture: picture → straight → rules → words → marks, which then go the way of every page."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.model import Box
from pipeline.read.glyphs import Glyph, Glyphs
from pipeline.read.ink import Ink, turn_box
from pipeline.read.ocr import READER, picture, posture, rules, words
from pipeline.read.ocr.doubts import with_confidence
from pipeline.read.ocr.engine import engine
from pipeline.read.ocr.misfits import parted
from pipeline.read.ocr.picture import Picture
from pipeline.read.ocr.reading import UNREAD, Word, read_words
from pipeline.read.page import recognise
from pipeline.read.ruling import find_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from pypdfium2 import PdfDocument

    from pipeline.issues import Issue
    from pipeline.model import Page
    from pipeline.read.ocr.engine import Engine

_DRAWN = 4  # rules each way, from which on a page's own rules are its grid
_LEAST = 32  # pixels each way; what is smaller holds no line of text
_SAMPLE = 6  # lines that tell which way up a page is
_SAMPLED = 6.0  # times as long as high; words of this length say as much as whole lines do
_GLANCE = 60  # dots per inch; enough to tell lines that lie level from lines that stand
_UPRIGHT = 0.9  # mean score of lines that stand the right way up; lines on their head score half of it
_OPENING, _CLOSING = "（《〈“", "）》〉”，、。：；"
_BRACKET = 0.8  # of the height; from the middle of a bracket's ink to the far side of its square
_LOOSEST = 1.3  # of the height of a line's ink; characters set wider than this are letter-spaced
_ALONG = 1.5  # a box so much longer one way than the other is a line that runs that way


def read_page(document: PdfDocument, ink: Ink, before: Page | None) -> tuple[Page, tuple[Issue, ...]]:
    """See `pipeline.read.ocr.read_page`."""
    seen = picture.render(document, ink.number, ink.pictures)
    if min(seen.gray.shape) >= _LEAST and len(ink.across) >= _DRAWN and len(ink.down) >= _DRAWN:
        return _read_drawn(seen, ink, before)
    return _read_scan(seen, ink, before)


def read_pictures(data: bytes) -> Iterator[tuple[Page, tuple[Issue, ...]]]:
    """See `pipeline.read.ocr.read_pictures`."""
    before: Page | None = None
    for number, seen in enumerate(picture.frames(io.BytesIO(data)), start=1):
        width, height = seen.size
        blank = Ink(number, width, height, Glyphs.of(()), (), (), (), (Box(0, 0, width, height),))
        page, issues = _read_scan(seen, blank, before)
        before = page
        yield page, issues


def _read_scan(seen: Picture, ink: Ink, before: Page | None) -> tuple[Page, tuple[Issue, ...]]:
    """A page of which nothing is known but its picture."""
    if min(seen.gray.shape) < _LEAST:
        return _recognised(replace(ink, glyphs=Glyphs.of(())), (), 0, before)
    skew = posture.skew_of(seen)
    straight = Picture(posture.rotated(seen.gray, -skew, 255) if skew else seen.gray, seen.dpi)
    quarter = _quarter(engine(), straight)
    upright = Picture(posture.quartered(straight.gray, quarter), seen.dpi)
    found = rules.find_rules(upright)
    width, height = upright.size
    grid = Ink(ink.number, width, height, Glyphs.of(()), found.across, found.down, (), ())
    read = _words(upright, grid, found.mask)
    marks = replace(grid, glyphs=glyphs_of(read)).turned(-quarter % 360)
    page, issues = _recognised(marks, read, quarter, before)
    return replace(page, skew=skew), issues


def _read_drawn(seen: Picture, ink: Ink, before: Page | None) -> tuple[Page, tuple[Issue, ...]]:
    """A page whose rules are drawn by the file, and whose text is not to be read from it."""
    quarter = ink.glyphs.reading_turn() if len(ink.glyphs) else _quarter(engine(), seen)
    upright = Picture(posture.quartered(seen.gray, quarter), seen.dpi)
    grid = replace(ink.turned(quarter), glyphs=Glyphs.of(()))
    read = _words(upright, grid, _mask_of(grid, upright))
    marks = replace(grid, glyphs=glyphs_of(read)).turned(-quarter % 360)
    return _recognised(marks, read, quarter, before)


def _recognised(marks: Ink, read: Sequence[Word], quarter: int, before: Page | None) -> tuple[Page, tuple[Issue, ...]]:
    """The page of these marks as displayed; `read` are its words as they stood after a turn by `quarter`."""
    page, issues = recognise(marks, READER, before)
    width, height = (marks.width, marks.height) if quarter in {0, 180} else (marks.height, marks.width)
    turned = [word._replace(box=turn_box(word.box, -quarter % 360, width, height)) for word in read]
    page, doubts = with_confidence(page, turned)
    return page, (*issues, *doubts)


def _words(upright: Picture, grid: Ink, mask: NDArray[np.uint8]) -> list[Word]:
    """The words of an upright page; their boxes in points."""
    scale = upright.scale
    paper = picture.paper_of(upright)
    gray = words.without_rules(upright.gray, paper, mask)
    cells = [Box(*(value * scale for value in cell)) for table in find_tables(grid) for cell in table]
    ink = words.ink_of(gray, paper, scale)
    places = words.places_of(engine().find(gray, upright.dpi), ink, cells, scale)
    read = parted(read_words(engine(), gray, ink, places))
    return [word._replace(box=Box(*(value / scale for value in word.box))) for word in read]


def _mask_of(grid: Ink, upright: Picture) -> NDArray[np.uint8]:
    """The pixels of drawn rules."""
    mask = np.zeros_like(upright.gray)
    scale, thickness = upright.scale, max(3, round(1.2 * upright.scale))

    def draw(x0: float, y0: float, x1: float, y1: float) -> None:
        start, stop = (round(x0 * scale), round(y0 * scale)), (round(x1 * scale), round(y1 * scale))
        cv2.line(mask, start, stop, 255, thickness)

    for rule in grid.across:
        draw(rule.start, rule.at, rule.stop, rule.at)
    for rule in grid.down:
        draw(rule.at, rule.start, rule.at, rule.stop)
    return mask


def glyphs_of(read: Sequence[Word]) -> Glyphs:
    """The characters of words, each as wide as its neighbours leave room for."""
    glyphs: list[Glyph] = []
    for word in read:
        if word.text == UNREAD and word.cell is None:
            continue  # a speck or a word: it makes its cell doubtful, and no column of its own
        box, count = word.box, len(word.text)
        places = word.places if len(word.places) == count else tuple((n + 0.5) / count for n in range(count))
        middles = [box.x0 + place * (box.x1 - box.x0) for place in places]
        square = _square(word.text, middles, box.bottom - box.top)
        for index, (char, middle) in enumerate(zip(word.text, middles, strict=True)):
            half = (box.bottom - box.top) * 0.3 if char.isascii() else square / 2
            # half of a bracket's square is blank
            left = (box.bottom - box.top) * _BRACKET if char in _OPENING else half
            right = (box.bottom - box.top) * _BRACKET if char in _CLOSING else half
            left = min(left, (middle - middles[index - 1]) / 2) if index else left
            right = min(right, (middles[index + 1] - middle) / 2) if index + 1 < count else right
            glyphs.append(Glyph(char, middle - left, box.top, middle + right, box.bottom, box.bottom))
    return Glyphs.of(glyphs)


def _square(text: str, middles: Sequence[float], height: float) -> float:
    """The side of a Chinese character's square: the height of the line's ink, or more if they follow each other wider.

    Their places are known to a quarter of it; where the square is taken too small, some seem to stand apart.
    """
    wide = [not char.isascii() for char in text]
    steps = [b - a for (a, b), both in zip(pairwise(middles), pairwise(wide), strict=True) if all(both)]
    step = min(median(steps), sum(steps) / len(steps)) if steps else height
    return min(max(height, step), _LOOSEST * height)


def _quarter(reader: Engine, straight: Picture) -> int:
    """The clockwise turn that brings the print upright: lines lie level then, and can be read."""
    boxes = reader.find(straight.gray, straight.dpi, _GLANCE)
    level = sum(x1 - x0 for x0, top, x1, bottom in boxes if x1 - x0 > _ALONG * (bottom - top))
    steep = sum(bottom - top for x0, top, x1, bottom in boxes if bottom - top > _ALONG * (x1 - x0))
    first = 90 if steep > level else 0
    crops = []
    for x0, top, x1, bottom in sorted(boxes, key=lambda b: abs(_length(b) - _SAMPLED))[:_SAMPLE]:
        crop = straight.gray[max(0, round(top)) : round(bottom), max(0, round(x0)) : round(x1)]
        crops.append(posture.quartered(crop, first))
    if (upright := _score(reader, crops)) >= _UPRIGHT:
        return first
    upside_down = _score(reader, [posture.quartered(crop, 180) for crop in crops])
    return first if upright >= upside_down else (first + 180) % 360


def _length(box: Sequence[float]) -> float:
    """How many times a line is as long as it is high, whichever way it runs."""
    sides = box[2] - box[0], box[3] - box[1]
    return max(sides) / max(1.0, min(sides))


def _score(reader: Engine, crops: Sequence[NDArray[np.uint8]]) -> float:
    scores = [score for said in reader.read(crops) for score in (said.scores or (0.0,))]
    return sum(scores) / len(scores) if scores else 0.0
