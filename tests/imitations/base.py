"""What all imitations share: a shell around a page, groups of a list, and where things are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tests.portal_server import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.imitations.town import Paper, Post
    from tests.portal_server import Portal


class Imitation:
    """One vendor's portal with a town's posts.

    `family` and `start` are what a site would declare. `replies` are the pages that do not depend on what is asked,
    by path; `answer` makes the others.
    """

    family: ClassVar[str]
    start: ClassVar[tuple[str, ...]]
    titled: ClassVar[bool] = True
    """Whether the vendor's document pages have a title of their own."""
    tagged: ClassVar[bool] = True
    """Whether the vendor's servers send validators with files."""

    def __init__(self, posts: tuple[Post, ...], *, encoding: str = "utf-8", per_page: int = 20) -> None:
        self.posts, self.encoding, self.per_page = posts, encoding, per_page

    def open(self, portal: Portal) -> Portal:
        """Put the pages and files on a server, in place of what was there."""
        portal.replies = {**self.replies(), **self._files()}
        portal.answers = self.answer
        return portal

    def replies(self) -> dict[str, Reply]:
        raise NotImplementedError

    def answer(self, path: str, posted: str) -> Reply | None:
        return None

    def address(self, post: Post) -> str:
        """The path (and form) of a post's own page."""
        raise NotImplementedError

    def file(self, paper: Paper) -> str:
        """The path of a file on this server."""
        raise NotImplementedError

    def first(self) -> str:
        """The path (and form) of the first page that lists something."""
        return f"/{self.start[0]}"

    def href(self, paper: Paper) -> str:
        return paper.href or self.file(paper)

    def file_reply(self, paper: Paper) -> Reply:
        return Reply(paper.body, paper.content_type, tagged=self.tagged)

    def html(self, body: str, head: str = "", *, tagged: bool = True) -> Reply:
        """A page with what pages have around their text, the date of today among it."""
        page = f"""<!DOCTYPE html><html><head><meta charset="{self.encoding}">{head}</head><body>
        <div class="header"><a href="/">首页</a><a href="/old/201.html">2010年度部门决算</a></div>
        {body}
        <div class="footer">主办：澄川市人民政府 2026-01-01 <a href="/help.pdf">2024年度部门决算使用帮助</a></div></body></html>"""
        return Reply(page.encode(self.encoding), f"text/html; charset={self.encoding}", tagged=tagged)

    def groups(self, posts: Iterable[Post] | None = None) -> list[tuple[Post, ...]]:
        """The posts of each page of a list; one empty page if there are none."""
        held = tuple(self.posts if posts is None else posts)
        return [held[first : first + self.per_page] for first in range(0, len(held), self.per_page)] or [()]

    def _files(self) -> dict[str, Reply]:
        papers = (paper for post in self.posts for paper in post.papers if not paper.href)
        return {self.file(paper): self.file_reply(paper) for paper in papers}


def day_of(post: Post) -> str:
    """The date that a list prints beside a post."""
    return str(post.listed_on or post.day)
