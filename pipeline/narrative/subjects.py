"""Which line a piece of a sentence names.

A name counts only where nothing before it makes it something else: 项目支出 in 信息化建设项目支出 is not the unit's
project expenditure. What is not resolved has the line "", and its label says what was printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.narrative.codes import MARKED, ORDINAL, PATH, Codes
from pipeline.narrative.folding import fold
from pipeline.narrative.lines import FILLERS, OF_ALL_MONEY, names_of_topic
from pipeline.wording import bare, near

if TYPE_CHECKING:
    from pipeline.model import ReportHead
    from pipeline.narrative.codes import Tables
    from pipeline.narrative.lines import Names
    from pipeline.narrative.topics import Topic


class Subject(NamedTuple):
    """A line of a topic and its printed name; the line is "" where the name was not resolved."""

    line: str
    label: str


class Piece(NamedTuple):
    """What a piece of a sentence names: nothing (no subjects), or one or more lines, of another year if `prior`."""

    subjects: tuple[Subject, ...] = ()
    prior: bool = False

    @property
    def known(self) -> bool:
        """True if it names lines, and each of them was resolved."""
        return bool(self.subjects) and all(subject.line for subject in self.subjects)


_ANY_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年度?|上年度?|上一年度?|去年度?")
_YEAR_LAST = re.compile(rf"(?<=.)(?:{_ANY_YEAR.pattern})$")
_ENUMERATED = re.compile(r"^[^，。;:]*、[^、，。;:]{1,14}等$")
"""基本工资、津贴补贴等人员经费: what is named is what the items are."""
_SELF = (
    r"本(?:单位|部门|局|级|年度|年|期|机关|系统)"
    r"|我(?:单位|部门|局|委|办|厅|院|校|所|站|馆|队|会|处|室|部|园|中心|区|市|县|镇|街道)"
    r"|全年|年度|当年|各项|全部|及所属(?:预算)?单位|单位|部门|机关本级|本级"
)
_WORDS = (
    r"共计?|合计|总计|累计|实际|实现|完成|发生|安排|使用|开支|列支|由|用|的|其中|是|为|达到?|约|从|来看|看|中|在|上述|及"
    r"|按(?:支出)?(?:功能|经济|性质)(?:和经济)?(?:分类)?(?:科目)?(?:支出)?|支出(?:功能|经济)分类|划分|分类?|具体|主要|方面"
    r"|以下|如下|总体|年末|期末|保障[^，。;:]{0,30}正常运转|人民币|含|包含|截至|(?:19|20)\d\d年?|\d{1,2}月\d{1,2}日|同口径|[:、，;,.\-()]|和|与"
    r"|以及|而|但|同时|此外|另外|于|有|收支|预算|决算|情况"
)
_TAIL = re.compile(
    r"(?:支出|收入|决算|费用|金额|数额|总额|资金|情况|方面|共计|合计|总计|累计|实际|预计|人民币|全年|当年|本年|用途|发生|共|约"
    r"|达到?|为|是|的|有|数|额|:|了|到|均|各)$"
)
_LAST_BRACKET = re.compile(r"\([^()]*\)$")
_PATH_END = "。支出:的为数额决算"
_APPROPRIATED = "|财政拨款安排|财政拨款|一般公共预算财政拨款"
_LONGEST = 45  # characters of a name


class Subjects:
    """The vocabulary of one topic in one document."""

    def __init__(self, topic: Topic, head: ReportHead, tables: Tables) -> None:
        """Names as the tables of this document print them, and of the classifications where it has none."""
        economic = topic.key == "told_basic"
        printed = tables.get(topic.form) or tables.get("economic" if economic else "functional", {})
        self._codes = Codes(printed, economic=economic) if topic.form else None
        self._year = head.fiscal_year
        self._names: Names = {**(self._codes.names() if self._codes else {}), **names_of_topic(topic.key)}
        self._read: dict[tuple[str, str, bool], Piece] = {}
        fillers = FILLERS.get(topic.key, "" if topic.key in OF_ALL_MONEY else _APPROPRIATED)
        self._filler = re.compile(rf"(?:{ORDINAL}|{_units(head)}{_SELF}|{_WORDS}{fillers})*")

    def read(self, piece: str, above: str = "", *, opening: bool = False) -> Piece:
        """What a piece of folded text names.

        `above` is the code of the class or group that the section is about; at the `opening` of a paragraph any name
        of the unit may stand before the year.
        """
        key = piece, above, opening
        if key not in self._read:
            self._read[key] = self._piece(piece, above, opening=opening) if piece else Piece()
        return self._read[key]

    def names_another_year(self, word: str) -> bool:
        """Whether a word names another year than that of the report: 比上年预算数."""
        found = _ANY_YEAR.search(word)
        return found is not None and self._is_prior(found)

    def named(self, name: str) -> str:
        """The line that bears just this name, "" for none."""
        name = bare(name)
        for spelled in (name, name.removesuffix("支出"), f"{name}支出"):
            if spelled in self._names:
                return self._names[spelled]
        found = {self._names[known] for known in near(name, self._names, shortest=4)}
        return found.pop() if len(found) == 1 else ""

    def _piece(self, piece: str, above: str, *, opening: bool) -> Piece:
        if found := self._by_code(piece, above):
            return found
        text, late = piece, _YEAR_LAST.search(piece)
        if late:  # 一般公共预算财政拨款支出2024年决算数
            text = piece[: late.start()]
        while text:
            if said := self._one(text, opening=opening) or self._several(text, opening=opening):
                return said._replace(prior=self._is_prior(late)) if late else said
            shorter = _LAST_BRACKET.sub("", text) if text.endswith(")") else _TAIL.sub("", text)
            if shorter == text:
                break
            text = shorter
        for said_nothing in (piece, text):
            allowed, prior = self._lead(said_nothing, opening=opening and _ANY_YEAR.search(said_nothing) is not None)
            if allowed:
                return Piece((), prior or (late is not None and self._is_prior(late)))
        return Piece((Subject(self._by_names(piece, above), piece),))

    def _is_prior(self, year: re.Match[str]) -> bool:
        """Whether a year is another than that of the report."""
        return not year["year"] or (self._year is not None and int(year["year"]) != self._year)

    def _one(self, text: str, *, opening: bool) -> Piece | None:
        """The longest known name at the end of a text, before which nothing but filler stands."""
        for start in range(max(0, len(text) - _LONGEST), len(text)):
            if line := self._names.get(text[start:]):
                allowed, prior = self._lead(text[:start], opening=opening)
                if allowed:
                    return Piece((Subject(line, text[start:]),), prior)
        return None

    def _several(self, text: str, *, opening: bool) -> Piece | None:
        """基本支出和项目支出, 收入总计、支出总计: all of them, if each is known."""
        parts = [part for part in re.split(r"[、和及与]", text) if part]
        if len(parts) < 2 or text in self._names:
            return None
        first = self._one(parts[0], opening=opening)
        rest = [Subject(self._names.get(part, ""), part) for part in parts[1:]]
        if first is None or not all(subject.line for subject in rest):
            return None
        return Piece((*first.subjects, *rest), first.prior)

    def _lead(self, text: str, *, opening: bool) -> tuple[bool, bool]:
        """Whether what stands before a name leaves it what it is, and whether it names another year."""
        prior = False
        text = _ENUMERATED.sub("", text)
        if years := list(_ANY_YEAR.finditer(text)):
            prior = self._is_prior(years[-1])
            before, text = text[: years[0].start()], text[years[-1].end() :]
            if not (opening or self._filler.fullmatch(before)):
                return False, prior
        return self._filler.fullmatch(text) is not None, prior

    def _by_code(self, piece: str, above: str) -> Piece | None:
        """A printed code, or X（类）Y（款）Z（项）."""
        if self._codes is None:
            return None
        if code := self._codes.printed_in(piece):
            return Piece((Subject(code, piece),))
        path = (
            next((found for found in PATH.finditer(piece) if any(found.groups())), None)
            if MARKED.search(piece)
            else None
        )
        if path is None:
            return None
        rest, prior = self._lead(_TAIL.sub("", piece[path.end() :].strip(_PATH_END)), opening=False)
        if not rest:
            return None
        if self._codes.economic:
            return Piece((Subject(self.named(path["item"] or path["group"] or path["class"]), path.group()),), prior)
        whole = self._class_at_the_end(path["class"]) if path["class"] else ""
        return Piece((Subject(self._codes.of_path(path, whole, above), path.group()),), prior)

    def _class_at_the_end(self, text: str) -> str:
        marked = (f"{text[start:].removesuffix('支出')}(类)" for start in range(len(text)))
        return next((self._names[name] for name in marked if name in self._names), "")

    def _by_names(self, piece: str, above: str) -> str:
        """The code that a piece spells out without marks, "" for none."""
        if self._codes is None:
            return ""
        chained = self._codes.chained(_TAIL.sub("", piece)) if len(piece) > 9 else ""
        return chained or (self._codes.find(bare(piece), above) if above else "")


def _units(head: ReportHead) -> str:
    """The unit's name as filler, and what is left of it without its place: 普陀区财政局, 财政局."""
    name = fold(head.unit).text
    return "".join(f"{re.escape(name[start:])}(?:\\(本级\\))?|" for start in range(max(0, len(name) - 2)))
