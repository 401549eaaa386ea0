"""The grammar of a paragraph: which number says what of which line.

A paragraph is read once from left to right. A number takes its meaning from what was read since the last comma (a
measure, a direction, 占, 完成…的) and from what is in force in its sentence (the subject, the year or budget that it is
compared with). What stands between an operator and its number must be nothing, filler, or a known line; otherwise the
number is not understood, which is better than misunderstood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.narrative.counts import ITEMS_OF_COUNTS
from pipeline.narrative.lines import TOTAL_WHOLES, WHOLES
from pipeline.narrative.others import by_rule, is_list, items_of, nothing_of
from pipeline.narrative.statement import Statement
from pipeline.narrative.subjects import Piece, Subject, paths_in
from pipeline.narrative.tokens import Token, shared_unit, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.narrative.subjects import Subjects
    from pipeline.narrative.tokens import Folded



_GAPS = {"initial_budget": "initial", "full_budget": "full", "budget": ""}
_DIFFERENCES = frozenset(
    {"change", "rate", "comparison", *(f"{k}{r}" for k in ("gap", "gap_initial", "gap_full") for r in ("", "_rate"))}
)
_YEARLY = frozenset({"told_totals", "told_income", "told_expenditure", "told_fiscal"})
"""Topics that compare with last year only, whether they say so or not."""
_FLOWS = frozenset({"opening", "income", "closing"})
_SIGNS = {"up": 1, "down": -1, "same": 0}
_NAMED = re.compile(r":?(?:\(?\d{1,2}[.、)])?(?P<name>[^，。;:\d%]{2,40}?)(?:(?:年初|全年|调整)?(?:预算|决算)数?)?(?:为|共计|共)?(?=\d[\d,.]*[万亿]?元)")
_AMOUNT = re.compile(r"[了约]?\d[\d,.]*(?:万|亿)?元")
_WAYS = {"大于": 1, "高于": 1, "超过": 1, "超出": 1, "多于": 1, "小于": -1, "低于": -1, "少于": -1, "等于": 0}


def _of(prefix: str, budget: str, suffix: str = "") -> str:
    """The measure of a completion or a gap, of the budget named."""
    return "_".join(filter(None, (prefix, _GAPS[budget], suffix)))


@dataclass(slots=True)
class Reader:
    """The state of reading one paragraph."""

    folded: Folded
    whole: str  # as printed
    topic: str
    subjects: Subjects
    above: str = ""
    current: tuple[Subject, ...] = ()
    statements: list[Statement] = field(default_factory=list)
    unread: list[Token] = field(default_factory=list)
    """Numbers that are no amounts of the report: in reasons, and what no topic counts."""

    # in force in the sentence
    sentence: int = 0
    base: Token | None = None
    named: str = ""  # the budget that the sentence names
    head: tuple[Subject, ...] = ()  # whom 其中 divides
    heads: list[tuple[Subject, ...]] = field(default_factory=list)
    # since the last comma
    slot: int = 0  # where the piece that is not read yet begins
    clause: int = 0
    waiting: Piece | None = None  # a subject named, not yet said anything of
    measure: str = ""
    direction: Token | None = None
    completion: str = ""
    share: Token | None = None
    average: bool = False
    fresh: bool = False  # the base stands right before
    each: str = ""
    common: bool = False
    taken: int = 0
    lost: bool = False
    prior: bool = False
    reason_at: int = -1
    aside_at: int = -1
    purpose: bool = False
    last: Statement | None = None
    number_end: int = 0
    skip: int = 0

    def printed(self, start: int, stop: int) -> str:
        """Characters of the folded paragraph as printed."""
        if stop <= start:
            return ""
        first, last = self.folded.span(start, stop)
        return self.whole[first:last]

    def statement(self, token: Token, subject: Subject, measure: str) -> Statement:
        """A statement of this sentence."""
        return Statement(token, subject, measure, sentence=(self.sentence, 0))

    def word(self, start: int, stop: int, subject: Subject, measure: str, value: Decimal) -> Statement:
        """A statement that words make."""
        token = Token("word", start, stop, "", self.folded.text[start:stop])
        return Statement(token, subject, measure, token.word, None, value, (self.sentence, 0))

    def read(self) -> None:
        """Read the paragraph."""
        paths = paths_in(self.folded.text)
        skip = 0
        for token in tokens(self.folded.text):
            if token.start < skip:
                continue
            if any(start <= token.start < stop for start, stop in paths):
                continue
            if self._swallowed(token):
                continue
            self._step(token)
            skip = self.skip
            if token.kind in {"number", "lump"}:
                self.number_end = token.stop
        self._end_clause(len(self.folded.text))
        self._end_sentence(len(self.folded.text))

    # -- reasons and purposes ------------------------------------------------------------------------------------

    def _swallowed(self, token: Token) -> bool:
        """True for what stands in a reason or a purpose, which ends where the sentence does, or goes on as a claim."""
        if self.reason_at < 0 and self.aside_at < 0:
            return False
        if token.kind == "stop" and self.folded.text[token.start] == "。":
            return False
        if token.kind == "reason" and self.aside_at >= 0 and self.reason_at < 0:
            return False
        before = self.folded.text[token.start - 1] if token.start else "。"
        if before in "，,;" and self._resumes(token, since=token.start):
            self._close_reason(token.start)
            self.slot = self.clause = token.start
            return False
        since = max(self.folded.text.rfind(mark, 0, token.start) for mark in "，,;。") + 1
        if token.kind in {"measure", "number"} and since > max(self.reason_at, self.aside_at):
            piece = self.subjects.read(self.folded.text[since : token.start], self.above)
            if piece.subjects and piece.subjects[0].line and self._resumes(token, since=since):
                self._close_reason(since)
                self.slot = self.clause = since
                return False
            if self.folded.text[since - 1] == ";" and token.number and token.number.unit == "piece":
                counted = by_rule(self, token, self.topic)
                if counted and counted.understood:
                    self._close_reason(since)
                    self.slot = self.clause = since
                    return False
        if token.kind == "number" and token.number:
            if self.reason_at < 0 and self.purpose and token.number.unit == "yuan":
                self._say([self.statement(token, Subject("", self.folded.text[since : token.start]), "")])
            else:
                self.unread.append(token)
        return True

    def _resumes(self, token: Token, *, since: int) -> bool:
        """Whether a token after a comma begins a claim again."""
        if token.kind == "base":
            if self.reason_at < 0:
                return True
            told = {s.measure for s in self.statements if s.sentence[0] == self.sentence}
            return ("change" if token.key == "prior" else _of("gap", token.key)) not in told and (
                self._money_follows(token.stop)
            )
        if token.kind in {"share", "completion"} and since == token.start:
            return self.reason_at < 0
        if token.kind == "measure":
            return self._money_follows(token.stop, close=True) and (
                self.reason_at < 0 or self.folded.text[since - 1] == ";" or since < token.start
            )
        return token.kind == "number" and token.key.endswith("元") and since < token.start

    def _money_follows(self, at: int, *, close: bool = False) -> bool:
        stretch = self.folded.text[at : at + (24 if not close else 16)]
        cut = min((stretch.find(mark) for mark in "，。;" if mark in stretch), default=len(stretch))
        return "元" in stretch[:cut] and any(char.isdigit() for char in stretch[:cut])

    def _close_reason(self, at: int) -> None:
        if self.reason_at >= 0:
            self._give_reason(self.reason_at, at)
        self.reason_at = self.aside_at = -1

    def _give_reason(self, start: int, stop: int) -> None:
        """A reason belongs to the differences of its sentence, or of the one before, that have none yet."""
        span = (start, len(self.folded.text[:stop].rstrip("，,;。")))
        if span[1] <= start:
            return
        here = [s for s in self.statements if s.sentence[0] == self.sentence and s.measure in _DIFFERENCES]
        compared = [s for s in here if s.measure == "comparison"]
        if not here and self.statements:
            before = self.statements[-1].sentence[0]
            here = [s for s in self.statements if s.sentence[0] == before and s.measure in _DIFFERENCES]
        for statement in compared or here:
            if statement.reason is None and statement.subject in self.current:
                statement.reason = span

    # -- the steps ------------------------------------------------------------------------------------------------

    def _step(self, token: Token) -> None:
        match token.kind:
            case "stop":
                self._end_clause(token.start)
                if self.folded.text[token.start] == "。":
                    self._end_sentence(token.stop)
                elif self.head:
                    self.current = self.head
                self._open_clause(token.stop)
            case "comma":
                self._end_clause(token.start)
                self._open_clause(token.stop)
            case "colon":
                self._end_clause(token.start, alone=True)
                self._open_clause(token.stop)
            case "list":
                self._after_item(token)
            case "open":
                self._take(token.start)
                self.heads.append(self.current)
                self.slot = token.stop
            case "close":
                self.slot, self.last = token.stop, None
                if self.heads:
                    self.current = self.heads.pop()
            case "within":
                self._take(token.start)
                self.head = self.head or self.current
                self.slot = token.stop
            case "number":
                self._number(token)
            case "lump":
                self._lump(token)
            case "year" | "threshold":
                pass
            case _:
                self._operator(token)

    def _operator(self, token: Token) -> None:
        self._take(token.start)
        self.slot = token.stop
        match token.kind:
            case "base":
                self.base, self.fresh, self.direction, self.measure = token, True, None, ""
                if token.key not in {"prior", "budget"}:
                    self.named = token.key
                if self.current and not self.waiting and self.current[0].line in _FLOWS and "支出" in token.word:
                    self.waiting = self.subjects.read("本年支出")  # 较上年支出增加, said of what was carried over
                if self.waiting and self.waiting.subjects:
                    self._commit()
            case "direction":
                self.direction = token
                if token.key == "same":
                    self._level(token)
            case "measure":
                self.measure = token.key
                self.taken = 0
                if token.key in {"initial_budget", "full_budget"}:
                    self.named = token.key
            case "completion":
                self.completion, self.taken = token.key, 0
                if token.key == "budget":
                    self.completion = self.named or "budget"
                else:
                    self.named = token.key
            case "share":
                self.share, self.taken = token, 0
            case "compare":
                self._compare(token)
            case "average":
                self.average = True
            case "each":
                self.each, self.taken = token.word, 0
            case "none":
                self._nothing(token)
            case "reason" | "aside" | "purpose":
                self._turn_aside(token)

    def _turn_aside(self, token: Token) -> None:
        if token.kind == "purpose" and self._goes_on(token.stop):
            return
        if self.waiting and token.kind != "reason" and all(subject.line for subject in self.waiting.subjects):
            self._commit()
        self.waiting = None
        if token.kind == "purpose" and self.topic == "told_basic" and self.current and is_list(self.current[0].line):
            items, self.skip = items_of(self, token.stop)
            self._say(items)
            if items:
                self.slot = self.skip
                return
        if token.kind == "reason":
            if self.aside_at >= 0:
                self.aside_at = -1
            self.reason_at = token.stop
        else:
            self.aside_at, self.purpose = token.stop, token.kind == "purpose"

    def _goes_on(self, at: int) -> bool:
        """Whether known lines with their amounts follow: 包括：财政拨款收入10万元."""
        found = _NAMED.match(self.folded.text, at)
        piece = self.subjects.read(found["name"], self.above) if found else Piece()
        return bool(piece.subjects) and all(subject.line for subject in piece.subjects)

    def _nothing(self, token: Token) -> None:
        found = nothing_of(self, token, self.topic)
        self._say(found)
        if found:
            self.current, self.waiting = (found[-1].subject,), None

    # -- subjects -------------------------------------------------------------------------------------------------

    def _take(self, until: int) -> None:
        """Read the piece before an operator or a number: a subject, filler, or something unknown."""
        piece = self.subjects.read(self.folded.text[self.slot : until], self._above(), opening=self.slot == 0)
        self.slot = until
        if not piece.subjects:
            self.prior = self.prior or piece.prior
            return
        if any(not subject.line for subject in piece.subjects) and (self.direction or self.measure or self.fresh):
            self.lost = True  # 增加一次性项目支出5万元: not the change of the subject in force
        self.waiting, self.prior = piece, piece.prior

    def _above(self) -> str:
        """The class or group that the section or the subject in force is of."""
        line = self.current[0].line if self.current else ""
        return self.above or (line[:3] if line.isdecimal() else "")

    def _commit(self) -> None:
        if self.waiting and self.waiting.subjects:
            self.current = tuple(self._placed(subject) for subject in self.waiting.subjects)
            self.taken, self.common = 0, False
        self.waiting = None

    def _placed(self, subject: Subject) -> Subject:
        """A part of what was carried over is of the opening or the closing one, as its whole says."""
        if not subject.line.startswith("_"):
            return subject
        whole = next((s.line for s in (*self.head, *self.current) if s.line.startswith(("opening", "closing"))), "")
        return subject._replace(line=whole.partition("_")[0] + subject.line if whole else "")

    def _end_clause(self, at: int, *, alone: bool = False) -> None:
        """At a comma: a clause that is only a name is the subject of what follows."""
        if self.waiting is None and self.slot <= self.clause + 4 and at > self.slot:
            first = self.clause == self.sentence or alone or self.folded.text[self.clause : self.slot] == "其中"
            piece = self.subjects.read(self.folded.text[self.slot : at], self.above, opening=self.slot == 0)
            if first and piece.subjects and all(subject.line for subject in piece.subjects):
                self.waiting = piece
                self._commit()
        elif self.waiting and (alone or self.measure) and all(s.line for s in self.waiting.subjects):
            self._commit()
        self._forget()

    def _open_clause(self, at: int) -> None:
        self.slot = self.clause = at

    def _forget(self) -> None:
        self.waiting, self.measure, self.direction, self.completion = None, "", None, ""
        self.share, self.average, self.fresh, self.each, self.lost, self.prior = None, False, False, "", False, False

    def _after_item(self, token: Token) -> None:
        """A 、 or 和 after a number: the list goes on (分别为), or another clause begins."""
        self.slot = token.stop
        if self.each != "分别":
            self._forget()
            self.clause = token.stop

    def _end_sentence(self, at: int) -> None:
        self._close_reason(at)
        for statement in self.statements:
            if statement.sentence == (self.sentence, 0):
                statement.sentence = (self.sentence, at)
        if self.head:
            self.current, self.head = self.head, ()
        if not self.folded.text.startswith("其中", at):  # what divides the sentence before is compared as that was
            self.base, self.named = None, ""
        self.sentence, self.last = at, None
        self.heads.clear()

    # -- statements -----------------------------------------------------------------------------------------------

    def _number(self, token: Token) -> None:
        self._take(token.start)
        self.slot = token.stop
        number = token.number
        if number is None:
            return
        measure = ""
        if number.unit != "piece":
            measure = self._money(token) if number.unit == "yuan" else self._percent(token)
        if measure == "share" and self.waiting is None and self._was_of_another():
            self._say([self._statement(token, self.last.subject if self.last else Subject("", ""), measure)])
            return
        if self.lost or not measure or not self._has_line():
            special = by_rule(self, token, self.topic)
            if special is None:
                self.unread.append(token)
                return
            if special.understood or number.unit == "piece":
                self._say([special])
                self.waiting = None
                if not self.current and (item := ITEMS_OF_COUNTS.get(special.subject.line)):
                    self.current = (special.subject._replace(line=item),)
                return
        self._commit()
        self._say(self._statements(token, "" if self.lost else measure))
        self.fresh = False

    def _was_of_another(self) -> bool:
        """Whether the sentence has just spoken of what is not the subject in force: a number by rule."""
        return self.last is not None and self.last.sentence[0] == self.sentence and self.last.subject not in self.current

    def _lump(self, token: Token) -> None:
        """Numbers that share a unit are understood where there is a subject for each."""
        self._take(token.start)
        numbers = shared_unit(self.folded.text, token)
        subjects = self.waiting.subjects if self.waiting and self.waiting.subjects else self.current
        for number in numbers:
            self.slot = number.start
            if self.each == "分别" and len(subjects) == len(numbers):
                self._number(number)
            else:
                self._say([self.statement(number, Subject("", ""), "")])
        self.slot = token.stop + len(numbers[-1].key if numbers else "")

    def _has_line(self) -> bool:
        subjects = self.waiting.subjects if self.waiting and self.waiting.subjects else self.current
        return bool(subjects) and all(subject.line for subject in subjects)

    def _say(self, statements: Sequence[Statement]) -> None:
        self.statements += statements
        if statements:
            self.last = statements[-1]

    def _statements(self, token: Token, measure: str) -> list[Statement]:
        subjects: tuple[Subject, ...] = self.current or (Subject("", ""),)
        if len(subjects) > 1:
            if self.each == "分别":
                subjects = (subjects[min(self.taken, len(subjects) - 1)],) if self.taken < len(subjects) else (Subject("", ""),)
                self.taken += 1
            elif not (self.each or self.common):
                subjects = (Subject("", "、".join(subject.label for subject in subjects)),)
            else:
                self.common = True  # 均为…，增长…: what is said of both goes on being said of both
        return [self._statement(token, subject, measure) for subject in subjects]

    def _statement(self, token: Token, subject: Subject, measure: str) -> Statement:
        if measure == "average" and subject.line.startswith("vehicle") and subject.line != "vehicle_purchase":
            subject = subject._replace(line="vehicle_operation")  # only its cost is told by the vehicle
        statement = self.statement(token, subject, measure)
        if measure == "share":
            statement.direction = self.share.word if self.share else ""
            statement.measure = self._share_of(subject.line, statement.direction)
        if measure not in _DIFFERENCES or token.number is None:
            return statement
        if self.direction:
            statement.direction, sign = self.direction.word, _SIGNS[self.direction.key]
        elif self.last:
            statement.direction, sign = self.last.direction, -1 if (self.last.value or 0) < 0 else 1
        else:
            sign = 1
        statement.value = token.number.value * (sign or 1)
        if measure in {"change", "rate"} and self.base:
            statement.year = self.base.year
        return statement

    def _share_of(self, line: str, whole: str) -> str:
        """The measure of a share: of the line's usual whole, of the topic's total, or not understood."""
        usual = WHOLES.get(self.topic, {}).get(line)
        if not usual or not whole or whole.rstrip("的") in usual:
            return "share"
        return "share_of_total" if whole.rstrip("的") in TOTAL_WHOLES else ""

    def _money(self, token: Token) -> str:
        """What an amount of money is, "" if that is not understood."""
        if self.completion:
            return self.completion
        if self.direction and self.direction.key != "same":
            base = self._compared()
            return ("change" if base == "prior" else _of("gap", base)) if base else ""
        if self.average:
            return "average"
        if self.measure:
            return "prior" if self.prior and self.measure == "final" else self.measure
        if self.prior and not self.waiting:
            return "prior"
        if self.each == "分别" and self.last and self.taken:
            return self.last.measure
        if self.fresh and self.base:
            return self.base.key
        if self.waiting and self.waiting.subjects or self.slot_is_empty(token):
            return "prior" if self.prior else "final"
        return ""

    def slot_is_empty(self, token: Token) -> bool:
        """The clause says nothing but its number: 支出10万元."""
        stretch = self.folded.text[self.clause : token.start]
        return 0 < len(stretch) <= 12 and any(word in stretch for word in ("支出", "收入", "为", "共计", "合计"))

    def _percent(self, token: Token) -> str:
        if token.key.endswith("百分点"):
            return ""
        if self.share:
            return "share"
        if self.completion:
            return _of("completion", self.completion)
        difference = self.direction and self.direction.key != "same"
        follows = self.last and self.last.measure in {"change", "gap", "gap_initial", "gap_full"}
        if not difference and not (follows and self.folded.text[token.start - 1] in "（(，,"):
            return ""
        base = self._compared()
        return ("rate" if base == "prior" else _of("gap", base, "rate")) if base else ""

    def _compared(self) -> str:
        """What a difference is measured against: what the sentence says, states, or, of the year's totals, last year."""
        if self.base:
            return self.base.key
        stated = {s.measure for s in self.statements if s.sentence[0] == self.sentence}
        against = stated & {"prior", *_GAPS}
        if len(against) == 1:
            return against.pop()
        return "prior" if self.topic in _YEARLY and not against else ""

    def _level(self, token: Token) -> None:
        """持平 against a year or a budget."""
        if self.base is None:
            return
        self._commit()
        if self.base.key == "budget":
            measure = "comparison"
        else:
            measure = "change" if self.base.key == "prior" else _of("gap", self.base.key)
        for subject in self.current or (Subject("", ""),):
            told = any(
                s.subject == subject and s.measure == measure and s.sentence[0] == self.sentence for s in self.statements
            )
            if not told and subject.line:
                year = self.base.year if measure == "change" else None
                self._say([
                    Statement(token, subject, measure, token.word, year, Decimal(0), (self.sentence, 0))
                ])

    def _compare(self, token: Token) -> None:
        """决算数大于预算数, 低于预算; with an amount behind it a gap."""
        self._commit()
        way = _WAYS.get(token.word)
        if _AMOUNT.match(self.folded.text, token.stop) and way is not None:
            self.base = token._replace(kind="base")
            self.direction = token._replace(kind="direction", key={1: "up", -1: "down", 0: "same"}[way])
            return
        if way is None:
            return
        for subject in self.current:
            if subject.line:
                self._say([
                    Statement(token, subject, "comparison", token.word, None, Decimal(way), (self.sentence, 0))
                ])
