"""The grammar of a paragraph: which number says what of which line.

A paragraph is read once from left to right. A number takes its meaning from what was read since the last comma (a
measure, a direction, 占, 完成…的) and from what is in force in its sentence (the subject, the year or budget that it is
compared with). What stands between an operator and its number must be nothing, filler, or a known line; otherwise the
number is not understood, which is better than misunderstood.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.narrative.asides import Aside, announces_lines
from pipeline.narrative.codes import paths_in
from pipeline.narrative.counts import ITEMS_OF_COUNTS
from pipeline.narrative.lines import FLOWS, LISTED, SIDES
from pipeline.narrative.measures import compare, level, of_money, of_percent, stated, statements
from pipeline.narrative.others import by_rule, items_of, nothing_of
from pipeline.narrative.state import NOBODY
from pipeline.narrative.subjects import Piece, Subject
from pipeline.narrative.tokens import shared_unit, tokens

if TYPE_CHECKING:
    from pipeline.narrative.state import State
    from pipeline.narrative.tokens import Token


_OTHER_SIDE = {"收入": "支出", "支出": "收入"}
_COST = re.compile("(?:共计?|合计|支出|花费|开支)+")


def read_paragraph(state: State) -> None:
    """Read a paragraph from its beginning; what it says is in `state.statements` afterwards."""
    text, aside, skip = state.text, Aside(), 0
    paths = paths_in(text)  # their words are names, whatever else they mean
    for token in tokens(text):
        if token.start < skip or any(start <= token.start < stop for start, stop in paths):
            continue
        if aside.swallows(state, token):
            continue
        if token.kind in {"reason", "aside", "purpose"}:
            skip = _turn_aside(state, aside, token)
        elif token.kind in {"stop", "comma", "colon", "list", "open", "close", "within"}:
            _mark(state, aside, token)
        elif token.kind == "number":
            _number(state, token)
            state.number_end = token.stop
        elif token.kind == "lump":
            _lump(state, token)
        elif token.kind not in {"year", "threshold"}:
            _operator(state, token)
    state.end_clause(len(text))
    aside.end(state, len(text))
    state.end_sentence(len(text))


def _mark(state: State, aside: Aside, token: Token) -> None:
    """Punctuation, brackets that hold numbers, and 其中."""
    match token.kind:
        case "stop" | "comma" | "colon":
            state.end_clause(token.start, alone=token.kind == "colon")
            if token.kind == "stop":
                _stop(state, aside, token)
            state.begin_clause(token.stop)
        case "list":  # the list goes on (分别为), or another clause begins
            state.slot = token.stop
            if state.clause.each != "分别":
                state.begin_clause(token.stop)
        case "open":
            state.take(token.start)
            if state.clause.waiting and state.clause.waiting.known:
                state.commit()
            state.sentence.heads.append(state.current)
            state.slot = token.stop
        case "close":
            state.slot, state.sentence.last = token.stop, None
            if state.sentence.heads:
                state.current = state.sentence.heads.pop()
        case _:
            state.take(token.start)
            state.sentence.head, state.sentence.divided = state.sentence.head or state.current, True
            state.slot = token.stop


def _stop(state: State, aside: Aside, token: Token) -> None:
    """A full stop ends the sentence; a semicolon only the list of 其中."""
    if state.text[token.start] == "。":
        aside.end(state, token.stop)
        state.end_sentence(token.stop)
    elif state.sentence.head:
        state.current = state.sentence.head


def _operator(state: State, token: Token) -> None:
    """A word that says what the number behind it means."""
    said = state.text[state.slot : token.start]
    if state.sentence.divided and token.kind in {"base", "direction"} and said in {"收入", "支出", "收支"}:
        state.current = state.sentence.head  # 其中：…，支出比上年增加: of the whole again
    state.take(token.start)
    state.slot = token.stop
    clause = state.clause
    match token.kind:
        case "base":
            _compared_with(state, token)
        case "compare":
            state.say(compare(state, token))
        case "direction":
            clause.direction = token
            state.say(level(state, token) if token.key == "same" else ())
        case "none":
            found = nothing_of(state, token)
            state.say(found)
            state.current = (found[-1].subject,) if found else state.current
            clause.waiting = None if found else clause.waiting
        case "average":
            clause.average = True
        case _:
            _measured(state, token)


def _measured(state: State, token: Token) -> None:
    """What begins a list (分别为) anew: a measure, 完成…的, 占, and 分别 itself."""
    clause, sentence = state.clause, state.sentence
    state.taken = 0
    match token.kind:
        case "measure":
            joined = state.text[token.start - 1] in "、和与及"
            clause.also, clause.measure = clause.measure if joined else "", token.key
        case "completion":  # 预算 alone is the one that the sentence has named
            clause.completion = sentence.named or "budget" if token.key == "budget" else token.key
        case "share":
            clause.share = token
        case "each":
            clause.each = token.word
    if token.key in {"initial_budget", "full_budget"}:
        sentence.named = token.key


def _compared_with(state: State, token: Token) -> None:
    """比上年, 较年初预算: what differences are from."""
    clause, sentence = state.clause, state.sentence
    if token.key != "prior" and state.subjects.names_another_year(token.word):
        token = token._replace(key="")  # the budget of another year is nothing that we know
    clause.final = clause.measure == "final"  # 决算数与年初预算数持平
    sentence.base, clause.fresh, clause.direction, clause.measure = token, True, None, ""
    if token.key in {"initial_budget", "full_budget"}:
        sentence.named = token.key
    if clause.waiting is None and state.current and state.current[0].line in FLOWS and "支出" in token.word:
        clause.waiting = state.subjects.read("本年支出")  # 较上年支出增加, said of what was carried over
    state.commit()


def _turn_aside(state: State, aside: Aside, token: Token) -> int:
    """A reason or a purpose begins, or a list of items; where to go on reading."""
    state.take(token.start)
    state.slot = token.stop
    if token.kind == "purpose" and announces_lines(state, token.stop):
        return token.stop
    if state.clause.waiting and state.clause.waiting.known and token.kind != "reason":
        state.commit()
    state.clause.waiting = None
    if token.kind == "purpose" and state.current and state.current[0].line in LISTED.get(state.topic, ()):
        items, stop = items_of(state, token.stop)
        if items:
            state.say(items)
            state.slot = stop
            return stop
    aside.begin(token)
    return token.stop


def _number(state: State, token: Token) -> None:
    state.take(token.start)
    state.slot = token.stop
    number, last = token.number, state.sentence.last
    if number is None:
        return
    if number.unit == "yuan" and last and _is_cost(state, token, last.subject.line):
        cost = last.subject._replace(line=ITEMS_OF_COUNTS[last.subject.line])
        state.say([state.statement(token, cost, "final")])
        return
    _turn_side(state, token)
    measure = ""
    if number.unit != "piece":
        measure = of_money(state, token) if number.unit == "yuan" else of_percent(state, token)
    if measure == "share" and state.clause.waiting is None and last and last.subject not in state.current:
        state.say([stated(state, token, last.subject, measure)])  # of what was counted just before
        return
    if state.clause.lost or not measure or not state.spoken_of() or not all(one.line for one in state.spoken_of()):
        found = by_rule(state, token)
        if found is None:  # nothing that the report counts
            return
        if found.understood or number.unit == "piece":
            state.say([found])
            state.clause.waiting = None
            if not state.current and (item := ITEMS_OF_COUNTS.get(found.subject.line)):
                state.current = (found.subject._replace(line=item),)
            return
    state.commit()
    if state.clause.also and state.clause.each and not state.clause.lost:
        _both(state, token)
    else:
        state.say(statements(state, token, "" if state.clause.lost else measure))
    state.clause.fresh = False


def _turn_side(state: State, token: Token) -> None:
    """支出10万元 behind an income is no income: the other side of a budget's flow, or nothing that we know."""
    side = state.text[state.clause.start : token.start]
    other = _OTHER_SIDE.get(side)
    if other and state.clause.waiting is None and any(other in subject.label for subject in state.current):
        line = SIDES.get(state.topic, {}).get(side, "")
        state.clause.waiting = Piece((Subject(line, side),))


def _both(state: State, token: Token) -> None:
    """年初预算、决算均为, or 分别为."""
    clause = state.clause
    if clause.each != "分别":
        state.say([*statements(state, token, clause.also), *statements(state, token, clause.measure)])
    elif len(state.current) == 1:
        measure, clause.also = clause.also, ""
        state.say(statements(state, token, measure))
    else:
        state.say([state.statement(token, NOBODY)])


def _is_cost(state: State, token: Token, counted: str) -> bool:
    """Whether money right behind a count is what the counted cost: 购置2辆共36.4万元."""
    return counted in ITEMS_OF_COUNTS and _COST.fullmatch(state.text, state.number_end, token.start) is not None


def _lump(state: State, token: Token) -> None:
    """Numbers that share a unit are understood where there is a subject for each."""
    state.take(token.start)
    numbers = shared_unit(state.text, token)
    each = state.clause.each == "分别" and len(state.spoken_of()) == len(numbers)
    for number in numbers:
        state.slot = number.start
        if each:
            _number(state, number)
        else:
            state.say([state.statement(number, NOBODY)])
    state.slot = state.number_end = token.stop + len(numbers[-1].key if numbers else "")
