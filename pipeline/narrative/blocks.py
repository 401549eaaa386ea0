"""Printed lines become blocks: a paragraph, or a heading, each over one or more lines and pages.

What tells blocks apart in such reports: a paragraph begins indented, with an ordinal, or below a gap; it ends with a
sentence mark or short of the right margin. A page break parts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.narrative.model import Mark
from pipeline.narrative.ordinals import CLOSED, PART, SENTENCE_MARK, TITLE_END, ordinal_of
from pipeline.narrative.prose_tables import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.narrative.printed import Line

_INDENTED = 0.9  # em; hanging marks and recognised lines are less far off
_SHORT = 1.5  # em left over beyond what the next line's first piece would have needed
_GAP = 0.8  # em more than the usual distance of lines
_SAME_SIZE = 1.12
_TITLE_GAP = 2.5  # em between the lines of one title
_TITLE_LENGTH = 60

# What a line break cannot part: a number with its unit and the marks behind it, an opening quote and its word.
_UNBREAKABLE = re.compile(r"[“‘（(《]*(?:[\d.,，%％]+[万亿千百]?[元个年月日人辆]?|\w)[，。、；：）)”’》%％]*")
_SAME = 0.5  # em
_OPEN = re.compile(r"[，、（(“‘《和与及的为比\d.]$")
_HANGING = re.compile(r"[，。、；：）)”’》%％]|[万亿]?元")


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines that are one text."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The text of all lines."""
        return "".join(line.text for line in self.lines)

    def marks(self, start: int = 0) -> tuple[Mark, ...]:
        """Where the characters from `start` on stand."""
        marks: list[Mark] = []
        at = -start
        for line in self.lines:
            for piece in line.pieces:
                length = len("".join(piece.text.split()))
                if at + length > 0 and length:
                    box = piece.box
                    cut = max(0, -at) / length * (box.x1 - box.x0)
                    marks.append(Mark(max(at, 0), at + length, piece.page, box._replace(x0=box.x0 + cut)))
                at += length
        return tuple(marks)


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """The blocks that lines make, in their order."""
    blocks: list[list[Line]] = []
    pitch = _pitch(lines)
    for line in lines:
        if not blocks or _begins(line, blocks[-1], pitch):
            blocks.append([line])
        else:
            blocks[-1].append(line)
    return [Block(tuple(block)) for block in blocks]


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance of lines in em: that of most of them."""
    gaps = sorted(line.above for line in lines if line.above is not None)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _begins(line: Line, block: Sequence[Line], pitch: float) -> bool:
    """True if a line is not part of the block before it."""
    text = "".join(each.text for each in block)
    if line.fresh:
        return True
    if part := PART.match(text):
        return not _goes_on_as_title(line, block, text[part.end() :])
    if not line.drawn:
        return not (_OPEN.search(text) or _HANGING.match(line.text)) or ordinal_of(line.text) is not None
    return _is_parted(line, block, text, pitch)


def _is_parted(line: Line, block: Sequence[Line], text: str, pitch: float) -> bool:
    """True if a line begins like a paragraph and the `text` of the block before it is complete."""
    last = block[-1]
    ended = CLOSED.search(text) is not None
    short = last.short > width_of(_first_piece(line.text)) + _SHORT
    says = SENTENCE_MARK.search(text) is not None
    titled = not says and TITLE_END.search(text) is not None
    done = ended or short or titled
    announced = text.endswith(("：", ":"))
    if PART.match(line.text) and not SENTENCE_MARK.search(line.text):
        return done or line.indent > _INDENTED or line.above is None
    if ordinal_of(line.text):
        return done or announced or line.indent > _INDENTED
    if line.indent > _INDENTED:  # or it goes on: it may hang, or the margin be another
        as_first = abs(line.indent - block[0].indent) < _SAME and last.short > _SHORT
        return done or announced or (as_first and ordinal_of(text) is not None)
    if short:
        return ended or titled or last.is_centred or (ordinal_of(text) is not None and not says)
    return ended and line.above is not None and line.above > pitch + _GAP


def _first_piece(text: str) -> str:
    found = _UNBREAKABLE.match(text)
    return found[0] if found else text[:1]


def _goes_on_as_title(line: Line, block: Sequence[Line], title: str) -> bool:
    """True if a line is more of the heading of a part, which is set in one size, and often on a page of its own."""
    if SENTENCE_MARK.search(line.text) or PART.match(line.text) or ordinal_of(line.text):
        return False
    if len(title) + len(line.text) > _TITLE_LENGTH:
        return False
    if not line.drawn:
        return not title or (TITLE_END.search(title) is None and TITLE_END.search(line.text) is not None)
    last = block[-1]
    alike = max(line.em, last.em) < _SAME_SIZE * min(line.em, last.em)
    near = line.above is not None and line.above < _TITLE_GAP
    if not title:  # on a page of its own, it may stand far above
        return line.above is not None and (line.is_centred or alike)
    return alike and near and (line.is_centred or last.short < last.indent + _INDENTED)
