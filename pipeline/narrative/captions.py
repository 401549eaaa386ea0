"""What stands beside tables and pictures and is no prose: titles, unit lines, notes, captions, labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.head import unit_in
from pipeline.lift.titles import is_title
from pipeline.narrative.ordinals import PART, SENTENCE_MARK, ordinal_of
from pipeline.narrative.rows import Raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page, RawTable

_LARGE = 1.25  # set in letters so much larger than the body, text is a title
_REST = 3  # characters; the rest of a title that is broken over lines

_CAPTION = re.compile(r"(?:附?图|图表|附?表)\d{1,2}(?:[-.]\d{1,2})?[:：、.]?[^。；]{2,40}")
_NOTE = re.compile(r"[（(]?(?:附?注|备注|说明|资料来源)\d{0,2}[:：.、].*")
_BESIDE_TABLE = re.compile(
    r"(?:(?:公开|附)?表|公开|附件|财决|Z)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:-\d)?表?"
    r"|[(（]?(?:20\d\d|二[〇○零]..)年?度?[)）]?"
    r"|(?:编制|填报|公开|预算)?(?:单位|部门)(?:名称)?[:：].*"
)
_MONEY_UNIT = re.compile(r"单位[:：]?(?:人民币)?[百千万亿]*元")

LABEL = re.compile(r"(?:[\u4e00-\u9fff（）]{0,16}[:：,，;；]?\d[\d,.]*(?:%|％|万?元)[,，;；]?)+")
"""A label of a chart: a sector with its share, or several of them side by side."""


def beside_tables(items: Sequence[Raw | RawTable], page: Page) -> set[int]:
    """Indexes of lines that are a table's title, unit line or note, or the caption of a picture."""
    middle = page.width / 2 if page.rotation % 180 == 0 else page.height / 2
    found = {
        index
        for index, item in enumerate(items)
        if isinstance(item, Raw) and _CAPTION.fullmatch(item.text) and _is_amid(item, middle)
    }
    for index, item in enumerate(items):
        if isinstance(item, Raw):
            continue
        for above in range(index - 1, -1, -1):
            line = items[above]
            if not isinstance(line, Raw) or not _is_caption(line, middle):
                break
            found.add(above)
        noted = False
        for below in range(index + 1, len(items)):
            line = items[below]
            if not isinstance(line, Raw) or not (
                _NOTE.fullmatch(line.text) or (noted and _goes_on(items[below - 1], line))
            ):
                break
            noted = True
            found.add(below)
    return found


def _is_amid(line: Raw, middle: float) -> bool:
    return abs((line.box.x0 + line.box.x1) / 2 - middle) < 2 * line.em


def _is_caption(line: Raw, middle: float) -> bool:
    """True for what stands over a table and is no prose: its title, its number, its unit line."""
    if PART.match(line.text) or SENTENCE_MARK.search(line.text):
        return False
    if _BESIDE_TABLE.fullmatch(line.text) or _MONEY_UNIT.search(line.text) or unit_in(line.text) or is_title(line.text):
        return True
    return (
        len(line.text) > _REST
        and not ordinal_of(line.text)
        and _is_amid(line, middle)
        and line.text.endswith(("表", ")", "）", "年度"))
    )


def _goes_on(last: Raw | RawTable, line: Raw) -> bool:
    """True if a line is the next one of a note that fills its line."""
    if not isinstance(last, Raw) or ordinal_of(line.text) or PART.match(line.text):
        return False
    em = last.em
    return line.box.x0 <= last.box.x0 + em and last.box.x1 >= line.box.x1 - 2 * em and line.em < _LARGE * em
