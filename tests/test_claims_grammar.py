"""The grammar of claims: what every claim must satisfy, whatever the sentence, and what is counted."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from re import _constants, _parser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms import FORMS
from pipeline.model import Box
from pipeline.narrative.claims import read_claims
from pipeline.narrative.counts import IN_FORCE, NOT_OURS, RULES
from pipeline.narrative.folding import fold
from pipeline.narrative.lines import names_of_topic
from pipeline.narrative.model import Mark, Paragraph, Section, Structure
from pipeline.narrative.patterns import FIRST
from pipeline.narrative.tokens import _OPERATORS, read_number, tokens
from pipeline.narrative.topics import MEASURES, TOPICS
from tests import test_claims_phrasings as corpus

BOX = Box(72, 100, 520, 116)


def read(topic: str, *paragraphs: str, title: str = "", part: int = 3):
    sections = (Section(0, -1, part, 1, "一、", title, topic, 9, BOX),)
    texts = tuple(Paragraph(0, text, (Mark(0, len(text), 9, BOX),)) for text in paragraphs)
    return read_claims(Structure(sections, texts, ()), corpus.HEAD, corpus.FACTS)


def said(topic: str, *paragraphs: str):
    return [(claim.line, claim.measure, claim.value) for claim in read(topic, *paragraphs).claims]


# -- phrasings of more provinces


@pytest.fixture(scope="module")
def elsewhere():
    return Path(__file__).parent / "phrasings_elsewhere.txt"


ELSEWHERE = corpus.phrasings(Path(__file__).parent / "phrasings_elsewhere.txt")


@pytest.mark.parametrize("phrasing", ELSEWHERE, ids=lambda phrasing: f"{phrasing.topic}-{phrasing.sentence[:24]}")
def test_phrasing_elsewhere(phrasing):
    corpus.test_phrasing(phrasing)


# -- tokens


def _first(pattern):
    """The characters with which a parsed pattern may begin, and whether it may be empty."""
    found = set()
    for op, value in pattern:
        empty = False
        if op is _constants.LITERAL:
            found.add(chr(value))
        elif op is _constants.IN:
            for kind, each in value:
                if kind is _constants.RANGE:
                    found |= {chr(code) for code in range(each[0], each[1] + 1)}
                else:
                    found.add(r"\d" if kind is _constants.CATEGORY else chr(each))
        elif op in {_constants.SUBPATTERN, _constants.ATOMIC_GROUP}:
            inner, empty = _first(value[-1] if op is _constants.SUBPATTERN else value)
            found |= inner
        elif op is _constants.BRANCH:
            branches = [_first(branch) for branch in value[1]]
            found |= set().union(*(inner for inner, _ in branches))
            empty = any(each for _, each in branches)
        elif op in {_constants.MAX_REPEAT, _constants.MIN_REPEAT}:
            inner, empty = _first(value[2])
            found |= inner
            empty = empty or value[0] == 0
        else:
            assert op in {_constants.ASSERT, _constants.ASSERT_NOT, _constants.AT}, op
            empty = True
        if not empty:
            return found, False
    return found, True


def test_no_operator_begins_with_a_character_that_is_passed_over():
    found, empty = _first(_parser.parse(_OPERATORS.pattern))

    assert not empty
    assert {char for char in found if not re.fullmatch(f"[{FIRST}]", char)} <= {r"\d"}


@pytest.mark.parametrize(
    ("digits", "unit", "value", "precision", "money_unit"),
    [
        ("1,165.30", "万元", "11653000", "100", 10_000),
        ("1，165.3", "万元", "11653000", "1000", 10_000),
        ("0", "万元", "0", "0", 10_000),
        ("0.00", "万元", "0", "100", 10_000),
        ("3", "万元", "30000", "10000", 10_000),
        ("-2.35", "万元", "-23500", "100", 10_000),
        ("负5", "元", "-5", "1", 1),
        ("12.36", "亿元", "1236000000", "1000000", 10_000),
        ("15.33", "%", "15.33", "0.01", 0),
        ("100", "%", "100", "1", 0),
        ("12", "辆", "12", "0", 0),
        ("94.7", "分", "94.7", "0.1", 0),
    ],
)
def test_numbers(digits, unit, value, precision, money_unit):
    number = read_number(digits, unit)

    assert (number.value, number.precision, number.money_unit) == (Decimal(value), Decimal(precision), money_unit)


def test_folding_remembers_where_characters_stood():
    text = "“三公” 经费（合计）１，２３４．５０万元"
    folded = fold(text)

    assert folded.text == "三公经费(合计)1，234.50万元"
    start, stop = folded.span(folded.text.index("1"), len(folded.text))
    assert text[start:stop] == "１，２３４．５０万元"


def test_budgets_in_names_are_no_measures():
    kinds = [token.kind for token in tokens("一般公共预算财政拨款支出10万元，政府性基金预算财政拨款收入0元")]

    assert kinds == ["number", "comma", "number"]


# -- declarations


def _lines(topic):
    found = {line for line in names_of_topic(topic).values() if not line.isdecimal() and not line.startswith("_")}
    return found | {rule.line for rule in RULES.get(topic, ()) if not rule.line.endswith(":")} - {NOT_OURS, IN_FORCE}


@pytest.mark.parametrize("topic", TOPICS)
def test_names_and_rules_speak_of_declared_lines(topic):
    form = FORMS.get(TOPICS[topic].form)
    declared = set(TOPICS[topic].lines)
    if form:
        declared |= {line.key for line in form.lines} | set(form.measures)
    assert _lines(topic) <= declared
    assert {rule.measure for rule in RULES.get(topic, ())} <= set(MEASURES)


# -- what is counted


def test_numbers_of_reasons_are_no_amounts():
    text = "其他收入10万元，比上年增加5万元，增长100%，主要原因是聘用人员从116人增至128人，人均增资0.6万元。"

    assert read("told_totals", text).amounts == ((3, 3),)


def test_what_is_not_understood_is_counted():
    read_ = read("told_general", "其中：办公楼维修专项20.00万元，占5%。")

    assert read_.amounts == ((2, 0),)
    assert {claim.line for claim in read_.claims} == {""}
    assert read_.claims[0].label.endswith("办公楼维修专项")


def test_money_in_a_purpose_is_counted():
    assert read("told_general", "基本支出100万元，主要用于离休人员慰问5万元等。").amounts == ((2, 1),)


def test_sections_of_the_explanation_without_topic_are_counted():
    assert read("", "培训费支出3万元，下降5%，参加120人次。").amounts == ((2, 0),)
    assert read("", "机关现有编制20人，经费3万元。", part=1).amounts == ((0, 0),)


# -- reasons


def test_a_reason_belongs_to_its_difference():
    text = "其他收入10万元，比2023年度增加5万元，增长100%，主要原因是：利息增加；另有捐赠。"
    final, change, rate = read("told_totals", text).claims

    assert (final.reason, change.reason, rate.reason) == ("", "利息增加；另有捐赠", "利息增加；另有捐赠")
    assert (change.year, change.direction, rate.direction) == (2023, "增加", "增长")
    assert change.sentence == text


def test_a_reason_in_a_sentence_of_its_own():
    text = "行政运行（项）年初预算为10万元，支出决算为8万元，完成年初预算的80%。决算数小于预算数的主要原因：厉行节约。"
    claims = read("told_general", "一般公共服务支出（类）人大事务（款）" + text).claims

    assert [(claim.measure, claim.reason) for claim in claims][-1] == ("comparison", "厉行节约")
    assert {claim.line for claim in claims} == {"2010101"}


# -- subjects


def test_a_wrong_item_of_a_right_group_keeps_what_was_printed():
    claims = read("told_general", "一般公共服务支出（类）人大事务（款）航空运行（项）支出决算为5万元。").claims

    assert [(claim.line, claim.label, claim.measure) for claim in claims] == [
        ("", "一般公共服务支出（类）人大事务（款）航空运行（项）支出", "final")
    ]


def test_a_name_that_several_codes_bear_needs_its_group():
    assert said("told_general", "行政运行（项）支出决算为5万元。") == [("", "final", Decimal(50000))]


def test_old_names_are_those_of_their_codes():
    old = "社会保障和就业支出（类）行政事业单位离退休（款）机关事业单位基本养老保险缴费支出（项）支出决算为5万元。"

    assert said("told_general", old) == [("2080505", "final", Decimal(50000))]


def test_a_number_that_an_unknown_thing_changed_by_is_not_the_subjects():
    assert ("reception", "change", Decimal(50000)) not in said(
        "told_three_public", "公务接待费支出8万元，比上年增加外宾接待安排5万元。"
    )


# -- whatever the sentence

_WORDS = """
收入总计 支出总计 基本支出 项目支出 其他收入 “三公”经费 公务接待费 行政运行（项） 一般公共服务（类）支出 政府采购货物支出
年初预算为 全年预算数 支出决算 完成年初预算的 比上年 较2023年度决算数 与预算数相比 增加 减少 下降 持平 无增减变动 占 占比
分别为 各 均 其中： 主要原因是： 主要用于 包括 没有 （ ） ， 。 ； 、 和 车辆 购置 保有量 批次 国内公务接待 团组
10万元 1,234.50万元 0万元 12.5% 3辆 2个 15人次 5个百分点 -3万元 7,8万元 2024年度 上年 （类） （款） （项）
单价100万元以上设备 台（套）
"""
_PIECES = st.sampled_from(_WORDS.split())
_UNITS = {"yuan", "percent", "piece"}


@settings(max_examples=200, deadline=None)
@given(topic=st.sampled_from(sorted(TOPICS)), pieces=st.lists(_PIECES, min_size=1, max_size=25))
def test_every_claim_is_a_number_of_its_text(topic, pieces):
    text = "".join(pieces)
    found = read(topic, text)
    amounts, claimed = found.amounts[0]

    assert 0 <= claimed <= amounts
    for claim in found.claims:
        assert claim.topic == topic
        assert claim.measure in MEASURES or not claim.line
        assert claim.sentence in text
        if claim.unit in _UNITS and claim.printed[-1].isdigit():
            assert claim.printed in text
            number = abs(Decimal(re.sub("[,，-]", "", claim.printed)))
            assert abs(claim.value) == number * (claim.money_unit or 1)
