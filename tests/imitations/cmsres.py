"""上海 cmsres: nested lists, pages counted in a script, duplicates that were commented out."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

from tests.imitations.base import Imitation, day_of

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post
    from tests.portal_server import Reply


def name_of(number: int) -> str:
    return md5(str(number).encode(), usedforsecurity=False).hexdigest()


class Cmsres(Imitation):
    family = "cmsres"
    start = ("czxx/index.html",)

    def replies(self) -> dict[str, Reply]:
        groups = self.groups()
        script = f'<script>$(".pagination").pagination({{ totalPage: {len(groups)}, showPages: 5 }});</script>'
        found = {self.address(post): self.document(post) for post in self.posts}
        for number, group in enumerate(groups, 1):
            items = "".join(self.item(post) for post in group) or "<li>暂无内容</li>"
            path = f"/czxx/index_{number}.html" if number > 1 else "/czxx/index.html"
            found[path] = self.html(f"<ul><li>财政信息<ul>{items}</ul></li></ul>{script}", "<title>财政信息</title>")
        return found

    def item(self, post: Post) -> str:
        link = f'<li><a href="{{}}" title="{post.name}">{post.name}</a><span class="time">{day_of(post)}</span></li>'
        return (
            f"{link.format(self.address(post))}<!-- {link.format(f'/czxx/20200101/{name_of(-post.number)}.html')} -->"
        )

    def document(self, post: Post) -> Reply:
        files = "".join(f'<p><a href="{self.href(p)}" title="{p.name}"><i></i></a></p>' for p in post.papers)
        said = f"<ul><li>发布日期：{post.day}</li><li>发布机构：{post.unit}</li></ul>"
        head = f"<title>{post.title}_上海</title>"
        return self.html(f'<h1>{post.title}</h1>{said}<div class="Article_content">附件：{files}</div>', head)

    def address(self, post: Post) -> str:
        return f"/czxx/{post.day:%Y%m%d}/{name_of(post.number)}.html"

    def file(self, paper: Paper) -> str:
        name = name_of(paper.number)
        return f"/cmsres/{name[:2]}/{name}/{name_of(paper.number + 1)}.{paper.extension}"


IMITATIONS = (Cmsres,)
