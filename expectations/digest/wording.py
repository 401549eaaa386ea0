"""News in the words that the bureau reads, as plain text and as HTML, within a limit of bytes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from expectations.digest.compare import FINDINGS, Change
from expectations.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from expectations.digest.compare import Item, News
    from expectations.digest.subjects import Subject


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: a title and a body. Of the items `told` stand in it, `left` are only counted."""

    title: str
    body: str
    told: int
    left: int


@dataclass(frozen=True, slots=True)
class _Style:
    """How a paragraph and an item (number, text, address) are written, and what stands around all items."""

    paragraph: Callable[[str], str]
    item: Callable[[int, str, str], str]
    around: tuple[str, str] = ("", "")


FIRST_ITEMS = 10
"""Items that a reader is told who is told for the first time: how things stand, not all that ever was."""

UNREAD_NAMES = REGISTERED_NAMES = 3
LONGEST = 400
"""Characters of one item: a sentence that a hostile file has blown up hides no other."""

_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_TAGS = str.maketrans({"<": "＜", ">": "＞", "@": "＠"})


def message(
    news: News, today: date, details: Mapping[str, str] | None = None, *, limit: int = 32_000, html: bool = False
) -> Message:
    """Say `news` in at most `limit` bytes of UTF-8, the gravest first; what found no room is counted.

    `details` are sentences on subjects, by key, that go beyond what the subject itself says. Names and sentences come
    from files that anyone may have written: in plain text they can neither mention members of a group nor hide
    anything, in HTML they are escaped.
    """
    title = f"【决算核对】{today:%Y-%m-%d} {_counts(news)}"
    listed = [item for item in news.items if item.change not in (Change.UNREAD, Change.REGISTERED)]
    registered = [item for item in news.items if item.change is Change.REGISTERED]
    unread = [item for item in news.items if item.change is Change.UNREAD]
    head = [_counts(news) + "。"]
    if news.first:
        head.append("首次通知，只列最严重的几条；今后只通知新情况。")
    tail = [*_vanished(news.vanished), *_registered(registered), *_unread(unread)]
    style = _HTML if html else _TEXT
    room = limit - _size([title, *map(style.paragraph, [*head, *_rest(len(listed)), *tail]), *style.around])
    items: list[str] = []
    for item in listed[:FIRST_ITEMS] if news.first else listed:
        text = _sentence(item, (details or {}).get(item.subject.key, ""))
        items.append(style.item(len(items) + 1, text, item.subject.url))
        room -= _size(items[-1:])
        if room < 0:
            items.pop()
            break
    left = len(listed) - len(items)
    around = style.around if items else ("", "")
    lines = [*map(style.paragraph, head), around[0], *items, around[1], *map(style.paragraph, [*_rest(left), *tail])]
    return Message(title, "\n".join(filter(None, lines)), len(items), left)


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 2 for line in lines)


def _counts(news: News) -> str:
    """The numbers of changes, findings by severity."""
    changes = Counter(item.change for item in news.items)
    parts = []
    for change in Change:
        name = "现有问题" if news.first and change is Change.NEW else change.label
        if change in FINDINGS and changes[change]:
            grades = Counter(item.subject.severity for item in news.items if item.change is change)
            told = "、".join(f"{grade.label}{grades[grade]}" for grade in Severity if grades[grade])
            parts.append(f"{name}{changes[change]}条（{told}）")
        elif changes[change]:
            parts.append(f"{name}{changes[change]}{_UNITS.get(change, '份')}")
    if news.vanished:
        parts.append(f"不再列出{news.vanished}条")
    return "，".join(parts)


def _sentence(item: Item, detail: str) -> str:
    subject = item.subject
    grade = f"·{Severity(subject.severity).label}" if subject.severity else ""
    where = " ".join(part for part in (subject.unit, subject.fiscal_year and f"{subject.fiscal_year}年度") if part)
    scope = f"（{subject.scope}）" if subject.scope else ""
    text = detail or subject.text
    page = f"（第{subject.page}页）" if subject.page and f"第{subject.page}页" not in text else ""
    since = f" {_SINCE.get(item.change, '自')}{subject.since}" if subject.since else ""
    file = f" 文件：{subject.source}" if subject.source and not subject.url else ""
    return f"[{item.change.label}{grade}] {where}{scope}{'：' if where else ''}{text}{page}{since}{file}"


def _rest(left: int) -> list[str]:
    return [f"另有{left}条未列出，请用 juesuan findings 查看。"] if left else []


def _vanished(count: int) -> list[str]:
    return [f"此前通知过的{count}条发现已不在清单中（核对规则有调整，或已并入其他发现）。"] if count else []


def _registered(items: Iterable[Item]) -> list[str]:
    """Units that must publish and were not known before: a new city has many, so they are counted."""
    subjects = [item.subject for item in items]
    if not subjects:
        return []
    names = "；".join(f"{subject.unit[:40]}（{subject.text}）" for subject in subjects[:REGISTERED_NAMES])
    more = "等" if len(subjects) > REGISTERED_NAMES else ""
    return [f"新列入名录的单位：共{len(subjects)}个，{names}{more}。全部见 决算.应公开单位。"]


def _unread(items: Iterable[Item]) -> list[str]:
    """Trouble of ours, apart from what is said of the units."""
    subjects = [item.subject for item in items]
    if not subjects:
        return []
    names = "；".join(f"{_name(subject)}（{subject.text}）" for subject in subjects[:UNREAD_NAMES])
    more = "等" if len(subjects) > UNREAD_NAMES else ""
    return [f"未能读取的文件（不是核对发现）：共{len(subjects)}份，{names}{more}。请打开原文件核对。"]


def _name(subject: Subject) -> str:
    return (subject.source or subject.url)[:40]


def _text_item(number: int, text: str, url: str) -> str:
    return f"{number}. {_plain(text)}{url and ' ' + _link(url)}"


def _html_paragraph(text: str) -> str:
    return f"<p>{escape(_clean(text))}</p>"


def _html_item(_: int, text: str, url: str) -> str:
    link = f' <a href="{escape(_link(url))}">原文</a>' if url else ""
    return f"<li>{escape(_clean(text))}{link}</li>"


def _clean(text: str) -> str:
    """One line, without characters that hide or turn round what follows."""
    text = _UNSAFE.sub(" ", text).strip()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(text: str) -> str:
    """Plain text in which no group chat finds a tag or a mention."""
    return _clean(text).translate(_TAGS)


def _link(url: str) -> str:
    return _UNSAFE.sub("%20", url).replace("<", "%3C").replace(">", "%3E").replace('"', "%22")


_UNITS = {
    Change.FAILED: "次",
    Change.RESOLVED: "条",
    Change.AMISS: "处",
    Change.AS_USUAL: "处",
    Change.REGISTERED: "个",
}
_SINCE = {
    Change.NEW: "首见",
    Change.EXPIRED: "首见",
    Change.CHANGED: "首见",
    Change.RESOLVED: "消除于",
    Change.REPLACED: "更换于",
    Change.LATE: "公开于",
    Change.MISSING: "期限",
    Change.AMISS: "始于",
    Change.FAILED: "发生于",
}
_TEXT = _Style(_plain, _text_item)
_HTML = _Style(_html_paragraph, _html_item, ("<ol>", "</ol>"))
