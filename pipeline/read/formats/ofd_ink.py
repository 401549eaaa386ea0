"""What stands on a page of an OFD file: its objects become the same marks that the readers of PDF give.

Lengths are millimetres from the top left corner. An object is drawn in a space of its own, which CTM and Boundary
place on the page. Text says where its first character stands and the steps to the others; only what fonts would tell,
how wide and how high a character is, is estimated from its size. (GB/T 33190-2016, chapters 7 to 13.)
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, islice, repeat
from math import atan2, degrees, isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.model import Box
from pipeline.read import limits
from pipeline.read.affine import Affine
from pipeline.read.characters import printed
from pipeline.read.formats.package import attribute, child, children, local
from pipeline.read.glyphs import Glyph, Glyphs
from pipeline.read.ink import Ink, Shapes, is_thin, quarter_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

POINTS = 72 / 25.4
"""Points in a millimetre."""

_ASCENT, _DESCENT = 0.88, 0.14  # of the size; what fonts for Chinese have
_NARROW, _HALF, _FULL = 0.3, 0.5, 1.0  # widths of signs, of Latin and of Chinese characters, of the size
_SIGNS = frozenset(".,:;'!|-()[]")
_LINE_WIDTH = 0.353
_PAPER = 250  # of 255
_DEPTH = 8  # groups and composite objects within each other, parameters built on others
_MOST_OBJECTS = 300_000  # on a page; composite objects can multiply each other
_MOST_STEPS = 100_000
_OPERATION = re.compile(r"([SMLQBAC])|([^\sSMLQBAC]+)")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


class Resources(NamedTuple):
    """What objects refer to by id: graphic parameters (DrawParam) and composite objects, as elements."""

    parameters: Mapping[str, Any]
    composites: Mapping[str, Any]


class Sheet(NamedTuple):
    """A page to be drawn: its box in millimetres and the contents that lie on each other, the lowest first."""

    number: int
    box: tuple[float, float, float, float]
    contents: Sequence[Any]


def read_ink(sheet: Sheet, resources: Resources) -> Ink:
    """The marks of a page. Raises ValueError where a number is none, OverLimitError where there are too many."""
    x, y, width, height = sheet.box
    page = Affine(POINTS, 0, 0, POINTS, -x * POINTS, -y * POINTS)
    drawing = _Drawing(resources)
    for content in sheet.contents:
        drawing.take(content, page, ())
    return Ink.of(sheet.number, width * POINTS, height * POINTS, Glyphs.of(drawing.glyphs), drawing.shapes)


def numbers(text: str) -> list[float]:
    """The numbers of an attribute; raises ValueError for what is none."""
    found = [float(part) for part in text.split()]
    if not all(map(isfinite, found)):
        raise ValueError(f"not finite: {text}")
    return found


class _Drawing:
    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.glyphs: list[Glyph] = []
        self.shapes = Shapes()
        self.objects = 0

    def take(self, group: Any, space: Affine, styles: tuple[Any, ...], depth: int = 0) -> None:
        """Add the objects of a layer or group. `styles` are the elements that say how to draw, the nearest first."""
        if depth > _DEPTH:
            raise ValueError("objects lie too deep within each other")
        for item in group:
            self.objects += 1
            if self.objects > _MOST_OBJECTS:
                raise ValueError("too many objects on one page")
            kind = local(item)
            if attribute(item, "Visible") == "false" or attribute(item, "Alpha") == "0":
                continue
            own = (*self._parameters(item), *styles)
            if kind in {"Layer", "PageBlock", "Content"}:
                self.take(item, space, own, depth + 1)
            elif kind == "CompositeObject":
                composite = self.resources.composites.get(attribute(item, "ResourceID"), ())
                self.take(composite, _placed(item, space), own, depth + 1)
            else:
                self._draw(kind, item, space, (item, *own))

    def _draw(self, kind: str, item: Any, space: Affine, styles: Sequence[Any]) -> None:
        inner = _placed(item, space)
        if kind == "TextObject":
            self._text(item, inner, styles)
        elif kind == "PathObject":
            self._path(item, inner, styles)
        elif kind == "ImageObject":
            self.shapes.picture(inner.box(0, 0, 1, 1) if attribute(item, "CTM") else _boundary(item, space))

    def _parameters(self, item: Any) -> Iterator[Any]:
        """The graphic parameters that an object names, and those on which these are built."""
        seen: set[str] = set()
        name = attribute(item, "DrawParam")
        while name in self.resources.parameters and name not in seen and len(seen) < _DEPTH:
            seen.add(name)
            yield self.resources.parameters[name]
            name = attribute(self.resources.parameters[name], "Relative")

    def _text(self, item: Any, space: Affine, styles: Sequence[Any]) -> None:
        filled = attribute(item, "Fill") != "false" and _shows(styles, "FillColor", default=True, paper=True)
        if not (filled or attribute(item, "Stroke") == "true"):
            return
        turn = _turn(space, numbers(attribute(item, "CharDirection")))
        if turn is None:
            return
        size = numbers(attribute(item, "Size"))[0]
        wide = (numbers(attribute(item, "HScale")) or [1.0])[0]
        by_glyph = child(item, "CGTransform") is not None
        x, y = 0.0, 0.0
        for code in children(item, "TextCode"):
            text = _content(code)
            x = (numbers(attribute(code, "X")) or [x])[0]
            y = (numbers(attribute(code, "Y")) or [y])[0]
            for char, (left, base), width in _characters(code, text, (x, y), size, wide):
                seen = printed(char) or ("\ufffd" if by_glyph and not char.isspace() else "")
                if seen:
                    self._glyph(seen, space, (left, base), (width, size), turn)

    def _glyph(
        self, seen: str, space: Affine, origin: tuple[float, float], extent: tuple[float, float], turn: int
    ) -> None:
        limits.check("字", len(self.glyphs) + 1, limits.GLYPHS)
        (x, y), (width, size) = origin, extent
        box = space.box(x, y - _ASCENT * size, x + width, y + _DESCENT * size)
        at = space.point(x, y)
        self.glyphs.append(Glyph(seen, *box, at[1] if turn in (0, 180) else at[0], turn))

    def _path(self, item: Any, space: Affine, styles: Sequence[Any]) -> None:
        filled = attribute(item, "Fill") == "true" and _shows(styles, "FillColor", default=False)
        width = next(filter(None, (attribute(style, "LineWidth") for style in styles)), "") or str(_LINE_WIDTH)
        stroked = attribute(item, "Stroke") != "false" and _shows(styles, "StrokeColor", default=True)
        data = child(item, "AbbreviatedData")
        if data is None or not (filled or (stroked and numbers(width)[0] > 0)):
            return
        for points, straight in _outlines(data.text or "", space):
            box = _around(points)
            if is_thin(box):
                self.shapes.rule(box)
            elif stroked:
                self.shapes.stroke(points)
            elif straight and len(points) in (4, 5):
                self.shapes.fill(box)
            else:
                self.shapes.outlines += 1


def _placed(item: Any, space: Affine) -> Affine:
    """The space in which an object draws."""
    x, y, *_ = numbers(attribute(item, "Boundary")) or [0.0, 0.0]
    matrix = numbers(attribute(item, "CTM"))
    inner = Affine(*matrix) if len(matrix) == len(Affine()) else Affine()
    return space.after(Affine(1, 0, 0, 1, x, y)).after(inner)


def _boundary(item: Any, space: Affine) -> Box:
    x, y, width, height = numbers(attribute(item, "Boundary"))
    return space.box(x, y, x + width, y + height)


def _turn(space: Affine, direction: Sequence[float]) -> int | None:
    """The quarter by which characters stand turned, None if aslant."""
    (x, y), (x0, y0) = space.point(1, 0), space.point(0, 0)
    return quarter_of(degrees(atan2(y - y0, x - x0)) + (direction[0] if direction else 0))


def _content(code: Any) -> str:
    """The characters of a text code; a file that was indented for people has white space around them."""
    text = code.text or ""
    return text.strip() if "\n" in text else text


def _characters(
    code: Any, text: str, start: tuple[float, float], size: float, wide: float
) -> Iterator[tuple[str, tuple[float, float], float]]:
    """(character, origin, width) of each character, by the steps between them or, without steps, by their widths."""
    x, y = start
    by_x, by_y = attribute(code, "DeltaX"), attribute(code, "DeltaY")
    stated = bool(by_x or by_y)
    for char, right, down in zip(text, _steps(by_x), _steps(by_y), strict=False):
        width = wide * size * _width(char)
        yield char, (x, y), min(right, width) if right > 0 else width  # a step may reach into the next column
        x, y = x + (right if stated else width), y + down


def _width(char: str) -> float:
    """The width of a character in most fonts, in sizes."""
    if char in _SIGNS:
        return _NARROW
    return _FULL if unicodedata.east_asian_width(char) in "WFA" else _HALF


def _steps(text: str) -> Iterator[float]:
    """Steps without end: `g 3 2.5` stands for three steps of 2.5, and the last one goes on if there are too few."""
    parts = text.split()
    steps: list[float] = []
    at = 0
    while at < len(parts) and len(steps) < _MOST_STEPS:
        if parts[at] == "g" and at + 2 < len(parts):
            steps += repeat(numbers(parts[at + 2])[0], min(int(parts[at + 1]), _MOST_STEPS))
            at += 3
        else:
            steps += numbers(parts[at])
            at += 1
    return chain(steps, repeat(steps[-1] if steps else 0.0))


def _shows(styles: Iterable[Any], name: str, *, default: bool, paper: bool = False) -> bool:
    """Whether a colour leaves a mark on the paper. `paper`: white does too, it may be text on a dark ground."""
    for style in styles:
        color = child(style, name)
        if color is not None:
            values = numbers(attribute(color, "Value"))
            if attribute(color, "Alpha") == "0":
                return False
            if paper or not values:
                return True
            return max(values) > 0 if len(values) == len("CMYK") else min(values) < _PAPER
    return default


def _outlines(data: str, space: Affine) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The sub-paths of a path: corner points on the page, and whether all sides are straight."""
    points: list[tuple[float, float]] = []
    straight = True
    for operator, operands in _operations(data):
        if operator in "SM" and points:
            yield points, straight
            points, straight = [], True
        if operator == "C":
            if points and points[-1] != points[0]:
                points.append(points[0])
            continue
        straight = straight and operator not in "QBA"
        points.append(space.point(*operands[-2:]))
    if points:
        yield points, straight


def _operations(data: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _OPERATION.finditer(data)
    for token in tokens:
        if token[1]:
            operands = [numbers(operand[2] or "?")[0] for operand in islice(tokens, _OPERANDS[token[1]])]
            if len(operands) == _OPERANDS[token[1]]:
                yield token[1], operands


def _around(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))
