"""jpaas: a column that a script fills from a publishing service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from tests.imitations.base import Imitation, day_of
from tests.imitations.cmsres import name_of
from tests.portal_server import Reply

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post

SERVICE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
FIELDS = {"parseType": "bulidstatic", "webId": "3516", "tplSetId": "dzPj91", "pageType": "column"}
FIELDS |= {"tagId": "当前栏目list", "editType": "null", "pageId": "1229"}


class Jpaas(Imitation):
    family = "jpaas"
    start = ("col/col1229/index.html",)

    def replies(self) -> dict[str, Reply]:
        found = {self.address(post): self.document(post) for post in self.posts}
        pairs = ",".join(f"'{name}':'{value}'" for name, value in FIELDS.items())
        place = pairs.replace("当前栏目list", "当前位置")
        scripts = "".join(
            f'<script src="/unitbuild.js" url="{SERVICE}" queryData="{{{q}}}"></script>' for q in (pairs, place)
        )
        head = '<meta name="ColumnName" content="财政信息">'
        found["/col/col1229/index.html"] = self.html(f"<div>{scripts}</div>", head)
        return found

    def answer(self, path: str, posted: str) -> Reply | None:
        parts = urlsplit(path)
        asked = dict(parse_qsl(parts.query))
        told = json.loads(asked.pop("paramJson", '{"pageNo":1,"pageSize":"15"}'))
        if parts.path != SERVICE or asked.keys() != FIELDS.keys():
            return None
        if asked["tagId"] != FIELDS["tagId"]:
            return self.said('<div><a href="/">首页</a> &gt; 财政信息</div>')
        rows, number = int(told["pageSize"]), told["pageNo"]
        group = self.posts[(number - 1) * rows : number * rows]
        items = "".join(self.item(post) for post in group)
        pager = f'<div class="pagination" rows={rows} count={len(self.posts)} pageno={number}></div>'
        return self.said(f'<ul class="page-content">{items}</ul>{pager}')

    def said(self, html: str) -> Reply:
        answer = json.dumps(
            {"success": True, "code": "200", "data": {"html": html}}, ensure_ascii=self.encoding != "utf-8"
        )
        return Reply(answer.encode(self.encoding), "application/json", tagged=False)

    def item(self, post: Post) -> str:
        return f'<li><a href="{self.address(post)}" title="{post.name}"><i></i>{post.name[:9]}…</a><span>{day_of(post)}</span></li>'

    def document(self, post: Post) -> Reply:
        head = f'<meta content="{post.title}" name="ArticleTitle"><meta content="{post.day}" name="PubDate">'
        files = "".join(f'<p><a href="{self.href(p)}">{p.name}</a></p>' for p in post.papers)
        return self.html(f'<p>来源：{post.unit}</p><div class="article-content"><p>请见附件。</p>{files}</div>', head)

    def address(self, post: Post) -> str:
        return f"/col/col1229/art/{post.day.year}/art_{name_of(post.number)}.html"

    def file(self, paper: Paper) -> str:
        return f"/cms_files/filemanager/15/attach/20259/{name_of(paper.number)}.{paper.extension}"


IMITATIONS = (Jpaas,)
