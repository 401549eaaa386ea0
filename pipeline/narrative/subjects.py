"""Which line a piece of a sentence names: the report's own names first, then the names that subjects bear or bore.

A name counts only where nothing before it makes it something else: 项目支出 in 信息化建设项目支出 is not the unit's
project expenditure. What is not resolved has the line "", and its label says what was printed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.lines import names_of_topic
from pipeline.narrative.folding import fold
from pipeline.reference import codes_of_names, subjects
from pipeline.wording import bare, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Fact, ReportHead
    from pipeline.narrative.lines import Names
    from pipeline.narrative.topics import Topic


Tables = dict[str, dict[str, str]]
"""Names by code, by table."""


class Subject(NamedTuple):
    """A line of a topic and its printed name; the line is "" where the name was not resolved."""

    line: str
    label: str


class Piece(NamedTuple):
    """What a piece of a sentence names: nothing (no subjects), or one or more lines, of another year if `prior`."""

    subjects: tuple[Subject, ...] = ()
    prior: bool = False
    year: int | None = None

    @property
    def known(self) -> bool:
        """True if it names lines, and each of them was resolved."""
        return bool(self.subjects) and all(subject.line for subject in self.subjects)


_SEGMENT = r"[^，。;:()\d]{2,40}(?:\([^()类款项\d]{1,8}\)[^，。;:()\d]{0,30})*"
_CLASS = r"(?P<class>[^，。;:、()%\d]{2,30})\(类级?\)(?:支出)?"
_GROUP = rf"(?P<group>{_SEGMENT})\(款级?\)(?:支出)?"
_ITEM = rf"(?P<item>{_SEGMENT})\(项级?\)(?:支出)?"
PATH = re.compile(rf"(?:{_CLASS})?[、,-]?(?:{_GROUP})?[、,-]?(?:{_ITEM})?")
_JOINTS = re.compile(r"[-/>\[\]、]|(?<=[类款项])\)|\((?=[类款项])")
_MARKED = re.compile(r"\([类款项]级?\)")
_CODED = re.compile(r"(?<![\d.])(\d{7}|\d{5}|\d{3})(?![\d.])")
_ORDINAL = r"(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\(\d{1,2}\)|\d{1,2}[.、)]|[一二三四五六七八九十]是|[①-⑳])"
_ANY_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年度?|上年度?|上一年度?|去年度?")
_ENUMERATED = re.compile(r"^[^，。;:]*、[^、，。;:]{1,14}等(?=$)")
"""基本工资、津贴补贴等人员经费: what is named is what the items are."""
_YEAR_LAST = re.compile(rf"(?<=.)(?:{_ANY_YEAR.pattern})$")
_SELF = (
    r"本(?:单位|部门|局|级|年度|年|期|机关|系统)|我(?:单位|部门|局|委|办|厅|院|校|所|站|馆|队|会|处|室|部|园|中心|区|市|县|镇|街道)"
    r"|全年|年度|当年|各项|全部|及所属(?:预算)?单位|单位|部门|机关本级|本级"
)
_WORDS = (
    r"共计?|合计|总计|累计|实际|实现|完成|发生|安排|使用|开支|列支|由|用|的|其中|是|为|达到?|约|从|来看|看|中|在|上述|及"
    r"|按(?:支出)?(?:功能|经济|性质)(?:和经济)?(?:分类)?(?:科目)?(?:支出)?|支出(?:功能|经济)分类|划分|分类?|具体|主要|方面|以下|如下|总体|年末|期末"
    r"|保障[^，。;:]{0,30}正常运转|人民币|含|包含|截至|\d{1,2}月\d{1,2}日|同口径|[:、，;,.\-()]|和|与|以及|于|有|收支|预算|决算|情况"
)
_TAIL = re.compile(
    r"(?:支出|收入|决算|费用|金额|数额|总额|资金|情况|方面|共计|合计|总计|累计|实际|预计|人民币|全年|当年|本年|完成|发生|共|约|达到?|为|是|的|有|数|额|:|了|到|均|各)$"
)
_AFTER = re.compile(r"\([^()]*\)$")
_APPROPRIATED = frozenset({"told_totals", "told_income", "told_expenditure"})
"""Topics of all the unit's money, where 财政拨款 before a name makes it another number."""


def paths_in(text: str) -> list[tuple[int, int]]:
    """Where X（类）Y（款）Z（项） stand in a text: their words are names, whatever else they mean."""
    found: list[tuple[int, int]] = []
    for mark in _MARKED.finditer(text):
        if not found or mark.start() >= found[-1][1]:
            before = max(text.rfind(stop, 0, mark.start()) for stop in "，。;:")
            start = max(before + 1, found[-1][1] if found else 0)
            found += [path.span() for path in PATH.finditer(text, start, mark.end() + 80) if any(path.groups())][:1]
    return found


class Subjects:
    """The vocabulary of one topic in one document."""

    def __init__(self, topic: Topic, head: ReportHead, tables: Tables) -> None:
        """Names as the tables of this document print them, and of the classifications where it has none."""
        self._topic = topic
        self._year = head.fiscal_year
        self._printed = tables.get(topic.form) or tables.get("economic" if topic.key == "told_basic" else "functional", {})
        self._names: Names = {**self._own_names(), **names_of_topic(topic.key)}
        self._read: dict[tuple[str, str, bool], Piece] = {}
        appropriated = "" if topic.key in _APPROPRIATED else "|财政拨款安排|财政拨款|一般公共预算财政拨款"
        projects = "|该?项目|绩效|自评|综合|资金" if topic.key == "told_performance" else ""
        self._filler = re.compile(rf"(?:{_ORDINAL}|{_units(head)}{_SELF}|{_WORDS}{appropriated}{projects})*")

    def read(self, piece: str, above: str = "", *, opening: bool = False) -> Piece:
        """What a piece of folded text names.

        `above` is the code of the class or group that the section is about; at the `opening` of a paragraph any name
        of the unit may stand before the year.
        """
        if not piece:
            return Piece()
        key = piece, above, opening
        if key not in self._read:
            self._read[key] = self._piece(piece, above, opening=opening)
        return self._read[key]

    def _piece(self, piece: str, above: str, *, opening: bool) -> Piece:
        found = self._coded(piece) or (self._path(piece, above) if _MARKED.search(piece) else None)
        if found:
            return found
        text, dated = piece, Piece()
        if late := _YEAR_LAST.search(piece):  # 一般公共预算财政拨款支出2024年决算数
            text, dated = piece[: late.start()], self._dated(late)
        while text:
            said = self._several(text, opening=opening) or self._one(text, opening=opening)
            if said:
                return said._replace(prior=dated.prior, year=dated.year) if late else said
            shorter = _AFTER.sub("", text) if text.endswith(")") else _TAIL.sub("", text)
            if shorter == text:
                break
            text = shorter
        said_nothing, prior, year = self._lead(piece, opening=opening and _ANY_YEAR.search(piece) is not None)
        if not text or said_nothing:
            return Piece((), prior, year)
        said_nothing, prior, year = self._lead(text, opening=opening and _ANY_YEAR.search(text) is not None)
        if said_nothing:
            return Piece((), prior or dated.prior, year or dated.year)
        if (code := self._chain(piece) if self._printed and len(piece) > 9 else "") or (above and (code := self._find(bare(piece), above))):
            return Piece((Subject(code, piece),))
        return Piece((Subject("", piece),))

    def _dated(self, found: re.Match[str]) -> Piece:
        """The year that a piece names, and whether it is another than that of the report."""
        year = int(found["year"]) if found["year"] else None
        return Piece((), not year or (self._year is not None and year != self._year), year)

    def named(self, name: str) -> str:
        """The line that bears just this name, "" for none."""
        name = bare(name)
        for spelled in (name, name.removesuffix("支出"), f"{name}支出"):
            if spelled in self._names:
                return self._names[spelled]
        found = {self._names[known] for known in near(name, self._names, shortest=4)}
        return found.pop() if len(found) == 1 else ""

    def _own_names(self) -> Names:
        """Subjects by their names below the classes, where a name stands for one code only."""
        if self._topic.key == "told_basic":
            return _economic(self._printed)
        codes: dict[str, set[str]] = {}
        for code, name in self._printed.items():
            if len(code) > 3 and len(name) > 3:
                codes.setdefault(name, set()).add(code)
        return {name: min(found) for name, found in codes.items() if len(found) == 1}

    def _one(self, text: str, *, opening: bool) -> Piece | None:
        """The longest known name at the end of a text, before which nothing but filler stands."""
        for start in range(max(0, len(text) - 45), len(text)):
            line = self._names.get(text[start:])
            if line is None:
                continue
            allowed, prior, year = self._lead(text[:start], opening=opening)
            if allowed:
                return Piece((Subject(line, text[start:]),), prior, year)
        return None

    def _several(self, text: str, *, opening: bool) -> Piece | None:
        """基本支出和项目支出, 收入总计、支出总计: all of them, if each is known."""
        parts = [part for part in re.split(r"[、和及与]", text) if part]
        if len(parts) < 2 or text in self._names:
            return None
        first = self._one(parts[0], opening=opening)
        if not first or not first.subjects[0].line or self._one(text, opening=opening) and len(parts) > 6:
            return None
        rest = [self._names.get(part) for part in parts[1:]]
        if not all(rest):
            return None
        others = (Subject(line or "", part) for line, part in zip(rest, parts[1:], strict=True))
        return Piece((first.subjects[0], *others), first.prior, first.year)

    def _lead(self, text: str, *, opening: bool) -> tuple[bool, bool, int | None]:
        """Whether what stands before a name leaves it what it is, and the other year that it names, if any."""
        year, prior = None, False
        text = _ENUMERATED.sub("", text)
        if years := list(_ANY_YEAR.finditer(text)):
            last = years[-1]
            _, prior, year = self._dated(last)
            before, text = text[: years[0].start()], text[last.end() :]
            if not (opening or self._filler.fullmatch(before)):
                return False, prior, year
        return self._filler.fullmatch(text) is not None, prior, year

    def _coded(self, piece: str) -> Piece | None:
        if self._topic.form == "" or not (found := _CODED.findall(piece)):
            return None
        code = max(found, key=len)
        known = subjects("economic" if self._topic.key == "told_basic" else "functional")
        return Piece((Subject(code, piece),)) if code in known or code in self._printed else None

    def _path(self, piece: str, above: str) -> Piece | None:
        """X（类）Y（款）Z（项）, or what of it is printed."""
        found = next((found for found in PATH.finditer(piece) if found.group()), None)
        if not found or not any(found.groups()):
            return None
        rest, prior, year = self._lead(_TAIL.sub("", piece[found.end() :].strip("。支出:的为数额决算")), opening=False)
        if not rest:
            return None
        code = self._class_at_the_end(found["class"]) if found["class"] else ""
        top = code or above
        for key, length in (("group", 5), ("item", 7)):
            if found[key]:
                name = self._less_lead(found[key]) if not code else found[key]
                code = self._find(bare(name), top, length)
                top = code or (top if key == "group" else "")
        return Piece((Subject(code, found.group()),), prior, year)

    def _less_lead(self, name: str) -> str:
        while (found := re.match(rf"{_ORDINAL}|其中:?", name)) and found.end() < len(name):
            name = name[found.end() :]
        return name

    def _class_at_the_end(self, text: str) -> str:
        for start in range(len(text)):
            if line := self._names.get(f"{text[start:].removesuffix('支出')}(类)"):
                return line
        return ""

    def _find(self, name: str, above: str, length: int = 0) -> str:
        """The code below `above` that bears a name, "" if none or several do."""
        own = {code: label for code, label in self._printed.items() if code.startswith(above) and _fits(code, length)}
        spellings = {name, name.removesuffix("支出"), f"{name}支出"}
        exact = [code for code, label in own.items() if label == name]
        loose = exact or [code for code, label in own.items() if label in spellings]
        if loose:
            return _single(loose)
        known = codes_of_names("functional")
        listed = [code for code in known.get(name, ()) if code.startswith(above) and _fits(code, length)]
        listed = [code for code in listed if code in own] or listed
        if listed:
            return _single(listed)
        close = set(near(name, own.values(), shortest=4)) or {
            label for label in own.values() if len(label) > 5 and (name.endswith(label) or name.startswith(label))
        }
        return _single([code for code, label in own.items() if label in close]) if above else ""

    def _chain(self, piece: str) -> str:
        """Names of all levels one behind the other: 一般公共服务支出财政事务行政运行."""
        text = _JOINTS.sub("", _TAIL.sub("", piece))
        for code, name in self._printed.items():
            if len(code) != 7 or not text.endswith((name, f"{name}项")):
                continue
            group, whole = self._printed.get(code[:5], ""), self._printed.get(code[:3], "")
            rest = text.removesuffix("项").removesuffix(name).removesuffix("款")
            if group and rest.endswith(group):
                front = rest.removesuffix(group).removesuffix("类")
                if len(front) < 3 or front.endswith(whole):
                    return code
        return ""


def _fits(code: str, length: int) -> bool:
    return len(code) == length if length else len(code) in {5, 7}


def _single(codes: Iterable[str]) -> str:
    found = set(codes)
    return found.pop() if len(found) == 1 else ""


def tables_of(facts: Sequence[Fact]) -> Tables:
    """Names by code in each table, and in all tables of a classification ("functional", "economic")."""
    found: dict[str, dict[str, str]] = {}
    for form, line, label in dict.fromkeys((fact.form, fact.line, fact.label) for fact in facts):
        if line.isdecimal():
            name = bare(label)
            kind = "economic" if form == "basic_expenditure" else "functional"
            found.setdefault(form, {}).setdefault(line, name)
            found.setdefault(kind, {}).setdefault(line, name)
    return found


def _economic(printed: dict[str, str]) -> Names:
    """Items by name: as the report's table has them, else of the classification, less what is no basic expenditure."""
    own: dict[str, set[str]] = {}
    for code, name in printed.items():
        own.setdefault(name, set()).add(code)
    found: Names = {}
    for name, codes in _departmental().items():
        ordinary = [code for code in codes if not code.startswith(("309", "311"))]
        today = [code for code in ordinary if bare(subjects("economic")[code].name) == name]
        code = _single(codes & printed.keys()) or _single(ordinary) or _single(today)
        if code:
            found[name] = code
    return found | {name: min(codes) for name, codes in own.items() if len(codes) == 1}


@cache
def _departmental() -> dict[str, frozenset[str]]:
    """Codes of the departments' economic classification by name."""
    named = ((name, frozenset(code for code in codes if code < "500")) for name, codes in codes_of_names("economic").items())
    return {name: codes for name, codes in named if codes}


@cache
def _tails_of(name: str) -> tuple[str, ...]:
    return tuple(name[start:] for start in range(len(name) - 2))


def _units(head: ReportHead) -> str:
    """The unit's name as filler, and what is left of it without its place: 普陀区财政局, 财政局."""
    name = fold(head.unit).text
    tails = _tails_of(name) if len(name) > 2 else ()
    return "".join(f"{re.escape(tail)}(?:\\(本级\\))?|" for tail in tails)
