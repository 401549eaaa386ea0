"""Subject codes by what sentences call them: the report's own names first, then those that codes bear or bore."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pipeline.reference import codes_of_names, subjects
from pipeline.wording import bare, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Fact

Tables = dict[str, dict[str, str]]
"""Names by code, by table."""

ORDINAL = r"(?:\(?[一二三四五六七八九十]{1,3}[)、.]|\(\d{1,2}\)|\d{1,2}[.、)]|[一二三四五六七八九十]是|[①-⑳])"

_SEGMENT = r"[^，。;:()\d]{2,40}(?:\([^()类款项\d]{1,8}\)[^，。;:()\d]{0,30})*"
_CLASS = r"(?P<class>[^，。;:、()%\d]{2,30})\(类级?\)(?:支出)?"
_GROUP = rf"(?P<group>{_SEGMENT})\(款级?\)(?:支出)?"
_ITEM = rf"(?P<item>{_SEGMENT})\(项级?\)(?:支出)?"
PATH = re.compile(rf"(?:{_CLASS})?[、,-]?(?:{_GROUP})?[、,-]?(?:{_ITEM})?")
MARKED = re.compile(r"\([类款项]级?\)")
_CODED = re.compile(r"(?<![\d.])(\d{7}|\d{5}|\d{3})(?![\d.])")
_JOINTS = re.compile(r"[-/>\[\]、]|(?<=[类款项])\)|\((?=[类款项])")
_LEADING = re.compile(rf"{ORDINAL}|其中:?")
_NO_BASIC_EXPENDITURE = ("309", "311")


def paths_in(text: str) -> list[tuple[int, int]]:
    """Where X（类）Y（款）Z（项） stand in a folded text."""
    found: list[tuple[int, int]] = []
    for mark in MARKED.finditer(text):
        if not found or mark.start() >= found[-1][1]:
            before = max(text.rfind(stop, 0, mark.start()) for stop in "，。;:")
            start = max(before + 1, found[-1][1] if found else 0)
            found += [path.span() for path in PATH.finditer(text, start, mark.end() + 80) if any(path.groups())][:1]
    return found


def tables_of(facts: Sequence[Fact]) -> Tables:
    """Names by code in each table, and in all tables of a classification ("functional", "economic")."""
    found: Tables = {}
    for form, line, label in dict.fromkeys((fact.form, fact.line, fact.label) for fact in facts):
        if line.isdecimal():
            name = bare(label)
            kind = "economic" if form == "basic_expenditure" else "functional"
            found.setdefault(form, {}).setdefault(line, name)
            found.setdefault(kind, {}).setdefault(line, name)
    return found


class Codes:
    """The codes of one table, or where the document has none, of its classification."""

    def __init__(self, printed: Mapping[str, str], *, economic: bool) -> None:
        """`printed` are the names that the document's table gives its codes."""
        self._printed = printed
        self.economic = economic

    def names(self) -> dict[str, str]:
        """Codes by the names that stand for one code only: of a functional table those below the classes."""
        own: dict[str, set[str]] = {}
        for code, name in self._printed.items():
            if self.economic or (len(code) > 3 and len(name) > 3):
                own.setdefault(name, set()).add(code)
        listed = _economic_names(frozenset(self._printed)) if self.economic else {}
        return listed | {name: min(codes) for name, codes in own.items() if len(codes) == 1}

    def printed_in(self, piece: str) -> str:
        """The most detailed code that is printed in a piece of text, "" if none is or it is not known."""
        found = max(_CODED.findall(piece), key=len, default="")
        known = subjects("economic" if self.economic else "functional")
        return found if found in known or found in self._printed else ""

    def of_path(self, path: re.Match[str], whole: str, above: str) -> str:
        """The code of X（类）Y（款）Z（项）, or of what of it is printed. `whole` is the code of its class."""
        code, top = whole, whole or above
        for key, length in (("group", 5), ("item", 7)):
            if path[key]:
                code = self.find(bare(path[key] if code else _less_lead(path[key])), top, length)
                top = code or (top if key == "group" else "")
        return code

    def find(self, name: str, above: str, length: int = 0) -> str:
        """The code below `above` that bears a name, "" if none or several do."""
        own = {code: label for code, label in self._printed.items() if code.startswith(above) and _fits(code, length)}
        spellings = {name, name.removesuffix("支出"), f"{name}支出"}
        exact = [code for code, label in own.items() if label == name]
        if found := exact or [code for code, label in own.items() if label in spellings]:
            return single(found)
        known = codes_of_names("functional").get(name, ())
        listed = [code for code in known if code.startswith(above) and _fits(code, length)]
        if listed:
            return single([code for code in listed if code in own] or listed)
        close = set(near(name, own.values(), shortest=4)) or {
            label for label in own.values() if len(label) > 5 and (name.endswith(label) or name.startswith(label))
        }
        return single(code for code, label in own.items() if label in close) if above else ""

    def chained(self, text: str) -> str:
        """The code of names of all levels one behind the other: 一般公共服务支出财政事务行政运行."""
        text = _JOINTS.sub("", text)
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


def single(codes: Iterable[str]) -> str:
    """The only one of some codes, "" if there are more or none."""
    found = set(codes)
    return found.pop() if len(found) == 1 else ""


def _fits(code: str, length: int) -> bool:
    return len(code) == length if length else len(code) in {5, 7}


def _less_lead(name: str) -> str:
    while (found := _LEADING.match(name)) and found.end() < len(name):
        name = name[found.end() :]
    return name


def _economic_names(printed: frozenset[str]) -> dict[str, str]:
    """Items by name: those of the report's table, else of the classification, less what is no basic expenditure."""
    found: dict[str, str] = {}
    for name, codes in _departmental().items():
        ordinary = [code for code in codes if not code.startswith(_NO_BASIC_EXPENDITURE)]
        today = [code for code in ordinary if bare(subjects("economic")[code].name) == name]
        if code := single(codes & printed) or single(ordinary) or single(today):
            found[name] = code
    return found


@cache
def _departmental() -> dict[str, frozenset[str]]:
    """Codes of the departments' economic classification (301 to 399) by name."""
    named = codes_of_names("economic").items()
    found = ((name, frozenset(code for code in codes if code < "500")) for name, codes in named)
    return {name: codes for name, codes in found if codes}
