"""What is in force while a paragraph is read: in the paragraph, in its sentence, and since the last comma."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.narrative.statement import Statement
from pipeline.narrative.subjects import Piece, Subject
from pipeline.narrative.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pipeline.narrative.folding import Folded
    from pipeline.narrative.subjects import Subjects

NOBODY = Subject("", "")


@dataclass(slots=True)
class Clause:
    """What was read since the last comma.

    `waiting` is a subject that was named and of which nothing was said yet; `also` is a measure before `measure` that
    shares its number (年初预算、决算均为) or has one of its own (分别为). `fresh` says that a comparison stands right
    before, `final` that it is of the final figure in so many words, `prior` that another year was named, `lost` that
    something unknown stands between an operator and its number.
    """

    start: int = 0
    waiting: Piece | None = None
    measure: str = ""
    also: str = ""
    direction: Token | None = None
    completion: str = ""
    share: Token | None = None
    average: bool = False
    fresh: bool = False
    final: bool = False
    each: str = ""
    prior: bool = False
    lost: bool = False


@dataclass(slots=True)
class Sentence:
    """What was read since the last full stop.

    `base` is what is compared with, `named` the budget that was named, `head` the subject that 其中 divides, if the
    sentence is `divided`, `heads` those before the brackets that are open, `last` the statement just made.
    """

    start: int = 0
    base: Token | None = None
    named: str = ""
    head: tuple[Subject, ...] = ()
    divided: bool = False
    heads: list[tuple[Subject, ...]] = field(default_factory=list)
    last: Statement | None = None


@dataclass(slots=True)
class State:
    """The reading of one paragraph, so far.

    `printed_text` is the paragraph as printed, `above` the code of the class or group that its section is about,
    `current` the subjects in force: `common` says that what is said is said of each of them, `taken` how many of them a
    list (分别为) has served. `slot` is where the piece begins that was not looked at yet, `number_end` where the last
    number ends.
    """

    folded: Folded
    printed_text: str
    topic: str
    subjects: Subjects
    above: str = ""
    current: tuple[Subject, ...] = ()
    common: bool = False
    taken: int = 0
    slot: int = 0
    number_end: int = 0
    clause: Clause = field(default_factory=Clause)
    sentence: Sentence = field(default_factory=Sentence)
    statements: list[Statement] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The folded paragraph."""
        return self.folded.text

    def printed(self, start: int, stop: int) -> str:
        """Characters of the folded paragraph as printed."""
        if stop <= start:
            return ""
        first, last = self.folded.span(start, stop)
        return self.printed_text[first:last]

    # -- subjects

    def take(self, until: int) -> None:
        """Read the piece before an operator or a number: a subject, filler, or something unknown."""
        clause, opening = self.clause, self.slot == 0
        piece = self.subjects.read(self.text[self.slot : until], self._class(), opening=opening)
        self.slot = until
        if not piece.subjects:
            clause.prior = clause.prior or piece.prior
            return
        if not piece.known and (clause.direction or clause.measure or clause.fresh):
            clause.lost = True  # 增加一次性项目支出5万元: not the change of the subject in force
        clause.waiting, clause.prior = piece, piece.prior

    def commit(self) -> None:
        """Something is said: of the subject that was waiting, if any."""
        waiting, self.clause.waiting = self.clause.waiting, None
        if waiting and waiting.subjects:
            self.current = tuple(self._placed(subject) for subject in waiting.subjects)
            self.taken, self.common = 0, False

    def spoken_of(self) -> tuple[Subject, ...]:
        """The subjects of the next statement."""
        waiting = self.clause.waiting
        return waiting.subjects if waiting and waiting.subjects else self.current

    def _class(self) -> str:
        """The class or group that the section or the subject in force is of."""
        line = self.current[0].line if self.current else ""
        return self.above or (line[:3] if line.isdecimal() else "")

    def _placed(self, subject: Subject) -> Subject:
        """A part of what was carried over is of the opening or the closing one, as its whole says."""
        if not subject.line.startswith("_"):
            return subject
        named = (whole.line for whole in (*self.sentence.head, *self.current))
        whole = next((line for line in named if line.startswith(("opening", "closing"))), "")
        return subject._replace(line=whole.partition("_")[0] + subject.line if whole else "")

    # -- statements

    def say(self, statements: Sequence[Statement]) -> None:
        """Add statements."""
        self.statements += statements
        if statements:
            self.sentence.last = statements[-1]

    def statement(self, token: Token, subject: Subject, measure: str = "") -> Statement:
        """A statement of this sentence."""
        return Statement(token, subject, measure, sentence=(self.sentence.start, 0))

    def word(self, start: int, stop: int, subject: Subject, measure: str, value: Decimal) -> Statement:
        """A statement that words make."""
        token = Token("word", start, stop, "", self.text[start:stop])
        return Statement(token, subject, measure, token.word, None, value, (self.sentence.start, 0))

    def said(self) -> list[Statement]:
        """The statements of this sentence so far."""
        return [statement for statement in self.statements if statement.sentence[0] == self.sentence.start]

    # -- ends

    def end_clause(self, at: int, *, alone: bool = False) -> None:
        """At a comma: a clause that is only a name is the subject of what follows. `alone`: at a colon."""
        clause = self.clause
        if clause.waiting is None and self.slot <= clause.start + 4 and at > self.slot:
            first = self.text[clause.start : self.slot] == "其中" or self.text[clause.start - 1 : clause.start] in "。;"
            piece = self.subjects.read(self.text[self.slot : at], self.above, opening=self.slot == 0)
            if (first or alone) and piece.known:
                clause.waiting = piece
                self.commit()
        elif clause.waiting and clause.waiting.known and (alone or clause.measure):
            self.commit()
        self.begin_clause(at)

    def begin_clause(self, at: int) -> None:
        """What was read since the last comma is no more in force."""
        self.clause, self.slot = Clause(at), at

    def end_sentence(self, at: int) -> None:
        """At a full stop."""
        for statement in self.said():
            statement.sentence = (self.sentence.start, at)
        following = Sentence(at)
        if self.sentence.heads:  # the bracket that holds this full stop goes on
            following.head, following.heads = self.sentence.head, self.sentence.heads
        elif self.sentence.head:
            self.current = self.sentence.head
        if self.text.startswith("其中", at):  # what divides the sentence before is compared as that was
            following.base, following.named = self.sentence.base, self.sentence.named
        self.sentence = following
