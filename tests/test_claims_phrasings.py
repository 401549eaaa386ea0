"""Sentences in the manners of many places, and the claims that a careful reader takes from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.model import Box, Fact, ReportHead
from pipeline.narrative.claims import claims_of
from pipeline.narrative.model import Mark, Paragraph, Section, Structure
from pipeline.narrative.topics import MEASURES, TOPICS

PHRASINGS = Path(__file__).parent / "phrasings.txt"
HEAD = ReportHead("某市某局", "", "", 2024, "部门", "", "决算", (1, 2, 3, 4))
UNITS = {"万": 10_000, "亿": 100_000_000, "元": 1, "%": 1, "": 1}
ROWS = {
    "general_budget": (
        "201 一般公共服务支出 20101 人大事务 2010101 行政运行 2010102 一般行政管理事务 2010104 人大会议 "
        "204 公共安全支出 20402 公安 2040201 行政运行 205 教育支出 20502 普通教育 2050202 小学教育 "
        "20508 进修及培训 2050803 培训支出 208 社会保障和就业支出 20805 行政事业单位养老支出 "
        "2080505 机关事业单位基本养老保险缴费支出 2080506 机关事业单位职业年金缴费支出 20808 抚恤 2080801 死亡抚恤 "
        "210 卫生健康支出 21011 行政事业单位医疗 2101101 行政单位医疗 2101102 事业单位医疗 2101103 公务员医疗补助 "
        "212 城乡社区支出 213 农林水支出 21301 农业农村 2130104 事业运行 "
        "221 住房保障支出 22102 住房改革支出 2210201 住房公积金 2210203 购房补贴"
    ),
    "government_fund": "212 城乡社区支出 21208 国有土地使用权出让收入安排的支出 2120801 征地和拆迁补偿支出",
}


@dataclass(frozen=True)
class Expected:
    lines: tuple[str, ...]
    measures: tuple[str, ...]
    value: Decimal
    needed: bool

    def is_met_by(self, line: str, measure: str, value: Decimal) -> bool:
        fits = any(line.startswith(one[:-1]) if one.endswith("*") else line == one for one in self.lines)
        return fits and measure in self.measures and value == self.value


@dataclass(frozen=True)
class Phrasing:
    topic: str
    headings: tuple[str, ...]
    sentence: str
    expected: tuple[Expected, ...]


def _expected(text: str) -> Expected:
    needed = not text.startswith("?")
    lines, measures, value = text.removeprefix("?").split()
    number, unit = re.fullmatch(r"(-?[\d.]+)(\D?)", value).groups()
    return Expected(tuple(lines.split("|")), tuple(measures.split("|")), Decimal(number) * UNITS[unit], needed)


def phrasings(path: Path = PHRASINGS) -> list[Phrasing]:
    found, topic, headings, sentence = [], "", (), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            topic, title = line[1:].split("|")
            headings = tuple(heading.strip() for heading in title.split(">"))
        elif line.startswith("="):
            parts = (part.strip() for part in line[1:].split(";"))
            found.append(Phrasing(topic.strip(), headings, sentence, tuple(_expected(part) for part in parts if part)))
        elif line and not line.startswith("#"):
            sentence = line
    return found


def structure_of(phrasing: Phrasing) -> Structure:
    box = Box(72, 100, 520, 116)
    sections = tuple(
        Section(number, number - 1, 3, number + 1, "一、（一）1."[2 * number :][:2], title, phrasing.topic, 9, box)
        for number, title in enumerate(phrasing.headings)
    )
    mark = Mark(0, len(phrasing.sentence), 9, box)
    return Structure(sections, (Paragraph(len(sections) - 1, phrasing.sentence, (mark,)),), ())


def facts() -> tuple[Fact, ...]:
    found = []
    for form, text in ROWS.items():
        words = text.split()
        for number, (code, name) in enumerate(zip(words[::2], words[1::2], strict=True), 1):
            box = Box(0, number, 1, number + 1)
            amount = (Decimal(1), "0.01", 10_000, Decimal(100))
            found.append(Fact(form, code, "total", name, *amount, 5, box, number, "pdfium"))
    return tuple(found)


ALL = phrasings()
FACTS = facts()


def test_the_corpus_is_large_and_uses_declared_keys():
    assert len(ALL) >= 335
    assert sum(not phrasing.expected for phrasing in ALL) >= 35
    assert len({phrasing.sentence for phrasing in ALL}) == len(ALL)
    assert {phrasing.topic for phrasing in ALL} == set(TOPICS)
    assert {measure for phrasing in ALL for one in phrasing.expected for measure in one.measures} <= set(MEASURES)


@pytest.mark.parametrize("phrasing", ALL, ids=lambda phrasing: f"{phrasing.topic}-{phrasing.sentence[:24]}")
def test_phrasing(phrasing):
    claims = [claim for claim in claims_of(structure_of(phrasing), HEAD, FACTS) if claim.line]
    made = {(claim.line, claim.measure, claim.value) for claim in claims if claim.topic == phrasing.topic}
    missing = [one for one in phrasing.expected if one.needed and not any(one.is_met_by(*claim) for claim in made)]
    wrong = [claim for claim in made if not any(one.is_met_by(*claim) for one in phrasing.expected)]
    assert not missing, f"not taken: {missing}; taken: {made}"
    assert not wrong, f"wrong: {wrong}"
    assert all(claim.topic == phrasing.topic for claim in claims)
