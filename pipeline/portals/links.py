"""Which of the links that a night meets are followed: each address once, if its name is one of final accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.portals.state import url_key
from pipeline.portals.titles import Verdict, judge, names_a_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.portals.base import Link


class Links:
    """The links met tonight. `since` is the first fiscal year wanted."""

    def __init__(self, since: int) -> None:
        self._since = since
        self._taken: set[str] = set()
        self._left: set[str] = set()

    def new(self, links: Iterable[Link]) -> Iterator[Link]:
        """The links to addresses not yet taken tonight; they are from now on."""
        for link in links:
            key = url_key(link.url, link.posted)
            if key not in self._taken:
                self._taken.add(key)
                yield link

    def judge(self, link: Link, *, inherited: bool = False) -> Verdict:
        """What a link's name says."""
        return judge(link.title, inherited=inherited, since=self._since, published_on=link.published_on)

    def judged(self, links: Iterable[Link], *, inside: bool) -> list[tuple[Link, Verdict]]:
        """What the links' names say; `inside`: they stand where bare unit names are enough."""
        return [(link, self.judge(link, inherited=inside and names_a_unit(link.title))) for link in links]

    def first_time(self, judged: Iterable[tuple[Link, Verdict]]) -> list[tuple[Link, Verdict]]:
        """Those whose address has not been met before tonight: every address counts once."""
        first = []
        for link, verdict in judged:
            key = url_key(link.url, link.posted)
            if key not in self._taken and key not in self._left:
                first.append((link, verdict))
            if verdict is not Verdict.WANTED:
                self._left.add(key)
        return first


def wanted(judged: Iterable[tuple[Link, Verdict]]) -> list[Link]:
    """The links that are followed."""
    return [link for link, verdict in judged if verdict is Verdict.WANTED]
