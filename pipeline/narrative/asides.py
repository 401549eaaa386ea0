"""Reasons and purposes: text that goes on until the sentence ends, or until a claim begins again.

Numbers in a reason (staff, causes, amounts of something else) are no amounts of the report. Money in a purpose
(主要用于…10万元) may be one: it is counted as not understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.narrative.measures import DIFFERENCES, difference
from pipeline.narrative.others import by_rule
from pipeline.narrative.subjects import Subject

if TYPE_CHECKING:
    from pipeline.narrative.state import State
    from pipeline.narrative.tokens import Token

_MONEY_SOON = re.compile(r"[^，。;]{0,20}?\d[\d,.]*(?:万|亿)?元")
_NAMED = re.compile(
    r":?(?:\(?\d{1,2}[.、)])?(?P<name>[^，。;:\d%]{2,40}?)(?:(?:年初|全年|调整)?(?:预算|决算)数?)?(?:为|共计|共)?"
    r"(?=\d[\d,.]*(?:万|亿)?元)"
)


@dataclass(slots=True)
class Aside:
    """The reason or purpose that is open, if any: where it begins, -1 for none."""

    reason: int = -1
    purpose: int = -1
    counts: bool = False  # whether its money counts

    @property
    def open(self) -> bool:
        """True while text is passed over."""
        return max(self.reason, self.purpose) >= 0

    def begin(self, token: Token) -> None:
        """A reason, a purpose or another aside begins behind `token`."""
        if token.kind == "reason":
            self.reason, self.purpose = token.stop, -1
        else:
            self.purpose, self.counts = token.stop, token.kind == "purpose"

    def end(self, state: State, at: int) -> None:
        """What is open ends; a reason is given to what it is the reason of."""
        if self.reason >= 0:
            _give(state, self.reason, at)
        self.reason = self.purpose = -1

    def swallows(self, state: State, token: Token) -> bool:
        """Whether a token belongs to what is open; if a claim begins again with it, what is open has ended."""
        if not self.open or (token.kind == "stop" and state.text[token.start] == "。"):
            return False
        if token.kind == "reason" and self.reason < 0:
            return False
        since = max(state.text.rfind(mark, 0, token.start) for mark in "，,;。") + 1
        if since > max(self.reason, self.purpose) and self._goes_on(state, token, since):
            self.end(state, since)
            state.begin_clause(since)
            return False
        if token.number and self.counts and self.reason < 0 and token.number.unit == "yuan":
            state.say([state.statement(token, Subject("", state.text[since : token.start]))])
        return True

    def _goes_on(self, state: State, token: Token, since: int) -> bool:
        """Whether a claim begins at `since`, behind a comma, with nothing or the name of a line before `token`."""
        if since == token.start:
            return self._continues(state, token)
        if token.kind not in {"measure", "number"}:
            return False
        if token.number and token.number.unit == "piece":
            counted = by_rule(state, token) if state.text[since - 1] == ";" else None
            return counted is not None and counted.understood
        if token.kind == "measure" and not _MONEY_SOON.match(state.text, token.stop):
            return False
        piece = state.subjects.read(state.text[since : token.start], state.above)
        return piece.known and (token.kind == "measure" or token.key.endswith("元"))

    def _continues(self, state: State, token: Token) -> bool:
        """Whether a token right behind a comma says more of the subject in force."""
        if token.kind == "base":
            if self.reason < 0:
                return True
            told = {statement.measure for statement in state.said()}
            return difference(token.key) not in {"", *told} and _MONEY_SOON.match(state.text, token.stop) is not None
        if token.kind in {"share", "completion"}:
            return self.reason < 0
        if token.kind == "measure":
            goes_on = self.reason < 0 or state.text[token.start - 1] == ";"
            return goes_on and _MONEY_SOON.match(state.text, token.stop) is not None
        return False


def announces_lines(state: State, at: int) -> bool:
    """Whether known lines with their amounts follow: 包括：财政拨款收入10万元. That is no purpose."""
    found = _NAMED.match(state.text, at)
    return found is not None and state.subjects.read(found["name"], state.above).known


def _give(state: State, start: int, stop: int) -> None:
    """A reason belongs to the differences of its sentence, or of the one before, that have none yet."""
    span = (start, len(state.text[:stop].rstrip("，,;。")))
    if span[1] <= start:
        return
    found = [statement for statement in state.said() if statement.measure in DIFFERENCES]
    found = [statement for statement in found if statement.measure == "comparison"] or found
    if not found and state.statements:
        before = state.statements[-1].sentence[0]
        found = [one for one in state.statements if one.sentence[0] == before and one.measure in DIFFERENCES]
    for statement in found:
        if statement.reason is None and statement.subject in state.current:
            statement.reason = span
