"""The vocabulary in which identities are declared: frozen values, no SQL of linear relations and no figures.

A linear identity is a set of checks; a check compares two sums of terms; a term names cells by (form, line rule,
measure). Whatever is not linear is a `Predicate`: a small query of the breaches. Both give the same result rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Severity(StrEnum):
    """How grave a broken identity is: a wrong number, something doubtful, a note."""

    ERROR = "E"
    WARNING = "W"
    INFORMATION = "I"

    @property
    def label(self) -> str:
        """The Chinese word that the bureau reads."""
        return {"E": "错误", "W": "警告", "I": "提示"}[self]


class Relation(StrEnum):
    """How the left side of a check stands to its right side."""

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="


class Outcome(StrEnum):
    """The closed set of outcomes of one instance. The first two are a pass."""

    EXACT = "exact"
    ROUNDING = "rounding"
    FAIL = "fail"
    NOT_EVALUATED = "not_evaluated"


class Whose(StrEnum):
    """Whose cells a term takes: those of the judged report, or of reports that stand in a fixed relation to it."""

    OWN = "own"
    LAST_YEAR = "last_year"
    UNITS = "units"

    @property
    def label(self) -> str:
        """What a sentence calls the other reports."""
        return {"own": "", "last_year": "上年决算", "units": "所属单位决算"}[self]


class Reason(StrEnum):
    """Why something was not evaluated; `label` is what the bureau reads."""

    FORM_ABSENT = "form_absent"
    FORM_BLANK = "form_blank"
    FORM_EMPTY = "form_empty"
    MEASURE_ABSENT = "measure_absent"
    LINE_ABSENT = "line_absent"
    CONDITION = "condition"
    UNREAD = "unread"
    LOW_CONFIDENCE = "low_confidence"
    UNKNOWN_CODE = "unknown_code"
    ZERO_BASE = "zero_base"
    NARRATIVE_NOT_READ = "narrative_not_read"
    LAST_YEAR_ABSENT = "last_year_absent"
    NOT_A_DEPARTMENT = "not_a_department"
    UNITS_ABSENT = "units_absent"
    UNITS_INCOMPLETE = "units_incomplete"
    RELATED_UNREAD = "related_unread"

    @property
    def label(self) -> str:
        """The Chinese clause that the bureau reads."""
        return _REASONS[self]


_REASONS = {
    Reason.FORM_ABSENT: "没有该表或该节文字（未公开或未识别）",
    Reason.FORM_BLANK: "该表空白且未说明原因，不视为零",
    Reason.FORM_EMPTY: "该表已注明无数据",
    Reason.MEASURE_ABSENT: "该表没有这一栏",
    Reason.LINE_ABSENT: "该表没有这一行，或文字没有说明该数",
    Reason.CONDITION: "不具备适用条件",
    Reason.UNREAD: "该表或该节文字有数字未能读取",
    Reason.LOW_CONFIDENCE: "扫描识别的把握不足",
    Reason.UNKNOWN_CODE: "科目代码不在参考目录中",
    Reason.ZERO_BASE: "作除数的金额为零或接近零，不能计算比例",
    Reason.NARRATIVE_NOT_READ: "需对照情况说明文字，尚未读取",
    Reason.LAST_YEAR_ABSENT: "没有该单位上年同一范围的决算可供比较",
    Reason.NOT_A_DEPARTMENT: "不是部门（汇总）决算",
    Reason.UNITS_ABSENT: "没有该部门所属单位的决算可供比较",
    Reason.UNITS_INCOMPLETE: "所属单位的决算不全，或不能确定是否齐全",
    Reason.RELATED_UNREAD: "上年或所属单位的决算中没有相应的表、栏，或该表空白",
}


class Needs(IntEnum):
    """What must have been read for a term to count; whatever lies beyond it and is not printed counts as 0.

    A topic of the narrative is a form here, a claim its cell; a measure that it claims of nothing is not a column that
    it lacks, but not said.

    CELL: the cell itself. COLUMN: the form with this column; a line that is not printed is 0, provided that the
    form prints lines of that level at all. FORM: the form; a column that this vintage does not have is 0 too.
    NOTHING: even a form that is not there is 0.
    """

    NOTHING = 0
    FORM = 1
    COLUMN = 2
    CELL = 3


@dataclass(frozen=True, slots=True)
class Own:
    """The line of the instance."""


@dataclass(frozen=True, slots=True)
class Children:
    """The printed direct children of the line of the instance: at least one of them."""


@dataclass(frozen=True, slots=True)
class Level:
    """All printed code lines of a level (1 类, 2 款, 3 项) but those excepted."""

    level: int
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaves:
    """All printed code lines that have nothing printed below them: the 项, where the form goes down to 项."""


LineRule = str | Own | Children | Level | Leaves
"""Which lines a term takes; a plain string is one fixed line."""


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient` times the sum of the amounts of (form, line rule, measure) in one report, or in several."""

    form: str
    line: LineRule
    measure: str = "amount"
    needs: Needs = Needs.CELL
    coefficient: int = 1
    whose: Whose = Whose.OWN

    def __post_init__(self) -> None:
        if isinstance(self.line, Level) and self.line.besides and self.needs is Needs.CELL:
            raise ValueError("the evaluator cannot tell whether a level has any line besides those excepted")


@dataclass(frozen=True, slots=True)
class Domain:
    """One instance for every line that any of the `forms` prints: code lines of these levels, and `lines`.

    The forms of all reports of which the check has terms count, so that a line which one of them lacks is seen.
    """

    forms: tuple[str, ...]
    levels: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A circumstance in which an identity applies: every sum in `zero` is 0 and was read completely.

    Exactly 0; with `rounded`, as near to it as rounding allows. `reason` says why a check is not evaluated without it.
    """

    key: str
    zero: tuple[tuple[Term, ...], ...]
    rounded: bool = False
    reason: Reason = Reason.CONDITION


@dataclass(frozen=True, slots=True)
class Check:
    """`left` stands in `relation` to `right`, within what rounding allows; without `over`, once in every report.

    With a `divisor` to `factor` times `right` divided by `divisor`: a stated ratio. Percentages have the factor 100.
    One that misses by a unit of its last digit at most is cut off or rounded otherwise: improbable, no breach.


    `key` tells the checks of one identity apart, `title` names in Chinese what the check is about. Where a condition in
    `when` does not hold, or is not known to, the relation is `otherwise`; without one the check is not evaluated. A
    breach of a check with `undecided` does not fail: whether it is one cannot be told yet, for that reason. `sentence`
    replaces the sentence of the identity.
    """

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    key: str = ""
    title: str = ""
    relation: Relation = Relation.EQUAL
    over: Domain | None = None
    when: tuple[Condition, ...] = ()
    otherwise: Relation | None = None
    undecided: Reason | None = None
    sentence: str = ""
    divisor: tuple[Term, ...] = ()
    factor: int = 1

    def __post_init__(self) -> None:
        if self.factor != 1 and not self.divisor:
            raise ValueError("a factor belongs to a ratio")

    @property
    def terms(self) -> tuple[Term, ...]:
        """Those of all sides."""
        return (*self.left, *self.right, *self.divisor)

    @property
    def whose(self) -> frozenset[Whose]:
        """Of which other reports it takes cells."""
        return frozenset(term.whose for term in self.terms) - {Whose.OWN}


@dataclass(frozen=True, slots=True)
class Predicate:
    """A query of the breaches of something that is not a linear relation.

    `breaches` selects report_id, form, instance, line, measure, reason, detail, where a reason (see `Reason`) makes
    the instance not evaluated and NULL makes it fail; `detail` is a Chinese clause for the sentence. It reads `core.*`
    and the evaluator's `form_state` (report_id, form, state, incomplete), `related` and `unrelated` (see
    `expectations/sql/15_related.sql`), and `cell` with small numbers for keys, which joins faster than `core.cell`;
    with `whose` it must not speak of reports in `unrelated`. Each of `forms` that was read and has
    no breach passes once, and one that was not read is not evaluated; without `forms` the whole report passes.
    `blank` says that a form left blank is judged too.
    """

    breaches: str
    forms: tuple[str, ...] = ()
    blank: bool = False
    whose: Whose = Whose.OWN


@dataclass(frozen=True, slots=True)
class Identity:
    """One sentence that every report must satisfy, with the checks or the predicate that test it.

    `sentence` is the Chinese sentence of a finding with the places of `expectations.messages`; `family` names the
    table or the pair of tables in Chinese.
    """

    id: str
    family: str
    severity: Severity
    title: str
    sentence: str
    checks: tuple[Check, ...] = ()
    predicate: Predicate | None = None

    def __post_init__(self) -> None:
        keys = [check.key for check in self.checks]
        if bool(self.checks) == bool(self.predicate) or len(set(keys)) != len(keys):
            raise ValueError(f"{self.id} needs checks with keys of their own, or a predicate")
        if len({check.whose for check in self.checks}) > 1:
            raise ValueError(f"the checks of {self.id} compare different reports")
        if len(self.whose) > 1:
            raise ValueError(f"{self.id} compares a report with two kinds of others")

    @property
    def whose(self) -> frozenset[Whose]:
        """With which other reports it compares a report; where there are none it is not evaluated, as a whole."""
        if self.predicate:
            return frozenset({self.predicate.whose}) - {Whose.OWN}
        return self.checks[0].whose

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it compares, in the order in which it names them."""
        terms = (term.form for check in self.checks for term in check.terms)
        return tuple(dict.fromkeys(self.predicate.forms if self.predicate else terms))
