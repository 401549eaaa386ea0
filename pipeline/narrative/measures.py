"""What an amount or a percentage is: its measure, its sign, and what it is compared with."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.narrative.lines import COUNTED_BY, TOTAL_WHOLES, WHOLES, YEARLY
from pipeline.narrative.state import NOBODY
from pipeline.narrative.subjects import Subject

if TYPE_CHECKING:
    from pipeline.narrative.state import State
    from pipeline.narrative.statement import Statement
    from pipeline.narrative.tokens import Token

_BUDGETS = {"initial_budget": "initial", "full_budget": "full", "budget": ""}
_GAPS = frozenset({"gap", "gap_initial", "gap_full"})
DIFFERENCES = frozenset({"change", "rate", "comparison", *_GAPS, *(f"{gap}_rate" for gap in _GAPS)})
"""Measures that say how two numbers stand to each other: those for which a reason may be given."""

_SIGNS = {"up": 1, "down": -1, "same": 0}
_WAYS = {"大于": 1, "高于": 1, "超过": 1, "超出": 1, "多于": 1, "小于": -1, "低于": -1, "少于": -1, "等于": 0}
_KEYS = {1: "up", -1: "down", 0: "same"}
_NEARLY = ("基本", "大致", "总体")
_AMOUNT = re.compile(r"[了约]?\d[\d,.]*(?:万|亿)?元")
_SAYS_LITTLE = re.compile(r"[^，。;:\d]{0,10}(?:支出|收入|为|共计|合计)[^，。;:\d]{0,4}")


def difference(base: str, *, rate: bool = False) -> str:
    """The measure of a difference from last year or from a budget, in money or as a rate; "" from anything else."""
    if not base:
        return ""
    if base == "prior":
        return "rate" if rate else "change"
    return "_".join(filter(None, ("gap", _BUDGETS[base], "rate" if rate else "")))


def of_money(state: State, token: Token) -> str:
    """The measure of an amount of money, "" if that is not understood."""
    clause = state.clause
    if clause.completion:  # 完成预算10万元的50%
        return clause.completion
    if _differs(state):
        return difference(_compared(state))
    if clause.average:
        return "average"
    if clause.measure:
        return "prior" if clause.prior and clause.measure == "final" else clause.measure
    return _unsaid(state, token)


def _unsaid(state: State, token: Token) -> str:
    """The measure of an amount before which no measure stands."""
    clause, sentence = state.clause, state.sentence
    if clause.prior and not clause.waiting:
        return "prior"
    if clause.each == "分别" and sentence.last and state.taken and len(state.current) > 1:
        return sentence.last.measure
    if clause.fresh and sentence.base:  # 比年初预算10万元增加
        return sentence.base.key
    if (clause.waiting and clause.waiting.subjects) or _SAYS_LITTLE.fullmatch(state.text, clause.start, token.start):
        return "prior" if clause.prior else "final"
    return ""


def of_percent(state: State, token: Token) -> str:
    """The measure of a percentage, "" if that is not understood."""
    clause, last = state.clause, state.sentence.last
    if token.key.endswith("百分点"):
        return ""
    if clause.share:
        return "share"
    if clause.completion:
        return "_".join(filter(None, ("completion", _BUDGETS[clause.completion])))
    follows = last is not None and last.measure in {"change", *_GAPS} and state.text[token.start - 1] in "(，,"
    if not _differs(state) and not follows:
        return ""
    return difference(_compared(state), rate=True)


def _differs(state: State) -> bool:
    return state.clause.direction is not None and state.clause.direction.key != "same"


def _compared(state: State) -> str:
    """What a difference is from: what the sentence says, or states, or, of the year's totals, last year."""
    if state.sentence.base:
        return state.sentence.base.key
    stated = {statement.measure for statement in state.said()} & {"prior", *_BUDGETS}
    if len(stated) == 1:
        return stated.pop()
    return "prior" if state.topic in YEARLY and not stated else ""


def statements(state: State, token: Token, measure: str) -> list[Statement]:
    """What a number says of the subjects in force: of each, of the next one of a list, or of nobody known."""
    subjects = state.current or (NOBODY,)
    if len(subjects) > 1:
        if state.clause.each == "分别":
            subjects = subjects[state.taken : state.taken + 1] or (NOBODY,)
            state.taken += 1
        elif state.clause.each or state.common:
            state.common = True  # 均为…，增长…: goes on being said of both
        else:
            subjects = (Subject("", "、".join(subject.label for subject in subjects)),)
    return [stated(state, token, subject, measure) for subject in subjects]


def stated(state: State, token: Token, subject: Subject, measure: str) -> Statement:
    """What a number says of one subject, with sign, direction and year."""
    if measure == "average":
        subject = subject._replace(line=COUNTED_BY.get(subject.line, subject.line))
    found = state.statement(token, subject, measure)
    if measure == "share":
        found.direction = state.clause.share.word if state.clause.share else ""
        found.measure = _share_of(state.topic, subject.line, found.direction.rstrip("的"))
    if measure in DIFFERENCES and token.number:
        direction, last, sign = state.clause.direction, state.sentence.last, 1
        if direction:
            found.direction, sign = direction.word, _SIGNS[direction.key] or 1
        elif last:
            found.direction, sign = last.direction, -1 if (last.value or 0) < 0 else 1
        found.value = token.number.value * sign
        found.year = state.sentence.base.year if state.sentence.base and measure in {"change", "rate"} else None
    return found


def _share_of(topic: str, line: str, whole: str) -> str:
    """The measure of a share: of the line's usual whole, of the topic's total, or not understood."""
    usual = WHOLES.get(topic, {}).get(line)
    if not usual or not whole or whole in usual:
        return "share"
    return "share_of_total" if whole in TOTAL_WHOLES else ""


def level(state: State, token: Token) -> list[Statement]:
    """持平 against a year or a budget, for subjects of which the sentence has not said so."""
    base = state.sentence.base
    if base is None or not base.key:
        return []
    state.commit()
    compares = base.key == "budget" or (base.key != "prior" and state.clause.final)
    measure = "comparison" if compares else difference(base.key)
    if measure != "comparison" and token.word.startswith(_NEARLY):
        return []  # about the same is not the same
    told = {(statement.subject, statement.measure) for statement in state.said()}
    found = [state.statement(token, one, measure) for one in state.current if one.line and (one, measure) not in told]
    for statement in found:
        statement.direction, statement.value = token.word, Decimal(0)
        statement.year = base.year if measure == "change" else None
    return found


def compare(state: State, token: Token) -> list[Statement]:
    """决算数大于预算数, 低于预算; an amount behind it is the gap."""
    state.commit()
    way = _WAYS.get(token.word)
    if way is None:
        return []
    if _AMOUNT.match(state.text, token.stop):
        state.sentence.base = token
        state.clause.direction = token._replace(key=_KEYS[way])
        return []
    found = [state.statement(token, subject, "comparison") for subject in state.current if subject.line]
    for statement in found:
        statement.direction, statement.value = token.word, Decimal(way)
    return found
