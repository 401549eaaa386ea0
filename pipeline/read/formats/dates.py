"""Stored dates as a spreadsheet shows them. They count days; reports carry them in the lines above their tables."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

BUILT_IN_DATES = {
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 45: "mm:ss",
    46: "h:mm:ss", 47: "mm:ss",
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip

_LAST_DAY = 2_958_465  # 9999-12-31
_LITERAL = r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|(?P<mark>\[[^\]]*\])'
_PART = re.compile(
    rf"{_LITERAL}|(?P<part>y+|e+|m+|d+|h+|s+|aaa+)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NO_DATE = re.compile(rf"{_LITERAL}|General|G/通用格式|E[+-]", re.IGNORECASE | re.DOTALL)
_WEEKDAYS = "一二三四五六日"


def is_date(code: str) -> bool:
    """True for one section of a format code that shows a date or a time."""
    return re.search(r"[ymdhs]", _NO_DATE.sub("", code), re.IGNORECASE) is not None


def shown_date(value: Decimal, code: str, *, since_1904: bool = False) -> str | None:
    """A count of days as this section of a format code shows it; None if it is no date of a calendar."""
    if not 0 <= value <= _LAST_DAY - (1462 if since_1904 else 0):
        return None
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - no place is meant
    moment = start + timedelta(seconds=round(value * 86_400))
    parts = list(_PART.finditer(code))
    named = [(found["part"] or "").lower() for found in parts]
    halves = any(found["noon"] for found in parts)
    out = []
    for index, found in enumerate(parts):
        if found["part"]:
            out.append(_part(moment, named[index], minutes=_is_minutes(named, index), halves=halves))
        elif found["noon"]:
            out.append(("上午" if moment.hour < 12 else "下午") if "午" in found[0] else f"{moment:%p}")
        else:
            out.append(found["quoted"] or found["escaped"] or found["other"] or "")
    return "".join(out).strip()


def _is_minutes(named: list[str], index: int) -> bool:
    """M means minutes right behind hours or right before seconds."""
    before = next((part for part in reversed(named[:index]) if part), "")
    after = next((part for part in named[index + 1 :] if part), "")
    return named[index].startswith("m") and (before.startswith("h") or after.startswith("s"))


def _part(moment: datetime, part: str, *, minutes: bool, halves: bool) -> str:
    width = min(len(part), 2)
    if part[0] == "a":
        return ("星期" if len(part) > 3 else "") + _WEEKDAYS[moment.weekday()]
    if part[0] in "ye":
        return f"{moment.year:04}" if len(part) > 2 or part[0] == "e" else f"{moment.year % 100:02}"
    hour = (moment.hour + 11) % 12 + 1 if halves else moment.hour
    number = {"d": moment.day, "h": hour, "s": moment.second}.get(part[0], moment.minute if minutes else moment.month)
    return f"{number:0{width}}"
