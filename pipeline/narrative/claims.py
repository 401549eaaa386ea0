"""Every number of a narrative as a claim, and how many were understood."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.codes import tables_of
from pipeline.narrative.folding import fold
from pipeline.narrative.grammar import read_paragraph
from pipeline.narrative.lines import TITLES
from pipeline.narrative.model import Claim
from pipeline.narrative.others import project_of
from pipeline.narrative.state import State
from pipeline.narrative.subjects import Subject, Subjects
from pipeline.narrative.titles import EXPLANATION
from pipeline.narrative.tokens import tokens
from pipeline.narrative.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Fact, ReportHead
    from pipeline.narrative.model import Paragraph, Section, Structure
    from pipeline.narrative.statement import Statement


class Claims(NamedTuple):
    """The claims of a narrative, and of each section how many amounts it holds and how many were understood."""

    claims: tuple[Claim, ...]
    amounts: tuple[tuple[int, int], ...]


def claims_of(structure: Structure, head: ReportHead, facts: Sequence[Fact]) -> tuple[Claim, ...]:
    """The claims of a narrative, in reading order. Lines are "" for what was not understood."""
    return read_claims(structure, head, facts).claims


def read_claims(structure: Structure, head: ReportHead, facts: Sequence[Fact]) -> Claims:
    """What the sentences of a narrative claim, in reading order.

    Counted are amounts, rates and what a topic counts, of the sections that have a topic and of all others in the
    narrative's part; numbers in a reason or a purpose are none of the report's amounts. Of a section without a topic
    nothing is understood.
    """
    vocabularies: dict[str, Subjects] = {}
    tables = tables_of(facts)
    claims: list[Claim] = []
    counts = [[0, 0] for _ in structure.sections]
    for paragraph in structure.paragraphs:
        if paragraph.section < 0:
            continue
        section = structure.sections[paragraph.section]
        if not section.topic:
            if section.part == EXPLANATION:
                counts[section.number][0] += _numbers(paragraph)
            continue
        topic = TOPICS[section.topic]
        if section.topic not in vocabularies:
            vocabularies[section.topic] = Subjects(topic, head, tables)
        state = _read(paragraph, section, structure, vocabularies[section.topic])
        claims += [_claim(statement, paragraph, section, state) for statement in state.statements]
        numbers = [s for s in state.statements if s.token.number]
        counts[section.number][0] += len({s.token.start for s in numbers})
        counts[section.number][1] += len({s.token.start for s in numbers if s.understood})
    return Claims(tuple(claims), tuple((all_, understood) for all_, understood in counts))


def _read(paragraph: Paragraph, section: Section, structure: Structure, subjects: Subjects) -> State:
    folded = fold(paragraph.text)
    current, above = _of_titles(section, structure, subjects)
    if section.topic == "told_performance":
        project = project_of(folded.text, paragraph.text)
        current = (project,) if project else current
    state = State(folded, paragraph.text, section.topic, subjects, above, current)
    read_paragraph(state)
    return state


def _of_titles(section: Section, structure: Structure, subjects: Subjects) -> tuple[tuple[Subject, ...], str]:
    """The subject that a section's title names, and the class or group that it or one above it is about."""
    current: tuple[Subject, ...] = ()
    above, at = "", section
    while True:
        title = fold(at.title).text
        if at.topic == "told_performance":
            project = project_of(title, title)
            current = current or ((project,) if project else ())
        else:
            named = subjects.read(title.rstrip("。:"), above).subjects if title else ()
            known = tuple(subject for subject in named if subject.line)
            if at is section:
                current = known or _whole(section, title)
            if not above and len(known) == 1 and known[0].line.isdecimal():
                above = known[0].line
        if at.parent < 0 or structure.sections[at.parent].topic != section.topic:
            return current, above
        at = structure.sections[at.parent]


def _whole(section: Section, title: str) -> tuple[Subject, ...]:
    """The topic's total, where its heading names no more than the topic."""
    line, word = TITLES.get(section.topic, ("", ""))
    return (Subject(line, title),) if line and _BARE.sub("", title) == word else ()


def _claim(statement: Statement, paragraph: Paragraph, section: Section, state: State) -> Claim:
    token, number = statement.token, statement.token.number
    start, stop = state.folded.span(token.start, token.stop)
    page, box = paragraph.place(start, stop)
    value = statement.value if statement.value is not None else number.value if number else Decimal(0)
    flag = "flag" if statement.measure in {"comparison", "named", "none"} else "yuan"
    return Claim(
        section=section.number,
        topic=section.topic,
        line=statement.subject.line if statement.measure else "",
        measure=statement.measure,
        label=_as_printed(statement.subject.label, section, state, token.stop),
        value=value,
        unit=number.unit if number else flag,
        printed=_printed(paragraph.text[start:stop], statement),
        money_unit=number.money_unit if number else 0,
        precision=number.precision if number else Decimal(0),
        direction=statement.direction,
        year=statement.year,
        reason=state.printed(*statement.reason) if statement.reason else "",
        sentence=state.printed(*statement.sentence),
        page=page,
        box=box,
    )


def _as_printed(label: str, section: Section, state: State, until: int) -> str:
    """A folded name as it stands in the paragraph or in the section's title."""
    at = state.text.rfind(label, 0, until)
    if at >= 0:
        printed = state.printed(at, at + len(label))
        return f"“{printed}" if "”" in printed and "“" not in printed else printed
    title = fold(section.title)
    if label and (at := title.text.find(label)) >= 0:
        start, stop = title.span(at, at + len(label))
        return section.title[start:stop]
    return label


_BARE = re.compile(r"^.*?(?:(?:19|20)\d\d年度?|单位|部门)(?=收入|支出)|决算|(?:总体|具体|结构)?情况|的?说明|关于|[。:]")
_UNIT = re.compile(r"[^\d.．]+$")


def _printed(text: str, statement: Statement) -> str:
    """A number without its unit, or the word that stands for one."""
    if statement.token.number:
        return _UNIT.sub("", text)
    return statement.direction if statement.measure == "comparison" else text


def _numbers(paragraph: Paragraph) -> int:
    return sum(token.kind == "number" and token.number is not None and token.number.unit != "piece"
               for token in tokens(fold(paragraph.text).text))  # fmt: skip
