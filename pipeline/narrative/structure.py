"""The structure of a document's prose: its sections, nested by their ordinals, and the paragraphs in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.narrative.blocks import blocks_of
from pipeline.narrative.contents import without_contents
from pipeline.narrative.model import Paragraph, Section, Structure
from pipeline.narrative.ordinals import PART, SENTENCE_MARK, ordinal_of
from pipeline.narrative.printed import printed_lines
from pipeline.narrative.titles import ANNEX, GLOSSARY, OVERVIEW, part_of, topic_of
from pipeline.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page
    from pipeline.narrative.blocks import Block

_TITLE_LENGTH = 60  # a longer text without any mark is no heading
_BARE_TITLE = re.compile(r"[^。；;，,：:！？]{4,50}(?:情况|说明|情况分析)[。：:]?")
_TERM = re.compile(r"(?P<term>[^。；;，,]{2,40}?)[：:](?=.)|(?P<named>[^。；;，,：:]{2,40}?)(?=是指|指的?是|，?指)")

# A number that says how much; years, dates and digits in names do not.
FIGURE = re.compile(r"(?<![\d.])\d[\d,]*(?:\.\d+)?(?:%|％|[百千万亿]*元|个|人|名|辆|批|次|台|套|项|分(?!之))")
_STOP = re.compile(r"[。；;，,：:！？]")
_VERB = re.compile(r"(?:(?:年初|全年|调整)?(?:预算|决算)数?)?(?:总额|金额)?(?:分别|均|共计|共|合计)?(?:为|是|有|共)?$")


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

    def begin(self, block: Block, level: int, ordinal: str, title: str, *, may_tell: bool) -> None:
        """A section begins. `may_tell` says whether its own words may give it a topic."""
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        above = self.open[-1] if self.open else None
        part = above.part if above else 0
        if level == 0 or (level == 1 and not self.has_parts):
            part = part_of(title) or _printed_part(ordinal) or part
        inherited = above.topic if above else ""
        tells = may_tell and part not in {OVERVIEW, GLOSSARY, ANNEX}
        topic = topic_of(title, self.unit, inherited) if tells else inherited
        first = block.lines[0].pieces[0]
        parent = above.number if above else -1
        self.sections.append(
            Section(len(self.sections), parent, part, level, ordinal, title, topic, first.page, first.box)
        )
        self.open.append(self.sections[-1])

    def say(self, block: Block, start: int = 0) -> None:
        """A paragraph, the text of a block from `start` on."""
        section = self.open[-1].number if self.open else -1
        self.paragraphs.append(Paragraph(section, block.text[start:], block.marks(start)))


def structure_of(pages: Sequence[Page], unit: str = "") -> Structure:
    """The structure of all prose. `unit` is the name of who reports, as far as it is known."""
    lines, contents = without_contents(printed_lines(pages))
    blocks = blocks_of(lines)
    growing = _Growing(unit, any(PART.match(block.text) and _is_title(block.text) for block in blocks))
    for block in blocks:
        _add(block, growing)
    return Structure(tuple(growing.sections), tuple(growing.paragraphs), contents)


def _add(block: Block, growing: _Growing) -> None:
    text = block.text
    if (part := PART.match(text)) and _is_title(text):
        growing.begin(block, 0, part[0].rstrip("：:、.．"), text[part.end() :], may_tell="绩效" in text)
    elif ordinal := ordinal_of(text):
        _add_numbered(block, ordinal.level, ordinal.text, growing)
    elif growing.part == GLOSSARY and (term := _term(text)):
        level = 2 if any(section.level == 1 and section.ordinal for section in growing.open) else 1
        growing.begin(block, level, "", term, may_tell=False)
        growing.say(block)
    elif _is_bare_title(text, growing):
        numbered = any(section.level == 1 and section.ordinal for section in growing.open)
        growing.begin(block, 2 if numbered else 1, "", text.rstrip("。：:"), may_tell=True)
    else:
        growing.say(block)


def _add_numbered(block: Block, level: int, ordinal: str, growing: _Growing) -> None:
    """A heading, or an item that goes on as a sentence."""
    body = block.text[len(ordinal) :]
    if _is_title(body):
        growing.begin(block, level, ordinal, body.rstrip("。：:；;"), may_tell=True)
        return
    title = _term(body) if growing.part == GLOSSARY else ""
    leading = _leading(body)
    growing.begin(block, level, ordinal, title or leading, may_tell=_says_topic(body, leading))
    growing.say(block, len(ordinal))


def _is_title(text: str) -> bool:
    """True for a text that says nothing: no sentence and no figure, at most a mark at its end."""
    body = text.rstrip("。：:；;")
    return (
        len(body) <= _TITLE_LENGTH and not SENTENCE_MARK.search(body) and not FIGURE.search(body) and "：" not in body
    )


def _is_bare_title(text: str, growing: _Growing) -> bool:
    """True for a heading without ordinal: it stands alone, says nothing, and names a topic."""
    if growing.part in {OVERVIEW, GLOSSARY, ANNEX} or not _BARE_TITLE.fullmatch(text) or not _is_title(text):
        return False
    above = growing.open[-1].topic if growing.open else ""
    return topic_of(text, growing.unit, "") not in {"", above}


def _says_topic(body: str, leading: str) -> bool:
    """True if the beginning of an item is a heading in the same line: `（二）政府采购情况。2024年…`."""
    return body[len(leading) : len(leading) + 1] in {"。", "：", ":"} and leading.endswith(("情况", "说明"))


def _leading(body: str) -> str:
    """The noun phrase with which an item begins."""
    stops = [found.start() for found in (_STOP.search(body), FIGURE.search(body)) if found]
    phrase = body[: min(stops, default=len(body))]
    return _VERB.sub("", phrase) or phrase


def _term(text: str) -> str:
    """The term that a text of the glossary explains, "" if it explains none."""
    found = _TERM.match(text)
    return (found["term"] or found["named"]) if found else ""


def _printed_part(ordinal: str) -> int:
    """The number that the heading of a part bears, where its words do not say which it is."""
    found = PART.match(plain(ordinal))
    return "一二三四五".find(found["number"]) + 1 if found else 0
