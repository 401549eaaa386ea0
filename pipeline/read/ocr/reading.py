"""Words are read: once each, and every figure again from another crop of other size and contrast.

One recogniser errs alike on like pictures, so the second picture is as unlike the first as the word allows. What two
readings agree on with certainty is taken, or else what three agree on; the rest is doubtful, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.model import Box
from pipeline.read.ocr import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.read.ocr.engine import Engine, Said
    from pipeline.read.ocr.words import Place

READ_TWICE = 0.97
"""Confidence of figures on which two readings agree, and of words that the recogniser is sure of."""

DOUBTFUL = 0.6
"""Confidence of figures on which readings differ, and of words that the recogniser is not sure of."""

UNREAD = "\ufffd"
"""Stands for print that nobody could read."""

SURE_SCORE = 0.8
"""Of the least sure character of a word."""

CERTAIN_SCORE = 0.98
"""Of the least sure character of figures in two readings; below it both may err alike, and a third one must agree."""

MARGIN = 0.3
"""Of the height of a word: the room around it in the first crop, and on the left and right in its box."""

_LEGIBLE = 0.8  # least score, on average, of marks that the detector passed over
_NOUGHTS = frozenset("Oo〇○")  # alone they are a 0, which must be read again
_OWN_MARGIN = 0.1  # of the height of a word, which is surely its own
_MARGINS = 0.12, 0.5  # of the height of a word: the room around it in the second and third crop


class Word(NamedTuple):
    """A word as read. `places` are the middles of its characters between the sides of `box` (0 to 1).

    `readings` are all that was read, the first one first, where they differ.
    """

    text: str
    box: Box
    cell: Box | None
    places: tuple[float, ...]
    confidence: float
    readings: tuple[str, ...] = ()


def read_words(engine: Engine, gray: NDArray[np.uint8], ink: NDArray[np.uint8], places: Sequence[Place]) -> list[Word]:
    """The words at these places."""
    dashes = [Word("-", place.box, place.cell, (0.5,), READ_TWICE) for place in places if place.dash]
    places = [place for place in places if not place.dash]
    first = engine.read([_crop(gray, place.box, MARGIN) for place in places])
    again = [index for index, said in enumerate(first) if _is_figure(said.text)]
    second = dict(zip(again, engine.read([_second(gray, ink, places[index]) for index in again]), strict=True))
    words = []
    unsettled: list[int] = []
    for index, (place, said) in enumerate(zip(places, first, strict=True)):
        other = second.get(index)
        if other is not None and not _is_settled(said, other):
            unsettled.append(index)
        words.append(_word(place, said, other))
    third = engine.read([_third(gray, places[index]) for index in unsettled])
    for index, said in zip(unsettled, third, strict=True):
        if words[index].confidence < READ_TWICE or numbers.figures(said.text) != words[index].text:
            words[index] = _settled(words[index], said)
    return dashes + words


def _is_figure(text: str) -> bool:
    return text in _NOUGHTS or sum(char.isdecimal() for char in text) * 2 >= len(text) > 0


def _is_settled(said: Said, other: Said) -> bool:
    """True if two readings of figures agree, and the recogniser is certain of every character in both."""
    certain = min(said.score, other.score) >= CERTAIN_SCORE
    return certain and numbers.figures(said.text) == numbers.figures(other.text)


def _word(place: Place, said: Said, other: Said | None) -> Word:
    if other is None:
        return _text(place, said)
    one, two = numbers.figures(said.text), numbers.figures(other.text)
    box = _cropped_box(place)
    legible = not any(numbers.has_misread_mark(text) for text in (said.text, other.text))
    if one and one == two and said.score >= 0.5 and legible:
        return Word(one, box, place.cell, said.middles, READ_TWICE)
    return Word(one or said.text, box, place.cell, said.middles, DOUBTFUL, (said.text, other.text))


def _text(place: Place, said: Said) -> Word:
    mean = sum(said.scores) / len(said.scores) if said.scores else 0.0
    if not place.seen and mean < _LEGIBLE:
        return Word(UNREAD, place.box, place.cell, (0.5,), DOUBTFUL, (said.text,))
    if not said.text:
        return Word(UNREAD, place.box, place.cell, (0.5,), DOUBTFUL)
    sure = said.score >= SURE_SCORE
    return Word(said.text, _cropped_box(place), place.cell, said.middles, READ_TWICE if sure else DOUBTFUL)


def _settled(word: Word, third: Said) -> Word:
    """A word of two readings with the third: what two of three agree on is the better guess, and still doubtful."""
    readings = (*(word.readings or (word.text, word.text)), third.text)
    known = [text for reading in readings if (text := numbers.figures(reading))]
    best = max(known, key=known.count, default=word.text)
    places = word.places if len(best) == len(word.text) else ()
    return word._replace(text=best, places=places, confidence=DOUBTFUL, readings=readings)


def _cropped_box(place: Place) -> Box:
    """The box between whose sides the first reading gives the places of characters."""
    reach = MARGIN * (place.box.bottom - place.box.top)
    return Box(place.box.x0 - reach, place.box.top, place.box.x1 + reach, place.box.bottom)


def _second(gray: NDArray[np.uint8], ink: NDArray[np.uint8], place: Place) -> NDArray[np.uint8]:
    """Close around all ink on the word's line in its cell, a sign before it included; of full contrast, condensed."""
    box = place.box
    if place.cell is not None:
        top, bottom = round(box.top), round(box.bottom)
        x0, x1 = round(place.cell.x0), round(place.cell.x1)
        columns = np.flatnonzero(ink[top:bottom, x0:x1].any(axis=0))
        if columns.size:
            reach = 1.2 * (box.bottom - box.top)  # what stands further off is another word
            box = box._replace(
                x0=min(box.x0, max(float(x0 + columns[0]), box.x0 - reach)),
                x1=max(box.x1, min(float(x0 + columns[-1] + 1), box.x1 + reach)),
            )
    crop = _crop(gray, box, _MARGINS[0])
    low, high = np.percentile(crop, (2, 90))
    stretched = np.clip((crop.astype(np.float32) - low) * (255 / max(30.0, high - low)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(stretched, None, fx=1.5, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _third(gray: NDArray[np.uint8], place: Place) -> NDArray[np.uint8]:
    """With much room, smoothed, and a little wider."""
    crop = cv2.GaussianBlur(_crop(gray, place.box, _MARGINS[1]), (3, 3), 0)
    return np.asarray(cv2.resize(crop, None, fx=2.3, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)


def _crop(gray: NDArray[np.uint8], box: Box, margin: float) -> NDArray[np.uint8]:
    """The word in a box with a margin of so much of its height; but for its inmost part the margin is painted.

    What stands right beside a word belongs to another line or cell.
    """
    height, width = gray.shape
    own = max(1, round(_OWN_MARGIN * (box.bottom - box.top)))
    x0, top = max(0, round(box.x0) - own), max(0, round(box.top) - own)
    inner = gray[top : min(height, round(box.bottom) + own), x0 : min(width, round(box.x1) + own)]
    more = max(0, round(margin * (box.bottom - box.top)) - own)
    paper = float(np.percentile(inner, 80))
    return np.asarray(cv2.copyMakeBorder(inner, more, more, more, more, cv2.BORDER_CONSTANT, value=paper), np.uint8)
