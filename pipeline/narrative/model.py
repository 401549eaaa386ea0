"""The plain values of a narrative. Places are those of `pipeline.model`: page from 1, box in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from pipeline.model import Box


class Mark(NamedTuple):
    """Where the characters `start` to `stop` of a paragraph stand: a piece of one printed line."""

    start: int
    stop: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what it governs, up to the next heading of its level or a higher one.

    `number` counts the sections of a document from 0 in reading order; `parent` is the number of the section above, -1
    for none. `part` is 1 to 4 (第一部分 overview … 第四部分 glossary; 0 before the first). `level` is 0 for a part, 1
    for 一、 2 for （一） 3 for 1. and so on. `title` is the heading without its ordinal, `ordinal` that as printed.
    `topic` is the key of `pipeline.narrative.topics.TOPICS` that the section is about, its own or inherited, "" for
    none.
    """

    number: int
    parent: int
    part: int
    level: int
    ordinal: str
    title: str
    topic: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without line breaks, white space and page furniture, otherwise as printed.

    `section` is the number of the innermost section, -1 before the first. A heading that goes on as a sentence
    (`1.其他收入878.44万元，为…`) is the first paragraph of its section, with its ordinal taken off. `marks` cover the
    text without gaps.
    """

    section: int
    text: str
    marks: tuple[Mark, ...]

    def place(self, start: int, stop: int) -> tuple[int, Box]:
        """Page and box of characters: of the first of the lines that they stand on."""
        mark = next(mark for mark in self.marks if mark.stop > start)
        width = (mark.box.x1 - mark.box.x0) / max(1, mark.stop - mark.start)
        end = min(stop, mark.stop)
        left, right = mark.box.x0 + (start - mark.start) * width, mark.box.x0 + (end - mark.start) * width
        return mark.page, mark.box._replace(x0=left, x1=right)


@dataclass(frozen=True, slots=True)
class Structure:
    """A document's prose: its sections, its paragraphs in reading order, and the titles that its contents list."""

    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of the narrative (or one word that stands for a number: 持平, 无), as a statement.

    (`topic`, `line`, `measure`) says of what: a topic of `pipeline.narrative.topics`, a line of that topic (or a
    subject code), and one of `topics.MEASURES`. `line` is "" where the subject was not understood.
    `value` is in yuan, percent points or pieces (`unit`: yuan | percent | piece | flag); a decrease is negative.
    `precision` is the value of the last printed digit, in the same unit; `money_unit` 1 or 10000 yuan, 0 for what is no
    money. `label` is the subject as printed, `direction` the printed word (增加, 下降, 持平, 小于…), `year` the year
    that it is compared with, where it is printed. `reason` is the printed reason for a change or a difference,
    `sentence` the sentence that it stands in.
    """

    section: int
    topic: str
    line: str
    measure: str
    label: str
    value: Decimal
    unit: str
    printed: str
    money_unit: int
    precision: Decimal
    direction: str
    year: int | None
    reason: str
    sentence: str
    page: int
    box: Box
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of posts or people in the overview: `kind` as printed (编制数, 实有人数, 在职人员, 退休人员…)."""

    kind: str
    value: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class CoveredUnit:
    """A unit that a department's report says it covers, with its printed remark (预算不单列，并入本级)."""

    name: str
    remark: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Narrative:
    """All that was read of a document's prose.

    `amounts` holds, for each section by number, how many amounts, rates and counts its own paragraphs hold, and how
    many of them became claims with a subject.
    """

    structure: Structure
    claims: tuple[Claim, ...]
    amounts: tuple[tuple[int, int], ...]
    headcounts: tuple[Headcount, ...]
    covered: tuple[CoveredUnit, ...]
