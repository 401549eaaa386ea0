"""The structure of a document's prose: its sections, nested by their ordinals, and the paragraphs in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.narrative.blocks import blocks_of
from pipeline.narrative.contents import without_contents
from pipeline.narrative.model import Paragraph, Section, Structure
from pipeline.narrative.ordinals import PART, SENTENCE_MARK, TITLE_END, ordinal_of
from pipeline.narrative.printed import printed_lines
from pipeline.narrative.titles import (
    ANNEX,
    GLOSSARY,
    OVERVIEW,
    TABLES,
    is_unnumbered_part,
    named_topic,
    part_of,
    section_part_of,
    topic_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page
    from pipeline.narrative.blocks import Block

_TITLE_LENGTH = 60  # a longer text without any mark is no heading
_BARE_TITLE = re.compile(r"[^。；;，,：:！？]{4,50}(?:情况|说明|情况分析)[。：:]?")
_TERM = re.compile(r"(?P<term>[^。；;，,]{2,50}?)[：:](?=.)|(?P<named>[^。；;，,：:]{2,50}?)(?=是指|指的?是|，?指)")

# A number that says how much; years, dates and digits in names do not.
FIGURE = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?(?:%|％|[百千万亿]*元|个|人|名|辆|批|次|台|套|项|分(?!之))")
_STOP = re.compile(r"[。；;，,：:！？]")
_VERB = re.compile(r"(?:(?:年初|全年|调整)?(?:预算|决算)数?)?(?:总额|金额)?(?:分别|均|共计|共|合计)?(?:为|是|有|共)?$")
_INLINE_TITLE = re.compile(r".{2,30}(?:情况|说明|经费|采购|支出|费用?)")


@dataclass(slots=True)
class _Growing:
    """Sections and paragraphs so far; `open` holds the sections that the next paragraph stands in, outermost first."""

    unit: str
    has_parts: bool
    sections: list[Section] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    open: list[Section] = field(default_factory=list)

    @property
    def part(self) -> int:
        """The part that the document is in."""
        return self.open[-1].part if self.open else 0

    @property
    def in_numbered(self) -> bool:
        """True inside a section 一、: one without ordinal is a part of it."""
        return any(section.level == 1 and section.ordinal for section in self.open)

    def begin(self, block: Block, level: int, ordinal: str, title: str, topic: str | None = None) -> None:
        """A section begins. Its topic is that of its title, unless one is given; "" is that of the section above."""
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        above = self.open[-1] if self.open else None
        inherited = above.topic if above else ""
        part = self._part(level, title, above)
        if part in {OVERVIEW, GLOSSARY, ANNEX}:
            topic = ""
        elif topic is None:
            topic = topic_of(title, self.unit, inherited)
        first = block.lines[0].pieces[0]
        section = Section(
            len(self.sections),
            above.number if above else -1,
            part,
            level,
            ordinal,
            title,
            topic or inherited,
            first.page,
            first.box,
        )
        self.sections.append(section)
        self.open.append(section)

    def _part(self, level: int, title: str, above: Section | None) -> int:
        inherited = above.part if above else 0
        if level == 0 or (level == 1 and not self.has_parts):
            return part_of(title, self.unit) or inherited
        tells = above is None or (
            above.level == 0 and not above.topic and above.part not in {OVERVIEW, GLOSSARY, ANNEX}
        )
        return (section_part_of(title, self.unit) if tells else 0) or inherited

    def say(self, block: Block, start: int = 0) -> None:
        """A paragraph, the text of a block from `start` on."""
        section = self.open[-1].number if self.open else -1
        self.paragraphs.append(Paragraph(section, block.text[start:], block.marks(start)))


def structure_of(pages: Sequence[Page], unit: str = "") -> Structure:
    """The structure of all prose. `unit` is the name of who reports, as far as it is known."""
    lines, contents = without_contents(printed_lines(pages))
    blocks = blocks_of(lines)
    growing = _Growing(unit, any(map(_part_heading, blocks)))
    for block in blocks:
        _add(block, growing)
    return Structure(tuple(growing.sections), tuple(growing.paragraphs), contents)


def _add(block: Block, growing: _Growing) -> None:
    text = block.text
    if part := _part_heading(block):
        growing.begin(block, 0, part[0].rstrip("：:、.．"), text[part.end() :])
    elif ordinal := ordinal_of(text):
        _add_numbered(block, ordinal.level, ordinal.text, growing)
    elif growing.part == GLOSSARY and (term := _term(text)):
        growing.begin(block, 2 if growing.in_numbered else 1, "", term)
        growing.say(block)
    elif not growing.has_parts and is_unnumbered_part(text, growing.unit):
        growing.begin(block, 0, "", text)
    elif _is_bare_title(text, growing):
        growing.begin(block, 2 if growing.in_numbered else 1, "", text.rstrip("。：:"))
    else:
        growing.say(block)


def _part_heading(block: Block) -> re.Match[str] | None:
    """The ordinal of a part, if a block is its heading."""
    found = PART.match(block.text)
    return found if found and _is_title(block.text[found.end() :]) else None


def _add_numbered(block: Block, level: int, ordinal: str, growing: _Growing) -> None:
    """A heading, or an item that goes on as a sentence."""
    body = block.text[len(ordinal) :]
    term = _term(body) if growing.part == GLOSSARY else ""
    if not term and _is_title(body):
        title = body.rstrip("。：:；;")
        growing.begin(block, level, ordinal, title)
        if body[-1] not in "。；;" or TITLE_END.search(title):
            return
    else:
        leading = _leading(body)
        growing.begin(block, level, ordinal, term or leading, _item_topic(body, leading, growing))
    growing.say(block, len(ordinal))


def _item_topic(body: str, leading: str, growing: _Growing) -> str | None:
    """The topic of an item, None for that of its title: where it is a heading in the line of its text.

    An item otherwise tells a part of what the section above is about, and only where that has no topic has it one of
    its own: `（二）政府采购支出总额0万元…`.
    """
    stop = body[len(leading) : len(leading) + 1]
    if stop in {"。", "：", ":"} and TITLE_END.search(leading):
        return None
    told = FIGURE.match(body, len(leading)) or _VERB.match(body, len(leading)) or stop in {"。", "：", ":"}
    return named_topic(leading, growing.unit) if told and _INLINE_TITLE.fullmatch(leading) else ""


def _is_title(text: str) -> bool:
    """True for a text that says nothing: no sentence and no figure, at most a mark at its end."""
    body = text.rstrip("。：:；;")
    marked = SENTENCE_MARK.search(body) or "：" in body or ":" in body
    return len(body) <= _TITLE_LENGTH and not marked and not FIGURE.search(body)


def _is_bare_title(text: str, growing: _Growing) -> bool:
    """True for a heading without ordinal: it stands alone, says nothing, and names a topic."""
    if growing.part in {OVERVIEW, TABLES, GLOSSARY, ANNEX} or not _BARE_TITLE.fullmatch(text) or not _is_title(text):
        return False
    above = growing.open[-1].topic if growing.open else ""
    return topic_of(text, growing.unit, "") not in {"", above}


def _leading(body: str) -> str:
    """The noun phrase with which an item begins."""
    stop, figure = _STOP.search(body), FIGURE.search(body)
    if stop and (not figure or stop.start() < figure.start()):
        return body[: stop.start()]
    phrase = body[: figure.start()] if figure else body
    return _VERB.sub("", phrase) or phrase


def _term(text: str) -> str:
    """The term that a text of the glossary explains, "" if it explains none."""
    found = _TERM.match(text)
    return (found["term"] or found["named"]) if found else ""
