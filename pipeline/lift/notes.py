"""Remarks under a table: whether one of them says that the table is empty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

_THINGS = "基金|收入|支出|收支|拨款|预算|经费|资金|业务|数据|内容|事项|情况|发生|安排|金额|余额|结转"
_EMPTY = re.compile(
    rf"无数据|空表|为空|(?:表|均|都)(?:为|是)零|(?:表|均|都)为0|没有(?:[^。；]{{0,60}}(?:{_THINGS})|使用|发生)"
    rf"|(?<![有毫])无(?!法|论|关|形|偿|须|需|效|障)(?:[^。；]{{0,60}}(?:{_THINGS})|此项|此类|相关)"
    r"|不涉及|未(?:发生|安排|使用|取得|产生|编列|列支)|不存在|零数据|无数(?:[值字]|[。,;；]|$)"
    r"|(?:数据?|收支|情况|收入|支出)(?:均|都)?(?:为|是|:)(?:零|0(?![.\d]))"
    r"|收入(?:为)?0(?:\.0+)?万?元[^。]*支出(?:为)?0(?:\.0+)?万?元"
)
_NOTHING = re.compile(
    r"(?:(?:注|说明|备注|附注)\d?[:：])?(?:此表|本表|本单位|本部门|我单位)?(?:本年度?)?(?:无|为零|没有|空白)[。.]?"
)


def emptiness_note(lines: Sequence[str]) -> str:
    """The remark that says that a table is empty, "" if there is none.

    Asked only of tables without any amount: under another table "没有" speaks of something else.
    """
    for index, line in enumerate(lines):
        text = plain(line)
        if _EMPTY.search(text) or _NOTHING.fullmatch(text):
            return " ".join(line.split())
        joined = text + plain(lines[index + 1]) if index + 1 < len(lines) else ""
        if _EMPTY.search(joined):
            return " ".join((line + lines[index + 1]).split())
    return ""
