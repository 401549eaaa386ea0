"""What portals' services answer: JSON, and dates as they write them there."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from pipeline.portals.html import first_date

_BEIJING = 8 * 3600  # seconds ahead of UTC
_MILLISECONDS = 10**11  # from here on: as seconds, they would be in the year 5138


def read_json(text: str, start: int = 0) -> Any:
    """The JSON value that begins at `start`, whatever follows it; raises ValueError if there is none."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text.lstrip("\ufeff \t\r\n") if not start else text, start)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def stated_date(*values: object) -> date | None:
    """The first date that is stated: seconds or milliseconds (days are Beijing's), or text. None before 2000."""
    found = (_moment(int(str(value))) if str(value).isdecimal() else first_date(str(value or "")) for value in values)
    return next((day for day in found if day and day.year >= 2000), None)


def _moment(number: int) -> date | None:
    seconds = number / 1000 if number > _MILLISECONDS else number
    return datetime.fromtimestamp(seconds + _BEIJING, UTC).date() if seconds < _MILLISECONDS else None
