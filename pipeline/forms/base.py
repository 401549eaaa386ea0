"""What the declaration of a statutory table consists of. Values only: the engine that reads them stands elsewhere.

Wordings are written as `pipeline.wording.plain` gives them (half-width brackets, no quotes, no white space), names of
lines also without ordinal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Codes = Literal["", "functional", "economic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with a name of its own.

    `side` is the side of a two-sided table on which it stands. `after` is the key of the line that must have been
    read before on that side: three budgets are named twice in one column, as income and as opening carry-over, and
    only the order tells them apart. `memo` marks what is contained in another line (其中…) and never summed.
    `total_of` names the side of which a bare 合计 is this line.
    """

    key: str
    title: str
    names: tuple[str, ...] = ()
    side: str = ""
    after: str = ""
    memo: bool = False
    total_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A money column, known by the headings above it.

    Each of `paths` is a set of headings that may stand over the column in any order from top to bottom: places
    print 预算数 over 合计 and 合计 over 预算数. Earlier paths are preferred where two columns fit. `line` is given
    where the heading says the line as well (a table of one row); `measure` is empty where the row says it.
    `memo` marks what no identity sums.
    """

    measure: str
    title: str
    paths: tuple[tuple[str, ...], ...]
    line: str = ""
    side: str = ""
    memo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """One statutory table.

    `titles` are stems (see `pipeline.lift.titles.title_stem`); `weak_titles` belong to other tables as well, and count
    only where no table of the document bears one of `titles`, and so does every title with the `title_word`; `synonyms`
    put spellings of headings under the first of each group; `neutral` headings group others and say nothing by
    themselves; `sides` names the sides of a two-sided table with the headings over them. `marks`: for a table without a
    title, one of them must stand in its headings; `title_needed` where the headings are shared with another form.
    `required` measures must be found. `codes` says which classification the rows' codes belong to. `since` is the first
    fiscal year in which the form exists. `beside` are rows printed in the table that are no money (counts of visits and
    vehicles). `row_measures`: under columns whose heading says the line but not the measure, the name of the row says
    the measure.
    """

    key: str
    short: str
    title: str
    titles: tuple[str, ...]
    weak_titles: tuple[str, ...] = ()
    title_word: str = ""
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    required: tuple[str, ...]
    codes: Codes = ""
    sides: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sides_by_position: bool = False
    synonyms: tuple[tuple[str, ...], ...] = ()
    neutral: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    title_needed: bool = False
    since: int = 0
    beside: tuple[str, ...] = ()
    row_measures: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def measures(self) -> dict[str, str]:
        """Titles of the measures by key, each once."""
        return {column.measure: column.title for column in self.columns if column.measure}
