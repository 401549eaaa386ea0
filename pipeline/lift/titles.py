"""Lines above a table as titles: which form's title a line is, whoever's name, year and number stand around it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.forms import FORMS
from pipeline.lift.grid import is_note
from pipeline.wording import bare, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.forms import Form

CAPTION_LINES = 8  # title, id and unit lines; further up is prose
_TITLE_LINES = 3  # over which a long title is broken
_CONTENTS = 3  # titles that make a list of contents

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_LABELS = re.compile(
    r"(?:金额)?单位(?:名称)?:.*|(?:编制|编报|填报|公开|预算)(?:单位|部门)(?:名称)?:.*|部门(?:名称)?:.*|单位:?(?:万元|元)$"
)
_TABLE_ID = (
    r"(?:(?:公开|附|财决|批复|部门决算)?(?:表\d{1,2}(?:-\d{1,2})?|\d{1,2}(?:-\d{1,2})?表|附表)"
    r"|附件\d*|[A-Z]{1,2}\d{2}(?:-\d)?表?)"
)
_LEADING = re.compile(rf"^(?:{_TABLE_ID}|(?:附|公开)?表(?:十[一二三]?|[一二三四五六七八九])(?=[:、.]|\D))[:、.]?")
_TRAILING = re.compile(
    r"(?<=表)(?:公开|附|财决|批复|预算)?(?:\d{1,2}(?:-\d{1,2})?表|表[\d一二三四五六七八九十]{1,2}|[A-Z]\d{2}表?)$"
    r"|(?<=表)续表?$"
)
_SAYS_OF_TABLE = re.compile(r"[本此该空]表")
_YEAR = re.compile(r"^.*?(?:\d{4}|[〇○零一二三四五六七八九]{4})年度?")
_FILLERS = re.compile(r"预?决算|部门|单位|本年|本级|汇总|公开|总体|情况|总")
_PUBLIC = re.compile(r"(?:一般)?公共(?:财政)?预算")  # as it was called until 2015, in between, and since
_FUNDS = re.compile(r"公共预算|财政预算|基金预算|经营预算|保险预算|预决算|预算绩效|预算单位")
# or none that is an organisation's, but long enough for one and without a word of accounting
_FINANCE = re.compile(
    r"支出|收入|拨款|资金|基金|经费|预算|决算|项目|采购|资产|绩效|专户|债|改革|科目|明细|分类|税|保险|财政(?![局所厅部])"
    r"|基本|人员|公用|其[他它]|比较|分析|费|情况|本表"
)
_ORGANISATION = 4
# before a title may stand an ordinal, or the name of who reports: an organisation, by its last character
_BEFORE = re.compile(
    r".*[局委办厅部院校学会队所站馆室处团社署司台园场库府镇乡县区市省州盟旗心大协联科组道村店]|.*[一二三四五六七八九十\d][、.:]"
)


@lru_cache(maxsize=10_000)
def title_stem(text: str) -> str:
    """A line as a title, less everything in which titles of one table differ.

    Table ids, ordinals, the year and all before it, unit labels, brackets and quotes, and the words that places add or
    leave out (决算, 总, 部门, 情况); 收支 is written out; the general budget has one name.
    """
    text = _LABELS.sub("", _BRACKETS.sub("", plain(text)))
    text = _TRAILING.sub("", bare(_LEADING.sub("", bare(text))))
    text = _PUBLIC.sub("一般公共预算", _YEAR.sub("", text, count=1).replace("收支", "收入支出"))
    return _FILLERS.sub("", text)


def is_budget_title(text: str) -> bool:
    """True if a title speaks of a budget and not of final accounts; the names of the three budgets do not count."""
    text = _FUNDS.sub("", plain(text))
    return "预算" in text and "决算" not in text


class Title(NamedTuple):
    """A line that is the title of a form: how much of it, and whether other tables bear the same."""

    form: Form
    printed: str
    length: int
    weak: bool


def _may_stand_before(text: str) -> bool:
    return _BEFORE.fullmatch(text) is not None or (len(text) >= _ORGANISATION and not _FINANCE.search(text))


@lru_cache(maxsize=10_000)
def titled(text: str) -> Title | None:
    """The form whose title a line is; the longest of its titles fits best."""
    stem = title_stem(text)
    if not stem.endswith("表") or is_budget_title(text):
        return None
    best: Title | None = None
    printed = " ".join(text.split())
    for form in FORMS.values():
        for title in (*form.titles, *form.weak_titles):
            before = stem.removesuffix(title)
            if before == stem or (before and not _may_stand_before(before)):
                continue
            if best is None or len(title) > best.length:
                best = Title(form, printed, len(title), title in form.weak_titles)
        if best is None and form.title_word and form.title_word in stem:
            best = Title(form, printed, len(form.title_word), weak=True)
    return best


def find_title(lines: Sequence[str]) -> Title | None:
    """The title in the lines above a table; it may be broken over lines.

    Of several titles the longest wins (支出决算表 is the end of five others), then the one nearest to the table.
    """
    best: Title | None = None
    lines = lines[-CAPTION_LINES:]
    for start in range(len(lines)):
        for stop in range(start + 1, min(len(lines), start + _TITLE_LINES) + 1):
            found = titled("".join(lines[start:stop]))
            if found is None or (best is not None and found.length < best.length):
                continue
            if best is None or found.length > best.length or found.form is not best.form or stop == start + 1:
                best = found
    return best


def below_contents(lines: Sequence[str]) -> Sequence[str]:
    """The lines less a list of contents and all above it: titles of three forms, one right below the other.

    Where a document has no pages, such a list may stand not far above a table.
    """
    start = 0
    listed: list[str] = []
    for index, line in enumerate(lines):
        found = titled(line)
        if found is not None and found.form.key not in listed:
            listed.append(found.form.key)
            continue
        start = index if len(listed) >= _CONTENTS else start
        listed = [found.form.key] if found else []
    return lines[start:]


def is_title(text: str) -> bool:
    """True for a line that is the title of some table, ours or not: it says more than that it is a table."""
    stem = title_stem(text)
    return len(stem) > 3 and stem.endswith("表") and not is_note(text) and not _SAYS_OF_TABLE.search(stem)
