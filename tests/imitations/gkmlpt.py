"""gkmlpt: a tree of columns in the page, lists as JSON, documents with and without their JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.imitations.base import Imitation
from tests.portal_server import Reply

if TYPE_CHECKING:
    from tests.imitations.town import Paper, Post

ROOT = "/bureau/gkmlpt"
TREE = [
    {"id": 11, "name": "机构职能", "children": []},
    {
        "id": 12,
        "name": "财政预决算",
        "children": [
            {"id": 13, "name": "部门预算", "children": [{"id": 14, "name": "2026年", "children": []}]},
            {"id": 15, "name": "部门决算", "children": []},
            {"id": 16, "name": "财政专户", "jump_url": "http://elsewhere.gov.cn/", "children": []},
        ],
    },
]


class Gkmlpt(Imitation):
    """`kept` pages answer, later ones are missing whatever the column claims."""

    family = "gkmlpt"
    start = ("bureau/gkmlpt/index",)
    an_answer, kept = 100, 99

    def replies(self) -> dict[str, Reply]:
        found = {self.address(post): self.document(post) for post in self.posts}
        tree = json.dumps(TREE, ensure_ascii=False)
        config = f"window._CONFIG = {{ HOST: 'town.gov.cn', SID: '200025', TREE: {tree}, SERVICE_AREA_ID: 755 }};"
        found[f"{ROOT}/index"] = self.html(f"<script>{config}</script>")
        return found

    def answer(self, path: str, posted: str) -> Reply | None:
        parts = urlsplit(path)
        asked, column = dict(parse_qsl(parts.query)), parts.path.removeprefix(f"{ROOT}/api/all/")
        number = max(1, int(asked.get("page", "1")))
        if column not in ("12", "15") or asked.get("sid") != "200025" or number > self.kept:
            return None
        held = self.posts if column == "12" else ()
        group = held[(number - 1) * self.an_answer : number * self.an_answer]
        said = {
            "classify": {"name": "财政预决算", "post_count": len(held)},
            "articles": [self.item(post) for post in group],
        }
        return Reply(json.dumps(said).encode(), "application/json", tagged=False)

    def item(self, post: Post) -> dict[str, Any]:
        day = post.listed_on or post.day
        moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - 8 * 3600
        base = f"//127.0.0.1:1{self.address(post)}" if post.number < 0 else self.address(post)
        return {
            "id": post.number,
            "title": post.name,
            "publisher": post.unit,
            "date": moment,
            "url": base,
            "attachment": [],
        }

    def document(self, post: Post) -> Reply:
        """Every other page holds its text as JSON only."""
        attached = [
            {"name": p.name, "url": self.href(p), "type": p.extension, "size": len(p.body)} for p in post.papers
        ]
        if post.number % 20:
            files = "".join(f'<p><a href="{file["url"]}">{file["name"]}</a></p>' for file in attached)
            said = f"<p>发布机构：{post.unit}</p><p>发布日期：{post.day}</p>"
            return self.html(f'<h1>{post.title}</h1>{said}<div class="article-content">请见附件{files}</div>')
        told = {**self.item(post), "title": post.title, "content": "<p>请见附件。</p>", "attachment": attached}
        told["date"] = str(post.day)
        text = json.dumps(told).replace("<", "\\u003C")
        return self.html(f"<script>window._CONFIG = {{ SID: '200025', DETAIL: {text} }};</script>")

    def address(self, post: Post) -> str:
        return f"{ROOT}/content/1/{post.number}/post_{post.number}.html"

    def file(self, paper: Paper) -> str:
        return f"/attachment/0/542/{paper.number}/4361282.{paper.extension}"


IMITATIONS = (Gkmlpt,)
