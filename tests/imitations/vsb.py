"""VSB 博达: pages numbered backwards, files without an extension."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.imitations.base import Imitation, day_of

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post
    from tests.portal_server import Reply


class Vsb(Imitation):
    family = "vsb"
    start = ("xxgk/czgk.htm",)
    tagged = False

    def replies(self) -> dict[str, Reply]:
        groups = self.groups()
        last = len(groups) - 1
        found = {self.address(post): self.document(post) for post in self.posts}
        for place, group in enumerate(groups):
            path = f"/xxgk/czgk/{last - place + 1}.htm" if place else "/xxgk/czgk.htm"
            near = [n for n in (last - place, last - place - 1, 1) if 0 < n <= last]
            pager = "".join(f'<a href="/xxgk/czgk/{n}.htm">{last + 1 - n}</a>' for n in near)
            items = "".join(self.item(post) for post in group) or "<li>暂无内容</li>"
            count = f"共{len(self.posts)}条" if self.posts else ""
            found[path] = self.html(f'<ul>{items}</ul><div class="pb_sys_common">{count} {pager}</div>')
        return found

    def item(self, post: Post) -> str:
        return f'<li><span>{day_of(post)}</span><a href="{self.address(post)}" title="{post.name}">{post.name}</a></li>'

    def document(self, post: Post) -> Reply:
        head = f'<title>{post.title}-澄川市政府</title><META Name="pageTitle" Content="{post.title}">'
        files = "".join(
            f'<li>附件【<a href="{self.href(p).replace("&", "&amp;")}">{p.name}</a>】</li>' for p in post.papers
        )
        said = f"<i>发布日期：{post.day}　信息来源：{post.unit}　点击：[]</i>"
        text = f'<div id="vsb_content"><div class="v_news_content"><p>请见附件。</p></div></div><ul>{files}</ul>'
        return self.html(f"<h3>{post.title}</h3>{said}{text}", head)

    def address(self, post: Post) -> str:
        return f"/info/1217/{post.number}.htm"

    def file(self, paper: Paper) -> str:
        return f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=7&wbfileid={paper.number}"

    def file_reply(self, paper: Paper) -> Reply:
        sent = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(paper.name)}"}
        return replace(super().file_reply(paper), headers=sent, content_type="application/octet-stream")


IMITATIONS = (Vsb,)
