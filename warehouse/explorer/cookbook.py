"""The questions that are saved: those of the cookbook, and the bureau's own, which lie in a folder of its home.

The pages only read them; who may write into that folder may save a question.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from warehouse.frames import literal
from warehouse.questions.load import parsed, questions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from warehouse.questions.load import Question

OWN = "own."
"""Begins the keys of the bureau's own questions, so that they never hide one of the cookbook."""

_BYTES = 100_000
_PARTS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$(\w+)""")


@dataclass(frozen=True, slots=True)
class Book:
    """Questions by key; `spoiled` are files of the bureau's that are none, by name, with what is wrong with them."""

    questions: Mapping[str, Question]
    own: Mapping[str, Question]
    spoiled: Mapping[str, str]


def book(folder: Path | None) -> Book:
    """All questions; `folder` has the bureau's own, or does not exist."""
    own: dict[str, Question] = {}
    spoiled: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql")) if folder else ():
        try:
            question = parsed(path.name, path.read_bytes()[:_BYTES].decode("utf-8-sig"))
        except (ValueError, OSError) as error:
            spoiled[path.name] = "不是 UTF-8 编码" if isinstance(error, UnicodeError) else str(error)
        else:
            own[OWN + question.key] = question
    return Book(questions(), own, spoiled)


def state(folder: Path | None) -> list[tuple[str, int]]:
    """What changes when the bureau's own questions do."""
    if folder is None or not folder.is_dir():
        return []
    return sorted((entry.name, entry.stat().st_mtime_ns) for entry in os.scandir(folder) if entry.name.endswith(".sql"))


def with_values(sql: str, values: Mapping[str, object]) -> str:
    """The SQL of a question with the values of its parameters written into it."""

    def written(part: re.Match[str]) -> str:
        return _literal(values[part[1]]) if part[1] in values else part[0]

    return _PARTS.sub(written, sql)


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case int() | Decimal():
            return str(value)
    return literal(str(value))
