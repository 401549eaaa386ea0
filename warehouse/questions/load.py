"""The questions out of their files, and the values of their parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from warehouse.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PARAMETER = re.compile(r"\$(\w+): (文字|整数|数) = ?(.*?); (.+)")
_THEME = "主题："
_FILE = re.compile(r"(\d\d)_(\w+)\.sql")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a question leaves open: `kind` is 文字, 整数 or 数; an empty default means none (NULL)."""

    name: str
    kind: str
    default: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its key, its place in the cookbook, what it answers in Chinese, its parameters and its SELECT."""

    key: str
    number: int
    title: str
    theme: str
    text: str
    parameters: tuple[Parameter, ...]
    sql: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    def bind(self, words: Mapping[str, str]) -> dict[str, object]:
        """Typed values of all parameters out of somebody's words; what is missing or empty has its default.

        Raises QueryError for a word that is no such value, or that belongs to no parameter.
        """
        if unknown := [name for name in words if name not in self.names]:
            raise QueryError(f"“{self.title}”没有参数“{unknown[0]}”；它的参数：{'、'.join(self.names) or '无'}。")
        return {one.name: _value(one, words.get(one.name, "").strip() or one.default) for one in self.parameters}


_KINDS: dict[str, Callable[[str], object]] = {"文字": str, "整数": int, "数": Decimal}


def _value(parameter: Parameter, word: str) -> object:
    if not word:
        return None
    try:
        value = _KINDS[parameter.kind](word)
    except (ValueError, InvalidOperation):
        value = None
    if value is None or len(word) > 100 or (isinstance(value, Decimal) and not value.is_finite()):
        raise QueryError(f"参数“{parameter.name}”应为{parameter.kind}，现为“{word[:40]}”。")
    return value


@cache
def questions() -> dict[str, Question]:
    """All questions by key, in the order of the cookbook."""
    found = sorted((path for path in files(__package__).iterdir() if path.name.endswith(".sql")), key=lambda p: p.name)
    known = [parsed(path.name, path.read_text(encoding="utf-8")) for path in found]
    return {one.key: one for one in known}


def question(key: str) -> Question:
    """The question with this key; raises QueryError if there is none."""
    try:
        return questions()[key]
    except KeyError:
        raise QueryError(f"没有代号为“{key[:40]}”的问题。全部问题见 juesuan questions。") from None


def parsed(name: str, content: str) -> Question:
    """A question out of its file; raises ValueError if its name or its head is not as it must be."""
    file = _FILE.fullmatch(name)
    lines = content.strip().splitlines()
    head = [line[3:].strip() for line in lines if line.startswith("-- ")]
    title, *rest = [line for line in head if not line.startswith(_THEME)] or [""]
    parameters = [line for line in rest if line.startswith("$")]
    found = [_PARAMETER.fullmatch(line) for line in parameters]
    if file is None or not title or not all(found):
        raise ValueError("文件名应为“两位数字_代号.sql”，首行为“-- 标题”，参数写作“-- $名称: 整数 = 默认值; 含义”")
    return Question(
        key=file[2],
        number=int(file[1]),
        title=title,
        theme="".join(line.removeprefix(_THEME) for line in head if line.startswith(_THEME)),
        text="".join(line for line in rest if not line.startswith("$")),
        parameters=tuple(Parameter(*one.groups()) for one in found if one),
        sql="\n".join(line for line in lines if not line.startswith("-- ")).strip(),
    )
