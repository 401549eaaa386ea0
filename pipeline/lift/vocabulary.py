"""The words of a form: which line a name is, which column a set of headings, and which headings are of keys.

Everything here is looked up in a declaration; where on a page the words stand is not known here.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.wording import bare, near, plain

if TYPE_CHECKING:
    from pipeline.forms import Column, Form, Line

Role = Literal["code", "name", "ordinal", "entity", "remark", "aside", "key", "money", "unknown", "empty"]

KEYS: frozenset[Role] = frozenset({"code", "name", "ordinal", "entity", "key"})

YEAR = re.compile(r"(?P<year>\d{4})年(?:度)?")
_UNIT = re.compile(r"\((?:百万|万|千|亿)?元\)$")
_ENTITY = re.compile(r"(预算|填报|编制|所属)?(单位|部门)(名称|编码|代码)?")
_CODE = re.compile(r".*(编码|代码)|类|款|项|类款项?|(支出)?(功能|经济)分类(科目)?|编号")
_NAME = re.compile(r".*(科目|项目)?名称|项目(\(.*\))?|.*科目(\(.*\))?|收入项目|支出项目|费用项目|内容")
_ORDINAL = re.compile(r"行次|序号|次序|行号")
_REMARK = re.compile(r"备注|说明|填写说明")
_BUDGET = re.compile(r"(?:年初|全年|调整后?|本年|当年|年度|批复)?(?:支出|收入)?预算(?:数|额|金额|安排|安排数|批复数)?")
# columns that compare: last year's figures, differences, shares. 上年结转 is none: it is this year's opening
_ASIDE = re.compile(
    r"(?:上年度?|上一年度?|去年)(?:同期)?(?:决算|执行|完成|实际|预算|支出|收入|金额|合计)*[数额]?"
    r"|(?:比|较|与)(?:上年|上一年|去年|年初|预算|决算).*|.*(?:增减|增长|增幅|差异|同比|[占比]比|比重|比例|百分比|[成行]率|%).*"
)


@cache
def names_of(form: Form) -> dict[str, tuple[Line, ...]]:
    """The lines of a form by every name that they bear."""
    found: dict[str, list[Line]] = {}
    for line in form.lines:
        names = dict.fromkeys([bare(line.title), *map(bare, line.names)])
        if line.memo or line.after:
            names |= dict.fromkeys(f"其中:{name}" for name in list(names) if not name.startswith("其中:"))
        for name in names:
            found.setdefault(name, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


@cache
def _words_of(form: Form) -> dict[str, str]:
    """Every heading that a form knows, with the spelling that its paths use."""
    words = {plain(word): plain(group[0]) for group in form.synonyms for word in group}
    for heading in (*form.neutral, *(word for column in form.columns for path in column.paths for word in path)):
        words.setdefault(plain(heading), plain(heading))
    return words


@cache
def _paths_of(form: Form) -> dict[frozenset[str], tuple[tuple[int, Column], ...]]:
    """Columns by the set of headings above them, each with the rank of that path."""
    found: dict[frozenset[str], list[tuple[int, Column]]] = {}
    for column in form.columns:
        for rank, path in enumerate(column.paths):
            found.setdefault(frozenset(map(plain, path)), []).append((rank, column))
    return {path: tuple(columns) for path, columns in found.items()}


@cache
def sides_of(form: Form) -> dict[str, str]:
    """Sides of a form by the headings that stand over them."""
    return {bare(word): side for side, words in form.sides for word in words}


@lru_cache(maxsize=10_000)
def heading_word(form: Form, text: str) -> str:
    """The spelling under which the form knows a heading, "" if it does not."""
    words = _words_of(form)
    text = plain(text)
    if _compares(text):
        return ""
    shorter = _UNIT.sub("", YEAR.sub("", bare(text), count=1)).removeprefix("本年度")
    for variant in (text, shorter, shorter.removeprefix("其中:")):
        if variant in words:
            return words[variant]
    meanings = {words[word] for word in near(shorter, words, shortest=4)}
    return meanings.pop() if len(meanings) == 1 else ""


@lru_cache(maxsize=10_000)
def match_column(form: Form, path: tuple[str, ...], side: str) -> tuple[int, Column] | None:
    """The column that stands under these headings, with the rank of the path that fits.

    The lowest heading must be known; higher ones that are not known only group, and so may neutral ones.
    """
    if any(stands_aside(form, text) for text in path):
        return None
    words = [heading_word(form, text) for text in path]
    sides = {word for word, text in zip(words, path, strict=True) if bare(text) in sides_of(form)}
    if not path or not words[-1]:
        return None
    known, lowest, grouping = set(filter(None, words)), {words[-1]}, sides | set(map(plain, form.neutral))
    if lowest <= grouping and any(
        not word and bare(text) not in sides_of(form) for word, text in zip(words, path, strict=True)
    ):
        return None  # 金额 under a heading that is not known is the amount of something else
    choices = [known, known - (grouping - lowest)]
    if not (lowest <= sides and _fitting(form, lowest, side)):  # 人员经费 may head a block, or a column of its own
        choices.append(known - grouping)
    for chosen in choices:
        if chosen and (candidates := _fitting(form, chosen, side)):
            return candidates[0]
    return None


def _fitting(form: Form, words: set[str], side: str) -> list[tuple[int, Column]]:
    found = _paths_of(form).get(frozenset(words), ())
    return [(rank, column) for rank, column in found if not (side and column.side and column.side != side)]


@lru_cache(maxsize=10_000)
def stands_aside(form: Form, text: str) -> bool:
    """True for the heading of columns that only compare: they hold nothing of this year's accounts.

    So do budgets, but in the forms that have a column for them.
    """
    without_year = bare(YEAR.sub("", plain(text)))
    return _compares(text) or (_BUDGET.fullmatch(without_year) is not None and not heading_word(form, text))


def _compares(text: str) -> bool:
    return _ASIDE.fullmatch(bare(YEAR.sub("", plain(text)))) is not None


@lru_cache(maxsize=10_000)
def key_role(text: str) -> Role | None:
    """What a heading says of a column that holds no money, None if it says nothing."""
    text = YEAR.sub("", plain(text))
    patterns: tuple[tuple[Role, re.Pattern[str]], ...] = (
        ("entity", _ENTITY), ("code", _CODE), ("name", _NAME), ("ordinal", _ORDINAL), ("remark", _REMARK),
    )  # fmt: skip
    return next((role for role, pattern in patterns if pattern.fullmatch(text)), None)
