"""What topics read besides the grammar: numbers by rule, lists of items, and what they say there is not."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.narrative.counts import IN_FORCE, NOT_OURS, Around, rule_of
from pipeline.narrative.subjects import Subject

if TYPE_CHECKING:
    from pipeline.narrative.state import State
    from pipeline.narrative.statement import Statement
    from pipeline.narrative.tokens import Token

_BOUNDARY = re.compile(r"[，,;。:、]")
_CLOSED = re.compile(r"\([^()]*\d[^()]*\)")
_STOP = re.compile(r"[;。]")
_SUMMARY = re.compile(
    r"^(?P<name>[^，。;:]{2,40}?)(?:项目)?(?:支出)?(?:绩效|自评|自我|评价)*(?:综述|自评结果|评价结果)[:。]?"
)
_DEPARTMENT = re.compile(r"^[^，。;:]{0,20}整体支出(?:绩效)?(?:自评|评价|综合|得分|综述)")
_QUOTED = re.compile(r"“([^“”]{2,40})”(?=项目)")
_ORDINAL = re.compile(r"^(?:\(?[一二三四五六七八九十\d]{1,3}[)、.])+")
_ITEMS = re.compile(r"[、，,]|和(?!家庭|服务)|以及")
_NOTHING = re.compile(r"^(?:发生|安排|使用|取得|通过|本年度?|有|新|的)*")
_BOTH = re.compile(r"(?:收入(?:和|与|及|、|、也无|)支出|收支|收入支出)$")
_CARS = re.compile(r"(?:公务|机动)?(?:用车|车辆)")
_BOUGHT = re.compile(r"(?:购置|更新|购买|新购)[^，。;]{0,8}(?:车|公务用车)")


def by_rule(state: State, token: Token) -> Statement | None:
    """The statement that the rules of the topic make of a number, None where no topic speaks of it."""
    text, number = state.text, token.number
    if number is None:
        return None
    since = max((found.end() for found in _BOUNDARY.finditer(text, 0, token.start)), default=0)
    near_from = max(since, state.number_end)
    before_from = max((found.end() for found in _STOP.finditer(text, 0, token.start)), default=0)
    subject = state.current[0] if state.current else Subject("", "")
    near = text[near_from : token.start]
    before = _CLOSED.sub("", text[before_from : token.start])
    found = rule_of(state.topic, token.key, Around(near, before, text[token.stop : token.stop + 60]), subject.line)
    if found is None:
        return state.statement(token, Subject("", near)) if number.unit != "piece" else None
    rule, (start, stop) = found
    if rule.line == NOT_OURS:
        return None
    if (
        rule.line == IN_FORCE
        and not subject.line
        and (quoted := _QUOTED.findall(state.printed(before_from, token.start)))
    ):
        subject = Subject(f"project:{quoted[0]}" if len(quoted) == 1 else "", quoted[0])
        state.current = (subject,) if subject.line else ()
    label = state.printed(near_from, token.start) if near else subject.label
    line = subject.line if rule.line == IN_FORCE else rule.line
    if line.endswith(":"):
        line += state.printed(near_from + start, near_from + stop)
    return state.statement(token, Subject(line, label), rule.measure)


def project_of(text: str, printed: str) -> Subject | None:
    """The project that a paragraph or heading sums up, the department as a whole among them; None for no summary."""
    if _DEPARTMENT.match(text):
        return Subject("department", "部门整体支出")
    found = _SUMMARY.match(text)
    if not found:
        return None
    name = _ORDINAL.sub("", found["name"])
    if "整体支出" in found.group():
        return Subject("department", name)
    at = found.end("name")
    return Subject(f"project:{printed[at - len(name) : at]}", name) if name else None


def items_of(state: State, start: int) -> tuple[list[Statement], int]:
    """The items that a list names from `start` on, if it is a list of known items, and where it ends."""
    text = state.text
    stop = min((at for at in (text.find("。", start), text.find(";", start)) if at >= 0), default=len(text))
    begin = start + 1 if text[start : start + 1] == ":" else start
    items: list[tuple[int, int, str]] = []
    at = begin
    for part in _ITEMS.split(text[begin:stop]):
        at = text.find(part, at)
        name = part.removesuffix("等")
        if name:
            items.append((at, at + len(name), state.subjects.named(name)))
        at += len(part)
    known = [line for _, _, line in items if line]
    if len(items) < 2 or len(known) * 10 < len(items) * 6:
        return [], start
    return [
        state.word(first, last, Subject(line, text[first:last]), "named", Decimal(1)) for first, last, line in items
    ], stop


def nothing_of(state: State, token: Token) -> list[Statement]:
    """What a sentence says there is not: 没有政府性基金预算财政拨款收入."""
    text = state.text
    end = next((found.start() for found in re.finditer(r"[，,;。:]", text[token.stop :])), len(text) - token.stop)
    piece = _NOTHING.sub("", text[token.stop : token.stop + end])
    if not piece and token.word == "无":
        return [state.word(token.start, token.stop, s, "none", Decimal(1)) for s in state.current if s.line]
    if not piece or len(piece) > 40:
        return []
    names = [piece]
    if both := _BOTH.search(piece):
        names = [f"{piece[: both.start()]}收入", f"{piece[: both.start()]}支出"]
    found: list[Subject] = []
    for name in names:
        read = state.subjects.read(name, state.above)
        if not read.prior:
            found += [Subject(subject.line, piece) for subject in read.subjects if subject.line]
    if not found and state.topic == "told_assets" and _CARS.fullmatch(piece):
        found = [Subject("vehicles", piece)]
    if not found and state.topic == "told_three_public" and _BOUGHT.search(token.word + piece):
        found = [Subject("vehicles_bought", piece)]
    return [state.word(token.start, token.stop, subject, "none", Decimal(1)) for subject in found]
