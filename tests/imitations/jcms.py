"""大汉 jcms: the first records inside the page, the others from a proxy with habits of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from tests.imitations.base import Imitation, day_of
from tests.imitations.cmsres import name_of
from tests.portal_server import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.imitations.town import Paper, Post

PROXY = "/module/web/jpage/dataproxy.jsp"
FIELDS = {"col": "1", "appid": "1", "webid": "49", "path": "/", "columnid": "282", "sourceContentType": "1"}
FIELDS |= {"unitid": "25630", "webname": "澄川市人民政府", "permissiontype": "0"}
EMPTY = b"<?xml version='1.0' encoding='utf-8'?><datastore/>    "


class Jcms(Imitation):
    """`habit`: "" for a good server; "ignores", "cuts" (after `most` records), "empty" (if asked for more than those)."""

    family = "jcms"
    start = ("col/col282/index.html",)
    in_page, most, habit = 45, 300, ""

    def replies(self) -> dict[str, Reply]:
        found = {self.address(post): self.document(post) for post in self.posts}
        script = "".join(f"{name}:'{value}'," for name, value in FIELDS.items())
        call = f"jQuery('#25630').jpage({{ totalRecord:{len(self.posts)}, perPage:15, proxyUrl:'{PROXY}', ajaxParam:{{{script}}} }})"
        store = f'<script type="text/xml">{self.store(self.posts[: self.in_page])}</script>'
        head = '<meta name="ColumnName" content="财政信息">'
        found["/col/col282/index.html"] = self.html(f'<div id="25630">{store}</div><script>{call}</script>', head)
        return found

    def answer(self, path: str, posted: str) -> Reply | None:
        parts, form = urlsplit(path), dict(parse_qsl(posted))
        if parts.path != PROXY or (form.get("columnid"), form.get("unitid")) != ("282", "25630"):
            return None
        asked = dict(parse_qsl(parts.query))
        first, last = int(asked["startrecord"]), int(asked["endrecord"])
        if self.habit == "ignores":
            first, last = 1, last - first + 1
        if self.habit == "empty" and last - first >= self.most:
            return Reply(EMPTY, "text/xml", tagged=False)
        last = min(last, first + self.most - 1)
        return Reply(self.store(self.posts[first - 1 : last]).encode(self.encoding), "text/xml", tagged=False)

    def store(self, posts: Iterable[Post]) -> str:
        records = "".join(f"<record><![CDATA[{self.item(post)}]]></record>\n" for post in posts)
        return f"<datastore><totalrecord>{len(self.posts)}</totalrecord><recordset>{records}</recordset></datastore>"

    def item(self, post: Post) -> str:
        return f"<li><a href='{self.address(post)}' title='{post.name}'>{post.name}</a><b>{day_of(post)}</b></li>"

    def document(self, post: Post) -> Reply:
        head = f'<meta name="ArticleTitle" content="{post.title}"><meta name="PubDate" content="{post.day} 10:00">'
        head += f'<meta name="ContentSource" content="{post.unit}">'
        files = "".join(f'<p><a href="{self.href(p).replace("&", "&amp;")}">{p.name}</a></p>' for p in post.papers)
        form = '<a href="/module/download/downfile.jsp?filename=reader.exe">阅读器</a>'
        return self.html(f'<div id="zoom"><p>请见附件。</p>{files}{form}</div>', head)

    def address(self, post: Post) -> str:
        return f"/art/{post.day.year}/{post.day.month}/{post.day.day}/art_282_{post.number}.html"

    def file(self, paper: Paper) -> str:
        return f"/module/download/downfile.jsp?classid=0&filename={name_of(paper.number)}.{paper.extension}"


class JcmsGroups(Jcms):
    """The older sort: each group of records names the address of the next one."""

    in_page = 30

    def replies(self) -> dict[str, Reply]:
        found = super().replies()
        count = f"totalRecord:{len(self.posts)}"
        body = f'<div><script type="text/xml">{self.group(1)}</script></div><script>$("#1").jpage({{{count}}})</script>'
        found["/col/col282/index.html"] = self.html(body)
        return found

    def answer(self, path: str, posted: str) -> Reply | None:
        asked = dict(parse_qsl(urlsplit(path).query))
        if not path.startswith(PROXY) or posted:
            return None
        return Reply(self.group(int(asked["page"])).encode(self.encoding), "text/xml", tagged=False)

    def group(self, number: int) -> str:
        end = number * self.in_page
        store = self.store(self.posts[end - self.in_page : end])
        if end >= len(self.posts):
            return store
        query = f"page={number + 1}&amp;appid=1&amp;webid=49&amp;path=/&amp;columnid=282&amp;unitid=25630"
        link = f'<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>'
        return store.replace("<recordset>", f"{link}<recordset>")

    def file_reply(self, paper: Paper) -> Reply:
        sent = {"Content-Disposition": f'attachment; filename="{quote(paper.name)}"'}
        return replace(super().file_reply(paper), headers=sent)


IMITATIONS = (Jcms, JcmsGroups)
