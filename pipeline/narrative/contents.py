"""The list of contents, told apart from the headings that it lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.narrative.ordinals import PART, SENTENCE_MARK, ordinal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.narrative.printed import Line

_TITLE = re.compile(r"[【〖]?目[录錄次][】〗]?")
_LEADER = re.compile(r"(?:[.．…·•_\-—]|。){3,}[\d—-]*$")
_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff）)”])[（(\-]?\d{1,3}[）)\-]?$")
_NAMED = 8  # characters by which a heading is known again
_PARTS = 3
_LEADERS = 3


def without_contents(lines: Sequence[Line]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines less the list of contents, and the titles that it lists, with their ordinals."""
    start = _start(lines)
    if start is None:
        return list(lines), ()
    stop = _stop(lines, start)
    entries: list[str] = []
    complete = True
    for line in lines[start:stop]:
        if _TITLE.fullmatch(line.text):
            continue
        title = _LEADER.sub("", line.text)
        title = _NUMBER.sub("", title)
        if not title:  # the rest of a leader
            complete = True
            continue
        begins = ordinal_of(line.text) or PART.match(line.text) or not entries or complete
        if begins:
            entries.append(title)
        else:
            entries[-1] += title
        complete = title != line.text
    return [*lines[:start], *lines[stop:]], tuple(entry for entry in entries if entry)


def _start(lines: Sequence[Line]) -> int | None:
    """Where a list of contents begins: at its title, at lines with leaders, or at parts with nothing between them."""
    run: list[int] = []
    parts = leaders = 0
    for index, line in enumerate(lines):
        if _TITLE.fullmatch(line.text):
            return index
        led = _LEADER.search(line.text) is not None
        if line.fresh or (SENTENCE_MARK.search(line.text) and not led):
            run, parts, leaders = [], 0, 0
            continue
        begins = PART.match(line.text) is not None
        if begins or led or run:
            run.append(index)
            parts, leaders = parts + begins, leaders + led
        if parts >= _PARTS or leaders >= _LEADERS:
            return run[0]
    return None


def _stop(lines: Sequence[Line], start: int) -> int:
    """Where it ends: where its first title is printed again, or where sentences or a table begin."""
    first = ""
    for index in range(start, len(lines)):
        line = lines[index]
        title = _NUMBER.sub("", _LEADER.sub("", line.text))
        if _TITLE.fullmatch(line.text):
            continue
        if not first:
            first = title
        elif title and (title[:_NAMED] == first[:_NAMED] or (PART.match(title) and first.startswith(title))):
            return index
        if (line.fresh and index > start) or (SENTENCE_MARK.search(title) and title == line.text):
            return index
    return len(lines)
