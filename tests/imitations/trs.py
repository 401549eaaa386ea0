"""TRS WCM: static pages; and the platform of 广西 and 柳州 on it, with a column for every year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.imitations.base import Imitation, day_of

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post
    from tests.portal_server import Reply


class Trs(Imitation):
    family = "trs"
    start = ("bmjs/",)

    def replies(self) -> dict[str, Reply]:
        return self.lists("/bmjs/", self.posts) | {self.address(post): self.document(post) for post in self.posts}

    def lists(self, folder: str, posts: tuple[Post, ...]) -> dict[str, Reply]:
        groups = self.groups(posts)
        pager = f'<script>createPageHTML({len(groups)}, {{}}, "index", "shtml");</script>'
        found = {}
        for number, group in enumerate(groups):
            items = "".join(self.item(post) for post in group) or "<li>暂无内容</li>"
            name = f"index_{number}.shtml" if number else ""
            head = '<meta name="ColumnName" content="财政信息">'
            found[folder + name] = self.html(f"<ul>{items}</ul>{pager.format(number)}", head)
        return found

    def item(self, post: Post) -> str:
        return f'<li><a href="{self.address(post)}" title="{post.name}">{post.name[:12]}…</a><span>{day_of(post)}</span></li>'

    def document(self, post: Post) -> Reply:
        """Every third page was made without a date: only its text has one."""
        dated = post.number % 3 != 0
        pub = f"{post.day} 09:12" if dated else "1970-01-01 08:00"
        head = f'<meta name="ArticleTitle" content="{post.title}"><meta name="PubDate" content="{pub}">'
        files = "".join(
            f'<p><a appendix="true" href="{self.href(p)}" title="{p.name}">{p.name}</a></p>' for p in post.papers
        )
        said = f"<p>发布日期：{post.day}</p><p>来源：{post.unit}</p>"
        return self.html(f'<h1>澄川</h1>{said}<div class="trs_editor_view"><p>请见附件。</p>{files}</div>', head)

    def folder(self, post: Post) -> str:
        return "/bmjs/"

    def address(self, post: Post) -> str:
        stamp = f"{post.day:%Y%m%d}" if post.number % 3 else "19700101"
        return f"{self.folder(post)}{post.day:%Y%m}/t{stamp}_{post.number}.shtml"

    def file(self, paper: Paper) -> str:
        return f"/bmjs/files/P0{paper.number}.{paper.extension}"


class Liuzhou(Trs):
    """Lists of years below the platform's own page, in directories with a number of the system."""

    start = ("xxgk/fdzdgknr/yjsgkpt/bmjs/",)

    def replies(self) -> dict[str, Reply]:
        root = f"/{self.start[0]}"
        years = sorted({post.number // 1000 for post in self.posts}, reverse=True)
        links = "".join(f'<li><a href="./bmjs{year}_8650{year % 10}/">{year}年</a></li>' for year in years)
        pages = {root: self.html(f"<ul>{links}</ul>"), **{self.address(p): self.document(p) for p in self.posts}}
        for year in years:
            of_year = tuple(post for post in self.posts if post.number // 1000 == year)
            pages |= self.lists(self.folder(of_year[0]), of_year)
        return pages

    def folder(self, post: Post) -> str:
        year = post.number // 1000
        return f"/{self.start[0]}bmjs{year}_8650{year % 10}/"


IMITATIONS = (Trs, Liuzhou)
