"""What an explorer stands on: where its data lies, who may look, and within what limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from warehouse.explorer.access import Access
from warehouse.explorer.turns import Turns
from warehouse.letters.model import Office
from warehouse.query import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from warehouse.ask.model import Answer, Ask, Limits
    from warehouse.letters.evidence import PageSource


@dataclass(frozen=True, slots=True)
class Failure:
    """A night that failed: when, and a Chinese sentence on what."""

    at: datetime
    text: str


def _none() -> None:
    return None


def no_answer(_sql: str, _limits: Limits, _parameters: Mapping[str, object]) -> Answer:
    """Refuse every question in SQL: what an explorer does that was given no way to answer them safely."""
    raise QueryError("这里没有开通 SQL 查询。")


@dataclass(frozen=True, slots=True)
class Explorer:
    """What the pages stand on.

    `home` is the directory of the published files, `source` draws pages for letters, `originals` says where the lake
    keeps a document. `drawn` is a folder for pictures, of `drawn_bytes` at most; without it every picture is drawn
    anew. `audit` is the folder of the log, `hosts` are the names under which the server may be addressed, `failed`
    tells the last night that failed. A publication older than `stale_after` is told by /health. `ask` answers
    strangers' SQL, `turns` says whose is next, `questions` is the folder of the bureau's own saved questions. `limits`
    are settings of DuckDB for what the pages ask.
    """

    home: Path
    source: PageSource
    title: str = "决算公开数据"
    originals: Callable[[str], Path] | None = None
    drawn: Path | None = None
    drawn_bytes: int = 2**30
    kept_bytes: int = 2**25
    office: Office = field(default_factory=Office)
    access: Access = field(default_factory=Access)
    hosts: Sequence[str] = ()
    audit: Path | None = None
    failed: Callable[[], Failure | None] = _none
    stale_after: timedelta = timedelta(hours=36)
    ask: Ask = no_answer
    turns: Turns = field(default_factory=Turns)
    questions: Path | None = None
    limits: Mapping[str, str] = field(default_factory=dict)
