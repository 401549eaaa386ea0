"""Subject codes as tables print them: whole, in parts over 类 | 款 | 项, short, or glued to the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.reference import codes_of_names
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = re.compile(r"\d{1,2}|\d{3}|\d{5}|\d{7}")
_GLUED = re.compile(r"\[?(?P<code>\d{7}|\d{5}|\d{3})\]?[-_:.、]?(?P<name>[\u4e00-\u9fff(].*)")
_WHOLE = (3, 5, 7)
_CLASSES = {"functional": "2", "economic": "35"}
"""First digits of expenditure codes: rows by function under the title of a table by nature are another table."""


def is_code(text: str) -> bool:
    """True for a cell that prints a whole code, alone or before its name."""
    text = plain(text)
    return (len(text) in _WHOLE and text.isdecimal()) or _GLUED.fullmatch(text) is not None


def is_digits(text: str) -> bool:
    """True for a cell that prints a code or a part of one and nothing else."""
    return _DIGITS.fullmatch(plain(text)) is not None


def split_glued(text: str) -> tuple[str, str]:
    """Code and name of a cell such as `2080505-养老保险`; ("", text) if it holds no code before a name."""
    found = _GLUED.fullmatch(plain(text))
    return (found["code"], found["name"]) if found else ("", text)


@dataclass(slots=True)
class CodeTrail:
    """The code last read in a column of rows, from which a row that prints only its own level takes the levels above.

    That is how tables are filled: a subject follows the subject that it belongs to.
    """

    classification: str
    last: str = ""
    whole: dict[int, int] = field(default_factory=dict)
    """The most digits that a code printed whole has in each column: 类 | 款 | 项, or 类款 | 项."""

    def read(self, parts: Sequence[str], name: str) -> str:
        """The whole code of a row, "" if it has none or if it cannot be known.

        `parts` are the row's code cells from left to right, empty ones included, one for each column in use.
        """
        parts = self._own([plain(part) for part in parts])
        for index, part in enumerate(parts):
            if len(part) in _WHOLE and part.isdecimal():
                self.whole[index] = max(len(part), self.whole.get(index, 0))
        code = self._joined(parts, name)
        if code and code[0] not in _CLASSES[self.classification]:
            return ""
        if code:
            self.last = code
        return code

    def find(self, name: str) -> str:
        """The code of a row that prints only its name: the one subject of that name within the subject last read.

        Names repeat under every parent (行政运行, 其他支出), so a name is a key only among the children of a parent
        that is known from the rows above; "" where that does not leave exactly one.
        """
        codes = codes_of_names(self.classification).get(bare(name), frozenset())
        if self.classification == "economic":  # units book by 3xx; governments' 5xx bears the same names
            codes = frozenset(code for code in codes if code[0] == (self.last or "3")[0])
        parents = self.last, self.last[:5], self.last[:3]
        within = [{code for code in codes if code[:-2] == parent} for parent in parents]
        classes = {code for code in codes if len(code) == 3}  # which need no parent
        children = next(filter(None, [*within, classes, codes]), frozenset())
        if len(children) != 1:
            return ""
        (self.last,) = children
        return self.last

    def _own(self, parts: list[str]) -> list[str]:
        """The parts of a unit's own code: some tables print the code of the government's classification (5xx) beside.

        Both are whole codes, of different first digits.
        """
        whole = {part[0] for part in parts if len(part) in _WHOLE}
        if self.classification != "economic" or not whole >= {"3", "5"}:
            return parts
        return [part if part.startswith("3") else "" for part in parts]

    def _joined(self, parts: list[str], name: str) -> str:
        filled = [index for index, part in enumerate(parts) if part]
        if not filled:
            return ""
        level, part = filled[-1], parts[filled[-1]]
        if not part.isdecimal():
            return ""
        if len(part) in _WHOLE:
            return part
        if len(part) > 2:
            return ""
        part = part.zfill(2)  # spreadsheets drop the leading zero
        if len(parts) == 1:
            return self._within_trail(part, name)
        digits = self._digits_before(level)
        above = self._joined(parts[:level], "") if level in filled[1:] else self.last[:digits]
        if len(above) != digits and self.last.startswith(above):
            above = self.last[:digits]
        return above + part if digits and len(above) == digits else ""

    def _digits_before(self, level: int) -> int:
        """How many digits the codes have to which a part in this column belongs; 0 where none was printed whole."""
        before = level - 1
        if before < 0 or before in self.whole:
            return self.whole.get(before, 0)
        above = self._digits_before(before)
        return above + 2 if above else 0

    def _within_trail(self, part: str, name: str) -> str:
        """A short code in a single column may be 款 or 项: known only where its name, or the row above, tells."""
        possible = [self.last[:length] + part for length in (3, 5) if len(self.last) >= length]
        if len(possible) == 1:
            return possible[0]
        named = codes_of_names(self.classification).get(bare(name), frozenset())
        fitting = [code for code in possible if code in named]
        return fitting[0] if len(fitting) == 1 else ""
