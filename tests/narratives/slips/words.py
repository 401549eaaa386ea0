"""Slips in the wording of a report, put into its paragraphs: they touch no number."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.narratives.books import BODIES, PLACES
from tests.narratives.slips.base import Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from tests.city.narrative import Line
    from tests.narratives.books import Books


@dataclass(frozen=True)
class TextSlip:
    """Lines with a slip; `wrong` is the line that has it, `text` what is wrong in it."""

    lines: tuple[Line, ...]
    wrong: int
    text: str


def _told(lines: Sequence[Line], fits: Callable[[str], bool]) -> list[int]:
    """The paragraphs of the third part that fit."""
    start = max(index for index, line in enumerate(lines) if line.text.startswith("第三部分"))
    end = max(index for index, line in enumerate(lines) if line.text.startswith("第四部分"))
    return [index for index in range(start, end) if lines[index].kind == "text" and fits(lines[index].text)]


def _replaced(
    lines: Sequence[Line], random: Random, old: str, new: str, *, fits: Callable[[str], bool] | None = None
) -> TextSlip:
    """One occurrence of a pattern in one paragraph replaced."""
    found = _told(lines, lambda text: bool(re.search(old, text)) and (fits is None or fits(text)))
    if not found:
        raise Unfit
    at = random.choice(found)
    match = random.choice(list(re.finditer(old, lines[at].text)))
    put = match.expand(new)
    text = lines[at].text[: match.start()] + put + lines[at].text[match.end() :]
    return TextSlip((*lines[:at], replace(lines[at], text=text), *lines[at + 1 :]), at, put)


def year_of_comparison(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """Compared with the year before last."""
    return _replaced(lines, random, f"{books.year - 1}(?=年)", str(books.year - 2))


def own_year(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """Last year's year left in: 本单位2023年度总收入."""
    return _replaced(lines, random, f"{books.year}(?=年度)", str(books.year - 1))


def date(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """Assets as of the end of another year."""
    return _replaced(lines, random, f"{books.year}年12月31日", f"{books.year - 1}年12月31日")


def unit_name(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """A name of which half was left from another unit's report."""
    place = next(place for place in PLACES if books.unit.startswith(place))
    others = [
        *(other + books.unit.removeprefix(place) for other in PLACES if other != place),
        *(place + body for body in BODIES if not books.unit.endswith(body)),
    ]
    return _replaced(lines, random, books.unit, random.choice(others))


def placeholder(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """XX in place of a word or a number."""
    del books
    old, new = random.choice([
        (r"(?<=[\u4e00-\u9fff])[\d.,]+(?=万?元)", random.choice(["XX", "××", "**", "XXX"])),
        (r"主要(?:原因)?(?:是：?|：|是因为)[^，。；]+", random.choice(["主要原因是XXXX", "主要原因是×××", "主要原因是某某"])),
        (r"本(?:单位|部门)", random.choice(["XX局", "某某单位", "××单位"])),
    ])  # fmt: skip
    return _replaced(lines, random, old, new)


def template(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """What the template said to whoever fills it in."""
    del books
    old, new = random.choice([
        (r"(?:增加|减少)(?=[\d.,]+万?元)", "增加（减少）"),
        (r"(?:增长|下降|降低)(?=[\d.]+%)", "增长（下降）"),
        (r"。$", random.choice(["（如持平，请说明无增减变化）。", "（请列明具体情况）。", "（如无此项，请删除本段）。"])),
        (r"(?:大于|小于)(?=(?:年初)?预算数)", "大于（小于）"),
    ])  # fmt: skip
    return _replaced(lines, random, old, new)


def doubled(lines: Sequence[Line], books: Books, random: Random) -> TextSlip:
    """A word printed twice."""
    del books
    words = (
        "支出决算为",
        "的",
        "万元",
        "主要原因",
        "决算数",
        "其中：",
        "增加",
        "减少",
        "年初预算",
        "共有车辆",
        "财政拨款",
    )
    word = random.choice(words)
    return _replaced(lines, random, f"(?<!{word}){word}(?!{word})", word + word, fits=lambda text: "元" in text)


TEXT_SLIPS: dict[str, Callable[[Sequence[Line], Books, Random], TextSlip]] = {
    slip.__name__: slip for slip in (year_of_comparison, own_year, date, unit_name, placeholder, template, doubled)
}
